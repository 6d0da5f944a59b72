/* Text on its way to a terminal. */
#include "cli/text.h"
#include "unit/cli_suite.h"

#include <fractary-plugin/str.h>
#include <string.h>

static const struct cleaning {
    const char *text, *one_line, *lines;
} cleanings[] = {
    {"plain", "plain", "plain"},
    {"", "", ""},
    {NULL, "", ""},
    {"a\nb", "a b", "a\nb"},
    {"a\tb", "a b", "a    b"},
    {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m", "\\x1b[31mred\\x1b[0m"},
    {"bell\a back\b null\x7f", "bell\\x07 back\\x08 null\\x7f", "bell\\x07 back\\x08 null\\x7f"},
    {"over\rwrite", "over\\x0dwrite", "over\\x0dwrite"},
    /* C1 controls: U+009B begins a sequence on some terminals. */
    {"csi \xC2\x9B"
     "31m",
     "csi \\x9b31m", "csi \\x9b31m"},
    {"\xE2\x80\xAEtxt.exe", "\\u202etxt.exe", "\\u202etxt.exe"},
    {"\xE2\x81\xA6x\xE2\x81\xA9", "\\u2066x\\u2069", "\\u2066x\\u2069"},
    {"bad \xFF\xC3 utf", "bad \xEF\xBF\xBD\xEF\xBF\xBD utf", "bad \xEF\xBF\xBD\xEF\xBF\xBD utf"},
    {"z\xC3\xBCrich \xE6\x97\xA5", "z\xC3\xBCrich \xE6\x97\xA5", "z\xC3\xBCrich \xE6\x97\xA5"},
};

START_TEST(text_is_made_harmless)
{
    for (size_t i = 0; i < sizeof cleanings / sizeof *cleanings; i++) {
        fr_buf out = {0};
        fr_text_clean(&out, cleanings[i].text, 0);
        ck_assert_str_eq(fr_buf_text(&out), cleanings[i].one_line);
        fr_buf_clear(&out);
        fr_text_clean(&out, cleanings[i].text, 1);
        ck_assert_str_eq(fr_buf_text(&out), cleanings[i].lines);
        fr_buf_finish(&out);
    }
}
END_TEST

/* Whatever bytes come, nothing that a terminal obeys goes out. */
START_TEST(no_byte_pair_gets_through)
{
    for (unsigned first = 1; first < 256; first++) {
        for (unsigned second = 1; second < 256; second++) {
            const char text[] = {(char)first, (char)second, '\0'};
            fr_buf out = {0};
            fr_text_clean(&out, text, 0);
            ck_assert(fr_str_is_utf8(fr_buf_text(&out), out.length));
            for (size_t i = 0; i < out.length; i++)
                ck_assert_int_ge((unsigned char)out.data[i], 0x20);
            ck_assert_ptr_null(strstr(fr_buf_text(&out), "\xC2\x9B"));
            fr_buf_finish(&out);
        }
    }
}
END_TEST

static const struct wrapping {
    const char *text;
    size_t width, column, indent;
    const char *expected;
} wrappings[] = {
    {"one two three", 0, 0, 0, "one two three"},
    {"one two three", 7, 0, 0, "one two\nthree"},
    {"one two three", 7, 0, 2, "one two\n  three"},
    {"one two three", 9, 4, 4, "one\n    two\n    three"},
    {"one two", 100, 0, 0, "one two"},
    {"indivisible word", 4, 0, 1, "indivisible\n word"},
    {"a\nb", 10, 0, 2, "a\n  b"},
    {"a\n\nb", 10, 0, 2, "a\n\n  b"},
    {"  kept  inside", 40, 0, 0, "  kept  inside"},
    {"", 10, 0, 3, ""},
    {"\xE6\x97\xA5\xE6\x9C\xAC \xE6\x97\xA5\xE6\x9C\xAC", 6, 0, 0,
     "\xE6\x97\xA5\xE6\x9C\xAC\n\xE6\x97\xA5\xE6\x9C\xAC"},
    {"trailing ", 20, 0, 0, "trailing"},
};

START_TEST(lines_are_broken_between_words)
{
    for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++) {
        fr_buf out = {0};
        fr_text_wrap(&out, wrappings[i].text, wrappings[i].width, wrappings[i].column,
                     wrappings[i].indent);
        ck_assert_msg(strcmp(fr_buf_text(&out), wrappings[i].expected) == 0, "%zu: \"%s\"", i,
                      fr_buf_text(&out));
        fr_buf_finish(&out);
    }
}
END_TEST

START_TEST(long_text_is_shortened)
{
    const fr_style ascii = {0, 0, 0};
    const fr_style unicode = {0, 1, 0};
    static const struct {
        const char *text;
        size_t columns;
        const char *ascii, *unicode, *front;
    } rows[] = {
        {"abcdef", 6, "abcdef", "abcdef", "abcdef"},
        {"abcdef", 5, "abc..", "abcd\xE2\x80\xA6", "..def"},
        {"abcdef", 2, "ab", "a\xE2\x80\xA6", "ab"},
        {"abcdef", 1, "a", "a", "a"},
        {"abcdef", 0, "", "", ""},
        {"\xE6\x97\xA5\xE6\x9C\xAC", 3, "..", "\xE6\x97\xA5\xE2\x80\xA6", ".."},
        {"a\xE6\x97\xA5\xE6\x9C\xAC", 4, "a..", "a\xE6\x97\xA5\xE2\x80\xA6", "..\xE6\x9C\xAC"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fr_buf out = {0};
        fr_text_shorten(&out, &ascii, rows[i].text, rows[i].columns);
        ck_assert_str_eq(fr_buf_text(&out), rows[i].ascii);
        fr_buf_clear(&out);
        fr_text_shorten_front(&out, &ascii, rows[i].text, rows[i].columns);
        ck_assert_str_eq(fr_buf_text(&out), rows[i].front);
        fr_buf_clear(&out);
        fr_text_shorten(&out, &unicode, rows[i].text, rows[i].columns);
        ck_assert_str_eq(fr_buf_text(&out), rows[i].unicode);
        fr_buf_finish(&out);
    }
}
END_TEST

START_TEST(counts_have_their_plural)
{
    fr_buf out = {0};

    fr_text_count(&out, 0, "check");
    fr_text_count(&out, 1, "check");
    fr_text_count(&out, 2, "check");
    ck_assert_str_eq(fr_buf_text(&out), "0 checks1 check2 checks");
    fr_buf_finish(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {text_is_made_harmless, no_byte_pair_gets_through,
                                  lines_are_broken_between_words, long_text_is_shortened,
                                  counts_have_their_plural};
    return cli_suite_run("text", tests, sizeof tests / sizeof *tests);
}
