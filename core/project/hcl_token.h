/* The pieces of HCL, for the two files that read it. */
#ifndef FRACTARY_PROJECT_HCL_TOKEN_H
#define FRACTARY_PROJECT_HCL_TOKEN_H

#include "project/hcl_scan.h"

/* Behind white space and comments; over line feeds only with `lines`. */
const char *fr_hcl_skip_space(const char *at, const char *end, int lines);
/* The token that begins exactly at `at`; FR_HCL_END where none does: at the
 * end, or at a string or heredoc that is not closed. */
fr_hcl_token fr_hcl_token_at(const char *at, const char *end);

#endif
