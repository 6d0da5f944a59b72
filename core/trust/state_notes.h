/* What a run has learnt of the states that its environments use. */
#ifndef FRACTARY_TRUST_STATE_NOTES_H
#define FRACTARY_TRUST_STATE_NOTES_H

#include "trust/state_claim.h"
#include <fractary-plugin/vec.h>

typedef struct fr_state_note {
    char *stack, *environment;
    fr_state state;
    int claimed;  /* a change of this run was permitted on it           */
    int planned;  /* a plan was made on it                               */
    int emptying; /* the last plan was one for the removal of everything */
} fr_state_note;

/* Zeroed memory is a valid empty one. */
typedef struct fr_state_notes {
    fr_vec notes; /* of fr_state_note */
} fr_state_notes;

void fr_state_notes_finish(fr_state_notes *notes);
/* Valid until finish; NULL when nothing is known. */
fr_state_note *fr_state_notes_find(const fr_state_notes *notes, const char *stack,
                                   const char *environment);
/* Takes `state` over (also on failure) in place of what was known.
 * FRACTARY_E_NOMEM. */
int32_t fr_state_notes_put(fr_state_notes *notes, const char *stack, const char *environment,
                           fr_state *state);

#endif
