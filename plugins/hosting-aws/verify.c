#include "verify.h"

#include "actor.h"
#include "exchange.h"
#include "plan.h"
#include "resource_record.h"
#include "settings.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>

#define CONNECTIONS 64
#define PAGES_MAX   50

typedef struct verify {
    fr_aws *aws;
    const fractary_call *call;
    fr_aws_actor *actor;
    fr_aws_plan plan;
    const char *region; /* where nothing else says one, or NULL */
    uint32_t next_ask;
    uint32_t flying, flying_max;
    uint32_t settled;
    int winding_up; /* was interrupted before we began: http/1 says the next one */
    int32_t status; /* first failure of the sink, or FRACTARY_OK */
} verify;

/* A question on its way. */
typedef struct flight {
    fr_aws_exchange exchange;
    verify *v;
    uint32_t ask;
    uint32_t pages;
    int redirected;             /* the region below is what S3 told us */
    char region[FR_AWS_REGION]; /* "": that of the resource            */
} flight;

static void answered(void *context, int32_t status, const fractary_http_response *response);

/* ------------------------------------------------------------------ verdicts */

static void settle(void *context, uint32_t slot, const fr_aws_facts *facts,
                   const fr_aws_verdict *verdict)
{
    verify *v = context;
    const int32_t status =
        fr_aws_resource_emit(v->aws, v->call, v->plan.slots[slot].type, facts, verdict);

    v->plan.slots[slot].settled = 1;
    v->settled++;
    if (v->status == FRACTARY_OK)
        v->status = status;
}

static void facts_of(const verify *v, uint32_t slot, fr_aws_facts *facts)
{
    fr_aws_facts_init(facts, v->plan.resources[slot], v->region);
}

/* The same verdict for everybody who still waits. */
static void settle_waiting(verify *v, uint32_t ask, const fr_aws_verdict *verdict)
{
    for (uint32_t i = v->plan.asks[ask].first; i != FR_AWS_NONE; i = v->plan.slots[i].next) {
        fr_aws_facts facts;
        if (v->plan.slots[i].settled)
            continue;
        facts_of(v, i, &facts);
        settle(v, i, &facts, verdict);
        fr_aws_facts_finish(&facts);
    }
}

static void say(fr_aws_verdict *verdict, const char *reason, const char *detail)
{
    verdict->status = FR_AWS_UNVERIFIABLE;
    verdict->obstacle = FR_AWS_UNREACHABLE;
    snprintf(verdict->reason, sizeof verdict->reason, "%s%.200s", reason, detail);
}

/* -------------------------------------------------------------------- asking */

static uint32_t first_waiting(const verify *v, uint32_t ask)
{
    uint32_t i = v->plan.asks[ask].first;

    while (i != FR_AWS_NONE && v->plan.slots[i].settled)
        i = v->plan.slots[i].next;
    return i;
}

/* Builds the request anew, which costs less than to keep it for all. */
static int build(flight *f, const char *token, fr_aws_verdict *verdict)
{
    const verify *v = f->v;
    const uint32_t slot = first_waiting(v, f->ask);
    fr_aws_facts facts;

    facts_of(v, slot, &facts);
    fr_aws_request_finish(&f->exchange.request);
    f->exchange.request = (fr_aws_request){.service = NULL};
    const int made = fr_aws_judge_request(v->aws, v->actor->profile, v->plan.slots[slot].type,
                                          &facts, f->region[0] != '\0' ? f->region : NULL, token,
                                          &f->exchange.request, verdict);
    fr_aws_facts_finish(&facts);
    return made;
}

/* Sends; what cannot be sent is settled. Non-zero when it is on its way. */
static int send(flight *f, const char *token)
{
    fractary_error error = FR_ERROR_INIT;
    fr_aws_verdict verdict = {.status = FR_AWS_UNVERIFIABLE};

    if (build(f, token, &verdict)) {
        if (fr_aws_exchange_submit(&f->exchange, f->v->call, &error) == FRACTARY_OK)
            return 1;
        say(&verdict, "cannot be asked: ", error.message);
    }
    settle_waiting(f->v, f->ask, &verdict);
    return 0;
}

static void land(flight *f)
{
    f->v->flying--;
    fr_aws_request_finish(&f->exchange.request);
    free(f);
}

static void take_off(verify *v, uint32_t ask)
{
    flight *f = calloc(1, sizeof *f);
    fr_aws_verdict verdict;

    if (f == NULL) {
        say(&verdict, "memory ran out", "");
        settle_waiting(v, ask, &verdict);
        return;
    }
    f->exchange = (fr_aws_exchange){.aws = v->aws,
                                    .profile = v->actor->profile,
                                    .credentials = &v->actor->credentials,
                                    .keys = &v->actor->keys,
                                    .context = f,
                                    .answered = answered};
    f->v = v;
    f->ask = ask;
    v->flying++;
    if (!send(f, NULL))
        land(f);
}

static int is_cancelled(const verify *v)
{
    return !v->winding_up && v->call->cancelled(v->call);
}

/* Keeps as many questions on their way as is allowed. */
static void fill(verify *v)
{
    while (v->status == FRACTARY_OK && v->flying < v->flying_max &&
           v->next_ask < v->plan.ask_count && !is_cancelled(v))
        take_off(v, v->next_ask++);
}

/* ------------------------------------------------------------------- answers */

/* A bucket in another region than we thought: S3 says in which. */
static int is_elsewhere(flight *f, const fractary_http_response *response)
{
    const char *region = response != NULL ? fr_aws_header(response, "x-amz-bucket-region") : NULL;

    if (region == NULL || f->redirected || (response->status != 301 && response->status != 400) ||
        fr_str_equal(region, f->exchange.request.region))
        return 0;
    f->redirected = 1;
    snprintf(f->region, sizeof f->region, "%s", region);
    return 1;
}

/* Returns non-zero when somebody waits for another page. */
static int judge_waiting(flight *f, fr_aws_reply *reply, int more)
{
    verify *v = f->v;
    int waiting = 0;

    for (uint32_t i = v->plan.asks[f->ask].first; i != FR_AWS_NONE; i = v->plan.slots[i].next) {
        fr_aws_facts facts;
        fr_aws_verdict verdict = {.status = FR_AWS_UNVERIFIABLE};
        if (v->plan.slots[i].settled)
            continue;
        facts_of(v, i, &facts);
        if (f->redirected)
            facts.region = f->region;
        const int final = fr_aws_judge_reply(v->plan.slots[i].type, &facts, reply, &verdict);
        if (!final && more && f->pages >= PAGES_MAX)
            say(&verdict, "the answer has too many pages", "");
        if (final || !more || f->pages >= PAGES_MAX)
            settle(v, i, &facts, &verdict);
        else
            waiting = 1;
        fr_aws_facts_finish(&facts);
    }
    return waiting;
}

/* Returns non-zero when the question goes on with the next page. */
static int take(flight *f, const fractary_http_response *response)
{
    const fr_aws_type *type = f->v->plan.slots[f->v->plan.asks[f->ask].first].type;
    fr_aws_reply reply;
    fr_buf token = {0};
    int again = 0;

    fr_aws_reply_init(&reply, type, response);
    const int more = fr_aws_reply_next(&reply, type, &token);
    f->pages++;
    if (judge_waiting(f, &reply, more))
        again = send(f, fr_buf_text(&token));
    fr_buf_finish(&token);
    fr_aws_reply_finish(&reply);
    return again;
}

static void answered(void *context, int32_t status, const fractary_http_response *response)
{
    flight *f = context;
    verify *v = f->v;
    int again = 0;

    if (status != FRACTARY_E_CANCELLED)
        again = is_elsewhere(f, response) ? send(f, NULL) : take(f, response);
    if (again)
        return;
    land(f);
    v->aws->progress->report(v->aws->progress, v->call, "asking AWS", v->settled, v->plan.count);
    if (status != FRACTARY_E_CANCELLED && status != FRACTARY_E_DEADLINE)
        fill(v);
}

/* ------------------------------------------------------------------- the whole */

static void settle_rest(verify *v, const char *reason, const char *detail)
{
    fr_aws_verdict verdict;

    say(&verdict, reason, detail);
    for (uint32_t i = 0; i < v->plan.ask_count; i++)
        settle_waiting(v, i, &verdict);
}

static int32_t ask_all(verify *v, fractary_error *error)
{
    const fractary_http *http = v->aws->http;

    v->flying_max = (uint32_t)fr_json_get_int(v->aws->section, "connections", CONNECTIONS);
    fill(v);
    int32_t status = http->run(http, v->call, error);
    if (status == FRACTARY_OK && is_cancelled(v))
        status = fr_error_set(error, FRACTARY_E_CANCELLED, "Interrupted");
    if (status != FRACTARY_E_CANCELLED)
        settle_rest(v, "not asked: ",
                    status == FRACTARY_OK || error == NULL ? "no time was left" : error->message);
    return status;
}

static int32_t without_actor(verify *v, const fractary_verify_request *request, int32_t status,
                             const fractary_error *error)
{
    if (status == FRACTARY_E_CANCELLED)
        return status;
    for (uint64_t i = 0; v->status == FRACTARY_OK && i < request->count; i++) {
        const fractary_resource *resource = request->resources[i];
        const fr_aws_type *type = fr_aws_type_find(resource->type);
        fr_aws_facts facts;
        fr_aws_verdict verdict;
        if (type != NULL)
            say(&verdict, "not asked: ", error->message);
        else
            fr_aws_judge_no_row(resource->type != NULL ? resource->type : "", &verdict);
        fr_aws_facts_init(&facts, resource, fr_aws_settings_region(v->aws, NULL));
        v->status = fr_aws_resource_emit(v->aws, v->call, type, &facts, &verdict);
        fr_aws_facts_finish(&facts);
    }
    return status;
}

static int32_t run(verify *v, const fractary_verify_request *request, fractary_error *error)
{
    const fr_aws_plan_sink sink = {v, settle};
    int32_t status = fr_aws_actor_get(v->aws, v->call, "read", &v->actor, error);

    if (status != FRACTARY_OK)
        return without_actor(v, request, status, error);
    v->region = fr_aws_settings_region(v->aws, v->actor->profile);
    status = fr_aws_plan_make(&v->plan, v->aws, v->actor->profile, request, &sink);
    if (status == FRACTARY_OK)
        return ask_all(v, error);
    return status == FRACTARY_E_NOMEM
               ? fr_error_nomem(error)
               : fr_error_set(error, status, "There are too many resources to verify");
}

int32_t fr_aws_verify(fr_aws *aws, const fractary_call *call,
                      const fractary_verify_request *request, fractary_error *error)
{
    fractary_error own = FR_ERROR_INIT;
    verify v = {.aws = aws, .call = call, .winding_up = call->cancelled(call)};

    int32_t status = run(&v, request, error != NULL ? error : &own);
    if (status == FRACTARY_OK && v.status != FRACTARY_OK)
        status = fr_error_set(error, v.status, "A resource could not be recorded");
    fr_aws_plan_finish(&v.plan);
    return status;
}
