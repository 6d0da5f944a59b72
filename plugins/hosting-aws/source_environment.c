#include "source.h"

#include "date.h"

int32_t fr_aws_source_fail(const fr_aws_search *search, const char *advice, const char *cause, ...)
{
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, cause);
    fr_buf_vprintf(&text, cause, arguments);
    va_end(arguments);
    fr_error_set(search->error, FRACTARY_E_AUTH, "There are no AWS credentials for \"%s\"",
                 search->purpose);
    fr_error_cause(search->error, "%s", fr_buf_text(&text));
    fr_error_advice(search->error, "%s", advice);
    fr_buf_finish(&text);
    return FRACTARY_E_AUTH;
}

static const char *variable(const fr_aws_search *search, const char *name)
{
    return search->aws->environ->get(search->aws->environ, name);
}

const char *fr_aws_source_environment_profile(const fr_aws *aws)
{
    const char *name = aws->environ->get(aws->environ, "AWS_DEFAULT_PROFILE");
    return name != NULL ? name : aws->environ->get(aws->environ, "AWS_PROFILE");
}

static int32_t take_keys(const fr_aws_search *search, const char *access_key,
                         fr_aws_credentials *out)
{
    const char *secret_key = variable(search, "AWS_SECRET_ACCESS_KEY");
    const char *token = variable(search, "AWS_SECURITY_TOKEN"); /* the older name wins */
    const char *ends = variable(search, "AWS_CREDENTIAL_EXPIRATION");
    int64_t expires = 0;

    if (secret_key == NULL)
        return fr_aws_source_fail(search, "Set both variables, or neither.",
                                  "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not.");
    if (ends != NULL && fr_aws_date_parse(ends, &expires) != FRACTARY_OK)
        return fr_aws_source_fail(search, "Set it as in 2026-01-31T12:00:00Z.",
                                  "AWS_CREDENTIAL_EXPIRATION is no date.");
    if (token == NULL)
        token = variable(search, "AWS_SESSION_TOKEN");
    int32_t status = fr_aws_credentials_set(out, access_key, secret_key, token, expires);
    if (status == FRACTARY_OK)
        status = fr_aws_credentials_from(out, "environment (AWS_ACCESS_KEY_ID)");
    return status == FRACTARY_OK ? status : fr_error_nomem(search->error);
}

/* Ways to sign in that the environment can announce and we do not know. */
static const struct {
    const char *variable, *what;
} not_supported[] = {
    {"AWS_WEB_IDENTITY_TOKEN_FILE", "a web identity token"},
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "a container's credentials"},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "a container's credentials"},
};

static int32_t nothing_there(const fr_aws_search *search)
{
    for (size_t i = 0; i < sizeof not_supported / sizeof *not_supported; i++)
        if (variable(search, not_supported[i].variable) != NULL)
            return fr_aws_source_fail(search,
                                      "Exchange it for keys first (aws configure "
                                      "export-credentials --format env), or name a profile.",
                                      "%s announces %s, which is not supported yet.",
                                      not_supported[i].variable, not_supported[i].what);
    return fr_aws_source_fail(search,
                              "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE, or "
                              "name a profile in the environment's identities.",
                              "Neither AWS_ACCESS_KEY_ID nor AWS_PROFILE is set in the "
                              "environment.");
}

int32_t fr_aws_source_environment(const fr_aws_search *search, fr_aws_credentials *out)
{
    const char *access_key = variable(search, "AWS_ACCESS_KEY_ID");
    const char *profile = fr_aws_source_environment_profile(search->aws);

    if (access_key != NULL)
        return take_keys(search, access_key, out);
    return profile != NULL ? fr_aws_source_profile(search, profile, out) : nothing_there(search);
}
