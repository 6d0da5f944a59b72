#include "resource_record.h"

#include "console.h"
#include "display.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>

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

/* How the record names it; NULL is left out. */
static const char *const obstacles[] = {
    [FR_AWS_FREE] = NULL,
    [FR_AWS_UNREACHABLE] = "unreachable",
    [FR_AWS_DENIED] = "denied",
    [FR_AWS_REFUSED] = "credentials",
};

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

/* An ARN without a region is that of a global thing, but for S3's. */
static int is_global(const fr_aws_type *type, const fr_aws_facts *facts)
{
    char part[64];
    const char *arn = fr_aws_facts_arn(facts);

    if (type != NULL)
        return type->service->global;
    return arn != NULL && !fr_aws_arn_part(arn, 3, part, sizeof part) &&
           fr_aws_arn_part(arn, 2, part, sizeof part) && !fr_str_equal(part, "s3");
}

/* The region that was asked is assumed at most; of what was not asked that
 * would be a guess. */
static const char *region_of(const fr_aws_type *type, const fr_aws_facts *facts)
{
    if (is_global(type, facts))
        return "global";
    return type == NULL && facts->region_assumed ? NULL : facts->region;
}

/* Where it is, and whose. What lives in the state alone is nowhere. */
static void put_place(const fr_aws *aws, const fr_aws_type *type, const fr_aws_facts *facts,
                      fr_json *object)
{
    if (fr_aws_type_is_local(facts->resource->type))
        return;
    put(object, "region", region_of(type, facts));
    put_account(aws, facts, object);
    put_console(type, facts, object);
}

/* Only an answer has a time. */
static void put_time(const fr_aws *aws, const fr_aws_verdict *verdict, fr_json *object)
{
    char now[FR_AWS_DATE_ISO];

    if (verdict->status == FR_AWS_UNVERIFIABLE)
        return;
    fr_aws_date_iso(aws->clock->now(aws->clock) / 1000, now);
    put(object, "verified_at", now);
}

static fr_json *resource_of(const fr_aws *aws, const fr_aws_type *type, const fr_aws_facts *facts,
                            const fr_aws_verdict *verdict)
{
    const fractary_resource *r = facts->resource;
    fr_json *object = fr_json_object();

    put(object, "address", r->address);
    put(object, "type", r->type);
    put(object, "service", fr_aws_display_service(r->type));
    put(object, "name", r->name);
    put(object, "id", r->id);
    put(object, "arn", fr_aws_facts_arn(facts));
    put_place(aws, type, facts, object);
    put(object, "status", status_name(verdict->status));
    put(object, "reason", verdict->reason);
    put(object, "obstacle", obstacles[verdict->obstacle]);
    put_time(aws, verdict, object);
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
