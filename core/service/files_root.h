/* The folders that a manifest's "files" opens to a plugin, and the question
 * whether a path lies in one of them. */
#ifndef FRACTARY_SERVICE_FILES_ROOT_H
#define FRACTARY_SERVICE_FILES_ROOT_H

#include "service/host.h"
#include <fractary-plugin/vec.h>

/* Zeroed memory is a valid empty list. */
typedef struct fr_files_roots {
    fr_vec roots;
    char *home, *project, *data; /* what "~", "{project}", "{data}" stand for;
                                  * NULL: nothing here                         */
} fr_files_roots;

/* Entries of "files":
 *   "~/.aws"     below the user's folder; to read and to write. A link there is
 *                followed as far as it stays below the user's folder, which is
 *                how dotfiles are often kept
 *   "{project}"  the project's folder, "{project}/x" one below it; to read
 *   "{data}"     the plugin's own folder; to read and to write
 *   "$NAME"      the file or folder that this variable names, for a plugin
 *                that may read it ("environ"); to read
 * Others are left out. */
int32_t fr_files_roots_init(fr_files_roots *roots, const fr_context *context, const fr_guest *guest,
                            fractary_error *error);
void fr_files_roots_finish(fr_files_roots *roots);

/* *full: `path` ("~/x", "{project}/x", "{data}/x" or absolute) as an absolute
 * one without "." and "..", for the caller to free(). FRACTARY_E_REFUSED when
 * it lies, every link followed, in none of the roots. What does not exist is
 * judged by its name alone. */
int32_t fr_files_roots_read(const fr_files_roots *roots, const char *path, char **full,
                            fractary_error *error);
/* The same for a file to be written: the root must be writable and is made
 * (0700) where it is missing; the deepest folder on the way that exists must
 * really lie in it, and so must the file where it exists and `follows` says
 * that a link would be followed. */
int32_t fr_files_roots_write(const fr_files_roots *roots, const char *path, int follows,
                             char **full, fractary_error *error);

#endif
