#include "plugin/command.h"
#include "plugin/command_type.h"

#include <fractary-plugin/str.h>
#include <stdio.h>

#define LABEL_MAX 80
#define SHOWN_MAX 120

/* One argument or option of a command, as its table has it. */
typedef struct parameter {
    const fr_json *tree;
    const char *name;
    const fr_command_type *type;
    int is_option;
    char label[LABEL_MAX]; /* "--env" or "<name>" */
} parameter;

static parameter parameter_of(const fr_json *tree, int is_option)
{
    parameter p = {.tree = tree, .is_option = is_option};

    p.name = fr_json_get_string(tree, "name");
    p.type = fr_command_type_of(tree);
    snprintf(p.label, sizeof p.label, is_option ? "--%s" : "<%s>", p.name);
    return p;
}

/* ------------------------------------------------------------------- errors */

/* A value as the user gave it, short enough for a sentence. */
static void show(const fr_json *value, char out[SHOWN_MAX])
{
    fr_buf text = {0};

    fr_json_print(value, &text);
    snprintf(out, SHOWN_MAX, "%s", fr_buf_text(&text));
    fr_buf_finish(&text);
}

static void list_values(const fr_json *values, fr_buf *out)
{
    for (const fr_json *e = fr_json_first(values); e != NULL; e = fr_json_next(e))
        fr_buf_printf(out, "%s%s", out->length > 0 ? ", " : "", fr_json_string(e));
}

static int32_t does_not_fit(const parameter *p, const fr_json *given, fractary_error *error)
{
    char found[SHOWN_MAX];

    show(given, found);
    fr_error_set(error, FRACTARY_E_INVALID, "%s needs %s, found %s", p->label, p->type->expects,
                 found);
    fr_error_cause(error, "%s: %s", p->label, fr_json_get_string(p->tree, "help"));
    fr_error_advice(error, "give that; --help shows how");
    fr_error_place(error, "%s", p->label);
    return FRACTARY_E_INVALID;
}

static int32_t not_allowed(const parameter *p, const fr_json *given, fractary_error *error)
{
    const fr_json *values = fr_json_get(p->tree, "values");
    const char *word = fr_json_string(given);
    const char *nearest = fr_command_type_nearest(values, word);
    fr_buf allowed = {0};

    list_values(values, &allowed);
    fr_error_set(error, FRACTARY_E_INVALID, "%s does not take \"%.120s\"", p->label, word);
    fr_error_cause(error, "allowed are %s", fr_buf_text(&allowed));
    if (nearest != NULL)
        fr_error_advice(error, "did you mean %s?", nearest);
    else
        fr_error_advice(error, "give one of these; --help shows how");
    fr_error_place(error, "%s", p->label);
    fr_buf_finish(&allowed);
    return FRACTARY_E_INVALID;
}

static int32_t is_missing(const parameter *p, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "the argument %s is missing", p->label);
    fr_error_cause(error, "%s: %s", p->label, fr_json_get_string(p->tree, "help"));
    fr_error_advice(error, "give it; --help shows how");
    fr_error_place(error, "%s", p->label);
    return FRACTARY_E_INVALID;
}

static int32_t is_unknown(const fr_json *command, const char *name, fractary_error *error)
{
    const char *nearest = fr_command_type_nearest(fr_json_get(command, "options"), name);

    fr_error_set(error, FRACTARY_E_INVALID, "there is no option --%.80s", name);
    fr_error_cause(error, "the command %s does not have it", fr_json_get_string(command, "name"));
    if (nearest != NULL)
        fr_error_advice(error, "did you mean --%s?", nearest);
    else
        fr_error_advice(error, "--help lists the options");
    fr_error_place(error, "--%.80s", name);
    return FRACTARY_E_INVALID;
}

/* ----------------------------------------------------------------- building */

static int is_allowed(const parameter *p, const fr_json *given)
{
    const fr_json *values = fr_json_get(p->tree, "values");

    for (const fr_json *e = fr_json_first(values); e != NULL; e = fr_json_next(e)) {
        if (fr_json_equal(e, given))
            return 1;
    }
    return values == NULL;
}

static int32_t take_one(const parameter *p, const fr_json *given, fr_json **out,
                        fractary_error *error)
{
    *out = NULL;
    if (!p->type->fits(given))
        return does_not_fit(p, given, error);
    if (!is_allowed(p, given))
        return not_allowed(p, given, error);
    *out = p->type->make(given);
    return *out != NULL ? FRACTARY_OK : fr_error_nomem(error);
}

/* A single value for a parameter that repeats is a list of one. */
static int32_t take_list(const parameter *p, const fr_json *given, fr_json **out,
                         fractary_error *error)
{
    const int is_array = fr_json_kind_of(given) == FR_JSON_ARRAY;
    const fr_json *item = is_array ? fr_json_first(given) : given;
    fr_json *list = fr_json_array();
    int32_t status = list != NULL ? FRACTARY_OK : fr_error_nomem(error);

    if (is_array && fr_json_count(given) > FR_COMMAND_LIST)
        status = fr_error_set(error, FRACTARY_E_INVALID, "%s is given more than %d times", p->label,
                              FR_COMMAND_LIST);
    while (item != NULL && status == FRACTARY_OK) {
        fr_json *value;
        status = take_one(p, item, &value, error);
        if (status == FRACTARY_OK && fr_json_add(list, value) != FRACTARY_OK)
            status = fr_error_nomem(error);
        item = is_array ? fr_json_next(item) : NULL;
    }
    if (status != FRACTARY_OK)
        fr_json_free(list);
    *out = status == FRACTARY_OK ? list : NULL;
    return status;
}

/* What stands where nothing was given: the default, false for a flag. */
static int32_t take_default(const parameter *p, fr_json **out, fractary_error *error)
{
    const fr_json *value = fr_json_get(p->tree, "default");
    const int is_flag = fr_str_equal(p->type->name, "flag");

    *out = NULL;
    if (value == NULL && !is_flag)
        return FRACTARY_OK;
    *out = value != NULL ? fr_json_copy(value) : fr_json_new_bool(0);
    return *out != NULL ? FRACTARY_OK : fr_error_nomem(error);
}

static int32_t take_parameter(const parameter *p, const fr_json *given, fr_json *options,
                              fractary_error *error)
{
    const fr_json *value = fr_json_get(given, p->name);
    fr_json *taken = NULL;
    int32_t status;

    if (value == NULL && fr_json_is_true(p->tree, "required"))
        return is_missing(p, error);
    if (value == NULL)
        status = take_default(p, &taken, error);
    else if (fr_json_is_true(p->tree, "repeat"))
        status = take_list(p, value, &taken, error);
    else
        status = take_one(p, value, &taken, error);
    if (taken != NULL && fr_json_set(options, p->name, taken) != FRACTARY_OK)
        status = fr_error_nomem(error);
    return status;
}

static int32_t take_all(const fr_json *parameters, int is_option, const fr_json *given,
                        fr_json *options, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (const fr_json *e = fr_json_first(parameters); e && status == FRACTARY_OK;
         e = fr_json_next(e)) {
        const parameter p = parameter_of(e, is_option);
        status = take_parameter(&p, given, options, error);
    }
    return status;
}

static int has_parameter(const fr_json *command, const char *key, const char *name)
{
    for (const fr_json *e = fr_json_first(fr_json_get(command, key)); e; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_get_string(e, "name"), name))
            return 1;
    }
    return 0;
}

static int32_t check_names(const fr_json *command, const fr_json *given, fractary_error *error)
{
    for (const fr_json *e = fr_json_first(given); e != NULL; e = fr_json_next(e)) {
        const char *name = fr_json_key(e);
        if (!has_parameter(command, "options", name) && !has_parameter(command, "arguments", name))
            return is_unknown(command, name, error);
    }
    return FRACTARY_OK;
}

int32_t fr_command_options(const fr_json *command, const fr_json *given, fr_json **out,
                           fractary_error *error)
{
    fr_json *options = fr_json_object();
    int32_t status;

    *out = NULL;
    if (options == NULL)
        return fr_error_nomem(error);
    if (given != NULL && fr_json_kind_of(given) != FR_JSON_OBJECT)
        status = fr_error_set(error, FRACTARY_E_INVALID, "options must be an object");
    else
        status = check_names(command, given, error);
    if (status == FRACTARY_OK)
        status = take_all(fr_json_get(command, "arguments"), 0, given, options, error);
    if (status == FRACTARY_OK)
        status = take_all(fr_json_get(command, "options"), 1, given, options, error);
    if (status == FRACTARY_OK)
        *out = options;
    else
        fr_json_free(options);
    return status;
}
