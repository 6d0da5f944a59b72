/* Steps of a skill: one `step` record when it begins and one when it ends, so
 * that whoever watches knows what runs and how long it took. */
#ifndef FRACTARY_PLUGIN_STEP_H
#define FRACTARY_PLUGIN_STEP_H

#include <fractary-plugin/error.h>
#include <fractary/host.h>

/* Filled in by the skill once for a command; texts are borrowed. */
typedef struct fr_steps {
    const fractary_call *call;
    const fractary_clock *clock; /* clock/1, for durations     */
    const char *skill;           /* id of the plugin           */
    int64_t total;               /* how many there will be     */
    int64_t number;              /* of the step that is running; 0 at first */
    const char *name;            /* of the step that is running */
    uint64_t started;
} fr_steps;

/* Begins the next step: `name` is one short word, the message what is done.
 * Returns the sink's status. */
int32_t fr_step_begin(fr_steps *steps, const char *name, const char *format, ...) FR_PRINTF(3, 4);
/* Ends it with `status`: done, or failed with the error's message as reason.
 * Returns `status`, or the sink's when that fails and `status` was OK. */
int32_t fr_step_end(fr_steps *steps, int32_t status, const fractary_error *error,
                    const char *format, ...) FR_PRINTF(4, 5);
/* Counts a step that is not needed. */
int32_t fr_step_skip(fr_steps *steps, const char *name, const char *format, ...) FR_PRINTF(3, 4);

#endif
