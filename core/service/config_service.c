/* fractary.config/1 */
#include <stdlib.h>

#include "project/config.h"
#include "project/environment_state.h"
#include "project/pattern.h"
#include "service/service.h"

typedef struct config_service {
    fractary_config table;
    fr_context *context;
    const fr_guest *guest;
    char *section, *project; /* JSON, made when the service is */
} config_service;

static const char *section(const fractary_config *self)
{
    return ((const config_service *)self->context)->section;
}

static const char *project(const fractary_config *self)
{
    return ((const config_service *)self->context)->project;
}

static int32_t expand(const fractary_config *self, const char *pattern, const char *resource,
                      const fractary_sink *out, fractary_error *error)
{
    const config_service *service = self->context;
    const fr_config *config = service->context->config;
    int32_t status = fr_service_demand_project(service->context, error);
    fr_buf text = {0};

    if (status == FRACTARY_OK && pattern == NULL)
        status = fr_error_set(error, FRACTARY_E_INVALID, "there is no pattern to fill in");
    if (status != FRACTARY_OK)
        return status;
    const fr_pattern_values values = {.project = fr_config_project(config),
                                      .subsystem = fr_config_subsystem(config),
                                      .environment = service->guest->environment,
                                      .resource = resource,
                                      .organization = fr_config_organization(config)};
    status = fr_pattern_expand(pattern, &values, &text, error);
    if (status == FRACTARY_OK)
        status = fr_service_answer(out, fr_buf_text(&text), error);
    fr_buf_finish(&text);
    return status;
}

/* ------------------------------------------------------------------- making */

static char *print(const fr_json *value)
{
    fr_buf text = {0};

    if (fr_json_print(value, &text) == FRACTARY_OK)
        return fr_buf_steal(&text);
    fr_buf_finish(&text);
    return NULL;
}

static void set_all(fr_json *object, const char *const pairs[][2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fr_json_set_string(object, pairs[i][0], pairs[i][1]);
}

static void describe_environment(const config_service *service, fr_json *object)
{
    fr_environment environment;
    int known = *service->guest->environment != '\0' &&
                fr_config_environment(service->context->config, service->guest->environment,
                                      &environment, NULL) == FRACTARY_OK;
    const char *sharing =
        known ? fr_environment_sharing_state(service->context->config, environment.name) : NULL;
    const char *const pairs[][2] = {
        {"class", known ? fr_class_name(environment.class) : ""},
        {"account", known ? environment.account : ""},
        {"region", known ? environment.region : ""},
        {"shares_state_with", sharing != NULL ? sharing : ""},
    };

    set_all(object, pairs, sizeof pairs / sizeof *pairs);
}

/* Every text is there, "" where it is not known. */
static char *describe_project(const config_service *service)
{
    const fr_config *config = service->context->config;
    fr_json *object = fr_json_object();

    if (config != NULL) {
        const char *const pairs[][2] = {
            {"root", fr_config_root(config)},
            {"name", fr_config_project(config)},
            {"organization", fr_config_organization(config)},
            {"subsystem", fr_config_subsystem(config)},
            {"pattern", fr_config_pattern(config)},
            {"environment", service->guest->environment},
            {"stack", service->context->stack},
        };
        set_all(object, pairs, sizeof pairs / sizeof *pairs);
        describe_environment(service, object);
    }
    char *text = print(object);
    fr_json_free(object);
    return text;
}

static char *describe_section(const fr_guest *guest)
{
    if (guest->section != NULL)
        return print(guest->section);
    fr_json *empty = fr_json_object();
    char *text = print(empty);
    fr_json_free(empty);
    return text;
}

static void destroy(void *context)
{
    config_service *service = context;

    free(service->section);
    free(service->project);
    free(service);
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    config_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_config){sizeof service->table, service, section, project, expand};
    service->context = context;
    service->guest = guest;
    service->section = describe_section(guest);
    service->project = describe_project(service);
    if (service->section == NULL || service->project == NULL) {
        destroy(service);
        return fr_error_nomem(error);
    }
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_config_service = {FRACTARY_CONFIG_1, NULL, create, destroy};
