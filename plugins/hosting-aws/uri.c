#include "uri.h"

#include <fractary-plugin/vec.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX 512

/* ------------------------------------------------------------ taking apart */

static fractary_string_view view(const char *from, const char *to)
{
    return (fractary_string_view){from, (uint64_t)(to - from)};
}

int32_t fr_aws_uri_split(const char *text, fr_aws_uri *out)
{
    const char *scheme_end = text != NULL ? strstr(text, "://") : NULL;

    if (scheme_end == NULL || strchr(text, '#') != NULL)
        return FRACTARY_E_INVALID;
    const char *host = scheme_end + 3;
    const char *path = host + strcspn(host, "/?");
    if (host + strcspn(host, "@ \t\r\n") < path)
        return FRACTARY_E_INVALID;
    const char *query = path + strcspn(path, "?");
    *out = (fr_aws_uri){.scheme = view(text, scheme_end),
                        .host = view(host, path),
                        .path = view(path, query),
                        .query = view(*query == '?' ? query + 1 : query, query + strlen(query))};
    const int known = (out->scheme.length == 5 && memcmp(text, "https", 5) == 0) ||
                      (out->scheme.length == 4 && memcmp(text, "http", 4) == 0);
    return known && out->host.length > 0 ? FRACTARY_OK : FRACTARY_E_INVALID;
}

int32_t fr_aws_uri_host(const fr_aws_uri *uri, fr_buf *out)
{
    const char *port = uri->scheme.length == 5 ? ":443" : ":80";
    const size_t port_length = strlen(port);
    size_t length = uri->host.length;

    if (length > port_length &&
        memcmp(uri->host.data + length - port_length, port, port_length) == 0)
        length -= port_length;
    for (size_t i = 0; i < length; i++) {
        const char c = uri->host.data[i];
        fr_buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
    }
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* ---------------------------------------------------------------- encoding */

static int is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void put_encoded(char c, const char *keep, fr_buf *out)
{
    static const char digits[] = "0123456789ABCDEF";
    const unsigned char byte = (unsigned char)c;

    if (is_unreserved(c) || (c != '\0' && strchr(keep, c) != NULL))
        fr_buf_putc(out, c);
    else
        fr_buf_append(out, (const char[]){'%', digits[byte >> 4], digits[byte & 15]}, 3);
}

int32_t fr_aws_uri_encode(const char *text, size_t length, const char *keep, fr_buf *out)
{
    for (size_t i = 0; i < length; i++)
        put_encoded(text[i], keep, out);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What is encoded already is decoded first, so that nothing is encoded twice
 * and every spelling of a byte comes out the same. */
static void put_recoded(const char *text, size_t length, fr_buf *out)
{
    for (size_t i = 0; i < length; i++) {
        const int escaped = text[i] == '%' && i + 2 < length && digit_value(text[i + 1]) >= 0 &&
                            digit_value(text[i + 2]) >= 0;
        if (!escaped) {
            put_encoded(text[i], "", out);
            continue;
        }
        put_encoded((char)(digit_value(text[i + 1]) * 16 + digit_value(text[i + 2])), "", out);
        i += 2;
    }
}

/* --------------------------------------------------------- canonical forms */

/* Forgets the last segment of what was written. */
static void drop_segment(fr_buf *out, size_t start)
{
    while (out->length > start && out->data[out->length - 1] != '/')
        out->length--;
    if (out->length > start)
        out->length--;
    if (out->data != NULL)
        out->data[out->length] = '\0';
}

static void put_segment(const char *segment, size_t length, size_t start, fr_buf *out)
{
    if (length == 0 || (length == 1 && segment[0] == '.'))
        return;
    if (length == 2 && memcmp(segment, "..", 2) == 0) {
        drop_segment(out, start);
        return;
    }
    fr_buf_putc(out, '/');
    fr_buf_append(out, segment, length);
}

int32_t fr_aws_uri_normalize(const char *path, size_t length, fr_buf *out)
{
    const size_t start = out->length;

    for (size_t at = 0; at < length;) {
        const char *slash = memchr(path + at, '/', length - at);
        const size_t end = slash != NULL ? (size_t)(slash - path) : length;
        put_segment(path + at, end - at, start, out);
        at = end + 1;
    }
    if (out->length == start || (length > 0 && path[length - 1] == '/'))
        fr_buf_putc(out, '/');
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* One pair: name and value, encoded, each NUL-terminated in `text`. */
typedef struct pair {
    char *text;
    size_t value; /* offset */
} pair;

static int compare_pairs(const void *a, const void *b)
{
    const pair *left = a, *right = b;
    const int names = strcmp(left->text, right->text);

    return names != 0 ? names : strcmp(left->text + left->value, right->text + right->value);
}

static void free_pair(void *item)
{
    pair *p = item;

    free(p->text);
    free(p);
}

static int32_t push_pair(fr_vec *pairs, const char *text, size_t length)
{
    fr_buf encoded = {0};
    const char *equals = memchr(text, '=', length);
    const size_t name = equals != NULL ? (size_t)(equals - text) : length;
    pair *p = calloc(1, sizeof *p);

    if (p == NULL)
        return FRACTARY_E_NOMEM;
    put_recoded(text, name, &encoded);
    fr_buf_putc(&encoded, '\0');
    p->value = encoded.length;
    if (equals != NULL)
        put_recoded(equals + 1, length - name - 1, &encoded);
    p->text = fr_buf_steal(&encoded);
    if (p->text != NULL && fr_vec_push(pairs, p) == FRACTARY_OK)
        return FRACTARY_OK;
    free_pair(p);
    return FRACTARY_E_NOMEM;
}

static int32_t split_pairs(const char *query, size_t length, fr_vec *pairs)
{
    for (size_t at = 0; at < length;) {
        const char *end = memchr(query + at, '&', length - at);
        const size_t size = end != NULL ? (size_t)(end - query) - at : length - at;
        if (pairs->count == PAIRS_MAX)
            return FRACTARY_E_LIMIT;
        const int32_t status = size > 0 ? push_pair(pairs, query + at, size) : FRACTARY_OK;
        if (status != FRACTARY_OK)
            return status;
        at += size + 1;
    }
    return FRACTARY_OK;
}

int32_t fr_aws_uri_canonical_query(const char *query, size_t length, fr_buf *out)
{
    fr_vec pairs = {0};
    int32_t status = split_pairs(query, length, &pairs);

    if (status == FRACTARY_OK)
        fr_vec_sort(&pairs, compare_pairs);
    for (size_t i = 0; status == FRACTARY_OK && i < pairs.count; i++) {
        const pair *p = pairs.items[i];
        status = fr_buf_printf(out, "%s%s=%s", i > 0 ? "&" : "", p->text, p->text + p->value);
    }
    fr_vec_finish(&pairs, free_pair);
    return status;
}
