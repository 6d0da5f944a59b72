/* Runs: ids, folders, and files that are sealed and cannot change. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "trust/run.h"

static char folder[512];
static fractary_error error;
static fr_run *run;

static void set_up(void)
{
    const char *parent = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/fractary-run-XXXXXX", parent != NULL ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    memset(&error, 0, sizeof error);
    error.size = sizeof error;
    ck_assert_int_eq(fr_run_create(folder, &run, &error), FRACTARY_OK);
}

static void tear_down(void)
{
    fr_run_destroy(run);
    ck_assert_int_eq(fr_file_remove_tree(folder, NULL), FRACTARY_OK);
}

static void write_scratch(const char *name, const char *text, char *path, size_t size)
{
    const char *scratch = fr_run_scratch(run, &error);
    ck_assert_ptr_nonnull(scratch);
    ck_assert_int_lt(snprintf(path, size, "%s/%s", scratch, name), (int)size);
    ck_assert_int_eq(fr_file_write(path, text, strlen(text), 0600, &error), FRACTARY_OK);
}

START_TEST(ids_differ_and_name_the_time)
{
    fr_run *other;
    ck_assert_int_eq(fr_run_create(NULL, &other, &error), FRACTARY_OK);
    ck_assert_str_ne(fr_run_id(run), fr_run_id(other));
    ck_assert_uint_eq(strlen(fr_run_id(run)), 23);
    ck_assert_int_eq(fr_run_id(run)[8], 'T');
    fr_run_destroy(other);
}
END_TEST

START_TEST(folders_are_private)
{
    struct stat info;
    ck_assert_int_eq(stat(fr_run_folder(run, &error), &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0700);
    ck_assert_int_eq(stat(fr_run_scratch(run, &error), &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0700);
}
END_TEST

START_TEST(scratch_goes_with_the_run)
{
    fr_run *other;
    char path[4096];
    ck_assert_int_eq(fr_run_create(NULL, &other, &error), FRACTARY_OK);
    ck_assert_int_lt(snprintf(path, sizeof path, "%s", fr_run_scratch(other, &error)), 4096);
    ck_assert(fr_file_is_folder(path));
    fr_run_destroy(other);
    ck_assert(!fr_file_exists(path));
}
END_TEST

/* The hash is that of sha256sum for the same bytes. */
START_TEST(seals_a_file)
{
    char path[4096], hash[65], text[16] = {0};
    const char *known = NULL;
    write_scratch("p", "plan\n", path, sizeof path);
    ck_assert_int_eq(fr_run_seal(run, "plan", path, hash, &error), FRACTARY_OK);
    ck_assert_str_eq(hash, "1b4025dc7b8d27cf38df85e77b20ed44a00851a2c28b338560560d85deded8e3");
    ck_assert(!fr_file_exists(path));
    int descriptor = fr_run_sealed(run, "plan", &known);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_str_eq(known, hash);
    ck_assert_int_eq(pread(descriptor, text, sizeof text, 0), 5);
    ck_assert_str_eq(text, "plan\n");
}
END_TEST

START_TEST(what_is_sealed_cannot_change)
{
    char path[4096], hash[65];
    write_scratch("p", "plan\n", path, sizeof path);
    ck_assert_int_eq(fr_run_seal(run, "plan", path, hash, &error), FRACTARY_OK);
    int descriptor = fr_run_sealed(run, "plan", NULL);
    ck_assert_int_eq(pwrite(descriptor, "x", 1, 0), -1);
    ck_assert_int_eq(errno, EPERM);
    ck_assert_int_eq(ftruncate(descriptor, 0), -1);
    ck_assert_ptr_eq(mmap(NULL, 5, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), MAP_FAILED);
    int seals = fcntl(descriptor, F_GET_SEALS);
    ck_assert_int_eq(seals, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}
END_TEST

START_TEST(seals_anew_under_the_same_name)
{
    char path[4096], first[65], second[65];
    const char *known = NULL;
    write_scratch("p", "one", path, sizeof path);
    ck_assert_int_eq(fr_run_seal(run, "plan", path, first, &error), FRACTARY_OK);
    write_scratch("p", "two", path, sizeof path);
    ck_assert_int_eq(fr_run_seal(run, "plan", path, second, &error), FRACTARY_OK);
    ck_assert_str_ne(first, second);
    fr_run_sealed(run, "plan", &known);
    ck_assert_str_eq(known, second);
}
END_TEST

START_TEST(seals_nothing_from_elsewhere)
{
    char path[4096], link_path[4096], hash[65];
    ck_assert_int_lt(snprintf(path, sizeof path, "%s/outside", folder), 4096);
    ck_assert_int_eq(fr_file_write(path, "x", 1, 0600, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_run_seal(run, "plan", path, hash, &error), FRACTARY_E_REFUSED);
    ck_assert_int_lt(snprintf(link_path, sizeof link_path, "%s/link", fr_run_scratch(run, &error)),
                     4096);
    ck_assert_int_eq(symlink(path, link_path), 0);
    ck_assert_int_ne(fr_run_seal(run, "plan", link_path, hash, &error), FRACTARY_OK);
    ck_assert_int_ne(fr_run_seal(run, "../plan", path, hash, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_run_sealed(run, "plan", NULL), -1);
    ck_assert(fr_file_exists(path));
}
END_TEST

START_TEST(seals_no_empty_file)
{
    char path[4096], hash[65];
    write_scratch("p", "", path, sizeof path);
    ck_assert_int_eq(fr_run_seal(run, "plan", path, hash, &error), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(fr_run_sealed(run, "plan", NULL), -1);
}
END_TEST

START_TEST(seals_at_most_eight)
{
    char path[4096], hash[65], name[8];
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "p%d", i);
        write_scratch(name, name, path, sizeof path);
        ck_assert_int_eq(fr_run_seal(run, name, path, hash, &error), FRACTARY_OK);
    }
    write_scratch("p9", "x", path, sizeof path);
    ck_assert_int_eq(fr_run_seal(run, "p9", path, hash, &error), FRACTARY_E_LIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run");
    TCase *tests = tcase_create("run");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, ids_differ_and_name_the_time);
    tcase_add_test(tests, folders_are_private);
    tcase_add_test(tests, scratch_goes_with_the_run);
    tcase_add_test(tests, seals_a_file);
    tcase_add_test(tests, what_is_sealed_cannot_change);
    tcase_add_test(tests, seals_anew_under_the_same_name);
    tcase_add_test(tests, seals_nothing_from_elsewhere);
    tcase_add_test(tests, seals_no_empty_file);
    tcase_add_test(tests, seals_at_most_eight);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
