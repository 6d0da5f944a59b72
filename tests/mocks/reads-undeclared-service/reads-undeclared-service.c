/* Asks for a service that its manifest does not name. */
#include "../mock.h"

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    (void)request;
    if (mock_service(instance, FRACTARY_CLOCK_1) != NULL)
        return fr_error_set(error, FRACTARY_E_FAILED, "the clock was handed out");
    return mock_say(call, "no clock");
}

MOCK_SKILL("reads-undeclared-service", run)
