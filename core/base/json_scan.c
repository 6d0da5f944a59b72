#include "base/json_scan.h"

#include <endian.h>
#include <fractary-plugin/str.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most releases of cJSON read at most this many characters of a number. */
#define NUMBER_MAX 63

/* The scanner reads from `at`, never at or behind `end`. Functions return
 * non-zero to go on; zero means that `reason` and `place` say why not. */
struct scan {
    const char *text;
    const char *end;
    const char *at;
    const char *place;  /* of the fault                                   */
    const char *reason; /* NULL while all is well                         */
    unsigned depth;
    size_t keys_left;                /* keys to pass before the one that is looked for   */
    fr_buf *rewritten;               /* NULL: nothing is rewritten                      */
    const char *copied;              /* up to here the text is in `rewritten`          */
    int escaped;                     /* the string that was read last has escapes        */
    fr_json_outline *outline;        /* or NULL                                          */
    unsigned outlined_below;         /* depth at which what is outlined stands           */
    fr_json_part *part;              /* whose value comes next, or NULL                  */
    const fr_json_list_reader *list; /* or NULL                                   */
    unsigned list_depth;             /* of that list; 0 outside it                */
};

static int refuse(struct scan *scan, const char *place, const char *reason)
{
    scan->place = place;
    scan->reason = reason;
    return 0;
}

/* The byte to come, or 0 at the end (a NUL is refused wherever it stands). */
static char peek(const struct scan *scan)
{
    if (scan->at < scan->end)
        return *scan->at;
    return '\0';
}

static int refuse_here(struct scan *scan, const char *reason)
{
    return refuse(scan, scan->at, scan->at < scan->end ? reason : "the text ends too early");
}

static inline void skip_space(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ----------------------------------------------------------------- strings */

/* The four digits behind "\u"; -1 when they are not there. */
static long read_hex4(const char *at, const char *end)
{
    long value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = at[i];
        const int digit = is_digit(c)            ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* At the 'u' of an escape. */
static int scan_unicode_escape(struct scan *scan)
{
    const char *start = scan->at - 1;
    const long unit = read_hex4(scan->at + 1, scan->end);

    if (unit < 0)
        return refuse(scan, start, "\\u needs four hexadecimal digits");
    if (unit == 0)
        return refuse(scan, start, "\\u0000 is not allowed");
    scan->at += 5;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 1;
    if (unit > 0xDBFF || scan->end - scan->at < 6 || scan->at[0] != '\\' || scan->at[1] != 'u')
        return refuse(scan, start, "a surrogate stands alone");
    const long low = read_hex4(scan->at + 2, scan->end);
    if (low < 0xDC00 || low > 0xDFFF)
        return refuse(scan, start, "a surrogate stands alone");
    scan->at += 6;
    return 1;
}

/* At the backslash. */
static int scan_escape(struct scan *scan)
{
    scan->escaped = 1;
    scan->at++;
    if (peek(scan) == 'u')
        return scan_unicode_escape(scan);
    if (peek(scan) == '\0' || strchr("\"\\/bfnrt", *scan->at) == NULL)
        return refuse_here(scan, "no such escape");
    scan->at++;
    return 1;
}

/* What stands at a byte that is not simply part of a string's text. */
static int scan_string_special(struct scan *scan)
{
    const unsigned char c = (unsigned char)*scan->at;

    if (c == '\\')
        return scan_escape(scan);
    if (c < 0x20)
        return refuse(scan, scan->at, "a control character in a string must be escaped");
    const size_t bytes = fr_str_utf8_next(scan->at, (size_t)(scan->end - scan->at), NULL);
    if (bytes == 0)
        return refuse(scan, scan->at, "not valid UTF-8");
    scan->at += bytes;
    return 1;
}

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Behind what is simply part of a string's text, eight bytes at a time: most of
 * a large text is that. */
static inline const char *skip_plain(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        bytes = le64toh(bytes);
        /* Each sets the highest bit of a byte that is none of the text: beyond
         * ASCII, below a space, a quote, a backslash. The lowest such bit is
         * right; a borrow may set others above it. */
        const uint64_t special =
            (bytes | (bytes - EACH_BYTE(0x20)) | ((bytes ^ EACH_BYTE('"')) - EACH_BYTE(1)) |
             ((bytes ^ EACH_BYTE('\\')) - EACH_BYTE(1))) &
            EACH_BYTE(0x80);
        if (special != 0)
            return at + __builtin_ctzll(special) / 8;
    }
    while (at < end && *at >= 0x20 && *at < 0x7F && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* At what ended the plain text of the string that begins at `start`. */
static int scan_string_rest(struct scan *scan, const char *start)
{
    while (scan->at < scan->end && *scan->at != '"') {
        if (*scan->at == 0x7F)
            scan->at++;
        else if (!scan_string_special(scan))
            return 0;
        scan->at = skip_plain(scan->at, scan->end);
    }
    if (scan->at == scan->end)
        return refuse(scan, start, "the string is not closed");
    scan->at++;
    return 1;
}

/* At the opening quote. Most strings are plain to their end. */
static inline int scan_string(struct scan *scan)
{
    const char *start = scan->at;

    scan->escaped = 0;
    scan->at = skip_plain(start + 1, scan->end);
    if (scan->at == scan->end || *scan->at != '"')
        return scan_string_rest(scan, start);
    scan->at++;
    return 1;
}

/* ----------------------------------------------------------------- numbers */

static void skip_digits(struct scan *scan)
{
    while (is_digit(peek(scan)))
        scan->at++;
}

static int scan_digits(struct scan *scan)
{
    if (!is_digit(peek(scan)))
        return refuse_here(scan, "a digit is missing");
    skip_digits(scan);
    return 1;
}

/* Puts `text` in the place of what was read since `start`. */
static int rewrite(struct scan *scan, const char *start, const char *text)
{
    if (scan->rewritten == NULL)
        return 1;
    fr_buf_append(scan->rewritten, scan->copied, (size_t)(start - scan->copied));
    fr_buf_puts(scan->rewritten, text);
    scan->copied = scan->at;
    return 1;
}

static int rewrite_integer(struct scan *scan, const char *start)
{
    static const char largest[] = "9007199254740992"; /* 2^53 */
    const char *digits = *start == '-' ? start + 1 : start;
    const size_t count = (size_t)(scan->at - digits);

    if (count < sizeof largest - 1 ||
        (count == sizeof largest - 1 && memcmp(digits, largest, count) <= 0))
        return 1;
    char *quoted = fr_str_format("\"%.*s\"", (int)(scan->at - start), start);
    if (quoted == NULL && scan->rewritten != NULL)
        scan->rewritten->failed = 1;
    rewrite(scan, start, quoted);
    free(quoted);
    return 1;
}

/* A fraction or an exponent: it must fit a double, and cJSON must read it. */
static int rewrite_real(struct scan *scan, const char *start)
{
    char *copy = fr_str_ndup(start, (size_t)(scan->at - start));
    char shorter[32];

    if (copy == NULL)
        return refuse(scan, start, "memory is exhausted");
    const double value = strtod(copy, NULL);
    free(copy);
    if (!isfinite(value))
        return refuse(scan, start, "the number is out of range");
    if (scan->at - start <= NUMBER_MAX)
        return 1;
    /* 17 digits name every double. */
    snprintf(shorter, sizeof shorter, "%.17g", value);
    return rewrite(scan, start, shorter);
}

/* Part behind the integer; `real` and `exponent` say what there was. */
static int scan_fraction(struct scan *scan, int *real, int *exponent)
{
    if (peek(scan) == '.') {
        *real = 1;
        scan->at++;
        if (!scan_digits(scan))
            return 0;
    }
    if (peek(scan) != 'e' && peek(scan) != 'E')
        return 1;
    *real = 1;
    *exponent = 1;
    scan->at++;
    if (peek(scan) == '+' || peek(scan) == '-')
        scan->at++;
    return scan_digits(scan);
}

static int scan_number(struct scan *scan)
{
    const char *start = scan->at;
    int real = 0;
    int exponent = 0;

    if (*scan->at == '-')
        scan->at++;
    if (peek(scan) == '0' && scan->at + 1 < scan->end && is_digit(scan->at[1]))
        return refuse(scan, scan->at, "a number must not begin with 0");
    if (!scan_digits(scan) || !scan_fraction(scan, &real, &exponent))
        return 0;
    if (!real)
        return rewrite_integer(scan, start);
    /* Without an exponent, and that short, it fits in any case. */
    return exponent || scan->at - start > NUMBER_MAX ? rewrite_real(scan, start) : 1;
}

/* ------------------------------------------------------------------ values */

static int scan_value(struct scan *scan);

static int scan_literal(struct scan *scan)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        const size_t length = strlen(literals[i]);
        if ((size_t)(scan->end - scan->at) >= length &&
            memcmp(scan->at, literals[i], length) == 0) {
            scan->at += length;
            return 1;
        }
    }
    return refuse_here(scan, "a value is expected here");
}

static int scan_key(struct scan *scan)
{
    if (peek(scan) != '"')
        return refuse_here(scan, "a key in double quotes is expected here");
    if (scan->keys_left-- == 0)
        return refuse(scan, scan->at, "the key that was looked for");
    const char *key = scan->at + 1;
    if (!scan_string(scan))
        return 0;
    if (scan->outline != NULL) {
        const fractary_string_view name = {key, (uint64_t)(scan->at - key) - 1};
        const unsigned depth = scan->depth - scan->outlined_below;
        scan->part = fr_json_outline_note(scan->outline, depth, name, scan->escaped);
    }
    skip_space(scan);
    if (peek(scan) != ':')
        return refuse_here(scan, "a colon is missing here");
    scan->at++;
    return 1;
}

/* An element of the list that somebody hears of: what is outlined meanwhile is
 * it alone. */
static int scan_element(struct scan *scan)
{
    fr_json_outline *outer = scan->outline;
    fr_json_outline own; /* not cleared: it is large, and there are many */
    fr_json_part whole = {.key = {"", 0}};

    own.count = 0;
    own.cut = 0;
    scan->outline = &own;
    scan->outlined_below = scan->depth;
    scan->part = &whole;
    const int going = scan_value(scan);
    scan->outline = outer;
    scan->outlined_below = 0;
    if (going)
        scan->list->element(scan->list->context, whole.value,
                            fr_json_outline_is_whole(&whole.value, &own) ? &own : NULL);
    return going;
}

static int scan_inner(struct scan *scan, char close)
{
    if (close == '}')
        return scan_key(scan) && scan_value(scan);
    return scan->depth == scan->list_depth ? scan_element(scan) : scan_value(scan);
}

/* At the opening bracket; `close` is its counterpart. */
static int scan_container(struct scan *scan, char close)
{
    if (++scan->depth > FR_JSON_DEPTH)
        return refuse(scan, scan->at, "nested deeper than 64 levels");
    scan->at++;
    skip_space(scan);
    int more = peek(scan) != close;
    while (more) {
        if (!scan_inner(scan, close))
            return 0;
        more = peek(scan) == ',';
        if (!more && peek(scan) != close)
            return refuse_here(scan, close == '}' ? "a comma or } is missing here"
                                                  : "a comma or ] is missing here");
        if (more)
            scan->at++;
        skip_space(scan);
    }
    scan->at++;
    scan->depth--;
    return 1;
}

/* At the opening bracket of the value of `part`, which may be NULL. */
static int scan_list(struct scan *scan, const fr_json_part *part)
{
    const int is_told = scan->list != NULL && scan->depth == 1 && part != NULL &&
                        fr_json_part_is(part, scan->list->name);

    if (is_told)
        scan->list_depth = scan->depth + 1;
    const int going = scan_container(scan, ']');
    if (is_told)
        scan->list_depth = 0;
    return going;
}

/* A value with the white space around it. */
static int scan_value(struct scan *scan)
{
    fr_json_part *part = scan->part;
    int going;

    scan->part = NULL;
    skip_space(scan);
    const char *start = scan->at;
    const char c = peek(scan);
    if (c == '{')
        going = scan_container(scan, '}');
    else if (c == '[')
        going = scan_list(scan, part);
    else if (c == '"')
        going = scan_string(scan);
    else if (c == '-' || is_digit(c))
        going = scan_number(scan);
    else
        going = scan_literal(scan);
    if (part != NULL)
        part->value = (fractary_string_view){start, (uint64_t)(scan->at - start)};
    skip_space(scan);
    return going;
}

/* ---------------------------------------------------------------- the text */

/* Bytes that only continue a character do not count. */
static void locate(const struct scan *scan, fr_json_fault *fault)
{
    fault->line = 1;
    fault->column = 1;
    for (const char *at = scan->text; at < scan->place; at++) {
        if (*at == '\n') {
            fault->line++;
            fault->column = 1;
        } else if (((unsigned char)*at & 0xC0) != 0x80) {
            fault->column++;
        }
    }
}

static int scan_text(struct scan *scan)
{
    if ((uint64_t)(scan->end - scan->text) > FR_JSON_TEXT_MAX)
        return refuse(scan, scan->text, "the text is larger than 256 MiB");
    if (!scan_value(scan))
        return 0;
    if (scan->at < scan->end)
        return refuse(scan, scan->at, "nothing may follow the value");
    return 1;
}

int32_t fr_json_scan(const char *text, size_t length, fr_buf *rewritten, fr_json_fault *fault)
{
    struct scan scan = {.text = text,
                        .end = text + length,
                        .at = text,
                        .keys_left = SIZE_MAX,
                        .rewritten = rewritten,
                        .copied = text};

    if (!scan_text(&scan)) {
        snprintf(fault->reason, sizeof fault->reason, "%s", scan.reason);
        locate(&scan, fault);
        return FRACTARY_E_INVALID;
    }
    if (scan.copied != text)
        fr_buf_append(rewritten, scan.copied, (size_t)(scan.end - scan.copied));
    return rewritten->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

int32_t fr_json_scan_outline(const char *text, size_t length, fr_buf *rewritten,
                             fr_json_outline *outline, const fr_json_list_reader *list)
{
    struct scan scan = {.text = text,
                        .end = text + length,
                        .at = text,
                        .keys_left = SIZE_MAX,
                        .rewritten = rewritten,
                        .copied = text,
                        .outline = outline,
                        .list = list};

    return scan_text(&scan) ? FRACTARY_OK : FRACTARY_E_INVALID;
}

void fr_json_locate_key(const char *text, size_t length, size_t ordinal, fr_json_fault *fault)
{
    struct scan scan = {
        .text = text, .end = text + length, .at = text, .keys_left = ordinal, .copied = text};

    if (scan_text(&scan))
        scan.place = text; /* fewer keys than that: cannot be, but must not crash */
    locate(&scan, fault);
}
