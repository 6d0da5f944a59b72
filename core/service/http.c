/* fractary.http/1: queues, retries, deadlines and the end of requests. What
 * one attempt is stands in the module behind http_transport.h. */
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "service/http_exchange.h"
#include "service/http_transport.h"
#include "service/service.h"

/* An attempt that lasts until the deadline must not end before it. */
#define TIMEOUT_SLACK_MS    5
#define LONGEST_RETRY_AFTER 120 /* seconds; who asks for more gets no retry */

typedef struct queue {
    fr_exchange *first, *last;
} queue;

struct fr_http {
    fractary_http table;
    fr_context *context;
    fr_http_transport transport;
    fr_http_host *hosts;
    fr_exchange *all;  /* not done yet, newest first                          */
    queue ended;       /* whose attempt has ended                             */
    fr_timer unpaused; /* wakes the loop when a pause is over                 */
    int running;
    int32_t stopping; /* why everything is being ended, or 0                  */
    char agent[64];   /* User-Agent                                           */
};

static void enqueue(fr_exchange **first, fr_exchange **last, fr_exchange *exchange)
{
    exchange->next = NULL;
    if (*first == NULL)
        *first = exchange;
    else
        (*last)->next = exchange;
    *last = exchange;
}

static fr_exchange *dequeue(fr_exchange **first)
{
    fr_exchange *exchange = *first;

    if (exchange != NULL)
        *first = exchange->next;
    return exchange;
}

static void await_turn(fr_exchange *exchange)
{
    enqueue(&exchange->host->first, &exchange->host->last, exchange);
}

/* ------------------------------------------------------------------- submit */

static void backoff_over(void *context)
{
    await_turn(context);
}

static void link_exchange(fr_http *service, fr_exchange *exchange)
{
    exchange->service = service;
    exchange->backoff.context = exchange;
    exchange->backoff.fired = backoff_over;
    exchange->older = service->all;
    if (service->all != NULL)
        service->all->newer = exchange;
    service->all = exchange;
}

static void unlink_exchange(fr_http *service, fr_exchange *exchange)
{
    if (exchange->newer != NULL)
        exchange->newer->older = exchange->older;
    else
        service->all = exchange->older;
    if (exchange->older != NULL)
        exchange->older->newer = exchange->newer;
}

static int32_t submit(const fractary_http *self, const fractary_call *call,
                      const fractary_http_request *given, fractary_error *error)
{
    fr_http *service = self->context;
    fractary_http_request request;
    fr_exchange *exchange = NULL;

    if (call == NULL || given == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "call or request is missing");
    /* Or done() could submit for ever while everything is being ended. */
    if (service->stopping != 0)
        return fr_error_set(error, service->stopping, "no more requests are taken");
    fr_service_copy(&request, sizeof request, given);
    const int32_t status = fr_exchange_create(&request, &exchange, error);
    if (status != FRACTARY_OK)
        return status;
    exchange->deadline = call->deadline;
    exchange->host = fr_http_host_of(&service->hosts, exchange->request.url, exchange->url.origin);
    if (exchange->host == NULL) {
        fr_exchange_free(exchange);
        return fr_error_nomem(error);
    }
    link_exchange(service, exchange);
    await_turn(exchange);
    return FRACTARY_OK;
}

/* -------------------------------------------------------------------- ending */

static int64_t now_seconds(void)
{
    return fr_time_now_ms() / 1000;
}

static fractary_http_response no_answer(const fr_exchange *exchange, const char *failure)
{
    return (fractary_http_response){.size = sizeof(fractary_http_response),
                                    .attempts = exchange->attempts,
                                    .body = "",
                                    .failure = failure,
                                    .server_time = now_seconds() + exchange->host->clock_offset};
}

static fractary_http_response response_of(const fr_exchange *exchange,
                                          const fr_transport_answer *answer)
{
    fractary_http_response response = no_answer(exchange, answer->failure);

    response.status = answer->status;
    response.truncated = answer->cut || answer->too_large;
    response.headers = answer->headers;
    response.header_count = answer->header_count;
    response.body = answer->body;
    response.length = answer->length;
    return response;
}

static void release_transfer(fr_exchange *exchange)
{
    const fr_http_transport *transport = &exchange->service->transport;

    if (exchange->transfer == NULL)
        return;
    transport->module->release(transport->self, exchange->transfer);
    exchange->transfer = NULL;
    exchange->host->active--;
}

/* The one place that calls done(). The answer lives until then. */
static void finish(fr_exchange *exchange, int32_t status, const fractary_http_response *response)
{
    fr_http *service = exchange->service;

    unlink_exchange(service, exchange);
    fr_loop_disarm(service->context->loop, &exchange->backoff);
    exchange->request.done(exchange->request.context, status, response);
    release_transfer(exchange);
    fr_exchange_free(exchange);
}

static void finish_unanswered(fr_exchange *exchange, int32_t status, const char *failure)
{
    const fractary_http_response response = no_answer(exchange, failure);

    finish(exchange, status, &response);
}

/* ------------------------------------------------------------------- attempt */

static void attempt_ended(void *context)
{
    fr_exchange *exchange = context;

    enqueue(&exchange->service->ended.first, &exchange->service->ended.last, exchange);
}

/* Nanoseconds that an attempt may take; 0: the deadline has passed. */
static uint64_t time_left(const fr_exchange *exchange, uint64_t deadline, uint64_t now)
{
    uint64_t left = exchange->request.timeout;

    if (exchange->deadline != 0 && (deadline == 0 || exchange->deadline < deadline))
        deadline = exchange->deadline;
    if (deadline != 0 && (deadline <= now || deadline - now < left))
        left = deadline > now ? deadline - now : 0;
    return left;
}

static int32_t start_transfer(fr_exchange *exchange, uint64_t left, fractary_error *error)
{
    const fr_http *service = exchange->service;
    const fr_transport_request request = {
        .method = exchange->request.method,
        .url = exchange->request.url,
        .headers = (const fractary_header *const *)exchange->headers.items,
        .header_count = exchange->headers.count,
        .body = exchange->request.body,
        .body_length = exchange->request.body_length,
        .timeout_ms = left / FR_MILLISECOND + TIMEOUT_SLACK_MS,
        .max_body = exchange->request.max_body,
        .ca_file = exchange->request.ca_file,
        .proxy = exchange->request.proxy,
        .user_agent = service->agent,
        .context = exchange,
        .done = attempt_ended};

    return service->transport.module->start(service->transport.self, &request, &exchange->transfer,
                                            error);
}

static void begin_attempt(fr_exchange *exchange, uint64_t deadline)
{
    const uint64_t now = fr_time_monotonic();
    const uint64_t left = time_left(exchange, deadline, now);
    fractary_error error = FR_ERROR_INIT;

    if (left == 0) {
        finish_unanswered(exchange, FRACTARY_E_DEADLINE, "the deadline of the call has passed");
        return;
    }
    exchange->attempts++;
    exchange->sent = now;
    int32_t status =
        fr_exchange_prepare(exchange, now_seconds() + exchange->host->clock_offset, &error);
    if (status == FRACTARY_OK)
        status = start_transfer(exchange, left, &error);
    if (status == FRACTARY_OK) {
        exchange->host->active++;
        return;
    }
    char *failure =
        fr_str_format("%s%s%s", error.message, *error.cause != '\0' ? ": " : "", error.cause);
    finish_unanswered(exchange, status, failure != NULL ? failure : error.message);
    free(failure);
}

static void just_wake(void *context)
{
    (void)context;
}

/* All that may go now. A pause ends with a timer, so that the loop wakes. */
static void begin_waiting(fr_http *service, uint64_t deadline)
{
    uint64_t wake = UINT64_MAX;

    for (fr_http_host *host = service->hosts; host != NULL; host = host->next) {
        const uint64_t now = fr_time_monotonic();
        while (host->first != NULL && fr_http_host_is_free(host, now))
            begin_attempt(dequeue(&host->first), deadline);
        if (host->first != NULL && host->paused_until > now && host->paused_until < wake)
            wake = host->paused_until;
    }
    if (wake != UINT64_MAX)
        fr_loop_arm(service->context->loop, &service->unpaused, wake);
}

/* -------------------------------------------------------------------- answer */

/* How long to wait before the next attempt; 0 with *retry cleared: there is
 * none, because the host asks for too much patience. */
static uint64_t pause_before_retry(const fr_exchange *exchange,
                                   const fractary_http_response *response, int *retry)
{
    const uint64_t backoff = fr_http_backoff(exchange->attempts);
    uint64_t asked = 0;

    if (!fr_http_retry_after(fr_exchange_header(response, "retry-after"), response->server_time,
                             &asked))
        return backoff;
    if (asked > LONGEST_RETRY_AFTER)
        *retry = 0;
    return asked * FR_SECOND > backoff ? asked * FR_SECOND : backoff;
}

/* Non-zero when the exchange waits for another attempt. */
static int try_again(fr_exchange *exchange, const fractary_http_response *response,
                     const fr_transport_answer *answer, uint64_t deadline)
{
    const int32_t verdict = fr_exchange_classify(exchange, response, answer->cut);
    const uint64_t now = fr_time_monotonic();
    int retry = verdict == FRACTARY_HTTP_RETRY || verdict == FRACTARY_HTTP_THROTTLED;
    fr_http_host *host = exchange->host;

    if (!retry) {
        fr_http_host_answered(host);
        return 0;
    }
    const uint64_t pause = pause_before_retry(exchange, response, &retry);
    if (verdict == FRACTARY_HTTP_THROTTLED)
        fr_http_host_throttled(host, exchange->sent, now, retry ? pause : 0);
    if (!retry || answer->permanent || exchange->attempts >= exchange->request.max_attempts ||
        time_left(exchange, deadline, now + pause) == 0 ||
        (verdict == FRACTARY_HTTP_RETRY && !fr_http_host_pay(host)))
        return 0;
    release_transfer(exchange);
    fr_loop_arm(exchange->service->context->loop, &exchange->backoff, now + pause);
    return 1;
}

/* An attempt may last as long as the call: its end is then the call's. */
static int32_t end_status(const fr_exchange *exchange, const fr_transport_answer *answer,
                          uint64_t deadline)
{
    if (answer->too_large)
        return FRACTARY_E_LIMIT;
    if (answer->status != 0 && !answer->cut)
        return FRACTARY_OK;
    return time_left(exchange, deadline, fr_time_monotonic()) == 0 ? FRACTARY_E_DEADLINE
                                                                   : FRACTARY_E_UNAVAILABLE;
}

static void judge(fr_exchange *exchange, uint64_t deadline)
{
    const fr_transport_answer *answer =
        exchange->service->transport.module->answer(exchange->transfer);
    fractary_http_response response = response_of(exchange, answer);
    int64_t date = 0;

    if (fr_http_date(fr_exchange_header(&response, "date"), &date)) {
        exchange->host->clock_offset = date - now_seconds();
        response.server_time = date;
    }
    if (!try_again(exchange, &response, answer, deadline))
        finish(exchange, end_status(exchange, answer, deadline), &response);
}

/* ----------------------------------------------------------------------- run */

/* Ends everything that is left: nobody waits for it any more. First so that
 * nothing moves by itself; a done() that steps the loop could meet it. */
static void abandon(fr_http *service, int32_t status, const char *why)
{
    service->stopping = status;
    for (fr_exchange *e = service->all; e != NULL; e = e->older) {
        fr_loop_disarm(service->context->loop, &e->backoff);
        release_transfer(e);
    }
    for (fr_http_host *host = service->hosts; host != NULL; host = host->next)
        host->first = NULL;
    service->ended.first = NULL;
    while (service->all != NULL)
        finish_unanswered(service->all, status, why);
    service->stopping = 0;
}

static int32_t drive(fr_http *service, uint64_t deadline, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    while (service->all != NULL && status == FRACTARY_OK) {
        begin_waiting(service, deadline);
        if (service->ended.first == NULL && service->all != NULL)
            status =
                fr_loop_step(service->context->loop, deadline != 0 ? deadline : UINT64_MAX, error);
        while (service->ended.first != NULL)
            judge(dequeue(&service->ended.first), deadline);
        if (status == FRACTARY_OK && service->all != NULL)
            status = fr_loop_check(service->context->loop, deadline, "waiting for answers", error);
    }
    return status;
}

static int32_t run(const fractary_http *self, const fractary_call *call, fractary_error *error)
{
    fr_http *service = self->context;
    fractary_error own = FR_ERROR_INIT;

    if (call == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "there is no call");
    if (service->running)
        return fr_error_set(error, FRACTARY_E_REENTRANT, "these requests are under way already");
    service->running = 1;
    int32_t status =
        fr_loop_check(service->context->loop, call->deadline, "waiting for answers", &own);
    if (status == FRACTARY_OK && service->all != NULL)
        status = fr_http_transport_open(&service->transport, service->context, &own);
    if (status == FRACTARY_OK)
        status = drive(service, call->deadline, &own);
    if (status != FRACTARY_OK)
        abandon(service, status, own.message);
    fr_loop_disarm(service->context->loop, &service->unpaused);
    service->running = 0;
    if (status != FRACTARY_OK) {
        fr_error_set(error, status, "%s", own.message);
        fr_error_cause(error, "%s", own.cause);
        fr_error_advice(error, "%s", own.advice);
    }
    return status;
}

/* ---------------------------------------------------------------------- life */

/* Requests that were never run are gone without done(). */
static void destroy(void *context)
{
    fr_http *service = context;

    while (service->all != NULL) {
        fr_exchange *exchange = service->all;
        unlink_exchange(service, exchange);
        fr_exchange_free(exchange);
    }
    fr_http_transport_close(&service->transport);
    fr_http_hosts_free(service->hosts);
    free(service);
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    fr_http *service = calloc(1, sizeof *service);

    (void)guest;
    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_http){sizeof service->table, service, submit, run};
    service->context = context;
    service->unpaused.fired = just_wake;
    snprintf(service->agent, sizeof service->agent, "fractary/%s", context->version);
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_http_service = {FRACTARY_HTTP_1, NULL, create, destroy};
