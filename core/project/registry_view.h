/* A quick look through a large registry: each resource as it stands in the
 * text, without a tree. */
#ifndef FRACTARY_PROJECT_REGISTRY_VIEW_H
#define FRACTARY_PROJECT_REGISTRY_VIEW_H

#include "project/registry.h"

/* Calls `visit` with each resource, in the file's order, until it returns non-zero, which is then returned.
 * `resource` is the text of its object and lives until the visitor returns. No
 * file: no call, FRACTARY_OK. The whole text is checked first, as strictly as
 * by fr_registry_read(); errors are the same. */
int32_t fr_registry_each(const fr_registry_place *place,
                         int32_t (*visit)(void *context, fractary_string_view resource),
                         void *context, fractary_error *error);

#endif
