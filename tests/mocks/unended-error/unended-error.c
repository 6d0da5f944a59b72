/* Fills every text of its error to the brim, without an end. */
#include "../mock.h"

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    (void)instance;
    (void)call;
    (void)request;
    memset(error->message, 0x78, sizeof error->message);
    memset(error->cause, 0x78, sizeof error->cause);
    memset(error->advice, 0x78, sizeof error->advice);
    memset(error->place, 0x78, sizeof error->place);
    return FRACTARY_E_FAILED;
}

MOCK_SKILL("unended-error", run)
