/* What is wrong, as a person reads it: diagnostics and findings as blocks with
 * a bar at their left, and the error that a command ends with. Everything only
 * appends to a text; what comes from outside is made harmless. */
#ifndef FRACTARY_CLI_PROBLEM_VIEW_H
#define FRACTARY_CLI_PROBLEM_VIEW_H

#include "cli/style.h"
#include <fractary-plugin/json.h>

void fr_problem_diagnostic(const fr_json *record, const fr_style *style, fr_buf *out);
void fr_problem_finding(const fr_json *record, const fr_style *style, fr_buf *out);
/* The `error` object of a result: what happened, why, what next. */
void fr_problem_error(const fr_json *error, const fr_style *style, fr_buf *out);
/* "error: sentence", the label in a tone. */
void fr_problem_title(const fr_style *style, fr_tone tone, const char *label, const char *text,
                      fr_buf *out);

#endif
