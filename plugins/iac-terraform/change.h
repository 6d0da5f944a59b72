/* `change` records. */
#ifndef FRACTARY_IAC_TERRAFORM_CHANGE_H
#define FRACTARY_IAC_TERRAFORM_CHANGE_H

#include "terraform.h"

enum fr_tf_status { FR_TF_PLANNED, FR_TF_STARTED, FR_TF_RUNNING, FR_TF_DONE, FR_TF_FAILED };

/* Emits one from the tool's own object: the `change` of a planned_change, the
 * `hook` of an apply_… message. One without a resource is passed over. */
int32_t fr_tf_change_emit(const fractary_call *call, const fr_json *source,
                          enum fr_tf_status status);

#endif
