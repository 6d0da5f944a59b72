/* Fails without a word. */
#include "../mock.h"

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    (void)instance;
    (void)call;
    (void)request;
    (void)error;
    return FRACTARY_E_DENIED;
}

MOCK_SKILL("silent-failure", run)
