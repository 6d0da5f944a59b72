#include "service/host.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "service/service.h"

static const fr_service *const services[] = {
    &fr_process_service,  &fr_http_service,     &fr_files_service, &fr_environ_service,
    &fr_config_service,   &fr_registry_service, &fr_run_service,   &fr_identity_service,
    &fr_guard_service,    &fr_confirm_service,  &fr_clock_service, &fr_progress_service,
    &fr_handlers_service, &fr_skills_service,
};
#define SERVICES (sizeof services / sizeof *services)

struct fr_host {
    fractary_host table;
    fr_context *context;
    fr_guest guest;
    void *tables[SERVICES]; /* NULL: not given */
};

static size_t index_of(const char *id)
{
    size_t i = 0;

    while (i < SERVICES && !fr_str_equal(services[i]->id, id))
        i++;
    return i;
}

int fr_host_knows(const char *service)
{
    return index_of(service) < SERVICES;
}

int fr_host_allows(const char *kind, const char *service)
{
    const size_t index = index_of(service);

    if (index == SERVICES)
        return 0;
    const char *const *allowed = services[index]->kinds;
    if (allowed == NULL)
        return 1;
    while (*allowed != NULL && !fr_str_equal(*allowed, kind))
        allowed++;
    return *allowed != NULL;
}

static const void *get_service(const fractary_host *table, const char *id)
{
    const fr_host *host = table->context;
    const size_t index = index_of(id);

    return index < SERVICES ? host->tables[index] : NULL;
}

static int32_t give(fr_host *host, const char *id, fractary_error *error)
{
    const size_t index = index_of(id);

    if (index == SERVICES || host->tables[index] != NULL || !fr_host_allows(host->guest.kind, id))
        return FRACTARY_OK;
    return services[index]->create(host->context, &host->guest, &host->tables[index], error);
}

int32_t fr_host_create(fr_context *context, const fr_guest *guest, fr_host **out,
                       fractary_error *error)
{
    fr_host *host = calloc(1, sizeof *host);
    int32_t status = FRACTARY_OK;

    if (host == NULL)
        return fr_error_nomem(error);
    host->table = (fractary_host){.size = sizeof host->table,
                                  .abi = FRACTARY_ABI,
                                  .version = context->version,
                                  .context = host,
                                  .service = get_service};
    host->context = context;
    host->guest = *guest;
    for (const fr_json *need = fr_json_first(guest->needs); need != NULL && status == FRACTARY_OK;
         need = fr_json_next(need))
        status = give(host, fr_json_string(need), error);
    if (status != FRACTARY_OK) {
        fr_host_destroy(host);
        return status;
    }
    *out = host;
    return FRACTARY_OK;
}

const fractary_host *fr_host_table(const fr_host *host)
{
    return &host->table;
}

void fr_host_destroy(fr_host *host)
{
    if (host == NULL)
        return;
    for (size_t i = 0; i < SERVICES; i++)
        if (host->tables[i] != NULL)
            services[i]->destroy(host->tables[i]);
    free(host);
}
