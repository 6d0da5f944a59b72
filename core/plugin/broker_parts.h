/* What the files of the broker know of each other. */
#ifndef FRACTARY_PLUGIN_BROKER_PARTS_H
#define FRACTARY_PLUGIN_BROKER_PARTS_H

#include "plugin/broker.h"
#include "plugin/instance.h"

#include <fractary-plugin/vec.h>

/* What a guest holds; it never looks inside. */
struct fractary_handle {
    const char *guest;     /* id of the plugin that opened it */
    fr_instance *instance; /* where it leads                  */
};

struct fr_broker {
    fr_instance_home home;
    const fr_catalog *catalog;
    char *modules;
    fr_vec instances; /* in the order of their making */
    fr_vec handles;
    uint64_t deadline; /* of the method that is running; 0: none */
};

/* The instance of that id, or NULL. An `environment` of NULL takes any. */
fr_instance *fr_broker_find(const fr_broker *broker, const char *id, const char *environment);
/* The instance of a plugin for an environment, made on first use. */
int32_t fr_broker_use(fr_broker *broker, const fr_manifest *manifest, const char *environment,
                      fr_instance **out, fractary_error *error);
/* The environment's handler of a kind ("hosting", "iac"). FRACTARY_E_MISSING
 * names the package to install. */
int32_t fr_broker_use_handler(fr_broker *broker, const char *environment, const char *kind,
                              fr_instance **out, fractary_error *error);
/* FRACTARY_OK, or FRACTARY_E_CONFIG when the plugin is of another kind. */
int32_t fr_broker_check_kind(const fr_manifest *manifest, const char *kind, fractary_error *error);

/* Calls a method; what it calls in turn has no later deadline. */
int32_t fr_broker_call(fr_broker *broker, fr_instance *instance, const fr_method *method,
                       const void *request, const fractary_sink *listener, uint64_t deadline,
                       fractary_error *error);
/* Runs a command of an agent or a skill whose options are built. */
int32_t fr_broker_command(fr_broker *broker, fr_instance *instance, const char *name,
                          const fr_json *options, const fractary_sink *listener, uint64_t deadline,
                          fractary_error *error);
/* Says that there is no such command; FRACTARY_E_INVALID. */
int32_t fr_broker_no_command(const fr_manifest *manifest, const char *name, fractary_error *error);

/* For fr_broker_table.credentials; `context` is the broker. */
int32_t fr_broker_credentials(void *context, const char *environment, const char *purpose,
                              const fractary_sink *secret, fractary_error *error);

#endif
