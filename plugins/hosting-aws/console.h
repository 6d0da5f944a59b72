/* The page of a resource in the cloud's console. */
#ifndef FRACTARY_HOSTING_AWS_CONSOLE_H
#define FRACTARY_HOSTING_AWS_CONSOLE_H

#include "facts.h"
#include "types.h"

/* Appends the address. FRACTARY_E_UNSUPPORTED when the type (NULL: no row) has
 * no page or a fact for it is not known; `out` is as it was then. */
int32_t fr_aws_console_put(const fr_aws_type *type, const fr_aws_facts *facts, fr_buf *out);

#endif
