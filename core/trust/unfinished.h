/*
 * Runs that began to change something: a mark in the run's folder, gone when
 * the run ends. What is left of it tells later that a run was broken off.
 *
 * The mark is held under a lock (flock) for as long as the process lives, so
 * that no process id has to be believed in.
 */
#ifndef FRACTARY_TRUST_UNFINISHED_H
#define FRACTARY_TRUST_UNFINISHED_H

#include <fractary-plugin/error.h>

/* What a mark says. Borrowed. */
typedef struct fr_unfinished {
    const char *run; /* its id: from the folder's name when it is read    */
    const char *environment, *stack;
    const char *method; /* that was permitted: "apply", "destroy", …         */
    const char *plan;   /* hex SHA-256, or ""                                */
    const char *host;   /* where, NULL for this one                          */
    int64_t pid, at;    /* 0 for this process; Unix ms, 0 for now            */
} fr_unfinished;

#define FR_UNFINISHED_FILE "unfinished.json"

/* Writes the mark into the run's folder and holds its lock: *descriptor is to
 * be closed after the mark was removed. FRACTARY_E_IO with why and what to do,
 * FRACTARY_E_NOMEM. */
int32_t fr_unfinished_begin(const char *run_folder, const fr_unfinished *mark, int *descriptor,
                            fractary_error *error);

/* What was found. */
typedef struct fr_unfinished_visitor {
    void *context;
    const char *environment, *stack; /* only marks of these                  */
    const char *own;                 /* id of the run that asks: left out    */
    /* `alive`: whoever made the mark still runs. Otherwise FRACTARY_OK removes
     * the mark; anything else leaves it and ends the search. */
    int32_t (*visit)(void *context, const fr_unfinished *mark, int alive);
} fr_unfinished_visitor;

/* Looks through the runs below `folder` (fr_config_folder()), oldest first. A
 * mark that cannot be read is left alone. FRACTARY_OK, also where there are no
 * runs; FRACTARY_E_LIMIT for too many, FRACTARY_E_IO, or what visit() returned. */
int32_t fr_unfinished_each(const char *folder, const fr_unfinished_visitor *visitor,
                           fractary_error *error);

#endif
