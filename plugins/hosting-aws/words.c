#include "words.h"

#include <fractary-plugin/buf.h>
#include <stdlib.h>
#include <string.h>

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Between double quotes a backslash means something before these two only. */
static int escapes(const char *at)
{
    return at[0] == '\\' && (at[1] == '"' || at[1] == '\\');
}

/* Reads up to the closing quote; NULL when there is none. */
static const char *take_quoted(const char *at, fr_buf *word)
{
    const char quote = *at++;

    for (; *at != quote; at++) {
        if (*at == '\0')
            return NULL;
        if (quote == '"' && escapes(at))
            at++;
        else if (quote == '"' && at[0] == '\\' && at[1] == '\0')
            return NULL;
        fr_buf_putc(word, *at);
    }
    return at + 1;
}

/* Reads one word, which begins at `at`; NULL when it does not end well. */
static const char *take_word(const char *at, fr_buf *word)
{
    while (at != NULL && *at != '\0' && !is_space(*at)) {
        if (*at == '\'' || *at == '"') {
            at = take_quoted(at, word);
            continue;
        }
        if (*at == '\\' && *++at == '\0')
            return NULL;
        fr_buf_putc(word, *at++);
    }
    return at;
}

static int32_t push(fr_vec *out, fr_buf *word)
{
    char *text = fr_buf_steal(word);

    if (text != NULL && fr_vec_push(out, text) == FRACTARY_OK)
        return FRACTARY_OK;
    free(text);
    return FRACTARY_E_NOMEM;
}

int32_t fr_aws_words_split(const char *text, fr_vec *out)
{
    for (;;) {
        fr_buf word = {0};
        while (is_space(*text))
            text++;
        if (*text == '\0')
            return FRACTARY_OK;
        text = take_word(text, &word);
        if (text == NULL) {
            fr_buf_finish(&word);
            return FRACTARY_E_INVALID;
        }
        const int32_t status = push(out, &word);
        if (status != FRACTARY_OK)
            return status;
    }
}
