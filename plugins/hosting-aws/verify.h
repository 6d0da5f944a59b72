/* fractary_hosting.verify() and query(): asks AWS for many resources at once. */
#ifndef FRACTARY_HOSTING_AWS_VERIFY_H
#define FRACTARY_HOSTING_AWS_VERIFY_H

#include "instance.h"

/* As fractary/hosting.h has it: one record for each resource, as soon as its
 * answer is there. Where there are no credentials every resource is
 * unverifiable, and the status says why. After an interruption the rest is
 * left out. */
int32_t fr_aws_verify(fr_aws *aws, const fractary_call *call,
                      const fractary_verify_request *request, fractary_error *error);

#endif
