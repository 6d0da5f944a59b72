/* State that Terraform keeps in a file of the project. */
#ifndef FRACTARY_PROJECT_LOCAL_STATE_H
#define FRACTARY_PROJECT_LOCAL_STATE_H

#include "project/terraform_folder.h"

/* *out: path of the default workspace's local state, relative to `root` (which
 * is absolute), when it holds resources or cannot be understood; NULL when
 * there is none, or an empty one. The caller frees it. FRACTARY_OK or
 * FRACTARY_E_NOMEM. */
int32_t fr_local_state_find(const char *root, const fr_terraform_folder *code, char **out);

#endif
