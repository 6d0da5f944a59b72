#include "project/registry.h"

#include "base/file.h"
#include "base/time.h"
#include "project/deployed.h"
#include "project/history.h"
#include "project/members.h"
#include "project/registry_entry.h"
#include "project/registry_place.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Broken registries that are kept. */
#define ASIDE_LIMIT 100

/* ------------------------------------------------------------------------- merging */

static int by_address(const void *a, const void *b)
{
    return strcmp(fr_json_get_string(a, "address"), fr_json_get_string(b, "address"));
}

/* The entry of that address in a list sorted by it, or NULL. */
static const fr_json *find_known(const fr_vec *known, const char *address)
{
    size_t low = 0;
    size_t high = known->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(fr_json_get_string(known->items[middle], "address"), address);
        if (order == 0)
            return known->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A commit while it is made. */
struct commit {
    const fr_registry_place *place;
    const fr_registry_change *change;
    fr_json *old;
    fr_vec known;   /* its entries, by address             */
    fr_vec entries; /* of the new registry; owned          */
    fr_json *registry;
    fr_registry_counts counts;
};

static void entry_destroy(void *item)
{
    fr_json_free(item);
}

static int32_t add_entry(struct commit *commit, fr_json *entry)
{
    if (entry == NULL)
        return FRACTARY_E_NOMEM;
    const int32_t status = fr_vec_push(&commit->entries, entry);
    if (status != FRACTARY_OK)
        fr_json_free(entry);
    return status;
}

static int32_t sort_old(struct commit *commit)
{
    int32_t status = FRACTARY_OK;

    for (fr_json *e = fr_json_first(fr_json_get(commit->old, "resources"));
         e != NULL && status == FRACTARY_OK; e = fr_json_next(e))
        status = fr_vec_push(&commit->known, e);
    fr_vec_sort(&commit->known, by_address);
    return status;
}

static int32_t add_resource(struct commit *commit, const fr_json *resource)
{
    const char *address = fr_json_get_string(resource, "address");
    const fr_json *known = find_known(&commit->known, address);
    int changed;
    fr_json *entry = fr_registry_entry(commit->place, commit->change, resource, known, &changed);

    commit->counts.added += known == NULL;
    commit->counts.changed += known != NULL && changed;
    return add_entry(commit, entry);
}

static void count_removed(struct commit *commit)
{
    for (size_t i = 0; i < commit->known.count; i++)
        commit->counts.removed +=
            find_known(&commit->entries, fr_json_get_string(commit->known.items[i], "address")) ==
            NULL;
}

static int32_t check_resources(const fr_json *resources, fractary_error *error)
{
    int addressed = fr_json_kind_of(resources) == FR_JSON_ARRAY;

    for (const fr_json *e = fr_json_first(resources); e != NULL && addressed; e = fr_json_next(e))
        addressed = fr_json_get_string(e, "address") != NULL;
    if (addressed)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_INVALID, "the resources cannot be recorded");
    return fr_error_cause(error, "they are no list of objects that each have an address");
}

static int32_t merge(struct commit *commit, const fr_json *resources)
{
    int32_t status = sort_old(commit);

    for (const fr_json *e = fr_json_first(resources); e != NULL && status == FRACTARY_OK;
         e = fr_json_next(e))
        status = add_resource(commit, e);
    fr_vec_sort(&commit->entries, by_address);
    count_removed(commit);
    return status;
}

/* What a reader of the document wants to know of the last change. A refresh
 * only looks, so it leaves that as it is. */
static void add_last(const struct commit *commit, fr_members *registry)
{
    const fr_registry_change *change = commit->change;
    const fr_json *known = fr_json_get(commit->old, "last");
    fr_members last;
    char now[FR_TIME_TEXT];

    if (fr_str_equal(change->action, "refresh")) {
        if (known != NULL)
            fr_members_value(registry, "last", fr_json_copy(known));
        return;
    }
    last = fr_members_begin();
    fr_time_format(change->at, now);
    fr_members_string(&last, "action", change->action);
    fr_members_bool(&last, "ok", !change->failed);
    fr_members_string(&last, "time", now);
    fr_members_string(&last, "run", change->run);
    fr_members_string(&last, "plan", change->plan);
    fr_members_string(&last, "principal", change->principal);
    fr_members_string(&last, "user", change->user);
    fr_members_value(registry, "last", fr_members_end(&last));
}

/* The entries as an array, which owns them now; NULL without memory. */
static fr_json *take_entries(struct commit *commit)
{
    fr_json *resources = fr_json_array();
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < commit->entries.count && status == FRACTARY_OK; i++) {
        status = fr_json_add(resources, commit->entries.items[i]);
        commit->entries.items[i] = NULL;
    }
    if (status == FRACTARY_OK)
        return resources;
    fr_json_free(resources);
    return NULL;
}

static int32_t make_registry(struct commit *commit)
{
    fr_members registry = fr_members_begin();
    char now[FR_TIME_TEXT];

    fr_time_format(commit->change->at, now);
    fr_members_int(&registry, "version", FR_REGISTRY_VERSION);
    fr_members_string(&registry, "environment", commit->place->environment);
    fr_members_string(&registry, "updated_at", now);
    add_last(commit, &registry);
    fr_members_value(&registry, "resources", take_entries(commit));
    commit->registry = fr_members_end(&registry);
    fr_registry_count(fr_json_get(commit->registry, "resources"), &commit->counts);
    return commit->registry != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* ------------------------------------------------------------------------- writing */

/* A resource a line: a change of one is a line in git's diff. */
static int32_t print_registry(const fr_json *registry, fr_buf *out)
{
    const fr_json *first = fr_json_first(fr_json_get(registry, "resources"));

    fr_buf_puts(out, "{\n");
    for (const fr_json *m = fr_json_first(registry); m != NULL; m = fr_json_next(m)) {
        fr_buf_puts(out, "  ");
        fr_json_quote(fr_json_key(m), out);
        fr_buf_puts(out, ": ");
        if (!fr_str_equal(fr_json_key(m), "resources")) {
            fr_json_print(m, out);
            fr_buf_puts(out, fr_json_next(m) != NULL ? ",\n" : "\n");
            continue;
        }
        fr_buf_puts(out, "[");
        for (const fr_json *e = first; e != NULL; e = fr_json_next(e)) {
            fr_buf_puts(out, e != first ? ",\n    " : "\n    ");
            fr_json_print(e, out);
        }
        fr_buf_puts(out, first != NULL ? "\n  ]\n" : "]\n");
    }
    fr_buf_puts(out, "}\n");
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

static int32_t write_text(const fr_registry_place *place, const char *name, const fr_buf *text,
                          fractary_error *error)
{
    char *path = fr_registry_path(place, name);

    if (path == NULL || text->failed) {
        free(path);
        return fr_error_nomem(error);
    }
    const int32_t status = fr_file_write(path, fr_buf_text(text), text->length, 0644, error);
    free(path);
    return status;
}

static int32_t write_registry(const struct commit *commit, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status = print_registry(commit->registry, &text);

    status = status == FRACTARY_OK ? write_text(commit->place, "registry.json", &text, error)
                                   : fr_error_nomem(error);
    if (status == FRACTARY_E_IO)
        fr_error_advice(error,
                        "the registry is as it was, the resources exist: mend this, then run "
                        "`fractary status --env %s`",
                        commit->place->environment);
    fr_buf_finish(&text);
    return status;
}

static int32_t write_document(const struct commit *commit, fractary_error *error)
{
    fr_buf text = {0};

    fr_deployed_print(commit->place, commit->registry, &text);
    const int32_t status = write_text(commit->place, "DEPLOYED.md", &text, error);
    fr_buf_finish(&text);
    return status;
}

/* The first failure is what is told; history is written whatever becomes of
 * the document. */
static int32_t write_all(const struct commit *commit, fractary_error *error)
{
    int32_t status = write_registry(commit, error);

    if (status != FRACTARY_OK)
        return status;
    status = write_document(commit, error);
    const int32_t appended = fr_history_append(commit->place, commit->change, &commit->counts,
                                               status == FRACTARY_OK ? error : NULL);
    return status != FRACTARY_OK ? status : appended;
}

/* What was put aside earlier stays: link() never replaces. */
static int32_t put_aside(const fr_registry_place *place, fractary_error *error)
{
    char *path = fr_registry_path(place, "registry.json");
    int done = 0;

    errno = path != NULL ? EEXIST : ENOMEM;
    for (int i = 1; i <= ASIDE_LIMIT && !done && errno == EEXIST; i++) {
        char *aside =
            i == 1 ? fr_str_format("%s.broken", path) : fr_str_format("%s.broken.%d", path, i);
        errno = ENOMEM;
        done = aside != NULL && link(path, aside) == 0;
        free(aside);
    }
    if (!done) {
        fr_error_set(error, FRACTARY_E_IO, "the broken registry %s cannot be put aside",
                     path != NULL ? path : "");
        fr_error_cause(error, "%s", strerror(errno));
    }
    free(path);
    return done ? FRACTARY_OK : FRACTARY_E_IO;
}

/* What exists must be recorded, so a broken registry does not stand in the way:
 * it is put aside. One of a newer version is somebody else's and stays. */
static int32_t read_old(struct commit *commit, fractary_error *error)
{
    int stays;
    int32_t status = fr_registry_read_all(commit->place, &commit->old, &stays, error);

    if (status != FRACTARY_E_CONFIG || stays)
        return status;
    commit->old = fr_registry_empty(commit->place);
    return commit->old != NULL ? put_aside(commit->place, error) : fr_error_nomem(error);
}

int32_t fr_registry_commit(const fr_registry_place *place, const fr_registry_change *change,
                           const fr_json *resources, fractary_error *error)
{
    struct commit commit = {.place = place, .change = change};
    int32_t status = fr_registry_check_place(place, error);

    if (status == FRACTARY_OK)
        status = check_resources(resources, error);
    if (status == FRACTARY_OK)
        status = read_old(&commit, error);
    if (status == FRACTARY_OK &&
        (merge(&commit, resources) != FRACTARY_OK || make_registry(&commit) != FRACTARY_OK))
        status = fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = write_all(&commit, error);
    fr_vec_finish(&commit.known, NULL);
    fr_vec_finish(&commit.entries, entry_destroy);
    fr_json_free(commit.registry);
    fr_json_free(commit.old);
    return status;
}
