#include "base/json_scan.h"

#include <cjson/cJSON.h>
#include <fractary-plugin/str.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the text is laid out: `indent` is negative for one line. */
struct layout {
    fr_buf *out;
    int indent;
};

static void print_value(struct layout layout, const cJSON *value);

/* ------------------------------------------------------------------ strings */

static void print_escape(fr_buf *out, unsigned char c)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i < sizeof names - 1; i += 2) {
        if ((unsigned char)names[i] == c) {
            fr_buf_putc(out, '\\');
            fr_buf_putc(out, names[i + 1]);
            return;
        }
    }
    fr_buf_printf(out, "\\u%04x", c);
}

static int is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Appends what stands at `text`, which is not plain; returns its bytes. */
static size_t print_special(fr_buf *out, const char *text, size_t left)
{
    if ((unsigned char)*text < 0x80) {
        print_escape(out, (unsigned char)*text);
        return 1;
    }
    const size_t bytes = fr_str_utf8_next(text, left, NULL);
    if (bytes == 0) {
        fr_buf_puts(out, "\xEF\xBF\xBD"); /* U+FFFD */
        return 1;
    }
    fr_buf_append(out, text, bytes);
    return bytes;
}

static void print_string(fr_buf *out, const char *text)
{
    size_t left = strlen(text);

    fr_buf_putc(out, '"');
    while (left > 0) {
        size_t plain = 0;
        while (plain < left && is_plain((unsigned char)text[plain]))
            plain++;
        fr_buf_append(out, text, plain);
        text += plain;
        left -= plain;
        if (left > 0) {
            const size_t bytes = print_special(out, text, left);
            text += bytes;
            left -= bytes;
        }
    }
    fr_buf_putc(out, '"');
}

/* ------------------------------------------------------------------ numbers */

/* Beyond 2^53 an exponent is forced, because digits alone would be read back
 * as a string. */
static void print_number(fr_buf *out, double number)
{
    char text[40];
    const int whole = number == floor(number);

    if (!isfinite(number)) {
        fr_buf_puts(out, "null");
        return;
    }
    if (whole && fabs(number) <= (double)FR_JSON_INTEGER_MAX) {
        snprintf(text, sizeof text, "%s%lld", number == 0 && signbit(number) ? "-" : "",
                 (long long)number);
        fr_buf_puts(out, text);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (whole && strchr(text, 'e') == NULL)
            snprintf(text, sizeof text, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            break;
    }
    fr_buf_puts(out, text);
}

/* --------------------------------------------------------------- containers */

static void break_line(struct layout layout)
{
    if (layout.indent < 0)
        return;
    fr_buf_putc(layout.out, '\n');
    for (int i = 0; i < layout.indent; i++)
        fr_buf_puts(layout.out, "  ");
}

static void print_container(struct layout layout, const cJSON *value, const char *brackets)
{
    struct layout inner = layout;

    if (inner.indent >= 0)
        inner.indent++;
    fr_buf_putc(layout.out, brackets[0]);
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        break_line(inner);
        if (cJSON_IsObject(value)) {
            print_string(layout.out, child->string);
            fr_buf_puts(layout.out, layout.indent < 0 ? ":" : ": ");
        }
        print_value(inner, child);
        if (child->next != NULL)
            fr_buf_putc(layout.out, ',');
    }
    if (value->child != NULL)
        break_line(layout);
    fr_buf_putc(layout.out, brackets[1]);
}

static void print_value(struct layout layout, const cJSON *value)
{
    switch (fr_json_kind_of(value)) {
    case FR_JSON_OBJECT:
        print_container(layout, value, "{}");
        break;
    case FR_JSON_ARRAY:
        print_container(layout, value, "[]");
        break;
    case FR_JSON_STRING:
        print_string(layout.out, value->valuestring);
        break;
    case FR_JSON_NUMBER:
        print_number(layout.out, value->valuedouble);
        break;
    case FR_JSON_BOOL:
        fr_buf_puts(layout.out, cJSON_IsTrue(value) ? "true" : "false");
        break;
    case FR_JSON_NULL:
    case FR_JSON_ABSENT:
    default:
        fr_buf_puts(layout.out, "null");
        break;
    }
}

static int32_t print_tree(struct layout layout, const fr_json *value)
{
    if (value == NULL)
        return FRACTARY_E_NOMEM;
    print_value(layout, value);
    if (layout.indent >= 0)
        fr_buf_putc(layout.out, '\n');
    return layout.out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

int32_t fr_json_print(const fr_json *value, fr_buf *out)
{
    return print_tree((struct layout){out, -1}, value);
}

int32_t fr_json_print_pretty(const fr_json *value, fr_buf *out)
{
    return print_tree((struct layout){out, 0}, value);
}

int32_t fr_json_quote(const char *text, fr_buf *out)
{
    if (text != NULL)
        print_string(out, text);
    else
        fr_buf_puts(out, "null");
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
