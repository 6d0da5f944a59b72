/* Who must approve a plan, by the class of the environment. */
#ifndef FRACTARY_TRUST_APPROVAL_H
#define FRACTARY_TRUST_APPROVAL_H

#include <fractary-plugin/buf.h>
#include "project/config.h"
#include "trust/gate.h"

/* A terminal with somebody at it; the command line provides it. */
typedef struct fr_approval_terminal {
    void *context;
    int (*present)(void *context); /* non-zero: input and output are terminals */
    /* Shows `question` and reads one line without its end. FRACTARY_OK,
     * FRACTARY_E_CANCELLED at Ctrl-C or end of input, FRACTARY_E_DEADLINE. */
    int32_t (*ask)(void *context, const char *question, fr_buf *answer, fractary_error *error);
    /* Shows a warning that cannot be overlooked. */
    void (*warn)(void *context, const char *text);
} fr_approval_terminal;

typedef struct fr_approval_demand {
    const char *method;  /* "apply", "destroy"                              */
    const char *summary; /* one sentence                                    */
    int ask;             /* ask even where the class needs no question      */
    int yes;             /* the user said --yes                             */
} fr_approval_demand;

/* test: approved without a question for apply (with `ask`: y/N); destroy
 * needs `yes` or y/N at a terminal. staging: y/N at a terminal. production:
 * warning, then the environment's name typed exactly; `yes` counts for
 * nothing. Without a terminal where a question is needed:
 * FRACTARY_E_UNCONFIRMED with what to do. Approved: noted in the gate, and
 * *how ("class", "yes", "typed", "answered") says by what. */
int32_t fr_approval_get(const fr_approval_terminal *terminal, const fr_config *config,
                        fr_gate *gate, const fr_gate_subject *subject,
                        const fr_approval_demand *demand, const char **how,
                        fractary_error *error);

#endif
