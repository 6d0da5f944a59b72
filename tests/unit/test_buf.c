#include <check.h>
#include <fractary-plugin/buf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

START_TEST(empty_buffer_reads_as_empty_text)
{
    fr_buf buf = {0};

    ck_assert_str_eq(fr_buf_text(&buf), "");
    fr_buf_clear(&buf);
    fr_buf_finish(&buf);
    fr_buf_finish(NULL);
    fr_buf_wipe(NULL);
    fr_buf_wipe(&buf);
}
END_TEST

START_TEST(appends_add_up_and_end_in_nul)
{
    fr_buf buf = {0};

    ck_assert_int_eq(fr_buf_append(&buf, "a\0b", 3), FRACTARY_OK);
    ck_assert_int_eq(fr_buf_puts(&buf, "cd"), FRACTARY_OK);
    ck_assert_int_eq(fr_buf_puts(&buf, NULL), FRACTARY_OK);
    ck_assert_int_eq(fr_buf_putc(&buf, 'e'), FRACTARY_OK);
    ck_assert_int_eq(fr_buf_printf(&buf, "-%05d-%s", 42, "f"), FRACTARY_OK);
    ck_assert_uint_eq(buf.length, 14);
    ck_assert_mem_eq(buf.data, "a\0bcde-00042-f", 15);
    fr_buf_finish(&buf);
    ck_assert_ptr_null(buf.data);
}
END_TEST

START_TEST(grows_without_losing_a_byte)
{
    fr_buf buf = {0};

    for (int i = 0; i < 100000; i++)
        fr_buf_printf(&buf, "%d,", i);
    const char *at = buf.data;
    for (long i = 0; i < 100000; i++) {
        char *end;
        ck_assert_int_eq(strtol(at, &end, 10), i);
        at = end + 1;
    }
    ck_assert_ptr_eq(at, buf.data + buf.length);
    fr_buf_finish(&buf);
}
END_TEST

START_TEST(reserved_room_does_not_move)
{
    fr_buf buf = {0};

    ck_assert_int_eq(fr_buf_reserve(&buf, 1000), FRACTARY_OK);
    const char *place = buf.data;
    for (int i = 0; i < 1000; i++)
        fr_buf_putc(&buf, 's');
    ck_assert_ptr_eq(buf.data, place);
    fr_buf_finish(&buf);
}
END_TEST

START_TEST(failure_is_sticky_until_cleared)
{
    fr_buf buf = {0};

    fr_buf_puts(&buf, "kept");
    ck_assert_int_eq(fr_buf_reserve(&buf, SIZE_MAX - 2), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_buf_reserve(&buf, SIZE_MAX), FRACTARY_E_NOMEM);
    ck_assert(buf.failed);
    ck_assert_int_eq(fr_buf_puts(&buf, "more"), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_buf_printf(&buf, "%d", 1), FRACTARY_E_NOMEM);
    ck_assert_str_eq(fr_buf_text(&buf), "kept");
    ck_assert_ptr_null(fr_buf_steal(&buf));
    ck_assert_int_eq(buf.failed, 0);
    ck_assert_int_eq(fr_buf_puts(&buf, "again"), FRACTARY_OK);
    fr_buf_clear(&buf);
    ck_assert_str_eq(fr_buf_text(&buf), "");
    fr_buf_finish(&buf);
}
END_TEST

START_TEST(steal_hands_over)
{
    fr_buf buf = {0};

    char *empty = fr_buf_steal(&buf);
    ck_assert_str_eq(empty, "");
    free(empty);
    fr_buf_puts(&buf, "text");
    char *text = fr_buf_steal(&buf);
    ck_assert_str_eq(text, "text");
    ck_assert_uint_eq(buf.length, 0);
    ck_assert_ptr_null(buf.data);
    free(text);
}
END_TEST

START_TEST(sink_appends)
{
    fr_buf buf = {0};
    fractary_sink sink = fr_buf_sink(&buf);

    ck_assert_int_eq(sink.emit(sink.context, "ab", 2), FRACTARY_OK);
    ck_assert_int_eq(sink.emit(sink.context, "c", 1), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&buf), "abc");
    ck_assert_int_eq(sink.emit(sink.context, "c", UINT64_MAX), FRACTARY_E_NOMEM);
    ck_assert(buf.failed);
    fr_buf_finish(&buf);
}
END_TEST

START_TEST(a_part_that_failed_fails_the_whole)
{
    fr_buf whole = {0};
    fr_buf part = {0};

    fr_buf_puts(&part, "part");
    fr_buf_finish_part(&part, &whole);
    ck_assert_ptr_null(part.data);
    ck_assert_int_eq(fr_buf_puts(&whole, "kept"), FRACTARY_OK);
    ck_assert_int_eq(fr_buf_reserve(&part, SIZE_MAX), FRACTARY_E_NOMEM);
    fr_buf_finish_part(&part, &whole);
    ck_assert_int_eq(part.failed, 0);
    ck_assert_int_eq(fr_buf_puts(&whole, "lost"), FRACTARY_E_NOMEM);
    fr_buf_finish(&whole);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("buf");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, empty_buffer_reads_as_empty_text);
    tcase_add_test(all, appends_add_up_and_end_in_nul);
    tcase_add_test(all, grows_without_losing_a_byte);
    tcase_add_test(all, reserved_room_does_not_move);
    tcase_add_test(all, failure_is_sticky_until_cleared);
    tcase_add_test(all, steal_hands_over);
    tcase_add_test(all, sink_appends);
    tcase_add_test(all, a_part_that_failed_fails_the_whole);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
