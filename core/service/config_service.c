/* fractary.config/1 */
#include <fractary-plugin/str.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "project/config.h"
#include "project/environment_state.h"
#include "project/pattern.h"
#include "project/stack.h"
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

static const char *handler_of(const config_service *service, const char *kind)
{
    const char *id = fr_config_handler(service->context->config, service->guest->environment, kind);

    return id != NULL ? id : "";
}

static void describe_environment(const config_service *service, fr_json *object)
{
    fr_environment environment;
    int known = *service->guest->environment != '\0' &&
                fr_config_environment(service->context->config, service->guest->environment,
                                      &environment, NULL) == FRACTARY_OK;
    const char *const pairs[][2] = {
        {"class", known ? fr_class_name(environment.class) : ""},
        {"account", known ? environment.account : ""},
        {"region", known ? environment.region : ""},
        {"hosting", known ? handler_of(service, "hosting") : ""},
        {"iac", known ? handler_of(service, "iac") : ""},
    };

    set_all(object, pairs, sizeof pairs / sizeof *pairs);
}

static void describe_state(const config_service *service, fr_json *object)
{
    const fr_state_user own = {service->guest->environment, service->context->stack};
    fr_state_user other;
    char *text = NULL;

    if (*own.environment != '\0' &&
        fr_environment_sharing_state(service->context->config, &own, &other))
        text = fr_str_equal(other.stack, FR_STACK_DEFAULT)
                   ? fr_str_format("environment %s", other.environment)
                   : fr_str_format("stack %s of environment %s", other.stack, other.environment);
    (void)fr_json_set_string(object, "shares_state_with", text != NULL ? text : "");
    free(text);
}

static void describe_machine(fr_json *object)
{
    char name[HOST_NAME_MAX + 1] = "";

    if (gethostname(name, sizeof name) != 0)
        name[0] = '\0';
    name[sizeof name - 1] = '\0';
    (void)fr_json_set_string(object, "host", name);
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
        describe_machine(object);
        describe_environment(service, object);
        describe_state(service, object);
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
