/* Environments, and stacks of them, that the configuration alone gives one
 * Terraform state. */
#ifndef FRACTARY_PROJECT_ENVIRONMENT_STATE_H
#define FRACTARY_PROJECT_ENVIRONMENT_STATE_H

#include "project/config.h"

/* Who uses a state. Lives as long as the configuration. */
typedef struct fr_state_user {
    const char *environment, *stack;
} fr_state_user;

/* Finds the first other user with the same root module, workspace and
 * backend_config for iac-terraform, whatever the backend is. Zero where there is
 * none, and without memory. */
int fr_environment_sharing_state(const fr_config *config, const fr_state_user *own,
                                 fr_state_user *other);

#endif
