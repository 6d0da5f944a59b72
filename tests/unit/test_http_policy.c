/* What http/1 sends where: credentials, bad requests, certificates; and the
 * rules by themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "base/time.h"
#include "service/http_host.h"
#include "service/http_rules.h"
#include "tls_fixture.h"

/* -------------------------------------------------------------- credentials */

static const struct {
    const char *url;
    int32_t plain, secret; /* without and with an Authorization header */
} ways[] = {
    {"http://127.0.0.1:1/", FRACTARY_OK, FRACTARY_OK},
    {"http://127.9.8.7/", FRACTARY_OK, FRACTARY_OK},
    {"http://localhost:5000/x", FRACTARY_OK, FRACTARY_OK},
    {"http://LOCALHOST/", FRACTARY_OK, FRACTARY_OK},
    {"http://[::1]:80/", FRACTARY_OK, FRACTARY_OK},
    {"http://169.254.169.254/latest", FRACTARY_OK, FRACTARY_OK},
    {"http://169.254.170.2/v2", FRACTARY_OK, FRACTARY_OK},
    {"http://[fd00:ec2::254]/latest", FRACTARY_OK, FRACTARY_OK},
    {"https://sts.amazonaws.com/", FRACTARY_OK, FRACTARY_OK},
    {"http://sts.amazonaws.com/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://localhost.evil.example/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://127.0.0.1.evil.example/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://127.1/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://0x7f.0.0.1/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://0127.0.0.1/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://128.0.0.1/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://10.0.0.1/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://169.254.169.253/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://[::2]/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://[::ffff:10.0.0.1]/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://evil.example/127.0.0.1", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://evil.example?@127.0.0.1/", FRACTARY_OK, FRACTARY_E_REFUSED},
    {"http://evil.example/?X-Amz-Signature=1", FRACTARY_E_REFUSED, FRACTARY_E_REFUSED},
    {"https://evil.example/?X-Amz-Signature=1", FRACTARY_OK, FRACTARY_OK},
    {"http://user:pass@127.0.0.1/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://127.0.0.1@evil.example/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://127.0.0.1\\@evil.example/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://127.0.0.1 /", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://127.0.0.1:80:80/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://127.0.0.1:evil/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://[::1/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http://[::1]evil/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"http:///x", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"ftp://127.0.0.1/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"file:///etc/passwd", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"127.0.0.1/", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
    {"", FRACTARY_E_INVALID, FRACTARY_E_INVALID},
};

START_TEST(credentials_travel_where_they_may)
{
    static const char *const names[] = {"Authorization", "cookie", "X-AMZ-Security-Token"};
    asked a;
    asked_init(&a, ways[_i].url);
    ck_assert_msg(asked_submit(&a) == ways[_i].plain, "%s: %s", ways[_i].url, world.error.message);
    for (size_t n = 0; n < 3; n++) {
        const fractary_header secret = {names[n], "s3cret"};
        a.request.headers = &secret;
        a.request.header_count = 1;
        const int32_t status = asked_submit(&a);
        ck_assert_msg(status == ways[_i].secret, "%s: %d %s", ways[_i].url, status,
                      world.error.message);
        ck_assert_ptr_null(strstr(world.error.message, "s3cret"));
    }
}
END_TEST

START_TEST(credentials_of_prepare_are_looked_at_too)
{
    asked a;
    char proxy[128];
    http_fixture_url(world.server, "", proxy, sizeof proxy);
    asked_init(&a, "http://service.invalid/thing");
    a.request.proxy = proxy;
    a.header = "authorization";
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_E_REFUSED);
    assert_says(a.failure, "plain http");
    ck_assert_int_eq(atomic_load(&world.server->requests), 0);
    asked_finish(&a);
}
END_TEST

START_TEST(near_hosts_are_not_near_behind_a_far_proxy)
{
    asked a;
    const fractary_header secret = {"Authorization", "s3cret"};
    asked_init(&a, "/ok");
    a.request.headers = &secret;
    a.request.header_count = 1;
    a.request.proxy = "http://proxy.example:3128";
    ck_assert_int_eq(asked_submit(&a), FRACTARY_E_REFUSED);
}
END_TEST

static const fractary_header bad_headers[] = {
    {"X-A", "a\r\nX-B: b"}, {"X-A", "a\nb"}, {"X A", "a"},  {"", "a"},
    {"X-A:", "a"},          {NULL, "a"},     {"X-A", NULL}, {"X-A", "\x7f"},
};

START_TEST(bad_headers_are_refused)
{
    asked a;
    asked_init(&a, "/ok");
    a.request.headers = &bad_headers[_i];
    a.request.header_count = 1;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_E_INVALID);
}
END_TEST

START_TEST(bad_requests_are_refused)
{
    asked a;
    asked_init(&a, "/ok");
    a.request.method = "GET /";
    ck_assert_int_eq(asked_submit(&a), FRACTARY_E_INVALID);
    a.request.method = "GET";
    a.request.max_attempts = 11;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_E_INVALID);
    a.request.max_attempts = 1;
    a.request.done = NULL;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_E_INVALID);
    a.request.done = asked_done;
    a.request.body_length = 4;
    ck_assert_int_eq(asked_submit(&a), FRACTARY_E_INVALID);
}
END_TEST

/* ---------------------------------------------------------------------- TLS */

START_TEST(certificates_are_verified)
{
    tls_fixture tls;
    asked a, b;
    tls_fixture_start(&tls, world.f.folder);
    char url[256];
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", tls.port);
    asked_init(&a, url);
    asked_get(&a);
    ck_assert_int_eq(a.status, FRACTARY_E_UNAVAILABLE);
    /* It would fail the same way again. */
    ck_assert_uint_eq(a.response.attempts, 1);
    assert_says(a.failure, "certificate");
    asked_init(&b, url);
    b.request.ca_file = tls.certificate;
    b.header = "Authorization";
    asked_get(&b);
    ck_assert_msg(b.status == FRACTARY_OK, "%s", b.failure);
    ck_assert_int_eq(b.response.status, 200);
    ck_assert_str_eq(b.body, "over TLS");
    asked_finish(&a);
    asked_finish(&b);
    tls_fixture_stop(&tls);
}
END_TEST

/* ------------------------------------------------------------------- parts */

START_TEST(dates_are_read)
{
    int64_t when = 0;
    uint64_t seconds = 0;
    ck_assert_int_ne(fr_http_date("Sun, 06 Nov 1994 08:49:37 GMT", &when), 0);
    ck_assert_int_eq(when, 784111777);
    ck_assert_int_eq(fr_http_date("Sun, 06 Foo 1994 08:49:37 GMT", &when), 0);
    ck_assert_int_eq(fr_http_date("Sun, 06 anF 1994 08:49:37 GMT", &when), 0);
    ck_assert_int_eq(fr_http_date("Sun, x6 Nov 1994 08:49:37 GMT", &when), 0);
    ck_assert_int_eq(fr_http_date("Sunday, 06-Nov-94 08:49:37 GMT", &when), 0);
    ck_assert_int_eq(fr_http_date("", &when), 0);
    ck_assert_int_eq(fr_http_date(NULL, &when), 0);
    ck_assert_int_ne(fr_http_retry_after("120", 0, &seconds), 0);
    ck_assert_uint_eq(seconds, 120);
    ck_assert_int_ne(fr_http_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111770, &seconds), 0);
    ck_assert_uint_eq(seconds, 7);
    ck_assert_int_ne(fr_http_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", 784111780, &seconds), 0);
    ck_assert_uint_eq(seconds, 0);
    ck_assert_int_ne(fr_http_retry_after("99999999999999999", 0, &seconds), 0);
    ck_assert_uint_eq(seconds, 31536000);
    ck_assert_int_eq(fr_http_retry_after("soon", 0, &seconds), 0);
    ck_assert_int_eq(fr_http_retry_after("-1", 0, &seconds), 0);
}
END_TEST

START_TEST(throttling_slows_a_host_down_and_lets_it_recover)
{
    fr_http_host *list = NULL;
    fr_http_host *host = fr_http_host_of(&list, "http://a:1/x", 10);
    ck_assert_ptr_eq(fr_http_host_of(&list, "http://a:1/y", 10), host);
    ck_assert_ptr_ne(fr_http_host_of(&list, "http://a:2/y", 10), host);
    ck_assert_uint_eq(host->limit, FR_HTTP_CONNECTIONS);
    fr_http_host_throttled(host, 10, 100, 50);
    ck_assert_uint_eq(host->limit, FR_HTTP_CONNECTIONS / 2);
    ck_assert_int_eq(fr_http_host_is_free(host, 149), 0);
    ck_assert_int_ne(fr_http_host_is_free(host, 150), 0);
    /* All that was under way says so as well: it counts once. */
    for (uint64_t i = 0; i < 60; i++)
        fr_http_host_throttled(host, 20, 110 + i, 50);
    ck_assert_uint_eq(host->limit, FR_HTTP_CONNECTIONS / 2);
    for (uint64_t i = 0; i < 20; i++)
        fr_http_host_throttled(host, 1000 + i, 1000 + i, 0);
    ck_assert_uint_eq(host->limit, 1);
    for (int i = 0; i < 5000; i++)
        fr_http_host_answered(host);
    ck_assert_uint_eq(host->limit, FR_HTTP_CONNECTIONS);
    fr_http_hosts_free(list);
}
END_TEST

START_TEST(backoff_is_spread_and_bounded)
{
    uint64_t longest[8] = {0};
    for (unsigned number = 1; number < 8; number++)
        for (int i = 0; i < 200; i++) {
            const uint64_t pause = fr_http_backoff(number);
            longest[number] = pause > longest[number] ? pause : longest[number];
        }
    ck_assert_uint_le(longest[1], 200 * FR_MILLISECOND);
    ck_assert_uint_gt(longest[1], 100 * FR_MILLISECOND);
    ck_assert_uint_le(longest[3], 800 * FR_MILLISECOND);
    ck_assert_uint_gt(longest[3], 400 * FR_MILLISECOND);
    ck_assert_uint_le(longest[7], 5 * FR_SECOND);
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

static void add_policy(Suite *suite)
{
    TCase *cases = new_cases(suite, "policy");
    tcase_add_loop_test(cases, credentials_travel_where_they_may, 0,
                        (int)(sizeof ways / sizeof *ways));
    tcase_add_test(cases, credentials_of_prepare_are_looked_at_too);
    tcase_add_test(cases, near_hosts_are_not_near_behind_a_far_proxy);
    tcase_add_loop_test(cases, bad_headers_are_refused, 0,
                        (int)(sizeof bad_headers / sizeof *bad_headers));
    tcase_add_test(cases, bad_requests_are_refused);
    tcase_add_test(cases, certificates_are_verified);
    tcase_add_test(cases, dates_are_read);
    tcase_add_test(cases, throttling_slows_a_host_down_and_lets_it_recover);
    tcase_add_test(cases, backoff_is_spread_and_bounded);
}

int main(void)
{
    Suite *suite = suite_create("http_policy");
    add_policy(suite);
    return fixture_run(suite);
}
