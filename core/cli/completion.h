/* Completion scripts for shells, made from the tables of commands. */
#ifndef FRACTARY_CLI_COMPLETION_H
#define FRACTARY_CLI_COMPLETION_H

#include "cli/command.h"

/* Appends the script for "bash", "zsh" or "fish". FRACTARY_OK,
 * FRACTARY_E_INVALID for another shell, FRACTARY_E_NOMEM. */
int32_t fr_completion_script(const fr_commands *commands, const char *shell, fr_buf *out);

#endif
