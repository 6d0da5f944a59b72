/*
 * The one event loop: descriptors, timers and signals. Children, HTTP, waits
 * and the terminal all go through it, on the main thread.
 *
 * While a loop exists, SIGINT, SIGTERM and SIGHUP are blocked and read from a
 * descriptor instead of being delivered: nothing is interrupted in its middle,
 * and who blocks must block here. One that was ignored when the loop was made
 * (nohup, a background job of a shell) stays ignored. SIGPIPE is ignored, and
 * SIGCHLD has its default action, without which no child's end could be known.
 *
 * An interruption is counted for ever (fr_loop_interrupts(), and with it
 * fractary_call.cancelled()), but answered once: the blocking service that
 * stops for it acknowledges it, so that what is needed to wind up (reading the
 * state after an interrupted apply) can still run; the next Ctrl-C stops that.
 */
#ifndef FRACTARY_SERVICE_LOOP_H
#define FRACTARY_SERVICE_LOOP_H

#include "service/timer.h"
#include <fractary-plugin/error.h>

typedef struct fr_loop fr_loop;

#define FR_LOOP_READ  1u
#define FR_LOOP_WRITE 2u

/* A descriptor that is watched; in the memory of whoever uses it, where it
 * stays until fr_loop_unwatch(). Zero what is not set. */
typedef struct fr_watch {
    int descriptor;
    uint32_t events; /* FR_LOOP_READ, FR_LOOP_WRITE                            */
    void *context;
    /* `events`: what is possible; errors and hang-ups count as both. May watch
     * and unwatch anything, itself too, and may step the loop. */
    void (*ready)(void *context, uint32_t events);
    int watched; /* the loop's */
} fr_watch;

/* Makes the loop and takes the signals over; undone by fr_loop_destroy(). */
int32_t fr_loop_create(fr_loop **out, fractary_error *error);
void fr_loop_destroy(fr_loop *loop); /* accepts NULL */

/* Begins to watch, or takes changed events over. FRACTARY_E_UNSUPPORTED for a
 * descriptor that is always ready (a regular file). */
int32_t fr_loop_watch(fr_loop *loop, fr_watch *watch, fractary_error *error);
/* Stops; `ready` is not called any more. Accepts what is not watched, and a
 * descriptor that was closed already. */
void fr_loop_unwatch(fr_loop *loop, fr_watch *watch);

/* Calls timer->fired once at `at` (CLOCK_MONOTONIC ns) or as soon after it as
 * the loop is stepped. */
void fr_loop_arm(fr_loop *loop, fr_timer *timer, uint64_t at);
void fr_loop_disarm(fr_loop *loop, fr_timer *timer);

/* Waits until something happened, at most until `deadline` (CLOCK_MONOTONIC
 * ns; one that has passed: do not wait) and never more than a second, and
 * calls whatever is due. May be called from within a callback. */
int32_t fr_loop_step(fr_loop *loop, uint64_t deadline, fractary_error *error);

/* How often the user has interrupted so far. [any-thread] */
unsigned fr_loop_interrupts(fr_loop *loop);
/* All interruptions so far have been answered. */
void fr_loop_acknowledge(fr_loop *loop);
/* What a blocking service asks before it starts and whenever it wakes:
 * FRACTARY_E_CANCELLED for an interruption that nobody has answered (it counts
 * as answered then), FRACTARY_E_DEADLINE when `deadline` is not 0 and has
 * passed, else FRACTARY_OK. `what` completes "… while <what>". */
int32_t fr_loop_check(fr_loop *loop, uint64_t deadline, const char *what, fractary_error *error);

/* Waits until `descriptor` can be read (or has ended): for a terminal with
 * somebody at it. As fr_loop_check() otherwise. */
int32_t fr_loop_wait_readable(fr_loop *loop, int descriptor, uint64_t deadline, const char *what,
                              fractary_error *error);

#endif
