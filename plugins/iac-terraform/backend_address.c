#include "backend_address.h"

#include <fractary-plugin/hash.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_WORKSPACE "default"
/* Of a hash: enough to tell two apart that nobody chose to be alike. */
#define HASH_DIGITS 32

/*
 * What identifies a state. In the patterns stands for the value of `key`:
 *   {key}          it must be there
 *   {key|text}     or else the text
 *   {key/}         with a slash behind it, or nothing at all
 *   {@key}         a URL, without user information and with its query hashed
 *   {#key}         the words of a database's address that name the database,
 *                  hashed
 *   {*}            the workspace
 * `elsewhere` is for a workspace other than the default one; NULL: the same.
 */
static const struct shape {
    const char *type, *address, *elsewhere;
} shapes[] = {
    {"s3", "s3://{bucket}/{key}", "s3://{bucket}/{workspace_key_prefix|env:}/{*}/{key}"},
    {"gcs", "gs://{bucket}/{prefix/}{*}.tfstate", NULL},
    {"azurerm", "azurerm://{storage_account_name}/{container_name}/{key}",
     "azurerm://{storage_account_name}/{container_name}/{key}env:{*}"},
    {"http", "{@address}", NULL},
    {"pg", "pg:{#conn_str}/{schema_name|terraform_remote_state}/{*}", NULL},
    {"consul", "consul://{@address|}/{datacenter/}{path}",
     "consul://{@address|}/{datacenter/}{path}-env:{*}"},
    {"kubernetes",
     "kubernetes:{config_path/}{config_context/}{@host/}{namespace|default}/"
     "tfstate-{*}-{secret_suffix}",
     NULL},
    {"cos", "cos://{region/}{bucket}/{prefix/}{key|terraform.tfstate}",
     "cos://{region/}{bucket}/{prefix/}{*}/{key|terraform.tfstate}"},
    {"oss", "oss://{bucket}/{prefix|env:}/{key|terraform.tfstate}",
     "oss://{bucket}/{prefix|env:}/{*}/{key|terraform.tfstate}"},
};

/* ------------------------------------------------------------------- values */

static void put_hash(fr_buf *out, const char *text, size_t length)
{
    char digest[FR_SHA256_HEX] = "";
    if (fr_sha256_hex(text, length, digest) != FRACTARY_OK)
        out->failed = 1;
    fr_buf_append(out, digest, strnlen(digest, HASH_DIGITS));
}

/* "scheme://user:password@host/path?query": keys hide before the @ and behind
 * the question mark. */
static void put_url(fr_buf *out, const char *url, int with_query)
{
    const char *authority = strstr(url, "://");
    authority = authority == NULL ? url : authority + 3;
    size_t length = strcspn(authority, "/?#");
    const char *at = memrchr(authority, '@', length);
    const char *host = at == NULL ? authority : at + 1;
    size_t shown = strcspn(host, "?#");
    fr_buf_append(out, url, (size_t)(authority - url));
    fr_buf_append(out, host, shown);
    if (!with_query || host[shown] != '?')
        return;
    fr_buf_puts(out, "?sha256=");
    put_hash(out, host + shown, strlen(host + shown));
}

/* "host=a port=1 dbname=b user=c password=d": what names the database. */
static void put_naming_words(fr_buf *out, const char *text)
{
    static const char *const naming[] = {"host=", "hostaddr=", "port=", "dbname=", "service="};
    while (*text != '\0') {
        size_t length = strcspn(text, " \t");
        for (size_t i = 0; i < sizeof naming / sizeof *naming; i++)
            if (fr_str_starts(text, naming[i]))
                fr_buf_printf(out, "%.*s ", (int)length, text);
        text += length + strspn(text + length, " \t");
    }
}

static void put_database(fr_buf *out, const char *text)
{
    fr_buf named = {0};
    if (strstr(text, "://") != NULL)
        put_url(&named, text, 0);
    else
        put_naming_words(&named, text);
    out->failed |= named.failed;
    put_hash(out, fr_buf_text(&named), named.length);
    fr_buf_finish(&named);
}

/* -------------------------------------------------------------------- shapes */

/* What stands between two braces. */
typedef struct slot {
    char mark; /* '@', '#', '*' or 0 */
    char name[64];
    int optional, slash;
    const char *otherwise; /* text behind '|', up to the brace */
    size_t otherwise_length;
} slot;

/* Reads a slot behind its brace; returns what follows the closing one. */
static const char *read_slot(const char *text, slot *s)
{
    memset(s, 0, sizeof *s);
    if (*text == '@' || *text == '#' || *text == '*')
        s->mark = *text++;
    size_t length = strcspn(text, "|/}");
    memcpy(s->name, text, length);
    text += length;
    s->slash = *text == '/';
    s->optional = *text != '}';
    size_t rest = strcspn(text, "}");
    s->otherwise = text + (*text != '}');
    s->otherwise_length = *text == '|' ? rest - 1 : 0;
    return text + rest + 1;
}

static void put_value(fr_buf *out, const slot *s, const char *value)
{
    if (s->mark == '@')
        put_url(out, value, 1);
    else if (s->mark == '#')
        put_database(out, value);
    else
        fr_buf_puts(out, value);
    if (s->slash && !fr_str_ends(value, "/"))
        fr_buf_putc(out, '/');
}

/* Zero when a value is missing that must be there. */
static int put_slot(fr_buf *out, const slot *s, const fr_json *config, const char *workspace)
{
    const char *value = s->mark == '*' ? workspace : fr_json_get_string(config, s->name);
    if (value != NULL && *value != '\0')
        put_value(out, s, value);
    else
        fr_buf_append(out, s->otherwise, s->otherwise_length);
    return (value != NULL && *value != '\0') || s->optional;
}

static int put_shape(fr_buf *out, const char *pattern, const fr_json *config, const char *workspace)
{
    int complete = 1;
    while (*pattern != '\0') {
        size_t length = strcspn(pattern, "{");
        fr_buf_append(out, pattern, length);
        pattern += length;
        if (*pattern != '{')
            continue;
        slot s;
        pattern = read_slot(pattern + 1, &s);
        complete &= put_slot(out, &s, config, workspace);
    }
    return complete;
}

/* A bucket's name is known to all of AWS; on another service it is another
 * bucket. */
static void put_endpoint(fr_buf *out, const fr_json *config)
{
    const char *endpoint = fr_json_string(fr_json_at(config, "endpoints", "s3", (char *)NULL));
    if (endpoint == NULL)
        endpoint = fr_json_get_string(config, "endpoint");
    if (endpoint == NULL || *endpoint == '\0' || strstr(endpoint, ".amazonaws.com") != NULL)
        return;
    fr_buf_puts(out, "?endpoint=");
    put_url(out, endpoint, 0);
}

/* ------------------------------------------------------------- anything else */

static int is_secret(const char *key)
{
    static const char *const parts[] = {"*secret*", "*password*", "*token*", "*access_key*",
                                        "*private*", "*credential*", "*certificate*", "*sas*"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (fr_str_glob(parts[i], key))
            return 1;
    return 0;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(fr_json_key(a), fr_json_key(b));
}

static void put_members(fr_buf *out, const fr_json *config)
{
    fr_vec members = {0};
    for (fr_json *m = fr_json_first(config); m != NULL; m = fr_json_next(m))
        if (fr_json_kind_of(m) != FR_JSON_NULL && fr_json_key(m) != NULL &&
            !is_secret(fr_json_key(m)))
            out->failed |= fr_vec_push(&members, m) != FRACTARY_OK;
    fr_vec_sort(&members, by_key);
    for (size_t i = 0; i < members.count; i++) {
        const fr_json *m = members.items[i];
        fr_buf_printf(out, "%s=", fr_json_key(m));
        if (fr_json_string(m) != NULL)
            put_url(out, fr_json_string(m), 0);
        else
            fr_json_print(m, out);
        fr_buf_putc(out, '\n');
    }
    fr_vec_finish(&members, NULL);
}

static void put_hashed(fr_buf *out, const char *type, const fr_json *config, const char *workspace)
{
    fr_buf text = {0};
    put_members(&text, config);
    fr_buf_printf(out, "%s:", type);
    put_hash(out, fr_buf_text(&text), text.length);
    fr_buf_printf(out, "/%s", workspace);
    out->failed |= text.failed;
    fr_buf_wipe(&text);
}

char *fr_tf_backend_address(const char *type, const fr_json *config, const char *workspace)
{
    fr_buf out = {0};
    int complete = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct shape *s = &shapes[i];
        int elsewhere = s->elsewhere != NULL && !fr_str_equal(workspace, DEFAULT_WORKSPACE);
        if (fr_str_equal(s->type, type))
            complete = put_shape(&out, elsewhere ? s->elsewhere : s->address, config, workspace);
    }
    if (complete && fr_str_equal(type, "s3"))
        put_endpoint(&out, config);
    if (!complete) {
        fr_buf_clear(&out);
        put_hashed(&out, type, config, workspace);
    }
    if (!out.failed)
        return fr_buf_steal(&out);
    fr_buf_finish(&out);
    return NULL;
}
