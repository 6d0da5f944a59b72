/* A plugin's own section of the configuration, as its instance gets it. */
#ifndef FRACTARY_PLUGIN_SECTION_H
#define FRACTARY_PLUGIN_SECTION_H

#include "plugin/catalog.h"
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

/* Sections of plugins that are not installed are left alone: another machine
 * may have them. One whose id is nearly that of an installed plugin is
 * FRACTARY_E_CONFIG, for its settings would silently have no effect. */
int32_t fr_section_check_ids(const fr_config *config, const fr_catalog *catalog,
                             fractary_error *error);

#endif
