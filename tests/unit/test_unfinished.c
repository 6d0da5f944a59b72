/* Marks of runs that change something, and what is left of them. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "trust/run.h"
#include "trust/unfinished.h"

static char folder[] = "/tmp/fractary-test-unfinished-XXXXXX";
static fractary_error error;
static const fr_unfinished what = {
    .environment = "test", .stack = "default", .method = "apply", .plan = "abc"};

/* What the search found. */
static struct {
    int count, alive;
    char run[64], method[32], plan[32];
    int64_t pid, at;
    int32_t answer;
} seen;

static void set_up(void)
{
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    memset(&error, 0, sizeof error);
    memset(&seen, 0, sizeof seen);
    error.size = sizeof error;
}

static void tear_down(void)
{
    ck_assert_int_eq(fr_file_remove_tree(folder, NULL), FRACTARY_OK);
}

static int32_t see(void *context, const fr_unfinished *mark, int alive)
{
    (void)context;
    seen.count++;
    seen.alive = alive;
    snprintf(seen.run, sizeof seen.run, "%s", mark->run);
    snprintf(seen.method, sizeof seen.method, "%s", mark->method);
    snprintf(seen.plan, sizeof seen.plan, "%s", mark->plan);
    seen.pid = mark->pid;
    seen.at = mark->at;
    return seen.answer;
}

static int look(const char *environment, const char *own)
{
    const fr_unfinished_visitor visitor = {
        .environment = environment, .stack = "default", .own = own, .visit = see};

    seen.count = 0;
    ck_assert_int_eq(fr_unfinished_each(folder, &visitor, &error), seen.answer);
    return seen.count;
}

/* A process that marks a run and is killed; its id. */
static pid_t killed_run(void)
{
    const pid_t child = fork();
    if (child == 0) {
        fr_run *run;
        if (fr_run_create(folder, &run, NULL) != FRACTARY_OK ||
            fr_run_begin_change(run, &what, NULL) != FRACTARY_OK)
            _exit(1);
        raise(SIGKILL);
    }
    int state = 0;
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert(WIFSIGNALED(state));
    return child;
}

START_TEST(without_runs_there_is_nothing)
{
    ck_assert_int_eq(look("test", NULL), 0);
}
END_TEST

START_TEST(a_run_that_lives_is_alive_and_one_that_ended_is_gone)
{
    fr_run *run;
    struct stat info;
    char path[256];

    ck_assert_int_eq(fr_run_create(folder, &run, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_run_begin_change(run, &what, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_run_begin_change(run, &what, &error), FRACTARY_OK);
    snprintf(path, sizeof path, "%s/runs/%s/" FR_UNFINISHED_FILE, folder, fr_run_id(run));
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0600);
    ck_assert_int_eq(look("test", fr_run_id(run)), 0);
    ck_assert_int_eq(look("prod", NULL), 0);
    ck_assert_int_eq(look("test", NULL), 1);
    ck_assert(seen.alive);
    ck_assert_str_eq(seen.run, fr_run_id(run));
    ck_assert_str_eq(seen.method, "apply");
    ck_assert_str_eq(seen.plan, "abc");
    ck_assert_int_eq(seen.pid, getpid());
    ck_assert_int_gt(seen.at, 0);
    ck_assert_int_eq(look("test", NULL), 1); /* it is not settled by looking */
    fr_run_destroy(run);
    ck_assert_int_eq(look("test", NULL), 0);
}
END_TEST

START_TEST(a_killed_run_is_found_until_it_is_settled)
{
    const pid_t child = killed_run();

    seen.answer = FRACTARY_E_IO; /* its history could not be written */
    ck_assert_int_eq(look("test", NULL), 1);
    ck_assert(!seen.alive);
    ck_assert_int_eq(seen.pid, child);
    seen.answer = FRACTARY_OK;
    ck_assert_int_eq(look("test", NULL), 1);
    ck_assert_int_eq(look("test", NULL), 0);
}
END_TEST

START_TEST(a_mark_that_cannot_be_made_says_why_and_what_to_do)
{
    fr_run *run;
    char path[256];

    ck_assert_int_eq(fr_run_create(folder, &run, &error), FRACTARY_OK);
    snprintf(path, sizeof path, "%s/" FR_UNFINISHED_FILE, fr_run_folder(run, &error));
    ck_assert_int_eq(mkdir(path, 0700), 0); /* stands in its way */
    ck_assert_int_eq(fr_run_begin_change(run, &what, &error), FRACTARY_E_IO);
    ck_assert_ptr_nonnull(strstr(error.message, FR_UNFINISHED_FILE));
    ck_assert_str_eq(error.cause, strerror(EISDIR));
    ck_assert_ptr_nonnull(strstr(error.advice, "nothing was changed"));
    fr_run_destroy(run);
}
END_TEST

START_TEST(what_is_no_mark_is_left_alone)
{
    char path[256];

    snprintf(path, sizeof path, "%s/runs/20260131T120000Z-000000", folder);
    ck_assert_int_eq(fr_file_make_folders(path, 0700, &error), FRACTARY_OK);
    strcat(path, "/" FR_UNFINISHED_FILE);
    ck_assert_int_eq(fr_file_write(path, "{\"env", 5, 0600, &error), FRACTARY_OK);
    ck_assert_int_eq(look("test", NULL), 0);
    ck_assert(fr_file_exists(path));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("unfinished");
    TCase *tests = tcase_create("marks");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, without_runs_there_is_nothing);
    tcase_add_test(tests, a_run_that_lives_is_alive_and_one_that_ended_is_gone);
    tcase_add_test(tests, a_killed_run_is_found_until_it_is_settled);
    tcase_add_test(tests, a_mark_that_cannot_be_made_says_why_and_what_to_do);
    tcase_add_test(tests, what_is_no_mark_is_left_alone);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
