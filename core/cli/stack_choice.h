/* Which stacks a command is for. */
#ifndef FRACTARY_CLI_STACK_CHOICE_H
#define FRACTARY_CLI_STACK_CHOICE_H

#include "cli/app.h"
#include <fractary-plugin/vec.h>

/* Appends the names (which live as long as the configuration) of the stacks
 * that the options mean, in the order in which they come: --stack NAME those
 * that are named, --all every one, --changed those whose files git says have
 * changed. Without any of these: the only one; where there are several, all for
 * a command that is for every stack (plugin/command.h, "every_stack"), else
 * FRACTARY_E_INVALID names them. A command without an option of type stack
 * serves projects with one stack. *all: more than one was asked for, so that a
 * summary is in place, even when it comes down to one or none; none is possible
 * with --changed alone, and `result` says so then. */
int32_t fr_stacks_choose(fr_app *app, const fr_command *command, const fr_json *options,
                         const char *environment, fr_vec *names, int *all, fr_json *result,
                         fractary_error *error);

#endif
