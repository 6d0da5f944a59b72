/* Emits something that is no record, and succeeds. */
#include "../mock.h"

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    static const char text[] = "{\"type\":\"log\",\"message\":";

    (void)instance;
    (void)request;
    (void)error;
    (void)call->sink.emit(call->sink.context, text, sizeof text - 1);
    return FRACTARY_OK;
}

MOCK_SKILL("broken-json", run)
