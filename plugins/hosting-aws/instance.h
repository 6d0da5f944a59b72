/* One instance of the handler: what its host gave it, and what it has found
 * out for one environment. */
#ifndef FRACTARY_HOSTING_AWS_INSTANCE_H
#define FRACTARY_HOSTING_AWS_INSTANCE_H

#include "secret.h"
#include "shared_config.h"
#include "sigv4.h"
#include <fractary/fractary.h>

#define FR_AWS_ACTORS 8

/* Who acts for a purpose: the configured identity and its credentials. Kept
 * until shortly before they end. */
typedef struct fr_aws_actor {
    char *purpose;
    char *identity;         /* JSON of identity/1.describe()                     */
    char *fallback;         /* purpose whose identity stands in, or NULL         */
    const fr_json *profile; /* options of the profile that applies, or NULL */
    fr_aws_credentials credentials;
    fr_aws_keys keys;
} fr_aws_actor;

typedef struct fr_aws {
    const fractary_process *process;
    const fractary_http *http;
    const fractary_files *files;
    const fractary_environ *environ;
    const fractary_config *config;
    const fractary_identity *identity;
    const fractary_clock *clock;
    const fractary_progress *progress;
    fr_json *section; /* the plugin's own configuration  */
    fr_json *project; /* what config/1 says of the project */
    int shared_read;  /* the files below were read         */
    fr_aws_shared shared;
    fr_aws_actor actors[FR_AWS_ACTORS];
    size_t actor_count;
} fr_aws;

/* Texts of the project's configuration, "" where there is none. */
const char *fr_aws_project_text(const fr_aws *aws, const char *key);

#endif
