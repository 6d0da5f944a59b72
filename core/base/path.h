/* Path names as text, and the one question that needs the file system: does
 * this file really lie inside that folder? */
#ifndef FRACTARY_BASE_PATH_H
#define FRACTARY_BASE_PATH_H

#include <fractary-plugin/error.h>

/* Copies for the caller to free(); NULL without memory. */
char *fr_path_join(const char *folder, const char *name); /* an absolute name wins */
/* As dirname: "." for a bare name, "/" for "/". */
char *fr_path_parent(const char *path);
/* Absolute and without "." and ".." by text alone, relative to `base`, which
 * must be absolute. ".." above the root stays at the root. */
char *fr_path_absolute(const char *base, const char *path);
/* `path` relative to `base` where it lies below it ("." for `base` itself),
 * else a copy of `path`. */
char *fr_path_relative(const char *base, const char *path);
/* Expands "~" or a leading "~/" by `home`; a copy otherwise, or when `home` is
 * NULL. */
char *fr_path_expand_home(const char *path, const char *home);
/* What stands behind the last '/'; points into `path`. */
const char *fr_path_name(const char *path);

/* Non-zero when the normalised texts say that `path` is `folder` or below.
 * Both must be absolute or both relative to the same folder; 0 otherwise. */
int fr_path_is_below(const char *folder, const char *path);
/* Non-zero when `path`, every link followed, exists below `folder`, every link
 * followed. `folder` itself is not below it. */
int fr_path_really_below(const char *folder, const char *path);
/* Non-zero when `name` can be one component: not empty, no '/', not "." or
 * "..", no control character, at most 255 bytes. */
int fr_path_is_component(const char *name);

#endif
