/* fractary.clock/1 */
#include <stdlib.h>

#include "base/time.h"
#include "service/loop.h"
#include "service/service.h"

typedef struct clock_service {
    fractary_clock table;
    fr_context *context;
} clock_service;

static uint64_t monotonic(const fractary_clock *self)
{
    (void)self;
    return fr_time_monotonic();
}

static int64_t now(const fractary_clock *self)
{
    (void)self;
    return fr_time_now_ms();
}

static int32_t wait_until(fr_loop *loop, uint64_t end, uint64_t deadline, fractary_error *error)
{
    for (;;) {
        int32_t status = fr_loop_check(loop, deadline, "waiting", error);
        if (status != FRACTARY_OK || fr_time_monotonic() >= end)
            return status;
        status = fr_loop_step(loop, deadline != 0 && deadline < end ? deadline : end, error);
        if (status != FRACTARY_OK)
            return status;
    }
}

static int32_t wait(const fractary_clock *self, const fractary_call *call, uint64_t nanoseconds,
                    fractary_error *error)
{
    const clock_service *service = self->context;
    const uint64_t start = fr_time_monotonic();
    const uint64_t end = nanoseconds < UINT64_MAX - start ? start + nanoseconds : UINT64_MAX;

    return wait_until(service->context->loop, end, call->deadline, error);
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    clock_service *service = calloc(1, sizeof *service);

    (void)guest;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_clock){sizeof service->table, service, monotonic, now, wait};
    service->context = context;
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_clock_service = {FRACTARY_CLOCK_1, NULL, create, free};
