/* A child from its start to its end: its output is followed, an interruption
 * is passed on to it, its deadline is kept. */
#ifndef FRACTARY_SERVICE_PROCESS_JOB_H
#define FRACTARY_SERVICE_PROCESS_JOB_H

#include "service/context.h"
#include "service/process.h"
#include "service/process_output.h"

typedef struct fr_job {
    fr_context *context;
    const char *label;
    uint64_t deadline; /* 0: none                                             */
    int careful;       /* FRACTARY_PROCESS_CAREFUL                            */
    unsigned before;   /* interruptions before it started                     */
    fr_child child;
    fr_output out, err;
    fr_output_reader reader;
    /* Its way to the end: */
    unsigned passed_on; /* interruptions passed on to it: 0, 1, 2            */
    int overdue;        /* told to stop for its deadline                     */
    int killed;
    uint64_t kill_at;    /* 0: not to be killed                               */
    uint64_t give_up_at; /* when not even SIGKILL has ended it                */
} fr_job;

/* Follows the started child until it has ended and all its output was read.
 * The first interruption is passed on as SIGINT, then the child is waited for.
 * The second is passed on, too, and after 5 s (careful: 10 s) the child is
 * killed. Past its deadline it gets SIGINT, and after 5 s (careful: 30 s)
 * SIGKILL. Each step is said in a `log` record. FRACTARY_E_CANCELLED,
 * FRACTARY_E_DEADLINE, the status of the reader that stopped, FRACTARY_E_IO
 * when its output could not be read. */
int32_t fr_job_follow(fr_job *job, fractary_error *error);

#endif
