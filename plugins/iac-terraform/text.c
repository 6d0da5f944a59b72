#include "text.h"

#include <fractary-plugin/str.h>
#include <string.h>

#define ESCAPE 0x1b

/* Length of a terminal sequence at `text`, 1 for a bare escape character. */
static size_t sequence_length(const char *text, size_t length)
{
    if (length < 2 || text[1] != '[')
        return length >= 2 && strchr("()#", text[1]) != NULL && length >= 3 ? 3 : 1;
    size_t i = 2;
    while (i < length && (unsigned char)text[i] >= 0x20 && (unsigned char)text[i] < 0x40)
        i++;
    return i < length ? i + 1 : length;
}

static int is_control(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
}

int32_t fr_tf_clean(fr_buf *out, const char *text, size_t length, size_t limit)
{
    size_t begin = out->length;
    for (size_t i = 0; i < length && out->length - begin < limit;) {
        if (text[i] == ESCAPE) {
            i += sequence_length(text + i, length - i);
        } else if (is_control(text[i])) {
            i++;
        } else {
            size_t step = fr_str_utf8_next(text + i, length - i, NULL);
            if (step == 0)
                fr_buf_puts(out, "\xef\xbf\xbd");
            else
                fr_buf_append(out, text + i, step);
            i += step == 0 ? 1 : step;
        }
    }
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

int32_t fr_tf_squeeze(fr_buf *out, const char *text)
{
    int space = 0;
    for (; *text != '\0'; text++) {
        if (is_space(*text)) {
            space = 1;
            continue;
        }
        if (space && out->length > 0)
            fr_buf_putc(out, ' ');
        space = 0;
        fr_buf_putc(out, *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text);
    }
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

int32_t fr_tf_put(fr_json *record, const char *key, const char *text, size_t limit)
{
    if (text == NULL)
        return FRACTARY_OK;
    fr_buf clean = {0};
    int32_t status = fr_tf_clean(&clean, text, strlen(text), limit);
    while (clean.length > 0 && is_space(clean.data[clean.length - 1]))
        clean.data[--clean.length] = '\0';
    if (status == FRACTARY_OK && clean.length > 0)
        status = fr_json_set_string(record, key, fr_buf_text(&clean));
    fr_buf_finish(&clean);
    return status;
}
