/* console_url(): the page of a resource, in each partition. */
#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

static harness h;

static void open_host(void)
{
    harness_open(&h);
    harness_start(&h);
}

static void close_host(void)
{
    ck_assert_uint_eq(fr_fake_http_count(h.http), 0); /* asks nobody */
    harness_close(&h);
}

/* The page, which the caller frees, or NULL with a status. */
static char *page_of(const char *json, int32_t *status)
{
    fr_json *tree = fr_json_parse(json, strlen(json), NULL);
    char *attributes = NULL;
    const fractary_resource resource = harness_resource(tree, &attributes);
    const fractary_query_request request = {.size = sizeof request, .resource = &resource};
    fr_buf text = {0};
    const fractary_sink sink = fr_buf_sink(&text);

    *status = h.hosting->console_url(h.aws, h.call, &request, &sink, &h.error);
    free(attributes);
    fr_json_free(tree);
    return fr_buf_steal(&text);
}

static const struct {
    const char *resource, *page;
} pages[] = {
    {"{\"type\":\"aws_s3_bucket\",\"id\":\"b\"}",
     "https://console.aws.amazon.com/s3/buckets/b?region=eu-central-1&tab=objects"},
    {"{\"type\":\"aws_s3_object\",\"id\":\"a/b c\",\"attributes\":{\"bucket\":\"b\"}}",
     "https://console.aws.amazon.com/s3/object/b?region=eu-central-1&prefix=a%2Fb%20c"},
    {"{\"type\":\"aws_cloudwatch_log_group\",\"id\":\"/aws/lambda/f\"}",
     "https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1"
     "#logsV2:log-groups/log-group/$252Faws$252Flambda$252Ff"},
    {"{\"type\":\"aws_ssm_parameter\",\"id\":\"/a/b\"}",
     "https://console.aws.amazon.com/systems-manager/parameters/%252Fa%252Fb/description"
     "?region=eu-central-1"},
    {"{\"type\":\"aws_vpc\",\"id\":\"vpc-1\",\"region\":\"cn-north-1\"}",
     "https://console.amazonaws.cn/vpcconsole/home?region=cn-north-1#VpcDetails:VpcId=vpc-1"},
    {"{\"type\":\"aws_instance\",\"id\":\"i-1\",\"arn\":\"arn:aws-us-gov:ec2:us-gov-east-1:1:x\"}",
     "https://console.amazonaws-us-gov.com/ec2/home?region=us-gov-east-1"
     "#InstanceDetails:instanceId=i-1"},
    {"{\"type\":\"aws_iam_role\",\"id\":\"r\"}",
     "https://console.aws.amazon.com/iam/home#/roles/details/r"},
    {"{\"type\":\"aws_kms_key\",\"id\":\"k\"}",
     "https://console.aws.amazon.com/kms/home?region=eu-central-1#/kms/keys/k"},
    {"{\"type\":\"aws_sqs_queue\",\"id\":\"https://sqs.x/1/q\"}",
     "https://console.aws.amazon.com/sqs/v3/home?region=eu-central-1"
     "#/queues/https%3A%2F%2Fsqs.x%2F1%2Fq"},
};

START_TEST(test_pages)
{
    int32_t status;
    char *page = page_of(pages[_i].resource, &status);

    ck_assert_int_eq(status, FRACTARY_OK);
    ck_assert_str_eq(page, pages[_i].page);
    free(page);
}
END_TEST

static const char *const without[] = {
    "{\"type\":\"random_id\",\"id\":\"x\"}",
    "{\"type\":\"aws_budgets_budget\",\"id\":\"x\"}",
    "{\"type\":\"aws_iam_instance_profile\",\"id\":\"x\"}",
    "{\"type\":\"aws_iam_role_policy\",\"id\":\"x\"}", /* whose role is not known */
    "{\"id\":\"x\"}",
};

START_TEST(test_no_page)
{
    int32_t status;
    char *page = page_of(without[_i], &status);

    ck_assert_int_eq(status, FRACTARY_E_UNSUPPORTED);
    ck_assert_str_eq(page, "");
    ck_assert(h.error.message[0] != '\0');
    free(page);
}
END_TEST

/* Every type but those on the list has a page below the console's host, for
 * the resources that the local AWS knew. */
START_TEST(test_every_type)
{
    size_t length = 0;
    char *text = fr_fakehost_fixture("tests/plugins/hosting-aws/answers.json", &length);
    fr_json *tree = fr_json_parse(text, length, NULL);
    const fr_aws_type *row;

    for (size_t i = 0; (row = fr_aws_type_at(i)) != NULL; i++) {
        fr_buf json = {0};
        int32_t status;
        const fr_json *resource = fr_json_get(fr_json_get(tree, row->type), "resource");
        ck_assert_int_eq(fr_json_print(resource, &json), FRACTARY_OK);
        char *page = page_of(fr_buf_text(&json), &status);
        const int expected = !fr_str_equal(row->type, "aws_iam_instance_profile");
        ck_assert_msg((status == FRACTARY_OK) == expected, "%s: %d", row->type, (int)status);
        ck_assert_msg(!expected || fr_str_starts(page, "https://console.aws.amazon.com/"), "%s",
                      page);
        ck_assert_msg(strpbrk(page, " <>\"{}") == NULL, "%s", page);
        free(page);
        fr_buf_finish(&json);
    }
    fr_json_free(tree);
    free(text);
}
END_TEST

int main(void)
{
    TCase *one = tcase_create("console");
    Suite *suite = suite_create("hosting-aws console");

    tcase_add_checked_fixture(one, open_host, close_host);
    tcase_add_loop_test(one, test_pages, 0, (int)(sizeof pages / sizeof *pages));
    tcase_add_loop_test(one, test_no_page, 0, (int)(sizeof without / sizeof *without));
    tcase_add_test(one, test_every_type);
    suite_add_tcase(suite, one);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
