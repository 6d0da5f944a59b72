/* Reading folders and files through files/1. */
#ifndef FRACTARY_IAC_TERRAFORM_FOLDER_H
#define FRACTARY_IAC_TERRAFORM_FOLDER_H

#include "terraform.h"

/* Names of the entries of a folder that `wanted` (NULL: all) says yes to,
 * sorted; the caller finishes the vector with free(). At most 10,000. */
int32_t fr_tf_folder_list(const fr_tf *tf, const char *folder, int (*wanted)(const char *name),
                          fr_vec *names, fractary_error *error);
/* Is it a file that the tool reads as code: .tf, .tofu and both with .json? */
int fr_tf_is_code(const char *name);
int fr_tf_is_json_code(const char *name);
int32_t fr_tf_folder_has_code(const fr_tf *tf, const char *folder, int *found,
                              fractary_error *error);
/* Appends the content of a file of at most `limit` bytes. */
int32_t fr_tf_file_read(const fr_tf *tf, const char *path, uint64_t limit, fr_buf *out,
                        fractary_error *error);

#endif
