#include "plugin/instance.h"

#include "plugin/loader.h"
#include "plugin/section.h"
#include "plugin/verdict.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>

int32_t fr_instance_enter(const fr_instance_home *home, const fr_instance *instance,
                          const char *method, uint64_t deadline, fractary_error *error)
{
    const fr_context *context = home->context;
    const fr_watchdog_method entered = {
        .plugin = instance->manifest->id,
        .name = method,
        .run = context->run != NULL ? fr_run_id(context->run) : "",
        .deadline = deadline,
        .output = {.descriptor = home->descriptor,
                   .journal =
                       context->journal != NULL ? fr_journal_descriptor(context->journal) : -1},
    };

    return fr_watchdog_enter(home->watchdog, &entered, error);
}

void fr_instance_leave(const fr_instance_home *home)
{
    fr_watchdog_leave(home->watchdog);
}

static int32_t cannot_start(const fr_instance *instance, int32_t status, fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;

    if (error != NULL)
        said = *error;
    /* A wrong setting is no fault of the plugin, and it has said where it is. */
    if (status == FRACTARY_E_CONFIG && said.place[0] != '\0')
        return status;
    fr_error_set(error, status, "the plugin %s cannot start: %s", instance->manifest->id,
                 said.message);
    fr_error_cause(error, "%s", said.cause);
    fr_error_advice(error, "%s", said.advice);
    fr_error_place(error, "%s", said.place[0] != '\0' ? said.place : instance->manifest->library);
    return status;
}

static int32_t make_host(const fr_instance_home *home, fr_instance *instance, fractary_error *error)
{
    const fr_manifest *manifest = instance->manifest;
    const fr_guest guest = {
        .id = manifest->id,
        .kind = manifest->kind,
        .environment = instance->environment,
        .needs = manifest->needs,
        .files = manifest->files,
        .environ = manifest->environ,
        .section = instance->section,
    };

    return fr_host_create(home->context, &guest, &instance->host, error);
}

/* Runs the plugin's own create(). */
static int32_t create_plugin(const fr_instance_home *home, fr_instance *instance,
                             fractary_error *error)
{
    fr_verdict verdict = {
        .plugin = instance->manifest->id, .method = "create", .said = FR_ERROR_INIT};
    int32_t status = fr_instance_enter(home, instance, verdict.method, 0, error);

    if (status != FRACTARY_OK)
        return status;
    verdict.status =
        instance->entry.create(fr_host_table(instance->host), &instance->plugin, &verdict.said);
    fr_instance_leave(home);
    if (verdict.status != FRACTARY_OK)
        instance->plugin = NULL;
    else if (instance->plugin == NULL)
        verdict.broken = "it succeeded and made no instance";
    return fr_verdict_give(&verdict, error);
}

static int32_t take_interface(const fr_instance_home *home, fr_instance *instance,
                              fractary_error *error)
{
    const fr_kind *kind = instance->kind;
    const void *table;
    int32_t status = fr_instance_enter(home, instance, "get_interface", 0, error);

    if (status != FRACTARY_OK)
        return status;
    table = instance->entry.get_interface(instance->plugin, kind->interface_id);
    fr_instance_leave(home);
    return fr_interface_take(kind, table, &instance->table, error);
}

static int32_t start(const fr_instance_home *home, fr_instance *instance, fractary_error *error)
{
    int32_t status = make_host(home, instance, error);

    if (status == FRACTARY_OK)
        status = create_plugin(home, instance, error);
    if (status == FRACTARY_OK)
        status = take_interface(home, instance, error);
    return status == FRACTARY_OK ? FRACTARY_OK : cannot_start(instance, status, error);
}

int32_t fr_instance_create(const fr_instance_home *home, const fr_manifest *manifest,
                           const char *environment, fr_instance **out, fractary_error *error)
{
    fr_instance *instance = calloc(1, sizeof *instance);
    int32_t status;

    *out = NULL;
    if (instance == NULL)
        return fr_error_nomem(error);
    instance->manifest = manifest;
    instance->kind = fr_kind_find(manifest->kind);
    instance->environment = fr_str_dup(environment);
    status = instance->environment != NULL ? FRACTARY_OK : fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = fr_section_make(home->context->config, environment, home->context->stack,
                                 manifest, &instance->section, error);
    if (status == FRACTARY_OK)
        status = fr_loader_open(manifest, &instance->entry, error);
    if (status == FRACTARY_OK)
        status = start(home, instance, error);
    if (status == FRACTARY_OK)
        *out = instance;
    else
        fr_instance_destroy(home, instance);
    return status;
}

void fr_instance_destroy(const fr_instance_home *home, fr_instance *instance)
{
    if (instance == NULL)
        return;
    if (instance->plugin != NULL) {
        const int watched = fr_instance_enter(home, instance, "destroy", 0, NULL) == FRACTARY_OK;
        instance->entry.destroy(instance->plugin);
        if (watched)
            fr_instance_leave(home);
    }
    fr_host_destroy(instance->host);
    fr_json_free(instance->section);
    free(instance->environment);
    free(instance);
}
