/* What the Terraform files of one folder say, taken together. */
#ifndef FRACTARY_PROJECT_TERRAFORM_FOLDER_H
#define FRACTARY_PROJECT_TERRAFORM_FOLDER_H

#include "project/folder_tree.h"
#include "project/names.h"

typedef struct fr_terraform_folder {
    const fr_folder *folder; /* borrowed from the tree                           */
    char *backend;           /* type of its backend block ("remote" for a cloud
                              * block), NULL without one                          */
    char *state_path;        /* that a local backend names, or NULL               */
    int partial;             /* the block lacks settings that it requires         */
    int has_provider;        /* it configures a provider                          */
    int opentofu;            /* it has files of OpenTofu's own                    */
    int uses_workspace;      /* terraform.workspace occurs                        */
    char *region;            /* of its provider without an alias, a literal or the
                              * default of the variable that stands there; or NULL */
    fr_names providers;      /* local names: required, configured and implied     */
    fr_names regions;        /* literals of providers and of variables' defaults  */
    fr_names calls;          /* local modules, as paths relative to the root      */
    fr_names workspaces;     /* names that expressions compare the workspace with */
} fr_terraform_folder;

/* Non-zero for a name that Terraform or OpenTofu would read as code. */
int fr_terraform_is_code(const char *name);

/* Reads the folder's files; *out is NULL where there is none of code. What
 * cannot be read, or only in part, adds a sentence to `troubles` and is not an
 * error. The caller destroys *out. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_terraform_folder_read(const fr_folder_tree *tree, const fr_folder *folder,
                                 fr_names *troubles, fr_terraform_folder **out,
                                 fractary_error *error);
void fr_terraform_folder_destroy(void *item); /* accepts NULL */

/* The sentence about a file of Terraform's that could not be read: `error` is
 * that of fr_hcl_scan(), fr_hcl_from_json() or of the reading. NULL without
 * memory; the caller frees it. */
char *fr_terraform_trouble(const char *path, const fractary_error *error);
/* Non-zero when a text can be a region's name: "eu-central-1", "europe-west1". */
int fr_terraform_is_region(const char *text);
/* Non-zero when a variable of that name holds a region. */
int fr_terraform_names_region(const char *name);

#endif
