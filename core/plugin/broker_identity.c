/* What the core asks the hosting handler of an environment: credentials, and
 * who they belong to. */
#include "plugin/broker_parts.h"

#include <fractary-plugin/str.h>

int32_t fr_broker_credentials(void *context, const char *environment, const char *purpose,
                              const fractary_sink *secret, fractary_error *error)
{
    const fractary_credentials_request request = {sizeof request, purpose};
    fr_broker *broker = context;
    fr_instance *instance;
    int32_t status = fr_broker_use_handler(broker, environment, "hosting", &instance, error);

    if (status == FRACTARY_OK)
        status = fr_broker_call(broker, instance, fr_method_find("hosting", "credentials"),
                                &request, secret, broker->deadline, error);
    return status;
}

/* What an identity record says, as it comes by. */
typedef struct identity {
    fr_buf *account;
    fr_buf *principal;
    int seen;
} identity;

static int32_t take_identity(void *context, const char *data, uint64_t length)
{
    identity *found = context;
    fr_json *record = fr_json_parse(data, length, NULL);
    const char *account = fr_json_get_string(record, "account");
    const char *principal = fr_json_get_string(record, "principal");

    if (fr_str_equal(fr_json_get_string(record, "type"), "identity") && account != NULL &&
        !found->seen) {
        found->seen = 1;
        fr_buf_puts(found->account, account);
        fr_buf_puts(found->principal, principal != NULL ? principal : "");
    }
    fr_json_free(record);
    return FRACTARY_OK;
}

static int32_t said_nothing(const fr_instance *instance, const char *purpose, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_PROTOCOL, "the plugin %s does not say who acts for purpose %s",
                 instance->manifest->id, purpose);
    fr_error_cause(error, "its method authenticate emitted no identity record with an account");
    fr_error_place(error, "%s", instance->manifest->id);
    return FRACTARY_E_PROTOCOL;
}

int32_t fr_broker_authenticate(void *context, const char *environment, const char *purpose,
                               fr_buf *account, fr_buf *principal, fractary_error *error)
{
    const fractary_authenticate_request request = {sizeof request, purpose};
    identity found = {account, principal, 0};
    const fractary_sink listener = {&found, take_identity};
    fr_broker *broker = context;
    fr_instance *instance;
    int32_t status = fr_broker_use_handler(broker, environment, "hosting", &instance, error);

    if (status == FRACTARY_OK)
        status = fr_broker_call(broker, instance, fr_method_find("hosting", "authenticate"),
                                &request, &listener, broker->deadline, error);
    if (status != FRACTARY_OK)
        return status;
    if (account->failed || principal->failed)
        return fr_error_nomem(error);
    return found.seen ? FRACTARY_OK : said_nothing(instance, purpose, error);
}
