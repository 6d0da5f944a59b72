/* Tools besides Terraform that a project uses for its infrastructure. */
#ifndef FRACTARY_PROJECT_OTHER_TOOLS_H
#define FRACTARY_PROJECT_OTHER_TOOLS_H

#include "project/folder_tree.h"

/* *out: an array of {name, file, note}: its name, the first file that shows
 * it, and a sentence on what fractary does about it. *main_tool: the first of
 * them that describes infrastructure as Terraform does, or NULL; static. The
 * caller frees *out. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_other_tools_find(const fr_folder_tree *tree, fr_json **out, const char **main_tool,
                            fractary_error *error);

#endif
