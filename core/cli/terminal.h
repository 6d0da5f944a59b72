/* The terminal, if there is one: what it can show, and the answer that
 * somebody types at it. Never writes. */
#ifndef FRACTARY_CLI_TERMINAL_H
#define FRACTARY_CLI_TERMINAL_H

#include "cli/style.h"

typedef struct fr_terminal {
    int in, out, err; /* descriptors; borrowed                              */
    int in_terminal, out_terminal, err_terminal;
    int redraws; /* non-zero: a line of standard output can be drawn anew */
    fr_style out_style, err_style;
} fr_terminal;

/* Looks at three descriptors and at the environment: NO_COLOR, TERM, COLUMNS
 * (which counts for an output that is no terminal, too) and the codeset that
 * LC_ALL, LC_CTYPE or LANG names. `plain` non-zero: no colour. */
void fr_terminal_look(fr_terminal *terminal, int in, int out, int err, int plain);
/* Asks for the width anew: the window may have changed. */
void fr_terminal_resize(fr_terminal *terminal);

/* How long somebody has to answer, in nanoseconds. */
#define FR_TERMINAL_PATIENCE   (UINT64_C(600) * 1000000000)
#define FR_TERMINAL_ANSWER_MAX 4096

/* Who waits for input; it may do other work meanwhile. */
typedef struct fr_terminal_wait {
    void *context;
    /* Returns FRACTARY_OK once `descriptor` can be read; FRACTARY_E_CANCELLED
     * at an interruption, FRACTARY_E_DEADLINE at `deadline` (CLOCK_MONOTONIC
     * ns), as fr_loop_wait_readable(). */
    int32_t (*readable)(void *context, int descriptor, uint64_t deadline, fractary_error *error);
} fr_terminal_wait;

/* Throws away what was typed before a question was asked. */
void fr_terminal_forget_input(const fr_terminal *terminal);
/* Reads one line, without its end, into `answer`. A `wait` of NULL waits by
 * itself. FRACTARY_E_CANCELLED at an interruption and at the end of input,
 * FRACTARY_E_DEADLINE after `patience` nanoseconds, FRACTARY_E_LIMIT for a
 * line over FR_TERMINAL_ANSWER_MAX bytes, FRACTARY_E_IO. */
int32_t fr_terminal_read_line(const fr_terminal *terminal, uint64_t patience,
                              const fr_terminal_wait *wait, fr_buf *answer, fractary_error *error);

#endif
