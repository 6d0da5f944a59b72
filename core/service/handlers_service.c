/* fractary.handlers/1 and fractary.skills/1: the way to other plugins, which
 * the plugin layer goes. */
#include <stdlib.h>

#include "service/service.h"

typedef struct handlers_service {
    fractary_handlers table;
    fr_context *context;
    const fr_guest *guest;
} handlers_service;

typedef struct skills_service {
    fractary_skills table;
    fr_context *context;
    const fr_guest *guest;
} skills_service;

static int32_t open_handler(const fractary_handlers *self, const fractary_call *call,
                            const char *kind, fractary_handle **handle, fractary_error *error)
{
    const handlers_service *service = self->context;
    const fr_broker_table *broker = &service->context->broker;

    return broker->open_handler(broker->context, service->guest->id, call, kind, handle, error);
}

static int32_t call_handler(const fractary_handlers *self, const fractary_call *call,
                            fractary_handle *handle, const char *method, const void *request,
                            const fractary_sink *listener, fractary_error *error)
{
    const handlers_service *service = self->context;
    const fr_broker_table *broker = &service->context->broker;

    return broker->call_handler(broker->context, service->guest->id, call, handle, method, request,
                                listener, error);
}

static int32_t open_skill(const fractary_skills *self, const fractary_call *call, const char *id,
                          fractary_handle **handle, fractary_error *error)
{
    const skills_service *service = self->context;
    const fr_broker_table *broker = &service->context->broker;

    return broker->open_skill(broker->context, service->guest->id, call, id, handle, error);
}

static int32_t call_skill(const fractary_skills *self, const fractary_call *call,
                          fractary_handle *handle, const char *name, const char *options,
                          const fractary_sink *listener, fractary_error *error)
{
    const skills_service *service = self->context;
    const fr_broker_table *broker = &service->context->broker;

    return broker->call_skill(broker->context, service->guest->id, call, handle, name, options,
                              listener, error);
}

static int32_t create_handlers(fr_context *context, const fr_guest *guest, void **out,
                               fractary_error *error)
{
    handlers_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table =
        (fractary_handlers){sizeof service->table, service, open_handler, call_handler};
    service->context = context;
    service->guest = guest;
    *out = service;
    return FRACTARY_OK;
}

static int32_t create_skills(fr_context *context, const fr_guest *guest, void **out,
                             fractary_error *error)
{
    skills_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_skills){sizeof service->table, service, open_skill, call_skill};
    service->context = context;
    service->guest = guest;
    *out = service;
    return FRACTARY_OK;
}

static const char *const skills_only[] = {"skill", NULL};
static const char *const agents_only[] = {"agent", NULL};

const fr_service fr_handlers_service = {FRACTARY_HANDLERS_1, skills_only, create_handlers, free};
const fr_service fr_skills_service = {FRACTARY_SKILLS_1, agents_only, create_skills, free};
