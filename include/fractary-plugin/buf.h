/* A growing, always NUL-terminated run of bytes with a sticky failure: after
 * an allocation failed, appends do nothing and `failed` stays set, so a whole
 * text can be built and checked once. Zeroed memory is a valid empty buffer. */
#ifndef FRACTARY_PLUGIN_BUF_H
#define FRACTARY_PLUGIN_BUF_H

#include <fractary-plugin/error.h>
#include <stdarg.h>
#include <stddef.h>

typedef struct fr_buf {
    char *data;      /* NUL-terminated, or NULL while nothing was appended */
    size_t length;   /* without the NUL                                    */
    size_t capacity; /* allocated bytes                                    */
    int failed;      /* non-zero: memory ran out, the content is cut       */
} fr_buf;

/* Frees the content and leaves an empty buffer. Accepts NULL. */
void fr_buf_finish(fr_buf *buf);
/* The same for a buffer of which a part of `whole` was made: where it had
 * failed, the whole has. */
void fr_buf_finish_part(fr_buf *part, fr_buf *whole);
/* As fr_buf_finish(), after overwriting what is in it: for secrets. A buffer that grew
 * has left copies in freed memory; reserve room for a secret first. */
void fr_buf_wipe(fr_buf *buf);
/* Empties without freeing; clears `failed`. */
void fr_buf_clear(fr_buf *buf);
/* Makes room for `length` more bytes, which then fit without moving the
 * content. FRACTARY_OK or FRACTARY_E_NOMEM (sticky). */
int32_t fr_buf_reserve(fr_buf *buf, size_t length);

/* Each returns FRACTARY_OK or FRACTARY_E_NOMEM. What is appended must not lie
 * inside the buffer itself. NULL text counts as empty. */
int32_t fr_buf_append(fr_buf *buf, const void *data, size_t length);
int32_t fr_buf_puts(fr_buf *buf, const char *text);
int32_t fr_buf_putc(fr_buf *buf, char c);
int32_t fr_buf_printf(fr_buf *buf, const char *format, ...) FR_PRINTF(2, 3);
int32_t fr_buf_vprintf(fr_buf *buf, const char *format, va_list arguments) FR_PRINTF(2, 0);

/* The text, never NULL; valid until the next change. */
const char *fr_buf_text(const fr_buf *buf);
/* Hands the text over: the caller frees it with free(); the buffer is empty
 * afterwards in any case. An empty text is allocated, too. NULL when the
 * buffer had failed or memory runs out. */
char *fr_buf_steal(fr_buf *buf);

/* A sink that appends to `buf`; valid as long as it. */
fractary_sink fr_buf_sink(fr_buf *buf);

#endif
