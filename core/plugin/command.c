#include "plugin/command.h"

#include "plugin/command_type.h"
#include "plugin/shape.h"

#include <fractary-plugin/str.h>
#include <stdarg.h>
#include <stdio.h>

#define COMMANDS_MAX 64
#define PLACE_MAX    96
#define WHAT_MAX     256

static const fr_shape group_members[] = {
    {"name", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"summary", FR_JSON_STRING, FR_JSON_ABSENT, 1},
};

static const fr_shape command_members[] = {
    {"name", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"summary", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"top_level", FR_JSON_STRING, FR_JSON_ABSENT, 0},
    {"description", FR_JSON_STRING, FR_JSON_ABSENT, 0},
    {"examples", FR_JSON_ARRAY, FR_JSON_STRING, 0},
    {"run", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
    {"project", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
    {"every_stack", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
    {"dependents_first", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
    {"arguments", FR_JSON_ARRAY, FR_JSON_OBJECT, 0},
    {"options", FR_JSON_ARRAY, FR_JSON_OBJECT, 0},
};

static const fr_shape argument_members[] = {
    {"name", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"help", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"required", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
    {"repeat", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
};

static const fr_shape option_members[] = {
    {"name", FR_JSON_STRING, FR_JSON_ABSENT, 1},  {"type", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"help", FR_JSON_STRING, FR_JSON_ABSENT, 1},  {"value", FR_JSON_STRING, FR_JSON_ABSENT, 0},
    {"values", FR_JSON_ARRAY, FR_JSON_STRING, 0}, {"repeat", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
    {"hidden", FR_JSON_BOOL, FR_JSON_ABSENT, 0},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Every command has these already. */
static const char *const global_options[] = {"help",     "json",    "quiet",  "verbose",
                                             "no-color", "project", "version"};

static int32_t wrong(fractary_error *error, const char *place, const char *format, ...)
    FR_PRINTF(3, 4);

static int32_t wrong(fractary_error *error, const char *place, const char *format, ...)
{
    char what[WHAT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    fr_error_set(error, FRACTARY_E_CONFIG, "%s", what);
    fr_error_place(error, "%s", place);
    return FRACTARY_E_CONFIG;
}

/* ------------------------------------------------------------------ checking */

static int32_t check_name(const fr_json *object, const char *place, fractary_error *error)
{
    const char *name = fr_json_get_string(object, "name");

    if (!fr_shape_is_name(name, ""))
        return wrong(error, place, "the name \"%.80s\" is not made of a-z, 0-9 and '-' alone",
                     name);
    return FRACTARY_OK;
}

static size_t count_named(const fr_json *array, const char *name)
{
    size_t count = 0;

    for (const fr_json *e = fr_json_first(array); e != NULL; e = fr_json_next(e))
        count += fr_str_equal(fr_json_get_string(e, "name"), name) ? 1 : 0;
    return count;
}

/* Arguments and options end up in one object, each under its name. */
static int32_t check_unique(const fr_json *command, const fr_json *parameter, const char *place,
                            fractary_error *error)
{
    const char *name = fr_json_get_string(parameter, "name");

    if (count_named(fr_json_get(command, "arguments"), name) +
            count_named(fr_json_get(command, "options"), name) >
        1)
        return wrong(error, place, "the name \"%s\" is given twice", name);
    return FRACTARY_OK;
}

/* What comes behind an argument that repeats or may be left out could not be
 * told apart from it. */
static int32_t check_argument_order(const fr_json *argument, const char *place,
                                    fractary_error *error)
{
    const fr_json *next = fr_json_next(argument);
    const char *name = fr_json_get_string(argument, "name");

    if (next == NULL)
        return FRACTARY_OK;
    if (fr_json_is_true(argument, "repeat"))
        return wrong(error, place, "the argument \"%s\" repeats and is not the last one", name);
    if (!fr_json_is_true(argument, "required") && fr_json_is_true(next, "required"))
        return wrong(error, place,
                     "the argument \"%s\" may be left out, but the one behind it may not", name);
    return FRACTARY_OK;
}

static int32_t check_argument(const fr_json *command, const fr_json *argument, const char *place,
                              fractary_error *error)
{
    int32_t status =
        fr_shape_check(argument, place, argument_members, COUNT(argument_members), error);

    if (status == FRACTARY_OK)
        status = check_name(argument, place, error);
    if (status == FRACTARY_OK)
        status = check_unique(command, argument, place, error);
    if (status == FRACTARY_OK)
        status = check_argument_order(argument, place, error);
    return status;
}

static int is_allowed(const fr_json *values, const fr_json *value)
{
    if (values == NULL)
        return 1;
    for (const fr_json *e = fr_json_first(values); e != NULL; e = fr_json_next(e)) {
        if (fr_json_equal(e, value))
            return 1;
    }
    return 0;
}

static int fits_default(const fr_json *option, const fr_json *value)
{
    const fr_command_type *type = fr_command_type_of(option);
    const fr_json *values = fr_json_get(option, "values");
    const int repeats = fr_json_is_true(option, "repeat");

    if (!repeats || fr_json_kind_of(value) != FR_JSON_ARRAY)
        return !repeats && type->fits(value) && is_allowed(values, value);
    for (const fr_json *e = fr_json_first(value); e != NULL; e = fr_json_next(e)) {
        if (!type->fits(e) || !is_allowed(values, e))
            return 0;
    }
    return fr_json_count(value) <= FR_COMMAND_LIST;
}

static int32_t check_option_type(const fr_json *option, const char *place, fractary_error *error)
{
    const char *name = fr_json_get_string(option, "name");
    const fr_command_type *type = fr_command_type_of(option);
    const fr_json *value = fr_json_get(option, "default");

    if (type == NULL)
        return wrong(error, place,
                     "the type \"%.40s\" is none of flag, string, integer, path, environment, "
                     "stack",
                     fr_json_get_string(option, "type"));
    if (fr_json_get(option, "values") != NULL && !fr_str_equal(type->name, "string"))
        return wrong(error, place, "only an option of type string has values, not \"%s\"", name);
    if (fr_str_equal(type->name, "flag") && fr_json_is_true(option, "repeat"))
        return wrong(error, place, "the flag \"%s\" cannot repeat", name);
    if (value != NULL && !fits_default(option, value))
        return wrong(error, place, "the default of \"%s\" does not fit its type or values", name);
    return FRACTARY_OK;
}

static int32_t check_option(const fr_json *command, const fr_json *option, const char *place,
                            fractary_error *error)
{
    int32_t status = fr_shape_check(option, place, option_members, COUNT(option_members), error);

    if (status == FRACTARY_OK)
        status = check_name(option, place, error);
    for (size_t i = 0; i < COUNT(global_options) && status == FRACTARY_OK; i++) {
        if (fr_str_equal(global_options[i], fr_json_get_string(option, "name")))
            status = wrong(error, place, "the option \"%s\" is one that every command has",
                           global_options[i]);
    }
    if (status == FRACTARY_OK)
        status = check_unique(command, option, place, error);
    if (status == FRACTARY_OK)
        status = check_option_type(option, place, error);
    return status;
}

typedef int32_t check_parameter(const fr_json *command, const fr_json *parameter, const char *place,
                                fractary_error *error);

static int32_t check_parameters(const fr_json *command, const char *place, const char *key,
                                size_t limit, check_parameter *check, fractary_error *error)
{
    const fr_json *array = fr_json_get(command, key);
    int32_t status = FRACTARY_OK;
    size_t index = 0;

    if (fr_json_count(array) > limit)
        return wrong(error, place, "there are more than %zu %s", limit, key);
    for (const fr_json *e = fr_json_first(array); e && status == FRACTARY_OK; e = fr_json_next(e)) {
        char inner[PLACE_MAX];
        snprintf(inner, sizeof inner, "%s.%s[%zu]", place, key, index++);
        status = check(command, e, inner, error);
    }
    return status;
}

static int32_t check_command(const fr_json *commands, const fr_json *command, const char *place,
                             fractary_error *error)
{
    int32_t status = fr_shape_check(command, place, command_members, COUNT(command_members), error);

    if (status == FRACTARY_OK)
        status = check_name(command, place, error);
    if (status != FRACTARY_OK)
        return status;
    const char *name = fr_json_get_string(command, "name");
    const char *top = fr_json_get_string(command, "top_level");
    if (count_named(commands, name) > 1)
        return wrong(error, place, "the command \"%s\" is there twice", name);
    if (top != NULL && !fr_shape_is_name(top, ""))
        return wrong(error, place, "the top_level \"%.80s\" is not made of a-z, 0-9 and '-' alone",
                     top);
    status =
        check_parameters(command, place, "arguments", FR_COMMAND_ARGUMENTS, check_argument, error);
    if (status == FRACTARY_OK)
        status =
            check_parameters(command, place, "options", FR_COMMAND_OPTIONS, check_option, error);
    return status;
}

static int32_t check_group(const fr_json *group, fractary_error *error)
{
    int32_t status;

    if (group == NULL)
        return FRACTARY_OK;
    if (fr_json_kind_of(group) != FR_JSON_OBJECT)
        return wrong(error, "group", "\"group\" must be an object");
    status = fr_shape_check(group, "group", group_members, COUNT(group_members), error);
    return status == FRACTARY_OK ? check_name(group, "group", error) : status;
}

int32_t fr_command_check(const fr_json *manifest, fractary_error *error)
{
    static const fr_shape row = {"commands", FR_JSON_ARRAY, FR_JSON_OBJECT, 0};
    const fr_json *commands = fr_json_get(manifest, "commands");
    int32_t status = check_group(fr_json_get(manifest, "group"), error);
    size_t index = 0;

    if (status == FRACTARY_OK)
        status = fr_shape_check(manifest, "", &row, 1, error);
    if (status != FRACTARY_OK)
        return status;
    if (fr_json_count(commands) > COMMANDS_MAX)
        return wrong(error, "commands", "there are more than %d commands", COMMANDS_MAX);
    for (const fr_json *e = fr_json_first(commands); e && status == FRACTARY_OK;
         e = fr_json_next(e)) {
        char place[PLACE_MAX];
        snprintf(place, sizeof place, "commands[%zu]", index++);
        status = check_command(commands, e, place, error);
    }
    return status;
}

/* -------------------------------------------------------------------- finding */

const fr_json *fr_command_find(const fr_manifest *manifest, const char *name)
{
    for (const fr_json *e = fr_json_first(manifest->commands); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_get_string(e, "name"), name))
            return e;
    }
    return NULL;
}

const char *fr_command_nearest(const fr_manifest *manifest, const char *name)
{
    return fr_command_type_nearest(manifest->commands, name);
}
