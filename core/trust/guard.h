/* The guard: every signal that names an environment or an account must agree
 * before anything changes the world. */
#ifndef FRACTARY_TRUST_GUARD_H
#define FRACTARY_TRUST_GUARD_H

#include <fractary-plugin/json.h>
#include "project/config.h"
#include "trust/gate.h"

/* What the guard needs from above. */
typedef struct fr_guard_world {
    void *context;
    /* Asks the cloud who the purpose's identity is: appends account and
     * principal. */
    int32_t (*authenticate)(void *context, const char *environment, const char *purpose,
                            fr_buf *account, fr_buf *principal, fractary_error *error);
} fr_guard_world;

/* Collects the signals (configured account against the cloud's answer; names
 * of environments in the profile or role, in the principal that the cloud
 * names, and in the iac handler's section: folder, var files, workspace; the
 * state that the handler has named in this run against the recorded one),
 * stores them as a record ("type":"guard", "signals":[{name, value, expected,
 * source, verdict: agrees|disagrees|absent}], "message") in *record (the
 * caller frees it), and notes its word in the gate. FRACTARY_E_REFUSED names
 * the signal that disagrees, both values and their sources; the record is
 * stored then, too. `plan` is the sealed plan's hash or "". An environment that
 * is not of class test must have its account configured. */
int32_t fr_guard_check(const fr_guard_world *world, const fr_config *config, fr_gate *gate,
                       const fr_gate_subject *subject, fr_json **record, fractary_error *error);

#endif
