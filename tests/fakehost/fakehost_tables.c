/* Services that answer from what the test set: config, environ, identity,
 * clock, progress. */
#include "fakehost_impl.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ------------------------------------------------------------------ config */

static const char *config_section(const fractary_config *self)
{
    return ((fr_fakehost *)self->context)->section;
}

static const char *config_project(const fractary_config *self)
{
    return ((fr_fakehost *)self->context)->project;
}

/* The value of a placeholder, NULL for an unknown one. */
static const char *placeholder(const fr_json *project, const char *name, const char *resource)
{
    static const char *const table[][2] = {{"project", "name"},
                                           {"subsystem", "subsystem"},
                                           {"environment", "environment"},
                                           {"organization", "organization"}};
    if (fr_str_equal(name, "resource"))
        return resource;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (fr_str_equal(table[i][0], name))
            return fr_json_get_string(project, table[i][1]);
    return NULL;
}

static int32_t expand_into(fr_buf *text, const fr_json *project, const char *pattern,
                           const char *resource, fractary_error *error)
{
    while (*pattern != '\0') {
        const char *end = *pattern == '{' ? strchr(pattern, '}') : NULL;
        if (end == NULL) {
            fr_buf_putc(text, *pattern++);
            continue;
        }
        char *name = fr_str_ndup(pattern + 1, (size_t)(end - pattern - 1));
        const char *value = placeholder(project, name, resource);
        if (value == NULL)
            fr_error_set(error, FRACTARY_E_CONFIG, "unknown placeholder {%s}", name);
        free(name);
        if (value == NULL)
            return FRACTARY_E_CONFIG;
        fr_buf_puts(text, value);
        pattern = end + 1;
    }
    return FRACTARY_OK;
}

static int32_t config_expand(const fractary_config *self, const char *pattern, const char *resource,
                             const fractary_sink *out, fractary_error *error)
{
    fr_fakehost *host = self->context;
    fr_fake_check_error(error);
    fr_json *project = fr_json_parse(host->project, strlen(host->project), NULL);
    fr_buf text = {0};
    int32_t status = expand_into(&text, project, pattern, resource, error);
    if (status == FRACTARY_OK)
        status = fr_fake_emit(out, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(project);
    return status;
}

static void replace(char **text, char *with)
{
    ck_assert_ptr_nonnull(with);
    free(*text);
    *text = with;
}

void fr_fakehost_section(fr_fakehost *host, const char *json)
{
    fr_json *tree = fr_json_parse(json, strlen(json), NULL);
    ck_assert_msg(tree != NULL, "not JSON: %s", json);
    fr_json_free(tree);
    replace(&host->section, fr_str_dup(json));
}

void fr_fakehost_project(fr_fakehost *host, const char *json)
{
    fr_json *project = fr_json_parse(host->project, strlen(host->project), NULL);
    fr_json *patch = fr_json_parse(json, strlen(json), NULL);
    ck_assert_msg(project != NULL && patch != NULL, "not JSON: %s", json);
    ck_assert_int_eq(fr_json_merge(project, patch), FRACTARY_OK);
    fr_buf text = {0};
    ck_assert_int_eq(fr_json_print(project, &text), FRACTARY_OK);
    replace(&host->project, fr_buf_steal(&text));
    fr_json_free(project);
    fr_json_free(patch);
}

static void default_project(fr_fakehost *host)
{
    host->project = fr_str_dup("{\"name\":\"orders\",\"organization\":\"acme\","
                               "\"subsystem\":\"api\",\"environment\":\"test\",\"class\":\"test\","
                               "\"stack\":\"default\",\"account\":\"123456789012\","
                               "\"region\":\"eu-central-1\"}");
    fr_json *root = fr_json_object();
    ck_assert_int_eq(fr_json_set_string(root, "root", host->folders[0]), FRACTARY_OK);
    fr_buf text = {0};
    ck_assert_int_eq(fr_json_print(root, &text), FRACTARY_OK);
    fr_fakehost_project(host, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(root);
}

/* ----------------------------------------------------------------- environ */

static int may_see(const fr_fakehost *host, const char *name)
{
    if (host->manifest == NULL)
        return 1;
    const fr_json *list = fr_json_get(host->manifest, "environ");
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e))
        if (fr_str_glob(fr_json_string(e), name))
            return 1;
    return 0;
}

static const char *environ_get(const fractary_environ *self, const char *name)
{
    const fr_fakehost *host = self->context;
    const char *value = may_see(host, name) ? fr_json_get_string(host->environ, name) : NULL;
    return value != NULL && *value != '\0' ? value : NULL;
}

void fr_fakehost_setenv(fr_fakehost *host, const char *name, const char *value)
{
    ck_assert_int_eq(fr_json_set_string(host->environ, name, value), FRACTARY_OK);
}

/* ---------------------------------------------------------------- identity */

static int32_t identity_describe(const fractary_identity *self, const fractary_call *call,
                                 const char *purpose, const fractary_sink *out,
                                 fractary_error *error)
{
    const fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    fr_fake_check_error(error);
    const fr_json *entry = fr_json_get(host->identities, purpose);
    if (entry == NULL)
        return fr_error_set(error, FRACTARY_E_CONFIG, "there is no identity for %s", purpose);
    int32_t status = (int32_t)fr_json_get_int(entry, "status", 0);
    if (status != FRACTARY_OK)
        return fr_error_set(error, status, "the identity for %s is refused here", purpose);
    return fr_fake_emit(out, fr_json_get_string(entry, "json"));
}

void fr_fakehost_identity(fr_fakehost *host, const char *purpose, const char *json, int32_t status)
{
    fr_json *entry = fr_json_object();
    ck_assert_int_eq(fr_json_set_string(entry, "json", json), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set_int(entry, "status", status), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set(host->identities, purpose, entry), FRACTARY_OK);
}

/* ------------------------------------------------------------------- clock */

uint64_t fr_fake_monotonic(const fr_fakehost *host)
{
    if (host->clock_set)
        return host->monotonic;
    struct timespec now;
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t clock_monotonic(const fractary_clock *self)
{
    return fr_fake_monotonic(self->context);
}

static int64_t clock_now(const fractary_clock *self)
{
    const fr_fakehost *host = self->context;
    if (host->clock_set)
        return host->now;
    struct timespec now;
    ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_for(fr_fakehost *host, uint64_t nanoseconds)
{
    if (host->clock_set) {
        host->monotonic += nanoseconds;
        host->now += (int64_t)(nanoseconds / 1000000);
        return;
    }
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / 1000000000u),
                            .tv_nsec = (long)(nanoseconds % 1000000000u)};
    nanosleep(&time, NULL);
}

static int32_t clock_wait(const fractary_clock *self, const fractary_call *call,
                          uint64_t nanoseconds, fractary_error *error)
{
    fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    fr_fake_check_error(error);
    if (host->cancelled)
        return fr_error_set(error, FRACTARY_E_CANCELLED, "interrupted");
    uint64_t now = fr_fake_monotonic(host);
    if (call->deadline != 0 && now + nanoseconds >= call->deadline) {
        pause_for(host, call->deadline > now ? call->deadline - now : 0);
        return fr_error_set(error, FRACTARY_E_DEADLINE, "the deadline has passed");
    }
    pause_for(host, nanoseconds);
    return FRACTARY_OK;
}

void fr_fakehost_clock(fr_fakehost *host, uint64_t monotonic, int64_t now_ms)
{
    host->clock_set = 1;
    host->monotonic = monotonic;
    host->now = now_ms;
}

/* ---------------------------------------------------------------- progress */

static void progress_report(const fractary_progress *self, const fractary_call *call,
                            const char *message, uint64_t done, uint64_t total)
{
    fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    ck_assert_msg(message != NULL && *message != '\0', "progress without a message");
    ck_assert_msg(total == 0 || done <= total, "progress %llu of %llu", (unsigned long long)done,
                  (unsigned long long)total);
    host->progress_count++;
    host->progress_done = done;
    host->progress_total = total;
}

/* -------------------------------------------------------------------- init */

void fr_fake_tables_init(fr_fakehost *host)
{
    host->section = fr_str_dup("{}");
    host->environ = fr_json_object();
    host->identities = fr_json_object();
    ck_assert(host->section != NULL && host->environ != NULL && host->identities != NULL);
    default_project(host);
    host->config = (fractary_config){sizeof(fractary_config), host, config_section, config_project,
                                     config_expand};
    host->environ_table = (fractary_environ){sizeof(fractary_environ), host, environ_get};
    host->identity = (fractary_identity){sizeof(fractary_identity), host, identity_describe};
    host->clock =
        (fractary_clock){sizeof(fractary_clock), host, clock_monotonic, clock_now, clock_wait};
    host->progress = (fractary_progress){sizeof(fractary_progress), host, progress_report};
}
