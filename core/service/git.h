/*
 * What git knows of a project's files. git runs as a child that gets no
 * credentials, asks nobody, fetches nothing and takes no lock.
 */
#ifndef FRACTARY_SERVICE_GIT_H
#define FRACTARY_SERVICE_GIT_H

#include "project/names.h"

/* Zeroed memory is a valid empty one. */
typedef struct fr_git_changes {
    char *since;    /* what it is compared with, for a sentence: "v1.2", "the
                     * merge base with origin/main"                          */
    char *commit;   /* that commit, or the empty tree where HEAD is the first */
    fr_names paths; /* absolute, without links in them: what differs, and files
                     * that git does not know and does not ignore            */
} fr_git_changes;

/* Compares the files of the repository around `folder` (absolute) with those
 * of `since`, a commit, branch or tag. NULL: with the merge base of HEAD and
 * the default branch of the remote "origin", or with the commit before HEAD
 * where that base is HEAD itself. What is committed, staged and neither counts
 * alike. FRACTARY_E_MISSING without git; FRACTARY_E_INVALID for a `since` that
 * is none; FRACTARY_E_CONFIG where there is no repository or it lacks the
 * commit, with what is to be fetched; FRACTARY_E_DEADLINE after a minute;
 * FRACTARY_E_CANCELLED. Finish it in any case. */
int32_t fr_git_changes_find(const char *folder, const char *since, fr_git_changes *out,
                            fractary_error *error);
void fr_git_changes_finish(fr_git_changes *changes); /* accepts zeroed memory */

#endif
