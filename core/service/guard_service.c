/* fractary.guard/1 */
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>

#include "project/registry_ready.h"
#include "service/records.h"
#include "service/sealed.h"
#include "service/service.h"
#include "trust/guard.h"

typedef struct guard_service {
    fractary_guard table;
    fr_context *context;
} guard_service;

static int32_t say_broken(fr_context *context, const fractary_error *broken)
{
    fr_json *record =
        fr_record_new("log",
                      "%s: %s. The next that is recorded makes it anew; the broken one is kept "
                      "beside it, as registry.json.broken.",
                      broken->message, broken->cause);

    context->registry_broken = 1;
    if (fr_json_set_string(record, "level", "warning") == FRACTARY_OK)
        return fr_records_emit(context->records, record);
    fr_json_free(record);
    return FRACTARY_E_NOMEM;
}

/* A change that could not be recorded must not begin. */
static int32_t check_registry(fr_context *context, const fr_gate_subject *subject,
                              fractary_error *error)
{
    const fr_registry_place place = {.folder = fr_config_folder(context->config),
                                     .environment = subject->environment,
                                     .stack = subject->stack,
                                     .project = fr_config_project(context->config)};
    fractary_error broken = FR_ERROR_INIT;
    int32_t status = fr_registry_ready(&place, &broken, error);

    if (status == FRACTARY_OK && broken.status != FRACTARY_OK &&
        say_broken(context, &broken) != FRACTARY_OK)
        status = fr_error_set(error, FRACTARY_E_IO, "a warning cannot be recorded");
    return status;
}

static int32_t check(const fractary_guard *self, const fractary_call *call, const char *purpose,
                     const char *plan, fractary_error *error)
{
    fr_context *context = ((const guard_service *)self->context)->context;
    fr_gate_subject subject;
    fr_json *record = NULL;
    int32_t status = fr_service_demand_project(context, error);

    if (status == FRACTARY_OK)
        status = fr_sealed_subject(context, call, purpose, plan, &subject, error);
    if (status == FRACTARY_OK && *subject.plan == '\0' && fr_str_equal(purpose, "deploy"))
        status = check_registry(context, &subject, error);
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
