/* What has happened so far, counted from the records, and the sentence that
 * says it at the end. */
#ifndef FRACTARY_CLI_TALLY_H
#define FRACTARY_CLI_TALLY_H

#include <fractary-plugin/json.h>
#include <fractary-plugin/vec.h>

/* Kinds of changes, in the order in which they are said. */
typedef enum fr_tally_action {
    FR_TALLY_CREATE,
    FR_TALLY_UPDATE,
    FR_TALLY_REPLACE,
    FR_TALLY_DELETE,
    FR_TALLY_IMPORT,
    FR_TALLY_ACTIONS
} fr_tally_action;

/* Zeroed memory is an empty one. */
typedef struct fr_tally {
    fr_vec replacements;                /* planned; a struct each, owned           */
    uint64_t done[FR_TALLY_ACTIONS];    /* changes that were made                  */
    uint64_t planned[FR_TALLY_ACTIONS]; /* by the last plan                        */
    uint64_t failed;                    /* changes that failed                     */
    int has_plan, plan_changes, plan_destroys_all;
    uint64_t errors, warnings; /* diagnostics and findings                */
    int has_registry;
    uint64_t registered, verified, missing, unverifiable; /* by the last registry  */
} fr_tally;

void fr_tally_finish(fr_tally *tally);
/* Counts. Of a replacement both halves have to be done before it is one: until
 * then they are a deletion or a creation. */
void fr_tally_record(fr_tally *tally, const fr_json *record);
/* Non-zero when something was planned or changed. */
int fr_tally_is_change(const fr_tally *tally);
/* Non-zero when changes were made or failed. */
int fr_tally_changed(const fr_tally *tally);
/* Appends "3 created, 1 deleted", or what else there is to say; "" when
 * nothing was counted. */
void fr_tally_sentence(const fr_tally *tally, fr_buf *out);
/* Appends "3 to create, 1 to update" of the plan; "nothing to change" when it
 * has none. */
void fr_tally_plan(const fr_tally *tally, fr_buf *out);
/* Appends "12 resources: 11 verified, 1 missing". */
void fr_tally_resources(uint64_t count, uint64_t verified, uint64_t missing, uint64_t unverifiable,
                        fr_buf *out);

#endif
