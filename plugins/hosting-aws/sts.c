#include "sts.h"

#include "exchange.h"
#include "fault.h"
#include "settings.h"
#include <stdio.h>
#include <string.h>

/* What came back, kept when the response is gone. */
typedef struct answer {
    int32_t status; /* of http/1 */
    fr_aws_fault fault;
    int32_t code; /* of HTTP */
    fr_xml_document *document;
} answer;

static void take(void *context, int32_t status, const fractary_http_response *response)
{
    answer *a = context;

    a->status = status;
    if (response == NULL) {
        a->fault.kind = FR_AWS_FAULT_UNREACHED;
        return;
    }
    fr_aws_fault_read(response, &a->fault);
    a->code = response->status;
    if (a->fault.kind == FR_AWS_FAULT_NONE && !response->truncated)
        a->document = fr_xml_parse(response->body, (size_t)response->length);
}

static int32_t status_of(const answer *a)
{
    switch (a->fault.kind) {
    case FR_AWS_FAULT_CREDENTIALS:
        return FRACTARY_E_AUTH;
    case FR_AWS_FAULT_DENIED:
        return FRACTARY_E_DENIED;
    case FR_AWS_FAULT_NONE: /* and yet no XML */
    case FR_AWS_FAULT_THROTTLED:
    case FR_AWS_FAULT_SKEW:
    case FR_AWS_FAULT_SERVER:
    case FR_AWS_FAULT_UNREACHED:
        return FRACTARY_E_UNAVAILABLE;
    case FR_AWS_FAULT_OTHER:
        break;
    }
    return FRACTARY_E_FAILED;
}

static const char *advice_of(int32_t status)
{
    switch (status) {
    case FRACTARY_E_AUTH:
        return "Sign in again, or mend the keys of that source.";
    case FRACTARY_E_DENIED:
        return "Let somebody who may do so grant that permission.";
    case FRACTARY_E_UNAVAILABLE:
        return "Look at the network, the endpoint and the region, then try again.";
    default:
        return "";
    }
}

/* Nothing was sent, so that AWS gave no answer is not the news. */
static int32_t in_clear(const fr_aws_sts *sts, const answer *a, fractary_error *error)
{
    char origin[FR_AWS_ORIGIN];

    fr_aws_settings_endpoint_origin(sts->aws, sts->profile, fr_aws_sts_service.id, origin);
    fr_error_set(error, FRACTARY_E_REFUSED, "%s is refused: keys would travel in clear", origin);
    fr_error_cause(error, "%s", a->fault.message);
    fr_error_advice(error, "Set %s to an https:// address; http:// is for this machine alone.",
                    origin);
    fr_error_place(error, "%s", origin);
    return FRACTARY_E_REFUSED;
}

static int32_t explain(const answer *a, const char *operation, const char *url,
                       fractary_error *error)
{
    const int32_t status = status_of(a);

    fr_error_set(error, status,
                 status == FRACTARY_E_UNAVAILABLE ? "AWS gave no usable answer to %s"
                                                  : "AWS refused %s",
                 operation);
    if (a->fault.code[0] != '\0')
        fr_error_cause(error, "%s (HTTP %d): %s", a->fault.code, (int)a->code, a->fault.message);
    else if (a->code != 0)
        fr_error_cause(error, "%s answered %d without a code of AWS.", url, (int)a->code);
    else
        fr_error_cause(error, "%s cannot be reached: %s", url, a->fault.message);
    fr_error_advice(error, "%s", advice_of(status));
    fr_error_place(error, "sts:%s", operation);
    return status;
}

static int32_t exchange(const fr_aws_sts *sts, const char *operation, fr_aws_exchange *x, answer *a,
                        fractary_error *error)
{
    const fractary_http *http = sts->aws->http;
    int32_t status = fr_aws_exchange_submit(x, sts->call, error);

    if (status == FRACTARY_OK)
        status = http->run(http, sts->call, error);
    if (status == FRACTARY_OK && a->document == NULL && a->code == 0 &&
        strstr(a->fault.message, "gets no credentials") != NULL)
        return in_clear(sts, a, error);
    if (status == FRACTARY_OK && a->document == NULL)
        status = explain(a, operation, fr_buf_text(&x->request.url), error);
    return status;
}

int32_t fr_aws_sts_ask(const fr_aws_sts *sts, const char *operation, const char *input,
                       fr_xml_document **out, fractary_error *error)
{
    const char *region = fr_aws_settings_region(sts->aws, sts->profile);
    const fr_aws_question question = {.service = &fr_aws_sts_service,
                                      .operation = operation,
                                      .region = region != NULL ? region : "us-east-1",
                                      .input = input};
    answer a = {.status = FRACTARY_E_UNAVAILABLE};
    fr_aws_exchange x = {.aws = sts->aws,
                         .profile = sts->profile,
                         .credentials = sts->credentials,
                         .keys = sts->keys,
                         .context = &a,
                         .answered = take};

    int32_t status = fr_aws_request_make(sts->aws, sts->profile, &question, &x.request, error);
    if (status == FRACTARY_OK)
        status = exchange(sts, operation, &x, &a, error);
    fr_aws_request_finish(&x.request);
    *out = a.document;
    return status;
}
