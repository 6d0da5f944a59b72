#include "plugin/broker.h"

#include "plugin/broker_parts.h"
#include "plugin/command.h"
#include "plugin/method_call.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <unistd.h>

/* ------------------------------------------------------------------ instances */

fr_instance *fr_broker_find(const fr_broker *broker, const char *id, const char *environment)
{
    for (size_t i = 0; i < broker->instances.count; i++) {
        fr_instance *instance = broker->instances.items[i];
        if (fr_str_equal(instance->manifest->id, id) &&
            (environment == NULL || fr_str_equal(instance->environment, environment)))
            return instance;
    }
    return NULL;
}

/* The instance of a plugin for an environment, made on first use. */
int32_t fr_broker_use(fr_broker *broker, const fr_manifest *manifest, const char *environment,
                      fr_instance **out, fractary_error *error)
{
    int32_t status;

    *out = fr_broker_find(broker, manifest->id, environment);
    if (*out != NULL)
        return FRACTARY_OK;
    status = fr_instance_create(&broker->home, manifest, environment, out, error);
    if (status != FRACTARY_OK)
        return status;
    if (fr_vec_push(&broker->instances, *out) == FRACTARY_OK)
        return FRACTARY_OK;
    fr_instance_destroy(&broker->home, *out);
    *out = NULL;
    fr_error_nomem(error);
    return FRACTARY_E_NOMEM;
}

int32_t fr_broker_check_kind(const fr_manifest *manifest, const char *kind, fractary_error *error)
{
    if (fr_str_equal(manifest->kind, kind))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_CONFIG, "the plugin %s cannot serve as %s", manifest->id, kind);
    fr_error_cause(error, "it is of kind %s", manifest->kind);
    fr_error_place(error, "%s", manifest->id);
    return FRACTARY_E_CONFIG;
}

static int32_t no_handler(const char *environment, const char *kind, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "no handler of kind %s is configured", kind);
    fr_error_cause(error, "environment %s has none", environment);
    fr_error_advice(error, "name one under \"handlers\" in %s", FR_CONFIG_FILE);
    fr_error_place(error, "%s: handlers.%s", FR_CONFIG_FILE, kind);
    return FRACTARY_E_CONFIG;
}

/* The environment's handler of a kind. */
int32_t fr_broker_use_handler(fr_broker *broker, const char *environment, const char *kind,
                              fr_instance **out, fractary_error *error)
{
    const fr_config *config = broker->home.context->config;
    const fr_kind *known = fr_kind_find(kind);
    const fr_manifest *manifest = NULL;
    const char *id;
    int32_t status;

    *out = NULL;
    if (known == NULL || known->has_commands)
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "there are no handlers of kind \"%.40s\"; there are hosting and iac",
                            kind != NULL ? kind : "");
    if (config == NULL || *environment == '\0')
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "a handler serves an environment of a project, and there is none here");
    id = fr_config_handler(config, environment, kind);
    if (id == NULL)
        return no_handler(environment, kind, error);
    status = fr_catalog_find(broker->catalog, id, &manifest, error);
    if (status == FRACTARY_E_MISSING || status == FRACTARY_E_INVALID)
        fr_error_place(error, "%s: handlers.%s", FR_CONFIG_FILE, kind);
    if (status == FRACTARY_OK)
        status = fr_broker_check_kind(manifest, kind, error);
    if (status == FRACTARY_E_CONFIG && manifest != NULL) {
        fr_error_advice(error, "name a plugin of kind %s; `fractary plugin list` shows them", kind);
        fr_error_place(error, "%s: handlers.%s", FR_CONFIG_FILE, kind);
    }
    return status == FRACTARY_OK ? fr_broker_use(broker, manifest, environment, out, error)
                                 : status;
}

/* ---------------------------------------------------------------------- calls */

/* Runs it with its deadline as the outermost for what it calls in turn. */
int32_t fr_broker_call(fr_broker *broker, fr_instance *instance, const fr_method *method,
                       const void *request, const fractary_sink *listener, uint64_t deadline,
                       fractary_error *error)
{
    const fr_method_call call = {.home = &broker->home,
                                 .instance = instance,
                                 .method = method,
                                 .request = request,
                                 .listener = listener,
                                 .deadline = deadline};
    const uint64_t outer = broker->deadline;
    int32_t status;

    broker->deadline = deadline;
    status = fr_method_call_run(&call, error);
    broker->deadline = outer;
    return status;
}

int32_t fr_broker_no_command(const fr_manifest *manifest, const char *name, fractary_error *error)
{
    const char *nearest = fr_command_nearest(manifest, name);

    fr_error_set(error, FRACTARY_E_INVALID, "the plugin %s has no command \"%.80s\"", manifest->id,
                 name);
    if (nearest != NULL)
        fr_error_advice(error, "did you mean %s?", nearest);
    fr_error_place(error, "%s", manifest->id);
    return FRACTARY_E_INVALID;
}

/* Runs a command of an agent or a skill whose options are built. */
int32_t fr_broker_command(fr_broker *broker, fr_instance *instance, const char *name,
                          const fr_json *options, const fractary_sink *listener, uint64_t deadline,
                          fractary_error *error)
{
    const fr_method *method = fr_method_find(instance->kind->name, "run");
    fr_buf text = {0};
    int32_t status = fr_json_print(options, &text);

    if (status == FRACTARY_OK) {
        const fractary_request request = {sizeof request, name, fr_buf_text(&text)};
        status = fr_broker_call(broker, instance, method, &request, listener, deadline, error);
    } else {
        status = fr_error_nomem(error);
    }
    fr_buf_finish(&text);
    return status;
}

/* ------------------------------------------------------------------ interface */

int32_t fr_broker_create(fr_context *context, const fr_catalog *catalog, const char *modules,
                         fr_broker **out, fractary_error *error)
{
    fr_broker *broker = calloc(1, sizeof *broker);
    int32_t status = FRACTARY_OK;

    *out = NULL;
    if (broker == NULL)
        return fr_error_nomem(error);
    broker->home.context = context;
    broker->home.descriptor = STDERR_FILENO;
    broker->catalog = catalog;
    broker->modules = fr_str_dup(modules);
    if (broker->modules == NULL)
        status = fr_error_nomem(error);
    else
        status = fr_watchdog_create(FR_WATCHDOG_GRACE, &broker->home.watchdog, error);
    if (status == FRACTARY_OK)
        *out = broker;
    else
        fr_broker_destroy(broker);
    return status;
}

void fr_broker_destroy(fr_broker *broker)
{
    if (broker == NULL)
        return;
    /* What was made later may use what was made earlier. */
    for (size_t i = broker->instances.count; i > 0; i--)
        fr_instance_destroy(&broker->home, broker->instances.items[i - 1]);
    fr_vec_finish(&broker->instances, NULL);
    fr_vec_finish(&broker->handles, free);
    fr_watchdog_destroy(broker->home.watchdog);
    free(broker->modules);
    free(broker);
}

void fr_broker_set_output(fr_broker *broker, int descriptor)
{
    broker->home.descriptor = descriptor;
}

int32_t fr_broker_run(fr_broker *broker, const char *id, const char *name, const fr_json *options,
                      fractary_error *error)
{
    const char *environment = broker->home.context->environment;
    const fr_manifest *manifest = NULL;
    fr_instance *instance;
    int32_t status = fr_catalog_find(broker->catalog, id, &manifest, error);

    if (status == FRACTARY_OK && fr_command_find(manifest, name) == NULL)
        status = fr_broker_no_command(manifest, name, error);
    if (status == FRACTARY_OK)
        status = fr_broker_use(broker, manifest, environment != NULL ? environment : "", &instance,
                               error);
    if (status == FRACTARY_OK)
        status = fr_broker_command(broker, instance, name, options, NULL, broker->deadline, error);
    return status;
}
