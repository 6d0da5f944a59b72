#include "cli/report.h"

#include "base/file.h"
#include "base/time.h"
#include "cli/live.h"
#include "cli/plan_view.h"
#include "cli/problem_view.h"
#include "cli/resource_view.h"
#include "cli/text.h"
#include "cli/view.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines of JSON are written together up to this size, where they come in
 * crowds. */
#define BATCH_BYTES  32768
#define REDRAW_EVERY (100 * FR_MILLISECOND)
/* Without a terminal, how far a step is gets a line of its own only when
 * nothing else was said for so long. */
#define SILENCE (10 * FR_SECOND)

struct fr_report {
    const fr_terminal *terminal;
    fr_report_options options;
    fr_tally tally;
    fr_plan_view plan;
    fr_resource_view resources;
    fr_live live;
    fr_vec told;     /* of fr_json: diagnostics that were shown         */
    fr_buf identity; /* the last one as it was shown                    */
    fr_buf batch;    /* JSON lines that wait                            */
    int live_shown;  /* the live line stands on the screen              */
    int answered;    /* text was the answer: no outcome is said         */
    int asking;      /* a question stands there                         */
    uint64_t drawn;  /* when the live line was drawn                    */
    uint64_t said;   /* when anything else was written                  */
    int gone[2];     /* standard output or error: nobody reads any more */
    int failure;     /* errno of a write that failed otherwise          */
};

typedef enum channel { OUT, ERR } channel;

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

static int is_type(const fr_json *record, const char *type)
{
    return fr_str_equal(fr_json_get_string(record, "type"), type);
}

/* ------------------------------------------------------------------ life */

int32_t fr_report_create(const fr_terminal *terminal, const fr_report_options *options,
                         fr_report **out, fractary_error *error)
{
    fr_report *report = calloc(1, sizeof *report);

    *out = report;
    if (report == NULL)
        return fr_error_nomem(error);
    report->terminal = terminal;
    report->options = *options;
    report->resources.counts_only = options->json || options->quiet;
    report->said = fr_time_monotonic();
    return FRACTARY_OK;
}

static void free_told(void *diagnostic)
{
    fr_json_free(diagnostic);
}

void fr_report_destroy(fr_report *report)
{
    if (report == NULL)
        return;
    fr_tally_finish(&report->tally);
    fr_plan_view_finish(&report->plan);
    fr_resource_view_finish(&report->resources);
    fr_live_finish(&report->live);
    fr_vec_finish(&report->told, free_told);
    fr_buf_finish(&report->identity);
    fr_buf_finish(&report->batch);
    free(report);
}

/* --------------------------------------------------------------- writing */

static void write_bytes(fr_report *report, channel to, const char *data, size_t length)
{
    const int descriptor = to == OUT ? report->terminal->out : report->terminal->err;

    if (report->gone[to] || length == 0)
        return;
    if (fr_file_write_all(descriptor, data, length) == FRACTARY_OK)
        return;
    report->gone[to] = 1;
    if (errno != EPIPE)
        report->failure = errno;
}

static void erase_live(fr_report *report)
{
    static const char erase[] = "\r\x1b[K";

    if (report->live_shown)
        write_bytes(report, OUT, erase, sizeof erase - 1);
    report->live_shown = 0;
}

static void draw_live(fr_report *report, uint64_t now)
{
    fr_buf line = {0};

    if (!report->terminal->redraws || report->options.json || report->options.quiet ||
        report->asking)
        return;
    fr_buf_puts(&line, "\r");
    fr_live_text(&report->live, &report->terminal->out_style, now, &line);
    if (line.length > 1 && !line.failed) {
        fr_buf_puts(&line, "\x1b[K");
        write_bytes(report, OUT, line.data, line.length);
        report->live_shown = 1;
    } else {
        erase_live(report);
    }
    report->drawn = now;
    fr_buf_finish(&line);
}

/* What is shown of a text that memory ran out for is nothing rather than a
 * part that may mislead. */
static void show(fr_report *report, channel to, const fr_buf *text)
{
    if (text->failed)
        report->failure = ENOMEM;
    if (text->failed || text->length == 0)
        return;
    erase_live(report);
    write_bytes(report, to, text->data, text->length);
    report->said = fr_time_monotonic();
}

static const fr_style *style_for(const fr_report *report, channel to)
{
    return to == OUT ? &report->terminal->out_style : &report->terminal->err_style;
}

const fr_style *fr_report_style(const fr_report *report)
{
    return style_for(report, OUT);
}

int fr_report_failure(const fr_report *report)
{
    return report->failure;
}

void fr_report_page(fr_report *report, const char *text)
{
    if (report->options.json)
        return;
    erase_live(report);
    write_bytes(report, OUT, text, strlen(text));
}

void fr_report_text(fr_report *report, const char *text)
{
    report->answered = 1;
    fr_report_page(report, text);
}

/* In memory of its own: what was lost may have been lost for want of it. */
void fr_report_lost(fr_report *report)
{
    char text[512];

    snprintf(text, sizeof text,
             "error: the output could not be written\n"
             "  why: %s\n"
             "  next: make room where the output goes, then run the command again\n",
             strerror(report->failure));
    erase_live(report);
    write_bytes(report, ERR, text, strlen(text));
}

int32_t fr_report_bare(int descriptor, const char *text)
{
    return fr_file_write_all(descriptor, text, strlen(text));
}

/* ------------------------------------------------------------------ JSON */

static int would_wait(const fr_report *report)
{
    struct pollfd reader = {.fd = report->terminal->out, .events = POLLOUT};
    return poll(&reader, 1, 0) == 0;
}

static void flush_batch(fr_report *report)
{
    write_bytes(report, OUT, fr_buf_text(&report->batch), report->batch.length);
    fr_buf_clear(&report->batch);
}

static void end_json_line(fr_report *report)
{
    fr_buf_putc(&report->batch, '\n');
    if (report->batch.failed)
        report->failure = ENOMEM;
    if (report->batch.length >= BATCH_BYTES)
        flush_batch(report);
}

/* Only resources come in crowds; anything else is for a reader who waits. */
static void record_as_json(fr_report *report, const fr_json *record)
{
    if (is_type(record, "progress") && would_wait(report))
        return;
    fr_json_print(record, &report->batch);
    end_json_line(report);
    if (!is_type(record, "resource"))
        flush_batch(report);
}

/* --------------------------------------------------------------- terminal */

static void show_plan(fr_report *report, const fr_json *record)
{
    fr_buf text = {0};

    fr_plan_view_print(&report->plan, style_for(report, OUT), &text);
    if (record != NULL)
        fr_plan_view_summary(record, &report->tally, style_for(report, OUT), &text);
    show(report, OUT, &text);
    fr_buf_finish(&text);
}

/* A command that changes things says only what it misses at the end; one that
 * looks at them shows them all. */
static void show_resources(fr_report *report)
{
    fr_buf text = {0};

    fr_resource_view_print(&report->resources, fr_tally_is_change(&report->tally),
                           style_for(report, OUT), &text);
    show(report, OUT, &text);
    fr_buf_finish(&text);
}

static int is_explained(const fr_report *report, const fr_json *error)
{
    for (size_t i = 0; i < report->told.count; i++) {
        if (fr_problem_explains(report->told.items[i], error))
            return 1;
    }
    return 0;
}

static void show_error(fr_report *report, const fr_json *error)
{
    fr_buf text = {0};

    fr_problem_error(error, is_explained(report, error), style_for(report, ERR), &text);
    show(report, ERR, &text);
    fr_buf_finish(&text);
}

static void show_outcome(fr_report *report, const fr_json *record)
{
    const fr_json *error = fr_json_get(record, "error");
    const int ok = fr_json_is_true(record, "ok");
    const int64_t duration = fr_json_get_int(record, "duration_ms", 0);
    fr_buf text = {0};

    if (error != NULL)
        show_error(report, error);
    else if (text_of(record, "message")[0] != '\0')
        fr_view_line(style_for(report, OUT), ok ? FR_MARK_DONE : FR_MARK_FAILED,
                     ok ? FR_TONE_GREEN : FR_TONE_RED, text_of(record, "message"),
                     duration > 0 ? (uint64_t)duration : 0, &text);
    show(report, OUT, &text);
    fr_buf_finish(&text);
}

/* What belongs to one stack is shown before it ends; what commands that only
 * look have gathered is one table for all. */
static void end_stack(fr_report *report, const fr_json *record)
{
    const fr_json *error = fr_json_get(record, "error");
    const int change = fr_tally_is_change(&report->tally);

    if (change && !report->options.json && !report->options.quiet) {
        show_plan(report, NULL);
        show_resources(report);
    }
    if (error != NULL && !report->options.json)
        show_error(report, error);
    if (!change)
        return;
    fr_plan_view_finish(&report->plan);
    fr_resource_view_finish(&report->resources);
    report->tally = (fr_tally){0};
}

static void record_stack(fr_report *report, const fr_json *record)
{
    if (!fr_str_equal(text_of(record, "status"), "running"))
        end_stack(report, record);
    else if (fr_resource_view_enter(&report->resources, text_of(record, "stack")) != FRACTARY_OK)
        report->failure = ENOMEM;
}

static void record_result(fr_report *report, const fr_json *record)
{
    if (!report->options.quiet) {
        show_plan(report, NULL);
        show_resources(report);
    }
    fr_live_finish(&report->live);
    erase_live(report);
    if (!report->answered || !fr_json_is_true(record, "ok"))
        show_outcome(report, record);
}

static void record_progress(fr_report *report, const fr_json *record)
{
    const uint64_t now = fr_time_monotonic();
    fr_buf text = {0};

    if (report->terminal->redraws || now - report->said < SILENCE)
        return;
    fr_view_line(style_for(report, OUT), FR_MARK_RUNNING, FR_TONE_CYAN, text_of(record, "message"),
                 0, &text);
    show(report, OUT, &text);
    fr_buf_finish(&text);
}

static int is_for_debugging(const fr_json *record)
{
    return is_type(record, "log") && fr_str_equal(text_of(record, "level"), "debug");
}

/* Who acts is asked for again and again; only a change is news. */
static int is_known_identity(fr_report *report, const fr_json *record, const fr_buf *text)
{
    if (!is_type(record, "identity"))
        return 0;
    if (strcmp(fr_buf_text(&report->identity), fr_buf_text(text)) == 0)
        return 1;
    fr_buf_clear(&report->identity);
    fr_buf_append(&report->identity, fr_buf_text(text), text->length);
    return 0;
}

static void record_line(fr_report *report, const fr_json *record)
{
    const fr_view view = fr_view_of(text_of(record, "type"));
    const channel to = fr_view_is_error(record) ? ERR : OUT;
    fr_buf text = {0};

    if (view == NULL || (is_for_debugging(record) && !report->options.verbose))
        return;
    view(record, style_for(report, to), &text);
    if (!is_known_identity(report, record, &text))
        show(report, to, &text);
    fr_buf_finish(&text);
}

/* For the end, which is not to say it all again; without memory it does. */
static void remember_told(fr_report *report, const fr_json *record)
{
    fr_json *copy = is_type(record, "diagnostic") ? fr_json_copy(record) : NULL;

    if (copy != NULL && fr_vec_push(&report->told, copy) != FRACTARY_OK)
        fr_json_free(copy);
}

static void record_as_text(fr_report *report, const fr_json *record)
{
    const uint64_t now = fr_time_monotonic();
    const uint64_t drawn = report->drawn;

    remember_told(report, record);
    fr_live_record(&report->live, record, now);
    if (is_type(record, "plan"))
        show_plan(report, record);
    else if (is_type(record, "progress"))
        record_progress(report, record);
    else
        record_line(report, record);
    if (now - drawn >= REDRAW_EVERY)
        draw_live(report, now);
}

/* ---------------------------------------------------------------- records */

/* What is gathered is gathered in either form: the outcome is made of it. */
static void gather(fr_report *report, const fr_json *record)
{
    fr_tally_record(&report->tally, record);
    if (!is_type(record, "change") || report->options.json || report->options.quiet)
        return;
    if (fr_plan_view_add(&report->plan, record) != FRACTARY_OK)
        report->failure = ENOMEM;
}

/* These come in crowds: ten thousand must not be felt. */
static void record_resource(fr_report *report, const fr_json *record)
{
    if (fr_resource_view_add(&report->resources, record) != FRACTARY_OK)
        report->failure = ENOMEM;
    if (report->options.json && !report->options.quiet)
        record_as_json(report, record);
}

void fr_report_resource(void *context, const fr_resource_record *record)
{
    fr_report *report = context;

    if (fr_resource_view_add_text(&report->resources, record->outline, record->resource) !=
        FRACTARY_OK)
        report->failure = ENOMEM;
    if (!report->options.json || report->options.quiet)
        return;
    fr_buf_append(&report->batch, record->line.data, (size_t)record->line.length);
    end_json_line(report);
}

static int is_kept_quiet(const fr_report *report, const fr_json *record)
{
    return report->options.quiet && !fr_view_is_error(record) && !is_type(record, "result") &&
           !is_type(record, "stream");
}

void fr_report_record(void *context, const fr_json *record)
{
    fr_report *report = context;

    if (is_type(record, "resource")) {
        record_resource(report, record);
        return;
    }
    gather(report, record);
    if (is_type(record, "stack"))
        record_stack(report, record);
    if (is_kept_quiet(report, record) || is_type(record, "process"))
        return;
    if (report->options.json)
        record_as_json(report, record);
    else if (is_type(record, "result"))
        record_result(report, record);
    else
        record_as_text(report, record);
}

void fr_report_outcome(fr_report *report, fr_buf *out)
{
    const size_t start = out->length;

    fr_tally_sentence(&report->tally, out);
    if (out->length == start)
        fr_resource_view_sentence(&report->resources, out);
}

void fr_report_tick(fr_report *report)
{
    const uint64_t now = fr_time_monotonic();

    if (report->options.json)
        flush_batch(report);
    else if (now - report->drawn >= REDRAW_EVERY)
        draw_live(report, now);
}

/* -------------------------------------------------------------- questions */

/* With --json standard output belongs to the records. */
static channel channel_to_ask(const fr_report *report)
{
    const int out_is_free = report->terminal->out_terminal && !report->options.json;
    return out_is_free ? OUT : ERR;
}

int fr_report_can_ask(const fr_report *report)
{
    const fr_terminal *terminal = report->terminal;
    return terminal->in_terminal && (channel_to_ask(report) == OUT || terminal->err_terminal);
}

void fr_report_warn(fr_report *report, const char *text)
{
    const channel to = channel_to_ask(report);
    fr_buf line = {0};

    fr_buf_putc(&line, '\n');
    fr_view_line(style_for(report, to), FR_MARK_WARNING, FR_TONE_ERROR, text, 0, &line);
    show(report, to, &line);
    fr_buf_finish(&line);
}

int32_t fr_report_ask(fr_report *report, const char *question, const fr_terminal_wait *wait,
                      fr_buf *answer, fractary_error *error)
{
    const channel to = channel_to_ask(report);
    fr_buf text = {0};

    fr_terminal_forget_input(report->terminal);
    fr_text_clean(&text, question, 1);
    show(report, to, &text);
    fr_buf_finish(&text);
    report->asking = 1;
    const int32_t status =
        fr_terminal_read_line(report->terminal, FR_TERMINAL_PATIENCE, wait, answer, error);
    report->asking = 0;
    if (status != FRACTARY_OK)
        write_bytes(report, to, "\n", 1);
    return status;
}
