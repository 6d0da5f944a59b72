/*
 * The gate before everything that changes the world: its own record of a
 * run's guard verdicts and approvals, and the purposes that the method which
 * is running may use. A plugin's word counts for nothing here.
 */
#ifndef FRACTARY_TRUST_GATE_H
#define FRACTARY_TRUST_GATE_H

#include "trust/state_notes.h"
#include <fractary-plugin/error.h>

typedef struct fr_gate fr_gate;

/* What a verdict or an approval is about. Texts are borrowed and copied. */
typedef struct fr_gate_subject {
    const char *stack;
    const char *environment;
    const char *purpose; /* "deploy"                                       */
    const char *plan;    /* hex SHA-256 of the sealed plan; "" without one */
} fr_gate_subject;

int32_t fr_gate_create(fr_gate **out);
void fr_gate_destroy(fr_gate *gate); /* accepts NULL */

/* Non-zero when `method` of an interface changes the world: apply, destroy,
 * deploy, delete, grant, remediate. */
int fr_gate_guards(const char *method);
/* The purpose that a handler's method may use ("read", "deploy", "grant"), or
 * NULL for none. By interface kind ("iac", "hosting") and method. */
const char *fr_gate_purpose_of(const char *kind, const char *method);

/* The guard agreed. A `plan` of "" is the check before the plan. */
int32_t fr_gate_note_guard(fr_gate *gate, const fr_gate_subject *subject);
/* Somebody, or the class of the environment, approved `method` of this plan. */
int32_t fr_gate_note_approval(fr_gate *gate, const fr_gate_subject *subject, const char *method);
/* Forgets verdicts and approvals of a plan whose name was sealed anew. */
void fr_gate_forget(fr_gate *gate, const char *plan);
/* FRACTARY_OK, or FRACTARY_E_REFUSED with the step that is missing. For a
 * method that fr_gate_guards() does not know: FRACTARY_OK. */
int32_t fr_gate_permit(const fr_gate *gate, const char *method, const fr_gate_subject *subject,
                       fractary_error *error);

/* What this run knows of the states that are used. Valid as long as the gate. */
fr_state_notes *fr_gate_states(fr_gate *gate);

/* Begins and ends a method that may use `purpose` (NULL: none); nests. The
 * text must outlive the frame. enter returns FRACTARY_OK or _E_LIMIT. */
int32_t fr_gate_enter(fr_gate *gate, const char *purpose);
void fr_gate_leave(fr_gate *gate);
/* FRACTARY_OK when the method that is running may use `purpose` ("deploy"
 * includes "read"), else FRACTARY_E_REFUSED. */
int32_t fr_gate_purpose(const fr_gate *gate, const char *purpose, fractary_error *error);

#endif
