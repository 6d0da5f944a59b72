/* How a project arranges its Terraform code: which folders are root modules,
 * which environment each belongs to, and what the whole is called. */
#ifndef FRACTARY_PROJECT_LAYOUT_H
#define FRACTARY_PROJECT_LAYOUT_H

#include "project/environment_files.h"
#include "project/terraform_folder.h"
#include "project/terragrunt.h"

/* One folder that Terraform can be run in. */
typedef struct fr_root_module {
    const fr_terraform_folder *code;
    char *environment; /* that its path names, or NULL                        */
    char *before;      /* the path before that name; "" without one           */
    int contained;     /* that name stands in a folder for environments       */
    int auxiliary;     /* by its name it only makes the place for the state   */
} fr_root_module;

typedef struct fr_layout {
    const fr_folder_tree *tree; /* borrowed, as `folders` and `files` are       */
    const fr_vec *folders;      /* fr_terraform_folder *, sorted by path        */
    const fr_vec *files;        /* fr_environment_file *, sorted by path        */
    const fr_terragrunt *terragrunt;
    fr_vec roots;     /* fr_root_module *, sorted by path             */
    fr_names modules; /* paths of local modules                       */
    fr_names environments;
    fr_names workspaces;
    const char *name; /* "flat", "env-folders", "workspaces", "var-files",
                       * "modules-live", "monorepo"; NULL without Terraform     */
    int examples;     /* only examples have root modules: they were taken       */
} fr_layout;

/* Folders (beyond those that their names tell) of which each child is an
 * environment: "live", when a child of it has the name of one. */
void fr_layout_containers(const fr_folder_tree *tree, fr_names *containers);

/* Everything else. `layout` is zeroed before; finish it in any case.
 * FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_layout_init(fr_layout *layout, const fr_folder_tree *tree, const fr_vec *folders,
                       const fr_vec *files, const fr_names *containers,
                       const fr_terragrunt *terragrunt, fractary_error *error);
void fr_layout_finish(fr_layout *layout); /* accepts NULL and zeroed */

/* Non-zero for a path below a folder of examples or of tests. */
int fr_layout_is_example(const fr_folder_tree *tree, const char *path);
/* Non-zero when the file is one of the project: no example, and not of a
 * folder that only Terragrunt runs. */
int fr_layout_is_counted(const fr_layout *layout, const fr_environment_file *file);
/* The only root module that is not auxiliary, or NULL when there are more. */
const fr_root_module *fr_layout_single(const fr_layout *layout);
/* The innermost root module that `folder` lies in, or NULL. */
const fr_root_module *fr_layout_owner(const fr_layout *layout, const char *folder);
/* Non-zero when the file must be named to be used: Terraform does not read it
 * by itself where it lies. */
int fr_layout_is_explicit(const fr_layout *layout, const fr_environment_file *file);

#endif
