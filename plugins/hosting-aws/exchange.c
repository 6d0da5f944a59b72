#include "exchange.h"

#include "fault.h"
#include "settings.h"
#include <fractary-plugin/str.h>

#define HEADERS 2

/* The headers that do not depend on the attempt. */
static size_t fixed_headers(const fr_aws_request *request, fractary_header headers[HEADERS])
{
    size_t count = 0;

    if (request->content_type != NULL)
        headers[count++] = (fractary_header){"Content-Type", request->content_type};
    if (request->target.length > 0)
        headers[count++] = (fractary_header){"X-Amz-Target", fr_buf_text(&request->target)};
    return count;
}

static int32_t add_signature(const fractary_http_attempt *attempt, const fr_aws_signer *signer,
                             const fr_aws_signature *signature)
{
    int32_t status = attempt->add_header(attempt, "X-Amz-Date", signature->date);

    if (status == FRACTARY_OK && (signer->flags & FR_AWS_SIGN_CONTENT) != 0)
        status = attempt->add_header(attempt, "X-Amz-Content-SHA256", signature->content);
    if (status == FRACTARY_OK && signer->session_token != NULL)
        status = attempt->add_header(attempt, "X-Amz-Security-Token", signer->session_token);
    if (status == FRACTARY_OK)
        status =
            attempt->add_header(attempt, "Authorization", fr_buf_text(&signature->authorization));
    return status;
}

static int32_t prepare(void *context, const fractary_http_attempt *attempt, fractary_error *error)
{
    const fr_aws_exchange *x = context;
    const fr_aws_request *request = &x->request;
    fractary_header headers[HEADERS];
    fr_aws_signature signature = {.date = ""};
    const fr_aws_signer signer = {
        .access_key = x->credentials->access_key,
        .secret_key = x->credentials->secret_key,
        .session_token = x->credentials->session_token,
        .region = request->region,
        .service = request->service->name,
        .flags = request->service == &fr_aws_s3 ? FR_AWS_SIGN_S3 : FR_AWS_SIGN_OTHERS,
        .keys = x->keys,
    };
    const fr_aws_message message = {.method = request->method,
                                    .url = fr_buf_text(&request->url),
                                    .headers = headers,
                                    .header_count = fixed_headers(request, headers),
                                    .body = request->body.data,
                                    .body_length = request->body.length};

    int32_t status = fr_aws_sign(&signer, &message, attempt->server_time, &signature);
    if (status == FRACTARY_OK)
        status = add_signature(attempt, &signer, &signature);
    fr_aws_signature_finish(&signature);
    if (status != FRACTARY_OK)
        fr_error_set(error, status, "A request to %s could not be signed", request->service->name);
    return status;
}

static int32_t classify(void *context, const fractary_http_response *response)
{
    (void)context;
    return fr_aws_fault_classify(response);
}

static void done(void *context, int32_t status, const fractary_http_response *response)
{
    const fr_aws_exchange *x = context;
    x->answered(x->context, status, response);
}

int32_t fr_aws_exchange_submit(fr_aws_exchange *exchange, const fractary_call *call,
                               fractary_error *error)
{
    const fr_aws *aws = exchange->aws;
    const fr_aws_request *request = &exchange->request;
    fractary_header headers[HEADERS];
    const fractary_http_request out = {
        .size = sizeof out,
        .max_attempts = fr_aws_settings_attempts(aws, exchange->profile),
        .method = request->method,
        .url = fr_buf_text(&request->url),
        .headers = headers,
        .header_count = fixed_headers(request, headers),
        .body = request->body.data,
        .body_length = request->body.length,
        .ca_file = fr_aws_settings_ca_file(aws, exchange->profile),
        .context = exchange,
        .prepare = prepare,
        .classify = classify,
        .done = done,
    };

    return aws->http->submit(aws->http, call, &out, error);
}
