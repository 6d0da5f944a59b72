#include <fractary-plugin/str.h>

#include <fractary-plugin/buf.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *fr_str_dup(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

char *fr_str_ndup(const char *text, size_t length)
{
    return text != NULL ? strndup(text, length) : NULL;
}

char *fr_str_format(const char *format, ...)
{
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    return fr_buf_steal(&text);
}

int fr_str_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Not tolower(): that depends on the locale. */
static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

int fr_str_equal_nocase(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

int fr_str_starts(const char *text, const char *prefix)
{
    return text != NULL && prefix != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

int fr_str_ends(const char *text, const char *suffix)
{
    if (text == NULL || suffix == NULL)
        return 0;
    const size_t length = strlen(text);
    const size_t wanted = strlen(suffix);
    return length >= wanted && memcmp(text + length - wanted, suffix, wanted) == 0;
}

/* Only the last star is ever tried again: what an earlier one has matched
 * stays right, because the later star can take any longer run itself. */
int fr_str_glob(const char *pattern, const char *text)
{
    const char *star = NULL;
    const char *resume = NULL;

    if (pattern == NULL || text == NULL)
        return 0;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == *text || *pattern == '?') {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++resume;
        } else {
            return 0;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

int fr_str_to_u64(const char *text, uint64_t *out)
{
    uint64_t value = 0;

    if (text == NULL || *text == '\0')
        return 0;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return 0;
        const uint64_t digit = (uint64_t)(*text - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return 0;
        value = value * 10 + digit;
    }
    *out = value;
    return 1;
}

/* Table 3-7 of the Unicode standard: what the first byte says of the length,
 * and the range of the second byte, which shuts out overlong forms, surrogates
 * and what lies beyond U+10FFFF. */
static const struct lead {
    unsigned char first, last; /* of the first byte */
    unsigned char length;
    unsigned char low, high; /* of the second byte */
} leads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    }
    return NULL;
}

static size_t decode_long(const unsigned char *at, size_t length, uint32_t *code)
{
    const struct lead *lead = find_lead(at[0]);

    if (lead == NULL || lead->length > length || at[1] < lead->low || at[1] > lead->high)
        return 0;
    uint32_t value = at[0] & (0x7Fu >> lead->length);
    for (size_t i = 1; i < lead->length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        value = (value << 6) | (at[i] & 0x3Fu);
    }
    if (code != NULL)
        *code = value;
    return lead->length;
}

size_t fr_str_utf8_next(const char *data, size_t length, uint32_t *code)
{
    const unsigned char *at = (const unsigned char *)data;

    if (length == 0)
        return 0;
    if (at[0] >= 0x80)
        return decode_long(at, length, code);
    if (code != NULL)
        *code = at[0];
    return 1;
}

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Zero when all eight bytes are printable ASCII: nothing beyond ASCII, nothing
 * below a space, no DEL. A borrow from byte to byte only adds to what is so
 * anyway. */
static uint64_t has_special(const char *data)
{
    uint64_t bytes;

    memcpy(&bytes, data, sizeof bytes);
    return (bytes | (bytes - EACH_BYTE(0x20)) | ((bytes ^ EACH_BYTE(0x7F)) - EACH_BYTE(1))) &
           EACH_BYTE(0x80);
}

size_t fr_str_ascii(const char *data, size_t length)
{
    size_t run = 0;

    while (length - run >= 8 && has_special(data + run) == 0)
        run += 8;
    while (run < length && data[run] >= 0x20 && data[run] < 0x7F)
        run++;
    return run;
}

int fr_str_is_utf8(const char *data, size_t length)
{
    while (length > 0) {
        const size_t bytes = fr_str_utf8_next(data, length, NULL);
        if (bytes == 0)
            return 0;
        data += bytes;
        length -= bytes;
    }
    return 1;
}

/* Code points that take no column and two columns, sorted: derived from the
 * general category (Mn, Me, Cf) and from EastAsianWidth (W, F) of the Unicode
 * character database 14.0. The wide ones are complete; of the combining ones
 * the table has the scripts that people's names and messages are mostly in. */
struct range {
    uint32_t first, last;
};

static const struct range zero_width[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},     {0x5BF, 0x5BF},   {0x5C1, 0x5C2},
    {0x5C4, 0x5C5},   {0x5C7, 0x5C7},   {0x610, 0x61A},     {0x61C, 0x61C},   {0x64B, 0x65F},
    {0x670, 0x670},   {0x6D6, 0x6DC},   {0x6DF, 0x6E4},     {0x6E7, 0x6E8},   {0x6EA, 0x6ED},
    {0x900, 0x902},   {0x93A, 0x93A},   {0x93C, 0x93C},     {0x941, 0x948},   {0x94D, 0x94D},
    {0x951, 0x957},   {0x962, 0x963},   {0x981, 0x981},     {0x9BC, 0x9BC},   {0x9C1, 0x9C4},
    {0x9CD, 0x9CD},   {0xE31, 0xE31},   {0xE34, 0xE3A},     {0xE47, 0xE4E},   {0x1160, 0x11FF},
    {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F},
    {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A},   {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0001, 0xE01EF},
};

static const struct range double_width[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},   {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAD9},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x1B2FB}, {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320},
    {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA},
    {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
    {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E},
    {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4},
    {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
    {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
    {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAF6},
    {0x20000, 0x3134A},
};

static int within(const struct range *ranges, size_t count, uint32_t code)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (code > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && code >= ranges[low].first;
}

static size_t columns_of(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        return 0;
    if (code < 0x300)
        return 1;
    if (within(zero_width, sizeof zero_width / sizeof *zero_width, code))
        return 0;
    return within(double_width, sizeof double_width / sizeof *double_width, code) ? 2 : 1;
}

/* Steps over one character or one byte that is none. */
static size_t step(const char *text, size_t length, size_t *columns)
{
    uint32_t code = 0;
    const size_t bytes = fr_str_utf8_next(text, length, &code);

    *columns = bytes > 0 ? columns_of(code) : 1;
    return bytes > 0 ? bytes : 1;
}

size_t fr_str_width(const char *text)
{
    size_t width = 0;
    size_t left = text != NULL ? strlen(text) : 0;

    while (left > 0) {
        size_t columns;
        const size_t bytes = step(text, left, &columns);
        width += columns;
        text += bytes;
        left -= bytes;
    }
    return width;
}

size_t fr_str_fit(const char *text, size_t columns)
{
    const size_t length = text != NULL ? strlen(text) : 0;
    size_t fitting = 0;

    while (fitting < length) {
        size_t taken;
        const size_t bytes = step(text + fitting, length - fitting, &taken);
        if (taken > columns)
            break;
        columns -= taken;
        fitting += bytes;
    }
    return fitting;
}

/* Longest word that is compared; longer ones are near to nothing. */
#define LONGEST_WORD 63

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int swapped(const char *a, const char *b)
{
    return lower(a[0]) == lower(b[-1]) && lower(a[-1]) == lower(b[0]);
}

/* Edit distance in which two swapped neighbours count as one edit, row by row:
 * `rows[0]` is the row before the last, `rows[1]` the last one. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LONGEST_WORD + 1];

    for (size_t j = 0; j <= b_length; j++)
        rows[1][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        rows[2][0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            const size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            const size_t gap = least(rows[1][j], rows[2][j - 1]) + 1;
            rows[2][j] = least(gap, rows[1][j - 1] + changed);
            if (i > 1 && j > 1 && swapped(a + i - 1, b + j - 1))
                rows[2][j] = least(rows[2][j], rows[0][j - 2] + 1);
        }
        memcpy(rows[0], rows[1], sizeof rows[0]);
        memcpy(rows[1], rows[2], sizeof rows[1]);
    }
    return rows[1][b_length];
}

const char *fr_str_nearest(const char *word, const char *const *candidates, size_t count)
{
    const size_t length = word != NULL ? strlen(word) : 0;
    const char *nearest = NULL;
    size_t best = length <= 3 ? 2 : length <= 6 ? 3 : 4;

    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t candidate_length = candidates[i] != NULL ? strlen(candidates[i]) : 0;
        if (candidate_length == 0 || candidate_length > LONGEST_WORD)
            continue;
        const size_t edits = distance(word, length, candidates[i], candidate_length);
        if (edits < best) {
            best = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}

void fr_wipe(void *memory, size_t length)
{
    if (memory != NULL)
        explicit_bzero(memory, length);
}
