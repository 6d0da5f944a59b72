/* fractary_hosting.credentials(): what a child process needs to act as an
 * identity. */
#ifndef FRACTARY_HOSTING_AWS_CREDENTIALS_H
#define FRACTARY_HOSTING_AWS_CREDENTIALS_H

#include "instance.h"

/* As fractary/hosting.h has it. Beside the keys the object holds the region,
 * the endpoints and the bundle that apply, and what keeps a child from looking
 * for other credentials. */
int32_t fr_aws_credentials_emit(fr_aws *aws, const fractary_call *call, const char *purpose,
                                const fractary_sink *secret, fractary_error *error);

#endif
