#include "plugin/catalog.h"

#include "base/file.h"
#include "base/path.h"
#include "plugin/shape.h"

#include <dirent.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <stdlib.h>
#include <string.h>

/* Most entries of one place. */
#define PLACE_LIMIT 4096

/* An entry, and by what it is sorted. */
typedef struct slot {
    fr_catalog_entry entry; /* first: the address of a slot is its entry's */
    const char *name;       /* its id, or its folder's name for a bad one */
    size_t rank;            /* of its place */
} slot;

struct fr_catalog {
    fr_vec slots;
};

/* The place that is being read. */
typedef struct place_reader {
    fr_catalog *catalog;
    const fr_catalog_place *place;
    const char *real; /* the place's path free of links; NULL: not known */
    size_t rank;
    fractary_error *error;
} place_reader;

static void free_slot(void *item)
{
    slot *s = item;

    fr_manifest_free(s->entry.manifest);
    free(s->entry.folder);
    free(s->entry.error);
    free(s);
}

/* ------------------------------------------------------------------- reading */

/* Adds an entry for `folder`, which it takes over; NULL without memory. */
static slot *add_slot(const place_reader *reader, char *folder)
{
    slot *s = folder != NULL ? calloc(1, sizeof *s) : NULL;

    if (s == NULL) {
        free(folder);
        return NULL;
    }
    s->entry.folder = folder;
    s->entry.origin = reader->place->origin;
    s->name = fr_path_name(folder);
    s->rank = reader->rank;
    if (fr_vec_push(&reader->catalog->slots, s) == FRACTARY_OK)
        return s;
    free_slot(s);
    return NULL;
}

static int may_be_folder(const char *path, unsigned char kind)
{
    return kind == DT_DIR || ((kind == DT_LNK || kind == DT_UNKNOWN) && fr_file_is_folder(path));
}

/* What is itself no link, in a place whose path has none, needs no looking for
 * links once more. */
static int32_t read_manifest(const place_reader *reader, slot *s, const char *name,
                             unsigned char kind, fractary_error *error)
{
    fr_manifest **manifest = &s->entry.manifest;

    if (reader->real == NULL || kind != DT_DIR)
        return fr_manifest_read(s->entry.folder, manifest, error);
    char *real = fr_path_join(reader->real, name);
    if (real == NULL)
        return FRACTARY_E_NOMEM;
    const int32_t status = fr_manifest_read_real(real, manifest, error);
    free(real);
    return status;
}

/* Room for an error is taken where there is one: it is larger than all else. */
static int32_t note_bad(slot *s, const fractary_error *said)
{
    s->entry.error = fr_error_copy(said);
    return s->entry.error != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* FRACTARY_OK for a bad one, too. */
static int32_t read_entry(const place_reader *reader, slot *s, const char *name, unsigned char kind)
{
    fractary_error said = FR_ERROR_INIT;
    const int32_t status = read_manifest(reader, s, name, kind, &said);

    if (status == FRACTARY_E_NOMEM)
        return status;
    if (status != FRACTARY_OK)
        return note_bad(s, &said);
    s->name = s->entry.manifest->id;
    return FRACTARY_OK;
}

/* One entry of a place. What is wrong with a plugin stays with its entry; only
 * lack of memory ends the reading. */
static int32_t visit(void *context, const char *name, unsigned char kind)
{
    const place_reader *reader = context;
    char *folder;
    slot *s;

    if (name[0] == '.')
        return FRACTARY_OK;
    folder = fr_path_join(reader->place->folder, name);
    if (folder == NULL)
        return fr_error_nomem(reader->error);
    if (!may_be_folder(folder, kind)) {
        free(folder);
        return FRACTARY_OK;
    }
    s = add_slot(reader, folder);
    if (s == NULL)
        return fr_error_nomem(reader->error);
    if (read_entry(reader, s, name, kind) != FRACTARY_OK)
        return fr_error_nomem(reader->error);
    return FRACTARY_OK;
}

/* A place that cannot be read is one bad entry; the others still serve. */
static int32_t read_place(place_reader *reader)
{
    fractary_error said = FR_ERROR_INIT;
    int32_t status;
    slot *s;

    char *real = realpath(reader->place->folder, NULL);
    reader->real = real;
    status = fr_file_list(reader->place->folder, PLACE_LIMIT, visit, reader, &said);
    reader->real = NULL;
    free(real);
    if (status == FRACTARY_OK || status == FRACTARY_E_NOTFOUND)
        return FRACTARY_OK;
    if (status == FRACTARY_E_NOMEM)
        return fr_error_nomem(reader->error);
    s = add_slot(reader, fr_str_dup(reader->place->folder));
    if (s == NULL || note_bad(s, &said) != FRACTARY_OK)
        return fr_error_nomem(reader->error);
    return FRACTARY_OK;
}

/* ------------------------------------------------------------------- ordering */

static int compare(const void *a, const void *b)
{
    const slot *left = a;
    const slot *right = b;
    const int by_name = strcmp(left->name, right->name);

    if (by_name != 0)
        return by_name;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return strcmp(left->entry.folder, right->entry.folder);
}

static slot *slot_at(const fr_catalog *catalog, size_t index)
{
    return catalog->slots.items[index];
}

/* Those of one id stand together now, earlier places first. */
static void mark_shadowed(fr_catalog *catalog)
{
    const slot *first = NULL;

    for (size_t i = 0; i < catalog->slots.count; i++) {
        slot *s = slot_at(catalog, i);
        if (s->entry.manifest == NULL)
            continue;
        if (first != NULL && strcmp(first->name, s->name) == 0)
            s->entry.shadowed_by = &first->entry;
        else
            first = s;
    }
}

/* ------------------------------------------------------------------ interface */

int32_t fr_catalog_read(const fr_catalog_place *places, size_t count, fr_catalog **out,
                        fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return fr_error_nomem(error);
    for (size_t i = 0; i < count && status == FRACTARY_OK; i++) {
        place_reader reader = {.catalog = *out, .place = &places[i], .rank = i, .error = error};
        status = read_place(&reader);
    }
    if (status != FRACTARY_OK) {
        fr_catalog_free(*out);
        *out = NULL;
        return status;
    }
    fr_vec_sort(&(*out)->slots, compare);
    mark_shadowed(*out);
    return FRACTARY_OK;
}

void fr_catalog_free(fr_catalog *catalog)
{
    if (catalog == NULL)
        return;
    fr_vec_finish(&catalog->slots, free_slot);
    free(catalog);
}

size_t fr_catalog_count(const fr_catalog *catalog)
{
    return catalog->slots.count;
}

const fr_catalog_entry *fr_catalog_at(const fr_catalog *catalog, size_t index)
{
    return &slot_at(catalog, index)->entry;
}

/* The installed plugin whose id is nearly that one, or NULL. */
static const char *nearest_to(const fr_catalog *catalog, const char *id)
{
    const char **names = calloc(catalog->slots.count + 1, sizeof *names);
    const char *nearest = NULL;

    for (size_t i = 0; i < catalog->slots.count && names != NULL; i++)
        names[i] = slot_at(catalog, i)->name;
    if (names != NULL)
        nearest = fr_str_nearest(id, names, catalog->slots.count);
    free(names);
    return nearest;
}

/* A path or a title: there can be no package of that name. */
static int32_t is_no_id(const char *id, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "\"%.80s\" cannot be the id of a plugin", id);
    fr_error_cause(error, "an id is made of a-z, 0-9, '-' and '.' alone");
    fr_error_advice(error, "`fractary plugin list` shows the ids of what is installed");
    return FRACTARY_E_INVALID;
}

/* Says that there is none; with the one that was perhaps meant. */
static int32_t is_missing(const fr_catalog *catalog, const char *id, fractary_error *error)
{
    const char *nearest = nearest_to(catalog, id);

    if (!fr_shape_is_name(id, "."))
        return is_no_id(id, error);
    fr_error_set(error, FRACTARY_E_MISSING, "the plugin %.80s is not installed", id);
    if (nearest != NULL)
        fr_error_cause(error, "installed is %s, which has a similar name", nearest);
    fr_error_advice(error,
                    "%s%s%sinstall the package fractary-%.80s; `fractary plugin list` shows "
                    "where plugins are looked for",
                    nearest != NULL ? "did you mean " : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "? If not, " : "", id);
    fr_error_place(error, "%.80s", id);
    return FRACTARY_E_MISSING;
}

int32_t fr_catalog_find(const fr_catalog *catalog, const char *id, const fr_manifest **out,
                        fractary_error *error)
{
    const fr_catalog_entry *bad = NULL;

    *out = NULL;
    for (size_t i = 0; i < catalog->slots.count; i++) {
        const fr_catalog_entry *entry = fr_catalog_at(catalog, i);
        if (!fr_str_equal(slot_at(catalog, i)->name, id))
            continue;
        if (entry->manifest != NULL) {
            *out = entry->manifest;
            return FRACTARY_OK;
        }
        bad = bad != NULL ? bad : entry;
    }
    if (bad == NULL)
        return is_missing(catalog, id, error);
    if (error != NULL)
        *error = *bad->error;
    return bad->error->status;
}

const char *fr_catalog_meant(const fr_catalog *catalog, const char *id)
{
    for (size_t i = 0; i < catalog->slots.count; i++)
        if (fr_str_equal(slot_at(catalog, i)->name, id))
            return NULL;
    return nearest_to(catalog, id);
}
