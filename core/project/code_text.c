#include "project/code_text.h"

#include "base/path.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------------------- pairs */

static int32_t tokens_of(const fr_hcl_attribute *attribute, fr_buf *out)
{
    const char *at = attribute->text;
    const char *end = at + attribute->length;
    fr_hcl_token token;

    do {
        token = fr_hcl_token_next(&at, end);
        if (fr_buf_append(out, &token, sizeof token) != FRACTARY_OK)
            return FRACTARY_E_NOMEM;
    } while (token.kind != FR_HCL_END);
    return FRACTARY_OK;
}

static int is_key(const fr_hcl_token *token)
{
    return (token[0].kind == FR_HCL_NAME || token[0].kind == FR_HCL_STRING) &&
           (fr_hcl_token_is(&token[1], "=") || fr_hcl_token_is(&token[1], ":"));
}

/* A value stands alone when behind it something new begins. */
static int stands_alone(const fr_hcl_token *value)
{
    const fr_hcl_token *next = value + 1;

    if (value->kind != FR_HCL_STRING)
        return 0;
    return fr_hcl_token_is(next, ",") || fr_hcl_token_is(next, "}") ||
           (next->kind != FR_HCL_END && is_key(next));
}

int32_t fr_code_pairs(const fr_hcl_attribute *attribute, fr_buf *out)
{
    static const fr_hcl_token unknown = {.kind = FR_HCL_END};
    fr_buf tokens = {0};
    size_t depth = 0;
    int32_t status = tokens_of(attribute, &tokens);
    const fr_hcl_token *t = (const fr_hcl_token *)(const void *)tokens.data;

    for (; status == FRACTARY_OK && t->kind != FR_HCL_END; t++) {
        if (t->kind == FR_HCL_SIGN && strchr("{[(", *t->text) != NULL)
            depth++;
        else if (t->kind == FR_HCL_SIGN && strchr("}])", *t->text) != NULL && depth > 0)
            depth--;
        if (depth == 0 || !is_key(t))
            continue;
        const fr_code_pair pair = {t[0], stands_alone(t + 2) ? t[2] : unknown, depth};
        status = fr_buf_append(out, &pair, sizeof pair);
    }
    fr_buf_finish(&tokens);
    return status;
}

int fr_code_pair_is(const fr_code_pair *pair, const char *key)
{
    const size_t quotes = pair->key.kind == FR_HCL_STRING ? 1 : 0;
    const size_t length = strlen(key);

    return pair->key.length == length + 2 * quotes &&
           memcmp(pair->key.text + quotes, key, length) == 0;
}

/* -------------------------------------------------------------------- settings */

static fr_code_known literal(const fr_hcl_token *value, fr_buf *out)
{
    return value->kind == FR_HCL_STRING && fr_hcl_literal(value->text, value->length, out)
               ? FR_CODE_LITERAL
               : FR_CODE_UNKNOWN;
}

/* The name behind the dot, whose depth is one more. */
static const char *inner_name(const char *key, size_t *depth)
{
    const char *dot = strchr(key, '.');

    *depth = dot != NULL ? 2 : 1;
    return dot != NULL ? dot + 1 : key;
}

static fr_code_known in_object(const fr_hcl_attribute *object, const char *key, fr_hcl_token *value,
                               fr_buf *out)
{
    size_t depth;
    const char *name = inner_name(key, &depth);
    fr_buf pairs = {0};
    fr_code_known known = FR_CODE_ABSENT;

    if (fr_code_pairs(object, &pairs) != FRACTARY_OK)
        known = FR_CODE_UNKNOWN;
    const fr_code_pair *pair = (const fr_code_pair *)(const void *)pairs.data;
    for (size_t i = 0; i < pairs.length / sizeof *pair && known == FR_CODE_ABSENT; i++) {
        if (pair[i].depth != depth || !fr_code_pair_is(&pair[i], name))
            continue;
        *value = pair[i].value;
        known = literal(value, out);
    }
    fr_buf_finish(&pairs);
    return known;
}

static fr_code_known in_block(const fr_hcl_block *block, const char *key, fr_hcl_token *value,
                              fr_buf *out)
{
    const fr_hcl_attribute *attribute = fr_hcl_attribute_of(block, key);

    if (attribute == NULL)
        return FR_CODE_ABSENT;
    const char *at = attribute->text;
    const char *end = at + attribute->length;
    *value = fr_hcl_token_next(&at, end);
    if (fr_hcl_token_next(&at, end).kind != FR_HCL_END)
        *value = (fr_hcl_token){.kind = FR_HCL_END};
    return literal(value, out);
}

fr_code_known fr_code_setting(const fr_hcl_block *block, const char *group, const char *key,
                              fr_hcl_token *value, fr_buf *out)
{
    const fr_hcl_attribute *object = group != NULL ? fr_hcl_attribute_of(block, group) : NULL;
    const char *dot = strchr(key, '.');

    *value = (fr_hcl_token){.kind = FR_HCL_END};
    if (object != NULL)
        return in_object(object, key, value, out);
    if (group != NULL)
        block = fr_hcl_find(block, group, NULL);
    if (block == NULL || dot == NULL)
        return block != NULL ? in_block(block, key, value, out) : FR_CODE_ABSENT;
    char *inner = fr_str_ndup(key, (size_t)(dot - key));
    const fr_code_known known =
        inner != NULL ? fr_code_setting(block, inner, dot + 1, value, out) : FR_CODE_UNKNOWN;
    free(inner);
    return known;
}

/* ----------------------------------------------------------------------- paths */

/* Where the string's text begins behind what it is relative to; NULL when it
 * names no place. */
static const char *behind_base(const char *text, size_t length, const fr_code_base *base,
                               const char **folder)
{
    const struct row {
        const char *prefix, *folder;
        size_t skipped; /* "../" is part of the path */
    } rows[] = {
        {"${path.module}", base->module, 14},
        {"${path.root}", base->root, 12},
        {"${path.cwd}", base->root, 11},
        {"./", base->root, 0},
        {"../", base->root, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t needed = strlen(rows[i].prefix);
        if (length < needed || memcmp(text, rows[i].prefix, needed) != 0)
            continue;
        *folder = rows[i].folder;
        return text + rows[i].skipped;
    }
    return NULL;
}

/* How much of the text has no template and no escape in it. */
static size_t plain_length(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\' ||
            ((text[i] == '$' || text[i] == '%') && i + 1 < length && text[i + 1] == '{'))
            return i;
    }
    return length;
}

size_t fr_code_string(const fr_hcl_token *token, const char **text)
{
    if (token->kind != FR_HCL_STRING || token->length < 2 || token->text[0] != '"')
        return 0;
    *text = token->text + 1;
    return token->length - 2;
}

char *fr_code_path(const char *text, size_t length, const fr_code_base *base, int *whole)
{
    const char *folder = NULL;
    const char *end = text + length;
    const char *at = behind_base(text, length, base, &folder);

    if (at == NULL || (at < end && *at != '/' && *at != '.'))
        return NULL;
    while (at < end && *at == '/')
        at++;
    size_t kept = plain_length(at, (size_t)(end - at));
    *whole = at + kept == end;
    while (!*whole && kept > 0 && at[kept - 1] != '/')
        kept--;
    char *rest = fr_str_ndup(at, kept);
    char *path = rest != NULL ? fr_path_absolute(folder, rest) : NULL;
    free(rest);
    return path;
}
