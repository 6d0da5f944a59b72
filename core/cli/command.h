/*
 * The tree of commands: the core's own and those of every agent and skill
 * that was found, all by tables of one form (plugin/command.h).
 *
 * A table belongs to the command line when its document has a "group": its
 * commands then stand under that name, and some of them at top level as well.
 * The core's names are reserved. Of two claimants of one name neither gets it.
 */
#ifndef FRACTARY_CLI_COMMAND_H
#define FRACTARY_CLI_COMMAND_H

#include <fractary-plugin/json.h>

/* Where commands come from: a manifest, or a document of the same form that
 * the core made. Borrowed as long as the tree. */
typedef struct fr_command_source {
    const char *plugin;  /* id; "" for the core                              */
    const fr_json *tree; /* has "group" and "commands"; a core's document
                          * without "group" puts its commands at top level   */
} fr_command_source;

typedef struct fr_command_group {
    const char *name; /* "infra-manage"; "" for the core's top level      */
    const char *summary;
    const char *plugin;   /* "" for the core's                                */
    size_t first, count;  /* its commands                                     */
    const char *disputed; /* another plugin that claims the name, or NULL     */
} fr_command_group;

typedef struct fr_command {
    const fr_json *tree; /* as in plugin/command.h                           */
    const char *plugin;  /* that runs it; "" for the core                    */
    size_t group;
    const char *name;
    const char *summary;
    char *usage;          /* "fractary infra-manage preview-changes"          */
    const char *top;      /* name at top level, or NULL                       */
    const char *disputed; /* another plugin that claims `top`, or NULL        */
    int hidden;           /* works, but no help shows it                      */
} fr_command;

typedef struct fr_commands {
    fr_command_group *groups;
    size_t group_count;
    fr_command *commands;
    size_t count;
} fr_commands;

/* The first source is the core's. FRACTARY_OK or _E_NOMEM. */
int32_t fr_commands_init(fr_commands *commands, const fr_command_source *sources, size_t count,
                         fractary_error *error);
void fr_commands_finish(fr_commands *commands); /* accepts zeroed memory */

/* What the first words of a command line mean. */
typedef struct fr_command_match {
    const fr_command *command; /* NULL: a group alone                       */
    const fr_command_group *group;
    int words; /* that were taken: 1 or 2                   */
} fr_command_match;

/* FRACTARY_OK, with `command` NULL when only a group is named. FRACTARY_E_INVALID for a
 * name that is not known (with the nearest one) or that two plugins claim. */
int32_t fr_commands_find(const fr_commands *commands, int argc, char *const *argv,
                         fr_command_match *match, fractary_error *error);

/* The name by which records and documents call a command: the shorter one. */
const char *fr_command_title(const fr_command *command);

/* Non-zero when a command asks for a project (the default), and when it keeps
 * a journal. */
int fr_command_wants_project(const fr_command *command);
int fr_command_wants_run(const fr_command *command);

#endif
