/* What a command complained of, collected until it is clear what becomes of
 * it: records for the user, and one error for the caller. */
#ifndef FRACTARY_IAC_TERRAFORM_REPORT_H
#define FRACTARY_IAC_TERRAFORM_REPORT_H

#include "terraform.h"

#define FR_TF_HALTED "execution halted"

typedef struct fr_tf_report {
    const fr_tf *tf;
    fr_vec diagnostics; /* of fr_json: `diagnostic` records, errors before
                         * warnings, causes before effects           */
    size_t dropped;     /* more than are kept                        */
    fr_buf text;        /* standard error, the first 256 KiB         */
} fr_tf_report;

/* Zeroed memory with `tf` set is an empty report. */
void fr_tf_report_finish(fr_tf_report *report);
/* Takes `record` over, also on failure; NULL is FRACTARY_E_NOMEM. What is
 * there already is not taken twice. */
int32_t fr_tf_report_add(fr_tf_report *report, fr_json *record);
/* Drops what the tool says of its own end after an interruption, which whoever
 * interrupted it knows. */
void fr_tf_report_drop_halt(fr_tf_report *report);
/* Keeps a line of standard error. */
int32_t fr_tf_report_text(fr_tf_report *report, const char *line, size_t length);
/* Turns the kept text into diagnostics, when there is no error yet. */
int32_t fr_tf_report_parse(fr_tf_report *report);

size_t fr_tf_report_errors(const fr_tf_report *report);
/* Would init help? */
int fr_tf_report_wants_init(const fr_tf_report *report);
/* Emits the diagnostics and forgets them. */
int32_t fr_tf_report_emit(fr_tf_report *report, const fractary_call *call);
/* Fills `error` by the first error in the order of cause and effect, and
 * returns the status of its category. `doing` is what failed: "plan". To be
 * called before fr_tf_report_emit(). */
int32_t fr_tf_report_fail(const fr_tf_report *report, const char *doing, fractary_error *error);

#endif
