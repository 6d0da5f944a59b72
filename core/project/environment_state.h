/* Environments that the configuration alone gives one Terraform state. */
#ifndef FRACTARY_PROJECT_ENVIRONMENT_STATE_H
#define FRACTARY_PROJECT_ENVIRONMENT_STATE_H

#include "project/config.h"

/* The first other environment with the same root module, workspace and
 * backend_config for iac-terraform, whatever the backend is; NULL where there is
 * none, and without memory. Lives as long as the configuration. */
const char *fr_environment_sharing_state(const fr_config *config, const char *environment);

#endif
