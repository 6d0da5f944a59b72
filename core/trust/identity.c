#include "trust/identity.h"

#include <fractary-plugin/str.h>

/* Purposes that an environment can configure, and the one that stands in. */
static const struct {
    const char *purpose, *fallback;
} purposes[] = {
    {"read", "deploy"},
    {"deploy", NULL},
    {"grant", NULL},
};

/* A trailing '*' stands for any rest. */
static const char *const credential_variables[] = {
    "AWS_*",          "AMAZON_*",         "BOTO_CONFIG",     "GOOGLE_*",     "GCLOUD_*",
    "CLOUDSDK_*",     "GCE_METADATA_*",   "ARM_*",           "AZURE_*",      "MSI_*",
    "IDENTITY_*",     "TF_TOKEN_*",       "SPACELIFT_*",      "PULUMI_*",     "DIGITALOCEAN_*",
    "CLOUDFLARE_*",   "HCLOUD_TOKEN",     "LINODE_TOKEN",    "VAULT_*",      "CONSUL_*",
    "NOMAD_TOKEN",    "GITHUB_TOKEN",     "GH_TOKEN",        "GITLAB_TOKEN", "CI_JOB_TOKEN",
    "CI_JOB_JWT*",    "ACTIONS_*TOKEN*",  "ACTIONS_ID_*",    "NPM_TOKEN",    "DOCKER_AUTH_CONFIG",
    "KUBECONFIG",     "KUBE_*",           "MYSQL_PWD",       "PGPASSWORD",   "DATADOG_*",
    "DD_API_KEY",     "DD_APP_KEY",       "SNOWFLAKE_*",     "OPENAI_*",     "ANTHROPIC_*",
};

static const char *const steering_variables[] = {
    "TF_CLI_ARGS*", "TF_WORKSPACE",     "TF_DATA_DIR",        "TF_LOG*",      "TF_INPUT",
    "TF_REATTACH_PROVIDERS",            "TF_STATE_PERSIST_INTERVAL",          "TF_IN_AUTOMATION",
    "TF_APPEND_USER_AGENT",             "TF_ENCRYPTION",      "LD_PRELOAD",   "LD_LIBRARY_PATH",
    "LD_AUDIT",     "FRACTARY_*",
};

static int matches(const char *const *patterns, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (fr_str_glob(patterns[i], name))
            return 1;
    return 0;
}

int fr_identity_is_credential_variable(const char *name)
{
    return matches(credential_variables,
                   sizeof credential_variables / sizeof *credential_variables, name);
}

int fr_identity_is_steering_variable(const char *name)
{
    return matches(steering_variables, sizeof steering_variables / sizeof *steering_variables,
                   name);
}

static int purpose_index(const char *purpose, size_t *index)
{
    for (*index = 0; *index < sizeof purposes / sizeof *purposes; ++*index)
        if (fr_str_equal(purposes[*index].purpose, purpose))
            return 1;
    return 0;
}

static int has_identities(const fr_config *config, const char *environment)
{
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        if (fr_config_identity(config, environment, purposes[i].purpose))
            return 1;
    return 0;
}

static int32_t describe(const fr_json *identity, const char *fallback, fr_buf *out,
                        fractary_error *error)
{
    fr_json *copy = identity ? fr_json_copy(identity) : fr_json_object();
    if (copy && !identity)
        fr_json_set_string(copy, "source", "environment");
    if (copy && fallback)
        fr_json_set_string(copy, "fallback", fallback);
    int32_t status = copy ? fr_json_print(copy, out) : FRACTARY_E_NOMEM;
    fr_json_free(copy);
    return status == FRACTARY_OK ? status : fr_error_nomem(error);
}

static int32_t not_configured(const char *environment, const char *purpose, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG,
                 "environment %s has no identity for the purpose \"%s\"", environment, purpose);
    fr_error_cause(error, "environments.%s.identities.%s is not in " FR_CONFIG_FILE ".",
                   environment, purpose);
    fr_error_advice(error, "Add {\"profile\": …}, {\"role_arn\": …} or "
                           "{\"source\": \"environment\"} there.");
    return FRACTARY_E_CONFIG;
}

int32_t fr_identity_describe(const fr_config *config, const char *environment,
                             const char *purpose, fr_buf *out, fractary_error *error)
{
    fr_environment known;
    int32_t status = fr_config_environment(config, environment, &known, error);
    if (status != FRACTARY_OK)
        return status;
    size_t index;
    if (!purpose_index(purpose, &index))
        return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" is not a purpose", purpose);
    const fr_json *identity = fr_config_identity(config, environment, purpose);
    if (identity)
        return describe(identity, NULL, out, error);
    const char *fallback = purposes[index].fallback;
    identity = fallback ? fr_config_identity(config, environment, fallback) : NULL;
    if (identity)
        return describe(identity, fallback, out, error);
    /* Nothing was configured: what the shell has is good enough for a test
     * environment, and never for the identity that widens permissions. */
    if (known.class == FR_CLASS_TEST && !has_identities(config, environment) &&
        !fr_str_equal(purpose, "grant"))
        return describe(NULL, NULL, out, error);
    return not_configured(environment, purpose, error);
}
