#include "asked.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

asked_world world;

int32_t asked_prepare(void *context, const fractary_http_attempt *attempt, fractary_error *given)
{
    asked *a = context;
    char number[32];
    ck_assert_uint_ge(attempt->size, sizeof *attempt);
    ck_assert_uint_eq(attempt->number, (uint32_t)++a->prepared);
    a->server_times[attempt->number - 1] = attempt->server_time;
    snprintf(number, sizeof number, "attempt %u", attempt->number);
    ck_assert_int_eq(attempt->add_header(attempt, "X-Signed", number), FRACTARY_OK);
    if (a->header != NULL)
        ck_assert_int_eq(attempt->add_header(attempt, a->header, "s3cret"), FRACTARY_OK);
    if (a->refuse != 0)
        return fr_error_set(given, a->refuse, "cannot sign");
    return FRACTARY_OK;
}

void asked_done(void *context, int32_t status, const fractary_http_response *response)
{
    asked *a = context;
    ck_assert_int_eq(a->finished++, 0);
    ck_assert_uint_eq(strlen(response->body), response->length);
    a->status = status;
    a->response = *response;
    a->body = fr_str_dup(response->body);
    a->failure = fr_str_dup(response->failure);
    if (a->then != NULL)
        ck_assert_int_eq(world.http->submit(world.http, fr_call_table(world.f.call),
                                            &a->then->request, &world.error),
                         FRACTARY_OK);
}

void asked_init(asked *a, const char *path)
{
    memset(a, 0, sizeof *a);
    if (*path == '/')
        http_fixture_url(world.server, path, a->url, sizeof a->url);
    else
        snprintf(a->url, sizeof a->url, "%s", path);
    a->request = (fractary_http_request){.size = sizeof a->request,
                                         .method = "GET",
                                         .url = a->url,
                                         .context = a,
                                         .prepare = asked_prepare,
                                         .done = asked_done};
}

void asked_finish(asked *a)
{
    free(a->body);
    free(a->failure);
}

int32_t asked_submit(asked *a)
{
    return world.http->submit(world.http, fr_call_table(world.f.call), &a->request, &world.error);
}

int32_t asked_run(void)
{
    return world.http->run(world.http, fr_call_table(world.f.call), &world.error);
}

/* Submits and runs; the answer must come. */
void asked_get(asked *a)
{
    ck_assert_int_eq(asked_submit(a), FRACTARY_OK);
    ck_assert_int_eq(asked_run(), FRACTARY_OK);
    ck_assert_int_eq(a->finished, 1);
}

void asked_set_up(void)
{
    void *made = NULL;
    service_fixture_init(&world.f);
    world.error = (fractary_error)FR_ERROR_INIT;
    world.server = http_fixture_start();
    ck_assert_int_eq(fr_http_service.create(&world.f.context, &world.f.guest, &made, &world.error),
                     FRACTARY_OK);
    world.http = made;
}

void asked_tear_down(void)
{
    fr_http_service.destroy((void *)(uintptr_t)world.http);
    http_fixture_stop(world.server);
    service_fixture_finish(&world.f);
}
