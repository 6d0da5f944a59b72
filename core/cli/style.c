#include "cli/style.h"

static const char *const sequences[] = {
    [FR_TONE_PLAIN] = "",           [FR_TONE_BOLD] = "\x1b[1m",   [FR_TONE_DIM] = "\x1b[2m",
    [FR_TONE_RED] = "\x1b[31m",     [FR_TONE_GREEN] = "\x1b[32m", [FR_TONE_YELLOW] = "\x1b[33m",
    [FR_TONE_MAGENTA] = "\x1b[35m", [FR_TONE_CYAN] = "\x1b[36m",  [FR_TONE_ERROR] = "\x1b[1;31m",
};

static const struct mark {
    const char *unicode, *ascii;
} marks[] = {
    [FR_MARK_DONE] = {"✓", "+"},      [FR_MARK_FAILED] = {"✗", "x"},
    [FR_MARK_RUNNING] = {"•", "-"},   [FR_MARK_SKIPPED] = {"○", "o"},
    [FR_MARK_WARNING] = {"!", "!"},   [FR_MARK_BAR] = {"│", "|"},
    [FR_MARK_ELLIPSIS] = {"…", ".."}, [FR_MARK_DOT] = {"·", "-"},
};

void fr_style_on(fr_buf *out, const fr_style *style, fr_tone tone)
{
    if (style->colour)
        fr_buf_puts(out, sequences[tone]);
}

void fr_style_off(fr_buf *out, const fr_style *style, fr_tone tone)
{
    if (style->colour && tone != FR_TONE_PLAIN)
        fr_buf_puts(out, "\x1b[0m");
}

void fr_style_put(fr_buf *out, const fr_style *style, fr_tone tone, const char *text)
{
    fr_style_on(out, style, tone);
    fr_buf_puts(out, text);
    fr_style_off(out, style, tone);
}

const char *fr_style_mark(const fr_style *style, fr_mark mark)
{
    return style->unicode ? marks[mark].unicode : marks[mark].ascii;
}
