/*
 * Child processes: the one fork in the core. What a child gets (descriptors,
 * environment, folder) is made ready beforehand; between fork and exec there
 * are async-signal-safe calls only. process_service.c is fractary.process/1,
 * which stands on this.
 */
#ifndef FRACTARY_SERVICE_PROCESS_H
#define FRACTARY_SERVICE_PROCESS_H

#include <sys/types.h>

#include "service/loop.h"

/* Most descriptors that a child gets beside standard input and output. */
#define FR_CHILD_ATTACHMENTS 8

/* What to start. All borrowed for fr_child_start(). */
typedef struct fr_child_plan {
    const char *const *argv;    /* argv[0] is an absolute path                   */
    const char *const *environ; /* the whole environment, NULL-terminated        */
    const char *directory;      /* absolute                                      */
    int out, err;               /* become descriptors 1 and 2                    */
    const int *attachments;     /* become 3, 4, …                                */
    size_t attachment_count;    /* at most FR_CHILD_ATTACHMENTS                  */
    int outlives_us;            /* non-zero: it goes on when this process dies;
                                 * else it gets SIGTERM then                     */
} fr_child_plan;

/* A child that runs or has ended. Zeroed before fr_child_start(). */
typedef struct fr_child {
    pid_t pid;
    int ended;
    int exit_code;  /* -1 when a signal ended it */
    int signal;     /* that signal, or 0         */
    int pidfd;      /* -1 where the system has none */
    fr_watch watch; /* wakes the loop when the child ends */
} fr_child;

/* Starts it as leader of a session and process group of its own, without a
 * terminal, with /dev/null as standard input, every signal at its default and
 * none blocked. FRACTARY_OK says that the program runs; else it never did:
 * FRACTARY_E_MISSING (no such program), FRACTARY_E_NOTFOUND (no such folder),
 * FRACTARY_E_FAILED. `loop` must outlive the child. */
int32_t fr_child_start(const fr_child_plan *plan, fr_loop *loop, fr_child *child,
                       fractary_error *error);
/* Looks whether it has ended; never waits. */
void fr_child_look(fr_child *child);
/* Sends a signal to its process group; nothing once it has ended. */
void fr_child_signal(const fr_child *child, int number);
/* Lets go of it. One that has not ended goes on unattended. */
void fr_child_finish(fr_child *child, fr_loop *loop);

#endif
