#include "actor.h"

#include "settings.h"
#include "source.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

void fr_aws_actor_wipe(fr_aws_actor *actor)
{
    free(actor->purpose);
    free(actor->identity);
    free(actor->fallback);
    fr_aws_credentials_wipe(&actor->credentials);
    fr_aws_keys_wipe(&actor->keys);
    *actor = (fr_aws_actor){.purpose = NULL};
}

static int64_t now_seconds(const fr_aws *aws)
{
    return aws->clock->now(aws->clock) / 1000;
}

static int is_fresh(const fr_aws *aws, const fr_aws_actor *actor, const char *identity)
{
    const int64_t expires = actor->credentials.expires;

    return actor->credentials.access_key != NULL && fr_str_equal(actor->identity, identity) &&
           (expires == 0 || expires - now_seconds(aws) > FR_AWS_RENEW_SECONDS);
}

/* The actor of that purpose, a new one where there is none yet. */
static fr_aws_actor *find(fr_aws *aws, const char *purpose)
{
    for (size_t i = 0; i < aws->actor_count; i++)
        if (fr_str_equal(aws->actors[i].purpose, purpose))
            return &aws->actors[i];
    if (aws->actor_count == FR_AWS_ACTORS)
        return NULL;
    fr_aws_actor *actor = &aws->actors[aws->actor_count];
    actor->purpose = fr_str_dup(purpose);
    if (actor->purpose == NULL)
        return NULL;
    aws->actor_count++;
    return actor;
}

static int32_t describe(const fr_aws *aws, const fractary_call *call, const char *purpose,
                        char **out, fractary_error *error)
{
    fr_buf text = {0};
    const fractary_sink sink = fr_buf_sink(&text);
    const int32_t status = aws->identity->describe(aws->identity, call, purpose, &sink, error);

    *out = status == FRACTARY_OK ? fr_buf_steal(&text) : NULL;
    fr_buf_finish(&text);
    return status == FRACTARY_OK && *out == NULL ? fr_error_nomem(error) : status;
}

/* --------------------------------------------------------------- resolution */

/* The profile whose region, endpoint and bundle apply: the identity's, else
 * the one that the environment selects, else the default one. */
static const fr_json *settings_profile(const fr_aws *aws, const char *named)
{
    if (named == NULL)
        named = fr_aws_source_environment_profile(aws);
    return fr_aws_shared_profile(&aws->shared, named != NULL ? named : "default");
}

static int32_t resolve_role(const fr_aws_search *search, const char *arn, const char *profile,
                            fr_aws_credentials *out)
{
    fr_aws_credentials with = {0};
    const fr_aws_role role = {.arn = arn, .from = "the configured identity"};
    int32_t status = profile != NULL ? fr_aws_source_profile(search, profile, &with)
                                     : fr_aws_source_environment(search, &with);

    if (status == FRACTARY_OK)
        status = fr_aws_source_role(search, &role, &with, out);
    fr_aws_credentials_wipe(&with);
    return status;
}

static int32_t resolve(const fr_aws_search *search, const fr_json *identity,
                       fr_aws_credentials *out)
{
    const char *role = fr_json_get_string(identity, "role_arn");
    const char *profile = fr_json_get_string(identity, "profile");
    const char *source = fr_json_get_string(identity, "source");

    if (role != NULL)
        return resolve_role(search, role, profile, out);
    if (profile != NULL)
        return fr_aws_source_profile(search, profile, out);
    if (fr_str_equal(source, "environment"))
        return fr_aws_source_environment(search, out);
    return fr_aws_source_fail(search,
                              "Configure {\"profile\": …}, {\"role_arn\": …} or {\"source\": "
                              "\"environment\"} for it.",
                              "The configured identity is of no kind that AWS has.");
}

static int32_t check_end(const fr_aws_search *search, const fr_aws_credentials *credentials)
{
    if (credentials->expires == 0 || credentials->expires > now_seconds(search->aws))
        return FRACTARY_OK;
    char when[FR_AWS_DATE_ISO];
    fr_aws_date_iso(credentials->expires, when);
    return fr_aws_source_fail(search, "Sign in again.", "Those of %s ended at %s.",
                              credentials->source, when);
}

/* Takes `identity` over. */
static int32_t renew(fr_aws *aws, const fractary_call *call, fr_aws_actor *actor, char *identity,
                     fractary_error *error)
{
    fr_json *tree = fr_json_parse(identity, strlen(identity), NULL);
    const char *fallback = fr_json_get_string(tree, "fallback");
    fr_aws_search search = {.aws = aws, .call = call, .purpose = actor->purpose, .error = error};

    fr_aws_credentials_wipe(&actor->credentials);
    fr_aws_keys_wipe(&actor->keys);
    free(actor->identity);
    free(actor->fallback);
    actor->identity = identity;
    actor->fallback = fr_str_dup(fallback);
    actor->profile = settings_profile(aws, fr_json_get_string(tree, "profile"));
    search.profile = actor->profile;
    int32_t status = resolve(&search, tree, &actor->credentials);
    if (status == FRACTARY_OK)
        status = check_end(&search, &actor->credentials);
    if (status != FRACTARY_OK)
        fr_aws_credentials_wipe(&actor->credentials);
    fr_json_free(tree);
    return status;
}

int32_t fr_aws_actor_get(fr_aws *aws, const fractary_call *call, const char *purpose,
                         fr_aws_actor **out, fractary_error *error)
{
    char *identity = NULL;
    int32_t status = describe(aws, call, purpose, &identity, error);

    if (status != FRACTARY_OK)
        return status;
    *out = find(aws, purpose);
    if (*out == NULL) {
        free(identity);
        return fr_error_nomem(error);
    }
    if (is_fresh(aws, *out, identity)) {
        free(identity);
        return FRACTARY_OK;
    }
    status = fr_aws_settings_open(aws, error);
    if (status == FRACTARY_OK)
        return renew(aws, call, *out, identity, error);
    free(identity);
    return status;
}
