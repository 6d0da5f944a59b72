/* Where a setting comes from: the project's configuration, the environment,
 * the shared files; the first that has it. */
#ifndef FRACTARY_HOSTING_AWS_SETTINGS_H
#define FRACTARY_HOSTING_AWS_SETTINGS_H

#include "instance.h"
#include "service.h"

/* Reads the shared files, once. FRACTARY_E_AUTH names the file and the line;
 * files that do not exist are empty. */
int32_t fr_aws_settings_open(fr_aws *aws, fractary_error *error);
/* Paths of the two files as they were looked for, for messages. */
const char *fr_aws_settings_config_file(const fr_aws *aws);
const char *fr_aws_settings_credentials_file(const fr_aws *aws);

/* In all below, `profile` may be NULL. Results live as long as the instance. */

/* A variable of the environment, else an option of the profile, else NULL. */
const char *fr_aws_settings_get(const fr_aws *aws, const fr_json *profile, const char *variable,
                                const char *option);
/* The environment's region in the configuration, then the handler's, then
 * AWS_REGION, AWS_DEFAULT_REGION and the profile's; NULL when none is known. */
const char *fr_aws_settings_region(const fr_aws *aws, const fr_json *profile);
/* PEM bundle to verify servers with; NULL: the system's. */
const char *fr_aws_settings_ca_file(const fr_aws *aws, const fr_json *profile);
/* AWS_MAX_ATTEMPTS within 1 to 10; 0: not set. */
uint32_t fr_aws_settings_attempts(const fr_aws *aws, const fr_json *profile);

#define FR_AWS_ORIGIN 96

/* The configured address of a service, NULL when AWS's own is meant: the
 * configuration's endpoint_url, AWS_ENDPOINT_URL_<ID>, AWS_ENDPOINT_URL, the
 * profile's services section, its endpoint_url; the first alone where
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true. */
const char *fr_aws_settings_endpoint(const fr_aws *aws, const fr_json *profile, const char *id);
/* Which setting that is, for messages: "AWS_ENDPOINT_URL_S3", "endpoint_url of
 * the profile"; "" when there is none. */
void fr_aws_settings_endpoint_origin(const fr_aws *aws, const fr_json *profile, const char *id,
                                     char out[FR_AWS_ORIGIN]);
/* The same without what is meant for single services. */
const char *fr_aws_settings_common_endpoint(const fr_aws *aws, const fr_json *profile);
/* Name of the variable, "AWS_ENDPOINT_URL_S3"; cut at the end of `out`. */
void fr_aws_settings_endpoint_variable(const char *id, char out[64]);

#endif
