/* All plugins that can be found, by their manifests alone. */
#ifndef FRACTARY_PLUGIN_CATALOG_H
#define FRACTARY_PLUGIN_CATALOG_H

#include "plugin/manifest.h"

/* One folder that was looked at. */
typedef struct fr_catalog_entry {
    fr_manifest *manifest; /* NULL for a bad one */
    char *folder;
    const char *origin; /* "project", "user", "system", "path", "tree"; the place's */
    const struct fr_catalog_entry *shadowed_by; /* or NULL */
    fractary_error *error;                      /* why it is bad; NULL for a usable one */
} fr_catalog_entry;

typedef struct fr_catalog fr_catalog;

/* Folders to search, in order; earlier wins by id. */
typedef struct fr_catalog_place {
    const char *origin;
    const char *folder;
} fr_catalog_place;

/* Reads the manifests below each place (one folder a plugin, or a link to
 * one; names that begin with '.' are passed over), and no library. A place
 * that does not exist is left out; one that cannot be read, or that has more
 * than 4096 entries, is itself a bad entry. Entries are sorted by id, a bad one
 * by its folder's name, those of earlier places first. The texts of `origin`
 * must outlive the catalog. FRACTARY_E_NOMEM. */
int32_t fr_catalog_read(const fr_catalog_place *places, size_t count, fr_catalog **out,
                        fractary_error *error);
void fr_catalog_free(fr_catalog *catalog);

size_t fr_catalog_count(const fr_catalog *catalog);
const fr_catalog_entry *fr_catalog_at(const fr_catalog *catalog, size_t index);
/* The usable one of that id. FRACTARY_E_MISSING: none; says which package to
 * install; FRACTARY_E_INVALID: no plugin can have that id; when there is only a
 * bad one: its own error. */
int32_t fr_catalog_find(const fr_catalog *catalog, const char *id, const fr_manifest **out,
                        fractary_error *error);
/* For an id that nothing installed has: the one that was probably meant, which
 * lives as long as the catalog, or NULL. */
const char *fr_catalog_meant(const fr_catalog *catalog, const char *id);

#endif
