/* What makes a configuration a right one: its schema, and what no schema can
 * say. Shared by config.c and init.c. */
#ifndef FRACTARY_PROJECT_CONFIG_CHECK_H
#define FRACTARY_PROJECT_CONFIG_CHECK_H

#include "project/config.h"

/* Parses and checks the text of a configuration; `path` is only named. As
 * fr_config_load(); the caller frees *tree. */
int32_t fr_config_parse(const char *path, const char *text, size_t length, fr_json **tree,
                        fractary_error *error);

/* Checks a tree that was parsed from `text`. FRACTARY_E_CONFIG with the place
 * in the document in the message and file and line as `place`. */
int32_t fr_config_check(const char *path, const char *text, size_t length, const fr_json *tree,
                        fractary_error *error);

/* Cause and advice of an environment that is not there: the known ones and the
 * one that was probably meant. `environments` is the object of them. */
void fr_config_advise_environment(const fr_json *environments, const char *name,
                                  fractary_error *error);

/* The class of that name; production for anything unknown. */
fr_class fr_config_class_named(const char *name);
/* Non-zero when `name` can be the name of an environment: a letter or digit,
 * then letters, digits, '.', '_' or '-', at most 64 in all. It becomes a folder. */
int fr_config_is_environment_name(const char *name);

#endif
