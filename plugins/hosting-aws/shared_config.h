/* The shared config and credentials files of the AWS tools, as one view of
 * profiles. The files hold secrets: everything here is wiped when freed.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
#ifndef FRACTARY_HOSTING_AWS_SHARED_CONFIG_H
#define FRACTARY_HOSTING_AWS_SHARED_CONFIG_H

#include <fractary-plugin/json.h>

/* Zeroed memory is valid and has no profile. */
typedef struct fr_aws_shared {
    fr_json *profiles;     /* by name: config's options, credentials' over them */
    fr_json *config;       /* by name: the config file's options alone          */
    fr_json *credentials;  /* by name: the credentials file's options alone     */
    fr_json *services;     /* [services NAME] sections by name                  */
    fr_json *sso_sessions; /* [sso-session NAME] sections by name               */
} fr_aws_shared;

/* One of the two files; `text` is NULL where there is none. */
typedef struct fr_aws_shared_file {
    const char *name; /* for messages: its path */
    const char *text;
    size_t length;
} fr_aws_shared_file;

/* Fills `out`. Errors as fr_aws_ini_parse() has them; `out` is empty then. */
int32_t fr_aws_shared_parse(const fr_aws_shared_file *config, const fr_aws_shared_file *credentials,
                            fr_aws_shared *out, fractary_error *error);
void fr_aws_shared_wipe(fr_aws_shared *shared); /* accepts NULL */

/* The options of a profile, or NULL. */
const fr_json *fr_aws_shared_profile(const fr_aws_shared *shared, const char *name);

#endif
