/* fractary_hosting.authenticate(): who does AWS say that we are? */
#ifndef FRACTARY_HOSTING_AWS_AUTHENTICATE_H
#define FRACTARY_HOSTING_AWS_AUTHENTICATE_H

#include "instance.h"

/* As fractary/hosting.h has it. FRACTARY_E_REFUSED when the account is not the
 * one that the configuration expects, naming both and where each came from. */
int32_t fr_aws_authenticate(fr_aws *aws, const fractary_call *call, const char *purpose,
                            fractary_error *error);

#endif
