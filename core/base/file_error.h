/* What file.c and file_tree.c say when the system refuses. */
#ifndef FRACTARY_BASE_FILE_ERROR_H
#define FRACTARY_BASE_FILE_ERROR_H

#include <fractary-plugin/error.h>

/* Fills `error` with "cannot <action> <path>", the system's reason for
 * `number` (an errno) and, where there is any, advice. Returns
 * FRACTARY_E_NOTFOUND for ENOENT and ENOTDIR, FRACTARY_E_NOMEM for ENOMEM, else
 * FRACTARY_E_IO. */
int32_t fr_file_error(fractary_error *error, const char *action, const char *path, int number);

#endif
