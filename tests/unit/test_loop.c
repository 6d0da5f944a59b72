/* The loop: timers in order, descriptors, signals, and the waits on it. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <fractary/host.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "plugin_fixture.h"
#include "service_fixture.h"

static fr_loop *loop;
static fractary_error error;

static void set_up(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    memset(&error, 0, sizeof error);
    error.size = sizeof error;
    ck_assert_int_eq(fr_loop_create(&loop, &error), FRACTARY_OK);
}

static void tear_down(void)
{
    fr_loop_destroy(loop);
}

/* ------------------------------------------------------------------- timers */

#define MANY 500

typedef struct numbered {
    fr_timer timer;
    uint64_t at;
    int fired;
} numbered;

static uint64_t last_at;
static int fired_count;

static void note_firing(void *context)
{
    numbered *n = context;
    ck_assert_uint_ge(n->at, last_at);
    last_at = n->at;
    n->fired++;
    fired_count++;
}

START_TEST(timers_fire_once_and_in_order)
{
    static numbered timers[MANY];
    const uint64_t start = fr_time_monotonic();
    unsigned seed = 7;
    last_at = 0;
    for (int i = 0; i < MANY; i++) {
        timers[i].at = start + (uint64_t)(rand_r(&seed) % 20000) * 1000;
        timers[i].timer = (fr_timer){.context = &timers[i], .fired = note_firing};
        fr_loop_arm(loop, &timers[i].timer, timers[i].at);
    }
    /* A third goes away again, and a third is moved. */
    for (int i = 0; i < MANY; i += 3)
        fr_loop_disarm(loop, &timers[i].timer);
    for (int i = 1; i < MANY; i += 3) {
        timers[i].at = start + (uint64_t)(rand_r(&seed) % 20000) * 1000;
        fr_loop_arm(loop, &timers[i].timer, timers[i].at);
    }
    while (fr_time_monotonic() < start + 25 * FR_MILLISECOND)
        ck_assert_int_eq(fr_loop_step(loop, start + 25 * FR_MILLISECOND, &error), FRACTARY_OK);
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(timers[i].fired, i % 3 != 0);
}
END_TEST

static void arm_again(void *context)
{
    numbered *n = context;
    n->fired++;
    fr_loop_arm(loop, &n->timer, 0);
}

START_TEST(timer_that_arms_itself_does_not_hold_the_loop)
{
    numbered n = {.fired = 0};
    n.timer = (fr_timer){.context = &n, .fired = arm_again};
    fr_loop_arm(loop, &n.timer, 0);
    ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
    ck_assert_int_gt(n.fired, 0);
    fr_loop_disarm(loop, &n.timer);
}
END_TEST

START_TEST(step_waits_until_its_deadline_and_no_longer)
{
    const uint64_t start = fr_time_monotonic();
    ck_assert_int_eq(fr_loop_step(loop, start + 60 * FR_MILLISECOND, &error), FRACTARY_OK);
    ck_assert_uint_ge(service_fixture_since(start), 60);
    ck_assert_uint_lt(service_fixture_since(start), 500);
    const uint64_t again = fr_time_monotonic();
    ck_assert_int_eq(fr_loop_step(loop, UINT64_MAX, &error), FRACTARY_OK);
    ck_assert_uint_lt(service_fixture_since(again), 1500);
}
END_TEST

/* -------------------------------------------------------------- descriptors */

typedef struct ends {
    int pair[2];
    fr_watch watch;
    int calls;
    struct ends *victim; /* unwatched at the first call */
} ends;

static void on_ready(void *context, uint32_t events)
{
    ends *e = context;
    ck_assert_uint_eq(events & FR_LOOP_READ, FR_LOOP_READ);
    e->calls++;
    if (e->victim != NULL)
        fr_loop_unwatch(loop, &e->victim->watch);
}

static void ends_init(ends *e)
{
    memset(e, 0, sizeof *e);
    ck_assert_int_eq(pipe2(e->pair, O_CLOEXEC), 0);
    e->watch = (fr_watch){
        .descriptor = e->pair[0], .events = FR_LOOP_READ, .context = e, .ready = on_ready};
    ck_assert_int_eq(fr_loop_watch(loop, &e->watch, &error), FRACTARY_OK);
}

static void ends_finish(ends *e)
{
    fr_loop_unwatch(loop, &e->watch);
    close(e->pair[0]);
    close(e->pair[1]);
}

START_TEST(descriptor_is_called_when_it_is_ready)
{
    ends e;
    ends_init(&e);
    ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(e.calls, 0);
    ck_assert_int_eq(write(e.pair[1], "x", 1), 1);
    ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(e.calls, 1);
    fr_loop_unwatch(loop, &e.watch);
    ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(e.calls, 1);
    ends_finish(&e);
}
END_TEST

START_TEST(unwatched_within_a_batch_is_not_called)
{
    ends a, b;
    ends_init(&a);
    ends_init(&b);
    a.victim = &b;
    b.victim = &a;
    ck_assert_int_eq(write(a.pair[1], "x", 1), 1);
    ck_assert_int_eq(write(b.pair[1], "x", 1), 1);
    ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(a.calls + b.calls, 1);
    ends_finish(&a);
    ends_finish(&b);
}
END_TEST

static void step_inside(void *context, uint32_t events)
{
    ends *e = context;
    char byte;
    (void)events;
    e->calls++;
    ck_assert_int_eq(read(e->pair[0], &byte, 1), 1);
    ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
}

START_TEST(steps_nest)
{
    ends a, b;
    ends_init(&a);
    ends_init(&b);
    a.watch.ready = step_inside;
    b.watch.ready = step_inside;
    ck_assert_int_eq(write(a.pair[1], "x", 1), 1);
    ck_assert_int_eq(write(b.pair[1], "xx", 2), 2);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(fr_loop_step(loop, 0, &error), FRACTARY_OK);
    ck_assert_int_eq(a.calls, 1);
    ck_assert_int_eq(b.calls, 2);
    ends_finish(&a);
    ends_finish(&b);
}
END_TEST

/* ------------------------------------------------------------------ signals */

START_TEST(interruptions_are_counted_at_once_and_answered_once)
{
    ck_assert_uint_eq(fr_loop_interrupts(loop), 0);
    ck_assert_int_eq(fr_loop_check(loop, 0, "testing", &error), FRACTARY_OK);
    raise(SIGINT);
    ck_assert_uint_eq(fr_loop_interrupts(loop), 1);
    ck_assert_int_eq(fr_loop_check(loop, 0, "testing", &error), FRACTARY_E_CANCELLED);
    assert_says(error.message, "interrupted while testing");
    ck_assert_int_eq(fr_loop_check(loop, 0, "testing", &error), FRACTARY_OK);
    kill(getpid(), SIGTERM);
    ck_assert_int_eq(fr_loop_check(loop, 0, "testing", &error), FRACTARY_E_CANCELLED);
    kill(getpid(), SIGHUP);
    ck_assert_uint_eq(fr_loop_interrupts(loop), 3);
}
END_TEST

START_TEST(signal_wakes_a_step)
{
    const uint64_t start = fr_time_monotonic();
    service_fixture_signal_later(SIGINT, 50);
    ck_assert_int_eq(fr_loop_step(loop, start + 5 * FR_SECOND, &error), FRACTARY_OK);
    ck_assert_uint_lt(service_fixture_since(start), 900);
    ck_assert_uint_eq(fr_loop_interrupts(loop), 1);
}
END_TEST

START_TEST(deadline_is_kept_and_zero_is_none)
{
    ck_assert_int_eq(fr_loop_check(loop, fr_time_monotonic() - 1, "testing", &error),
                     FRACTARY_E_DEADLINE);
    ck_assert_int_eq(fr_loop_check(loop, fr_time_monotonic() + FR_SECOND, "testing", &error),
                     FRACTARY_OK);
    ck_assert_int_eq(fr_loop_check(loop, 0, "testing", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_loop_check(loop, 1, "testing", NULL), FRACTARY_E_DEADLINE);
}
END_TEST

static int ignored(int number)
{
    struct sigaction action;
    ck_assert_int_eq(sigaction(number, NULL, &action), 0);
    return action.sa_handler == SIG_IGN;
}

static int blocked(int number)
{
    sigset_t mask;
    ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
    return sigismember(&mask, number);
}

START_TEST(signals_are_given_back)
{
    fr_loop_destroy(loop);
    loop = NULL;
    signal(SIGCHLD, SIG_IGN);
    ck_assert(!ignored(SIGPIPE) && !blocked(SIGINT));
    ck_assert_int_eq(fr_loop_create(&loop, &error), FRACTARY_OK);
    ck_assert(ignored(SIGPIPE) && blocked(SIGINT) && blocked(SIGHUP));
    ck_assert(!ignored(SIGCHLD));
    /* What came last must not kill who destroys the loop. */
    raise(SIGINT);
    fr_loop_destroy(loop);
    loop = NULL;
    ck_assert(!ignored(SIGPIPE) && ignored(SIGCHLD) && !blocked(SIGINT));
}
END_TEST

START_TEST(ignored_signals_stay_ignored)
{
    fr_loop_destroy(loop);
    signal(SIGHUP, SIG_IGN);
    ck_assert_int_eq(fr_loop_create(&loop, &error), FRACTARY_OK);
    kill(getpid(), SIGHUP);
    ck_assert_uint_eq(fr_loop_interrupts(loop), 0);
    ck_assert(!blocked(SIGHUP));
}
END_TEST

/* ----------------------------------------------------------------- waiting */

START_TEST(readable_ends_for_data_deadline_and_interruption)
{
    int pair[2];
    ck_assert_int_eq(pipe2(pair, O_CLOEXEC), 0);
    ck_assert_int_eq(write(pair[1], "x", 1), 1);
    ck_assert_int_eq(fr_loop_wait_readable(loop, pair[0], 0, "asking", &error), FRACTARY_OK);
    char byte;
    ck_assert_int_eq(read(pair[0], &byte, 1), 1);
    const uint64_t soon = fr_time_monotonic() + 50 * FR_MILLISECOND;
    ck_assert_int_eq(fr_loop_wait_readable(loop, pair[0], soon, "asking", &error),
                     FRACTARY_E_DEADLINE);
    service_fixture_signal_later(SIGINT, 50);
    ck_assert_int_eq(fr_loop_wait_readable(loop, pair[0], 0, "asking", &error),
                     FRACTARY_E_CANCELLED);
    close(pair[1]);
    ck_assert_int_eq(fr_loop_wait_readable(loop, pair[0], 0, "asking", &error), FRACTARY_OK);
    close(pair[0]);
}
END_TEST

START_TEST(regular_files_are_always_readable)
{
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(null, 0);
    ck_assert_int_eq(fr_loop_wait_readable(loop, null, 0, "asking", &error), FRACTARY_OK);
    close(null);
}
END_TEST

START_TEST(clock_waits_and_is_cancelled)
{
    service_fixture f;
    void *made = NULL;
    fr_loop_destroy(loop);
    loop = NULL;
    service_fixture_init(&f);
    ck_assert_int_eq(fr_clock_service.create(&f.context, &f.guest, &made, &error), FRACTARY_OK);
    const fractary_clock *clock = made;
    const uint64_t start = clock->monotonic(clock);
    const fractary_call *call = fr_call_table(f.call);
    ck_assert_int_eq(clock->wait(clock, call, 40 * FR_MILLISECOND, &error), FRACTARY_OK);
    ck_assert_uint_ge(service_fixture_since(start), 40);
    call = service_fixture_call(&f, 50);
    ck_assert_int_eq(clock->wait(clock, call, FR_SECOND, &error), FRACTARY_E_DEADLINE);
    call = service_fixture_call(&f, 0);
    ck_assert_int_eq(call->cancelled(call), 0);
    service_fixture_signal_later(SIGTERM, 50);
    ck_assert_int_eq(clock->wait(clock, call, UINT64_MAX, &error), FRACTARY_E_CANCELLED);
    ck_assert_int_ne(call->cancelled(call), 0);
    /* Answered: what winds up may wait, and the interruption is not forgotten. */
    ck_assert_int_eq(clock->wait(clock, call, FR_MILLISECOND, &error), FRACTARY_OK);
    ck_assert_int_ne(call->cancelled(call), 0);
    ck_assert_int_gt(clock->now(clock), INT64_C(1700000000000));
    fr_clock_service.destroy(made);
    service_fixture_finish(&f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loop");
    TCase *cases = tcase_create("loop");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, timers_fire_once_and_in_order);
    tcase_add_test(cases, timer_that_arms_itself_does_not_hold_the_loop);
    tcase_add_test(cases, step_waits_until_its_deadline_and_no_longer);
    tcase_add_test(cases, descriptor_is_called_when_it_is_ready);
    tcase_add_test(cases, unwatched_within_a_batch_is_not_called);
    tcase_add_test(cases, steps_nest);
    tcase_add_test(cases, interruptions_are_counted_at_once_and_answered_once);
    tcase_add_test(cases, signal_wakes_a_step);
    tcase_add_test(cases, deadline_is_kept_and_zero_is_none);
    tcase_add_test(cases, signals_are_given_back);
    tcase_add_test(cases, ignored_signals_stay_ignored);
    tcase_add_test(cases, readable_ends_for_data_deadline_and_interruption);
    tcase_add_test(cases, regular_files_are_always_readable);
    tcase_add_test(cases, clock_waits_and_is_cancelled);
    suite_add_tcase(suite, cases);
    return fixture_run(suite);
}
