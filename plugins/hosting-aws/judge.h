/* One resource: the question that its row asks, and what an answer means. */
#ifndef FRACTARY_HOSTING_AWS_JUDGE_H
#define FRACTARY_HOSTING_AWS_JUDGE_H

#include "facts.h"
#include "reply.h"
#include "request.h"

typedef enum fr_aws_status {
    FR_AWS_VERIFIED,    /* AWS says that it is there                 */
    FR_AWS_GONE,        /* AWS says that it is not: "missing"        */
    FR_AWS_UNVERIFIABLE /* everything else                           */
} fr_aws_status;

/* What stands in the way of an answer that is to be had. */
typedef enum fr_aws_obstacle {
    FR_AWS_FREE,        /* nothing: the verdict is an answer, or there is none */
    FR_AWS_UNREACHABLE, /* AWS could not be asked, or gave no usable answer    */
    FR_AWS_DENIED,      /* a permission is missing                             */
    FR_AWS_REFUSED      /* the credentials are refused                         */
} fr_aws_obstacle;

typedef struct fr_aws_verdict {
    fr_aws_status status;
    fr_aws_obstacle obstacle; /* of an unverifiable one */
    char reason[256];         /* "" when verified       */
} fr_aws_verdict;

/* Why there is no row for a type: an unverifiable verdict. */
void fr_aws_judge_no_row(const char *type, fr_aws_verdict *verdict);

/* Makes the request for a resource; `token` (may be NULL) asks for the next
 * page, `region` overrides that of the facts (may be NULL). Non-zero on
 * success; else the verdict says what is missing. */
int fr_aws_judge_request(const fr_aws *aws, const fr_json *profile, const fr_aws_type *type,
                         const fr_aws_facts *facts, const char *region, const char *token,
                         fr_aws_request *out, fr_aws_verdict *verdict);

/* Judges a reply for a resource. Returns 0 when the thing is not in it and
 * another page may have it: the verdict is then "missing", should there be no
 * such page. */
int fr_aws_judge_reply(const fr_aws_type *type, const fr_aws_facts *facts, fr_aws_reply *reply,
                       fr_aws_verdict *verdict);

#endif
