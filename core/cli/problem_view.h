/* What is wrong, as a person reads it: diagnostics and findings as blocks with
 * a bar at their left, and the error that a command ends with. Everything only
 * appends to a text; what comes from outside is made harmless. */
#ifndef FRACTARY_CLI_PROBLEM_VIEW_H
#define FRACTARY_CLI_PROBLEM_VIEW_H

#include "cli/style.h"
#include <fractary-plugin/json.h>

void fr_problem_diagnostic(const fr_json *record, const fr_style *style, fr_buf *out);
void fr_problem_finding(const fr_json *record, const fr_style *style, fr_buf *out);
/* The `error` object of a result: what happened, why, what next. With `told` a
 * diagnostic has said the rest already, and only what happened is said. */
void fr_problem_error(const fr_json *error, int told, const fr_style *style, fr_buf *out);
/* Non-zero when the diagnostic explains that error: the one's summary is part
 * of the other's message, and its detail the cause. */
int fr_problem_explains(const fr_json *diagnostic, const fr_json *error);
/* "error: sentence", the label in a tone. */
void fr_problem_title(const fr_style *style, fr_tone tone, const char *label, const char *text,
                      fr_buf *out);

#endif
