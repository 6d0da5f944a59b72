/* fractary.identity/1 */
#include <stdlib.h>

#include "service/service.h"
#include "trust/identity.h"

typedef struct identity_service {
    fractary_identity table;
    fr_context *context;
    const fr_guest *guest;
} identity_service;

static int32_t describe(const fractary_identity *self, const fractary_call *call,
                        const char *purpose, const fractary_sink *out, fractary_error *error)
{
    const identity_service *service = self->context;
    fr_buf text = {0};
    int32_t status = fr_service_demand_project(service->context, error);

    (void)call;
    if (status == FRACTARY_OK && purpose == NULL)
        status = fr_error_set(error, FRACTARY_E_INVALID, "an identity is asked for by a purpose");
    if (status == FRACTARY_OK)
        status = fr_identity_describe(service->context->config, service->guest->environment,
                                      purpose, &text, error);
    if (status == FRACTARY_OK)
        status = fr_service_answer(out, fr_buf_text(&text), error);
    fr_buf_finish(&text);
    return status;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    identity_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_identity){sizeof service->table, service, describe};
    service->context = context;
    service->guest = guest;
    *out = service;
    return FRACTARY_OK;
}

static const char *const hosting_only[] = {"hosting", NULL};

const fr_service fr_identity_service = {FRACTARY_IDENTITY_1, hosting_only, create, free};
