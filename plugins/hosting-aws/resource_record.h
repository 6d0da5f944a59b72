/* The `resource` record of a verdict (docs/reference/records.md). */
#ifndef FRACTARY_HOSTING_AWS_RESOURCE_RECORD_H
#define FRACTARY_HOSTING_AWS_RESOURCE_RECORD_H

#include "judge.h"

/* Emits it. What the sink returns, FRACTARY_E_NOMEM. */
int32_t fr_aws_resource_emit(const fr_aws *aws, const fractary_call *call, const fr_aws_type *type,
                             const fr_aws_facts *facts, const fr_aws_verdict *verdict);

#endif
