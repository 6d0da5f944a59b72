/* A request on its way: signed anew at each attempt, judged, answered once. */
#ifndef FRACTARY_HOSTING_AWS_EXCHANGE_H
#define FRACTARY_HOSTING_AWS_EXCHANGE_H

#include "request.h"

/* Everything but `request` is borrowed until answered() was called. */
typedef struct fr_aws_exchange {
    const fr_aws *aws;
    const fr_json *profile; /* whose settings apply, or NULL  */
    const fr_aws_credentials *credentials;
    fr_aws_keys *keys;
    fr_aws_request request;
    void *context;
    /* As http/1's done(): exactly once, from run(). */
    void (*answered)(void *context, int32_t status, const fractary_http_response *response);
} fr_aws_exchange;

/* Queues the request; answered() is called only when this is FRACTARY_OK. */
int32_t fr_aws_exchange_submit(fr_aws_exchange *exchange, const fractary_call *call,
                               fractary_error *error);

#endif
