#include "project/registry_entry.h"

#include "base/time.h"
#include "project/members.h"
#include "project/registry_place.h"
#include <fractary-plugin/str.h>

/* Facts that are taken as a commit brings them. */
static const char *const copied[] = {"address", "type", "service", "name",        "provider",
                                     "id",      "arn",  "region",  "console_url", "account"};

static const char *const statuses[] = {"verified", "missing", "unverifiable"};

static int is_status(const char *status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (fr_str_equal(statuses[i], status))
            return 1;
    }
    return 0;
}

/* What nobody has verified is never called so. */
static void add_status(fr_members *entry, const fr_json *resource, const fr_json *known)
{
    const char *status = fr_json_get_string(resource, "status");
    const char *reason = fr_json_get_string(resource, "reason");
    const char *verified_at = fr_json_get_string(resource, "verified_at");

    if (!is_status(status)) {
        status = "unverifiable";
        reason = reason != NULL ? reason : "the cloud was not asked";
    }
    if (fr_str_equal(status, "unverifiable"))
        verified_at = NULL;
    else if (verified_at == NULL)
        verified_at = fr_json_get_string(known, "verified_at");
    fr_members_string(entry, "status", status);
    if (reason != NULL)
        fr_members_string(entry, "reason", reason);
    fr_members_string(entry, "verified_at", verified_at);
}

static int is_same(const fr_json *a, const fr_json *b, const char *key)
{
    return fr_str_equal(fr_json_get_string(a, key), fr_json_get_string(b, key));
}

/* Why and when it was verified are no facts of the resource. */
static int is_changed(const fr_json *entry, const fr_json *known)
{
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        if (!is_same(entry, known, copied[i]))
            return 1;
    }
    return !is_same(entry, known, "status");
}

static void add_origin(fr_members *entry, const fr_registry_change *change, const fr_json *known)
{
    const int changed = known == NULL || is_changed(entry->object, known);
    const char *run = fr_json_get_string(known, "run");
    const char *created = fr_json_get_string(known, "created_at");
    const char *updated = changed ? NULL : fr_json_get_string(known, "updated_at");
    char now[FR_TIME_TEXT];

    fr_time_format(change->at, now);
    fr_members_string(entry, "run", run != NULL ? run : change->run);
    fr_members_string(entry, "created_at", created != NULL ? created : now);
    fr_members_string(entry, "updated_at", updated != NULL ? updated : now);
}

fr_json *fr_registry_entry(const fr_registry_place *place, const fr_registry_change *change,
                           const fr_json *resource, const fr_json *known, int *changed)
{
    fr_members entry = fr_members_begin();

    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        fr_members_string(&entry, copied[i], fr_json_get_string(resource, copied[i]));
    add_status(&entry, resource, known);
    fr_members_string(&entry, "stack", place->stack != NULL ? place->stack : FR_REGISTRY_STACK);
    *changed = known == NULL || is_changed(entry.object, known);
    add_origin(&entry, change, known);
    return fr_members_end(&entry);
}

void fr_registry_count(const fr_json *resources, fr_registry_counts *counts)
{
    counts->resources = counts->verified = counts->missing = counts->unverifiable = 0;
    for (const fr_json *e = fr_json_first(resources); e != NULL; e = fr_json_next(e)) {
        const char *status = fr_json_get_string(e, "status");
        counts->resources++;
        counts->verified += fr_str_equal(status, "verified") != 0;
        counts->missing += fr_str_equal(status, "missing") != 0;
        counts->unverifiable += fr_str_equal(status, "unverifiable") != 0;
    }
}
