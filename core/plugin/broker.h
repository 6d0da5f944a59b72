/*
 * Instances of plugins and the calls between them: opens on first use, one
 * instance for each plugin and environment, refuses re-entrance, passes the
 * gate, checks every status, watches the deadline.
 */
#ifndef FRACTARY_PLUGIN_BROKER_H
#define FRACTARY_PLUGIN_BROKER_H

#include "plugin/catalog.h"
#include "service/context.h"

typedef struct fr_broker fr_broker;

/* `context` and `catalog` must outlive it; `context` needs its gate and its
 * records before the first call. `modules` is the folder of the core's private
 * modules. */
int32_t fr_broker_create(fr_context *context, const fr_catalog *catalog, const char *modules,
                         fr_broker **out, fractary_error *error);
void fr_broker_destroy(fr_broker *broker); /* destroys all instances; accepts NULL */
/* Descriptor to which the last words go when a plugin crashes (the user's
 * error output); standard error when it is not set. -1: none. */
void fr_broker_set_output(fr_broker *broker, int descriptor);
/* The table for fr_context.broker. */
fr_broker_table fr_broker_services(fr_broker *broker);
/* For fr_context.guard: asks the environment's hosting handler; `context` is
 * the broker. */
int32_t fr_broker_authenticate(void *context, const char *environment, const char *purpose,
                               fr_buf *account, fr_buf *principal, fractary_error *error);

/* Runs a command of an agent or skill by plugin id. `options` is the validated
 * JSON object. */
int32_t fr_broker_run(fr_broker *broker, const char *id, const char *name, const fr_json *options,
                      fractary_error *error);

#endif
