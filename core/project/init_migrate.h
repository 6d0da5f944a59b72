/* The configuration of the tool that came before, read tolerantly. */
#ifndef FRACTARY_PROJECT_INIT_MIGRATE_H
#define FRACTARY_PROJECT_INIT_MIGRATE_H

#include <fractary-plugin/json.h>

/* Looks for the original tool's file below `root` and takes over what has a
 * place in ours. *out (the caller frees it) is NULL where there is no such
 * file, else an object:
 *   file          its path relative to `root`
 *   project, organization, subsystem, pattern, hosting, iac, directory
 *                 texts; absent where the file does not say
 *   environments  {name: {profiles: {deploy, grant}, account, region,
 *                 directory, var_files}}
 *   notes         sentences: what was taken over, what was not and why
 * A file that cannot be read or is no JSON is a note, not an error.
 * FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_init_migrate(const char *root, fr_json **out, fractary_error *error);

#endif
