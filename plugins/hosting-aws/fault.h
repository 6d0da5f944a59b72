/* What an answer says when it says no. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_FAULT_H
#define FRACTARY_HOSTING_AWS_FAULT_H

#include <fractary/host.h>

typedef enum fr_aws_fault_kind {
    FR_AWS_FAULT_NONE,        /* 2xx                                            */
    FR_AWS_FAULT_DENIED,      /* a permission is missing                        */
    FR_AWS_FAULT_CREDENTIALS, /* wrong or expired keys                          */
    FR_AWS_FAULT_THROTTLED,   /* asked too often                                */
    FR_AWS_FAULT_SKEW,        /* our clock differs too much                     */
    FR_AWS_FAULT_SERVER,      /* 5xx                                            */
    FR_AWS_FAULT_UNREACHED,   /* no answer came                                 */
    FR_AWS_FAULT_OTHER        /* a code of the operation, or none of AWS's      */
} fr_aws_fault_kind;

typedef struct fr_aws_fault {
    fr_aws_fault_kind kind;
    char code[96];     /* "NoSuchBucket"; "" where the answer names none */
    char message[256]; /* AWS's own words, cut; "" without               */
} fr_aws_fault;

/* Reads status, headers and body. Never fails: what cannot be read has no
 * code. */
void fr_aws_fault_read(const fractary_http_response *response, fr_aws_fault *out);
/* FRACTARY_HTTP_*: what an answer means for the next attempt. */
int32_t fr_aws_fault_classify(const fractary_http_response *response);
/* The value of a header by its lower-case name, or NULL. */
const char *fr_aws_header(const fractary_http_response *response, const char *name);

#endif
