/* What happened to an environment: deployments/<env>/history.jsonl, a line a
 * run. */
#ifndef FRACTARY_PROJECT_HISTORY_H
#define FRACTARY_PROJECT_HISTORY_H

#include "project/registry_entry.h"

/* Appends one line: time, run, action, ok, stack, plan, principal, user, the
 * number of resources by status, and how many were added, removed, changed.
 * Errors as fr_file_append(). */
int32_t fr_history_append(const fr_registry_place *place, const fr_registry_change *change,
                          const fr_registry_counts *counts, fractary_error *error);

/* A run that never ended: a line with outcome "unknown" and what was meant,
 * unless the run has a line already. `change` says which run; `at` is when it
 * began. Errors as fr_file_append(). */
int32_t fr_history_append_unknown(const fr_registry_place *place,
                                  const fr_registry_change *change, fractary_error *error);

#endif
