/* Each resource type against answers.json, which record_answers.py took from a
 * local AWS: exists, gone, denied; and against answers that no service gives. */
#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

static fr_json *fixture(void)
{
    size_t length = 0;
    char *text = fr_fakehost_fixture("tests/plugins/hosting-aws/answers.json", &length);
    fr_json *tree = fr_json_parse(text, length, NULL);

    ck_assert_ptr_nonnull(tree);
    free(text);
    return tree;
}

/* Verifies the fixture's resource with one answer to whatever is asked; the
 * caller closes the harness. */
static const fr_json *ask(harness *h, const fr_json *entry, const fr_fake_answer *answer)
{
    fr_buf text = {0};
    const fr_json *resource = fr_json_get(entry, "resource");

    harness_open(h);
    fr_fake_http_answer(h->http, "", answer);
    harness_start(h);
    fr_buf_putc(&text, '[');
    ck_assert_int_eq(fr_json_print(resource, &text), FRACTARY_OK);
    fr_buf_putc(&text, ']');
    ck_assert_int_eq(harness_verify(h, fr_buf_text(&text)), FRACTARY_OK);
    fr_buf_finish(&text);
    ck_assert_uint_eq(fr_fakehost_count(h->host, "resource"), 1);
    return harness_record(h, fr_json_get_string(resource, "address"));
}

static void expect(const fr_json *entry, const char *what, const fr_fake_answer *answer,
                   const char *status, const char *reason)
{
    harness h;
    const fr_json *record = ask(&h, entry, answer);
    const char *said = fr_json_get_string(record, "reason");

    ck_assert_msg(fr_str_equal(fr_json_get_string(record, "status"), status), "%s, %s: %s",
                  fr_json_key(entry), what, fr_fakehost_dump(h.host));
    ck_assert_msg((said != NULL) == (strcmp(status, "verified") != 0), "%s: a reason", what);
    ck_assert_msg(reason == NULL || (said != NULL && strstr(said, reason) != NULL), "%s, %s: %s",
                  fr_json_key(entry), what, said);
    ck_assert_msg((fr_json_get_string(record, "verified_at") != NULL) ==
                      (strcmp(status, "unverifiable") != 0),
                  "%s: a time only of what was answered", what);
    harness_close(&h);
}

static void expect_recorded(const fr_json *entry, const char *what, const char *status,
                            const char *reason)
{
    const fr_json *recorded = fr_json_get(entry, what);
    fr_buf headers = {0};

    for (const fr_json *e = fr_json_first(fr_json_get(recorded, "headers")); e != NULL;
         e = fr_json_next(e))
        fr_buf_printf(&headers, "%s: %s\n", fr_json_key(e), fr_json_string(e));
    const fr_fake_answer answer = {.status = (int32_t)fr_json_get_int(recorded, "status", 0),
                                   .headers = fr_buf_text(&headers),
                                   .body = fr_json_get_string(recorded, "body")};
    expect(entry, what, &answer, status, reason);
    fr_buf_finish(&headers);
}

START_TEST(test_recorded)
{
    fr_json *tree = fixture();
    size_t count = 0;

    for (const fr_json *e = fr_json_first(tree); e != NULL; e = fr_json_next(e), count++) {
        expect_recorded(e, "exists", "verified", NULL);
        expect_recorded(e, "gone", "missing", NULL);
        expect_recorded(e, "denied", "unverifiable", "denied ");
    }
    const fr_aws_type *row;
    for (size_t i = 0; (row = fr_aws_type_at(i)) != NULL; i++, count--)
        ck_assert_msg(fr_json_get(tree, row->type) != NULL, "no answers for %s", row->type);
    ck_assert_uint_eq(count, 0);
    fr_json_free(tree);
}
END_TEST

/* What a proxy, a hotel or a broken server may say; none of it is knowledge. */
static const struct {
    const char *what;
    fr_fake_answer answer;
    const char *reason;
} strange[] = {
    {"HTML", {.status = 200, .body = "<!DOCTYPE html><html><body>Sign in</body></html>"}, "read"},
    {"XHTML", {.status = 200, .body = "<html><body>Sign in</body></html>"}, "read"},
    {"other XML", {.status = 200, .body = "<DescribeNothingResponse/>"}, "read"},
    {"empty object", {.status = 200, .body = "{}"}, "read"},
    {"array", {.status = 200, .body = "[]"}, "read"},
    {"nothing", {.status = 200}, "read"},
    {"404 of something else", {.status = 404, .body = "<html>Not found</html>"}, "404"},
    {"404 without a body", {.status = 404}, "404"},
    {"301", {.status = 301, .headers = "location: https://example.com/\n"}, "301"},
    {"500", {.status = 500, .body = "<html>oops</html>"}, "500"},
    {"503", {.status = 503}, "503"},
    {"403 without words", {.status = 403}, "denied "},
    {"throttled", {.status = 400, .body = "{\"__type\":\"ThrottlingException\"}"}, "throttled"},
    {"throttled", {.status = 503, .body = "<Error><Code>SlowDown</Code></Error>"}, "throttled"},
    {"expired",
     {.status = 400, .body = "{\"__type\":\"ExpiredTokenException\"}"},
     "the credentials are refused: ExpiredTokenException"},
    {"expired",
     {.status = 403,
      .body = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>"},
     "the credentials are refused: InvalidClientTokenId"},
    {"no answer", {.status = 0}, "no answer: connection refused"},
};

START_TEST(test_strange)
{
    fr_json *tree = fixture();

    for (const fr_json *e = fr_json_first(tree); e != NULL; e = fr_json_next(e))
        expect(e, strange[_i].what, &strange[_i].answer, "unverifiable", strange[_i].reason);
    fr_json_free(tree);
}
END_TEST

/* The good answer, cut: noticed by the transport, or by nobody but us. */
static void expect_cut(const fr_json *entry, const char *body, size_t length, int noticed)
{
    char *part = fr_str_ndup(body, length);
    const fr_fake_answer answer = {
        .status = 200, .headers = "x-amzn-requestid: 1\n", .body = part, .truncated = noticed};

    expect(entry, "cut", &answer, "unverifiable", "read");
    free(part);
}

START_TEST(test_cut_answers)
{
    fr_json *tree = fixture();

    for (const fr_json *e = fr_json_first(tree); e != NULL; e = fr_json_next(e)) {
        const char *body = fr_json_get_string(fr_json_get(e, "exists"), "body");
        const size_t length = strlen(body);
        if (length == 0)
            continue;
        expect_cut(e, body, length / 2, 0);
        expect_cut(e, body, length / 2, 1);
        expect_cut(e, body, length, 1);
    }
    fr_json_free(tree);
}
END_TEST

int main(void)
{
    TCase *answers = tcase_create("answers");
    Suite *suite = suite_create("hosting-aws answers");

    tcase_set_timeout(answers, 120);
    tcase_add_test(answers, test_recorded);
    tcase_add_loop_test(answers, test_strange, 0, (int)(sizeof strange / sizeof *strange));
    tcase_add_test(answers, test_cut_answers);
    suite_add_tcase(suite, answers);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
