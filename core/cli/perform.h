/* Running a command of an agent or a skill: its options, the project, the
 * environment, and then the plugin itself. */
#ifndef FRACTARY_CLI_PERFORM_H
#define FRACTARY_CLI_PERFORM_H

#include "cli/app.h"

/* `argv` is what stands behind the command's name; `result` gets what the
 * command adds to the result record. When it returns, instances
 * of plugins are gone and what they printed was told; run and journal are
 * still open, for the result. */
int32_t fr_perform(fr_app *app, const fr_command *command, int argc, char *const *argv,
                   fr_json *result, fractary_error *error);

#endif
