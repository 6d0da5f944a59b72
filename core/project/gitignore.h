/* The lines that a project's .gitignore needs: what a run leaves behind stays
 * out of the repository; what was deployed belongs into it. */
#ifndef FRACTARY_PROJECT_GITIGNORE_H
#define FRACTARY_PROJECT_GITIGNORE_H

#include <fractary-plugin/buf.h>

/* Appends `text` to `out`, with the lines that it lacks in a marked block at
 * its end; `local` non-zero: with those about state that lies in the project.
 * A line counts as there in any form: as it is, with or without the slashes
 * that change nothing, covered by one about a folder above, commented out or
 * negated, so that an edit by hand is never undone. All else stays byte for
 * byte. Returns how many lines were added, or FRACTARY_E_NOMEM. */
int32_t fr_gitignore_complete(const char *text, size_t length, int local, fr_buf *out);

#endif
