#include "base/schema_parts.h"

#include <fractary-plugin/str.h>
#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* A pattern must not make the matcher build a machine of a size that its few
 * characters do not show. */
#define PATTERN_LENGTH  256
#define PATTERN_REPEATS 1000

/* ------------------------------------------------------------------- places */

static int is_plain_key(const char *key)
{
    return *key != '\0' &&
           key[strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$")] ==
               '\0';
}

int32_t fr_schema_print_place(const struct fr_schema_place *place, fr_buf *out)
{
    if (place == NULL)
        return FRACTARY_OK;
    fr_schema_print_place(place->up, out);
    if (place->key == NULL)
        return fr_buf_printf(out, "[%zu]", place->index);
    if (is_plain_key(place->key))
        return fr_buf_printf(out, "%s%s", place->up != NULL ? "." : "", place->key);
    fr_buf_putc(out, '[');
    fr_json_quote(place->key, out);
    return fr_buf_putc(out, ']');
}

const fr_json *fr_schema_resolve(const fr_json *root, const fr_json *reference)
{
    static const char prefix[] = "#/$defs/";
    const char *text = fr_json_string(reference);

    if (!fr_str_starts(text, prefix))
        return NULL;
    return fr_json_get(fr_json_get(root, "$defs"), text + sizeof prefix - 1);
}

/* ----------------------------------------------------------------- keywords */

struct verify {
    const fr_json *root;
    fractary_error *error;
    unsigned depth;
};

typedef struct fr_schema_place place;

static int32_t verify_schema(struct verify *verify, const place *at, const fr_json *schema);

static int32_t refuse(const struct verify *verify, const place *at, const char *reason)
{
    fr_buf text = {0};

    fr_schema_print_place(at, &text);
    fr_error_set(verify->error, FRACTARY_E_INVALID, "the schema is wrong: %s: %s",
                 text.length > 0 ? fr_buf_text(&text) : "top level", reason);
    fr_error_place(verify->error, "%s", fr_buf_text(&text));
    fr_buf_finish(&text);
    return FRACTARY_E_INVALID;
}

static int32_t verify_any(struct verify *verify, const place *at, const fr_json *value)
{
    (void)verify;
    (void)at;
    (void)value;
    return FRACTARY_OK;
}

static int32_t verify_number(struct verify *verify, const place *at, const fr_json *value)
{
    return fr_json_kind_of(value) == FR_JSON_NUMBER ? FRACTARY_OK
                                                    : refuse(verify, at, "must be a number");
}

static int32_t verify_count(struct verify *verify, const place *at, const fr_json *value)
{
    const double count = fr_json_number(value, -1);

    return count >= 0 && count == floor(count) ? FRACTARY_OK
                                               : refuse(verify, at, "must be a whole number");
}

static int32_t verify_bool(struct verify *verify, const place *at, const fr_json *value)
{
    return fr_json_kind_of(value) == FR_JSON_BOOL ? FRACTARY_OK
                                                  : refuse(verify, at, "must be true or false");
}

static int32_t verify_list(struct verify *verify, const place *at, const fr_json *value)
{
    return fr_json_kind_of(value) == FR_JSON_ARRAY && fr_json_first(value) != NULL
               ? FRACTARY_OK
               : refuse(verify, at, "must be a list with something in it");
}

static int32_t verify_names(struct verify *verify, const place *at, const fr_json *value)
{
    if (fr_json_kind_of(value) != FR_JSON_ARRAY)
        return refuse(verify, at, "must be a list of keys");
    for (const fr_json *name = fr_json_first(value); name != NULL; name = fr_json_next(name)) {
        if (fr_json_string(name) == NULL)
            return refuse(verify, at, "must be a list of keys");
    }
    return FRACTARY_OK;
}

static int is_type_name(const fr_json *value)
{
    static const char *const names[] = {"string", "integer", "number", "boolean",
                                        "object", "array",   "null"};
    const char *name = fr_json_string(value);

    for (size_t i = 0; name != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0)
            return 1;
    }
    return 0;
}

static int32_t verify_type(struct verify *verify, const place *at, const fr_json *value)
{
    const fr_json *name = value;

    if (fr_json_kind_of(value) == FR_JSON_ARRAY)
        name = fr_json_first(value);
    if (name == NULL)
        return refuse(verify, at, "must name a type");
    for (; name != NULL; name = name == value ? NULL : fr_json_next(name)) {
        if (!is_type_name(name))
            return refuse(verify, at, "there is no such type");
    }
    return FRACTARY_OK;
}

static int32_t verify_schemas(struct verify *verify, const place *at, const fr_json *value)
{
    place inner = {.up = at};
    int32_t status = verify_list(verify, at, value);

    for (const fr_json *part = fr_json_first(value); part != NULL && status == FRACTARY_OK;
         part = fr_json_next(part), inner.index++)
        status = verify_schema(verify, &inner, part);
    return status;
}

static int32_t verify_schema_map(struct verify *verify, const place *at, const fr_json *value)
{
    place inner = {.up = at};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(value) != FR_JSON_OBJECT)
        return refuse(verify, at, "must be an object");
    for (const fr_json *part = fr_json_first(value); part != NULL && status == FRACTARY_OK;
         part = fr_json_next(part)) {
        inner.key = fr_json_key(part);
        status = verify_schema(verify, &inner, part);
    }
    return status;
}

/* Only at the top: nowhere else would "#/$defs/…" find them. */
static int32_t verify_definitions(struct verify *verify, const place *at, const fr_json *value)
{
    if (at->up != NULL)
        return refuse(verify, at, "stands at the top level only");
    return verify_schema_map(verify, at, value);
}

static int32_t verify_reference(struct verify *verify, const place *at, const fr_json *value)
{
    return fr_schema_resolve(verify->root, value) != NULL
               ? FRACTARY_OK
               : refuse(verify, at, "leads to nothing: \"#/$defs/name\" is what it may say");
}

/* ----------------------------------------------------------------- patterns */

/* How often the innermost part may be repeated by all the {n,m} of a pattern,
 * as if each stood inside the other. */
static uint64_t count_repeats(const char *pattern)
{
    uint64_t product = 1;

    for (const char *at = strchr(pattern, '{'); at != NULL; at = strchr(at + 1, '{')) {
        char *end = NULL;
        unsigned long most = strtoul(at + 1, &end, 10);
        if (*end == ',') {
            const unsigned long upper = strtoul(end + 1, NULL, 10);
            most = upper > most ? upper : most;
        }
        if (most > PATTERN_REPEATS)
            return UINT64_MAX;
        product *= most > 0 ? most : 1;
        if (product > PATTERN_REPEATS)
            break;
    }
    return product;
}

static int has_back_reference(const char *pattern)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '\\' && pattern[1] != '\0') {
            pattern++;
            if (*pattern >= '0' && *pattern <= '9')
                return 1;
        }
    }
    return 0;
}

static int32_t verify_pattern(struct verify *verify, const place *at, const fr_json *value)
{
    const char *pattern = fr_json_string(value);
    char reason[128];
    regex_t compiled;

    if (pattern == NULL)
        return refuse(verify, at, "must be a regular expression");
    if (strlen(pattern) > PATTERN_LENGTH || count_repeats(pattern) > PATTERN_REPEATS)
        return refuse(verify, at, "is too large: 256 characters and 1000 repetitions are allowed");
    if (has_back_reference(pattern))
        return refuse(verify, at, "back-references are not allowed");
    const int number = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
    if (number == 0) {
        regfree(&compiled);
        return FRACTARY_OK;
    }
    if (number == REG_ESPACE)
        return FRACTARY_E_NOMEM;
    regerror(number, &compiled, reason, sizeof reason);
    return refuse(verify, at, reason);
}

/* ------------------------------------------------------------------ schemas */

static const struct keyword {
    const char *name;
    int32_t (*verify)(struct verify *verify, const place *at, const fr_json *value);
} keywords[] = {
    {"type", verify_type},         {"properties", verify_schema_map},
    {"required", verify_names},    {"additionalProperties", verify_schema},
    {"items", verify_schema},      {"enum", verify_list},
    {"const", verify_any},         {"pattern", verify_pattern},
    {"minLength", verify_count},   {"maxLength", verify_count},
    {"minimum", verify_number},    {"maximum", verify_number},
    {"minItems", verify_count},    {"maxItems", verify_count},
    {"uniqueItems", verify_bool},  {"oneOf", verify_schemas},
    {"anyOf", verify_schemas},     {"$ref", verify_reference},
    {"$defs", verify_definitions}, {"default", verify_any},
    {"$schema", verify_any},       {"$id", verify_any},
    {"$comment", verify_any},      {"title", verify_any},
    {"description", verify_any},   {"examples", verify_any},
    {"deprecated", verify_any},    {"readOnly", verify_any},
    {"writeOnly", verify_any},     {"format", verify_any},
};

#define KEYWORDS (sizeof keywords / sizeof *keywords)

static int32_t refuse_keyword(const struct verify *verify, const place *at)
{
    const char *names[KEYWORDS];

    for (size_t i = 0; i < KEYWORDS; i++)
        names[i] = keywords[i].name;
    refuse(verify, at, "this keyword is not supported");
    const char *nearest = fr_str_nearest(at->key, names, KEYWORDS);
    if (nearest != NULL)
        fr_error_advice(verify->error, "did you mean \"%s\"?", nearest);
    return FRACTARY_E_INVALID;
}

static int32_t verify_keyword(struct verify *verify, const place *at, const fr_json *value)
{
    for (size_t i = 0; i < KEYWORDS; i++) {
        if (strcmp(keywords[i].name, at->key) == 0)
            return keywords[i].verify(verify, at, value);
    }
    return fr_str_starts(at->key, "x-") ? FRACTARY_OK : refuse_keyword(verify, at);
}

static int32_t verify_schema(struct verify *verify, const place *at, const fr_json *schema)
{
    place inner = {.up = at};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(schema) == FR_JSON_BOOL)
        return FRACTARY_OK;
    if (fr_json_kind_of(schema) != FR_JSON_OBJECT)
        return refuse(verify, at, "must be an object, true or false");
    if (verify->depth >= FR_SCHEMA_DEPTH)
        return refuse(verify, at, "is nested too deeply");
    verify->depth++;
    for (const fr_json *member = fr_json_first(schema); member != NULL && status == FRACTARY_OK;
         member = fr_json_next(member)) {
        inner.key = fr_json_key(member);
        status = verify_keyword(verify, &inner, member);
    }
    verify->depth--;
    return status;
}

int32_t fr_schema_verify(const fr_json *schema, fractary_error *error)
{
    struct verify verify = {.root = schema, .error = error};

    return verify_schema(&verify, NULL, schema);
}
