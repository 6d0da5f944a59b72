/* One question to a service as it goes out: address, headers, body. */
#ifndef FRACTARY_HOSTING_AWS_REQUEST_H
#define FRACTARY_HOSTING_AWS_REQUEST_H

#include "instance.h"
#include "service.h"

#define FR_AWS_REGION 64

/* What is to be asked. Texts are borrowed and encoded already. */
typedef struct fr_aws_question {
    const fr_aws_service *service;
    const char *operation; /* "DescribeTable"                                     */
    const char *region;    /* NULL only for a global service                      */
    const char *method;    /* REST: "GET"; others: not looked at                  */
    const char *path;      /* REST: "/name?versioning"; for S3 the bucket first    */
    const char *input;     /* QUERY: "RoleName=x"; JSON: the object; else the body */
} fr_aws_question;

/* Zeroed memory is valid and empty. */
typedef struct fr_aws_request {
    const fr_aws_service *service;
    const char *method;
    const char *content_type;   /* NULL: no body             */
    char region[FR_AWS_REGION]; /* that is signed          */
    fr_buf url;
    fr_buf body;
    fr_buf target; /* X-Amz-Target, or empty    */
} fr_aws_request;

/* Fills `out` for the endpoint that applies; `profile` may be NULL.
 * FRACTARY_E_CONFIG without a region, FRACTARY_E_INVALID for what is none,
 * FRACTARY_E_NOMEM. */
int32_t fr_aws_request_make(const fr_aws *aws, const fr_json *profile,
                            const fr_aws_question *question, fr_aws_request *out,
                            fractary_error *error);
void fr_aws_request_finish(fr_aws_request *request); /* accepts NULL */

#endif
