/*
 * The only writer to the terminal. It renders records in one of two ways:
 *
 *   --json    one object a line on standard output, nothing else anywhere
 *   else      text for people: what happens on standard output, errors on
 *             standard error; a live line where the output is a terminal
 *
 * A reader that goes away (EPIPE) changes nothing: the command goes on, and
 * only the journal hears of it.
 */
#ifndef FRACTARY_CLI_REPORT_H
#define FRACTARY_CLI_REPORT_H

#include "cli/tally.h"
#include "cli/terminal.h"
#include "service/context.h"

typedef struct fr_report fr_report;

typedef struct fr_report_options {
    int json, quiet, verbose;
} fr_report_options;

/* `terminal` is borrowed and must outlive the report; its descriptors are
 * those that are written to. FRACTARY_OK or _E_NOMEM. */
int32_t fr_report_create(const fr_terminal *terminal, const fr_report_options *options,
                         fr_report **out, fractary_error *error);
void fr_report_destroy(fr_report *report); /* accepts NULL */

/* Shows one record. `context` is a fr_report, as fr_record_reader hands it. A
 * `result` record ends the output: tables that were gathered come before it. */
void fr_report_record(void *context, const fr_json *record);
/* The same for a `resource` record without a tree. */
void fr_report_resource(void *context, const fr_resource_record *record);
/* Appends the sentence that says how it went, for the result's message;
 * nothing when nothing was counted. */
void fr_report_outcome(fr_report *report, fr_buf *out);
/* Writes text as it is, in terminal mode only: help, scripts, tables. It is
 * the answer then: when the command ends well, no outcome is said. */
void fr_report_text(fr_report *report, const char *text);
/* The same for text that is a part only: the outcome is said behind it. */
void fr_report_page(fr_report *report, const char *text);
/* Redraws the live line; called about four times a second. */
void fr_report_tick(fr_report *report);
/* The style of standard output, for what is handed to fr_report_text(). */
const fr_style *fr_report_style(const fr_report *report);
/* Says on standard error that output was lost. */
void fr_report_lost(fr_report *report);
/* Writes to a descriptor before there is a report. FRACTARY_OK or _E_IO. */
int32_t fr_report_bare(int descriptor, const char *text);
/* Non-zero when output was lost for another reason than a reader that went
 * away: the errno of the write. */
int fr_report_failure(const fr_report *report);

/* Non-zero when somebody can be asked. */
int fr_report_can_ask(const fr_report *report);
/* Shows a question and reads one line. As fr_terminal_read_line(). */
int32_t fr_report_ask(fr_report *report, const char *question, const fr_terminal_wait *wait,
                      fr_buf *answer, fractary_error *error);
/* A warning that cannot be overlooked, before a question. */
void fr_report_warn(fr_report *report, const char *text);

#endif
