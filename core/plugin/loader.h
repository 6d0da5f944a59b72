/* The one place that opens shared objects. Nothing is ever closed. */
#ifndef FRACTARY_PLUGIN_LOADER_H
#define FRACTARY_PLUGIN_LOADER_H

#include "plugin/manifest.h"
#include <fractary/plugin.h>

/* Opens the manifest's library and checks its entry (docs/abi.md, "Loading"):
 * *out is the host's own zero-filled copy. FRACTARY_E_PROTOCOL and others
 * name the plugin, the file and what is wrong. */
int32_t fr_loader_open(const fr_manifest *manifest, fractary_plugin *out, fractary_error *error);

/* Opens a private module of the core, `file`, and returns the address of its
 * `fractary_module_entry`; NULL on failure. */
const void *fr_loader_open_module(const char *file, fractary_error *error);

#endif
