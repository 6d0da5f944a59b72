/* The Terraform files of one folder, scanned and kept, for what follows the
 * code beyond a folder. (terraform_folder.h sums one up for discovery.) */
#ifndef FRACTARY_PROJECT_CODE_FOLDER_H
#define FRACTARY_PROJECT_CODE_FOLDER_H

#include "project/hcl_scan.h"
#include "project/names.h"

/* Most entries of a folder, and most bytes of code in it. */
#define FR_CODE_ENTRIES 20000
#define FR_CODE_BYTES   (32u * 1024 * 1024)

typedef struct fr_code_file {
    char *path; /* absolute                                          */
    fr_buf text;
    fr_hcl_block *root; /* what could be read of it; never NULL */
} fr_code_file;

typedef struct fr_code_folder {
    char *path;     /* absolute                                              */
    fr_vec files;   /* fr_code_file *, by name                               */
    fr_names calls; /* absolute folders of the local modules that it calls,
                     * as they are written                                   */
    fr_names links; /* absolute: the files that links in it lead to          */
    size_t bytes;
} fr_code_folder;

/* Reads the folder `path` (absolute). A folder that is not there is an empty
 * one; what cannot be read adds a sentence to `troubles`. The caller destroys
 * *out. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_code_folder_read(const char *path, fr_names *troubles, fr_code_folder **out,
                            fractary_error *error);
void fr_code_folder_destroy(void *item); /* accepts NULL */

/* Non-zero when a file of code lies in it. */
int fr_code_folder_is(const char *path);

#endif
