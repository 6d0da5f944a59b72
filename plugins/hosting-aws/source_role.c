#include "date.h"
#include "source.h"
#include "sts.h"
#include "uri.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

#define SESSION_NAME_MAX 64

static void put_parameter(const char *name, const char *value, fr_buf *out)
{
    if (value == NULL)
        return;
    fr_buf_printf(out, "&%s=", name);
    fr_aws_uri_encode(value, strlen(value), "", out);
}

/* What CloudTrail shows. The letters that a session's name may have. */
static void default_session_name(const fr_aws_search *search, char out[SESSION_NAME_MAX + 1])
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_+=,.@-";

    snprintf(out, SESSION_NAME_MAX + 1, "fractary-%s-%s", search->purpose,
             search->call->environment);
    for (char *c = out; *c != '\0'; c++)
        if (strchr(allowed, *c) == NULL)
            *c = '-';
}

static int32_t put_input(const fr_aws_search *search, const fr_aws_role *role, fr_buf *out)
{
    char session_name[SESSION_NAME_MAX + 1];
    uint64_t seconds;

    default_session_name(search, session_name);
    fr_buf_puts(out, "RoleArn=");
    fr_aws_uri_encode(role->arn, strlen(role->arn), "", out);
    put_parameter("RoleSessionName", role->session_name != NULL ? role->session_name : session_name,
                  out);
    put_parameter("ExternalId", role->external_id, out);
    /* What is no number is not sent, as the AWS CLI does it. */
    if (role->duration != NULL && fr_str_to_u64(role->duration, &seconds))
        put_parameter("DurationSeconds", role->duration, out);
    return out->failed ? fr_error_nomem(search->error) : FRACTARY_OK;
}

/* Texts of the answer, in one buffer that is wiped. */
static const char *take_text(const fr_xml *from, const char *name, fr_buf *out)
{
    fr_buf_clear(out);
    fr_xml_text(fr_xml_child(from, name), out);
    return fr_buf_text(out);
}

static int32_t read_answer(const fr_xml_document *document, fr_aws_credentials *out)
{
    const fr_xml *from = fr_xml_find(fr_xml_root(document), "AssumeRoleResult/Credentials");
    fr_buf texts[4] = {{0}, {0}, {0}, {0}};
    int64_t expires = 0;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < 4; i++)
        if (fr_buf_reserve(&texts[i], 8192) != FRACTARY_OK)
            status = FRACTARY_E_NOMEM;
    const char *access_key = take_text(from, "AccessKeyId", &texts[0]);
    const char *secret_key = take_text(from, "SecretAccessKey", &texts[1]);
    const char *token = take_text(from, "SessionToken", &texts[2]);
    if (status == FRACTARY_OK && (*access_key == '\0' || *secret_key == '\0' || *token == '\0'))
        status = FRACTARY_E_UNAVAILABLE;
    if (status == FRACTARY_OK)
        status = fr_aws_date_parse(take_text(from, "Expiration", &texts[3]), &expires);
    if (status == FRACTARY_OK)
        status = fr_aws_credentials_set(out, access_key, secret_key, token, expires);
    for (size_t i = 0; i < 4; i++)
        fr_buf_wipe(&texts[i]);
    return status;
}

/* Names the role and where it was configured. */
static int32_t explain(const fr_aws_search *search, const fr_aws_role *role, int32_t status)
{
    if (status != FRACTARY_E_AUTH && status != FRACTARY_E_DENIED && status != FRACTARY_E_FAILED)
        return status;
    const char *cause = search->error != NULL ? search->error->cause : "";
    fr_error_cause(search->error, "%s (role of %s)", cause, role->from);
    fr_error_place(search->error, "sts:AssumeRole %s", role->arn);
    if (status == FRACTARY_E_DENIED)
        fr_error_advice(search->error, "Let its trust policy name the caller, and let the caller "
                                       "be permitted sts:AssumeRole on it.");
    return status;
}

static int32_t finish(const fr_aws_search *search, const fr_aws_role *role, int32_t status,
                      const fr_aws_credentials *with, fr_aws_credentials *out)
{
    if (status == FRACTARY_E_NOMEM)
        return fr_error_nomem(search->error);
    if (status != FRACTARY_OK)
        return fr_aws_source_fail(search, "Look at the endpoint that is configured.",
                                  "The answer to AssumeRole of %s holds no credentials.",
                                  role->arn);
    status = fr_aws_credentials_from(out, "role %s with %s", role->arn,
                                     with->source != NULL ? with->source : "keys");
    return status == FRACTARY_OK ? status : fr_error_nomem(search->error);
}

int32_t fr_aws_source_role(const fr_aws_search *search, const fr_aws_role *role,
                           const fr_aws_credentials *with, fr_aws_credentials *out)
{
    const fr_aws_sts sts = {search->aws, search->call, search->profile, with, NULL};
    fr_buf input = {0};
    fr_xml_document *document = NULL;
    int32_t status = put_input(search, role, &input);

    if (status == FRACTARY_OK) {
        status = fr_aws_sts_ask(&sts, "AssumeRole", fr_buf_text(&input), &document, search->error);
        status = explain(search, role, status);
    }
    if (status == FRACTARY_OK)
        status = finish(search, role, read_answer(document, out), with, out);
    fr_xml_free(document);
    fr_buf_finish(&input);
    return status;
}
