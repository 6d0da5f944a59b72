#include <check.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

START_TEST(copies)
{
    char *text = fr_str_dup("abc");
    char *cut = fr_str_ndup("abc", 2);
    char *made = fr_str_format("%s-%d", "x", 5);

    ck_assert_str_eq(text, "abc");
    ck_assert_str_eq(cut, "ab");
    ck_assert_str_eq(made, "x-5");
    ck_assert_ptr_null(fr_str_dup(NULL));
    ck_assert_ptr_null(fr_str_ndup(NULL, 3));
    free(text);
    free(cut);
    free(made);
}
END_TEST

START_TEST(comparisons)
{
    ck_assert(fr_str_equal(NULL, NULL));
    ck_assert(!fr_str_equal("", NULL));
    ck_assert(!fr_str_equal(NULL, ""));
    ck_assert(fr_str_equal("a", "a"));
    ck_assert(!fr_str_equal("a", "A"));
    ck_assert(fr_str_equal_nocase("Az9-\xC3\xA9", "aZ9-\xC3\xA9"));
    ck_assert(!fr_str_equal_nocase("ab", "abc"));
    ck_assert(!fr_str_equal_nocase("abc", "ab"));
    ck_assert(!fr_str_equal_nocase("[", "{")); /* 0x20 apart, but no letters */
    ck_assert(fr_str_equal_nocase(NULL, NULL));
    ck_assert(!fr_str_equal_nocase("a", NULL));
    ck_assert(fr_str_starts("abc", "ab") && fr_str_starts("abc", "") && fr_str_starts("ab", "ab"));
    ck_assert(!fr_str_starts("ab", "abc") && !fr_str_starts(NULL, "a") &&
              !fr_str_starts("a", NULL));
    ck_assert(fr_str_ends("abc", "bc") && fr_str_ends("abc", "") && fr_str_ends("abc", "abc"));
    ck_assert(!fr_str_ends("bc", "abc") && !fr_str_ends(NULL, "a") && !fr_str_ends("a", NULL));
}
END_TEST

static const struct {
    const char *pattern;
    const char *text;
    int matches;
} globs[] = {
    {"", "", 1},           {"", "a", 0},     {"*", "", 1},          {"*", "abc", 1},
    {"a*", "abc", 1},      {"a*", "bac", 0}, {"*c", "abc", 1},      {"*c", "abcd", 0},
    {"a?c", "abc", 1},     {"a?c", "ac", 0}, {"a*b*c", "aXbYc", 1}, {"a*b*c", "aXcYb", 0},
    {"***", "x", 1},       {"?", "", 0},     {"*a*a*b", "aaab", 1}, {"AWS_*", "AWS_", 1},
    {"AWS_*", "aws_x", 0}, {"[a]", "a", 0},  {"[a]", "[a]", 1},     {"*ab", "aab", 1},
    {"a*?", "a", 0},
};

START_TEST(glob_table)
{
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
        ck_assert_msg(fr_str_glob(globs[i].pattern, globs[i].text) == globs[i].matches, "%s on %s",
                      globs[i].pattern, globs[i].text);
    ck_assert(!fr_str_glob(NULL, "a") && !fr_str_glob("a", NULL));
}
END_TEST

START_TEST(glob_does_not_explode)
{
    char text[20001];
    char pattern[201];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < 200; i += 2)
        memcpy(pattern + i, "*a", 3);
    pattern[199] = 'b'; /* cannot match: by backtracking, never done */
    ck_assert(!fr_str_glob(pattern, text));
}
END_TEST

START_TEST(numbers)
{
    static const char *const bad[] = {
        "", "-1", "+1", " 1", "1 ", "1x", "0x1", "18446744073709551616", "99999999999999999999999"};
    uint64_t value = 7;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!fr_str_to_u64(bad[i], &value), "%s", bad[i]);
    ck_assert(!fr_str_to_u64(NULL, &value));
    ck_assert_uint_eq(value, 7);
    ck_assert(fr_str_to_u64("18446744073709551615", &value));
    ck_assert(value == UINT64_MAX);
    ck_assert(fr_str_to_u64("007", &value));
    ck_assert(value == 7);
}
END_TEST

static const struct {
    const char *bytes;
    uint32_t code; /* 0: not well-formed */
} characters[] = {
    {"A", 'A'},
    {"\x7F", 0x7F},
    {"\xC2\x80", 0x80},
    {"\xDF\xBF", 0x7FF},
    {"\xE0\xA0\x80", 0x800},
    {"\xED\x9F\xBF", 0xD7FF},
    {"\xEE\x80\x80", 0xE000},
    {"\xEF\xBF\xBF", 0xFFFF},
    {"\xF0\x90\x80\x80", 0x10000},
    {"\xF4\x8F\xBF\xBF", 0x10FFFF},
    {"\x80", 0},             /* continuation without a beginning */
    {"\xC0\x80", 0},         /* overlong NUL                     */
    {"\xC1\xBF", 0},         /* overlong                         */
    {"\xE0\x9F\xBF", 0},     /* overlong                         */
    {"\xF0\x8F\xBF\xBF", 0}, /* overlong                         */
    {"\xED\xA0\x80", 0},     /* surrogate                        */
    {"\xF4\x90\x80\x80", 0}, /* beyond U+10FFFF                  */
    {"\xF5\x80\x80\x80", 0},
    {"\xFF", 0},
    {"\xC3", 0},
    {"\xC3(", 0},
    {"\xE2\x82", 0},
    {"\xE2\x82(", 0},
    {"\xF0\x9F\x98", 0},
};

START_TEST(utf8_table)
{
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        const size_t length = strlen(characters[i].bytes);
        uint32_t code = 0;
        const size_t taken = fr_str_utf8_next(characters[i].bytes, length, &code);
        ck_assert_uint_eq(taken, characters[i].code != 0 ? length : 0);
        ck_assert_uint_eq(code, characters[i].code);
        ck_assert_int_eq(fr_str_is_utf8(characters[i].bytes, length), characters[i].code != 0);
    }
    ck_assert_uint_eq(fr_str_utf8_next("a", 0, NULL), 0);
    ck_assert_uint_eq(fr_str_utf8_next("\0", 1, NULL), 1);
    ck_assert(fr_str_is_utf8("", 0));
    ck_assert(!fr_str_is_utf8("ok\xC3\xA9\xFF", 5));
}
END_TEST

/* Every code point, encoded here by the definition, reads back as itself. */
/* Every byte, at every place of a text of two words and a rest. */
START_TEST(ascii_ends_at_the_first_other_byte)
{
    char text[20];

    for (size_t place = 0; place < sizeof text; place++) {
        for (int byte = 0; byte < 256; byte++) {
            memset(text, 'a' + (int)place, sizeof text);
            text[place] = (char)byte;
            const size_t expected = byte >= 0x20 && byte <= 0x7E ? sizeof text : place;
            ck_assert_uint_eq(fr_str_ascii(text, sizeof text), expected);
        }
    }
    ck_assert_uint_eq(fr_str_ascii("abc", 2), 2);
    ck_assert_uint_eq(fr_str_ascii(NULL, 0), 0);
}
END_TEST

START_TEST(utf8_of_every_code_point)
{
    for (uint32_t code = 1; code < 0x110000; code++) {
        char out[4];
        size_t length = 0;
        uint32_t back = 0;
        if (code >= 0x10000)
            out[length++] = (char)(0xF0 | (code >> 18));
        if (code >= 0x800)
            out[length++] = (char)((code >= 0x10000 ? 0x80 : 0xE0) | ((code >> 12) & 0x3F));
        if (code >= 0x80)
            out[length++] = (char)((code >= 0x800 ? 0x80 : 0xC0) | ((code >> 6) & 0x3F));
        out[length++] = (char)(code >= 0x80 ? 0x80 | (code & 0x3F) : code);
        const size_t taken = fr_str_utf8_next(out, length, &back);
        const int surrogate = code >= 0xD800 && code <= 0xDFFF;
        if (surrogate ? taken != 0 : taken != length || back != code)
            ck_abort_msg("U+%04X", code);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t width;
} widths[] = {
    {"", 0},
    {"abc", 3},
    {"\xC3\xA9t\xC3\xA9", 3},                    /* precomposed             */
    {"e\xCC\x81", 1},                            /* e and a combining acute */
    {"\xE6\x97\xA5\xE6\x9C\xAC", 4},             /* two ideographs          */
    {"\xED\x95\x9C", 2},                         /* Hangul syllable         */
    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2}, /* the same from three     */
    {"\xF0\x9F\x98\x80", 2},                     /* emoji                   */
    {"\xE2\x9C\x93", 1},                         /* check mark              */
    {"\xE2\x9C\x85", 2},                         /* white heavy check mark  */
    {"\xE2\x94\x80\xE2\x94\x82", 2},             /* box drawing             */
    {"\xEF\xBC\xA1", 2},                         /* full-width A            */
    {"\xEF\xBD\xB1", 1},                         /* half-width katakana     */
    {"a\xE2\x80\x8B"
     "b",
     2},                 /* zero width space        */
    {"a\x1B\tb", 2},     /* control characters      */
    {"\xFF\xFE", 2},     /* bytes that are no text  */
    {"\xE2\x80\xA6", 1}, /* ellipsis                */
};

START_TEST(width_table)
{
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        ck_assert_msg(fr_str_width(widths[i].text) == widths[i].width, "%s: %zu", widths[i].text,
                      fr_str_width(widths[i].text));
    ck_assert_uint_eq(fr_str_width(NULL), 0);
}
END_TEST

START_TEST(fit_counts_columns)
{
    ck_assert_uint_eq(fr_str_fit("abcdef", 3), 3);
    ck_assert_uint_eq(fr_str_fit("abc", 9), 3);
    ck_assert_uint_eq(fr_str_fit("abc", 0), 0);
    ck_assert_uint_eq(fr_str_fit(NULL, 4), 0);
    ck_assert_uint_eq(fr_str_fit("\xE6\x97\xA5\xE6\x9C\xAC", 3), 3); /* no half character */
    ck_assert_uint_eq(fr_str_fit("e\xCC\x81x", 1), 3);               /* the accent belongs to e */
}
END_TEST

START_TEST(nearest_word)
{
    static const char *const names[] = {"test", "staging", "production", "class", "region", "dev"};

    ck_assert_str_eq(fr_str_nearest("prodution", names, 5), "production");
    ck_assert_str_eq(fr_str_nearest("clas", names, 5), "class");
    ck_assert_str_eq(fr_str_nearest("dve", names, 6), "dev"); /* swapped neighbours: one edit */
    ck_assert_str_eq(fr_str_nearest("TEST", names, 5), "test");
    ck_assert_str_eq(fr_str_nearest("regoin", names, 5), "region");
    ck_assert_ptr_null(fr_str_nearest("xyz", names, 5));
    ck_assert_ptr_null(fr_str_nearest("deployments", names, 5));
    ck_assert_ptr_null(fr_str_nearest("", names, 5));
    ck_assert_ptr_null(fr_str_nearest(NULL, names, 5));
    ck_assert_ptr_null(fr_str_nearest("test", names, 0));
    ck_assert_ptr_null(fr_str_nearest("test", NULL, 0));
}
END_TEST

START_TEST(wipe_overwrites)
{
    char secret[] = "secret";

    fr_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        ck_assert_int_eq(secret[i], 0);
    fr_wipe(NULL, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("str");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, copies);
    tcase_add_test(all, comparisons);
    tcase_add_test(all, glob_table);
    tcase_add_test(all, glob_does_not_explode);
    tcase_add_test(all, numbers);
    tcase_add_test(all, utf8_table);
    tcase_add_test(all, utf8_of_every_code_point);
    tcase_add_test(all, ascii_ends_at_the_first_other_byte);
    tcase_add_test(all, width_table);
    tcase_add_test(all, fit_counts_columns);
    tcase_add_test(all, nearest_word);
    tcase_add_test(all, wipe_overwrites);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
