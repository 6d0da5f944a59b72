#include <check.h>
#include <fractary-plugin/vec.h>
#include <fractary/abi.h>
#include <stdlib.h>
#include <string.h>

static char names[] = "abcdefghijklmnopqrstuvwxyz";

static int compare(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

START_TEST(push_and_remove_keep_the_order)
{
    fr_vec vec = {0};

    for (size_t i = 0; i < 26; i++)
        ck_assert_int_eq(fr_vec_push(&vec, &names[i]), FRACTARY_OK);
    ck_assert_uint_eq(vec.count, 26);
    ck_assert_ptr_eq(fr_vec_remove(&vec, 0), &names[0]);
    for (size_t i = 0; i < 25; i++)
        ck_assert_ptr_eq(vec.items[i], &names[i + 1]);
    ck_assert_ptr_eq(fr_vec_remove(&vec, 1), &names[2]);
    ck_assert_ptr_eq(fr_vec_remove(&vec, 23), &names[25]);
    ck_assert_ptr_null(fr_vec_remove(&vec, vec.count));
    ck_assert_uint_eq(vec.count, 23);
    ck_assert_ptr_eq(vec.items[0], &names[1]);
    for (size_t i = 1; i < 23; i++)
        ck_assert_ptr_eq(vec.items[i], &names[i + 2]);
    fr_vec_finish(&vec, NULL);
    ck_assert_ptr_null(vec.items);
}
END_TEST

START_TEST(finish_releases_each_item)
{
    fr_vec vec = {0};

    fr_vec_finish(NULL, free);
    fr_vec_finish(&vec, free);
    for (size_t i = 0; i < 100; i++)
        ck_assert_int_eq(fr_vec_push(&vec, malloc(1)), FRACTARY_OK);
    fr_vec_finish(&vec, free); /* the leak checker counts */
    ck_assert_uint_eq(vec.count, 0);
}
END_TEST

START_TEST(sort_compares_the_items)
{
    fr_vec vec = {0};

    fr_vec_sort(&vec, compare);
    for (size_t i = 0; i < 26; i++)
        ck_assert_int_eq(fr_vec_push(&vec, &names[(i * 7) % 26]), FRACTARY_OK);
    fr_vec_sort(&vec, compare);
    for (size_t i = 0; i < 26; i++)
        ck_assert_ptr_eq(vec.items[i], &names[i]);
    fr_vec_finish(&vec, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vec");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, push_and_remove_keep_the_order);
    tcase_add_test(all, finish_releases_each_item);
    tcase_add_test(all, sort_compares_the_items);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
