#include "sigv4.h"

#include "uri.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

#define ALGORITHM   "AWS4-HMAC-SHA256"
#define TERMINATOR  "aws4_request"
#define HEADERS_MAX 64

/* Headers that proxies and transports change on the way. */
static const char *const unsigned_headers[] = {
    "authorization", "connection", "expect",     "keep-alive", "te",
    "trailer",       "upgrade",    "user-agent", "host",       "transfer-encoding",
};

/* Headers in the order in which they are signed. */
typedef struct header_list {
    fractary_header items[HEADERS_MAX];
    size_t count;
} header_list;

/* ----------------------------------------------------------------- headers */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int compare_names(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

static int is_signed(const char *name)
{
    for (size_t i = 0; i < sizeof unsigned_headers / sizeof *unsigned_headers; i++)
        if (fr_str_equal_nocase(name, unsigned_headers[i]))
            return 0;
    return 1;
}

/* Behind those of the same name, which keep their order. */
static int32_t insert_header(header_list *list, const char *name, const char *value)
{
    size_t at = list->count;

    if (list->count == HEADERS_MAX)
        return FRACTARY_E_LIMIT;
    for (; at > 0 && compare_names(list->items[at - 1].name, name) > 0; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = (fractary_header){name, value};
    list->count++;
    return FRACTARY_OK;
}

static int32_t collect_headers(const fr_aws_signer *signer, const fr_aws_message *message,
                               const char *host, const fr_aws_signature *s, header_list *list)
{
    int32_t status = insert_header(list, "host", host);

    for (uint64_t i = 0; status == FRACTARY_OK && i < message->header_count; i++)
        if (is_signed(message->headers[i].name))
            status = insert_header(list, message->headers[i].name, message->headers[i].value);
    if (status == FRACTARY_OK)
        status = insert_header(list, "x-amz-date", s->date);
    if (status == FRACTARY_OK && (signer->flags & FR_AWS_SIGN_CONTENT) != 0)
        status = insert_header(list, "x-amz-content-sha256", s->content);
    if (status == FRACTARY_OK && signer->session_token != NULL)
        status = insert_header(list, "x-amz-security-token", signer->session_token);
    return status;
}

static void put_lower(const char *text, fr_buf *out)
{
    for (; *text != '\0'; text++)
        fr_buf_putc(out, lower(*text));
}

/* Without spaces at both ends, runs of them as one. */
static void put_trimmed(const char *text, fr_buf *out)
{
    int pending = 0, begun = 0;

    for (; *text != '\0'; text++) {
        if (is_space(*text)) {
            pending = begun;
            continue;
        }
        if (pending)
            fr_buf_putc(out, ' ');
        fr_buf_putc(out, *text);
        pending = 0;
        begun = 1;
    }
}

static int repeats(const header_list *list, size_t i)
{
    return i > 0 && compare_names(list->items[i - 1].name, list->items[i].name) == 0;
}

static void put_canonical_headers(const header_list *list, fr_buf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        if (repeats(list, i)) {
            fr_buf_putc(out, ',');
        } else {
            fr_buf_puts(out, i > 0 ? "\n" : "");
            put_lower(list->items[i].name, out);
            fr_buf_putc(out, ':');
        }
        put_trimmed(list->items[i].value, out);
    }
    fr_buf_putc(out, '\n');
}

static void put_signed_names(const header_list *list, fr_buf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        if (repeats(list, i))
            continue;
        fr_buf_puts(out, i > 0 ? ";" : "");
        put_lower(list->items[i].name, out);
    }
}

/* ------------------------------------------------------- canonical request */

static int32_t put_path(uint32_t flags, const fractary_string_view *path, fr_buf *out)
{
    fr_buf normal = {0};
    fractary_string_view text = path->length > 0 ? *path : (fractary_string_view){"/", 1};
    int32_t status = FRACTARY_OK;

    if ((flags & FR_AWS_SIGN_NORMALIZE) != 0) {
        status = fr_aws_uri_normalize(text.data, text.length, &normal);
        text = (fractary_string_view){normal.data, normal.length};
    }
    if (status == FRACTARY_OK && (flags & FR_AWS_SIGN_ENCODE) != 0)
        status = fr_aws_uri_encode(text.data, text.length, "/", out);
    else if (status == FRACTARY_OK)
        status = fr_buf_append(out, text.data, text.length);
    fr_buf_finish(&normal);
    return status;
}

static int32_t put_canonical(const fr_aws_signer *signer, const fr_aws_message *message,
                             const fr_aws_uri *uri, const header_list *headers, fr_aws_signature *s)
{
    fr_buf *out = &s->canonical;

    fr_buf_printf(out, "%s\n", message->method);
    int32_t status = put_path(signer->flags, &uri->path, out);
    fr_buf_putc(out, '\n');
    if (status == FRACTARY_OK)
        status = fr_aws_uri_canonical_query(uri->query.data, uri->query.length, out);
    fr_buf_putc(out, '\n');
    put_canonical_headers(headers, out);
    fr_buf_putc(out, '\n');
    put_signed_names(headers, out);
    fr_buf_printf(out, "\n%s", s->content);
    return status == FRACTARY_OK && out->failed ? FRACTARY_E_NOMEM : status;
}

/* --------------------------------------------------------------------- key */

void fr_aws_keys_wipe(fr_aws_keys *keys)
{
    if (keys != NULL)
        fr_wipe(keys, sizeof *keys);
}

static int32_t derive(const char *secret, const char *const parts[4], uint8_t key[FR_SHA256_SIZE])
{
    fr_buf first = {0};
    int32_t status = fr_buf_reserve(&first, strlen(secret) + 4);

    if (status == FRACTARY_OK)
        status = fr_buf_printf(&first, "AWS4%s", secret);
    if (status == FRACTARY_OK)
        status = fr_hmac_sha256(first.data, first.length, parts[0], strlen(parts[0]), key);
    for (size_t i = 1; status == FRACTARY_OK && i < 4; i++)
        status = fr_hmac_sha256(key, FR_SHA256_SIZE, parts[i], strlen(parts[i]), key);
    fr_buf_wipe(&first);
    return status;
}

static const uint8_t *find_key(const fr_aws_keys *keys, const char *scope)
{
    for (size_t i = 0; keys != NULL && i < FR_AWS_KEYS; i++)
        if (strcmp(keys->entries[i].scope, scope) == 0)
            return keys->entries[i].key;
    return NULL;
}

static void keep_key(fr_aws_keys *keys, const char *scope, const uint8_t key[FR_SHA256_SIZE])
{
    if (keys == NULL)
        return;
    const uint32_t at = keys->next++ % FR_AWS_KEYS;
    memcpy(keys->entries[at].scope, scope, strlen(scope) + 1);
    memcpy(keys->entries[at].key, key, FR_SHA256_SIZE);
}

static int32_t signing_key(const fr_aws_signer *signer, const char *date, const char *scope,
                           uint8_t key[FR_SHA256_SIZE])
{
    const char *const parts[4] = {date, signer->region, signer->service, TERMINATOR};
    const uint8_t *known = find_key(signer->keys, scope);

    if (known != NULL) {
        memcpy(key, known, FR_SHA256_SIZE);
        return FRACTARY_OK;
    }
    const int32_t status = derive(signer->secret_key, parts, key);
    if (status == FRACTARY_OK)
        keep_key(signer->keys, scope, key);
    return status;
}

/* ----------------------------------------------------------------- signing */

static void begin(fr_aws_signature *s, int64_t seconds)
{
    fr_aws_date_basic(seconds, s->date);
    fr_buf_clear(&s->canonical);
    fr_buf_clear(&s->to_sign);
    fr_buf_clear(&s->authorization);
}

static int32_t canonicalize(const fr_aws_signer *signer, const fr_aws_message *message,
                            header_list *headers, fr_buf *host, fr_aws_signature *s)
{
    fr_aws_uri uri;
    int32_t status = fr_aws_uri_split(message->url, &uri);

    if (status == FRACTARY_OK)
        status = fr_aws_uri_host(&uri, host);
    if (status == FRACTARY_OK)
        status = fr_sha256_hex(message->body, message->body != NULL ? message->body_length : 0,
                               s->content);
    if (status == FRACTARY_OK)
        status = collect_headers(signer, message, fr_buf_text(host), s, headers);
    if (status == FRACTARY_OK)
        status = put_canonical(signer, message, &uri, headers, s);
    return status;
}

static int32_t finish(const fr_aws_signer *signer, const header_list *headers, fr_aws_signature *s)
{
    char date[9], scope[FR_AWS_SCOPE], hash[FR_SHA256_HEX];
    uint8_t key[FR_SHA256_SIZE], digest[FR_SHA256_SIZE];

    snprintf(date, sizeof date, "%.8s", s->date);
    const int written = snprintf(scope, sizeof scope, "%s/%s/%s/" TERMINATOR, date, signer->region,
                                 signer->service);
    if (written < 0 || (size_t)written >= sizeof scope)
        return FRACTARY_E_LIMIT;
    int32_t status = fr_sha256_hex(s->canonical.data, s->canonical.length, hash);
    if (status == FRACTARY_OK)
        status = fr_buf_printf(&s->to_sign, ALGORITHM "\n%s\n%s\n%s", s->date, scope, hash);
    if (status == FRACTARY_OK)
        status = signing_key(signer, date, scope, key);
    if (status == FRACTARY_OK)
        status = fr_hmac_sha256(key, sizeof key, s->to_sign.data, s->to_sign.length, digest);
    fr_wipe(key, sizeof key);
    if (status != FRACTARY_OK)
        return status;
    fr_hex(digest, sizeof digest, s->signature);
    fr_buf_printf(&s->authorization,
                  ALGORITHM " Credential=%s/%s, SignedHeaders=", signer->access_key, scope);
    put_signed_names(headers, &s->authorization);
    return fr_buf_printf(&s->authorization, ", Signature=%s", s->signature);
}

int32_t fr_aws_sign(const fr_aws_signer *signer, const fr_aws_message *message, int64_t seconds,
                    fr_aws_signature *out)
{
    header_list headers = {.count = 0};
    fr_buf host = {0};

    begin(out, seconds);
    int32_t status = canonicalize(signer, message, &headers, &host, out);
    if (status == FRACTARY_OK)
        status = finish(signer, &headers, out);
    fr_buf_finish(&host);
    return status;
}

void fr_aws_signature_finish(fr_aws_signature *signature)
{
    if (signature == NULL)
        return;
    fr_buf_finish(&signature->canonical);
    fr_buf_finish(&signature->to_sign);
    fr_buf_finish(&signature->authorization);
}
