/* What a tool prints, made fit for a record. */
#ifndef FRACTARY_IAC_TERRAFORM_TEXT_H
#define FRACTARY_IAC_TERRAFORM_TEXT_H

#include <fractary-plugin/json.h>

/* Appends `text` without terminal sequences and control characters (line feed
 * and tabulator stay), cut at a character's boundary after `limit` bytes. */
int32_t fr_tf_clean(fr_buf *out, const char *text, size_t length, size_t limit);
/* Appends `text` in lower case (ASCII) with every run of white space as one
 * space: what the rules of categories.c are matched against. */
int32_t fr_tf_squeeze(fr_buf *out, const char *text);

/* Sets a member of a record to the cleaned text without white space at its
 * end, at most `limit` bytes of it, so that one long text never makes a record too large; NULL and
 * empty texts set nothing. */
int32_t fr_tf_put(fr_json *record, const char *key, const char *text, size_t limit);

#endif
