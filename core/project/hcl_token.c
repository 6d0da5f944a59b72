#include "project/hcl_scan.h"

#include "project/hcl_token.h"
#include <string.h>

/* Signs of two characters; every other sign is one. */
static const char *const double_signs[] = {"==", "!=", "<=", ">=", "&&", "||", "=>"};

static int is_name_start(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80) != 0;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int begins(const char *at, const char *end, const char *text)
{
    const size_t length = strlen(text);

    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

static const char *line_end(const char *at, const char *end)
{
    const char *feed = memchr(at, '\n', (size_t)(end - at));

    return feed != NULL ? feed : end;
}

/* Behind a comment that begins at `at`; `at` itself where none does. */
static const char *skip_comment(const char *at, const char *end)
{
    if (*at == '#' || begins(at, end, "//"))
        return line_end(at, end);
    if (!begins(at, end, "/*"))
        return at;
    const char *close = memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
    return close != NULL ? close + 2 : end;
}

const char *fr_hcl_skip_space(const char *at, const char *end, int lines)
{
    while (at < end) {
        const char *behind = skip_comment(at, end);
        if (behind != at)
            at = behind;
        else if (*at == ' ' || *at == '\t' || *at == '\r' || (*at == '\n' && lines))
            at++;
        else
            break;
    }
    return at;
}

/* ------------------------------------------------------------------ strings */

/* A string may hold a template, that a string, and so on: the stack says where
 * we are. '"' in a string's text, '{' in a template or a brace within it. */
struct nest {
    char kinds[FR_HCL_DEPTH];
    size_t depth;
};

static int enter(struct nest *nest, char kind)
{
    if (nest->depth == FR_HCL_DEPTH)
        return 0;
    nest->kinds[nest->depth++] = kind;
    return 1;
}

/* One step through a string's text; NULL where it is broken. */
static const char *step_text(struct nest *nest, const char *at, const char *end)
{
    if (*at == '\n')
        return NULL;
    if (*at == '\\')
        return end - at > 1 && at[1] != '\n' ? at + 2 : NULL;
    if (begins(at, end, "$${") || begins(at, end, "%%{"))
        return at + 3;
    if (begins(at, end, "${") || begins(at, end, "%{"))
        return enter(nest, '{') ? at + 2 : NULL;
    if (*at == '"')
        nest->depth--;
    return at + 1;
}

/* One step through the expression of a template. */
static const char *step_template(struct nest *nest, const char *at, const char *end)
{
    const char *behind = skip_comment(at, end);

    if (behind != at)
        return behind;
    if (*at == '"' || *at == '{')
        return enter(nest, *at) ? at + 1 : NULL;
    if (*at == '}')
        nest->depth--;
    return at + 1;
}

/* Behind the quoted string that begins at `at`; NULL where it has no end. */
static const char *skip_string(const char *at, const char *end)
{
    struct nest nest = {{'"'}, 1};

    at++;
    while (at != NULL && at < end && nest.depth > 0)
        at = nest.kinds[nest.depth - 1] == '"' ? step_text(&nest, at, end)
                                               : step_template(&nest, at, end);
    return nest.depth == 0 ? at : NULL;
}

static size_t name_length(const char *at, const char *end)
{
    const char *from = at;

    if (at == end || !is_name_start(*at))
        return 0;
    while (at < end && (is_name_start(*at) || is_digit(*at) || *at == '-'))
        at++;
    return (size_t)(at - from);
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* Behind the marker that ends the heredoc which begins at `at`; NULL where
 * there is none, `at` itself where this is no heredoc. */
static const char *skip_heredoc(const char *at, const char *end)
{
    const char *marker = at + (begins(at, end, "<<-") ? 3 : 2);
    const size_t length = marker <= end ? name_length(marker, end) : 0;

    if (!begins(at, end, "<<") || length == 0)
        return at;
    const char *line = line_end(marker, end);
    while (line < end) {
        line = skip_blanks(line + 1, end);
        if ((size_t)(end - line) >= length && memcmp(line, marker, length) == 0 &&
            name_length(line, end) == length)
            return line + length;
        line = line_end(line, end);
    }
    return NULL;
}

/* ------------------------------------------------------------------- tokens */

static size_t sign_length(const char *at, const char *end)
{
    for (size_t i = 0; i < sizeof double_signs / sizeof *double_signs; i++) {
        if (begins(at, end, double_signs[i]))
            return 2;
    }
    return 1;
}

static size_t number_length(const char *at, const char *end)
{
    const char *from = at;

    while (at < end && (is_digit(*at) || is_name_start(*at) || *at == '.'))
        at++;
    return (size_t)(at - from);
}

fr_hcl_token fr_hcl_token_at(const char *at, const char *end)
{
    const char *behind;

    if (at == end)
        return (fr_hcl_token){FR_HCL_END, at, 0};
    if (is_name_start(*at))
        return (fr_hcl_token){FR_HCL_NAME, at, name_length(at, end)};
    if (is_digit(*at))
        return (fr_hcl_token){FR_HCL_NUMBER, at, number_length(at, end)};
    behind = *at == '"' ? skip_string(at, end) : skip_heredoc(at, end);
    if (behind == NULL)
        return (fr_hcl_token){FR_HCL_END, at, 0};
    if (behind != at)
        return (fr_hcl_token){FR_HCL_STRING, at, (size_t)(behind - at)};
    return (fr_hcl_token){FR_HCL_SIGN, at, sign_length(at, end)};
}

fr_hcl_token fr_hcl_token_next(const char **at, const char *end)
{
    const fr_hcl_token token = fr_hcl_token_at(fr_hcl_skip_space(*at, end, 1), end);

    *at = token.text + token.length;
    return token;
}

int fr_hcl_token_is(const fr_hcl_token *token, const char *text)
{
    return token->kind != FR_HCL_END && token->length == strlen(text) &&
           memcmp(token->text, text, token->length) == 0;
}

/* ----------------------------------------------------------------- literals */

static const struct escape {
    char letter, byte;
} escapes[] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'"', '"'}, {'\\', '\\'}};

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void put_code(uint32_t code, fr_buf *out)
{
    static const struct {
        uint32_t limit;
        unsigned char lead;
        int tail;
    } forms[] = {{0x80, 0, 0}, {0x800, 0xC0, 1}, {0x10000, 0xE0, 2}, {0x110000, 0xF0, 3}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (code >= forms[i].limit)
            continue;
        fr_buf_putc(out, (char)(forms[i].lead | (code >> (6 * forms[i].tail))));
        for (int shift = 6 * (forms[i].tail - 1); shift >= 0; shift -= 6)
            fr_buf_putc(out, (char)(0x80 | ((code >> shift) & 0x3F)));
        return;
    }
}

/* \uNNNN and \UNNNNNNNN; `at` is the letter. Zero when it is ill-formed. */
static size_t put_unicode(const char *at, const char *end, fr_buf *out)
{
    const size_t digits = *at == 'u' ? 4 : *at == 'U' ? 8 : 0;
    uint32_t code = 0;

    if (digits == 0 || (size_t)(end - at) <= digits)
        return 0;
    for (size_t i = 1; i <= digits; i++) {
        const int value = hex_value(at[i]);
        if (value < 0)
            return 0;
        code = (code << 4) | (uint32_t)value;
    }
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return 0;
    put_code(code, out);
    return digits + 1;
}

/* `at` stands behind the backslash. Bytes taken, zero for an unknown escape. */
static size_t put_escape(const char *at, const char *end, fr_buf *out)
{
    if (at == end)
        return 0;
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (escapes[i].letter == *at) {
            fr_buf_putc(out, escapes[i].byte);
            return 1;
        }
    }
    return put_unicode(at, end, out);
}

/* The text between the quotes; zero when there is a template in it. */
static int put_literal(const char *at, const char *end, fr_buf *out)
{
    while (at < end) {
        if (begins(at, end, "$${") || begins(at, end, "%%{")) {
            fr_buf_append(out, at + 1, 2);
            at += 3;
        } else if (begins(at, end, "${") || begins(at, end, "%{")) {
            return 0;
        } else if (*at == '\\') {
            const size_t taken = put_escape(at + 1, end, out);
            if (taken == 0)
                return 0;
            at += taken + 1;
        } else {
            fr_buf_putc(out, *at++);
        }
    }
    return !out->failed;
}

int fr_hcl_literal(const char *text, size_t length, fr_buf *out)
{
    const char *end = text + length;
    const char *at = text;
    const fr_hcl_token token = fr_hcl_token_next(&at, end);

    if (token.kind != FR_HCL_STRING || token.text[0] != '"' || fr_hcl_skip_space(at, end, 1) != end)
        return 0;
    return put_literal(token.text + 1, token.text + token.length - 1, out);
}
