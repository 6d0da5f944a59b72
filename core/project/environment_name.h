/* Which environment a name of a file or a folder speaks of. */
#ifndef FRACTARY_PROJECT_ENVIRONMENT_NAME_H
#define FRACTARY_PROJECT_ENVIRONMENT_NAME_H

#include "project/names.h"

/* Non-zero for a word that means an environment wherever it stands: test,
 * dev, staging, prod and their like; case does not count. */
int fr_environment_is_word(const char *text, size_t length);
/* Non-zero for the stem of a file that is meant for every environment:
 * "common", "global", "shared", "all", "base", "default", also "vars-common". */
int fr_environment_is_shared(const char *stem);
/* Non-zero for the stem of a file that is copied and never used as it is:
 * one part of it is "example", "sample", "template" or "dist". */
int fr_environment_is_example(const char *stem);
/* Non-zero for a folder that holds one entry for each environment:
 * "environments", "envs", "env", "stages". */
int fr_environment_is_container(const char *name, size_t length);

/* *out: the environment that the stem of a file's name speaks of, for the caller
 * to free(): "prod" of "prod", "env-prod", "orders-prod"; "prod-eu" of "prod-eu";
 * "pre-prod" of "pre-prod". In a container (`contained` non-zero) any stem is
 * one. NULL when there is none. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_environment_of_stem(const char *stem, int contained, char **out);

/* Finds the part of a folder's path that is an environment; non-zero when
 * there is one, [*start, *start + *length) then is its place. `containers` are
 * further paths of folders of which each child is an environment. */
int fr_environment_in_path(const fr_names *containers, const char *path, size_t *start,
                           size_t *length);
/* *out: the same as a copy for the caller to free(); NULL when there is none.
 * FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_environment_of_path(const fr_names *containers, const char *path, char **out);

#endif
