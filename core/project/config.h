/*
 * The project's configuration, .fractary/plugins/devops/config.json: read
 * once, checked against the schema, never changed.
 */
#ifndef FRACTARY_PROJECT_CONFIG_H
#define FRACTARY_PROJECT_CONFIG_H

#include <fractary-plugin/json.h>

/* Below the project's folder. */
#define FR_PROJECT_FOLDER ".fractary/plugins/devops"
#define FR_CONFIG_FILE    FR_PROJECT_FOLDER "/config.json"
#define FR_CONFIG_VERSION 1

typedef enum fr_class { FR_CLASS_TEST, FR_CLASS_STAGING, FR_CLASS_PRODUCTION } fr_class;

typedef struct fr_config fr_config;

/* Finds the project's folder: the nearest one from `start` upwards that holds
 * FR_CONFIG_FILE. The caller frees *root. FRACTARY_E_NOTFOUND advises
 * `fractary init` (and names the original tool's file where that is found). */
int32_t fr_config_find(const char *start, char **root, fractary_error *error);

/* Reads and checks the configuration below `root`. FRACTARY_E_NOTFOUND,
 * FRACTARY_E_CONFIG with line and column or with the place in the document;
 * a newer version is refused with advice. The caller frees with
 * fr_config_free(). */
int32_t fr_config_load(const char *root, fr_config **out, fractary_error *error);
void fr_config_free(fr_config *config); /* accepts NULL */

/* All results below live as long as the configuration. */
const char *fr_config_root(const fr_config *config);   /* absolute folder */
const char *fr_config_folder(const fr_config *config); /* root + FR_PROJECT_FOLDER */
const fr_json *fr_config_tree(const fr_config *config);
const char *fr_config_project(const fr_config *config);
const char *fr_config_organization(const fr_config *config); /* may be "" */
const char *fr_config_subsystem(const fr_config *config);    /* may be "" */
const char *fr_config_pattern(const fr_config *config);      /* naming pattern */
/* Name of the environment that is meant when none is named. */
const char *fr_config_default_environment(const fr_config *config);

/* One environment, as configured. */
typedef struct fr_environment {
    const char *name;
    fr_class class;      /* test for the names on the short list (test, dev,
                          * development, sandbox …), production otherwise,
                          * unless the configuration says so            */
    int classified;      /* non-zero: the configuration says so          */
    const char *account; /* expected account, "" when not configured     */
    const char *region;  /* "" when not configured                       */
    const fr_json *tree; /* its object in the configuration              */
} fr_environment;

/* FRACTARY_E_INVALID names the known environments and the nearest one. */
int32_t fr_config_environment(const fr_config *config, const char *name, fr_environment *out,
                              fractary_error *error);
/* Names in the configuration's order; NULL behind the last. */
const char *fr_config_environment_name(const fr_config *config, size_t index);
const char *fr_class_name(fr_class class); /* "test", "staging", "production" */
/* Class by name alone: "test" or "production". */
fr_class fr_class_by_name(const char *environment);

/* Plugin id of the handler for a kind ("hosting", "iac") in an environment, or
 * NULL. */
const char *fr_config_handler(const fr_config *config, const char *environment, const char *kind);
/* The configured identity of a purpose: environments.<env>.identities.<purpose>,
 * or NULL. */
const fr_json *fr_config_identity(const fr_config *config, const char *environment,
                                  const char *purpose);

/* A configuration in memory, for tests and `init`: takes `tree` over. */
int32_t fr_config_from_tree(const char *root, fr_json *tree, fr_config **out,
                            fractary_error *error);

#endif
