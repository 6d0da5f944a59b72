/*
 * fractary/hosting.h: a handler of a cloud, the only code that knows it and
 * the only one that touches its credentials.
 *
 * An instance serves one environment. Which identity stands behind a purpose
 * comes from identity/1, account and region from config/1.
 */
#ifndef FRACTARY_HOSTING_H
#define FRACTARY_HOSTING_H

#include <fractary/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FRACTARY_HOSTING_1 "fractary.hosting/1"

/* Credentials of one purpose, for the core alone. */
typedef struct fractary_credentials_request {
    uint32_t size;
    const char *purpose; /* "read", "deploy", "grant" */
} fractary_credentials_request;

typedef struct fractary_authenticate_request {
    uint32_t size;
    const char *purpose;
} fractary_authenticate_request;

/* One resource as the iac tool's state has it. Grows by appending, so arrays
 * hold pointers. Every text may be NULL when it is not known. */
typedef struct fractary_resource {
    uint32_t size;
    const char *address;    /* "module.app.aws_s3_bucket.data[0]"             */
    const char *type;       /* "aws_s3_bucket"                                */
    const char *name;       /* the name that the cloud shows                  */
    const char *id;
    const char *arn;
    const char *region;
    const char *account;
    const char *attributes; /* JSON object of further facts, never sensitive  */
} fractary_resource;

typedef struct fractary_verify_request {
    uint32_t size;
    const fractary_resource *const *resources;
    uint64_t count;
} fractary_verify_request;

typedef struct fractary_query_request {
    uint32_t size;
    const fractary_resource *resource;
} fractary_query_request;

/* One thing to create, update or remove directly through the cloud's API. */
typedef struct fractary_deploy_request {
    uint32_t size;
    const char *kind;       /* what it is, in the handler's words             */
    const char *name;
    const char *parameters; /* JSON object                                    */
} fractary_deploy_request;

typedef struct fractary_hosting {
    uint32_t size;
    /* Emits one JSON object into `secret`, which is not call->sink and is
     * never logged: {"environ":{"AWS_ACCESS_KEY_ID":…},"expires":unix seconds
     * or null}. `environ` is all that a child process needs to act as that
     * identity. FRACTARY_E_AUTH says which source failed and why. Mandatory.
     * [main-thread] */
    int32_t (*credentials)(void *instance, const fractary_call *call,
                           const fractary_credentials_request *request,
                           const fractary_sink *secret, fractary_error *error);
    /* Asks the cloud who the purpose's identity is: one `identity` record
     * with purpose, account, principal, source. Mandatory. */
    int32_t (*authenticate)(void *instance, const fractary_call *call,
                            const fractary_authenticate_request *request, fractary_error *error);
    /* Asks the cloud for all resources at once: one `resource` record each,
     * with status (verified, missing, unverifiable), reason, region, arn,
     * console_url. What cannot be asked is unverifiable, never verified; a
     * denial is never missing. Purpose `read`. Mandatory. */
    int32_t (*verify)(void *instance, const fractary_call *call,
                      const fractary_verify_request *request, fractary_error *error);
    /* Reads one resource: one `resource` record with what the cloud says.
     * Optional in 1.0. */
    int32_t (*query)(void *instance, const fractary_call *call,
                     const fractary_query_request *request, fractary_error *error);
    /* Creates or updates one thing. Passes the gate. Optional in 1.0. */
    int32_t (*deploy)(void *instance, const fractary_call *call,
                      const fractary_deploy_request *request, fractary_error *error);
    /* Removes one thing. Passes the gate. Optional in 1.0. Named `remove`
     * because `delete` is a word of C++; the method's name in
     * handlers/1.call() is "delete". */
    int32_t (*remove)(void *instance, const fractary_call *call,
                      const fractary_deploy_request *request, fractary_error *error);
    /* Emits the address of the resource's page in the cloud's console into
     * `out` (plain text); FRACTARY_E_UNSUPPORTED where there is none. Asks
     * nobody. Mandatory. */
    int32_t (*console_url)(void *instance, const fractary_call *call,
                           const fractary_query_request *request, const fractary_sink *out,
                           fractary_error *error);
} fractary_hosting;

FRACTARY_NO_TAIL_PADDING(fractary_credentials_request, purpose);
FRACTARY_NO_TAIL_PADDING(fractary_authenticate_request, purpose);
FRACTARY_NO_TAIL_PADDING(fractary_resource, attributes);
FRACTARY_NO_TAIL_PADDING(fractary_verify_request, count);
FRACTARY_NO_TAIL_PADDING(fractary_query_request, resource);
FRACTARY_NO_TAIL_PADDING(fractary_deploy_request, parameters);
FRACTARY_NO_TAIL_PADDING(fractary_hosting, console_url);

#ifdef __cplusplus
}
#endif
#endif
