/* Files, read with a bound and written whole or not at all. Every error says
 * which file and why. */
#ifndef FRACTARY_BASE_FILE_H
#define FRACTARY_BASE_FILE_H

#include <fractary-plugin/buf.h>
#include <sys/types.h>

/* Appends the content of a regular file of at most `limit` bytes. What is no
 * regular file (a folder, a FIFO) is refused without waiting for it.
 * FRACTARY_E_NOTFOUND, FRACTARY_E_LIMIT, FRACTARY_E_IO, FRACTARY_E_NOMEM. */
int32_t fr_file_read(const char *path, size_t limit, fr_buf *out, fractary_error *error);
/* Replaces the file at once: temporary file beside it, fsync, rename, fsync of
 * the folder. The old content stays on any failure, and no temporary file
 * remains. `mode` holds exactly, whatever the umask. A link is replaced, not
 * followed. Missing folders are made (0755). When only the last step fails, the
 * fsync of the folder, the new content is there and FRACTARY_E_IO says that it
 * may not last through a power cut. FRACTARY_E_NOTFOUND, FRACTARY_E_IO, FRACTARY_E_NOMEM. */
int32_t fr_file_write(const char *path, const void *data, size_t length, mode_t mode,
                      fractary_error *error);
/* Appends under an exclusive lock (flock) with one write and an fsync; the
 * file is made with `mode` (less the umask), missing folders with 0755. A last
 * line cut off by a crash is ended first. When the write fails, the file is cut
 * back to what it was. FRACTARY_E_BUSY when the lock is not had within ten
 * seconds; FRACTARY_E_IO, FRACTARY_E_NOMEM. */
int32_t fr_file_append(const char *path, const void *data, size_t length, mode_t mode,
                       fractary_error *error);
/* mkdir -p with `mode` (less the umask) for each folder made. */
int32_t fr_file_make_folders(const char *path, mode_t mode, fractary_error *error);
/* rm -rf that follows no link and leaves other file systems alone; a missing
 * path is success. FRACTARY_E_INVALID for "", "/" and a path that ends in "."
 * or ".."; FRACTARY_E_LIMIT below 128 folders; FRACTARY_E_IO on the first thing
 * that cannot be removed, another file system included. */
int32_t fr_file_remove_tree(const char *path, fractary_error *error);
/* Both follow links; 0 as well where the path cannot be looked at. */
int fr_file_exists(const char *path);
int fr_file_is_folder(const char *path);
/* Calls `visit` for each entry of a folder in byte order, without "." and
 * "..", until it returns non-zero, which is then returned (`error` is then the
 * visitor's affair); bounded by `limit` entries (FRACTARY_E_LIMIT, before any
 * visit). `kind` is the entry's own DT_REG, DT_DIR, DT_LNK … of <dirent.h>.
 * FRACTARY_E_NOTFOUND, FRACTARY_E_IO, FRACTARY_E_NOMEM. */
int32_t fr_file_list(const char *folder, size_t limit,
                     int32_t (*visit)(void *context, const char *name, unsigned char kind),
                     void *context, fractary_error *error);
/* Writes all bytes to a descriptor, through EINTR and short writes.
 * FRACTARY_E_IO, with errno saying why. */
int32_t fr_file_write_all(int descriptor, const void *data, size_t length);

#endif
