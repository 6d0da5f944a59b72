#include "settings.h"
#include "source.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

#define CHAIN_MAX 16

#define ACCESS_KEY "aws_access_key_id"
#define SECRET_KEY "aws_secret_access_key"

/* Profiles from the one that is asked for, each a role that the next one takes
 * on, to the one that has credentials. */
typedef struct chain {
    const char *names[CHAIN_MAX];
    const fr_json *profiles[CHAIN_MAX];
    size_t count;     /* of profiles with a role to take on    */
    const char *base; /* name of the profile with credentials  */
} chain;

static const char *option(const fr_json *profile, const char *name)
{
    const char *text = fr_json_get_string(profile, name);
    return text != NULL && *text != '\0' ? text : NULL;
}

static int has_keys(const fr_json *profile)
{
    return fr_json_get(profile, ACCESS_KEY) != NULL || fr_json_get(profile, SECRET_KEY) != NULL;
}

static int has_role(const fr_json *profile)
{
    return option(profile, "role_arn") != NULL &&
           option(profile, "web_identity_token_file") == NULL;
}

/* ------------------------------------------------------- the end of a chain */

/* Ways to sign in that a profile can ask for and we do not know yet. */
static const struct {
    const char *option, *what, *advice;
} not_supported[] = {
    {"web_identity_token_file", "a web identity token", "Use a profile with keys or a role."},
    {"sso_session", "IAM Identity Center",
     "Sign in with \"aws sso login\" and set credential_process = aws configure "
     "export-credentials --profile NAME in another profile."},
    {"sso_start_url", "IAM Identity Center",
     "Sign in with \"aws sso login\" and set credential_process = aws configure "
     "export-credentials --profile NAME in another profile."},
    {"login_session", "console sign-in",
     "Set credential_process = aws configure export-credentials --profile NAME in another "
     "profile."},
};

/* Static keys of one file's view of the profile. */
static int32_t take_keys(const fr_aws_search *search, const char *name, const fr_json *options,
                         const char *file, fr_aws_credentials *out)
{
    const char *access_key = option(options, ACCESS_KEY);
    const char *secret_key = option(options, SECRET_KEY);
    const char *token = option(options, "aws_security_token");

    if (access_key == NULL || secret_key == NULL)
        return fr_aws_source_fail(search, "Add the other one there.",
                                  "Profile %s has %s without %s in %s.", name,
                                  secret_key == NULL ? ACCESS_KEY : SECRET_KEY,
                                  secret_key == NULL ? SECRET_KEY : ACCESS_KEY, file);
    if (token == NULL)
        token = option(options, "aws_session_token");
    int32_t status = fr_aws_credentials_set(out, access_key, secret_key, token, 0);
    if (status == FRACTARY_OK)
        status = fr_aws_credentials_from(out, "profile %s (%s)", name, file);
    return status == FRACTARY_OK ? status : fr_error_nomem(search->error);
}

static int32_t take_base(const fr_aws_search *search, const char *name, fr_aws_credentials *out)
{
    const fr_aws *aws = search->aws;
    const fr_json *profile = fr_aws_shared_profile(&aws->shared, name);
    const fr_json *secrets = fr_json_get(aws->shared.credentials, name);
    const fr_json *config = fr_json_get(aws->shared.config, name);
    const char *command = option(profile, "credential_process");

    for (size_t i = 0; i < sizeof not_supported / sizeof *not_supported; i++)
        if (option(profile, not_supported[i].option) != NULL)
            return fr_aws_source_fail(search, not_supported[i].advice,
                                      "Profile %s signs in with %s (%s), which is not supported "
                                      "yet.",
                                      name, not_supported[i].what, not_supported[i].option);
    if (fr_json_get(secrets, ACCESS_KEY) != NULL)
        return take_keys(search, name, secrets, fr_aws_settings_credentials_file(aws), out);
    if (command != NULL)
        return fr_aws_source_process(search, name, command, out);
    if (has_keys(profile))
        return take_keys(search, name, has_keys(config) ? config : secrets,
                         has_keys(config) ? fr_aws_settings_config_file(aws)
                                          : fr_aws_settings_credentials_file(aws),
                         out);
    return fr_aws_source_fail(search, "Add keys, a role_arn or a credential_process to it.",
                              "Profile %s has no credentials.", name);
}

/* ----------------------------------------------------------------- the chain */

static int is_visited(const chain *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++)
        if (fr_str_equal(c->names[i], name))
            return 1;
    return 0;
}

/* What makes the role of the chain's last profile unusable. */
static int32_t check_role(const fr_aws_search *search, const char *name, const fr_json *profile)
{
    const char *source = option(profile, "credential_source");

    if (source != NULL && option(profile, "source_profile") != NULL)
        return fr_aws_source_fail(search, "Remove one of them.",
                                  "Profile %s has both source_profile and credential_source.",
                                  name);
    if (source != NULL)
        return fr_aws_source_fail(search, "Name a source_profile instead.",
                                  "Profile %s has credential_source = %s, which is not supported "
                                  "yet.",
                                  name, source);
    if (option(profile, "source_profile") == NULL)
        return fr_aws_source_fail(search, "Add source_profile = NAME to it.",
                                  "Profile %s has a role_arn and no source_profile.", name);
    if (option(profile, "mfa_serial") != NULL)
        return fr_aws_source_fail(search,
                                  "Sign in first and name a profile with the session's keys.",
                                  "Profile %s asks for a one-time password (mfa_serial), which is "
                                  "not supported yet.",
                                  name);
    return FRACTARY_OK;
}

static int32_t not_there(const fr_aws_search *search, const chain *c, const char *name)
{
    const fr_aws *aws = search->aws;
    const char *advice = "Add it there, or name another profile.";

    if (c->count > 0)
        return fr_aws_source_fail(search, advice,
                                  "The source_profile %s of profile %s is neither in %s nor in %s.",
                                  name, c->names[c->count - 1], fr_aws_settings_config_file(aws),
                                  fr_aws_settings_credentials_file(aws));
    return fr_aws_source_fail(search, advice, "Profile %s is neither in %s nor in %s.", name,
                              fr_aws_settings_config_file(aws),
                              fr_aws_settings_credentials_file(aws));
}

/* Adds a profile with a role; its source_profile comes next. A profile may
 * name itself when it has keys as well. */
static int32_t push_role(const fr_aws_search *search, const char *name, const fr_json *profile,
                         chain *c, const char **next)
{
    const int32_t status = check_role(search, name, profile);

    if (status != FRACTARY_OK)
        return status;
    if (c->count == CHAIN_MAX)
        return fr_aws_source_fail(search, "Shorten the chain.",
                                  "More than %d profiles refer to each other.", CHAIN_MAX);
    c->names[c->count] = name;
    c->profiles[c->count++] = profile;
    *next = option(profile, "source_profile");
    if (fr_str_equal(*next, name) && has_keys(profile)) {
        c->base = name;
        return FRACTARY_OK;
    }
    if (is_visited(c, *next))
        return fr_aws_source_fail(search, "Let one of them have credentials of its own.",
                                  "Profile %s refers to %s, which leads back to it.", name, *next);
    return FRACTARY_OK;
}

static int32_t follow(const fr_aws_search *search, const char *name, chain *c)
{
    while (c->base == NULL) {
        const fr_json *profile = fr_aws_shared_profile(&search->aws->shared, name);
        if (profile == NULL)
            return not_there(search, c, name);
        /* In the middle of a chain a profile's own keys come before its role. */
        if (!has_role(profile) || (c->count > 0 && has_keys(profile))) {
            c->base = name;
            continue;
        }
        const int32_t status = push_role(search, name, profile, c, &name);
        if (status != FRACTARY_OK)
            return status;
    }
    return FRACTARY_OK;
}

static int32_t take_role(const fr_aws_search *search, const chain *c, size_t i,
                         fr_aws_credentials *credentials)
{
    const fr_json *profile = c->profiles[i];
    char *from = fr_str_format("profile %s", c->names[i]);
    fr_aws_credentials taken = {0};
    const fr_aws_role role = {.arn = option(profile, "role_arn"),
                              .session_name = option(profile, "role_session_name"),
                              .external_id = option(profile, "external_id"),
                              .duration = option(profile, "duration_seconds"),
                              .from = from};

    const int32_t status = from == NULL ? fr_error_nomem(search->error)
                                        : fr_aws_source_role(search, &role, credentials, &taken);
    fr_aws_credentials_wipe(credentials);
    *credentials = taken;
    free(from);
    return status;
}

int32_t fr_aws_source_profile(const fr_aws_search *search, const char *name,
                              fr_aws_credentials *out)
{
    chain c = {.count = 0};
    int32_t status = follow(search, name, &c);

    if (status == FRACTARY_OK)
        status = take_base(search, c.base, out);
    for (size_t i = c.count; status == FRACTARY_OK && i > 0; i--)
        status = take_role(search, &c, i - 1, out);
    if (status != FRACTARY_OK)
        fr_aws_credentials_wipe(out);
    return status;
}
