/* What a project's folder tells about itself, for `init` and `doctor`. Reads
 * only; runs nothing but reads of files (git's too). */
#ifndef FRACTARY_PROJECT_DISCOVER_H
#define FRACTARY_PROJECT_DISCOVER_H

#include <fractary-plugin/json.h>

typedef struct fr_discover_options {
    const char *start; /* folder to begin in, absolute                         */
    const char *home;  /* for ~/.aws; NULL: none                               */
    const char *aws_config_file;      /* AWS_CONFIG_FILE, or NULL              */
    const char *aws_credentials_file; /* AWS_SHARED_CREDENTIALS_FILE, or NULL  */
    int here; /* non-zero: `start` itself is the project (--project), whatever
               * repository it lies in                                         */
} fr_discover_options;

/* *out: the object that `init --dry-run --json` shows as `discovered`:
 * root, project, organization, iac, layout, terraform_dirs, environments,
 * var_files, backend, providers, regions, modules, profiles, workspaces,
 * other_tools. The caller frees it. */
int32_t fr_discover(const fr_discover_options *options, fr_json **out, fractary_error *error);

#endif
