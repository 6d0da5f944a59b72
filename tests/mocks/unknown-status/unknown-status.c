/* Returns a status that does not exist. */
#include "../mock.h"

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    (void)instance;
    (void)call;
    (void)request;
    (void)error;
    return -99;
}

MOCK_SKILL("unknown-status", run)
