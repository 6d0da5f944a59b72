/* The files of a registry, for what reads and what writes them. */
#ifndef FRACTARY_PROJECT_REGISTRY_PLACE_H
#define FRACTARY_PROJECT_REGISTRY_PLACE_H

#include "project/registry.h"

/* The stack where none is named. */
#define FR_REGISTRY_STACK "default"

/* Path of a file of the environment's; the caller frees it. */
char *fr_registry_path(const fr_registry_place *place, const char *name);
/* FRACTARY_E_INVALID when the environment's name can be no folder. */
int32_t fr_registry_check_place(const fr_registry_place *place, fractary_error *error);

/* As fr_registry_read(); *stays is set when the file was
 * refused for its version or its environment: it is somebody else's. */
int32_t fr_registry_read_all(const fr_registry_place *place, fr_json **out, int *stays,
                             fractary_error *error);
/* A registry without resources; NULL without memory. */
fr_json *fr_registry_empty(const fr_registry_place *place);
/* Non-zero when the stack has a folder of its own below the environment's. */
int fr_registry_has_folder(const fr_registry_place *place);

#endif
