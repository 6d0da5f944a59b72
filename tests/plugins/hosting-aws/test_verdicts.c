/* verify() and query(): what an answer means. */
#include "harness.h"

#include <string.h>

static harness h; /* of the test that runs */

static void open_host(void)
{
    harness_open(&h);
}

static void close_host(void)
{
    harness_close(&h);
}

/* Answers as AWS's own documentation shows them, for one resource each. */
static const struct {
    const char *resource;
    int32_t code;
    const char *headers, *body;
    const char *status, *reason;
} told[] = {
    {"{\"address\":\"x\",\"type\":\"aws_kms_key\",\"id\":\"k\"}", 200, NULL,
     "{\"KeyMetadata\":{\"KeyId\":\"k\",\"KeyState\":\"PendingDeletion\"}}", "missing",
     "KeyState is PendingDeletion"},
    {"{\"address\":\"x\",\"type\":\"aws_kms_key\",\"id\":\"k\"}", 200, NULL,
     "{\"KeyMetadata\":{\"KeyId\":\"k\",\"KeyState\":\"Disabled\"}}", "verified", NULL},
    {"{\"address\":\"x\",\"type\":\"aws_kms_alias\",\"id\":\"alias/a\",\"attributes\":"
     "{\"target_key_id\":\"k\"}}",
     200, NULL, "{\"KeyMetadata\":{\"KeyId\":\"other\"}}", "unverifiable",
     "another one answers to its name: other"},
    {"{\"address\":\"x\",\"type\":\"aws_secretsmanager_secret\",\"id\":\"arn:aws:s\"}", 200, NULL,
     "{\"ARN\":\"arn:aws:s\",\"DeletedDate\":1.5e9}", "missing", "DeletedDate is 1500000000"},
    {"{\"address\":\"x\",\"type\":\"aws_secretsmanager_secret\",\"id\":\"arn:aws:s\"}", 200, NULL,
     "{\"ARN\":\"arn:aws:s\",\"DeletedDate\":null}", "verified", NULL},
    {"{\"address\":\"x\",\"type\":\"aws_sqs_queue\",\"id\":\"https://q\"}", 400, NULL,
     "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"gone\"}", "missing",
     "AWS says QueueDoesNotExist"},
    {"{\"address\":\"x\",\"type\":\"aws_lambda_function\",\"id\":\"f\"}", 404,
     "x-amzn-errortype: ResourceNotFoundException:http://internal.amazon.com/coral/\n",
     "{\"Message\":\"Function not found\"}", "missing", "AWS says ResourceNotFoundException"},
    {"{\"address\":\"x\",\"type\":\"aws_lambda_function\",\"id\":\"f\"}", 403,
     "x-amzn-errortype: AccessDeniedException\n", "{\"Message\":\"User is not authorized\"}",
     "unverifiable", "denied lambda:GetFunction"},
    {"{\"address\":\"x\",\"type\":\"aws_instance\",\"id\":\"i-1\"}", 200, NULL,
     "<DescribeInstancesResponse><reservationSet><item><instancesSet><item>"
     "<instanceId>i-1</instanceId><instanceState><code>48</code><name>terminated</name>"
     "</instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>",
     "missing", "instanceState/name is terminated"},
    {"{\"address\":\"x\",\"type\":\"aws_instance\",\"id\":\"i-1\"}", 403, NULL,
     "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>",
     "unverifiable", "denied ec2:DescribeInstances"},
    {"{\"address\":\"x\",\"type\":\"aws_s3_bucket_versioning\",\"id\":\"b\"}", 200, NULL,
     "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>", "unverifiable",
     "not in the answer to GetBucketVersioning, and the state does not say whether it should be"},
    {"{\"address\":\"x\",\"type\":\"aws_s3_bucket_versioning\",\"id\":\"b\",\"attributes\":"
     "{\"versioning_configuration\":[{\"status\":\"Disabled\"}]}}",
     200, NULL, "<VersioningConfiguration/>", "verified", NULL},
    {"{\"address\":\"x\",\"type\":\"aws_s3_bucket_versioning\",\"id\":\"b\",\"attributes\":"
     "{\"versioning_configuration\":[{\"status\":\"Enabled\"}]}}",
     200, NULL, "<VersioningConfiguration/>", "missing",
     "not in the answer to GetBucketVersioning"},
    {"{\"address\":\"x\",\"type\":\"aws_s3_bucket_policy\",\"id\":\"b\"}", 403, NULL,
     "<Error><Code>AccessDenied</Code></Error>", "unverifiable", "denied s3:GetBucketPolicy"},
    {"{\"address\":\"x\",\"type\":\"aws_s3_bucket\",\"id\":\"b\"}", 403, "x-amz-request-id: 1\n",
     NULL, "unverifiable", "denied s3:ListBucket"},
    {"{\"address\":\"x\",\"type\":\"aws_s3_bucket_public_access_block\",\"id\":\"b\"}", 404, NULL,
     "<Error><Code>NoSuchBucket</Code></Error>", "missing", "AWS says NoSuchBucket"},
    {"{\"address\":\"x\",\"type\":\"aws_lambda_permission\",\"attributes\":{\"function_name\":"
     "\"f\",\"statement_id\":\"two\"}}",
     200, NULL,
     "{\"Policy\":\"{\\\"Statement\\\":[{\\\"Sid\\\":\\\"one\\\"},{\\\"Sid\\\":\\\"two\\\"}]}\"}",
     "verified", NULL},
    {"{\"address\":\"x\",\"type\":\"aws_lambda_permission\",\"attributes\":{\"function_name\":"
     "\"f\",\"statement_id\":\"two\"}}",
     200, NULL, "{\"Policy\":\"{\\\"Statement\\\":[{\\\"Sid\\\":\\\"one\\\"}]}\"}", "missing",
     "not in the answer to GetPolicy"},
    {"{\"address\":\"x\",\"type\":\"aws_route\",\"attributes\":{\"route_table_id\":\"rtb-1\"}}",
     200, NULL,
     "<DescribeRouteTablesResponse><routeTableSet><item><routeSet><item>"
     "<destinationCidrBlock>10.0.0.0/8</destinationCidrBlock></item></routeSet></item>"
     "</routeTableSet></DescribeRouteTablesResponse>",
     "unverifiable", "the state does not say which one it is"},
    {"{\"address\":\"x\",\"type\":\"aws_route\",\"attributes\":{\"route_table_id\":\"rtb-1\","
     "\"destination_cidr_block\":\"\",\"destination_ipv6_cidr_block\":\"::/0\"}}",
     200, NULL,
     "<DescribeRouteTablesResponse><routeTableSet><item><routeSet><item>"
     "<destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock></item></routeSet></item>"
     "</routeTableSet></DescribeRouteTablesResponse>",
     "verified", NULL},
    {"{\"address\":\"x\",\"type\":\"aws_cloudwatch_log_group\",\"id\":\"/a\"}", 200, NULL,
     "{\"logGroups\":[{\"logGroupName\":\"/ab\"}]}", "missing",
     "not in the answer to DescribeLogGroups"},
    {"{\"address\":\"x\",\"type\":\"aws_dynamodb_table\",\"id\":\"t\",\"attributes\":\"broken\"}",
     200, NULL, "{\"Table\":{\"TableStatus\":\"ACTIVE\"}}", "verified", NULL},
};

START_TEST(test_told)
{
    fr_buf text = {0};

    harness_answer(&h, "", told[_i].code, told[_i].headers, told[_i].body, 0);
    harness_start(&h);
    fr_buf_printf(&text, "[%s]", told[_i].resource);
    ck_assert_int_eq(harness_verify(&h, fr_buf_text(&text)), FRACTARY_OK);
    harness_expect(&h, "x", told[_i].status, told[_i].reason);
    fr_buf_finish(&text);
}
END_TEST

/* Where it is, by what the state says of it; whose it is. */
static const struct {
    const char *resource, *host, *region, *account;
} places[] = {
    {"\"region\":\"eu-west-1\"", "https://kms.eu-west-1.amazonaws.com/", "eu-west-1",
     "123456789012"},
    {"\"region\":\"eu-west-1\",\"attributes\":{\"region\":\"us-east-2\"}",
     "https://kms.us-east-2.amazonaws.com/", "us-east-2", "123456789012"},
    {"\"arn\":\"arn:aws-cn:kms:cn-north-1:210987654321:key/k\"",
     "https://kms.cn-north-1.amazonaws.com.cn/", "cn-north-1", "210987654321"},
    {"\"region\":\"global\",\"account\":\"111122223333\"",
     "https://kms.eu-central-1.amazonaws.com/", "eu-central-1", "111122223333"},
};

START_TEST(test_places)
{
    fr_buf text = {0};

    harness_answer(&h, "", 400, NULL, "{\"__type\":\"NotFoundException\"}", 0);
    harness_start(&h);
    fr_buf_printf(&text, "[{\"address\":\"x\",\"type\":\"aws_kms_key\",\"id\":\"k\",%s}]",
                  places[_i].resource);
    ck_assert_int_eq(harness_verify(&h, fr_buf_text(&text)), FRACTARY_OK);
    ck_assert_str_eq(fr_json_get_string(fr_fake_http_request(h.http, 0), "url"), places[_i].host);
    harness_expect(&h, "x", "missing", "AWS says NotFoundException");
    ck_assert_str_eq(fr_json_get_string(harness_record(&h, "x"), "region"), places[_i].region);
    ck_assert_str_eq(fr_json_get_string(harness_record(&h, "x"), "account"), places[_i].account);
    fr_buf_finish(&text);
}
END_TEST

START_TEST(test_query)
{
    const fractary_resource resource = {.size = sizeof resource,
                                        .address = "x",
                                        .type = "aws_sns_topic",
                                        .id = "arn:aws:sns:r:1:t"};
    const fractary_query_request request = {.size = sizeof request, .resource = &resource};

    harness_answer(&h, "sns.r.amazonaws.com TopicArn=arn%3Aaws%3Asns%3Ar%3A1%3At", 200, NULL,
                   "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes/>"
                   "</GetTopicAttributesResult></GetTopicAttributesResponse>",
                   0);
    harness_start(&h);
    ck_assert_int_eq(h.hosting->query(h.aws, h.call, &request, &h.error), FRACTARY_OK);
    harness_expect(&h, "x", "verified", NULL);
    ck_assert_str_eq(fr_json_get_string(harness_record(&h, "x"), "arn"), "arn:aws:sns:r:1:t");
    ck_assert(h.hosting->deploy == NULL && h.hosting->remove == NULL);
}
END_TEST

int main(void)
{
    TCase *verdicts = tcase_create("verdicts");
    Suite *suite = suite_create("hosting-aws verdicts");

    tcase_add_checked_fixture(verdicts, open_host, close_host);
    tcase_add_loop_test(verdicts, test_told, 0, (int)(sizeof told / sizeof *told));
    tcase_add_loop_test(verdicts, test_places, 0, (int)(sizeof places / sizeof *places));
    tcase_add_test(verdicts, test_query);
    suite_add_tcase(suite, verdicts);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
