/* Single records as a person reads them. Everything here only appends to a
 * text; what comes from outside is made harmless. */
#ifndef FRACTARY_CLI_VIEW_H
#define FRACTARY_CLI_VIEW_H

#include "cli/style.h"
#include <fractary-plugin/json.h>

typedef void (*fr_view)(const fr_json *record, const fr_style *style, fr_buf *out);

/* How records of a type are shown; NULL for those that are gathered or have
 * another place. What is not known is shown by its message. A planned `change`
 * and a `step` that begins show nothing. */
fr_view fr_view_of(const char *type);
/* Non-zero for records that belong to standard error and survive --quiet:
 * diagnostics and findings of severity error, a guard that refuses. */
int fr_view_is_error(const fr_json *record);

/* One line: a mark, a sentence, and at the right how long it took (0: not
 * said). */
void fr_view_line(const fr_style *style, fr_mark mark, fr_tone tone, const char *text,
                  uint64_t duration_ms, fr_buf *out);
/* Tone and sign ("+") of a change's action. */
fr_tone fr_view_action_tone(const char *action);
const char *fr_view_action_sign(const fr_style *style, const char *action);
/* Tone of a resource's status. */
fr_tone fr_view_status_tone(const char *status);

#endif
