#include "base/schema_run.h"

#include <fractary-plugin/str.h>
#include <math.h>
#include <string.h>

/* ------------------------------------------------------------- what is said */

#define FOUND_COLUMNS 60

/* The value as it stands in the text, or what it is, where that is long. */
void fr_schema_print_found(const fr_json *value, fr_buf *out)
{
    const fr_json_kind kind = fr_json_kind_of(value);

    if (kind == FR_JSON_OBJECT || kind == FR_JSON_ARRAY) {
        fr_buf_puts(out, kind == FR_JSON_OBJECT ? "an object" : "a list");
        return;
    }
    fr_buf text = {0};
    fr_json_print(value, &text);
    const size_t fitting = fr_str_fit(fr_buf_text(&text), FOUND_COLUMNS);
    fr_buf_append(out, fr_buf_text(&text), fitting);
    if (fitting < text.length)
        fr_buf_puts(out, "\xE2\x80\xA6"); /* an ellipsis */
    fr_buf_finish(&text);
}

int32_t fr_schema_refuse(const struct fr_schema_run *run, const struct fr_schema_place *at,
                         const fr_json *found, const char *format, ...)
{
    fr_buf where = {0};
    fr_buf what = {0};
    va_list arguments;

    if (run->error == NULL)
        return FRACTARY_E_CONFIG;
    fr_schema_print_place(at, &where);
    va_start(arguments, format);
    fr_buf_vprintf(&what, format, arguments);
    va_end(arguments);
    if (found != NULL) {
        fr_buf_puts(&what, ", found ");
        fr_schema_print_found(found, &what);
    }
    fr_error_set(run->error, FRACTARY_E_CONFIG, "%s: %s",
                 at != NULL ? fr_buf_text(&where) : "top level", fr_buf_text(&what));
    fr_error_place(run->error, "%s", fr_buf_text(&where));
    fr_buf_finish(&where);
    fr_buf_finish(&what);
    return FRACTARY_E_CONFIG;
}

void fr_schema_advise_nearest(const struct fr_schema_run *run, const char *word,
                              const fr_vec *known)
{
    const char *nearest =
        fr_str_nearest(word, (const char *const *)(void *)known->items, known->count);

    if (nearest != NULL)
        fr_error_advice(run->error, "did you mean \"%s\"?", nearest);
}

/* ---------------------------------------------------------------------- type */

static int is_integer(const fr_json *value)
{
    const double number = fr_json_number(value, 0.5);

    return number == floor(number);
}

static const struct type {
    const char *name;
    const char *words;
    fr_json_kind kind;
} types[] = {
    {"string", "a string", FR_JSON_STRING},  {"integer", "a whole number", FR_JSON_NUMBER},
    {"number", "a number", FR_JSON_NUMBER},  {"boolean", "true or false", FR_JSON_BOOL},
    {"object", "an object", FR_JSON_OBJECT}, {"array", "a list", FR_JSON_ARRAY},
    {"null", "null", FR_JSON_NULL},
};

static const struct type *find_type(const fr_json *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (fr_str_equal(types[i].name, fr_json_string(name)))
            return &types[i];
    }
    return NULL;
}

static int is_of_type(const fr_json *name, const fr_json *value)
{
    const struct type *type = find_type(name);

    return type != NULL && type->kind == fr_json_kind_of(value) &&
           (strcmp(type->name, "integer") != 0 || is_integer(value));
}

/* `names` is one name or a list of them. */
int fr_schema_is_of_types(const fr_json *names, const fr_json *value)
{
    if (fr_json_kind_of(names) != FR_JSON_ARRAY)
        return is_of_type(names, value);
    for (const fr_json *name = fr_json_first(names); name != NULL; name = fr_json_next(name)) {
        if (is_of_type(name, value))
            return 1;
    }
    return 0;
}

static void print_type(const fr_json *name, fr_buf *out)
{
    const struct type *type = find_type(name);

    if (out->length > 0)
        fr_buf_puts(out, " or ");
    fr_buf_puts(out, type != NULL ? type->words : "?");
}

void fr_schema_print_types(const fr_json *names, fr_buf *out)
{
    if (fr_json_kind_of(names) != FR_JSON_ARRAY) {
        print_type(names, out);
        return;
    }
    for (const fr_json *name = fr_json_first(names); name != NULL; name = fr_json_next(name))
        print_type(name, out);
}

int32_t fr_schema_check_type(const struct fr_schema_step *step)
{
    const fr_json *names = fr_json_get(step->schema, "type");
    fr_buf words = {0};

    if (names == NULL || fr_schema_is_of_types(names, step->value))
        return FRACTARY_OK;
    fr_schema_print_types(names, &words);
    fr_schema_refuse(step->run, step->at, step->value, "must be %s", fr_buf_text(&words));
    fr_buf_finish(&words);
    return FRACTARY_E_CONFIG;
}
