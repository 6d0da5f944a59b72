/* fractary.environ/1 */
#include <fractary-plugin/str.h>
#include <stdlib.h>

#include "service/service.h"

typedef struct environ_service {
    fractary_environ table;
    const fr_guest *guest;
} environ_service;

/* The value in the process's own environment: nothing changes that while a
 * command runs. */
static const char *get(const fractary_environ *self, const char *name)
{
    const environ_service *service = self->context;

    for (const fr_json *e = fr_json_first(service->guest->environ); e != NULL && name != NULL;
         e = fr_json_next(e)) {
        const char *pattern = fr_json_string(e);
        if (pattern == NULL || !fr_str_glob(pattern, name))
            continue;
        const char *value = getenv(name);
        return value != NULL && *value != '\0' ? value : NULL;
    }
    return NULL;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    environ_service *service = calloc(1, sizeof *service);

    (void)context;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_environ){sizeof service->table, service, get};
    service->guest = guest;
    *out = service;
    return FRACTARY_OK;
}

static const char *const hosting_only[] = {"hosting", NULL};

const fr_service fr_environ_service = {FRACTARY_ENVIRON_1, hosting_only, create, free};
