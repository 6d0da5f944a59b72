#include "service/sealed.h"

int32_t fr_sealed_subject(const fr_context *context, const fractary_call *call, const char *purpose,
                          const char *plan, fr_gate_subject *subject, fractary_error *error)
{
    const char *hash = "";

    if (call == NULL || purpose == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "call or purpose is missing");
    if (plan != NULL && *plan != '\0' &&
        (context->run == NULL || fr_run_sealed(context->run, plan, &hash) < 0)) {
        fr_error_set(error, FRACTARY_E_NOTFOUND, "there is no plan \"%s\" in this run", plan);
        fr_error_cause(error, "nothing was sealed under that name");
        return FRACTARY_E_NOTFOUND;
    }
    *subject = (fr_gate_subject){
        .stack = call->stack, .environment = call->environment, .purpose = purpose, .plan = hash};
    return FRACTARY_OK;
}
