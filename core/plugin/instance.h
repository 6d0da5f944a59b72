/* A plugin's instance for one environment: loaded, created and checked, with
 * the host that it sees and a copy of its interface. */
#ifndef FRACTARY_PLUGIN_INSTANCE_H
#define FRACTARY_PLUGIN_INSTANCE_H

#include "plugin/manifest.h"
#include "plugin/methods.h"
#include "plugin/outlet.h"
#include "plugin/watchdog.h"
#include "service/host.h"

typedef struct fr_instance {
    const fr_manifest *manifest; /* borrowed from the catalog */
    const fr_kind *kind;
    char *environment; /* "" where there is none */
    fr_json *section;  /* what config/1 shows it */
    fr_host *host;
    fractary_plugin entry;
    void *plugin; /* what its create() made */
    fr_interface table;
    fr_outlet outlet; /* for methods that answer beside the records */
    int running;      /* a method of it is on the stack */
} fr_instance;

/* What an instance is made in; borrowed for as long as it lives. */
typedef struct fr_instance_home {
    fr_context *context;
    fr_watchdog *watchdog;
    int descriptor; /* the user's error output, for the watchdog; -1: none */
} fr_instance_home;

/* Loads the plugin and makes an instance. Every error names the plugin. The
 * caller destroys *out. */
int32_t fr_instance_create(const fr_instance_home *home, const fr_manifest *manifest,
                           const char *environment, fr_instance **out, fractary_error *error);
void fr_instance_destroy(const fr_instance_home *home, fr_instance *instance); /* accepts NULL */

/* A function of the plugin begins, and ends: the watchdog looks on. `deadline`
 * in CLOCK_MONOTONIC ns, 0: none. */
int32_t fr_instance_enter(const fr_instance_home *home, const fr_instance *instance,
                          const char *method, uint64_t deadline, fractary_error *error);
void fr_instance_leave(const fr_instance_home *home);

#endif
