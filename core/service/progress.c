/* fractary.progress/1 */
#include <fractary-plugin/record.h>
#include <stdlib.h>

#include "base/time.h"
#include "service/service.h"

#define SHORTEST_PAUSE (100 * FR_MILLISECOND)

typedef struct progress_service {
    fractary_progress table;
    uint64_t last; /* when something was passed on; 0: never */
} progress_service;

static void report(const fractary_progress *self, const fractary_call *call, const char *message,
                   uint64_t done, uint64_t total)
{
    progress_service *service = self->context;
    const uint64_t now = fr_time_monotonic();

    if (call == NULL || message == NULL ||
        (service->last != 0 && now - service->last < SHORTEST_PAUSE))
        return;
    service->last = now;
    fr_json *record = fr_record_new("progress", "%s", message);
    fr_json_set_int(record, "done", done <= INT64_MAX ? (int64_t)done : INT64_MAX);
    fr_json_set_int(record, "total", total <= INT64_MAX ? (int64_t)total : INT64_MAX);
    /* What is lost here is shown ten times a second. */
    (void)fr_record_emit(&call->sink, record);
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    progress_service *service = calloc(1, sizeof *service);

    (void)context;
    (void)guest;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_progress){sizeof service->table, service, report};
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_progress_service = {FRACTARY_PROGRESS_1, NULL, create, free};
