/* Which stacks have changed, by git. */
#ifndef FRACTARY_CLI_STACK_CHANGED_H
#define FRACTARY_CLI_STACK_CHANGED_H

#include "cli/app.h"
#include <fractary-plugin/vec.h>

/* Takes out of `names` (in the order of the dependencies) the stacks whose code
 * is as it was in `since` (NULL: see service/git.h). A change of the
 * configuration counts for all. Log records say what was found, and which
 * stacks depend on it and are not among them. `result` gets `since` and, when
 * none is left, an empty list `stacks` and a message. Errors are those of
 * fr_git_changes_find(). */
int32_t fr_stacks_keep_changed(fr_app *app, const char *environment, const char *since,
                               fr_vec *names, fr_json *result, fractary_error *error);

#endif
