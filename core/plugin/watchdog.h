/*
 * Ends the process, with a word on who did it, when a plugin crashes inside
 * one of its methods, or computes on past the deadline of its call.
 *
 * While a method of a plugin runs, signal handlers of ours are in place; at
 * all other times the process has none of them. They write a line that was
 * prepared when the method began to the journal and to the terminal, and end
 * the process with status 1. This is the one writer to the terminal beside
 * the command line's report: nothing else can be trusted to run then.
 */
#ifndef FRACTARY_PLUGIN_WATCHDOG_H
#define FRACTARY_PLUGIN_WATCHDOG_H

#include <fractary-plugin/error.h>

typedef struct fr_watchdog fr_watchdog;

/* How long a method may compute on past its deadline, in nanoseconds. */
#define FR_WATCHDOG_GRACE UINT64_C(5000000000)

/* Methods that may be running inside one another. */
#define FR_WATCHDOG_DEPTH 16

/* Where the last words go. */
typedef struct fr_watchdog_output {
    int descriptor; /* the user's error output; -1: none */
    int journal;    /* of the run; -1: none */
} fr_watchdog_output;

/* A method that begins. Texts are copied. */
typedef struct fr_watchdog_method {
    const char *plugin; /* id */
    const char *name;   /* "apply", or "create" and so on */
    const char *run;    /* id of the run, "" outside one */
    uint64_t deadline;  /* CLOCK_MONOTONIC ns; 0: none */
    fr_watchdog_output output;
} fr_watchdog_method;

/* `grace` in nanoseconds: FR_WATCHDOG_GRACE but in tests. At most one
 * watchdog of a process may have methods running. */
int32_t fr_watchdog_create(uint64_t grace, fr_watchdog **out, fractary_error *error);
void fr_watchdog_destroy(fr_watchdog *watchdog); /* accepts NULL */

/* A method begins, and ends; on the main thread. Time that a method spends
 * waiting in a service of the host does not count: a plugin is past its
 * deadline when, after it, it keeps the processor for half of a grace or
 * more. FRACTARY_E_LIMIT beyond FR_WATCHDOG_DEPTH, FRACTARY_E_FAILED. */
int32_t fr_watchdog_enter(fr_watchdog *watchdog, const fr_watchdog_method *method,
                          fractary_error *error);
void fr_watchdog_leave(fr_watchdog *watchdog);

#endif
