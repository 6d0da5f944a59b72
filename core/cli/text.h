/* Text on its way to a terminal: made harmless, wrapped, shortened. */
#ifndef FRACTARY_CLI_TEXT_H
#define FRACTARY_CLI_TEXT_H

#include "cli/style.h"

/* Appends text from outside so that it cannot steer the terminal: control
 * characters and those that turn the direction of writing become \x1b or
 * \u202e, bytes that are not UTF-8 become U+FFFD, tabs become spaces. Line
 * feeds stay with `lines`, else they become spaces. NULL counts as empty. */
void fr_text_clean(fr_buf *out, const char *text, int lines);

/* Appends clean text broken between words into lines of at most `width`
 * columns (0: never broken), each after the first begun with `indent` spaces.
 * The first line continues at column `column`. A line feed in the text begins
 * a new line; spaces at its begin are kept. A word longer than a line gets a
 * line of its own, unbroken. No line feed at the end. */
void fr_text_wrap(fr_buf *out, const char *text, size_t width, size_t column, size_t indent);

/* Appends clean text cut to `columns`, with an ellipsis where something is
 * left out. */
void fr_text_shorten(fr_buf *out, const fr_style *style, const char *text, size_t columns);
/* The same, with its end kept instead of its begin. */
void fr_text_shorten_front(fr_buf *out, const fr_style *style, const char *text, size_t columns);
void fr_text_pad(fr_buf *out, size_t spaces);
/* "1 resource", "3 resources": a count and its noun. */
void fr_text_count(fr_buf *out, uint64_t count, const char *noun);

#endif
