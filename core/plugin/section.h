/* A plugin's own section of the configuration, as its instance gets it. */
#ifndef FRACTARY_PLUGIN_SECTION_H
#define FRACTARY_PLUGIN_SECTION_H

#include "plugin/manifest.h"
#include "project/config.h"

/* The section merged for stack and environment, checked against the plugin's
 * config_schema where it has one, defaults filled in. `config` may be NULL
 * (outside a project: an empty section). FRACTARY_E_CONFIG names the key in
 * the project's configuration, or what is wrong with the schema. The caller
 * frees *out. */
int32_t fr_section_make(const fr_config *config, const char *environment,
                        const char *stack, const fr_manifest *manifest, fr_json **out,
                        fractary_error *error);

#endif
