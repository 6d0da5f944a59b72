/* Timers in the memory of whoever uses them, kept in a pairing heap: to arm
 * and to disarm takes no allocation, so neither can fail. */
#ifndef FRACTARY_SERVICE_TIMER_H
#define FRACTARY_SERVICE_TIMER_H

#include <stdint.h>

/* Zeroed but for `context` and `fired` before its first use; must stay where
 * it is while it is armed. */
typedef struct fr_timer {
    void *context;
    void (*fired)(void *context); /* may arm it again */
    uint64_t at;                  /* CLOCK_MONOTONIC ns; the heap's, as all below */
    int armed;
    struct fr_timer *child, *next, *previous; /* previous sibling, or the parent */
} fr_timer;

/* The earliest timer stands on top. Zeroed memory is a valid empty heap. */
typedef struct fr_timers {
    fr_timer *top;
} fr_timers;

/* Sets it to `at`, also when it is armed already. */
void fr_timers_arm(fr_timers *timers, fr_timer *timer, uint64_t at);
/* Takes it out; nothing happens when it is not armed. */
void fr_timers_disarm(fr_timers *timers, fr_timer *timer);

#endif
