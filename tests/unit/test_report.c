/* The writer to the terminal: what goes where, and awkward readers. */
#include "unit/cli_desk.h"
#include "unit/cli_suite.h"

#include "base/time.h"
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -------------------------------------------------------------------- the end */

START_TEST(errors_say_what_why_and_what_next)
{
    desk d;

    desk_open(&d, &desk_plain);
    desk_say(&d,
             "{'type':'result','ok':false,'exit':3,'message':'x','error':{'status':'refused',"
             "'message':'the account is another one','cause':'it is 2\\nnot 1','advice':'use 1',"
             "'place':'environments.test.account'}}");
    desk_expect(d.terminal.out, "");
    desk_expect(d.terminal.err, "error: the account is another one\n"
                                "  at: environments.test.account\n"
                                "  why: it is 2\n"
                                "       not 1\n"
                                "  next: use 1\n");
    desk_close(&d);
}
END_TEST

START_TEST(errors_are_wrapped_and_say_nothing_twice)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.err_style.width = 30;
    desk_say(&d, "{'type':'result','ok':false,'exit':1,'message':'x','error':{"
                 "'message':'config.json cannot be read for some reason','cause':'',"
                 "'advice':'look at its permissions','place':'config.json'}}");
    desk_expect(d.terminal.err, "error: config.json cannot be\n"
                                "  read for some reason\n"
                                "  next: look at its\n"
                                "        permissions\n");
    desk_close(&d);
}
END_TEST

#define DIAGNOSTIC                                                                                 \
    "{'type':'diagnostic','severity':'error','summary':'no such bucket','detail':'S3 says 404',"   \
    "'advice':'make it','message':'x'}"
#define FAILED_BY(what, why)                                                                       \
    "{'type':'result','ok':false,'exit':1,'message':'x','error':{'message':'apply failed: " what   \
    "','cause':'" why "','advice':'make it','place':'main.tf:3'}}"

START_TEST(what_a_diagnostic_told_is_not_told_again)
{
    desk d;

    desk_open(&d, &desk_plain);
    desk_say(&d, DIAGNOSTIC);
    desk_say(&d, FAILED_BY("no such bucket", "S3 says 404"));
    desk_expect(d.terminal.err, "error: no such bucket\n"
                                "│ S3 says 404\n"
                                "│ next: make it\n"
                                "error: apply failed: no such bucket\n");
    desk_close(&d);
}
END_TEST

START_TEST(another_error_is_told_whole)
{
    desk d;

    desk_open(&d, &desk_plain);
    desk_say(&d, DIAGNOSTIC);
    desk_say(&d, FAILED_BY("no such bucket", "it was another one"));
    char *text = desk_written(d.terminal.err);
    ck_assert_ptr_nonnull(strstr(text, "why: it was another one"));
    free(text);
    desk_close(&d);
}
END_TEST

#define CHANGE(address, action, status)                                                            \
    "{'type':'change','address':'" address "','action':'" action "','status':'" status             \
    "','message':'x'}"

START_TEST(a_replacement_is_one_when_both_halves_are_done)
{
    desk d;
    fr_buf text = {0};

    desk_open(&d, &desk_quiet);
    desk_say(&d, CHANGE("a.one", "replace", "planned"));
    desk_say(&d, CHANGE("a.two", "replace", "planned"));
    desk_say(&d, CHANGE("a.new", "create", "planned"));
    desk_say(&d, CHANGE("a.one", "delete", "done"));
    desk_say(&d, CHANGE("a.two", "delete", "done"));
    desk_say(&d, CHANGE("a.one", "create", "done"));
    desk_say(&d, CHANGE("a.new", "create", "done"));
    fr_report_outcome(d.report, &text);
    ck_assert_str_eq(fr_buf_text(&text), "1 created, 1 replaced, 1 deleted");
    fr_buf_finish(&text);
    desk_close(&d);
}
END_TEST

START_TEST(quiet_keeps_errors_and_the_outcome)
{
    desk d;

    desk_open(&d, &desk_quiet);
    desk_say(&d, "{'type':'step','status':'done','message':'Plan'}");
    desk_say(
        &d, "{'type':'change','status':'planned','action':'create','address':'a.b','message':'x'}");
    desk_say(&d, "{'type':'plan','changes':true,'add':3,'message':'x'}");
    desk_say(&d, "{'type':'diagnostic','severity':'warning','summary':'W','message':'x'}");
    desk_say(&d, "{'type':'diagnostic','severity':'error','summary':'E','message':'x'}");
    desk_say(&d, "{'type':'resource','message':'x','resource':{'address':'a.one'}}");
    desk_say(&d, "{'type':'result','ok':true,'exit':0,'message':'3 created'}");
    desk_expect(d.terminal.out, "✓ 3 created\n");
    desk_expect(d.terminal.err, "error: E\n");
    desk_close(&d);
}
END_TEST

START_TEST(text_that_answers_needs_no_outcome)
{
    desk d;

    desk_open(&d, &desk_plain);
    fr_report_text(d.report, "the answer\n");
    desk_say(&d, "{'type':'result','ok':true,'exit':0,'message':'12 plugins'}");
    desk_expect(d.terminal.out, "the answer\n");
    desk_close(&d);
}
END_TEST

/* ----------------------------------------------------------------------- JSON */

START_TEST(json_is_one_object_a_line)
{
    desk d;

    desk_open(&d, &desk_json);
    desk_say(&d, "{'type':'stream','records':1}");
    desk_say(&d, "{'type':'step','message':'a\\nb'}");
    fr_report_text(d.report, "never");
    fr_report_page(d.report, "never");
    desk_say(&d, "{'type':'result','ok':false,'exit':1,'error':{'message':'no'}}");
    desk_expect(d.terminal.out, "{\"type\":\"stream\",\"records\":1}\n"
                                "{\"type\":\"step\",\"message\":\"a\\nb\"}\n"
                                "{\"type\":\"result\",\"ok\":false,\"exit\":1,"
                                "\"error\":{\"message\":\"no\"}}\n");
    desk_expect(d.terminal.err, "");
    desk_close(&d);
}
END_TEST

START_TEST(resources_come_in_batches_but_all_of_them)
{
    desk d;

    desk_open(&d, &desk_json);
    for (int i = 0; i < 1000; i++)
        desk_say(&d, "{'type':'resource','resource':{'address':'a'},'message':'x'}");
    fr_report_tick(d.report);
    char *text = desk_written(d.terminal.out);
    size_t lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    ck_assert_uint_eq(lines, 1000);
    free(text);
    desk_close(&d);
}
END_TEST

static void say_resource(const desk *d, const char *line)
{
    fr_json_outline outline;

    ck_assert(fr_json_outline_read(line, strlen(line), &outline));
    const fr_resource_record record = {
        {line, strlen(line)}, &outline, fr_json_outline_find(&outline, NULL, "resource")};
    fr_report_resource(d->report, &record);
}

/* What a report shows of one resource, with a tree or without. */
static char *shown(const fr_report_options *options, const char *line, int with_tree)
{
    fr_json *tree = fr_json_parse(line, strlen(line), NULL);
    desk d;

    desk_open(&d, options);
    if (with_tree)
        fr_report_record(d.report, tree);
    else
        say_resource(&d, line);
    desk_say(&d, "{'type':'result','ok':true,'exit':0,'message':'done'}");
    char *text = desk_written(d.terminal.out);
    desk_close(&d);
    fr_json_free(tree);
    return text;
}

START_TEST(resources_without_a_tree_look_the_same)
{
    static const char line[] =
        "{\"type\":\"resource\",\"resource\":{\"address\":\"a[\\\"x\\\"]\",\"name\":\"n\\u001b\","
        "\"id\":\"\",\"status\":\"missing\",\"type\":null,\"region\":\"r\",\"arn\":\"no\"},"
        "\"message\":\"x\",\"other\":{\"address\":\"b\"}}";
    const fr_report_options *const options[] = {&desk_plain, &desk_quiet, &desk_json};

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        char *with = shown(options[i], line, 1);
        char *without = shown(options[i], line, 0);
        ck_assert_str_eq(without, with);
        ck_assert_int_eq(strstr(without, "missing") != NULL, options[i] != &desk_quiet);
        free(with);
        free(without);
    }
}
END_TEST

/* ------------------------------------------------------------ awkward readers */

START_TEST(a_reader_that_is_gone_changes_nothing)
{
    int ends[2];
    desk d;

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    desk_open(&d, &desk_json);
    const int memory = d.terminal.out;
    d.terminal.out = ends[1];
    desk_say(&d, "{'type':'step','message':'x'}");
    desk_say(&d, "{'type':'result','ok':true,'exit':0}");
    ck_assert_int_eq(fr_report_failure(d.report), 0);
    close(memory);
    desk_close(&d);
}
END_TEST

START_TEST(output_that_is_lost_is_said)
{
    desk d;

    desk_open(&d, &desk_plain);
    close(d.terminal.out);
    d.terminal.out = open("/dev/full", O_WRONLY | O_CLOEXEC);
    desk_say(&d, "{'type':'step','status':'done','message':'x'}");
    ck_assert_int_eq(fr_report_failure(d.report), ENOSPC);
    fr_report_lost(d.report);
    char *text = desk_written(d.terminal.err);
    ck_assert(cli_has(text, "error: the output could not be written\n  why: No space left"));
    free(text);
    desk_close(&d);
}
END_TEST

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

START_TEST(a_slow_reader_loses_progress_only)
{
    char filling[4096] = {0};
    int ends[2];
    desk d;

    ck_assert_int_eq(pipe(ends), 0);
    desk_open(&d, &desk_json);
    const int memory = d.terminal.out;
    d.terminal.out = ends[1];
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    while (write(ends[1], filling, sizeof filling) > 0)
        continue;
    for (int i = 0; i < 100; i++)
        desk_say(&d, "{'type':'progress','done':1,'total':2,'message':'x'}");
    ck_assert_int_eq(fr_report_failure(d.report), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, 0), 0);
    ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    while (read(ends[0], filling, sizeof filling) > 0)
        continue;
    desk_say(&d, "{'type':'progress','done':1,'total':2,'message':'y'}");
    memset(filling, 0, sizeof filling);
    ck_assert_int_gt(read(ends[0], filling, sizeof filling - 1), 0);
    ck_assert_uint_eq(count_of(filling, "progress"), 1);
    close(memory);
    close(ends[0]);
    desk_close(&d);
}
END_TEST

/* -------------------------------------------------------------- the live line */

START_TEST(the_live_line_is_drawn_and_removed)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.redraws = d.terminal.out_terminal = 1;
    d.terminal.out_style.width = 60;
    desk_say(&d, "{'type':'step','status':'started','message':'Apply the plan'}");
    desk_say(&d, "{'type':'change','status':'started','action':'create','address':'a.b',"
                 "'message':'x'}");
    usleep(150000);
    fr_report_tick(d.report);
    desk_say(&d, "{'type':'log','level':'info','message':'note'}");
    char *text = desk_written(d.terminal.out);
    ck_assert(cli_has(text, "\r• Apply the plan · a.b\x1b[K"));
    ck_assert(cli_has(text, "\r\x1b[K· note\n"));
    free(text);
    desk_close(&d);
}
END_TEST

START_TEST(the_live_line_is_not_drawn_too_often)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.redraws = d.terminal.out_terminal = 1;
    d.terminal.out_style.width = 60;
    desk_say(&d, "{'type':'step','status':'started','message':'Apply'}");
    const uint64_t begin = fr_time_monotonic();
    while (fr_time_monotonic() - begin < 300 * FR_MILLISECOND)
        fr_report_tick(d.report);
    char *text = desk_written(d.terminal.out);
    ck_assert_uint_le(count_of(text, "Apply"), 5);
    ck_assert_uint_ge(count_of(text, "Apply"), 2);
    free(text);
    desk_close(&d);
}
END_TEST

START_TEST(the_live_line_stays_within_the_width)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.redraws = d.terminal.out_terminal = 1;
    d.terminal.out_style.width = 20;
    desk_say(&d, "{'type':'step','status':'started','message':'A step with a very long name'}");
    usleep(110000);
    fr_report_tick(d.report);
    char *text = desk_written(d.terminal.out);
    char *line = strstr(text, "• ");
    ck_assert_ptr_nonnull(line);
    *strchr(line, '\x1b') = '\0';
    ck_assert_uint_le(fr_str_width(line), 19);
    free(text);
    desk_close(&d);
}
END_TEST

/* It would take ten seconds without a word to see one. */
START_TEST(without_a_terminal_progress_is_silent)
{
    desk d;

    desk_open(&d, &desk_plain);
    for (int i = 0; i < 50; i++)
        desk_say(&d, "{'type':'progress','done':1,'total':2,'message':'Verifying'}");
    desk_expect(d.terminal.out, "");
    desk_close(&d);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        errors_say_what_why_and_what_next,
        errors_are_wrapped_and_say_nothing_twice,
        what_a_diagnostic_told_is_not_told_again,
        another_error_is_told_whole,
        a_replacement_is_one_when_both_halves_are_done,
        quiet_keeps_errors_and_the_outcome,
        text_that_answers_needs_no_outcome,
        json_is_one_object_a_line,
        resources_come_in_batches_but_all_of_them,
        resources_without_a_tree_look_the_same,
        a_reader_that_is_gone_changes_nothing,
        output_that_is_lost_is_said,
        a_slow_reader_loses_progress_only,
        the_live_line_is_drawn_and_removed,
        the_live_line_is_not_drawn_too_often,
        the_live_line_stays_within_the_width,
        without_a_terminal_progress_is_silent,
    };
    return cli_suite_run("report", tests, sizeof tests / sizeof *tests);
}
