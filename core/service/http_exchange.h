/* A request of http/1 from submit() to done(), with all its attempts. */
#ifndef FRACTARY_SERVICE_HTTP_EXCHANGE_H
#define FRACTARY_SERVICE_HTTP_EXCHANGE_H

#include "service/http_host.h"
#include "service/http_rules.h"
#include "service/timer.h"
#include "service/transport.h"
#include <fractary-plugin/vec.h>

typedef struct fr_http fr_http; /* service/http.c */

struct fr_exchange {
    fr_http *service;
    fractary_http_request request; /* its texts are copies, in `memory`         */
    char *memory;
    fr_http_url url;
    fr_http_host *host;
    uint64_t deadline;     /* of the call that submitted it, 0: none                */
    uint32_t attempts;     /* begun so far                                          */
    uint64_t sent;         /* when the last one began                               */
    fr_vec headers;        /* of the attempt: those of the request, then `added`    */
    fr_vec added;          /* of fractary_header, each with its texts in one block  */
    int added_failed;      /* FRACTARY_E_* of an add_header() that failed, or 0     */
    fr_transfer *transfer; /* under way or just ended, or NULL                  */
    fr_timer backoff;
    fr_exchange *next;          /* in the queue that it stands in              */
    fr_exchange *older, *newer; /* all of the service                          */
};

/* Copies and checks a request (already of our size). FRACTARY_E_INVALID,
 * FRACTARY_E_REFUSED when its own headers are credentials that would travel in
 * clear, FRACTARY_E_NOMEM. The caller frees it with fr_exchange_free(). */
int32_t fr_exchange_create(const fractary_http_request *request, fr_exchange **out,
                           fractary_error *error);
void fr_exchange_free(fr_exchange *exchange); /* accepts NULL */

/* Makes the headers of the next attempt: the request's own, and what prepare()
 * adds, with `server_time` for it. What prepare() returns; FRACTARY_E_INVALID
 * for a header that is none; FRACTARY_E_REFUSED as above. */
int32_t fr_exchange_prepare(fr_exchange *exchange, int64_t server_time, fractary_error *error);

/* What FRACTARY_HTTP_* an answer means: classify(), or the rule without it. */
int32_t fr_exchange_classify(const fr_exchange *exchange, const fractary_http_response *response,
                             int cut);

/* A header of a response by its lower-case name, or NULL. */
const char *fr_exchange_header(const fractary_http_response *response, const char *name);

#endif
