/* The watchdog: what is left behind by a method that crashes or never ends. */
#include "plugin/watchdog.h"
#include "unit/plugin_fixture.h"

#include "base/time.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE (100 * FR_MILLISECOND)

/* What a method does in these tests. */
typedef void method(fr_watchdog *watchdog);

/* What a process that ran it left behind. */
typedef struct outcome {
    int status; /* of waitpid() */
    char terminal[2048];
    char journal[2048];
} outcome;

static void read_back(int descriptor, char out[2048])
{
    const ssize_t length = pread(descriptor, out, 2047, 0);

    ck_assert_int_ge(length, 0);
    out[length] = '\0';
    close(descriptor);
}

static int open_file(const char *folder, const char *name)
{
    char path[512];
    int descriptor;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ck_assert_int_ge(descriptor, 0);
    return descriptor;
}

/* Runs `run` as the method "apply" of a plugin, in a process of its own. */
static outcome run_in_child(method *run, uint64_t deadline)
{
    char *folder = fixture_folder();
    const int terminal = open_file(folder, "terminal");
    const int journal = open_file(folder, "journal");
    outcome result = {0};
    const pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        const fr_watchdog_method entered = {
            "iac-acme", "apply", "20260131T120000Z-4f2a9c", deadline, {terminal, journal}};
        fr_watchdog *watchdog;
        if (fr_watchdog_create(GRACE, &watchdog, NULL) != FRACTARY_OK ||
            fr_watchdog_enter(watchdog, &entered, NULL) != FRACTARY_OK)
            _exit(99);
        run(watchdog);
        fr_watchdog_leave(watchdog);
        fr_watchdog_destroy(watchdog);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &result.status, 0), pid);
    read_back(terminal, result.terminal);
    read_back(journal, result.journal);
    fixture_remove(folder);
    return result;
}

static void crash_segv(fr_watchdog *watchdog)
{
    (void)watchdog;
    raise(SIGSEGV);
}

static void crash_bus(fr_watchdog *watchdog)
{
    (void)watchdog;
    raise(SIGBUS);
}

static void crash_fpe(fr_watchdog *watchdog)
{
    (void)watchdog;
    raise(SIGFPE);
}

static void crash_ill(fr_watchdog *watchdog)
{
    (void)watchdog;
    raise(SIGILL);
}

static void crash_abort(fr_watchdog *watchdog)
{
    (void)watchdog;
    abort();
}

static const struct {
    method *run;
    const char *reason;
} crashes[] = {
    {crash_segv, "it crashed (SIGSEGV, memory that is not its own)"},
    {crash_bus, "it crashed (SIGBUS, memory that is not there)"},
    {crash_fpe, "it crashed (SIGFPE, a calculation without a result)"},
    {crash_ill, "it crashed (SIGILL, an instruction that does not exist)"},
    {crash_abort, "it aborted (SIGABRT)"},
};

START_TEST(a_crash_names_plugin_and_method)
{
    const outcome result = run_in_child(crashes[_i].run, 0);

    ck_assert(WIFEXITED(result.status));
    ck_assert_int_eq(WEXITSTATUS(result.status), 1);
    assert_says(result.terminal,
                "fractary: the plugin iac-acme ended the run in its method apply: ");
    assert_says(result.terminal, crashes[_i].reason);
    assert_says(result.terminal, "`fractary status`");
    fr_json *record = fixture_json(result.journal);
    ck_assert_str_eq(fr_json_get_string(record, "type"), "diagnostic");
    ck_assert_str_eq(fr_json_get_string(record, "severity"), "error");
    ck_assert_str_eq(fr_json_get_string(record, "plugin"), "iac-acme");
    ck_assert_str_eq(fr_json_get_string(record, "method"), "apply");
    ck_assert_str_eq(fr_json_get_string(record, "run"), "20260131T120000Z-4f2a9c");
    assert_says(fr_json_get_string(record, "message"), crashes[_i].reason);
    ck_assert_int_eq(result.journal[strlen(result.journal) - 1], '\n');
    fr_json_free(record);
}
END_TEST

static void compute_for_ever(fr_watchdog *watchdog)
{
    volatile unsigned long count = 0;

    (void)watchdog;
    for (;;)
        count = count + 1;
}

START_TEST(who_computes_past_the_deadline_is_ended)
{
    const uint64_t start = fr_time_monotonic();
    const outcome result = run_in_child(compute_for_ever, start + 50 * FR_MILLISECOND);

    ck_assert(WIFEXITED(result.status));
    ck_assert_int_eq(WEXITSTATUS(result.status), 1);
    ck_assert_uint_ge(fr_time_monotonic() - start, 50 * FR_MILLISECOND + GRACE);
    assert_says(result.terminal, "iac-acme ended the run in its method apply: it computed on");
    assert_says(result.journal, "it computed on past its deadline");
}
END_TEST

/* An inner method ends; the outer one, whose deadline is later, computes on. */
static void nest_and_compute(fr_watchdog *watchdog)
{
    const fr_watchdog_method inner = {"skill-acme", "run", "", 0, {-1, -1}};

    fr_watchdog_enter(watchdog, &inner, NULL);
    fr_watchdog_leave(watchdog);
    compute_for_ever(watchdog);
}

START_TEST(the_deadline_of_the_outer_method_comes_back)
{
    const outcome result =
        run_in_child(nest_and_compute, fr_time_monotonic() + 50 * FR_MILLISECOND);

    ck_assert_int_eq(WEXITSTATUS(result.status), 1);
    assert_says(result.terminal, "iac-acme");
}
END_TEST

/* As a service of the host does, until 400 ms are over. */
static void wait_in_a_service(fr_watchdog *watchdog)
{
    const uint64_t end = fr_time_monotonic() + 400 * FR_MILLISECOND;

    (void)watchdog;
    while (fr_time_monotonic() < end)
        poll(NULL, 0, 50);
}

START_TEST(who_waits_past_the_deadline_is_not)
{
    const outcome result = run_in_child(wait_in_a_service, fr_time_monotonic());

    ck_assert(WIFEXITED(result.status));
    ck_assert_int_eq(WEXITSTATUS(result.status), 0);
    ck_assert_str_eq(result.terminal, "");
    ck_assert_str_eq(result.journal, "");
}
END_TEST

static void do_little(fr_watchdog *watchdog)
{
    (void)watchdog;
}

START_TEST(who_ends_in_time_leaves_nothing)
{
    const outcome result = run_in_child(do_little, fr_time_monotonic() + 10 * FR_SECOND);

    ck_assert_int_eq(result.status, 0);
    ck_assert_str_eq(result.terminal, "");
}
END_TEST

static void crash_afterwards(fr_watchdog *watchdog)
{
    fr_watchdog_leave(watchdog);
    close(STDERR_FILENO); /* a sanitizer has much to say about it */
    raise(SIGSEGV);
}

START_TEST(a_crash_outside_is_a_crash_of_the_process)
{
    const outcome result = run_in_child(crash_afterwards, 0);

    ck_assert(!WIFEXITED(result.status) || WEXITSTATUS(result.status) != 0);
    ck_assert_str_eq(result.terminal, "");
    ck_assert_str_eq(result.journal, "");
}
END_TEST

START_TEST(handlers_are_put_back)
{
    const fr_watchdog_method entered = {"iac-acme", "apply", "", 0, {-1, -1}};
    struct sigaction before;
    struct sigaction inside;
    struct sigaction after;
    fr_watchdog *watchdog;

    ck_assert_int_eq(fr_watchdog_create(GRACE, &watchdog, NULL), FRACTARY_OK);
    sigaction(SIGSEGV, NULL, &before);
    ck_assert_int_eq(fr_watchdog_enter(watchdog, &entered, NULL), FRACTARY_OK);
    sigaction(SIGSEGV, NULL, &inside);
    fr_watchdog_leave(watchdog);
    sigaction(SIGSEGV, NULL, &after);
    ck_assert(before.sa_handler == after.sa_handler);
    ck_assert(before.sa_handler != inside.sa_handler);
    fr_watchdog_leave(watchdog);
    fr_watchdog_destroy(watchdog);
    fr_watchdog_destroy(NULL);
}
END_TEST

START_TEST(depth_is_bounded)
{
    const fr_watchdog_method entered = {"iac-acme", "apply", "", 0, {-1, -1}};
    fractary_error error = FR_ERROR_INIT;
    fr_watchdog *watchdog;

    ck_assert_int_eq(fr_watchdog_create(GRACE, &watchdog, NULL), FRACTARY_OK);
    for (int i = 0; i < FR_WATCHDOG_DEPTH; i++)
        ck_assert_int_eq(fr_watchdog_enter(watchdog, &entered, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_watchdog_enter(watchdog, &entered, &error), FRACTARY_E_LIMIT);
    for (int i = 0; i < FR_WATCHDOG_DEPTH; i++)
        fr_watchdog_leave(watchdog);
    fr_watchdog_destroy(watchdog);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("watchdog");
    TCase *tests = tcase_create("watchdog");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_crash_names_plugin_and_method, 0,
                        sizeof crashes / sizeof *crashes);
    tcase_add_test(tests, who_computes_past_the_deadline_is_ended);
    tcase_add_test(tests, the_deadline_of_the_outer_method_comes_back);
    tcase_add_test(tests, who_waits_past_the_deadline_is_not);
    tcase_add_test(tests, who_ends_in_time_leaves_nothing);
    tcase_add_test(tests, a_crash_outside_is_a_crash_of_the_process);
    tcase_add_test(tests, handlers_are_put_back);
    tcase_add_test(tests, depth_is_bounded);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
