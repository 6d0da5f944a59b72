/* How text looks on the output at hand: colours, marks, and the width. */
#ifndef FRACTARY_CLI_STYLE_H
#define FRACTARY_CLI_STYLE_H

#include <fractary-plugin/buf.h>

typedef struct fr_style {
    int colour;   /* non-zero: escape sequences for colours are wanted          */
    int unicode;  /* non-zero: marks beyond ASCII can be shown                  */
    size_t width; /* columns; 0: not limited (the output is no terminal)        */
} fr_style;

typedef enum fr_tone {
    FR_TONE_PLAIN,
    FR_TONE_BOLD,
    FR_TONE_DIM,
    FR_TONE_RED,
    FR_TONE_GREEN,
    FR_TONE_YELLOW,
    FR_TONE_MAGENTA,
    FR_TONE_CYAN,
    FR_TONE_ERROR /* bold and red */
} fr_tone;

typedef enum fr_mark {
    FR_MARK_DONE,
    FR_MARK_FAILED,
    FR_MARK_RUNNING,
    FR_MARK_SKIPPED,
    FR_MARK_WARNING,
    FR_MARK_BAR,      /* left edge of a block          */
    FR_MARK_ELLIPSIS, /* stands for what was left out  */
    FR_MARK_DOT       /* between two facts of one line */
} fr_mark;

/* Begin and end a tone; nothing without colour. */
void fr_style_on(fr_buf *out, const fr_style *style, fr_tone tone);
void fr_style_off(fr_buf *out, const fr_style *style, fr_tone tone);
/* Appends clean text in a tone. */
void fr_style_put(fr_buf *out, const fr_style *style, fr_tone tone, const char *text);
/* The mark's text: one column wide but for the ellipsis in ASCII. */
const char *fr_style_mark(const fr_style *style, fr_mark mark);

#endif
