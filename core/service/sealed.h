/* What a verdict or an approval is about, with the hash of the sealed plan as
 * the core itself knows it. */
#ifndef FRACTARY_SERVICE_SEALED_H
#define FRACTARY_SERVICE_SEALED_H

#include "service/context.h"

/* Fills in *subject; `plan` is the name of a sealed plan, NULL or "": none yet.
 * Texts live as long as the call, the sealed plan and `purpose`.
 * FRACTARY_E_INVALID without a purpose, FRACTARY_E_NOTFOUND when nothing was
 * sealed under that name. */
int32_t fr_sealed_subject(const fr_context *context, const fractary_call *call, const char *purpose,
                          const char *plan, fr_gate_subject *subject, fractary_error *error);

#endif
