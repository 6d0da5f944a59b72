/* What came back for a question, read once and judged for each resource that
 * waits for it. */
#ifndef FRACTARY_HOSTING_AWS_REPLY_H
#define FRACTARY_HOSTING_AWS_REPLY_H

#include "fault.h"
#include "types.h"

/* Owns its trees; needs no response any more. Zeroed memory is valid. */
typedef struct fr_aws_reply {
    int32_t code; /* of HTTP, 0: no answer                          */
    fr_aws_fault fault;
    int readable; /* a good answer of the service, in `answer`      */
    int proven;   /* the service's own words, also for a bad answer */
    fr_aws_answer answer;
} fr_aws_reply;

/* Reads a response (may be NULL) to the question of that row. */
void fr_aws_reply_init(fr_aws_reply *reply, const fr_aws_type *type,
                       const fractary_http_response *response);
void fr_aws_reply_finish(fr_aws_reply *reply);
/* Appends the token of the next page; non-zero when there is one. */
int fr_aws_reply_next(fr_aws_reply *reply, const fr_aws_type *type, fr_buf *out);

#endif
