#include <check.h>
#include <fractary-plugin/record.h>
#include <stdlib.h>
#include <string.h>

static int32_t refuse(void *context, const char *data, uint64_t length)
{
    (void)data;
    *(uint64_t *)context = length;
    return FRACTARY_E_CANCELLED;
}

START_TEST(record_is_one_line_of_json)
{
    fr_buf out = {0};
    fractary_sink sink = fr_buf_sink(&out);
    fr_json *record = fr_record_new("step", "doing %s %d", "it\n", 3);

    fr_json_set_string(record, "step", "plan");
    ck_assert_int_eq(fr_record_emit(&sink, record), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out),
                     "{\"type\":\"step\",\"message\":\"doing it\\n 3\",\"step\":\"plan\"}");
    fr_buf_finish(&out);
}
END_TEST

START_TEST(status_of_the_sink_comes_back)
{
    uint64_t length = 0;
    fractary_sink sink = {&length, refuse};

    ck_assert_int_eq(fr_record_emit(&sink, fr_record_new("a", "b")), FRACTARY_E_CANCELLED);
    ck_assert_uint_eq(length, strlen("{\"type\":\"a\",\"message\":\"b\"}"));
}
END_TEST

START_TEST(nothing_to_emit_or_nowhere)
{
    fr_buf out = {0};
    fractary_sink sink = fr_buf_sink(&out);

    ck_assert_int_eq(fr_record_emit(&sink, NULL), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_record_emit(NULL, fr_record_new("a", "b")), FRACTARY_E_INVALID);
    ck_assert_uint_eq(out.length, 0);
}
END_TEST

START_TEST(largest_record)
{
    fr_buf text = {0};
    fr_buf out = {0};
    fractary_sink sink = fr_buf_sink(&out);
    const size_t around = strlen("{\"type\":\"a\",\"message\":\"\"}");

    while (text.length + around < FRACTARY_RECORD_MAX)
        fr_buf_putc(&text, 'x');
    ck_assert_int_eq(fr_record_emit(&sink, fr_record_new("a", "%s", text.data)), FRACTARY_OK);
    ck_assert_uint_eq(out.length, FRACTARY_RECORD_MAX);
    fr_buf_clear(&out);
    fr_buf_putc(&text, 'x');
    ck_assert_int_eq(fr_record_emit(&sink, fr_record_new("a", "%s", text.data)), FRACTARY_E_LIMIT);
    ck_assert_uint_eq(out.length, 0);
    fr_buf_finish(&text);
    fr_buf_finish(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, record_is_one_line_of_json);
    tcase_add_test(all, status_of_the_sink_comes_back);
    tcase_add_test(all, nothing_to_emit_or_nowhere);
    tcase_add_test(all, largest_record);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
