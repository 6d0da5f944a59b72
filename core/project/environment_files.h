/* The files that make one environment differ from another: var files, and
 * settings of a partial backend. */
#ifndef FRACTARY_PROJECT_ENVIRONMENT_FILES_H
#define FRACTARY_PROJECT_ENVIRONMENT_FILES_H

#include "project/folder_tree.h"

typedef struct fr_environment_file {
    char *path;        /* relative to the root                                */
    char *folder;      /* that it lies in, relative to the root               */
    char *environment; /* NULL where the name says none                       */
    int backend;       /* settings of a backend, not values of variables      */
    int automatic;     /* Terraform reads it by itself, in its own folder     */
    int shared;        /* by its name meant for every environment             */
    int example;       /* by its name to be copied, and never used as it is   */
    char *region;      /* literal of the variable region or aws_region, or NULL */
    fr_names regions;  /* literals of all variables that are named like one   */
} fr_environment_file;

/* Adds the files of the whole tree to `files` (fr_environment_file *), sorted
 * by path. `containers` as for fr_environment_in_path(). What cannot be read
 * adds a sentence to `troubles`. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_environment_files_find(const fr_folder_tree *tree, const fr_names *containers,
                                  fr_names *troubles, fr_vec *files, fractary_error *error);
void fr_environment_file_destroy(void *item); /* accepts NULL */

#endif
