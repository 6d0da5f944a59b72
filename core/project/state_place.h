/* Where a state lies, as far as the code says it: by the backend of a root
 * module, or by a data source that reads another one's. */
#ifndef FRACTARY_PROJECT_STATE_PLACE_H
#define FRACTARY_PROJECT_STATE_PLACE_H

#include "project/code_text.h"
#include "project/stack_code.h"

/* Most settings that tell the states of one backend apart. */
#define FR_STATE_KEYS 3

typedef struct fr_state_place {
    char *backend;               /* its type; "remote" for a cloud block; never NULL */
    char *values[FR_STATE_KEYS]; /* by the backend's keys; NULL: not known         */
    char *workspace;             /* NULL: not known                                  */
} fr_state_place;

/* Both fill in *out, which is finished in any case. FRACTARY_OK or
 * FRACTARY_E_NOMEM. */
int32_t fr_state_place_of_stack(const fr_stack_code *code, fr_state_place *out);
/* `data` is a block data "terraform_remote_state". */
int32_t fr_state_place_of_data(const fr_hcl_block *data, const fr_code_base *base,
                               fr_state_place *out);
void fr_state_place_finish(fr_state_place *place); /* accepts zeroed memory */

typedef enum fr_state_match {
    FR_STATE_OTHER,
    FR_STATE_UNKNOWN, /* what would tell is not in the code */
    FR_STATE_SAME
} fr_state_match;
fr_state_match fr_state_place_match(const fr_state_place *reader, const fr_state_place *owner);

/* Appends what tells it from others: "s3 key net.tfstate"; a file below `root`
 * (absolute) relative to it. */
void fr_state_place_describe(const fr_state_place *place, const char *root, fr_buf *out);

#endif
