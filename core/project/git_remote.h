/* What git knows of a project, read from its files without running it. */
#ifndef FRACTARY_PROJECT_GIT_REMOTE_H
#define FRACTARY_PROJECT_GIT_REMOTE_H

#include <fractary-plugin/buf.h>

/* *root: the nearest folder from `start` upwards that has a .git (a folder, or
 * the file of a worktree or submodule), for the caller to free(); NULL when
 * there is none. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_git_root(const char *start, char **root);

/* Appends the address of the remote "origin" (else of the first remote) of the
 * repository at `root`, as `git config --get remote.origin.url` says it, but
 * without included files; nothing where there is none. It may hold credentials:
 * hand it to fr_git_split_url() and wipe it. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_git_remote_url(const char *root, fr_buf *url);

/* Appends the names of owner and repository, when the address has them:
 * git@host:owner/name.git, https://user:secret@host/owner/group/name,
 * ssh://host:22/owner/name. A local path has no owner. Nothing of user and
 * secret gets into either. Non-zero when there is a repository name. */
int fr_git_split_url(const char *url, fr_buf *owner, fr_buf *name);

#endif
