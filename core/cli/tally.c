#include "cli/tally.h"

#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct action {
    const char *name, *planned, *done;
    const char *key; /* of the plan record */
} actions[FR_TALLY_ACTIONS] = {
    [FR_TALLY_CREATE] = {"create", "create", "created", "add"},
    [FR_TALLY_UPDATE] = {"update", "update", "updated", "change"},
    [FR_TALLY_REPLACE] = {"replace", "replace", "replaced", "replace"},
    [FR_TALLY_DELETE] = {"delete", "delete", "deleted", "destroy"},
    [FR_TALLY_IMPORT] = {"import", "import", "imported", "import"},
};

static uint64_t number(const fr_json *record, const char *key)
{
    const int64_t value = fr_json_get_int(record, key, 0);
    return value > 0 ? (uint64_t)value : 0;
}

/* One that is planned, and the half of it that is done. */
typedef struct replacement {
    fr_tally_action half; /* FR_TALLY_ACTIONS: none */
    char address[];
} replacement;

void fr_tally_finish(fr_tally *tally)
{
    fr_vec_finish(&tally->replacements, free);
    tally->replacements = (fr_vec){0};
}

/* Without memory it is counted as its halves. */
static void plan_replacement(fr_tally *tally, const char *address)
{
    const size_t size = strlen(address) + 1;
    replacement *planned = malloc(sizeof *planned + size);

    if (planned == NULL)
        return;
    planned->half = FR_TALLY_ACTIONS;
    memcpy(planned->address, address, size);
    if (fr_vec_push(&tally->replacements, planned) != FRACTARY_OK)
        free(planned);
}

static replacement *find_replacement(const fr_tally *tally, const char *address)
{
    for (size_t i = 0; i < tally->replacements.count; i++) {
        replacement *planned = tally->replacements.items[i];
        if (strcmp(planned->address, address) == 0)
            return planned;
    }
    return NULL;
}

static void count_done(fr_tally *tally, fr_tally_action action, const char *address)
{
    replacement *planned = find_replacement(tally, address);

    if (planned == NULL) {
        tally->done[action]++;
    } else if (planned->half == FR_TALLY_ACTIONS) {
        planned->half = action;
        tally->done[action]++;
    } else if (planned->half != action) {
        tally->done[planned->half]--;
        tally->done[FR_TALLY_REPLACE]++;
        planned->address[0] = '\0'; /* it is over */
    }
}

static void count_change(fr_tally *tally, const fr_json *record)
{
    const char *status = fr_json_get_string(record, "status");
    const char *action = fr_json_get_string(record, "action");
    const char *address = fr_json_get_string(record, "address");

    if (fr_str_equal(status, "failed"))
        tally->failed++;
    if (fr_str_equal(status, "planned") && fr_str_equal(action, "replace") && address != NULL)
        plan_replacement(tally, address);
    for (size_t i = 0; fr_str_equal(status, "done") && i < FR_TALLY_ACTIONS; i++) {
        if (fr_str_equal(action, actions[i].name))
            count_done(tally, (fr_tally_action)i, address != NULL ? address : "");
    }
}

static void count_plan(fr_tally *tally, const fr_json *record)
{
    tally->has_plan = 1;
    tally->plan_changes = fr_json_get_bool(record, "changes", 0);
    tally->plan_destroys_all = fr_json_get_bool(record, "destroy_all", 0);
    for (size_t i = 0; i < FR_TALLY_ACTIONS; i++)
        tally->planned[i] = number(record, actions[i].key);
}

static void count_registry(fr_tally *tally, const fr_json *record)
{
    tally->has_registry = 1;
    tally->registered = number(record, "resources");
    tally->verified = number(record, "verified");
    tally->missing = number(record, "missing");
    tally->unverifiable = number(record, "unverifiable");
}

static void count_severity(fr_tally *tally, const fr_json *record)
{
    const char *severity = fr_json_get_string(record, "severity");

    tally->errors += (uint64_t)fr_str_equal(severity, "error");
    tally->warnings += (uint64_t)fr_str_equal(severity, "warning");
}

static const struct counter {
    const char *type;
    void (*count)(fr_tally *tally, const fr_json *record);
} counters[] = {
    {"change", count_change},       {"plan", count_plan},        {"registry", count_registry},
    {"diagnostic", count_severity}, {"finding", count_severity},
};

void fr_tally_record(fr_tally *tally, const fr_json *record)
{
    const char *type = fr_json_get_string(record, "type");

    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        if (fr_str_equal(type, counters[i].type))
            counters[i].count(tally, record);
    }
}

int fr_tally_changed(const fr_tally *tally)
{
    uint64_t total = tally->failed;

    for (size_t i = 0; i < FR_TALLY_ACTIONS; i++)
        total += tally->done[i];
    return total != 0;
}

int fr_tally_is_change(const fr_tally *tally)
{
    return tally->has_plan || fr_tally_changed(tally);
}

static void separate(fr_buf *out, size_t start)
{
    if (out->length > start)
        fr_buf_puts(out, ", ");
}

static void put_counted(fr_buf *out, size_t start, uint64_t count, const char *word)
{
    if (count == 0)
        return;
    separate(out, start);
    fr_buf_printf(out, "%" PRIu64 " %s", count, word);
}

void fr_tally_resources(uint64_t count, uint64_t verified, uint64_t missing, uint64_t unverifiable,
                        fr_buf *out)
{
    fr_text_count(out, count, "resource");
    if (verified + missing + unverifiable == 0)
        return;
    fr_buf_puts(out, ": ");
    const size_t start = out->length;
    put_counted(out, start, verified, "verified");
    put_counted(out, start, missing, "missing");
    put_counted(out, start, unverifiable, "unverifiable");
}

void fr_tally_plan(const fr_tally *tally, fr_buf *out)
{
    const size_t start = out->length;

    for (size_t i = 0; i < FR_TALLY_ACTIONS; i++) {
        if (tally->planned[i] == 0)
            continue;
        separate(out, start);
        fr_buf_printf(out, "%" PRIu64 " to %s", tally->planned[i], actions[i].planned);
    }
    if (out->length == start)
        fr_buf_puts(out, tally->plan_changes ? "outputs to change" : "nothing to change");
}

static void put_done(const fr_tally *tally, fr_buf *out)
{
    const size_t start = out->length;

    for (size_t i = 0; i < FR_TALLY_ACTIONS; i++)
        put_counted(out, start, tally->done[i], actions[i].done);
    put_counted(out, start, tally->failed, "failed");
    if (tally->has_registry && tally->registered > 0) {
        fr_buf_puts(out, "; ");
        fr_tally_resources(tally->registered, tally->verified, tally->missing, tally->unverifiable,
                           out);
    }
}

void fr_tally_sentence(const fr_tally *tally, fr_buf *out)
{
    if (fr_tally_changed(tally)) {
        put_done(tally, out);
    } else if (tally->has_plan && !tally->plan_changes) {
        fr_buf_puts(out, tally->plan_destroys_all ? "nothing to do: there is nothing left"
                                                  : "nothing to do: all is as the code says");
    } else if (tally->has_plan) {
        fr_buf_puts(out, "planned: ");
        fr_tally_plan(tally, out);
        fr_buf_puts(out, "; nothing was changed");
    } else if (tally->has_registry) {
        fr_tally_resources(tally->registered, tally->verified, tally->missing, tally->unverifiable,
                           out);
    } else if (tally->errors + tally->warnings > 0) {
        const size_t start = out->length;
        if (tally->errors > 0)
            fr_text_count(out, tally->errors, "error");
        if (tally->warnings > 0) {
            separate(out, start);
            fr_text_count(out, tally->warnings, "warning");
        }
    }
}
