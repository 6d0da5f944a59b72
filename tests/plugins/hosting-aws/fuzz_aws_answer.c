/* Answers of any kind to each kind of question: no crash, and only an answer
 * that is the service's own makes a resource verified or missing. The first
 * byte chooses the type, the second the status, the rest is the body. */
#include <stdlib.h>
#include <string.h>

#include "judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int32_t statuses[] = {200, 204, 301, 400, 403, 404, 500, 503, 0};

static const fractary_resource resource = {
    .size = sizeof resource,
    .address = "x",
    .id = "id",
    .arn = "arn:aws:iam::123456789012:role/x",
    .attributes = "{\"role\":\"r\",\"name\":\"n\",\"policy_arn\":\"p\",\"bucket\":\"b\",\"key\":"
                  "\"k\",\"function_name\":\"f\",\"statement_id\":\"s\",\"route_table_id\":\"t\","
                  "\"destination_cidr_block\":\"0.0.0.0/0\",\"version_id\":\"v\"}",
};

static void judge(const fr_aws_type *type, const fractary_http_response *response)
{
    fr_aws_facts facts;
    fr_aws_reply reply;
    fr_aws_verdict verdict = {.status = FR_AWS_VERIFIED};
    fr_buf token = {0};

    fr_aws_facts_init(&facts, &resource, "eu-central-1");
    fr_aws_reply_init(&reply, type, response);
    fr_aws_reply_next(&reply, type, &token);
    fr_aws_judge_reply(type, &facts, &reply, &verdict);
    if (verdict.status != FR_AWS_UNVERIFIABLE && !reply.proven)
        abort();
    if ((verdict.status == FR_AWS_VERIFIED) != (verdict.reason[0] == '\0'))
        abort();
    fr_aws_reply_finish(&reply);
    fr_aws_facts_finish(&facts);
    fr_buf_finish(&token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const fr_aws_type *type = fr_aws_type_at(data[0]);
    if (type == NULL)
        return 0;
    char *body = calloc(1, size);
    if (body == NULL)
        abort();
    memcpy(body, data + 2, size - 2);
    const fractary_http_response response = {.size = sizeof response,
                                             .status = statuses[data[1] % 9],
                                             .attempts = 1,
                                             .body = body,
                                             .length = size - 2,
                                             .failure = ""};
    judge(type, &response);
    free(body);
    return 0;
}
