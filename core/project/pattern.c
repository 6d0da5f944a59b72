#include "project/pattern.h"

#include <fractary-plugin/str.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct placeholder {
    const char *name;
    size_t offset; /* of its value in fr_pattern_values */
} placeholders[] = {
    {"project", offsetof(fr_pattern_values, project)},
    {"subsystem", offsetof(fr_pattern_values, subsystem)},
    {"environment", offsetof(fr_pattern_values, environment)},
    {"resource", offsetof(fr_pattern_values, resource)},
    {"organization", offsetof(fr_pattern_values, organization)},
};
#define PLACEHOLDERS (sizeof placeholders / sizeof *placeholders)
#define KNOWN        "{project}, {subsystem}, {environment}, {resource} and {organization}"
#define LONGEST      64 /* of a placeholder's name that is worth repeating */

static const struct placeholder *find_placeholder(const char *name)
{
    for (size_t i = 0; i < PLACEHOLDERS; i++) {
        if (fr_str_equal(placeholders[i].name, name))
            return &placeholders[i];
    }
    return NULL;
}

static int32_t refuse(fractary_error *error, const char *pattern, const char *cause,
                      const char *advice)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "the pattern \"%s\" cannot be filled in", pattern);
    fr_error_cause(error, "%s", cause);
    fr_error_advice(error, "%s", advice);
    fr_error_place(error, "%s", pattern);
    return FRACTARY_E_CONFIG;
}

static int32_t refuse_unknown(fractary_error *error, const char *pattern, const char *name)
{
    const char *names[PLACEHOLDERS];

    for (size_t i = 0; i < PLACEHOLDERS; i++)
        names[i] = placeholders[i].name;
    const char *nearest = fr_str_nearest(name, names, PLACEHOLDERS);
    refuse(error, pattern, "", "the placeholders are " KNOWN "; write {{ and }} for braces");
    fr_error_cause(error, "there is no placeholder {%s}", name);
    if (nearest != NULL)
        fr_error_advice(error, "write {%s}; the placeholders are " KNOWN, nearest);
    return FRACTARY_E_CONFIG;
}

static int32_t refuse_valueless(fractary_error *error, const char *pattern, const char *name)
{
    refuse(error, pattern, "", "");
    fr_error_cause(error, "there is no %s here that could stand for {%s}", name, name);
    fr_error_advice(error, "leave {%s} out of this pattern", name);
    return FRACTARY_E_CONFIG;
}

static int is_separator(char c)
{
    return c == '-' || c == '_' || c == '/' || c == '.';
}

/* What is being built. */
struct filling {
    const char *pattern;
    const fr_pattern_values *values;
    fr_buf *out;
    size_t start; /* length of `out` before the pattern                    */
    int gap;      /* an empty value came first: the next separator goes, too */
};

static void put(struct filling *filling, char c)
{
    const int skip = filling->gap && is_separator(c);

    filling->gap = 0;
    if (!skip)
        fr_buf_putc(filling->out, c);
}

/* The separator before an empty value goes with it; at the beginning the one
 * behind it does. */
static void put_value(struct filling *filling, const char *value)
{
    fr_buf *out = filling->out;

    if (value[0] != '\0') {
        fr_buf_puts(out, value);
        filling->gap = 0;
    } else if (out->length > filling->start && is_separator(out->data[out->length - 1])) {
        out->data[--out->length] = '\0';
    } else if (out->length == filling->start) {
        filling->gap = 1;
    }
}

/* `at` stands behind the opening brace; *next behind the closing one. */
static int32_t put_placeholder(struct filling *filling, const char *at, const char **next,
                               fractary_error *error)
{
    char name[LONGEST];
    const size_t length = strcspn(at, "{}");

    if (at[length] != '}')
        return refuse(error, filling->pattern, "a brace is not closed",
                      "close it, or write {{ for a brace");
    snprintf(name, sizeof name, "%.*s", (int)(length < LONGEST ? length : LONGEST - 1), at);
    const struct placeholder *found = find_placeholder(name);
    if (found == NULL)
        return refuse_unknown(error, filling->pattern, name);
    const char *value;
    memcpy(&value, (const char *)filling->values + found->offset, sizeof value);
    if (value == NULL)
        return refuse_valueless(error, filling->pattern, name);
    put_value(filling, value);
    *next = at + length + 1;
    return FRACTARY_OK;
}

/* One character, doubled brace or placeholder; moves *at behind it. */
static int32_t fill_next(struct filling *filling, const char **at, fractary_error *error)
{
    const char c = **at;

    if (c == '{' && (*at)[1] != '{')
        return put_placeholder(filling, *at + 1, at, error);
    if (c == '}' && (*at)[1] != '}')
        return refuse(error, filling->pattern, "a brace is closed that was not opened",
                      "open it, or write }} for a brace");
    put(filling, c);
    *at += c == '{' || c == '}' ? 2 : 1;
    return FRACTARY_OK;
}

int32_t fr_pattern_expand(const char *pattern, const fr_pattern_values *values, fr_buf *out,
                          fractary_error *error)
{
    struct filling filling = {pattern, values, out, out->length, 0};
    int32_t status = FRACTARY_OK;

    for (const char *at = pattern; *at != '\0' && status == FRACTARY_OK;)
        status = fill_next(&filling, &at, error);
    if (status != FRACTARY_OK && out->data != NULL && !out->failed) {
        out->length = filling.start;
        out->data[out->length] = '\0';
    }
    if (status == FRACTARY_OK && out->failed)
        status = fr_error_nomem(error);
    return status;
}
