#include "cli/text.h"

#include <fractary-plugin/str.h>
#include <inttypes.h>
#include <string.h>

/* Characters that change the direction of what follows: with them a name can
 * be made to look like another one. */
static int turns_direction(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

static int is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

static void put_special(fr_buf *out, uint32_t code, int lines)
{
    if (code == '\n')
        fr_buf_putc(out, lines ? '\n' : ' ');
    else if (code == '\t')
        fr_buf_puts(out, lines ? "    " : " ");
    else if (code < 0x100)
        fr_buf_printf(out, "\\x%02" PRIx32, code);
    else
        fr_buf_printf(out, "\\u%04" PRIx32, code);
}

/* Appends one character or one byte that is none; returns its length. */
static size_t put_character(fr_buf *out, const char *text, size_t left, int lines)
{
    uint32_t code = 0;
    const size_t bytes = fr_str_utf8_next(text, left, &code);

    if (bytes == 0)
        fr_buf_puts(out, "\xEF\xBF\xBD");
    else if (is_control(code) || turns_direction(code))
        put_special(out, code, lines);
    else
        fr_buf_append(out, text, bytes);
    return bytes != 0 ? bytes : 1;
}

void fr_text_clean(fr_buf *out, const char *text, int lines)
{
    size_t left = text != NULL ? strlen(text) : 0;

    while (left > 0) {
        /* Most text is plain, so whole runs of it are copied at once. */
        size_t bytes = fr_str_ascii(text, left);
        if (bytes > 0)
            fr_buf_append(out, text, bytes);
        else
            bytes = put_character(out, text, left, lines);
        text += bytes;
        left -= bytes;
    }
}

void fr_text_pad(fr_buf *out, size_t spaces)
{
    static const char blank[] = "                                ";

    while (spaces > 0) {
        const size_t some = spaces < sizeof blank - 1 ? spaces : sizeof blank - 1;
        fr_buf_append(out, blank, some);
        spaces -= some;
    }
}

/* The part of a text that is being wrapped, and where it stands. */
typedef struct wrapping {
    fr_buf *out;
    size_t width, indent, column;
    int begun; /* a word stands on the line                */
    int fresh; /* the line was begun here, and is empty yet */
} wrapping;

static void break_line(wrapping *at)
{
    fr_buf_putc(at->out, '\n');
    at->column = 0;
    at->begun = 0;
    at->fresh = 1;
}

static size_t width_of(const char *text, size_t length)
{
    char small[256];
    size_t width = 0;

    while (length > 0) {
        const size_t some = length < sizeof small - 1 ? length : sizeof small - 1;
        memcpy(small, text, some);
        small[some] = '\0';
        width += fr_str_width(small);
        text += some;
        length -= some;
    }
    return width;
}

/* The spaces before a word are part of it, unless the line is broken there. */
static void put_word(wrapping *at, size_t spaces, const char *word, size_t length)
{
    const size_t wide = width_of(word, length);

    if (at->begun && at->width != 0 && at->column + spaces + wide > at->width) {
        break_line(at);
        spaces = 0;
    }
    if (length == 0)
        return;
    if (at->fresh) {
        fr_text_pad(at->out, at->indent);
        at->column = at->indent;
        at->fresh = 0;
    }
    fr_text_pad(at->out, spaces);
    fr_buf_append(at->out, word, length);
    at->column += spaces + wide;
    at->begun = 1;
}

void fr_text_wrap(fr_buf *out, const char *text, size_t width, size_t column, size_t indent)
{
    wrapping at = {out, width, indent, column, 0, 0};

    while (*text != '\0') {
        if (*text == '\n') {
            break_line(&at);
            text++;
            continue;
        }
        const size_t spaces = strspn(text, " ");
        const size_t length = strcspn(text + spaces, " \n");
        put_word(&at, spaces, text + spaces, length);
        text += spaces + length;
    }
}

void fr_text_shorten(fr_buf *out, const fr_style *style, const char *text, size_t columns)
{
    const char *ellipsis = fr_style_mark(style, FR_MARK_ELLIPSIS);
    const size_t room = fr_str_width(ellipsis);

    if (fr_str_width(text) <= columns) {
        fr_buf_puts(out, text);
    } else if (columns <= room) {
        fr_buf_append(out, text, fr_str_fit(text, columns));
    } else {
        fr_buf_append(out, text, fr_str_fit(text, columns - room));
        fr_buf_puts(out, ellipsis);
    }
}

void fr_text_shorten_front(fr_buf *out, const fr_style *style, const char *text, size_t columns)
{
    const char *ellipsis = fr_style_mark(style, FR_MARK_ELLIPSIS);
    const size_t room = fr_str_width(ellipsis);
    const size_t width = fr_str_width(text);

    if (width <= columns || columns <= room) {
        fr_text_shorten(out, style, text, columns);
        return;
    }
    /* A wide character in the way may take one column more than needed. */
    const size_t excess = width - (columns - room);
    size_t skipped = fr_str_fit(text, excess);
    if (fr_str_width(text + skipped) > columns - room)
        skipped = fr_str_fit(text, excess + 1);
    fr_buf_puts(out, ellipsis);
    fr_buf_puts(out, text + skipped);
}

void fr_text_count(fr_buf *out, uint64_t count, const char *noun)
{
    fr_buf_printf(out, "%" PRIu64 " %s%s", count, noun, count == 1 ? "" : "s");
}
