/* Where a project uses Terragrunt: folders that only it can run, and the code
 * that it runs there. */
#ifndef FRACTARY_PROJECT_TERRAGRUNT_H
#define FRACTARY_PROJECT_TERRAGRUNT_H

#include "project/folder_tree.h"

typedef struct fr_terragrunt {
    fr_names units;   /* paths of folders with a terragrunt.hcl or a
                       * terragrunt.stack.hcl, without the parents that they
                       * include                                              */
    fr_names sources; /* paths of local folders that units run                */
} fr_terragrunt;

/* `terragrunt` is zeroed before; finish it in any case. A file that cannot be
 * read has no source. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_terragrunt_find(fr_terragrunt *terragrunt, const fr_folder_tree *tree,
                           fractary_error *error);
void fr_terragrunt_finish(fr_terragrunt *terragrunt); /* accepts NULL and zeroed */

/* Non-zero when a unit lies in `folder` or below it. */
int fr_terragrunt_is_above(const fr_terragrunt *terragrunt, const char *folder);

#endif
