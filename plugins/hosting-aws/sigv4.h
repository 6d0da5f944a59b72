/* Signature Version 4: what proves to AWS who asks. The caller adds the headers
 * that come out; nothing is sent from here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 * [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_SIGV4_H
#define FRACTARY_HOSTING_AWS_SIGV4_H

#include "date.h"
#include <fractary-plugin/buf.h>
#include <fractary-plugin/hash.h>

/* How the path is signed, and what else. */
#define FR_AWS_SIGN_ENCODE    1u /* encoded once more than it is sent         */
#define FR_AWS_SIGN_NORMALIZE 2u /* without dot segments and repeated slashes */
#define FR_AWS_SIGN_CONTENT   4u /* with the body's hash as a header          */
#define FR_AWS_SIGN_S3        FR_AWS_SIGN_CONTENT
#define FR_AWS_SIGN_OTHERS    (FR_AWS_SIGN_ENCODE | FR_AWS_SIGN_NORMALIZE)

#define FR_AWS_KEYS  16
#define FR_AWS_SCOPE 128 /* region/service, longest */

/* Derived signing keys of one pair of credentials: they change with the day,
 * the region and the service. Zeroed memory is a valid empty one. */
typedef struct fr_aws_keys {
    struct {
        char scope[FR_AWS_SCOPE]; /* 20150830/us-east-1/iam/aws4_request */
        uint8_t key[FR_SHA256_SIZE];
    } entries[FR_AWS_KEYS];
    uint32_t next;
} fr_aws_keys;

void fr_aws_keys_wipe(fr_aws_keys *keys);

/* Who signs, for which service. Everything is borrowed. */
typedef struct fr_aws_signer {
    const char *access_key;
    const char *secret_key;
    const char *session_token; /* NULL: none                   */
    const char *region;
    const char *service; /* its name in signatures: "s3" */
    uint32_t flags;      /* FR_AWS_SIGN_*                */
    fr_aws_keys *keys;   /* NULL: derive the key anew    */
} fr_aws_signer;

/* What is signed, as it is sent: the address with its path and query encoded,
 * the headers without Host, which is taken from the address. */
typedef struct fr_aws_message {
    const char *method;
    const char *url;
    const fractary_header *headers;
    uint64_t header_count; /* at most 56 */
    const char *body;      /* NULL: none */
    uint64_t body_length;
} fr_aws_message;

/* The result. Zeroed memory is a valid empty one. */
typedef struct fr_aws_signature {
    char date[FR_AWS_DATE_BASIC]; /* X-Amz-Date                             */
    char content[FR_SHA256_HEX];  /* hash of the body: X-Amz-Content-SHA256 */
    char signature[FR_SHA256_HEX];
    fr_buf canonical;     /* the canonical request */
    fr_buf to_sign;       /* the string to sign    */
    fr_buf authorization; /* the header's value    */
} fr_aws_signature;

/* FRACTARY_OK; FRACTARY_E_INVALID for an address that is none; _E_LIMIT for
 * too many headers or a scope that is too long; _E_NOMEM, _E_FAILED. May be
 * called again with the same `out`. */
int32_t fr_aws_sign(const fr_aws_signer *signer, const fr_aws_message *message, int64_t seconds,
                    fr_aws_signature *out);
void fr_aws_signature_finish(fr_aws_signature *signature);

#endif
