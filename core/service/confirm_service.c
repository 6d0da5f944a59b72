/* fractary.confirm/1 */
#include <fractary-plugin/record.h>
#include <stdlib.h>

#include "service/records.h"
#include "service/sealed.h"
#include "service/service.h"
#include "trust/approval.h"

typedef struct confirm_service {
    fractary_confirm table;
    fr_context *context;
} confirm_service;

static fr_json *approval_record(const fr_gate_subject *subject,
                                const fractary_approval_request *request, const char *how)
{
    fr_json *record =
        fr_record_new("approval", "%s of the plan approved (%s)", request->method, how);

    fr_json_set_string(record, "plan", subject->plan);
    fr_json_set_string(record, "method", request->method);
    fr_json_set_string(record, "purpose", subject->purpose);
    fr_json_set_string(record, "how", how);
    return record;
}

static int32_t ask(fr_context *context, const fr_gate_subject *subject,
                   const fractary_approval_request *request, fractary_error *error)
{
    const fr_approval_demand demand = {.method = request->method,
                                       .summary = request->summary,
                                       .ask = (request->flags & FRACTARY_CONFIRM_ASK) != 0,
                                       .yes = (request->flags & FRACTARY_CONFIRM_YES) != 0};
    const char *how = "";
    int32_t status = fr_approval_get(&context->terminal, context->config, context->gate, subject,
                                     &demand, &how, error);

    if (status != FRACTARY_OK)
        return status;
    status = fr_records_emit(context->records, approval_record(subject, request, how));
    if (status == FRACTARY_OK)
        return status;
    /* An approval that nobody can read later must not open the gate. */
    fr_gate_forget(context->gate, subject->plan);
    fr_error_set(error, status, "the approval cannot be recorded");
    fr_error_cause(error, "the journal of run %s cannot be written; a change that nobody can prove "
                          "later to have been approved does not begin",
                   fr_run_id(context->run));
    fr_error_advice(error, "make room below %s/runs, or mend the rights there, and run it again; "
                           "nothing was changed",
                    fr_config_folder(context->config));
    return status;
}

static int32_t approve(const fractary_confirm *self, const fractary_call *call,
                       const fractary_approval_request *given, fractary_error *error)
{
    fr_context *context = ((const confirm_service *)self->context)->context;
    fractary_approval_request request;
    fr_gate_subject subject;

    if (given == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "there is no request");
    fr_service_copy(&request, sizeof request, given);
    if (request.plan == NULL || request.method == NULL || request.summary == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "an approval needs a plan, a method and a summary");
    int32_t status = fr_service_demand_project(context, error);
    if (status == FRACTARY_OK)
        status = fr_sealed_subject(context, call, request.purpose, request.plan, &subject, error);
    return status == FRACTARY_OK ? ask(context, &subject, &request, error) : status;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    confirm_service *service = calloc(1, sizeof *service);

    (void)guest;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_confirm){sizeof service->table, service, approve};
    service->context = context;
    *out = service;
    return FRACTARY_OK;
}

static const char *const agents_only[] = {"agent", NULL};

const fr_service fr_confirm_service = {FRACTARY_CONFIRM_1, agents_only, create, free};
