/* Who acts for a purpose: from the configured identity to credentials. */
#ifndef FRACTARY_HOSTING_AWS_ACTOR_H
#define FRACTARY_HOSTING_AWS_ACTOR_H

#include "instance.h"

/* Credentials are fetched again when less than this is left of them. */
#define FR_AWS_RENEW_SECONDS 300

/* Finds the identity of the purpose and credentials for it, those of an
 * earlier call as long as they last. *out belongs to the instance and stays
 * valid until the next call for the same purpose. FRACTARY_E_AUTH,
 * FRACTARY_E_DENIED, what identity/1 says, FRACTARY_E_CANCELLED,
 * FRACTARY_E_DEADLINE. */
int32_t fr_aws_actor_get(fr_aws *aws, const fractary_call *call, const char *purpose,
                         fr_aws_actor **out, fractary_error *error);
void fr_aws_actor_wipe(fr_aws_actor *actor);

#endif
