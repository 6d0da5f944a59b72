/* What a look at an environment comes to: a word on each resource that is not
 * as it should be, and one on the whole. */
#ifndef INFRA_DEPLOYER_VERDICT_H
#define INFRA_DEPLOYER_VERDICT_H

#include "inventory.h"

#include <fractary-plugin/error.h>

/* Puts what the state and the registry say of each verified resource before
 * its reason: tainted, left over, not in the state any more, not in the
 * registry; and emits a `resource` record for each that has such a word.
 * FRACTARY_OK, the sink's status or FRACTARY_E_NOMEM. */
int32_t verdict_explain(const inventory *resources, const fractary_sink *sink);

/* FRACTARY_OK when everything that can be checked was, and is there, in the
 * state and in the registry; what cannot be checked by its nature counts as
 * that. Else FRACTARY_E_FAILED for what differs; FRACTARY_E_UNAVAILABLE,
 * _E_AUTH or _E_DENIED when the cloud could not be asked. */
int32_t verdict_judge(const inventory *resources, const char *environment, fractary_error *error);

#endif
