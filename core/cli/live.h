/* What runs at this moment and since when, followed through the records: the
 * text of the line that is redrawn at the bottom of a terminal. */
#ifndef FRACTARY_CLI_LIVE_H
#define FRACTARY_CLI_LIVE_H

#include "cli/style.h"
#include <fractary-plugin/json.h>
#include <fractary-plugin/vec.h>

/* Zeroed memory is an empty one. */
typedef struct fr_live {
    char *step;           /* message of the step that runs, or NULL             */
    uint64_t step_since;  /* CLOCK_MONOTONIC ns                                 */
    char *progress;       /* last message about how far it is, or NULL          */
    uint64_t done, total; /* of it; total 0: not known                          */
    fr_vec running;       /* changes that have begun and not ended              */
    uint64_t ended;       /* changes that have ended                            */
} fr_live;

void fr_live_finish(fr_live *live);
/* Follows a record at time `now`. What does not fit into memory is not shown. */
void fr_live_record(fr_live *live, const fr_json *record, uint64_t now);
/* Appends the text, without a line feed, within the width; nothing when
 * nothing runs. */
void fr_live_text(const fr_live *live, const fr_style *style, uint64_t now, fr_buf *out);

#endif
