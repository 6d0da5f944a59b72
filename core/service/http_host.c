#include "service/http_host.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/time.h"

#define BASE    (200 * FR_MILLISECOND)
#define LONGEST (5 * FR_SECOND)

fr_http_host *fr_http_host_of(fr_http_host **list, const char *origin, size_t length)
{
    for (fr_http_host *h = *list; h != NULL; h = h->next)
        if (strlen(h->origin) == length && strncmp(h->origin, origin, length) == 0)
            return h;
    fr_http_host *host = calloc(1, sizeof *host);
    if (host == NULL)
        return NULL;
    host->origin = fr_str_ndup(origin, length);
    if (host->origin == NULL) {
        free(host);
        return NULL;
    }
    host->limit = FR_HTTP_CONNECTIONS;
    host->budget = FR_HTTP_BUDGET;
    host->next = *list;
    *list = host;
    return host;
}

void fr_http_hosts_free(fr_http_host *list)
{
    while (list != NULL) {
        fr_http_host *next = list->next;
        free(list->origin);
        free(list);
        list = next;
    }
}

int fr_http_host_is_free(const fr_http_host *host, uint64_t now)
{
    return host->active < host->limit && now >= host->paused_until;
}

void fr_http_host_answered(fr_http_host *host)
{
    if (host->budget < FR_HTTP_BUDGET)
        host->budget++;
    if (host->limit >= FR_HTTP_CONNECTIONS || ++host->good < host->limit)
        return;
    host->good = 0;
    host->limit++;
}

void fr_http_host_throttled(fr_http_host *host, uint64_t sent, uint64_t now, uint64_t pause)
{
    if (now + pause > host->paused_until)
        host->paused_until = now + pause;
    host->good = 0;
    if (sent < host->slowed_at)
        return;
    host->slowed_at = now;
    host->limit = host->limit > 1 ? host->limit / 2 : 1;
}

int fr_http_host_pay(fr_http_host *host)
{
    if (host->budget < FR_HTTP_RETRY_COST)
        return 0;
    host->budget -= FR_HTTP_RETRY_COST;
    return 1;
}

uint64_t fr_http_backoff(unsigned number)
{
    const unsigned doublings = number > 1 ? number - 1 : 0;
    const uint64_t longest = doublings < 5 ? BASE << doublings : LONGEST;
    uint64_t random = 0;

    /* Without random bytes the whole time is waited: late, but not wrong. */
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != (ssize_t)sizeof random)
        return longest;
    return random % (longest + 1);
}
