#include "secret.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static void wipe_text(char **text)
{
    if (*text != NULL)
        fr_wipe(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

void fr_aws_credentials_wipe(fr_aws_credentials *credentials)
{
    if (credentials == NULL)
        return;
    wipe_text(&credentials->access_key);
    wipe_text(&credentials->secret_key);
    wipe_text(&credentials->session_token);
    free(credentials->source);
    credentials->source = NULL;
    credentials->expires = 0;
}

int32_t fr_aws_credentials_set(fr_aws_credentials *out, const char *access_key,
                               const char *secret_key, const char *session_token, int64_t expires)
{
    const int has_token = session_token != NULL && *session_token != '\0';

    out->access_key = fr_str_dup(access_key);
    out->secret_key = fr_str_dup(secret_key);
    out->session_token = has_token ? fr_str_dup(session_token) : NULL;
    out->expires = expires;
    if (out->access_key != NULL && out->secret_key != NULL &&
        (!has_token || out->session_token != NULL))
        return FRACTARY_OK;
    fr_aws_credentials_wipe(out);
    return FRACTARY_E_NOMEM;
}

int32_t fr_aws_credentials_from(fr_aws_credentials *credentials, const char *format, ...)
{
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    char *source = fr_buf_steal(&text);
    if (source == NULL)
        return FRACTARY_E_NOMEM;
    free(credentials->source);
    credentials->source = source;
    return FRACTARY_OK;
}

/* The tree is ours to change: the text is owned by it and not const there. */
static void wipe_string(const fr_json *value)
{
    union {
        const char *read;
        char *write;
    } text = {.read = fr_json_string(value)};

    if (text.read != NULL)
        fr_wipe(text.write, strlen(text.read));
}

/* Depth is bounded by the parser's limit of 64. */
static void wipe_tree(const fr_json *value)
{
    wipe_string(value);
    for (const fr_json *child = fr_json_first(value); child != NULL; child = fr_json_next(child))
        wipe_tree(child);
}

void fr_aws_json_wipe(fr_json *root)
{
    wipe_tree(root);
    fr_json_free(root);
}
