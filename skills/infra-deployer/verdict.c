#include "verdict.h"

#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stddef.h>

static int is(const fr_json *resource, const char *key, const char *value)
{
    return fr_str_equal(fr_json_get_string(resource, key), value);
}

/* ------------------------------------------------------------- each of them */

static const struct note {
    const char *key, *value, *text;
} notes[] = {
    {"drift", INVENTORY_UNMANAGED, "not in the state any more"},
    {"drift", INVENTORY_UNREGISTERED, "not in the registry"},
    {"condition", "tainted", "tainted: the next deployment replaces it"},
    {"condition", "deposed", "left over from a replacement: the next deployment deletes it"},
};

static void append(fr_buf *text, const char *part)
{
    if (part == NULL || *part == '\0')
        return;
    fr_buf_printf(text, "%s%s", text->length != 0 ? "; " : "", part);
}

/* Of what left the state the cloud's word is news; that it lives in the state
 * alone is not true any more. */
static const char *remainder_of(const fr_json *resource)
{
    if (!is(resource, "drift", INVENTORY_UNMANAGED) ||
        fr_json_get_string(resource, "obstacle") != NULL)
        return fr_json_get_string(resource, "reason");
    if (is(resource, "status", "verified"))
        return "the cloud still has it";
    return is(resource, "status", "missing") ? "gone from the cloud, too" : NULL;
}

static int32_t emit(const fr_json *resource, const char *reason, const fractary_sink *sink)
{
    const char *address = fr_json_get_string(resource, "address");
    fr_json *record =
        fr_record_new("resource", "%s: %s", address != NULL ? address : "a resource", reason);
    fr_json *copy = fr_json_copy(resource);

    fr_json_free(fr_json_take(copy, "attributes"));
    if (fr_json_set(record, "resource", copy) == FRACTARY_OK)
        return fr_record_emit(sink, record);
    fr_json_free(record);
    return FRACTARY_E_NOMEM;
}

static int32_t explain(fr_json *resource, const fractary_sink *sink)
{
    fr_buf text = {0};
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (is(resource, notes[i].key, notes[i].value))
            append(&text, notes[i].text);
    if (text.length != 0) {
        append(&text, remainder_of(resource));
        status = text.failed
                     ? FRACTARY_E_NOMEM
                     : fr_json_set_string(resource, "reason", fr_buf_text(&text));
        if (status == FRACTARY_OK)
            status = emit(resource, fr_buf_text(&text), sink);
    }
    fr_buf_finish(&text);
    return status;
}

int32_t verdict_explain(const inventory *resources, const fractary_sink *sink)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < resources->resources.count && status == FRACTARY_OK; i++)
        status = explain(resources->resources.items[i], sink);
    return status;
}

/* ---------------------------------------------------------------- the whole */

typedef struct counts {
    size_t all, checked, missing, unmanaged, unregistered, unreachable, denied, refused;
    const char *obstacle; /* the first one's reason */
} counts;

static void count_obstacle(const fr_json *resource, counts *n)
{
    const char *obstacle = fr_json_get_string(resource, "obstacle");

    if (obstacle == NULL || !is(resource, "status", "unverifiable"))
        return;
    n->unreachable += (size_t)fr_str_equal(obstacle, "unreachable");
    n->denied += (size_t)fr_str_equal(obstacle, "denied");
    n->refused += (size_t)fr_str_equal(obstacle, "credentials");
    if (n->obstacle == NULL)
        n->obstacle = fr_json_get_string(resource, "reason");
}

static counts count(const inventory *resources)
{
    counts n = {.all = resources->resources.count};

    for (size_t i = 0; i < n.all; i++) {
        const fr_json *resource = resources->resources.items[i];
        const int unmanaged = is(resource, "drift", INVENTORY_UNMANAGED);
        n.checked += (size_t)!is(resource, "status", "unverifiable");
        n.missing += (size_t)(!unmanaged && is(resource, "status", "missing"));
        n.unmanaged += (size_t)unmanaged;
        n.unregistered += (size_t)is(resource, "drift", INVENTORY_UNREGISTERED);
        count_obstacle(resource, &n);
    }
    return n;
}

/* What differs, in the order in which it is said, and what to do about it. */
static const struct difference {
    size_t which; /* offset in counts */
    const char *one, *many, *cause;
    const char *before, *after; /* the advice, around the environment's name */
} differences[] = {
    {offsetof(counts, missing), "is missing", "are missing",
     "The state has what the cloud says does not exist.",
     "fractary preview --env ", " shows what a deployment would make anew."},
    {offsetof(counts, unmanaged), "is not in the state any more", "are not in the state any more",
     "The registry lists what was taken out of the state, or the state was lost.",
     "Import it again or bring the state back; when it is meant to be out, fractary deploy --env ",
     " takes what is gone from the cloud out of the registry."},
    {offsetof(counts, unregistered), "is not in the registry", "are not in the registry",
     "The state has what no run wrote down: one was broken off, or somebody worked without "
     "fractary.",
     "fractary deploy --env ", " brings the registry up to the state."},
};

#define DIFFERENCES (sizeof differences / sizeof *differences)

static size_t number_of(const counts *n, const struct difference *what)
{
    return *(const size_t *)(const void *)((const char *)n + what->which);
}

/* "2 of 9 resources are missing, 1 is not in the registry" */
static void say_differences(const counts *n, fr_buf *out)
{
    for (size_t i = 0; i < DIFFERENCES; i++) {
        const size_t number = number_of(n, &differences[i]);
        if (number == 0)
            continue;
        if (out->length == 0)
            fr_buf_printf(out, "%zu of %zu resource%s", number, n->all, n->all == 1 ? "" : "s");
        else
            fr_buf_printf(out, ", %zu", number);
        fr_buf_printf(out, " %s", number == 1 ? differences[i].one : differences[i].many);
    }
    if (out->length != 0 && n->unreachable != 0)
        fr_buf_printf(out, ", %zu could not be asked about", n->unreachable);
}

static int32_t differ(const counts *n, const char *text, const char *environment,
                      fractary_error *error)
{
    size_t i = 0;

    while (i + 1 < DIFFERENCES && number_of(n, &differences[i]) == 0)
        i++;
    fr_error_set(error, FRACTARY_E_FAILED, "%s", text);
    fr_error_cause(error, "%s", differences[i].cause);
    fr_error_advice(error, "%s%s%s", differences[i].before, environment, differences[i].after);
    return FRACTARY_E_FAILED;
}

static int32_t obstructed(const counts *n, int32_t status, size_t number, const char *advice,
                          fractary_error *error)
{
    if (n->checked == 0)
        fr_error_set(error, status, "nothing could be checked: %zu of %zu resource%s could not "
                                    "be asked about",
                     number, n->all, n->all == 1 ? "" : "s");
    else
        fr_error_set(error, status, "%zu of %zu resources could not be asked about; %zu %s", number,
                     n->all, n->checked, n->checked == 1 ? "was checked" : "were checked");
    fr_error_cause(error, "%s", n->obstacle);
    fr_error_advice(error, "%s", advice);
    return status;
}

int32_t verdict_judge(const inventory *resources, const char *environment, fractary_error *error)
{
    const counts n = count(resources);
    int32_t status = FRACTARY_OK;
    fr_buf text = {0};

    say_differences(&n, &text);
    if (text.failed)
        status = fr_error_nomem(error);
    else if (text.length != 0)
        status = differ(&n, fr_buf_text(&text), environment, error);
    else if (n.refused != 0)
        status = obstructed(&n, FRACTARY_E_AUTH, n.refused,
                            "Renew the credentials of purpose read, then ask again.", error);
    else if (n.unreachable != 0)
        status = obstructed(&n, FRACTARY_E_UNAVAILABLE, n.unreachable,
                            "Check the network and the configured address of the cloud's API, "
                            "then ask again.",
                            error);
    else if (n.denied != 0 && n.checked == 0)
        status = obstructed(&n, FRACTARY_E_DENIED, n.denied,
                            "Give the identity of purpose read the permissions that are named.",
                            error);
    fr_buf_finish(&text);
    return status;
}
