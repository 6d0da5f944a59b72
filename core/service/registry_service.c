/* fractary.registry/1 */
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_walk.h"
#include "base/path.h"
#include "base/time.h"
#include "project/registry_view.h"
#include "service/records.h"
#include "service/service.h"

#define USER_BUFFER 16384

typedef struct registry_service {
    fractary_registry table;
    fr_context *context;
} registry_service;

static int32_t find_place(const fr_context *context, const fractary_call *call,
                          fr_registry_place *place, fractary_error *error)
{
    const int32_t status = fr_service_demand_project(context, error);

    if (status != FRACTARY_OK)
        return status;
    if (call == NULL || *call->environment == '\0')
        return fr_error_set(error, FRACTARY_E_INVALID, "a registry belongs to an environment");
    *place = (fr_registry_place){.folder = fr_config_folder(context->config),
                                 .environment = call->environment,
                                 .stack = call->stack,
                                 .project = fr_config_project(context->config)};
    return FRACTARY_OK;
}

/* The path of DEPLOYED.md as a person in the project's folder would type it. */
static char *document_path(const fr_context *context, const fr_registry_place *place)
{
    char *absolute = fr_registry_document(place);
    char *relative =
        absolute != NULL ? fr_path_relative(fr_config_root(context->config), absolute) : NULL;

    free(absolute);
    return relative;
}

/* --------------------------------------------------------------------- read */

/* Where the entries of a registry go. */
typedef struct outlet {
    const fractary_sink *out;
    fractary_error *error;
    fr_buf line; /* kept for its memory */
} outlet;

/* An entry goes out as it stands, without a tree: there may be ten thousand.
 * It is a line of the file, unless somebody gave the file another form. */
static int32_t emit_entry(void *context, fractary_string_view entry)
{
    outlet *to = context;

    if (memchr(entry.data, '\n', entry.length) != NULL) {
        fr_buf_clear(&to->line);
        if (fr_json_compact(entry, &to->line) != FRACTARY_OK)
            return fr_error_nomem(to->error);
        entry = (fractary_string_view){fr_buf_text(&to->line), to->line.length};
    }
    return fr_service_answer_bytes(to->out, entry.data, entry.length, to->error);
}

static int32_t read_all(const fractary_registry *self, const fractary_call *call,
                        const fractary_sink *out, fractary_error *error)
{
    const registry_service *service = self->context;
    outlet to = {.out = out, .error = error};
    fr_registry_place place;
    int32_t status = find_place(service->context, call, &place, error);

    if (status == FRACTARY_OK)
        status = fr_registry_each(&place, emit_entry, &to, error);
    /* Nothing can be taken from it, and this run writes it anew. */
    if (status == FRACTARY_E_CONFIG && service->context->registry_broken)
        status = FRACTARY_OK;
    fr_buf_finish(&to.line);
    return status;
}

/* ------------------------------------------------------------------- commit */

/* Who runs this, by the system's own list rather than by a variable, where it
 * has an entry. The caller frees it; NULL when nobody knows. */
static char *user_name(void)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char *buffer = malloc(USER_BUFFER);
    char *name = NULL;

    if (buffer != NULL && getpwuid_r(geteuid(), &entry, buffer, USER_BUFFER, &found) == 0 &&
        found != NULL)
        name = fr_str_dup(entry.pw_name);
    free(buffer);
    return name != NULL ? name : fr_str_dup(getenv("LOGNAME"));
}

static int64_t count_status(const fr_json *resources, const char *status)
{
    int64_t count = 0;

    for (const fr_json *e = fr_json_first(resources); e != NULL; e = fr_json_next(e))
        count += fr_str_equal(fr_json_get_string(e, "status"), status);
    return count;
}

static fr_json *commit_record(const fr_context *context, const fr_registry_place *place,
                              const fractary_registry_update *update, const fr_json *resources)
{
    static const char *const states[] = {"verified", "missing", "unverifiable"};
    const size_t count = fr_json_count(resources);
    char *document = document_path(context, place);
    fr_json *record =
        fr_record_new("registry", "%zu resource%s recorded in %s", count, count == 1 ? "" : "s",
                      document != NULL ? document : "the registry");

    fr_json_set_string(record, "action", update->action);
    fr_json_set_int(record, "resources", (int64_t)count);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        fr_json_set_int(record, states[i], count_status(resources, states[i]));
    fr_json_set_string(record, "document", document);
    free(document);
    return record;
}

static int32_t parse_update(const fractary_registry_update *update, fr_json **resources,
                            fractary_error *error)
{
    fr_json_fault fault = {0};

    if (update->action == NULL || update->resources == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "action or resources are missing");
    if (update->length > FR_REGISTRY_LIMIT)
        return fr_error_set(error, FRACTARY_E_LIMIT, "a registry has at most %u MiB",
                            FR_REGISTRY_LIMIT / 1024 / 1024);
    *resources = fr_json_parse(update->resources, (size_t)update->length, &fault);
    if (*resources == NULL && fault.line == 0)
        return fr_error_nomem(error);
    if (fr_json_kind_of(*resources) != FR_JSON_ARRAY) {
        fr_error_set(error, FRACTARY_E_INVALID, "the resources are no JSON array");
        fr_error_cause(error, "%s", fault.reason);
        return FRACTARY_E_INVALID;
    }
    return FRACTARY_OK;
}

static int32_t write_update(fr_context *context, const fr_registry_place *place,
                            const fractary_registry_update *update, const fr_json *resources,
                            fractary_error *error)
{
    char *user = user_name();
    const fr_registry_change change = {.failed = update->failed != 0,
                                       .action = update->action,
                                       .run = context->run != NULL ? fr_run_id(context->run) : "",
                                       .plan = update->plan,
                                       .principal = update->principal,
                                       .user = user,
                                       .at = fr_time_now_ms()};
    int32_t status = fr_registry_commit(place, &change, resources, error);

    free(user);
    if (status != FRACTARY_OK)
        return status;
    status = fr_records_emit(context->records, commit_record(context, place, update, resources));
    if (status != FRACTARY_OK)
        fr_error_set(error, status, "the registry was written, and its record was not");
    return status;
}

static int32_t commit(const fractary_registry *self, const fractary_call *call,
                      const fractary_registry_update *given, fractary_error *error)
{
    const registry_service *service = self->context;
    fractary_registry_update update;
    fr_registry_place place;
    fr_json *resources = NULL;
    int32_t status = find_place(service->context, call, &place, error);

    if (status == FRACTARY_OK && given == NULL)
        status = fr_error_set(error, FRACTARY_E_INVALID, "there is no update");
    if (status != FRACTARY_OK)
        return status;
    fr_service_copy(&update, sizeof update, given);
    status = parse_update(&update, &resources, error);
    if (status == FRACTARY_OK)
        status = write_update(service->context, &place, &update, resources, error);
    fr_json_free(resources);
    return status;
}

static int32_t document(const fractary_registry *self, const fractary_call *call,
                        const fractary_sink *out, fractary_error *error)
{
    const registry_service *service = self->context;
    fr_registry_place place;
    int32_t status = find_place(service->context, call, &place, error);

    if (status != FRACTARY_OK)
        return status;
    char *path = document_path(service->context, &place);
    status = fr_service_answer(out, path, error);
    free(path);
    return status;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    registry_service *service = calloc(1, sizeof *service);

    (void)guest;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table =
        (fractary_registry){sizeof service->table, service, read_all, commit, document};
    service->context = context;
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_registry_service = {FRACTARY_REGISTRY_1, NULL, create, free};
