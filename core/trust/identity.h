/* Which configured identity stands behind a purpose, and which variables of
 * the environment are credentials. */
#ifndef FRACTARY_TRUST_IDENTITY_H
#define FRACTARY_TRUST_IDENTITY_H

#include <fractary-plugin/buf.h>
#include "project/config.h"

/* Appends the JSON of identity/1.describe(). A purpose without an identity:
 * `read` falls back to `deploy` and says so; an environment with no
 * identities at all uses {"source":"environment"} in class test only, or
 * where only one way exists; else FRACTARY_E_CONFIG. */
int32_t fr_identity_describe(const fr_config *config, const char *environment,
                             const char *purpose, fr_buf *out, fractary_error *error);

/* Non-zero when a variable of that name carries or selects credentials, or
 * leads a tool to other ones, so that no child inherits it: a table of names
 * and prefixes (AWS_*, GOOGLE_*, CLOUDSDK_*, ARM_*, AZURE_*, TF_TOKEN_*, …)
 * and of variables that steer the tool behind our back (TF_CLI_ARGS*,
 * TF_WORKSPACE, TF_DATA_DIR, TF_LOG*, TF_INPUT…). */
int fr_identity_is_credential_variable(const char *name);
int fr_identity_is_steering_variable(const char *name);

#endif
