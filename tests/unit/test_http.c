/* http/1 on the real module, against a real server: answers, attempts, signing,
 * backoff, deadlines and interruptions. */
#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "base/time.h"
#include "service/http_host.h"

/* ------------------------------------------------------------------ answers */

static const char *header_of(const fractary_http_response *response, const char *name)
{
    for (uint64_t i = 0; i < response->header_count; i++)
        if (strcmp(response->headers[i].name, name) == 0)
            return response->headers[i].value;
    return NULL;
}

static char server_header[32];
static int empty_header;

static void keep_headers(void *context, int32_t status, const fractary_http_response *response)
{
    const char *value = header_of(response, "x-server");
    snprintf(server_header, sizeof server_header, "%s", value != NULL ? value : "");
    value = header_of(response, "x-empty");
    empty_header = value != NULL && *value == '\0';
    ck_assert_ptr_null(header_of(response, "x-early"));
    asked_done(context, status, response);
}

START_TEST(answer_comes_with_its_headers)
{
    asked a;
    asked_init(&a, "/ok");
    a.request.done = keep_headers;
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_OK);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_uint_eq(a.response.attempts, 1);
    ck_assert_uint_eq(a.response.truncated, 0);
    ck_assert_str_eq(a.body, "hello");
    ck_assert_str_eq(a.failure, "");
    ck_assert_str_eq(server_header, "Test");
    ck_assert_int_eq(empty_header, 1);
    asked_finish(&a);
}
END_TEST

START_TEST(early_answers_are_forgotten)
{
    asked a;
    asked_init(&a, "/continue");
    a.request.done = keep_headers;
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_str_eq(server_header, "Test");
    asked_finish(&a);
}
END_TEST

START_TEST(request_goes_out_as_it_was_given)
{
    asked a;
    char method[] = "PUT";
    char value[] = "one, two";
    char body[] = "the body";
    const fractary_header headers[] = {{"X-Given", value}, {"X-Empty", ""}};
    asked_init(&a, "/echo");
    a.request.method = method;
    a.request.headers = headers;
    a.request.header_count = 2;
    a.request.body = body;
    a.request.body_length = 8;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_OK);
    /* All of it was copied. */
    memset(method, '!', 3);
    memset(value, '!', 8);
    memset(body, '!', 8);
    memset(a.url, '!', 10);
    ck_assert_int_eq(asked_run(), FRACTARY_OK);
    ck_assert_int_eq(strncmp(a.body, "PUT /echo HTTP/1.1\r\n", 20), 0);
    assert_says(a.body, "\r\nX-Given: one, two\r\n");
    assert_says(a.body, "\r\nX-Empty:\r\n");
    assert_says(a.body, "\r\nX-Signed: attempt 1\r\n");
    assert_says(a.body, "\r\nUser-Agent: fractary/0.0\r\n");
    assert_says(a.body, "\r\nContent-Length: 8\r\n");
    ck_assert_ptr_null(strcasestr(a.body, "Expect:"));
    ck_assert_ptr_null(strcasestr(a.body, "Content-Type:"));
    ck_assert_str_eq(strstr(a.body, "\r\n\r\n") + 4, "the body");
    asked_finish(&a);
}
END_TEST

static const struct {
    const char *method, *line;
    const char *length; /* the header, or NULL: none */
} methods[] = {
    {"GET", "GET /echo ", NULL},
    {"POST", "POST /echo ", "Content-Length: 0"},
    {"DELETE", "DELETE /echo ", NULL},
    {"PUT", "PUT /echo ", "Content-Length: 0"},
};

START_TEST(methods_without_a_body)
{
    asked a;
    asked_init(&a, "/echo");
    a.request.method = methods[_i].method;
    asked_get(&a);
    ck_assert_int_eq(strncmp(a.body, methods[_i].line, strlen(methods[_i].line)), 0);
    if (methods[_i].length != NULL)
        assert_says(a.body, methods[_i].length);
    else
        ck_assert_ptr_null(strstr(a.body, "Content-Length"));
    asked_finish(&a);
}
END_TEST

START_TEST(paths_are_not_tidied_up)
{
    asked a;
    asked_init(&a, "/echo/../a//b/./c%2Fd?x=1&y=%20");
    asked_get(&a);
    ck_assert_int_eq(strncmp(a.body, "GET /echo/../a//b/./c%2Fd?x=1&y=%20 HTTP/1.1", 44), 0);
    asked_finish(&a);
}
END_TEST

START_TEST(redirects_are_not_followed)
{
    asked a;
    asked_init(&a, "/location");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 302);
    ck_assert_int_eq(atomic_load(&world.server->requests), 1);
    asked_finish(&a);
}
END_TEST

START_TEST(environment_names_no_proxy)
{
    asked a;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    asked_init(&a, "/ok");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    asked_finish(&a);
}
END_TEST

START_TEST(proxy_is_used_when_given)
{
    asked a;
    char proxy[128];
    http_fixture_url(world.server, "", proxy, sizeof proxy);
    asked_init(&a, "http://service.invalid/thing");
    a.request.proxy = proxy;
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_str_eq(a.body, "good");
    asked_finish(&a);
}
END_TEST

START_TEST(body_has_a_largest_size)
{
    asked fits, over;
    asked_init(&fits, "/size/5000");
    asked_init(&over, "/size/5001");
    fits.request.max_body = 5000;
    over.request.max_body = 5000;
    ck_assert_int_eq(asked_submit(&fits), FRACTARY_OK);
    asked_get(&over);
    ck_assert_int_eq(fits.status, FRACTARY_OK);
    ck_assert_uint_eq(fits.response.length, 5000);
    ck_assert_int_eq(over.status, FRACTARY_E_LIMIT);
    ck_assert_int_eq(over.response.status, 200);
    ck_assert_uint_eq(over.response.truncated, 1);
    ck_assert_uint_eq(over.response.length, 5000);
    ck_assert_uint_eq(over.response.attempts, 1);
    asked_finish(&fits);
    asked_finish(&over);
}
END_TEST

/* ----------------------------------------------------------------- attempts */

START_TEST(errors_are_tried_again_and_signed_anew)
{
    asked a;
    asked_init(&a, "/fail/503/2/x");
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_OK);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_uint_eq(a.response.attempts, 3);
    ck_assert_int_eq(a.prepared, 3);
    ck_assert_str_eq(a.body, "good");
    asked_finish(&a);
}
END_TEST

START_TEST(attempts_have_an_end)
{
    asked a;
    asked_init(&a, "/fail/500/100/x");
    a.request.max_attempts = 2;
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_OK);
    ck_assert_int_eq(a.response.status, 500);
    ck_assert_uint_eq(a.response.attempts, 2);
    ck_assert_int_eq(atomic_load(&world.server->requests), 2);
    asked_finish(&a);
}
END_TEST

START_TEST(client_errors_are_not_tried_again)
{
    asked a;
    asked_init(&a, "/fail/404/100/x");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 404);
    ck_assert_int_eq(atomic_load(&world.server->requests), 1);
    asked_finish(&a);
}
END_TEST

static int32_t again_for_400(void *context, const fractary_http_response *response)
{
    (void)context;
    return response->status == 400 && strcmp(response->body, "bad") == 0 ? FRACTARY_HTTP_THROTTLED
                                                                         : FRACTARY_HTTP_DONE;
}

START_TEST(classify_decides)
{
    asked a, b;
    asked_init(&a, "/fail/400/1/x");
    asked_init(&b, "/fail/500/1/x");
    a.request.classify = again_for_400;
    b.request.classify = again_for_400;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_OK);
    asked_get(&b);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_uint_eq(a.response.attempts, 2);
    ck_assert_int_eq(b.response.status, 500);
    ck_assert_uint_eq(b.response.attempts, 1);
    asked_finish(&a);
    asked_finish(&b);
}
END_TEST

static asked *other;
static uint64_t b_prepared_at;

static int32_t submit_other(void *context, const fractary_http_response *response)
{
    (void)context;
    if (other != NULL)
        ck_assert_int_eq(asked_submit(other), FRACTARY_OK);
    other = NULL;
    return response->status == 429 ? FRACTARY_HTTP_THROTTLED : FRACTARY_HTTP_DONE;
}

static int32_t note_time(void *context, const fractary_http_attempt *attempt, fractary_error *given)
{
    b_prepared_at = fr_time_monotonic();
    return asked_prepare(context, attempt, given);
}

START_TEST(retry_after_is_honoured_for_the_whole_host)
{
    asked a, b;
    const uint64_t start = fr_time_monotonic();
    asked_init(&a, "/after/1/1/x");
    asked_init(&b, "/ok");
    b.request.prepare = note_time;
    a.request.classify = submit_other;
    other = &b;
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_uint_eq(a.response.attempts, 2);
    ck_assert_int_eq(b.finished, 1);
    ck_assert_uint_ge((unsigned)((b_prepared_at - start) / FR_MILLISECOND), 990);
    ck_assert_uint_lt(service_fixture_since(start), 3000);
    asked_finish(&a);
    asked_finish(&b);
}
END_TEST

START_TEST(too_much_patience_is_not_had)
{
    asked a;
    const uint64_t start = fr_time_monotonic();
    asked_init(&a, "/after/3600/1/x");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 429);
    ck_assert_uint_lt(service_fixture_since(start), 500);
    asked_finish(&a);
}
END_TEST

START_TEST(reset_connections_are_tried_again)
{
    asked a, b;
    asked_init(&a, "/reset/1/x");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_uint_eq(a.response.attempts, 2);
    asked_init(&b, "/reset/100/y");
    b.request.max_attempts = 2;
    asked_get(&b);
    ck_assert_int_eq(b.status, FRACTARY_E_UNAVAILABLE);
    ck_assert_int_eq(b.response.status, 0);
    ck_assert_str_ne(b.failure, "");
    asked_finish(&a);
    asked_finish(&b);
}
END_TEST

START_TEST(cut_bodies_are_tried_again_and_said)
{
    asked a, b;
    asked_init(&a, "/cut/1/x");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    ck_assert_str_eq(a.body, "good");
    asked_init(&b, "/cut/100/y");
    b.request.max_attempts = 2;
    asked_get(&b);
    ck_assert_int_eq(b.status, FRACTARY_E_UNAVAILABLE);
    ck_assert_int_eq(b.response.status, 200);
    ck_assert_uint_eq(b.response.truncated, 1);
    ck_assert_str_eq(b.body, "only this");
    asked_finish(&a);
    asked_finish(&b);
}
END_TEST

START_TEST(unreachable_host_is_unavailable)
{
    asked a;
    const uint64_t start = fr_time_monotonic();
    asked_init(&a, "http://127.0.0.1:1/");
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_E_UNAVAILABLE);
    ck_assert_uint_eq(a.response.attempts, 4);
    ck_assert_uint_lt(service_fixture_since(start), 2500);
    assert_says(a.failure, "onnect");
    asked_finish(&a);
}
END_TEST

START_TEST(server_clock_mends_itself)
{
    asked skewed, next;
    asked_init(&skewed, "/date/-5000");
    asked_get(&skewed);
    asked_init(&next, "/ok");
    asked_get(&next);
    const int64_t now = fr_time_now_ms() / 1000;
    ck_assert_int_le(llabs(skewed.server_times[0] - now), 2);
    ck_assert_int_le(llabs(skewed.response.server_time - (now - 5000)), 2);
    ck_assert_int_le(llabs(next.server_times[0] - (now - 5000)), 2);
    asked_finish(&skewed);
    asked_finish(&next);
}
END_TEST

START_TEST(prepare_can_fail)
{
    asked a;
    asked_init(&a, "/ok");
    a.refuse = FRACTARY_E_AUTH;
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_E_AUTH);
    assert_says(a.failure, "cannot sign");
    ck_assert_int_eq(atomic_load(&world.server->requests), 0);
    asked_finish(&a);
}
END_TEST

/* -------------------------------------------------------------- many at once */

#define MANY 300

START_TEST(many_requests_share_connections)
{
    static asked all[MANY];
    for (int i = 0; i < MANY; i++) {
        asked_init(&all[i], "/slow/10");
        ck_assert_int_eq(asked_submit(&all[i]), FRACTARY_OK);
    }
    ck_assert_int_eq(asked_run(), FRACTARY_OK);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(all[i].finished, 1);
        ck_assert_int_eq(all[i].response.status, 200);
        asked_finish(&all[i]);
    }
    ck_assert_int_le(atomic_load(&world.server->connections), FR_HTTP_CONNECTIONS);
    ck_assert_int_gt(atomic_load(&world.server->at_once), 16);
    ck_assert_int_eq(atomic_load(&world.server->requests), MANY);
}
END_TEST

START_TEST(done_may_submit_more)
{
    static asked chain[20];
    for (int i = 0; i < 20; i++) {
        asked_init(&chain[i], "/ok");
        chain[i].then = i < 19 ? &chain[i + 1] : NULL;
    }
    ck_assert_int_eq(asked_submit(&chain[0]), FRACTARY_OK);
    ck_assert_int_eq(asked_run(), FRACTARY_OK);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(chain[i].finished, 1);
        asked_finish(&chain[i]);
    }
    ck_assert_int_eq(atomic_load(&world.server->connections), 1);
}
END_TEST

static int32_t run_inside(void *context, const fractary_http_response *response)
{
    (void)context;
    (void)response;
    ck_assert_int_eq(asked_run(), FRACTARY_E_REENTRANT);
    return FRACTARY_HTTP_DONE;
}

START_TEST(run_does_not_nest)
{
    asked a;
    asked_init(&a, "/ok");
    a.request.classify = run_inside;
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    asked_finish(&a);
    ck_assert_int_eq(asked_run(), FRACTARY_OK);
}
END_TEST

START_TEST(what_was_never_run_is_dropped)
{
    asked a;
    asked_init(&a, "/ok");
    ck_assert_int_eq(asked_submit(&a), FRACTARY_OK);
    /* Freed with the service: the sanitizer build looks. */
    ck_assert_int_eq(a.finished, 0);
}
END_TEST

START_TEST(budget_spares_a_host_that_is_down)
{
    static asked all[MANY];
    int attempts = 0;
    for (int i = 0; i < MANY; i++) {
        asked_init(&all[i], "/fail/500/100000/x");
        ck_assert_int_eq(asked_submit(&all[i]), FRACTARY_OK);
    }
    ck_assert_int_eq(asked_run(), FRACTARY_OK);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(all[i].response.status, 500);
        attempts += (int)all[i].response.attempts;
        asked_finish(&all[i]);
    }
    ck_assert_int_le(attempts, MANY + FR_HTTP_BUDGET / FR_HTTP_RETRY_COST);
    ck_assert_int_ge(attempts, MANY + 50);
}
END_TEST

/* -------------------------------------------------------- deadlines, Ctrl-C */

START_TEST(attempt_has_a_timeout)
{
    asked a;
    const uint64_t start = fr_time_monotonic();
    asked_init(&a, "/slow/5000");
    a.request.timeout = 200 * FR_MILLISECOND;
    a.request.max_attempts = 2;
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_E_UNAVAILABLE);
    ck_assert_uint_eq(a.response.attempts, 2);
    ck_assert_uint_lt(service_fixture_since(start), 2000);
    asked_finish(&a);
}
END_TEST

START_TEST(call_has_a_deadline)
{
    asked a, b;
    const uint64_t start = fr_time_monotonic();
    service_fixture_call(&world.f, 300);
    asked_init(&a, "/slow/5000");
    asked_init(&b, "/fail/500/100/x");
    b.request.max_attempts = 10;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_OK);
    ck_assert_int_eq(asked_submit(&b), FRACTARY_OK);
    ck_assert_int_eq(asked_run(), FRACTARY_E_DEADLINE);
    ck_assert_uint_lt(service_fixture_since(start), 1500);
    ck_assert_int_eq(a.finished, 1);
    ck_assert_int_eq(a.status, FRACTARY_E_DEADLINE);
    ck_assert_int_eq(a.response.status, 0);
    ck_assert_int_eq(b.finished, 1);
    asked_finish(&a);
    asked_finish(&b);
    /* The service is fit for more. */
    service_fixture_call(&world.f, 0);
    asked_init(&a, "/ok");
    asked_get(&a);
    ck_assert_int_eq(a.response.status, 200);
    asked_finish(&a);
}
END_TEST

static int32_t refused_submit;

static void submit_more(void *context, int32_t status, const fractary_http_response *response)
{
    asked extra;
    asked_done(context, status, response);
    asked_init(&extra, "/ok");
    refused_submit = asked_submit(&extra);
}

START_TEST(interruption_ends_everything_once)
{
    asked a, b;
    const uint64_t start = fr_time_monotonic();
    asked_init(&a, "/slow/5000");
    asked_init(&b, "/slow/5000");
    b.request.done = submit_more;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_OK);
    ck_assert_int_eq(asked_submit(&b), FRACTARY_OK);
    service_fixture_signal_later(SIGINT, 200);
    ck_assert_int_eq(asked_run(), FRACTARY_E_CANCELLED);
    ck_assert_uint_lt(service_fixture_since(start), 1500);
    ck_assert_int_eq(a.status, FRACTARY_E_CANCELLED);
    ck_assert_int_eq(b.status, FRACTARY_E_CANCELLED);
    ck_assert_int_eq(refused_submit, FRACTARY_E_CANCELLED);
    assert_says(a.failure, "interrupted");
    asked_finish(&a);
    asked_finish(&b);
}
END_TEST

/* --------------------------------------------------------------------- suite */

static TCase *new_cases(Suite *suite, const char *name)
{
    TCase *cases = tcase_create(name);
    tcase_add_checked_fixture(cases, asked_set_up, asked_tear_down);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(suite, cases);
    return cases;
}

static void add_answers(Suite *suite)
{
    TCase *cases = new_cases(suite, "answers");
    tcase_add_test(cases, answer_comes_with_its_headers);
    tcase_add_test(cases, early_answers_are_forgotten);
    tcase_add_test(cases, request_goes_out_as_it_was_given);
    tcase_add_loop_test(cases, methods_without_a_body, 0, (int)(sizeof methods / sizeof *methods));
    tcase_add_test(cases, paths_are_not_tidied_up);
    tcase_add_test(cases, redirects_are_not_followed);
    tcase_add_test(cases, environment_names_no_proxy);
    tcase_add_test(cases, proxy_is_used_when_given);
    tcase_add_test(cases, body_has_a_largest_size);
}

static void add_attempts(Suite *suite)
{
    TCase *cases = new_cases(suite, "attempts");
    tcase_add_test(cases, errors_are_tried_again_and_signed_anew);
    tcase_add_test(cases, attempts_have_an_end);
    tcase_add_test(cases, client_errors_are_not_tried_again);
    tcase_add_test(cases, classify_decides);
    tcase_add_test(cases, retry_after_is_honoured_for_the_whole_host);
    tcase_add_test(cases, too_much_patience_is_not_had);
    tcase_add_test(cases, reset_connections_are_tried_again);
    tcase_add_test(cases, cut_bodies_are_tried_again_and_said);
    tcase_add_test(cases, unreachable_host_is_unavailable);
    tcase_add_test(cases, server_clock_mends_itself);
    tcase_add_test(cases, prepare_can_fail);
    tcase_add_test(cases, many_requests_share_connections);
    tcase_add_test(cases, done_may_submit_more);
    tcase_add_test(cases, run_does_not_nest);
    tcase_add_test(cases, what_was_never_run_is_dropped);
    tcase_add_test(cases, budget_spares_a_host_that_is_down);
    tcase_add_test(cases, attempt_has_a_timeout);
    tcase_add_test(cases, call_has_a_deadline);
    tcase_add_test(cases, interruption_ends_everything_once);
}

int main(void)
{
    Suite *suite = suite_create("http");
    add_answers(suite);
    add_attempts(suite);
    return fixture_run(suite);
}
