#include "base/json_walk.h"

#include <string.h>

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static inline char skip_space(fr_json_walk *walk)
{
    while (walk->at < walk->end && is_space(*walk->at))
        walk->at++;
    return walk->at < walk->end ? *walk->at : '\0';
}

char fr_json_walk_space(fr_json_walk *walk)
{
    return skip_space(walk);
}

/* A quote behind an odd number of backslashes is part of the text. */
static int is_escaped(const char *start, const char *quote)
{
    const char *before = quote;

    while (before > start && before[-1] == '\\')
        before--;
    return (quote - before) % 2 != 0;
}

/* Behind the string that begins at `start`. */
static const char *skip_string(const char *start, const char *end)
{
    const char *quote = start;

    do {
        quote = memchr(quote + 1, '"', (size_t)(end - quote) - 1);
    } while (quote != NULL && is_escaped(start, quote));
    return quote != NULL ? quote + 1 : end;
}

/* Behind the bracket that closes the one at `at`. */
static const char *skip_container(const char *at, const char *end)
{
    size_t depth = 0;

    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
        if (depth == 0)
            break;
    }
    return at;
}

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && *at != ',' && *at != ']' && *at != '}' && !is_space(*at))
        at++;
    return at;
}

void fr_json_walk_value(fr_json_walk *walk)
{
    const char c = skip_space(walk);

    if (c == '"')
        walk->at = skip_string(walk->at, walk->end);
    else if (c == '{' || c == '[')
        walk->at = skip_container(walk->at, walk->end);
    else
        walk->at = skip_word(walk->at, walk->end);
}

int fr_json_walk_next(fr_json_walk *walk, fr_json_walk_member *member)
{
    if (skip_space(walk) == ',')
        walk->at++;
    if (skip_space(walk) != '"')
        return 0;
    const char *key = walk->at + 1;
    walk->at = skip_string(walk->at, walk->end);
    const char *key_end = walk->at - 1;
    if (key_end < key || skip_space(walk) != ':')
        return 0;
    walk->at++;
    if (skip_space(walk) == '\0')
        return 0;
    const char *value = walk->at;
    fr_json_walk_value(walk);
    member->key = (fractary_string_view){key, (uint64_t)(key_end - key)};
    member->value = (fractary_string_view){value, (uint64_t)(walk->at - value)};
    return 1;
}

const char *fr_json_member_text(const char *object, size_t length, const char *key,
                                size_t *member_length)
{
    fr_json_walk walk = {object, object + length};
    fr_json_walk_member member;
    const size_t key_length = strlen(key);

    *member_length = 0;
    if (skip_space(&walk) != '{')
        return NULL;
    walk.at++;
    while (fr_json_walk_next(&walk, &member)) {
        if (member.key.length == key_length && memcmp(member.key.data, key, key_length) == 0) {
            *member_length = member.value.length;
            return member.value.data;
        }
    }
    return NULL;
}

int32_t fr_json_compact(fractary_string_view text, fr_buf *out)
{
    const char *at = text.data;
    const char *end = text.data + text.length;

    if (fr_buf_reserve(out, text.length) != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    char *to = out->data + out->length;
    while (at < end) {
        if (*at == '"') {
            const char *begin = at;
            at = skip_string(begin, end);
            memcpy(to, begin, (size_t)(at - begin));
            to += at - begin;
        } else {
            *to = *at++;
            to += !is_space(*to);
        }
    }
    *to = '\0';
    out->length = (size_t)(to - out->data);
    return FRACTARY_OK;
}
