/* Initialising the root module, for those that find out that they need it. */
#ifndef FRACTARY_IAC_TERRAFORM_INIT_H
#define FRACTARY_IAC_TERRAFORM_INIT_H

#include "terraform.h"

/* Runs init now, with backend and workspace, whatever the stamp says; emits
 * its diagnostics when it fails. `flags`: FRACTARY_IAC_UPGRADE. */
int32_t fr_tf_initialise(fr_tf *tf, const fractary_call *call, uint32_t flags,
                         fractary_error *error);
/* The same without backend and credentials, in a data folder of its own. */
int32_t fr_tf_initialise_offline(fr_tf *tf, const fractary_call *call, fractary_error *error);

#endif
