/* Variables of our own environment that the configuration hands on to children
 * although none inherits them: environment.pass, and
 * environments.<env>.environment.pass beside it. A list of names, each of which
 * may end in '*'. */
#ifndef FRACTARY_TRUST_PASS_H
#define FRACTARY_TRUST_PASS_H

#include "project/config.h"

/* Non-zero when a child inherits a variable of that name only where it is
 * passed: values of Terraform's variables (TF_VAR_*), and what carries
 * credentials or steers a tool (trust/identity.h). */
int fr_pass_is_needed(const char *name);
/* Non-zero when the configuration (may be NULL) passes it in `environment`
 * (may be ""). What steers a tool, and the credentials of the cloud that is
 * deployed to (AWS_*), are never passed: those come from an identity. */
int fr_pass_allows(const fr_config *config, const char *environment, const char *name);

/* FRACTARY_E_CONFIG for a pattern that no name can match, or that would pass
 * what is never passed; with key and advice. */
int32_t fr_pass_check(const fr_config *config, const char *environment, fractary_error *error);

#endif
