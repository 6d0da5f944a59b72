/* Help, made from the tables of commands; fits the width. */
#ifndef FRACTARY_CLI_HELP_H
#define FRACTARY_CLI_HELP_H

#include "cli/command.h"
#include "cli/style.h"

/* Each appends to `out`; FRACTARY_OK or _E_NOMEM. A width of 0 means 80. */
int32_t fr_help_top(const fr_commands *commands, const fr_style *style, fr_buf *out);
int32_t fr_help_group(const fr_commands *commands, const fr_command_group *group,
                      const fr_style *style, fr_buf *out);
int32_t fr_help_command(const fr_command *command, const fr_style *style, fr_buf *out);

/* Pieces that the reference is made of, too. Appends "[--env NAME] [ID…]": all
 * options and arguments of a command. */
void fr_help_synopsis(const fr_json *command, fr_buf *out);
/* Appends "--env NAME", and what is to be said about it: its help, the values
 * that are allowed, the default. */
void fr_help_option_name(const fr_json *option, fr_buf *out);
void fr_help_option_text(const fr_json *option, fr_buf *out);
/* One sentence that says what fractary is. */
const char *fr_help_tagline(void);

#endif
