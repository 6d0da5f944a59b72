/* Can the registry be written? Asked before anything is changed, so that no
 * deployment ends without a place to record it. */
#ifndef FRACTARY_PROJECT_REGISTRY_READY_H
#define FRACTARY_PROJECT_REGISTRY_READY_H

#include "project/registry.h"

/* FRACTARY_E_CONFIG for a registry of a newer version or of another environment,
 * and where a file stands in place of a folder; FRACTARY_E_IO where nothing can
 * be written. A registry that is broken is no hindrance, as the next commit
 * puts it aside: what is wrong with it is then in `broken` (may be NULL), which
 * is cleared otherwise. */
int32_t fr_registry_ready(const fr_registry_place *place, fractary_error *broken,
                          fractary_error *error);
/* FRACTARY_E_CONFIG where a file stands in place of one of the folders. */
int32_t fr_registry_check_folders(const fr_registry_place *place, fractary_error *error);

#endif
