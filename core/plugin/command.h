/*
 * Commands as data: the tables by which the command line parses, helps,
 * completes and documents, whether they stand in a manifest or in the core.
 *
 * In a manifest:
 *   "group": {"name":"infra-manage","summary":"…"},
 *   "commands": [{"name":"preview-changes", "top_level":"preview",
 *     "summary":"…", "description":"…", "examples":["fractary preview --env test"],
 *     "run": true,              keeps a journal (commands that do something)
 *     "project": true,          needs a project (default true)
 *     "every_stack": true,      means all stacks where none is named
 *     "dependents_first": true, goes through them in reverse (removal)
 *     "arguments": [{"name":"…","help":"…","required":true,"repeat":false}],
 *     "options": [{"name":"env","type":"environment","value":"NAME",
 *                  "default":"…","values":["a","b"],"repeat":false,"help":"…",
 *                  "hidden":false}]}]
 * Option types: flag, string, integer, path, environment, stack. A command with
 * one of type stack may also have the flag "all": the core then runs it for
 * every stack.
 */
#ifndef FRACTARY_PLUGIN_COMMAND_H
#define FRACTARY_PLUGIN_COMMAND_H

#include "plugin/catalog.h"
#include <fractary-plugin/json.h>

/* Checks the shape of a manifest's "group" and "commands"; place and reason
 * in the error (FRACTARY_E_CONFIG). At most 64 commands, each with at most 16
 * arguments and 64 options; no option may take the name of a global one. */
int32_t fr_command_check(const fr_json *manifest, fractary_error *error);

/* Builds the options object of a command from given values: checks names,
 * types and allowed values, converts integers, fills in defaults (flags are
 * false, absent ones without default are left out). `given` is an object of
 * strings, booleans, integers or arrays of strings; NULL counts as empty.
 * `command` has passed fr_command_check(). FRACTARY_E_INVALID names the
 * option, what was found and what is allowed. The caller frees *out. */
int32_t fr_command_options(const fr_json *command, const fr_json *given, fr_json **out,
                           fractary_error *error);

/* The command of that name in a manifest, or NULL. */
const fr_json *fr_command_find(const fr_manifest *manifest, const char *name);
/* The command's name nearest to `name`, for "did you mean"; or NULL. */
const char *fr_command_nearest(const fr_manifest *manifest, const char *name);

#endif
