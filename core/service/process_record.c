#include "service/process_record.h"

#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "base/time.h"

#define HIDDEN "(hidden)"

static const char *const secret_words[] = {"secret",     "password",   "passwd",
                                           "token",      "apikey",     "api_key",
                                           "access_key", "credential", "private_key"};

static int sounds_secret(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words; i++) {
        const size_t word = strlen(secret_words[i]);
        for (size_t at = 0; at + word <= length; at++)
            if (strncasecmp(text + at, secret_words[i], word) == 0)
                return 1;
    }
    return 0;
}

int fr_process_announces_secret(const char *argument)
{
    return argument[0] == '-' && strchr(argument, '=') == NULL &&
           sounds_secret(argument, strlen(argument));
}

/* The password of "scheme://user:password@host", or NULL. */
static const char *url_password(const char *text, size_t *length)
{
    const char *authority = strstr(text, "://");
    if (authority == NULL)
        return NULL;
    authority += 3;
    const size_t whole = strcspn(authority, "/?#");
    const char *at = memchr(authority, '@', whole);
    const char *colon = at != NULL ? memchr(authority, ':', (size_t)(at - authority)) : NULL;
    if (colon == NULL)
        return NULL;
    *length = (size_t)(at - colon) - 1;
    return colon + 1;
}

int32_t fr_process_redact(const char *argument, fr_buf *out)
{
    for (const char *equals = strchr(argument, '='); equals != NULL;
         equals = strchr(equals + 1, '=')) {
        if (!sounds_secret(argument, (size_t)(equals - argument)))
            continue;
        fr_buf_append(out, argument, (size_t)(equals - argument) + 1);
        return fr_buf_puts(out, HIDDEN);
    }
    size_t length = 0;
    const char *password = url_password(argument, &length);
    if (password == NULL)
        return fr_buf_puts(out, argument);
    fr_buf_append(out, argument, (size_t)(password - argument));
    fr_buf_puts(out, HIDDEN);
    return fr_buf_puts(out, password + length);
}

static fr_json *arguments(const char *const *argv)
{
    fr_json *list = fr_json_array();
    int hide = 0;

    for (; *argv != NULL; argv++) {
        fr_buf text = {0};
        if (hide && **argv != '-')
            fr_buf_puts(&text, HIDDEN);
        else
            fr_process_redact(*argv, &text);
        hide = fr_process_announces_secret(*argv);
        fr_json_add_string(list, fr_buf_text(&text));
        fr_buf_finish(&text);
    }
    return list;
}

static fr_json *new_record(const fractary_process_request *request,
                           const fractary_process_result *result)
{
    const char *program = fr_path_name(request->argv[0]);
    char duration[32];

    fr_time_duration(result->duration, duration, sizeof duration);
    if (result->signal != 0)
        return fr_record_new("process", "%s (%s) was ended by signal %d after %s", program,
                             request->label, result->signal, duration);
    return fr_record_new("process", "%s (%s) ended with exit code %d after %s", program,
                         request->label, result->exit_code, duration);
}

fr_json *fr_process_record(const fractary_process_request *request,
                           const fractary_process_result *result)
{
    fr_json *record = new_record(request, result);

    fr_json_set_string(record, "label", request->label);
    fr_json_set(record, "argv", arguments(request->argv));
    fr_json_set_string(record, "purpose", request->purpose);
    fr_json_set_int(record, "exit_code", result->exit_code);
    fr_json_set_int(record, "signal", result->signal);
    fr_json_set_int(record, "duration_ms", (int64_t)(result->duration / FR_MILLISECOND));
    fr_json_set_bool(record, "interrupted", result->interrupted != 0);
    return record;
}
