/* Text without a domain. All functions treat NULL as said; none allocates
 * unless it says so. */
#ifndef FRACTARY_PLUGIN_STR_H
#define FRACTARY_PLUGIN_STR_H

#include <fractary-plugin/error.h>
#include <stddef.h>
#include <stdint.h>

/* Copies for the caller to free(); NULL for NULL or without memory. */
char *fr_str_dup(const char *text);
char *fr_str_ndup(const char *text, size_t length);
/* A formatted copy for the caller to free(); NULL without memory. */
char *fr_str_format(const char *format, ...) FR_PRINTF(1, 2);

/* Equality; two NULLs are equal, NULL and text are not. */
int fr_str_equal(const char *a, const char *b);
int fr_str_equal_nocase(const char *a, const char *b); /* ASCII only */
int fr_str_starts(const char *text, const char *prefix);
int fr_str_ends(const char *text, const char *suffix);
/* Glob with `*` (any run) and `?` (one byte) only. Never recurses; takes at
 * most length of pattern times length of text steps. */
int fr_str_glob(const char *pattern, const char *text);

/* Decimal, whole text, no sign, no space; non-zero on success. */
int fr_str_to_u64(const char *text, uint64_t *out);

/* How many of the first bytes are printable ASCII, space to tilde. */
size_t fr_str_ascii(const char *data, size_t length);
/* Non-zero when the bytes are well-formed UTF-8 (RFC 3629). */
int fr_str_is_utf8(const char *data, size_t length);
/* Length in bytes (1 to 4) of the well-formed UTF-8 character at `data`, of
 * which `length` bytes may be read; its code point goes to `code` (may be
 * NULL). 0 when there is none: ill-formed, cut off, or `length` is 0. */
size_t fr_str_utf8_next(const char *data, size_t length, uint32_t *code);
/* Columns that the text takes on a terminal (wide characters count two,
 * combining ones and control characters none, a byte that is not UTF-8 one);
 * independent of the locale. Approximate for emoji joined by U+200D, which are
 * counted one by one. */
size_t fr_str_width(const char *text);
/* How many bytes of `text` fit into `columns`; never splits a character from
 * the combining ones behind it. */
size_t fr_str_fit(const char *text, size_t columns);

/* Of `count` candidates the one closest to `word` by edit distance, for "did
 * you mean"; NULL when none is near. Case does not count; a word is near when
 * one edit (up to 3 letters), two (up to 6) or three (longer) lead to it. */
const char *fr_str_nearest(const char *word, const char *const *candidates, size_t count);

/* Overwrites memory in a way that the compiler does not leave out. */
void fr_wipe(void *memory, size_t length);

#endif
