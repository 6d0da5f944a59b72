/* The schema of config.json, which the program carries in itself: `init`
 * writes it beside the configuration, and each reading is checked by it. */
#ifndef FRACTARY_PROJECT_CONFIG_SCHEMA_H
#define FRACTARY_PROJECT_CONFIG_SCHEMA_H

#include <stddef.h>

/* The bytes of core/project/config.schema.json, NUL-terminated, and how many
 * they are without the NUL. */
const char *fr_config_schema_text(void);
size_t fr_config_schema_length(void);

#endif
