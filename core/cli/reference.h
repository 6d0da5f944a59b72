/* The reference of all commands, made from their tables. */
#ifndef FRACTARY_CLI_REFERENCE_H
#define FRACTARY_CLI_REFERENCE_H

#include "cli/command.h"

/* Append docs/reference/commands.md and the manual page fractary(1).
 * FRACTARY_OK or _E_NOMEM. */
int32_t fr_reference_markdown(const fr_commands *commands, fr_buf *out);
int32_t fr_reference_man(const fr_commands *commands, fr_buf *out);

#endif
