#include "fault.h"

#include <fractary-plugin/json.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/xml.h>
#include <stdio.h>
#include <string.h>

/* A word that has none of these codes is one of the operation's own. */
static const struct {
    fr_aws_fault_kind kind;
    const char *code;
} codes[] = {
    {FR_AWS_FAULT_DENIED, "AccessDenied"},
    {FR_AWS_FAULT_DENIED, "AccessDeniedException"},
    {FR_AWS_FAULT_DENIED, "AccessDeniedFault"},
    {FR_AWS_FAULT_DENIED, "AllAccessDisabled"},
    {FR_AWS_FAULT_DENIED, "AuthorizationError"},
    {FR_AWS_FAULT_DENIED, "AuthorizationErrorException"},
    {FR_AWS_FAULT_DENIED, "Client.UnauthorizedOperation"},
    {FR_AWS_FAULT_DENIED, "Forbidden"},
    {FR_AWS_FAULT_DENIED, "ForbiddenException"},
    {FR_AWS_FAULT_DENIED, "KMSAccessDeniedException"},
    {FR_AWS_FAULT_DENIED, "NotAuthorized"},
    {FR_AWS_FAULT_DENIED, "UnauthorizedOperation"},
    {FR_AWS_FAULT_CREDENTIALS, "AuthFailure"},
    {FR_AWS_FAULT_CREDENTIALS, "ExpiredToken"},
    {FR_AWS_FAULT_CREDENTIALS, "ExpiredTokenException"},
    {FR_AWS_FAULT_CREDENTIALS, "IncompleteSignature"},
    {FR_AWS_FAULT_CREDENTIALS, "InvalidAccessKeyId"},
    {FR_AWS_FAULT_CREDENTIALS, "InvalidClientTokenId"},
    {FR_AWS_FAULT_CREDENTIALS, "InvalidSignatureException"},
    {FR_AWS_FAULT_CREDENTIALS, "InvalidToken"},
    {FR_AWS_FAULT_CREDENTIALS, "MissingAuthenticationToken"},
    {FR_AWS_FAULT_CREDENTIALS, "MissingAuthenticationTokenException"},
    {FR_AWS_FAULT_CREDENTIALS, "NotSignedUp"},
    {FR_AWS_FAULT_CREDENTIALS, "OptInRequired"},
    {FR_AWS_FAULT_CREDENTIALS, "SignatureDoesNotMatch"},
    {FR_AWS_FAULT_CREDENTIALS, "TokenRefreshRequired"},
    {FR_AWS_FAULT_CREDENTIALS, "UnrecognizedClientException"},
    {FR_AWS_FAULT_THROTTLED, "BandwidthLimitExceeded"},
    {FR_AWS_FAULT_THROTTLED, "EC2ThrottledException"},
    {FR_AWS_FAULT_THROTTLED, "PriorRequestNotComplete"},
    {FR_AWS_FAULT_THROTTLED, "ProvisionedThroughputExceededException"},
    {FR_AWS_FAULT_THROTTLED, "RequestLimitExceeded"},
    {FR_AWS_FAULT_THROTTLED, "RequestThrottled"},
    {FR_AWS_FAULT_THROTTLED, "RequestThrottledException"},
    {FR_AWS_FAULT_THROTTLED, "SlowDown"},
    {FR_AWS_FAULT_THROTTLED, "ThrottledException"},
    {FR_AWS_FAULT_THROTTLED, "Throttling"},
    {FR_AWS_FAULT_THROTTLED, "ThrottlingException"},
    {FR_AWS_FAULT_THROTTLED, "TooManyRequestsException"},
    {FR_AWS_FAULT_SKEW, "RequestExpired"},
    {FR_AWS_FAULT_SKEW, "RequestInTheFuture"},
    {FR_AWS_FAULT_SKEW, "RequestTimeTooSkewed"},
};

const char *fr_aws_header(const fractary_http_response *response, const char *name)
{
    for (uint64_t i = 0; i < response->header_count; i++)
        if (fr_str_equal_nocase(response->headers[i].name, name))
            return response->headers[i].value;
    return NULL;
}

/* ------------------------------------------------------------ code and words */

/* "com.amazonaws.sqs#QueueDoesNotExist" and "ThrottlingException:http://…"
 * both have the code in the middle. */
static void set_code(fr_aws_fault *out, const char *text)
{
    const char *hash = strchr(text, '#');
    const char *begin = hash != NULL ? hash + 1 : text;

    snprintf(out->code, sizeof out->code, "%.*s", (int)strcspn(begin, ":"), begin);
}

static void read_xml_fault(const fr_xml *root, fr_aws_fault *out)
{
    static const char *const places[] = {"Error", "Errors/Error"};
    const fr_xml *fault = fr_str_equal(fr_xml_name(root), "Error") ? root : NULL;
    fr_buf text = {0};

    for (size_t i = 0; fault == NULL && i < sizeof places / sizeof *places; i++)
        fault = fr_xml_find(root, places[i]);
    fr_xml_text(fr_xml_child(fault, "Code"), &text);
    snprintf(out->code, sizeof out->code, "%s", fr_buf_text(&text));
    fr_buf_clear(&text);
    fr_xml_text(fr_xml_child(fault, "Message"), &text);
    snprintf(out->message, sizeof out->message, "%s", fr_buf_text(&text));
    fr_buf_finish(&text);
}

static void read_json_fault(const fr_json *root, fr_aws_fault *out)
{
    static const char *const code_keys[] = {"__type", "code", "Code"};
    static const char *const message_keys[] = {"message", "Message", "errorMessage"};
    const char *text = NULL;

    for (size_t i = 0; text == NULL && i < 3; i++)
        text = fr_json_get_string(root, code_keys[i]);
    if (text != NULL)
        set_code(out, text);
    text = NULL;
    for (size_t i = 0; text == NULL && i < 3; i++)
        text = fr_json_get_string(root, message_keys[i]);
    if (text != NULL)
        snprintf(out->message, sizeof out->message, "%s", text);
}

static void read_body(const fractary_http_response *response, fr_aws_fault *out)
{
    const size_t length = (size_t)response->length;
    const size_t space = length > 0 ? strspn(response->body, " \t\r\n") : 0;

    if (space >= length || response->truncated)
        return;
    if (response->body[space] == '<') {
        fr_xml_document *document = fr_xml_parse(response->body, length);
        read_xml_fault(fr_xml_root(document), out);
        fr_xml_free(document);
        return;
    }
    fr_json *tree = fr_json_parse(response->body, length, NULL);
    read_json_fault(tree, out);
    fr_json_free(tree);
}

/* ---------------------------------------------------------------------- kind */

static fr_aws_fault_kind kind_of(int32_t status, const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].kind;
    if (status == 429)
        return FR_AWS_FAULT_THROTTLED;
    if (status >= 500)
        return FR_AWS_FAULT_SERVER;
    if (status == 403)
        return FR_AWS_FAULT_DENIED;
    return status == 401 ? FR_AWS_FAULT_CREDENTIALS : FR_AWS_FAULT_OTHER;
}

void fr_aws_fault_read(const fractary_http_response *response, fr_aws_fault *out)
{
    *out = (fr_aws_fault){.kind = FR_AWS_FAULT_NONE};
    if (response->status == 0) {
        out->kind = FR_AWS_FAULT_UNREACHED;
        snprintf(out->message, sizeof out->message, "%s",
                 response->failure != NULL ? response->failure : "");
        return;
    }
    if (response->status >= 200 && response->status < 300)
        return;
    read_body(response, out);
    const char *header = fr_aws_header(response, "x-amzn-errortype");
    if (header != NULL)
        set_code(out, header);
    out->kind = kind_of(response->status, out->code);
}

int32_t fr_aws_fault_classify(const fractary_http_response *response)
{
    fr_aws_fault fault;

    fr_aws_fault_read(response, &fault);
    switch (fault.kind) {
    case FR_AWS_FAULT_THROTTLED:
        return FRACTARY_HTTP_THROTTLED;
    case FR_AWS_FAULT_SKEW:
    case FR_AWS_FAULT_SERVER:
    case FR_AWS_FAULT_UNREACHED:
        return FRACTARY_HTTP_RETRY;
    case FR_AWS_FAULT_NONE:
        return response->truncated ? FRACTARY_HTTP_RETRY : FRACTARY_HTTP_DONE;
    case FR_AWS_FAULT_DENIED:
    case FR_AWS_FAULT_CREDENTIALS:
    case FR_AWS_FAULT_OTHER:
        break;
    }
    return FRACTARY_HTTP_DONE;
}
