#include "hcl.h"

#include <string.h>

#define NESTING 32 /* strings in templates in strings … */

static size_t left(const fr_hcl *hcl)
{
    return (size_t)(hcl->end - hcl->next);
}

static int at(const fr_hcl *hcl, const char *text)
{
    size_t length = strlen(text);
    return left(hcl) >= length && memcmp(hcl->next, text, length) == 0;
}

static void skip_line(fr_hcl *hcl)
{
    const char *end = memchr(hcl->next, '\n', left(hcl));
    hcl->next = end == NULL ? hcl->end : end;
}

static void skip_comment(fr_hcl *hcl)
{
    const char *end = memmem(hcl->next + 2, left(hcl) - 2, "*/", 2);
    hcl->next = end == NULL ? hcl->end : end + 2;
}

/* Passes over spaces and comments; a line feed stays. */
static void skip_space(fr_hcl *hcl)
{
    while (hcl->next < hcl->end) {
        char c = *hcl->next;
        if (c == ' ' || c == '\t' || c == '\r')
            hcl->next++;
        else if (c == '#' || at(hcl, "//"))
            skip_line(hcl);
        else if (at(hcl, "/*"))
            skip_comment(hcl);
        else
            return;
    }
}

/* ----------------------------------------------------------------- strings */

/* Where we are inside a quoted string: an even level is text, an odd one the
 * expression of a template, whose open braces are counted. */
typedef struct quoted {
    unsigned braces[NESTING + 1];
    int level;
} quoted;

/* One step through text; zero when the string is over or broken. */
static int step_text(fr_hcl *hcl, quoted *q)
{
    if (at(hcl, "$${") || at(hcl, "%%{")) {
        hcl->next += 3;
    } else if (at(hcl, "${") || at(hcl, "%{")) {
        hcl->next += 2;
        if (q->level == NESTING)
            return 0;
        q->braces[++q->level] = 0;
    } else if (*hcl->next == '\n') {
        return 0;
    } else if (*hcl->next == '\\' && left(hcl) >= 2) {
        hcl->next += 2;
    } else if (*hcl->next++ == '"') {
        return q->level-- > 0;
    }
    return 1;
}

/* One step through the expression of a template. */
static int step_expression(fr_hcl *hcl, quoted *q)
{
    char c = *hcl->next++;
    if (c == '"') {
        if (q->level == NESTING)
            return 0;
        q->level++;
    } else if (c == '{') {
        q->braces[q->level]++;
    } else if (c == '}' && q->braces[q->level]-- == 0) {
        q->level--;
    }
    return 1;
}

static void skip_string(fr_hcl *hcl)
{
    quoted q = {.level = 0};
    hcl->next++;
    while (hcl->next < hcl->end)
        if (!(q.level % 2 == 0 ? step_text(hcl, &q) : step_expression(hcl, &q)))
            return;
}

/* ---------------------------------------------------------------- heredocs */

static int is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || (unsigned char)c >= 0x80;
}

static size_t word_length(const char *text, const char *end)
{
    size_t length = 0;
    while (text + length < end && is_word_byte(text[length]))
        length++;
    return length;
}

/* Is the line nothing but the closing word? */
static int closes(const char *line, size_t length, const char *word, size_t size)
{
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == ' '))
        length--;
    return length == size && memcmp(line, word, size) == 0;
}

static int skip_heredoc(fr_hcl *hcl)
{
    const char *word = hcl->next + 2;
    if (word < hcl->end && *word == '-')
        word++;
    size_t size = word_length(word, hcl->end);
    if (size == 0)
        return 0;
    skip_line(hcl);
    while (hcl->next < hcl->end) {
        hcl->next++;
        const char *line = hcl->next;
        skip_line(hcl);
        if (closes(line, (size_t)(hcl->next - line), word, size))
            return 1;
    }
    return 1;
}

/* ------------------------------------------------------------------ pieces */

static fr_hcl_kind kind_of(char c)
{
    switch (c) {
    case '\n':
        return FR_HCL_NEWLINE;
    case '{':
    case '(':
    case '[':
        return FR_HCL_OPEN;
    case '}':
    case ')':
    case ']':
        return FR_HCL_CLOSE;
    default:
        return FR_HCL_OTHER;
    }
}

fr_hcl_piece fr_hcl_next(fr_hcl *hcl)
{
    skip_space(hcl);
    fr_hcl_piece piece = {.kind = FR_HCL_END, .text = hcl->next};
    if (hcl->next >= hcl->end)
        return piece;
    if (*hcl->next == '"') {
        piece.kind = FR_HCL_STRING;
        skip_string(hcl);
    } else if (is_word_byte(*hcl->next)) {
        piece.kind = FR_HCL_WORD;
        hcl->next += word_length(hcl->next, hcl->end);
    } else if (at(hcl, "<<") && skip_heredoc(hcl)) {
        piece.kind = FR_HCL_HEREDOC;
    } else {
        piece.kind = kind_of(*hcl->next);
        hcl->next++;
    }
    piece.length = (size_t)(hcl->next - piece.text);
    return piece;
}

int fr_hcl_is(const fr_hcl_piece *piece, const char *text)
{
    return strlen(text) == piece->length && memcmp(piece->text, text, piece->length) == 0;
}
