/* DEPLOYED.md: the registry as people read it. */
#ifndef FRACTARY_PROJECT_DEPLOYED_H
#define FRACTARY_PROJECT_DEPLOYED_H

#include "project/registry.h"

/* Appends the document for a registry (its whole tree, with `last`): when, who
 * and by which plan; what needs attention; the resources by service, each
 * linked to its page in the cloud's console. Nothing that a name contains can
 * become Markdown or HTML. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_deployed_print(const fr_registry_place *place, const fr_json *registry, fr_buf *out);

#endif
