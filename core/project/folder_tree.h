/* The folders of a project and the names of their files, as far as discovery
 * looks. Links to folders are not followed; links to files count when they
 * stay inside the project. */
#ifndef FRACTARY_PROJECT_FOLDER_TREE_H
#define FRACTARY_PROJECT_FOLDER_TREE_H

#include "project/names.h"

#define FR_TREE_DEPTH   8
#define FR_TREE_ENTRIES 20000

typedef struct fr_folder {
    char *path;     /* relative to the root; "." for the root itself */
    fr_names files; /* names of its files                            */
} fr_folder;

typedef struct fr_folder_tree {
    const char *root;  /* absolute; borrowed                                 */
    fr_vec folders;    /* fr_folder *, sorted by path                        */
    size_t entries;    /* looked at                                          */
    size_t odd;        /* names that are not UTF-8 or hold control characters */
    int cut;           /* non-zero: there is more than was looked at         */
    fr_names troubles; /* sentences about what could not be read             */
} fr_folder_tree;

/* Walks breadth first, so that a huge folder deep down hides nothing above it.
 * Left out: hidden folders, those of package managers and of build results.
 * FRACTARY_E_NOTFOUND or FRACTARY_E_IO when the root itself cannot be read;
 * FRACTARY_E_NOMEM. Finish it in any case. */
int32_t fr_folder_tree_init(fr_folder_tree *tree, const char *root, fractary_error *error);
void fr_folder_tree_finish(fr_folder_tree *tree); /* accepts NULL and zeroed */

/* The folder of that path, or of its first `length` bytes, or NULL. */
const fr_folder *fr_folder_tree_find(const fr_folder_tree *tree, const char *path);
const fr_folder *fr_folder_tree_find_part(const fr_folder_tree *tree, const char *path,
                                          size_t length);

#endif
