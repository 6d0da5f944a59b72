/* verify(): which questions are asked, how often, and which are not. With
 * arguments it serves comparisons from outside:
 *   --requests    for each JSON resource on standard input, the request that it
 *                 leads to, as JSON
 *   --types       the types that are known, as a JSON array
 *   --services    the ids of services that may have an address of their own
 *   --moto        verifies an array of resources on standard input against the
 *                 API on 127.0.0.1:$MOTO_PORT and prints the records, with
 *                 $TEST_EXCHANGES what was sent and answered, too */
#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

static harness h; /* of the test that runs */

/* ---------------------------------------------------------- for comparisons */

static char *read_input(void)
{
    fr_buf text = {0};
    char piece[65536];

    for (size_t got; (got = fread(piece, 1, sizeof piece, stdin)) > 0;)
        fr_buf_append(&text, piece, got);
    return fr_buf_steal(&text);
}

/* The plugin's own section of the configuration. */
static void put_settings(const char *line)
{
    fr_json *tree = fr_json_parse(line, strlen(line), NULL);
    fr_buf text = {0};

    ck_assert_int_eq(fr_json_print(fr_json_get(tree, "settings"), &text), FRACTARY_OK);
    fr_fakehost_section(h.host, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(tree);
}

/* The fake host asserts, which only works within a test. */
START_TEST(print_requests)
{
    static const fr_fake_answer refused = {.status = 400, .body = "{\"__type\":\"Anything\"}"};
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, stdin) > 0) {
        fr_buf text = {0};
        harness_open(&h);
        fr_fake_http_answer(h.http, "", &refused);
        put_settings(line);
        harness_start(&h);
        fr_buf_printf(&text, "[%s]", line);
        ck_assert_int_eq(harness_verify(&h, fr_buf_text(&text)), FRACTARY_OK);
        fr_buf_clear(&text);
        if (fr_fake_http_count(h.http) == 1)
            fr_json_print(fr_fake_http_request(h.http, 0), &text);
        else
            fr_buf_printf(&text, "{\"none\":%s}", fr_fakehost_dump(h.host));
        puts(fr_buf_text(&text));
        fr_buf_finish(&text);
        harness_close(&h);
    }
    free(line);
}
END_TEST

static void print_json(const fr_json *value)
{
    fr_buf text = {0};

    ck_assert_int_eq(fr_json_print(value, &text), FRACTARY_OK);
    puts(fr_buf_text(&text));
    fr_buf_finish(&text);
}

START_TEST(verify_really)
{
    char *resources = read_input();
    char *url = fr_str_format("http://127.0.0.1:%s", getenv("MOTO_PORT"));

    harness_open(&h);
    fr_fake_http_really(h.http);
    fr_fakehost_setenv(h.host, "AWS_ENDPOINT_URL", url);
    fr_fakehost_setenv(h.host, "AWS_MAX_ATTEMPTS", "1");
    if (getenv("TEST_ACCESS_KEY") != NULL) {
        fr_fakehost_setenv(h.host, "AWS_ACCESS_KEY_ID", getenv("TEST_ACCESS_KEY"));
        fr_fakehost_setenv(h.host, "AWS_SECRET_ACCESS_KEY", getenv("TEST_SECRET_KEY"));
    }
    harness_start(&h);
    const int32_t status = harness_verify(&h, resources);
    fputs(fr_fakehost_dump(h.host), stdout);
    if (status != FRACTARY_OK)
        printf("{\"type\":\"failed\",\"message\":\"%s\"}\n", h.error.message);
    for (size_t i = 0; getenv("TEST_EXCHANGES") != NULL && i < fr_fake_http_count(h.http); i++)
        print_json(fr_fake_http_request(h.http, i));
    harness_close(&h);
    free(url);
    free(resources);
    ck_assert_int_eq(status, FRACTARY_OK);
}
END_TEST

/* ------------------------------------------------------------------ helpers */

static void open_host(void)
{
    harness_open(&h);
}

static void close_host(void)
{
    harness_close(&h);
}

#define ATTACHMENT(name, policy)                                                                   \
    "{\"address\":\"" name "\",\"type\":\"aws_iam_role_policy_attachment\",\"attributes\":"        \
    "{\"role\":\"r\",\"policy_arn\":\"" policy "\"}}"
#define ATTACHED(policy) "<member><PolicyArn>" policy "</PolicyArn></member>"
#define ATTACHED_PAGE(members, rest)                                                               \
    "<ListAttachedRolePoliciesResponse xmlns=\"urn:x\"><ListAttachedRolePoliciesResult>"           \
    "<AttachedPolicies>" members "</AttachedPolicies>" rest                                        \
    "</ListAttachedRolePoliciesResult></ListAttachedRolePoliciesResponse>"

/* ------------------------------------------------------------------ questions */

START_TEST(test_one_question_for_the_same_answer)
{
    harness_answer(&h, "", 200, NULL, ATTACHED_PAGE(ATTACHED("a") ATTACHED("b"), ""), 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" ATTACHMENT("one", "a") "," ATTACHMENT(
                                            "two", "b") "," ATTACHMENT("three", "c") "]"),
                     FRACTARY_OK);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 1);
    harness_expect(&h, "one", "verified", NULL);
    harness_expect(&h, "two", "verified", NULL);
    harness_expect(&h, "three", "missing", "not in the answer to ListAttachedRolePolicies");
    ck_assert_uint_eq(fr_fakehost_count(h.host, "resource"), 3);
}
END_TEST

START_TEST(test_pages)
{
    harness_answer(&h, "Marker=next%2F1", 200, NULL, ATTACHED_PAGE(ATTACHED("b"), ""), 0);
    harness_answer(&h, "", 200, NULL, ATTACHED_PAGE(ATTACHED("a"), "<Marker>next/1</Marker>"), 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" ATTACHMENT("one", "a") "," ATTACHMENT(
                                            "two", "b") "," ATTACHMENT("three", "c") "]"),
                     FRACTARY_OK);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 2);
    harness_expect(&h, "one", "verified", NULL);
    harness_expect(&h, "two", "verified", NULL);
    harness_expect(&h, "three", "missing", "not in the answer to ListAttachedRolePolicies");
}
END_TEST

#define PARAMETER                                                                                  \
    "{\"address\":\"p\",\"type\":\"aws_ssm_parameter\",\"id\":\"/x\",\"attributes\":"              \
    "{\"name\":\"/x\"}}"

/* An empty page is not the end. */
START_TEST(test_pages_of_json)
{
    harness_answer(&h, "\"NextToken\":\"a\\\"b\"", 200, NULL,
                   "{\"Parameters\":[{\"Name\":\"/xy\"},{\"Name\":\"/x\"}]}", 0);
    harness_answer(&h, "", 200, NULL, "{\"Parameters\":[],\"NextToken\":\"a\\\"b\"}", 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" PARAMETER "]"), FRACTARY_OK);
    harness_expect(&h, "p", "verified", NULL);
    const fr_json *second = fr_fake_http_request(h.http, 1);
    ck_assert_str_eq(fr_json_get_string(second, "body"),
                     "{\"ParameterFilters\":[{\"Key\":\"Name\",\"Option\":\"Equals\","
                     "\"Values\":[\"/x\"]}],\"NextToken\":\"a\\\"b\"}");
}
END_TEST

START_TEST(test_pages_without_end)
{
    harness_answer(&h, "", 200, NULL, "{\"Parameters\":[],\"NextToken\":\"again\"}", 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" PARAMETER "]"), FRACTARY_OK);
    harness_expect(&h, "p", "unverifiable", "the answer has too many pages");
    ck_assert_uint_eq(fr_fake_http_count(h.http), 50);
}
END_TEST

START_TEST(test_a_page_that_fails)
{
    harness_answer(&h, "NextToken", 400, NULL, "{\"__type\":\"AccessDeniedException\"}", 0);
    harness_answer(&h, "", 200, NULL, "{\"Parameters\":[],\"NextToken\":\"again\"}", 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" PARAMETER "]"), FRACTARY_OK);
    harness_expect(&h, "p", "unverifiable", "denied ssm:DescribeParameters");
}
END_TEST

#define BUCKET "{\"address\":\"b\",\"type\":\"aws_s3_bucket\",\"id\":\"data.of-all\"}"

START_TEST(test_bucket_in_another_region)
{
    harness_answer(&h, "s3.eu-central-1", 301, "x-amz-bucket-region: eu-west-3\n", NULL, 0);
    harness_answer(&h, "https://s3.eu-west-3.amazonaws.com/data.of-all /eu-west-3/s3/", 200,
                   "x-amz-bucket-region: eu-west-3\n", NULL, 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" BUCKET "]"), FRACTARY_OK);
    harness_expect(&h, "b", "verified", NULL);
    ck_assert_str_eq(fr_json_get_string(harness_record(&h, "b"), "region"), "eu-west-3");
}
END_TEST

START_TEST(test_bucket_that_is_nowhere)
{
    harness_answer(&h, "s3.eu-central-1", 301, "x-amz-bucket-region: eu-west-3\n", NULL, 0);
    harness_answer(&h, "s3.eu-west-3", 301, "x-amz-bucket-region: eu-north-1\n", NULL, 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" BUCKET "]"), FRACTARY_OK);
    harness_expect(&h, "b", "unverifiable", "HeadBucket answered 301 ");
    ck_assert_uint_eq(fr_fake_http_count(h.http), 2);
}
END_TEST

START_TEST(test_throttled_and_then_not)
{
    harness_answer(&h, "", 400, NULL, "{\"__type\":\"com.amazonaws#ThrottlingException\"}", 2);
    harness_answer(&h, "", 503, NULL, "down", 1);
    harness_answer(&h, "", 200, NULL, "{\"Parameters\":[{\"Name\":\"/x\"}]}", 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" PARAMETER "]"), FRACTARY_OK);
    harness_expect(&h, "p", "verified", NULL);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 4);
}
END_TEST

/* Each attempt is signed anew, by the clock that then is. */
START_TEST(test_signed_at_each_attempt)
{
    harness_answer(&h, "", 500, NULL, NULL, 1);
    harness_answer(&h, "", 200, NULL, "{\"Parameters\":[{\"Name\":\"/x\"}]}", 0);
    fr_fakehost_clock(h.host, 1, INT64_C(1440938160000));
    fr_fakehost_setenv(h.host, "AWS_SESSION_TOKEN", "the-token");
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" PARAMETER "]"), FRACTARY_OK);
    for (size_t i = 0; i < 2; i++) {
        const fr_json *headers = fr_json_get(fr_fake_http_request(h.http, i), "headers");
        ck_assert_str_eq(fr_json_get_string(headers, "x-amz-date"), "20150830T123600Z");
        ck_assert_str_eq(fr_json_get_string(headers, "x-amz-security-token"), "the-token");
        ck_assert_ptr_nonnull(strstr(fr_json_get_string(headers, "authorization"),
                                     "x-amz-date;x-amz-security-token;x-amz-target"));
    }
    ck_assert_str_eq(fr_json_get_string(harness_record(&h, "p"), "verified_at"),
                     "2015-08-30T12:36:00Z");
}
END_TEST

/* 300 buckets with ten connections: never more than ten questions wait. */
START_TEST(test_connections)
{
    fr_buf text = {0};

    harness_answer(&h, "", 200, "x-amz-request-id: 1\n", NULL, 0);
    fr_fakehost_section(h.host, "{\"connections\":10}");
    harness_start(&h);
    fr_buf_puts(&text, "[");
    for (int i = 0; i < 300; i++)
        fr_buf_printf(&text, "%s{\"address\":\"b%d\",\"type\":\"aws_s3_bucket\",\"id\":\"bk%d\"}",
                      i > 0 ? "," : "", i, i);
    fr_buf_puts(&text, "]");
    ck_assert_int_eq(harness_verify(&h, fr_buf_text(&text)), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(h.host, "resource"), 300);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 300);
    ck_assert_uint_eq(fr_fake_http_most(h.http), 10);
    uint64_t done = 0, total = 0;
    ck_assert_uint_gt(fr_fakehost_progress(h.host, &done, &total), 0);
    ck_assert_uint_eq(done, 300);
    ck_assert_uint_eq(total, 300);
    fr_buf_finish(&text);
}
END_TEST

/* ------------------------------------------------------- what is not asked */

START_TEST(test_nothing_to_ask)
{
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[]"), FRACTARY_OK);
    ck_assert_int_eq(
        harness_verify(&h, "[{\"address\":\"a\",\"type\":\"random_id\",\"id\":\"x\"},"
                           "{\"address\":\"b\",\"type\":\"terraform_data\"},"
                           "{\"address\":\"c\",\"type\":\"aws_budgets_budget\",\"id\":\"x\"},"
                           "{\"address\":\"d\",\"type\":\"aws_iam_role_policy\",\"id\":\"x\"},"
                           "{\"address\":\"e\"},"
                           "{\"address\":\"f\",\"type\":\"aws_vpc\",\"id\":\"v\",\"region\":"
                           "\"eu/evil\"}]"),
        FRACTARY_OK);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 0);
    harness_expect(&h, "a", "unverifiable", "lives only in the state");
    harness_expect(&h, "b", "unverifiable", "lives only in the state");
    harness_expect(&h, "c", "unverifiable", "no check for this type yet");
    harness_expect(&h, "d", "unverifiable", "the state does not say its role");
    harness_expect(&h, "e", "unverifiable", "no check for this type yet");
    harness_expect(&h, "f", "unverifiable", "cannot be asked: \"eu/evil\" is not a region");
}
END_TEST

START_TEST(test_no_region)
{
    fr_fakehost_project(h.host, "{\"region\":null}");
    harness_answer(&h, "iam.amazonaws.com", 404, NULL,
                   "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>", 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[{\"address\":\"a\",\"type\":\"aws_vpc\",\"id\":\"v\"},"
                                        "{\"address\":\"b\",\"type\":\"aws_iam_role\",\"id\":"
                                        "\"r\"}]"),
                     FRACTARY_OK);
    harness_expect(&h, "a", "unverifiable", "cannot be asked: No region is known for DescribeVpcs");
    harness_expect(&h, "b", "missing", "AWS says NoSuchEntity");
    ck_assert_str_eq(fr_json_get_string(harness_record(&h, "b"), "region"), "global");
}
END_TEST

START_TEST(test_no_credentials)
{
    fr_fakehost_setenv(h.host, "AWS_ACCESS_KEY_ID", "");
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" BUCKET "," PARAMETER "]"), FRACTARY_E_AUTH);
    harness_expect(&h, "b", "unverifiable", "not asked: There are no AWS credentials for \"read\"");
    harness_expect(&h, "p", "unverifiable", "not asked: There are no AWS credentials for \"read\"");
    ck_assert_str_eq(h.error.message, "There are no AWS credentials for \"read\"");
}
END_TEST

START_TEST(test_interrupted)
{
    fr_fakehost_cancel(h.host);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h, "[" BUCKET "," PARAMETER "]"), FRACTARY_E_CANCELLED);
    ck_assert_uint_eq(fr_fakehost_count(h.host, "resource"), 0);
}
END_TEST

START_TEST(test_no_time)
{
    fr_fakehost_clock(h.host, 1000, 1000);
    harness_start(&h);
    h.call = fr_fakehost_begin(h.host, 500);
    ck_assert_int_eq(harness_verify(&h, "[" BUCKET "," PARAMETER "]"), FRACTARY_E_DEADLINE);
    harness_expect(&h, "b", "unverifiable", "no answer: the call is over");
    harness_expect(&h, "p", "unverifiable", "no answer: the call is over");
}
END_TEST

static int32_t refuse_record(void *context, const char *data, uint64_t length)
{
    (void)context;
    (void)data;
    (void)length;
    return FRACTARY_E_IO;
}

START_TEST(test_records_that_nobody_takes)
{
    fractary_call call;

    harness_answer(&h, "", 200, "x-amz-request-id: 1\n", NULL, 0);
    fr_fakehost_section(h.host, "{\"connections\":1}");
    harness_start(&h);
    call = *h.call;
    call.sink.emit = refuse_record;
    h.call = &call;
    ck_assert_int_eq(harness_verify(&h, "[" BUCKET "," PARAMETER "]"), FRACTARY_E_IO);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 1);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("hosting-aws verify");
    TCase *questions = tcase_create("questions"), *unasked = tcase_create("unasked");
    TCase *all[] = {questions, unasked};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tcase_add_checked_fixture(all[i], open_host, close_host);
        suite_add_tcase(suite, all[i]);
    }
    tcase_add_test(questions, test_one_question_for_the_same_answer);
    tcase_add_test(questions, test_pages);
    tcase_add_test(questions, test_pages_of_json);
    tcase_add_test(questions, test_pages_without_end);
    tcase_add_test(questions, test_a_page_that_fails);
    tcase_add_test(questions, test_bucket_in_another_region);
    tcase_add_test(questions, test_bucket_that_is_nowhere);
    tcase_add_test(questions, test_throttled_and_then_not);
    tcase_add_test(questions, test_signed_at_each_attempt);
    tcase_add_test(questions, test_connections);
    tcase_add_test(unasked, test_nothing_to_ask);
    tcase_add_test(unasked, test_no_region);
    tcase_add_test(unasked, test_no_credentials);
    tcase_add_test(unasked, test_interrupted);
    tcase_add_test(unasked, test_no_time);
    tcase_add_test(unasked, test_records_that_nobody_takes);
    return suite;
}

static int run_suite(Suite *suite, enum fork_status fork, enum print_output print)
{
    SRunner *runner = srunner_create(suite);

    srunner_set_fork_status(runner, fork);
    srunner_run_all(runner, print);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

static int run_alone(const TTest *test)
{
    Suite *suite = suite_create("comparison");
    TCase *one = tcase_create("one");

    tcase_add_test(one, test);
    suite_add_tcase(suite, one);
    return run_suite(suite, CK_NOFORK, CK_MINIMAL);
}

static const char *type_at(size_t index)
{
    const fr_aws_type *row = fr_aws_type_at(index);
    return row != NULL ? row->type : NULL;
}

static int print_list(const char *(*at)(size_t index))
{
    fr_json *list = fr_json_array();
    fr_buf text = {0};
    const char *item;

    for (size_t i = 0; (item = at(i)) != NULL; i++)
        fr_json_add_string(list, item);
    const int32_t status = fr_json_print(list, &text);
    puts(fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(list);
    return status == FRACTARY_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--requests") == 0)
        return run_alone(print_requests);
    if (argc == 2 && strcmp(argv[1], "--moto") == 0)
        return run_alone(verify_really);
    if (argc == 2 && strcmp(argv[1], "--types") == 0)
        return print_list(type_at);
    if (argc == 2 && strcmp(argv[1], "--services") == 0)
        return print_list(fr_aws_service_id);
    return run_suite(make_suite(), CK_FORK, CK_NORMAL);
}
