/* The journal: whole lines, in order, private, and honest about a full disk. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "trust/journal.h"

static char folder[512];
static char path[sizeof folder + 16];
static fractary_error error;

static void set_up(void)
{
    const char *parent = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/fractary-journal-XXXXXX", parent != NULL ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/journal.jsonl", folder);
    memset(&error, 0, sizeof error);
    error.size = sizeof error;
}

static void tear_down(void)
{
    fr_file_remove_tree(folder, NULL);
}

START_TEST(appends_lines_in_order)
{
    fr_journal *journal;
    fr_buf text = {0};
    struct stat info;
    ck_assert_int_eq(fr_journal_open(path, &journal, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_journal_append(journal, "{\"a\":1}", 7, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_journal_append(journal, "{\"b\":2}", 7, 1, &error), FRACTARY_OK);
    fr_journal_close(journal);
    ck_assert_int_eq(fr_file_read(path, 1000, &text, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "{\"a\":1}\n{\"b\":2}\n");
    fr_buf_finish(&text);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0600);
}
END_TEST

START_TEST(says_where_it_cannot_write)
{
    fr_journal *journal = NULL;
    ck_assert_int_eq(fr_journal_open("/nonexistent/journal.jsonl", &journal, &error),
                     FRACTARY_E_IO);
    ck_assert_ptr_nonnull(strstr(error.message, "/nonexistent/journal.jsonl"));
    ck_assert_int_gt((int)strlen(error.cause), 0);
}
END_TEST

START_TEST(follows_no_link)
{
    fr_journal *journal = NULL;
    ck_assert_int_eq(symlink("/tmp/elsewhere", path), 0);
    ck_assert_int_eq(fr_journal_open(path, &journal, &error), FRACTARY_E_IO);
}
END_TEST

START_TEST(stays_failed_on_a_full_disk)
{
    fr_journal *journal;
    const struct rlimit limit = {10, 10};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(fr_journal_open(path, &journal, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_journal_append(journal, "12345", 5, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(fr_journal_append(journal, "1234567890", 10, 0, &error), FRACTARY_E_IO);
    ck_assert_ptr_nonnull(strstr(error.message, path));
    ck_assert_int_eq(fr_journal_append(journal, "x", 1, 0, &error), FRACTARY_E_IO);
    fr_journal_close(journal);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journal");
    TCase *tests = tcase_create("journal");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, appends_lines_in_order);
    tcase_add_test(tests, says_where_it_cannot_write);
    tcase_add_test(tests, follows_no_link);
    tcase_add_test(tests, stays_failed_on_a_full_disk);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
