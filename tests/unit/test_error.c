#include <check.h>
#include <fractary-plugin/error.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

START_TEST(set_fills_message_and_empties_the_rest)
{
    fractary_error error = FR_ERROR_INIT;

    fr_error_set(&error, FRACTARY_E_IO, "old");
    ck_assert_int_eq(fr_error_cause(&error, "cause %d", 1), FRACTARY_E_IO);
    ck_assert_int_eq(fr_error_advice(&error, "advice %s", "x"), FRACTARY_E_IO);
    ck_assert_int_eq(fr_error_place(&error, "%s:%d", "main.tf", 7), FRACTARY_E_IO);
    ck_assert_str_eq(error.cause, "cause 1");
    ck_assert_str_eq(error.advice, "advice x");
    ck_assert_str_eq(error.place, "main.tf:7");
    ck_assert_str_eq(error.message, "old");

    ck_assert_int_eq(fr_error_set(&error, FRACTARY_E_BUSY, "new %s", "text"), FRACTARY_E_BUSY);
    ck_assert_int_eq(error.status, FRACTARY_E_BUSY);
    ck_assert_str_eq(error.message, "new text");
    ck_assert_str_eq(error.cause, "");
    ck_assert_str_eq(error.advice, "");
    ck_assert_str_eq(error.place, "");
}
END_TEST

START_TEST(null_is_accepted)
{
    ck_assert_int_eq(fr_error_set(NULL, FRACTARY_E_IO, "x"), FRACTARY_E_IO);
    ck_assert_int_eq(fr_error_cause(NULL, "x"), FRACTARY_E_FAILED);
    ck_assert_int_eq(fr_error_advice(NULL, "x"), FRACTARY_E_FAILED);
    ck_assert_int_eq(fr_error_place(NULL, "x"), FRACTARY_E_FAILED);
    ck_assert_int_eq(fr_error_nomem(NULL), FRACTARY_E_NOMEM);
}
END_TEST

/* Every alignment of a character of two, three and four bytes to the end of
 * the field: what remains must be whole characters, as many as fit. */
START_TEST(long_text_is_cut_between_characters)
{
    static const char *const characters[] = {"a", "\xC3\xA9", "\xE6\x97\xA5", "\xF0\x9F\x98\x80"};
    fractary_error error = FR_ERROR_INIT;
    char text[3 * FRACTARY_ERROR_MESSAGE];

    for (size_t kind = 0; kind < 4; kind++) {
        const size_t width = strlen(characters[kind]);
        for (size_t shift = 0; shift < 4; shift++) {
            memset(text, 'x', shift);
            text[shift] = '\0';
            while (strlen(text) + width < sizeof text - 4)
                strcat(text, characters[kind]);
            fr_error_set(&error, FRACTARY_E_IO, "%s", text);
            const size_t length = strlen(error.message);
            ck_assert(fr_str_is_utf8(error.message, length));
            ck_assert_uint_le(length, FRACTARY_ERROR_MESSAGE - 1);
            ck_assert_uint_gt(length + width, FRACTARY_ERROR_MESSAGE - 1);
            ck_assert(strncmp(error.message, text, length) == 0);
        }
    }
}
END_TEST

START_TEST(text_that_just_fits_stays_whole)
{
    fractary_error error = FR_ERROR_INIT;
    char text[FRACTARY_ERROR_MESSAGE] = {0};

    memset(text, 'x', sizeof text - 3);
    strcat(text, "\xC3\xA9");
    fr_error_set(&error, FRACTARY_E_IO, "%s", text);
    ck_assert_str_eq(error.message, text);
}
END_TEST

START_TEST(arguments_may_be_texts_of_the_same_error)
{
    fractary_error error = FR_ERROR_INIT;

    fr_error_set(&error, FRACTARY_E_IO, "inner");
    fr_error_cause(&error, "reason");
    fr_error_set(&error, FRACTARY_E_CONFIG, "outer: %s: %s", error.message, error.cause);
    ck_assert_str_eq(error.message, "outer: inner: reason");
}
END_TEST

START_TEST(fields_that_the_caller_does_not_have_stay_untouched)
{
    fractary_error error = FR_ERROR_INIT;

    error.size = offsetof(fractary_error, place);
    error.place[0] = 'k';
    ck_assert_int_eq(fr_error_set(&error, FRACTARY_E_IO, "x"), FRACTARY_E_IO);
    fr_error_place(&error, "overwritten");
    ck_assert_int_eq(error.place[0], 'k');
    ck_assert_int_eq(error.place[1], 0);
}
END_TEST

START_TEST(nomem_says_all_three)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(fr_error_nomem(&error), FRACTARY_E_NOMEM);
    ck_assert_int_eq(error.status, FRACTARY_E_NOMEM);
    ck_assert(error.message[0] && error.cause[0] && error.advice[0]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("error");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, set_fills_message_and_empties_the_rest);
    tcase_add_test(all, null_is_accepted);
    tcase_add_test(all, long_text_is_cut_between_characters);
    tcase_add_test(all, text_that_just_fits_stays_whole);
    tcase_add_test(all, arguments_may_be_texts_of_the_same_error);
    tcase_add_test(all, fields_that_the_caller_does_not_have_stay_untouched);
    tcase_add_test(all, nomem_says_all_three);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
