/* Keeps the sink of one call, and writes to it in the next. */
#include "../mock.h"

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    static const char late[] = "{\"type\":\"log\",\"message\":\"too late\"}";
    mock *self = instance;

    if (strcmp(request->name, "keep") == 0) {
        self->kept = call->sink;
        return FRACTARY_OK;
    }
    if (self->kept.emit(self->kept.context, late, sizeof late - 1) != FRACTARY_E_PROTOCOL)
        return fr_error_set(error, FRACTARY_E_FAILED, "a late record was taken");
    return mock_say(call, "refused");
}

MOCK_SKILL("writes-after-call", run)
