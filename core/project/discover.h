/* What a project's folder tells about itself, for `init` and `doctor`. Reads
 * only; runs nothing but reads of files (git's too). */
#ifndef FRACTARY_PROJECT_DISCOVER_H
#define FRACTARY_PROJECT_DISCOVER_H

#include <fractary-plugin/json.h>

typedef struct fr_discover_options {
    const char *start;                /* folder to begin in, absolute                         */
    const char *home;                 /* for ~/.aws; NULL: none                               */
    const char *aws_config_file;      /* AWS_CONFIG_FILE, or NULL              */
    const char *aws_credentials_file; /* AWS_SHARED_CREDENTIALS_FILE, or NULL  */
    int here; /* non-zero: `start` itself is the project (--project), whatever
               * repository it lies in                                         */
} fr_discover_options;

/* *out: the object that `init --dry-run --json` shows as `discovered`; the
 * caller frees it. Paths are relative to `root`, lists are sorted.
 *   root             absolute: the folder that is configured already, else the
 *                    git repository, else `start`
 *   project          repository's name in git's remote, else the folder's name
 *                    (a '-' for each byte that is no text)
 *   organization     its owner, or null
 *   iac              "terraform", "opentofu", another tool's name, or null
 *   layout           "flat", "env-folders", "workspaces", "var-files",
 *                    "modules-live", "monorepo", or null without Terraform
 *   terraform_dirs   root modules
 *   environments     names
 *   workspaces       names that code or local state speak of
 *   var_files        those that are to be named when Terraform runs
 *   automatic_files  those that Terraform reads by itself where they lie:
 *                    terraform.tfvars, *.auto.tfvars
 *   ignored_files    examples, and those that no environment can be told for
 *   backend_files    files with settings for a partial backend
 *   backend          "none", "partial", "remote" (also for a cloud block), else
 *                    the type: "local", "s3", "gcs", …
 *   providers, regions
 *   modules          folders of local modules
 *   profiles         [{name, region, account, kind, use: {environment, purpose}
 *                    or null}]
 *   per_environment  see project/per_environment.h
 *   no_environment   likewise
 *   root_modules     [{directory, environment, auxiliary, backend, partial,
 *                    state: path of a local state with resources, or null}]
 *   terragrunt_units folders that only Terragrunt can run
 *   other_tools      [{name, file, note}]
 *   doubts           sentences: profiles that were not matched, and why
 *   unread           sentences: files that could not be read
 *   skipped          {names: how many are not plain UTF-8, more: whether the
 *                    project is larger than what is looked at}
 * FRACTARY_E_NOTFOUND when `start` is no folder, FRACTARY_E_IO when the root
 * cannot be read, FRACTARY_E_NOMEM. */
int32_t fr_discover(const fr_discover_options *options, fr_json **out, fractary_error *error);

#endif
