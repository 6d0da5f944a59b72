/* One command for several stacks, one after the other, each in a run of its
 * own. */
#ifndef FRACTARY_CLI_STACK_RUN_H
#define FRACTARY_CLI_STACK_RUN_H

#include "cli/app.h"
#include <fractary-plugin/vec.h>

/* What is done for each stack: app->context.stack names it. */
typedef struct fr_stack_work {
    void *context;
    int32_t (*run)(void *context, fractary_error *error);
} fr_stack_work;

/* Runs the work for each of `names`, in that order. A stack that waits for one
 * that failed is skipped, and so is everything behind an interruption; the
 * others go on. Each begins and ends with a `stack` record. `result` gets the
 * list `stacks` and a message. Returns the status of the first that failed
 * (FRACTARY_E_NOTHING only when all ended so), with an error that names all
 * that did. */
int32_t fr_stacks_run(fr_app *app, const fr_command *command, const fr_vec *names,
                      const fr_stack_work *work, fr_json *result, fractary_error *error);

#endif
