/* The names of AWS profiles in the user's shared configuration files, and what
 * tells them apart: region, account, kind of credentials. That there are keys
 * is noticed, the keys are not: values of other settings are never kept.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html */
#ifndef FRACTARY_PROJECT_AWS_PROFILES_H
#define FRACTARY_PROJECT_AWS_PROFILES_H

#include "project/names.h"

/* *out: an array of {name, region, account, kind}, sorted by name; region and
 * account are null where the files do not say; kind is "keys", "role", "sso",
 * "process" or null. Either path may be NULL, and a missing file has no
 * profiles; one that cannot be read adds a sentence to `troubles`. The caller
 * frees *out. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_aws_profiles_read(const char *config_file, const char *credentials_file, fr_json **out,
                             fr_names *troubles, fractary_error *error);

/* The same for the text of one file; `credentials` non-zero: section names are
 * profile names as they stand. Adds to the array `profiles`. */
int32_t fr_aws_profiles_scan(const char *text, size_t length, int credentials, fr_json *profiles);

#endif
