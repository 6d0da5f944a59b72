#include "plugin/method_call.h"

#include "plugin/state_watch.h"
#include "plugin/verdict.h"
#include "service/records.h"

#include <fractary-plugin/str.h>

/* --------------------------------------------------------- before the method */

static int32_t check_offer(const fr_method_call *call, fractary_error *error)
{
    const fr_manifest *manifest = call->instance->manifest;

    if (fr_method_offered(call->method, &call->instance->table))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_UNSUPPORTED, "the plugin %s does not offer %s", manifest->id,
                 call->method->name);
    fr_error_cause(error, "its release %s has no such method", manifest->version);
    fr_error_place(error, "%s", manifest->id);
    return FRACTARY_E_UNSUPPORTED;
}

static int32_t check_listener(const fr_method_call *call, fractary_error *error)
{
    const int wanted = (call->method->flags & FR_METHOD_OUT) != 0;

    if ((call->listener == NULL && !wanted) ||
        (call->listener != NULL && call->listener->emit != NULL))
        return FRACTARY_OK;
    return fr_error_set(error, FRACTARY_E_INVALID, "%s needs a sink to answer into",
                        call->method->name);
}

static int32_t check_running(const fr_method_call *call, fractary_error *error)
{
    if (!call->instance->running)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_REENTRANT, "the plugin %s cannot be called again",
                 call->instance->manifest->id);
    fr_error_cause(error, "one of its methods is still running, and this call came out of it");
    fr_error_place(error, "%s", call->instance->manifest->id);
    return FRACTARY_E_REENTRANT;
}

/* The purpose that the method may use, as a text that lives for ever; NULL for
 * none. */
static int32_t find_purpose(const fr_method_call *call, const fr_method_request *request,
                            const char **purpose, fractary_error *error)
{
    static const char *const known[] = {"read", "deploy", "grant"};

    *purpose = fr_gate_purpose_of(call->method->kind, call->method->name);
    if (!(call->method->flags & FR_METHOD_PURPOSE))
        return FRACTARY_OK;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (fr_str_equal(known[i], request->authenticate.purpose)) {
            *purpose = known[i];
            return FRACTARY_OK;
        }
    }
    return fr_error_set(error, FRACTARY_E_INVALID,
                        "\"%.40s\" is no purpose; there are read, deploy and grant",
                        request->authenticate.purpose);
}

/* The core's own record of the run decides, by the hash of what was sealed:
 * what the caller says of the plan is its name alone. */
static int32_t pass_gate(const fr_method_call *call, const fr_method_request *request,
                         const char *purpose, fractary_error *error)
{
    const fr_context *context = call->home->context;
    fr_gate_subject subject = {.stack = context->stack,
                               .environment = call->instance->environment,
                               .purpose = purpose != NULL ? purpose : "",
                               .plan = ""};

    if (!fr_gate_guards(call->method->name))
        return FRACTARY_OK;
    if ((call->method->flags & FR_METHOD_PLAN) && context->run != NULL &&
        fr_run_sealed(context->run, request->apply.name, &subject.plan) < 0)
        subject.plan = "";
    const int32_t status = fr_gate_permit(context->gate, call->method->name, &subject, error);
    if (status != FRACTARY_OK || context->run == NULL)
        return status;
    const fr_unfinished what = {.environment = subject.environment,
                                .stack = subject.stack,
                                .method = call->method->name,
                                .plan = subject.plan};
    return fr_run_begin_change(context->run, &what, error);
}

/* ---------------------------------------------------------------- the method */

/* Runs the plugin's code; what it did and said is in the verdict. */
static int32_t run_watched(const fr_method_call *call, const fr_method_request *request,
                           const fractary_call *table, fr_verdict *verdict, fractary_error *error)
{
    fr_instance *instance = call->instance;
    const fractary_sink *out = NULL;
    int32_t status =
        fr_instance_enter(call->home, instance, call->method->name, table->deadline, error);

    if (status != FRACTARY_OK)
        return status;
    if (call->method->flags & FR_METHOD_OUT)
        out = fr_outlet_open(&instance->outlet, call->listener);
    instance->running = 1;
    verdict->status =
        call->method->run(&instance->table, instance->plugin, table, request, out, &verdict->said);
    instance->running = 0;
    fr_outlet_close(&instance->outlet);
    fr_instance_leave(call->home);
    return FRACTARY_OK;
}

static int32_t run_recorded(const fr_method_call *call, const fr_method_request *request,
                            fractary_error *error)
{
    const fr_context *context = call->home->context;
    const int answers = (call->method->flags & FR_METHOD_OUT) != 0;
    fr_state_watch watch;
    const fractary_sink *listener = fr_state_watch_open(&watch, call);
    const fr_call_options options = {.source = call->instance->manifest->id,
                                     .environment = call->instance->environment,
                                     .stack = context->stack,
                                     .deadline = call->deadline,
                                     .listener = answers ? NULL : listener};
    fr_verdict verdict = {.plugin = call->instance->manifest->id,
                          .method = call->method->name,
                          .said = FR_ERROR_INIT};
    fr_call *record;
    int32_t status = fr_call_open(context->records, &options, &record);

    if (status != FRACTARY_OK)
        return fr_error_set(error, status, "the method %s cannot begin", call->method->name);
    status = run_watched(call, request, fr_call_table(record), &verdict, error);
    fr_call_close(record);
    if (status != FRACTARY_OK)
        return status;
    fr_call_broken(record, &verdict.broken);
    status = fr_verdict_give(&verdict, error);
    return fr_state_watch_close(&watch, request, status, error);
}

static int32_t run_with_purpose(const fr_method_call *call, const fr_method_request *request,
                                const char *purpose, fractary_error *error)
{
    fr_gate *gate = call->home->context->gate;
    int32_t status = fr_gate_enter(gate, purpose);

    if (status != FRACTARY_OK)
        return fr_error_set(error, status, "too many methods run inside one another");
    status = run_recorded(call, request, error);
    fr_gate_leave(gate);
    return status;
}

int32_t fr_method_call_run(const fr_method_call *call, fractary_error *error)
{
    fr_method_request request;
    const char *purpose = NULL;
    int32_t status = check_offer(call, error);

    if (status == FRACTARY_OK)
        status = check_listener(call, error);
    if (status == FRACTARY_OK)
        status = check_running(call, error);
    if (status == FRACTARY_OK)
        status = fr_method_take_request(call->method, call->request, &request, error);
    if (status == FRACTARY_OK)
        status = find_purpose(call, &request, &purpose, error);
    if (status == FRACTARY_OK)
        status = pass_gate(call, &request, purpose, error);
    if (status == FRACTARY_OK)
        status = fr_state_permit(call, error);
    if (status == FRACTARY_OK)
        status = run_with_purpose(call, &request, purpose, error);
    return status;
}
