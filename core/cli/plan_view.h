/* A plan as a person reads it: its changes are gathered until it is complete,
 * then shown one by one, or folded by action and type where they are many. */
#ifndef FRACTARY_CLI_PLAN_VIEW_H
#define FRACTARY_CLI_PLAN_VIEW_H

#include "cli/style.h"
#include "cli/tally.h"
#include <fractary-plugin/vec.h>

/* More changes than this are folded. */
#define FR_PLAN_VIEW_MOST 40

/* Zeroed memory is an empty one. */
typedef struct fr_plan_view {
    fr_vec changes;
} fr_plan_view;

void fr_plan_view_finish(fr_plan_view *view);
/* Keeps a `change` record whose status is "planned"; any other is left alone.
 * FRACTARY_OK or _E_NOMEM. */
int32_t fr_plan_view_add(fr_plan_view *view, const fr_json *record);
/* Appends what was gathered, and forgets it. */
void fr_plan_view_print(fr_plan_view *view, const fr_style *style, fr_buf *out);
/* Appends the line that sums a `plan` record up. */
void fr_plan_view_summary(const fr_json *record, const fr_tally *tally, const fr_style *style,
                          fr_buf *out);

#endif
