/*
 * fractary/plugin.h: what a plugin exports, and how the host makes instances.
 *
 * A plugin is a folder with plugin.json and one shared object beside it. The
 * shared object exports exactly one symbol, the const data object
 * `fractary_plugin_entry`; everything else is hidden by a version script:
 *
 *     const fractary_plugin fractary_plugin_entry = {
 *         .size = sizeof(fractary_plugin), .abi = FRACTARY_ABI,
 *         .id = "hosting-acme", .version = "1.0.0",
 *         .create = create, .destroy = destroy, .get_interface = get_interface,
 *     };
 *
 * The host reads plugin.json first, and mostly instead of the library. Before
 * any function of the plugin runs it has checked the manifest's abi, that the
 * symbol is a data object of at least the 1.0 size, its size, version and id.
 * Constructors of the library cannot be prevented from running earlier; do
 * not have any. An accepted library is never unloaded.
 */
#ifndef FRACTARY_PLUGIN_H
#define FRACTARY_PLUGIN_H

#include <fractary/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a plugin gets from its host. Lives as long as the instance. */
typedef struct fractary_host fractary_host;
struct fractary_host {
    uint32_t size;
    uint32_t abi;        /* FRACTARY_ABI of the host                        */
    const char *version; /* of the host, "0.1.0"                            */
    void *context;       /* the host's; leave it alone                      */
    /* The table of a service by its id ("fractary.process/1"), valid until
     * the instance is destroyed; NULL when the manifest's "needs" does not
     * name it, or this host does not have it. [main-thread] */
    const void *(*service)(const fractary_host *host, const char *id);
};

/* One plugin's entry. Static and const; the host copies it. */
typedef struct fractary_plugin {
    uint32_t size;       /* sizeof(fractary_plugin) of the plugin           */
    uint32_t abi;        /* FRACTARY_ABI that the plugin was built with     */
    const char *id;      /* equal to the manifest's "id"                    */
    const char *version; /* of the plugin, as in the manifest               */
    /* Makes an instance for one environment. Mandatory. Does nothing slow:
     * no process, no network. `host` stays valid until destroy(). On success
     * stores a non-NULL instance. A plugin gets one instance for each
     * environment that a command names, so it keeps no state outside its
     * instances. [main-thread] */
    int32_t (*create)(const fractary_host *host, void **instance, fractary_error *error);
    /* Frees an instance. Mandatory. [main-thread] */
    void (*destroy)(void *instance);
    /* The table of an interface by its id, NULL for one that the plugin does
     * not offer. The manifest's "provides" is a promise of what is returned
     * here. Mandatory. The table lives as long as the instance.
     * [main-thread] */
    const void *(*get_interface)(void *instance, const char *id);
} fractary_plugin;

FRACTARY_NO_TAIL_PADDING(fractary_host, service);
FRACTARY_NO_TAIL_PADDING(fractary_plugin, get_interface);

/* The one exported symbol. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
extern const fractary_plugin fractary_plugin_entry;

#ifdef __cplusplus
}
#endif
#endif
