/* Splitting a command line or a section's name into words as a POSIX shell
 * quotes them; no expansion of any kind. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_WORDS_H
#define FRACTARY_HOSTING_AWS_WORDS_H

#include <fractary-plugin/vec.h>

/* Appends the words to `out` (char *, freed by fr_vec_finish(out, free), also
 * on failure). FRACTARY_OK, FRACTARY_E_INVALID when a quotation is not closed
 * or nothing follows a backslash, FRACTARY_E_NOMEM. */
int32_t fr_aws_words_split(const char *text, fr_vec *out);

#endif
