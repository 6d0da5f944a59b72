/* What the requests to one host share: how many go at once, what is left to
 * spend on retries, and the difference between its clock and ours. */
#ifndef FRACTARY_SERVICE_HTTP_HOST_H
#define FRACTARY_SERVICE_HTTP_HOST_H

#include <stddef.h>
#include <stdint.h>

/* Connections to one host at once. */
#define FR_HTTP_CONNECTIONS 64
/* Retries draw on a budget that good answers fill again, so that a host that
 * is down is not asked four times by each of thousands of requests. */
#define FR_HTTP_BUDGET     500
#define FR_HTTP_RETRY_COST 5

typedef struct fr_exchange fr_exchange; /* service/http_exchange.h */

typedef struct fr_http_host {
    char *origin;              /* "https://host:port"                             */
    unsigned limit;            /* requests at once, 1 to FR_HTTP_CONNECTIONS      */
    unsigned active;           /* under way                                       */
    unsigned good;             /* answers since the limit was last raised         */
    int budget;                /* for retries, 0 to FR_HTTP_BUDGET                */
    uint64_t paused_until;     /* CLOCK_MONOTONIC ns; 0: not                      */
    uint64_t slowed_at;        /* when it last asked us to slow down              */
    int64_t clock_offset;      /* its clock less ours, seconds                    */
    fr_exchange *first, *last; /* that wait for their turn                    */
    struct fr_http_host *next;
} fr_http_host;

/* The host of that origin in a list, made where missing; NULL without memory. */
fr_http_host *fr_http_host_of(fr_http_host **list, const char *origin, size_t length);
void fr_http_hosts_free(fr_http_host *list);

/* Non-zero when one more request may go now. */
int fr_http_host_is_free(const fr_http_host *host, uint64_t now);
/* A good answer came. */
void fr_http_host_answered(fr_http_host *host);
/* It throttles: half as many at once, none at all for `pause`. Answers to what
 * was sent before it last said so do not count again. */
void fr_http_host_throttled(fr_http_host *host, uint64_t sent, uint64_t now, uint64_t pause);
/* Pays for a retry; 0 when there is nothing left to pay with. */
int fr_http_host_pay(fr_http_host *host);

/* Nanoseconds to wait before attempt `number` + 1: anything from 0 to
 * 200 ms · 2^(number - 1), at most 5 s, evenly spread, so that those who failed
 * together do not come back together. */
uint64_t fr_http_backoff(unsigned number);

#endif
