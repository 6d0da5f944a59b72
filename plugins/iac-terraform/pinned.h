/* The version that a project asks for in .terraform-version or
 * .opentofu-version, the files of version managers. */
#ifndef FRACTARY_IAC_TERRAFORM_PINNED_H
#define FRACTARY_IAC_TERRAFORM_PINNED_H

#include "terraform.h"

/* FRACTARY_E_UNSUPPORTED when the file, in the root module or the project's
 * folder, names one exact version and the tool is of another. What is no exact
 * version (latest, ~> 1.9) is the version manager's affair. The tool is asked
 * for its version only where there is such a file. */
int32_t fr_tf_pinned_check(fr_tf *tf, const fractary_call *call, fractary_error *error);

#endif
