#include "project/markdown.h"

#include <fractary-plugin/str.h>
#include <string.h>

static int is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A colon makes an address (https://) or a picture (:name:) of what stands
 * behind it; that of a time or of a sentence does not. */
static int is_harmless_colon(const char *text, const char *at)
{
    return at[1] == ' ' || at[1] == '\0' || (at > text && is_digit(at[-1]) && is_digit(at[1]));
}

void fr_markdown_text(const char *text, fr_buf *out)
{
    static const char special[] = "\\`*_{}[]<>()#+!|~&$@:";

    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (is_control(*at)) {
            fr_buf_putc(out, ' ');
            continue;
        }
        if (strchr(special, *at) != NULL && !(*at == ':' && is_harmless_colon(text, at)))
            fr_buf_putc(out, '\\');
        fr_buf_putc(out, *at);
    }
}

static size_t longest_run(const char *text, char c)
{
    size_t longest = 0;
    size_t run = 0;

    for (; *text != '\0'; text++) {
        run = *text == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* The fence is longer than any run of backticks inside. A bar would end the
 * cell even in code; with a backslash before it, it does not. */
void fr_markdown_code(const char *text, fr_buf *out)
{
    if (text == NULL || text[0] == '\0')
        return;
    const size_t fence = longest_run(text, '`') + 1;
    const int padded = text[0] == '`' || text[strlen(text) - 1] == '`';
    for (size_t i = 0; i < fence; i++)
        fr_buf_putc(out, '`');
    fr_buf_puts(out, padded ? " " : "");
    for (; *text != '\0'; text++) {
        fr_buf_puts(out, *text == '|' ? "\\" : "");
        fr_buf_putc(out, is_control(*text) ? ' ' : *text);
    }
    fr_buf_puts(out, padded ? " " : "");
    for (size_t i = 0; i < fence; i++)
        fr_buf_putc(out, '`');
}

void fr_markdown_link(const char *text, const char *url, fr_buf *out)
{
    if (!fr_str_starts(url, "https://") && !fr_str_starts(url, "http://")) {
        fr_markdown_text(text, out);
        return;
    }
    fr_buf_putc(out, '[');
    fr_markdown_text(text, out);
    fr_buf_puts(out, "](<");
    for (; *url != '\0'; url++) {
        const unsigned char c = (unsigned char)*url;
        if (c <= 0x20 || c >= 0x7F || strchr("<>\"\\|^`{}", (int)c) != NULL)
            fr_buf_printf(out, "%%%02X", c);
        else
            fr_buf_putc(out, (char)c);
    }
    fr_buf_puts(out, ">)");
}
