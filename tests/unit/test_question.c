/* Questions to somebody at a terminal, through a pseudo-terminal. */
#include "unit/cli_desk.h"
#include "unit/cli_suite.h"

#include "base/time.h"
#include <pty.h>
#include <unistd.h>

/* ------------------------------------------------------------------ questions */

/* A terminal with this test at its other end. */
typedef struct console {
    desk desk;
    int master, slave;
} console;

static void open_console(console *c)
{
    ck_assert_int_eq(openpty(&c->master, &c->slave, NULL, NULL, NULL), 0);
    desk_open(&c->desk, &desk_plain);
    c->desk.terminal.in = c->slave;
    c->desk.terminal.in_terminal = c->desk.terminal.out_terminal = 1;
}

static void close_console(console *c)
{
    desk_close(&c->desk);
    close(c->master);
    close(c->slave);
}

/* Types once the question was asked: what came before is thrown away. */
static int32_t type_then_wait(void *context, int descriptor, uint64_t deadline,
                              fractary_error *error)
{
    const console *c = context;

    (void)deadline;
    (void)error;
    ck_assert_int_eq(descriptor, c->slave);
    ck_assert_int_eq(write(c->master, "production\n", 11), 11);
    return FRACTARY_OK;
}

START_TEST(a_question_is_answered)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf answer = {0};
    console c;

    open_console(&c);
    const fr_terminal_wait wait = {&c, type_then_wait};
    ck_assert(fr_report_can_ask(c.desk.report));
    ck_assert_int_eq(write(c.master, "typed too early\n", 16), 16);
    fr_report_warn(c.desk.report, "PRODUCTION");
    ck_assert_int_eq(
        fr_report_ask(c.desk.report, "Type \x1b[31mthe name: ", &wait, &answer, &error),
        FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&answer), "production");
    desk_expect(c.desk.terminal.out, "\n! PRODUCTION\nType \\x1b[31mthe name: ");
    fr_buf_finish(&answer);
    close_console(&c);
}
END_TEST

static int32_t type_end_of_input(void *context, int descriptor, uint64_t deadline,
                                 fractary_error *error)
{
    const console *c = context;

    (void)descriptor;
    (void)deadline;
    (void)error;
    ck_assert_int_eq(write(c->master, "\x04", 1), 1);
    return FRACTARY_OK;
}

START_TEST(the_end_of_input_is_no_answer)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf answer = {0};
    console c;

    open_console(&c);
    const fr_terminal_wait wait = {&c, type_end_of_input};
    ck_assert_int_eq(fr_report_ask(c.desk.report, "Name: ", &wait, &answer, &error),
                     FRACTARY_E_CANCELLED);
    ck_assert_str_eq(error.cause, "the input ended");
    desk_expect(c.desk.terminal.out, "Name: \n");
    fr_buf_finish(&answer);
    close_console(&c);
}
END_TEST

static int32_t interrupt(void *context, int descriptor, uint64_t deadline, fractary_error *error)
{
    (void)context;
    (void)descriptor;
    (void)deadline;
    return fr_error_set(error, FRACTARY_E_CANCELLED, "interrupted while asking");
}

START_TEST(an_interruption_is_no_answer)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf answer = {0};
    console c;

    open_console(&c);
    const fr_terminal_wait wait = {&c, interrupt};
    ck_assert_int_eq(fr_report_ask(c.desk.report, "Name: ", &wait, &answer, &error),
                     FRACTARY_E_CANCELLED);
    ck_assert_str_eq(error.message, "the question was not answered");
    close_console(&c);
}
END_TEST

START_TEST(nobody_is_waited_for_without_end)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf answer = {0};
    console c;

    open_console(&c);
    const uint64_t begin = fr_time_monotonic();
    ck_assert_int_eq(
        fr_terminal_read_line(&c.desk.terminal, 50 * FR_MILLISECOND, NULL, &answer, &error),
        FRACTARY_E_DEADLINE);
    ck_assert_uint_ge(fr_time_monotonic() - begin, 50 * FR_MILLISECOND);
    ck_assert_str_eq(error.message, "the question was not answered in time");
    close_console(&c);
}
END_TEST

START_TEST(nobody_is_asked_without_a_terminal)
{
    desk d;

    desk_open(&d, &desk_plain);
    ck_assert(!fr_report_can_ask(d.report));
    d.terminal.out_terminal = 1;
    ck_assert(!fr_report_can_ask(d.report));
    d.terminal.in_terminal = 1;
    ck_assert(fr_report_can_ask(d.report));
    desk_close(&d);
    desk_open(&d, &desk_json);
    d.terminal.in_terminal = d.terminal.out_terminal = 1;
    ck_assert(!fr_report_can_ask(d.report));
    d.terminal.err_terminal = 1;
    ck_assert(fr_report_can_ask(d.report));
    desk_close(&d);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_question_is_answered,
        the_end_of_input_is_no_answer,
        an_interruption_is_no_answer,
        nobody_is_waited_for_without_end,
        nobody_is_asked_without_a_terminal,
    };
    return cli_suite_run("question", tests, sizeof tests / sizeof *tests);
}
