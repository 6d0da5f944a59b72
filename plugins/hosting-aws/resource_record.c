#include "resource_record.h"

#include "console.h"
#include <fractary-plugin/record.h>

static const char *status_name(fr_aws_status status)
{
    switch (status) {
    case FR_AWS_VERIFIED:
        return "verified";
    case FR_AWS_GONE:
        return "missing";
    case FR_AWS_UNVERIFIABLE:
        break;
    }
    return "unverifiable";
}

/* What is not known is left out. */
static void put(fr_json *object, const char *key, const char *text)
{
    if (text != NULL && *text != '\0')
        fr_json_set_string(object, key, text);
}

/* Whose it is: as the state says, as its ARN says, else the account that the
 * credentials must belong to. */
static void put_account(const fr_aws *aws, const fr_aws_facts *facts, fr_json *object)
{
    char account[32];
    const char *own = facts->resource->account;

    if (own != NULL && *own != '\0')
        put(object, "account", own);
    else if (fr_aws_arn_part(fr_aws_facts_arn(facts), 4, account, sizeof account))
        put(object, "account", account);
    else
        put(object, "account", fr_aws_project_text(aws, "account"));
}

static void put_console(const fr_aws_type *type, const fr_aws_facts *facts, fr_json *object)
{
    fr_buf page = {0};

    if (fr_aws_console_put(type, facts, &page) == FRACTARY_OK)
        put(object, "console_url", fr_buf_text(&page));
    fr_buf_finish(&page);
}

static fr_json *resource_of(const fr_aws *aws, const fr_aws_type *type, const fr_aws_facts *facts,
                            const fr_aws_verdict *verdict)
{
    const fractary_resource *r = facts->resource;
    fr_json *object = fr_json_object();
    char now[FR_AWS_DATE_ISO];

    fr_aws_date_iso(aws->clock->now(aws->clock) / 1000, now);
    put(object, "address", r->address);
    put(object, "type", r->type);
    put(object, "name", r->name);
    put(object, "id", r->id);
    put(object, "arn", fr_aws_facts_arn(facts));
    put(object, "region", type != NULL && type->service->global ? "global" : facts->region);
    put_account(aws, facts, object);
    put(object, "status", status_name(verdict->status));
    put(object, "reason", verdict->reason);
    put_console(type, facts, object);
    put(object, "verified_at", now);
    return object;
}

int32_t fr_aws_resource_emit(const fr_aws *aws, const fractary_call *call, const fr_aws_type *type,
                             const fr_aws_facts *facts, const fr_aws_verdict *verdict)
{
    const fractary_resource *r = facts->resource;
    const char *address = r->address != NULL ? r->address : r->type;
    fr_json *record = fr_record_new(
        "resource", "%s is %s%s%s", address != NULL ? address : "a resource",
        status_name(verdict->status), verdict->reason[0] != '\0' ? ": " : "", verdict->reason);

    fr_json *object = resource_of(aws, type, facts, verdict);
    const int32_t status = fr_json_set(record, "resource", object);
    if (status == FRACTARY_OK)
        return fr_record_emit(&call->sink, record);
    fr_json_free(record);
    return status;
}
