/* fractary.guard/1 */
#include <stdlib.h>

#include "service/records.h"
#include "service/sealed.h"
#include "service/service.h"
#include "trust/guard.h"

typedef struct guard_service {
    fractary_guard table;
    fr_context *context;
} guard_service;

static int32_t check(const fractary_guard *self, const fractary_call *call, const char *purpose,
                     const char *plan, fractary_error *error)
{
    fr_context *context = ((const guard_service *)self->context)->context;
    fr_gate_subject subject;
    fr_json *record = NULL;
    int32_t status = fr_service_demand_project(context, error);

    if (status == FRACTARY_OK)
        status = fr_sealed_subject(context, call, purpose, plan, &subject, error);
    if (status != FRACTARY_OK)
        return status;
    status =
        fr_guard_check(&context->guard, context->config, context->gate, &subject, &record, error);
    if (record == NULL)
        return status;
    const int32_t recorded = fr_records_emit(context->records, record);
    if (status != FRACTARY_OK || recorded == FRACTARY_OK)
        return status;
    /* A word that nobody can read later must not open the gate. */
    fr_gate_forget(context->gate, subject.plan);
    fr_error_set(error, recorded, "the guard's word cannot be recorded");
    fr_error_cause(error, "the journal of run %s cannot be written; a change whose reasons nobody "
                          "can read later does not begin",
                   fr_run_id(context->run));
    fr_error_advice(error, "make room below %s/runs, or mend the rights there, and run it again; "
                           "nothing was changed",
                    fr_config_folder(context->config));
    return recorded;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    guard_service *service = calloc(1, sizeof *service);

    (void)guest;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_guard){sizeof service->table, service, check};
    service->context = context;
    *out = service;
    return FRACTARY_OK;
}

static const char *const agents_only[] = {"agent", NULL};

const fr_service fr_guard_service = {FRACTARY_GUARD_1, agents_only, create, free};
