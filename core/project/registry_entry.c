#include "project/registry_entry.h"

#include "base/time.h"
#include "project/registry_place.h"
#include <fractary-plugin/str.h>

/* Fields that a commit brings, in the order in which they are written; `fact`:
 * when it becomes another one, the entry has changed. */
static const struct field {
    const char *name;
    int fact;
} given[] = {
    {"address", 1}, {"type", 1},   {"name", 1},    {"provider", 1},
    {"id", 1},      {"arn", 1},    {"region", 1},  {"console_url", 1},
    {"status", 1},  {"reason", 0}, {"account", 1}, {"verified_at", 0},
};
#define GIVEN (sizeof given / sizeof *given)

static const char *const statuses[] = {"verified", "missing", "unverifiable"};

static int is_status(const char *status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (fr_str_equal(statuses[i], status))
            return 1;
    }
    return 0;
}

static int32_t copy_text(fr_json *entry, const char *key, const fr_json *from)
{
    return fr_json_set_string(entry, key, fr_json_get_string(from, key));
}

/* What nobody has verified is never called so. */
static int32_t set_status(fr_json *entry, const fr_json *resource, const fr_json *known)
{
    const char *status = fr_json_get_string(resource, "status");
    const char *reason = fr_json_get_string(resource, "reason");
    const char *verified_at = fr_json_get_string(resource, "verified_at");

    if (!is_status(status)) {
        status = "unverifiable";
        reason = reason != NULL ? reason : "the cloud was not asked";
    }
    if (verified_at == NULL)
        verified_at = fr_json_get_string(known, "verified_at");
    if (reason != NULL)
        fr_json_set_string(entry, "reason", reason);
    fr_json_set_string(entry, "status", status);
    return fr_json_set_string(entry, "verified_at", verified_at);
}

static int is_changed(const fr_json *entry, const fr_json *known)
{
    for (size_t i = 0; i < GIVEN; i++) {
        if (given[i].fact && !fr_str_equal(fr_json_get_string(entry, given[i].name),
                                           fr_json_get_string(known, given[i].name)))
            return 1;
    }
    return 0;
}

static int32_t set_origin(fr_json *entry, const fr_registry_change *change, const fr_json *known,
                          int changed)
{
    const char *run = fr_json_get_string(known, "run");
    const char *created = fr_json_get_string(known, "created_at");
    const char *updated = changed ? NULL : fr_json_get_string(known, "updated_at");
    char now[FR_TIME_TEXT];

    fr_time_format(change->at, now);
    fr_json_set_string(entry, "run", run != NULL ? run : change->run);
    fr_json_set_string(entry, "created_at", created != NULL ? created : now);
    return fr_json_set_string(entry, "updated_at", updated != NULL ? updated : now);
}

fr_json *fr_registry_entry(const fr_registry_place *place, const fr_registry_change *change,
                           const fr_json *resource, const fr_json *known, int *changed)
{
    fr_json *entry = fr_json_object();
    int32_t status = FRACTARY_OK;

    /* `reason` is there only when there is one. */
    for (size_t i = 0; i < GIVEN && status == FRACTARY_OK; i++) {
        if (!fr_str_equal(given[i].name, "reason") ||
            fr_json_get_string(resource, "reason") != NULL)
            status = copy_text(entry, given[i].name, resource);
    }
    if (status == FRACTARY_OK)
        status = set_status(entry, resource, known);
    *changed = known == NULL || is_changed(entry, known);
    if (status == FRACTARY_OK)
        status = fr_json_set_string(entry, "stack",
                                    place->stack != NULL ? place->stack : FR_REGISTRY_STACK);
    if (status == FRACTARY_OK)
        status = set_origin(entry, change, known, *changed);
    if (status != FRACTARY_OK) {
        fr_json_free(entry);
        return NULL;
    }
    return entry;
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
