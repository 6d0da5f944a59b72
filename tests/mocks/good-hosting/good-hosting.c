/* A hosting handler of a cloud where everything exists. */
#include "../mock.h"

static int32_t credentials(void *instance, const fractary_call *call,
                           const fractary_credentials_request *request, const fractary_sink *secret,
                           fractary_error *error)
{
    char *text = fr_str_format("{\"environ\":{\"MOCK_KEY\":\"key-of-%s\"},\"expires\":null}",
                               request->purpose);
    int32_t status;

    (void)instance;
    (void)call;
    if (text == NULL)
        return fr_error_nomem(error);
    status = secret->emit(secret->context, text, strlen(text));
    free(text);
    return status;
}

static int32_t authenticate(void *instance, const fractary_call *call,
                            const fractary_authenticate_request *request, fractary_error *error)
{
    fr_json *record = fr_record_new("identity", "the mock cloud knows us");

    (void)instance;
    (void)error;
    fr_json_set_string(record, "purpose", request->purpose);
    fr_json_set_string(record, "account", "123456789012");
    fr_json_set_string(record, "principal", "mock:deployer");
    fr_json_set_string(record, "source", "mock");
    return fr_record_emit(&call->sink, record);
}

static int32_t verify_one(const fractary_call *call, const fractary_resource *resource)
{
    fr_json *record = fr_record_new("resource", "%s exists", resource->address);
    fr_json *facts = fr_json_object();

    fr_json_set_string(facts, "address", resource->address);
    fr_json_set_string(facts, "status", "verified");
    fr_json_set(record, "resource", facts);
    return fr_record_emit(&call->sink, record);
}

static int32_t verify(void *instance, const fractary_call *call,
                      const fractary_verify_request *request, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    (void)instance;
    (void)error;
    for (uint64_t i = 0; i < request->count && status == FRACTARY_OK; i++)
        status = verify_one(call, request->resources[i]);
    return status;
}

static int32_t console_url(void *instance, const fractary_call *call,
                           const fractary_query_request *request, const fractary_sink *out,
                           fractary_error *error)
{
    static const char prefix[] = "https://console.example/";
    int32_t status = out->emit(out->context, prefix, sizeof prefix - 1);

    (void)instance;
    (void)call;
    (void)error;
    if (status == FRACTARY_OK)
        status = out->emit(out->context, request->resource->id, strlen(request->resource->id));
    return status;
}

/* query, deploy and remove are optional, and not offered. */
static const fractary_hosting table = {.size = sizeof table,
                                       .credentials = credentials,
                                       .authenticate = authenticate,
                                       .verify = verify,
                                       .console_url = console_url};
MOCK_GET(FRACTARY_HOSTING_1, &table)
MOCK_ENTRY("good-hosting", MOCK_FUNCTIONS)
