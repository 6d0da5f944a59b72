#include "authenticate.h"

#include "actor.h"
#include "sts.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>

/* What STS says of the caller. */
typedef struct caller {
    fr_buf account, principal;
} caller;

static int32_t refuse_account(const fr_aws *aws, const fr_aws_actor *actor, const caller *who,
                              const char *expected, fractary_error *error)
{
    const char *environment = fr_aws_project_text(aws, "environment");

    fr_error_set(error, FRACTARY_E_REFUSED,
                 "The credentials for \"%s\" belong to account %s, and environment %s is account "
                 "%s",
                 actor->purpose, fr_buf_text(&who->account), environment, expected);
    fr_error_cause(error,
                   "%s is the account of %s, which came from %s; %s stands in "
                   "environments.%s.account of the configuration.",
                   fr_buf_text(&who->account), fr_buf_text(&who->principal),
                   actor->credentials.source, expected, environment);
    fr_error_advice(error, "Use the credentials of account %s, or mend the configuration.",
                    expected);
    fr_error_place(error, "environments.%s.account", environment);
    return FRACTARY_E_REFUSED;
}

static int32_t emit(const fractary_call *call, const fr_aws_actor *actor, const caller *who,
                    fractary_error *error)
{
    fr_json *record = fr_record_new("identity", "%s acts as %s in account %s", actor->purpose,
                                    fr_buf_text(&who->principal), fr_buf_text(&who->account));

    fr_json_set_string(record, "purpose", actor->purpose);
    fr_json_set_string(record, "account", fr_buf_text(&who->account));
    fr_json_set_string(record, "principal", fr_buf_text(&who->principal));
    fr_json_set_string(record, "source", actor->credentials.source);
    if (actor->fallback != NULL)
        fr_json_set_string(record, "fallback", actor->fallback);
    const int32_t status = fr_record_emit(&call->sink, record);
    return status == FRACTARY_OK
               ? status
               : fr_error_set(error, status, "The identity could not be recorded");
}

static int32_t ask(fr_aws *aws, const fractary_call *call, fr_aws_actor *actor, caller *who,
                   fractary_error *error)
{
    const fr_aws_sts sts = {aws, call, actor->profile, &actor->credentials, &actor->keys};
    fr_xml_document *document = NULL;
    const int32_t status = fr_aws_sts_ask(&sts, "GetCallerIdentity", NULL, &document, error);

    if (status == FRACTARY_E_AUTH)
        fr_error_cause(error, "%s (credentials from %s)", error != NULL ? error->cause : "",
                       actor->credentials.source);
    const fr_xml *result = fr_xml_find(fr_xml_root(document), "GetCallerIdentityResult");
    fr_xml_text(fr_xml_child(result, "Account"), &who->account);
    fr_xml_text(fr_xml_child(result, "Arn"), &who->principal);
    fr_xml_free(document);
    if (status != FRACTARY_OK)
        return status;
    if (who->account.length > 0 && who->principal.length > 0)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_UNAVAILABLE, "AWS gave no usable answer to GetCallerIdentity");
    fr_error_cause(error, "The answer names no account or no principal.");
    return fr_error_advice(error, "Look at the endpoint that is configured.");
}

int32_t fr_aws_authenticate(fr_aws *aws, const fractary_call *call, const char *purpose,
                            fractary_error *error)
{
    fr_aws_actor *actor = NULL;
    caller who = {.account = {0}};
    const char *expected = fr_aws_project_text(aws, "account");
    int32_t status = fr_aws_actor_get(aws, call, purpose, &actor, error);

    if (status == FRACTARY_OK)
        status = ask(aws, call, actor, &who, error);
    if (status == FRACTARY_OK && *expected != '\0' &&
        !fr_str_equal(fr_buf_text(&who.account), expected))
        status = refuse_account(aws, actor, &who, expected, error);
    if (status == FRACTARY_OK)
        status = emit(call, actor, &who, error);
    fr_buf_finish(&who.account);
    fr_buf_finish(&who.principal);
    return status;
}
