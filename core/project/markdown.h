/* Foreign text in Markdown (CommonMark with GitHub's tables), so that it stays
 * text: also within a cell of a table. */
#ifndef FRACTARY_PROJECT_MARKDOWN_H
#define FRACTARY_PROJECT_MARKDOWN_H

#include <fractary-plugin/buf.h>

/* Each appends; NULL counts as empty; control characters become blanks. */
void fr_markdown_text(const char *text, fr_buf *out);
/* As a code span; nothing for an empty text. */
void fr_markdown_code(const char *text, fr_buf *out);
/* [text](<url>), or the text alone when `url` is no http(s) address. */
void fr_markdown_link(const char *text, const char *url, fr_buf *out);

#endif
