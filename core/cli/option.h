/*
 * Reading a command line by the tables of commands (plugin/command.h).
 *
 *   --name value, --name=value   an option with a value; a value that begins
 *                                with "-" takes the form with "="
 *   --name                       a flag
 *   --                           what follows are arguments, not options
 *   -h                           the only short option; nothing is bundled
 *
 * The options that every command has may stand anywhere.
 */
#ifndef FRACTARY_CLI_OPTION_H
#define FRACTARY_CLI_OPTION_H

#include <fractary-plugin/json.h>

/* The options that every command has. */
typedef struct fr_globals {
    int json, quiet, no_color, verbose, help, version;
    const char *project; /* points into argv; NULL: not given */
} fr_globals;

/* One row of their table, for help, completion and the reference. */
typedef struct fr_global_option {
    const char *name;  /* "json"                        */
    const char *value; /* name of its value, or NULL    */
    const char *help;
} fr_global_option;

const fr_global_option *fr_option_globals(size_t *count);

/* Takes the global options out of `argv` (without the program's name) and
 * moves the rest to its front; returns how many are left. `globals` holds all
 * that could be read, also when something is wrong, so that the complaint can
 * be made in the form that was asked for. FRACTARY_E_INVALID in error->status,
 * which is FRACTARY_OK otherwise. */
int fr_option_take_globals(int argc, char **argv, fr_globals *globals, fractary_error *error);

/* Reads what stands behind the command's name. *given is the object that
 * fr_command_options() takes: strings, booleans, and arrays of strings for
 * what may be repeated. The caller frees it. FRACTARY_E_INVALID names the
 * option and, where it is unknown, the nearest one. `title` is the command's
 * name, fr_command_title(). */
int32_t fr_option_parse(const fr_json *command, const char *title, int argc, char *const *argv,
                        fr_json **given, fractary_error *error);

#endif
