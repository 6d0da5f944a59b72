#include "credentials.h"

#include "actor.h"
#include "settings.h"
#include <fractary-plugin/str.h>

#define ROOM 65536u /* beforehand: a secret must not move in memory */

/* Settings of the AWS tools that are no credentials and lead to none: a child
 * gets them as they are. */
static const char *const passed[] = {
    "AWS_DEFAULTS_MODE",
    "AWS_MAX_ATTEMPTS",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_RESPONSE_CHECKSUM_VALIDATION",
    "AWS_RETRY_MODE",
    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
    "AWS_S3_USE_ARN_REGION",
    "AWS_SDK_UA_APP_ID",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
};

/* So that a child finds no other credentials than these. */
static const char *const closed[][2] = {
    {"AWS_CONFIG_FILE", "/dev/null"},
    {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
    {"AWS_EC2_METADATA_DISABLED", "true"},
};

static void put(const char *name, const char *value, fr_buf *out)
{
    if (value == NULL)
        return;
    if (out->data[out->length - 1] != '{')
        fr_buf_putc(out, ',');
    fr_json_quote(name, out);
    fr_buf_putc(out, ':');
    fr_json_quote(value, out);
}

static void put_keys(const fr_aws_credentials *credentials, fr_buf *out)
{
    put("AWS_ACCESS_KEY_ID", credentials->access_key, out);
    put("AWS_SECRET_ACCESS_KEY", credentials->secret_key, out);
    put("AWS_SESSION_TOKEN", credentials->session_token, out);
}

/* Services get an address of their own only where it differs. */
static void put_endpoints(const fr_aws *aws, const fr_json *profile, fr_buf *out)
{
    const char *common = fr_aws_settings_common_endpoint(aws, profile);
    const char *id;
    char variable[64];

    put("AWS_ENDPOINT_URL", common, out);
    for (size_t i = 0; (id = fr_aws_service_id(i)) != NULL; i++) {
        const char *url = fr_aws_settings_endpoint(aws, profile, id);
        if (url == NULL || fr_str_equal(url, common))
            continue;
        fr_aws_settings_endpoint_variable(id, variable);
        put(variable, url, out);
    }
}

static void put_settings(const fr_aws *aws, const fr_json *profile, fr_buf *out)
{
    const char *region = fr_aws_settings_region(aws, profile);

    put("AWS_REGION", region, out);
    put("AWS_DEFAULT_REGION", region, out);
    put("AWS_CA_BUNDLE", fr_aws_settings_ca_file(aws, profile), out);
    put_endpoints(aws, profile, out);
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        put(passed[i], aws->environ->get(aws->environ, passed[i]), out);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        put(closed[i][0], closed[i][1], out);
}

static int32_t print(const fr_aws *aws, const fr_aws_actor *actor, fr_buf *out)
{
    const int64_t expires = actor->credentials.expires;

    if (fr_buf_reserve(out, ROOM) != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    fr_buf_puts(out, "{\"environ\":{");
    put_keys(&actor->credentials, out);
    put_settings(aws, actor->profile, out);
    if (expires != 0)
        return fr_buf_printf(out, "},\"expires\":%lld}", (long long)expires);
    return fr_buf_puts(out, "},\"expires\":null}");
}

int32_t fr_aws_credentials_emit(fr_aws *aws, const fractary_call *call, const char *purpose,
                                const fractary_sink *secret, fractary_error *error)
{
    fr_aws_actor *actor = NULL;
    fr_buf text = {0};
    int32_t status = fr_aws_actor_get(aws, call, purpose, &actor, error);

    if (status != FRACTARY_OK)
        return status;
    status = print(aws, actor, &text);
    if (status != FRACTARY_OK)
        fr_error_nomem(error);
    else
        status = secret->emit(secret->context, text.data, text.length);
    fr_buf_wipe(&text);
    return status;
}
