/* Who holds the lock of a state, and how to be rid of one that nobody holds
 * any more. */
#ifndef FRACTARY_IAC_TERRAFORM_LOCK_H
#define FRACTARY_IAC_TERRAFORM_LOCK_H

#include "terraform.h"

/* Reads the "Lock Info" of a diagnostic's `detail` and puts it into `record` as
 * `lock`, with an `advice` that fits it. Nothing without such a text. */
int32_t fr_tf_lock_put(const fr_tf *tf, fr_json *record);
/* "ci@builder holds it since 2026-01-31 17:30:14 UTC, for an apply (version
 * 1.11.4)"; the caller frees it. NULL when the record has no `lock`. */
char *fr_tf_lock_sentence(const fr_json *record);

#endif
