/* Where credentials come from: variables, static keys, programs, roles. Each
 * fills an empty `out` and says in out->source where it found them.
 * FRACTARY_E_AUTH says which source failed and why. */
#ifndef FRACTARY_HOSTING_AWS_SOURCE_H
#define FRACTARY_HOSTING_AWS_SOURCE_H

#include "instance.h"

/* On whose behalf is searched. Borrowed. */
typedef struct fr_aws_search {
    fr_aws *aws;
    const fractary_call *call;
    const char *purpose;
    const fr_json *profile; /* whose settings apply to calls, or NULL */
    fractary_error *error;
} fr_aws_search;

/* A role to take on. Texts may be NULL, but for `arn`. */
typedef struct fr_aws_role {
    const char *arn;
    const char *session_name; /* NULL: one that names us and the purpose */
    const char *external_id;
    const char *duration; /* seconds, as text                        */
    const char *from;     /* for people: "profile x"                 */
} fr_aws_role;

/* AWS_ACCESS_KEY_ID and its kin; where they are not set, the profile that
 * AWS_PROFILE names. */
int32_t fr_aws_source_environment(const fr_aws_search *search, fr_aws_credentials *out);
/* A profile of the shared files with all that it refers to. */
int32_t fr_aws_source_profile(const fr_aws_search *search, const char *name,
                              fr_aws_credentials *out);
/* A profile's credential_process. */
int32_t fr_aws_source_process(const fr_aws_search *search, const char *name, const char *command,
                              fr_aws_credentials *out);
/* sts:AssumeRole with the credentials in `with`. FRACTARY_E_DENIED, too. */
int32_t fr_aws_source_role(const fr_aws_search *search, const fr_aws_role *role,
                           const fr_aws_credentials *with, fr_aws_credentials *out);

/* The profile that the environment selects, or NULL. */
const char *fr_aws_source_environment_profile(const fr_aws *aws);

/* Fills the search's error: FRACTARY_E_AUTH, no credentials for the purpose,
 * and why. */
int32_t fr_aws_source_fail(const fr_aws_search *search, const char *advice, const char *cause, ...)
    FR_PRINTF(3, 4);

#endif
