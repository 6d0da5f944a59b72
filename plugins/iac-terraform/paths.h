/* Paths as texts; nothing here touches a disk. */
#ifndef FRACTARY_IAC_TERRAFORM_PATHS_H
#define FRACTARY_IAC_TERRAFORM_PATHS_H

/* `path` as seen from where `folder` is relative to, without "." and without
 * ".." that can be resolved: ("infra", "../modules/x.tf") is "modules/x.tf".
 * An absolute `path` stays as it is. The caller frees it; NULL without memory. */
char *fr_tf_path_join(const char *folder, const char *path);
/* Non-zero when a relative path leads out of where it begins. */
int fr_tf_path_escapes(const char *path);
/* The last component; points into `path`. */
const char *fr_tf_path_name(const char *path);

#endif
