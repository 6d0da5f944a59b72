/* One resource as the registry keeps it. */
#ifndef FRACTARY_PROJECT_REGISTRY_ENTRY_H
#define FRACTARY_PROJECT_REGISTRY_ENTRY_H

#include "project/registry.h"

/* A new entry from what a commit says of a resource and from what the registry
 * has of its address (`known`, or NULL): all fields in their order, null where
 * nothing is known. *changed: it is new, or one of its facts is another one.
 * NULL without memory. */
fr_json *fr_registry_entry(const fr_registry_place *place, const fr_registry_change *change,
                           const fr_json *resource, const fr_json *known, int *changed);

/* How many there are of each status. */
typedef struct fr_registry_counts {
    size_t resources, verified, missing, unverifiable;
    size_t added, removed, changed;
} fr_registry_counts;

/* Counts the statuses of the array `resources`; leaves the other counts. */
void fr_registry_count(const fr_json *resources, fr_registry_counts *counts);

#endif
