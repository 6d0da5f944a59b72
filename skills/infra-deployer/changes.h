/* What an apply did, followed by its `change` records, and the words for one
 * that was interrupted. */
#ifndef INFRA_DEPLOYER_CHANGES_H
#define INFRA_DEPLOYER_CHANGES_H

#include "inventory.h"

#include <fractary-plugin/error.h>

/* Zeroed memory is a valid empty one. */
typedef struct changes {
    fr_vec running; /* addresses that began and did not end; char *, owned */
    size_t done, failed;
} changes;

void changes_finish(changes *self);
/* A listener that counts `change` records. Valid as long as `self`. */
fractary_sink changes_listener(changes *self);

/* How an interrupted command left things. Borrowed. */
typedef struct changes_end {
    const char *environment;
    const char *command;        /* that does the rest: "deploy"                   */
    const inventory *resources; /* what the state has, or NULL: it was not read   */
    const char *unwritten;      /* why the registry was not written; NULL: it was */
} changes_end;

/* Gives the error of an interrupted apply its cause and advice: what ended,
 * what may be half done, what the registry holds, what to run next. */
void changes_explain(const changes *self, const changes_end *end, fractary_error *error);

#endif
