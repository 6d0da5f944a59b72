/* `diagnostic` records: what a tool complains of, typed. */
#ifndef FRACTARY_IAC_TERRAFORM_DIAGNOSTICS_H
#define FRACTARY_IAC_TERRAFORM_DIAGNOSTICS_H

#include "terraform.h"

/* One complaint before it is a record. Texts are borrowed; NULL or 0 where
 * nothing is known. */
typedef struct fr_tf_complaint {
    int warning;         /* else an error                                    */
    const char *summary; /* raw: terminal sequences and all                  */
    const char *detail;
    const char *address;
    const char *file; /* as the tool names it: relative to the root module */
    int64_t line, column;
    const char *context; /* `resource "aws_sqs_queue" "q"`                   */
    const char *snippet; /* lines of code with their numbers                 */
} fr_tf_complaint;

/* The record, or NULL without memory. Texts are cut so that it always fits. */
fr_json *fr_tf_complaint_record(const fr_tf *tf, const fr_tf_complaint *complaint);
/* The same from the object that the tool's JSON output has for it. */
fr_json *fr_tf_diagnostic_record(const fr_tf *tf, const fr_json *diagnostic);
/* Is it the sentence that init puts behind the errors that it has printed? */
int fr_tf_is_boilerplate(const char *summary);

#endif
