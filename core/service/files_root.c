#include "service/files_root.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "service/service.h"

#define FOLDER_MODE 0700

/* How far a link in a root may lead. */
enum reach { REACH_ROOT, REACH_HOME, REACH_ANYWHERE };

typedef struct root {
    char *path;
    int writable;
    enum reach reach;
} root;

static void root_free(void *item)
{
    root *r = item;

    free(r->path);
    free(r);
}

void fr_files_roots_finish(fr_files_roots *roots)
{
    fr_vec_finish(&roots->roots, root_free);
    free(roots->home);
    free(roots->project);
    free(roots->data);
    *roots = (fr_files_roots){0};
}

/* ------------------------------------------------------------------ expanding */

/* What follows `prefix` in `path` ("" or "/…"), NULL when it does not begin so. */
static const char *rest_of(const char *path, const char *prefix)
{
    const size_t length = strlen(prefix);

    if (strncmp(path, prefix, length) != 0)
        return NULL;
    return path[length] == '\0' || path[length] == '/' ? path + length : NULL;
}

/* FRACTARY_E_UNSUPPORTED: it begins with none of the names, or with one that
 * stands for nothing here. */
static int32_t expand(const fr_files_roots *roots, const char *path, char **full)
{
    const char *const names[][2] = {
        {"~", roots->home}, {"{project}", roots->project}, {"{data}", roots->data}};
    char *joined = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *rest = rest_of(path, names[i][0]);
        if (rest == NULL)
            continue;
        if (names[i][1] == NULL)
            return FRACTARY_E_UNSUPPORTED;
        joined = fr_str_format("%s%s", names[i][1], rest);
        if (joined == NULL)
            return FRACTARY_E_NOMEM;
        break;
    }
    if (joined == NULL && *path != '/')
        return FRACTARY_E_UNSUPPORTED;
    *full = fr_path_absolute("/", joined != NULL ? joined : path);
    free(joined);
    return *full != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* -------------------------------------------------------------------- making */

static int may_read_variable(const fr_guest *guest, const char *name)
{
    if (!fr_host_allows(guest->kind, FRACTARY_ENVIRON_1))
        return 0;
    for (const fr_json *e = fr_json_first(guest->environ); e != NULL; e = fr_json_next(e))
        if (fr_json_string(e) != NULL && fr_str_glob(fr_json_string(e), name))
            return 1;
    return 0;
}

/* The path that an entry of the manifest means, or NULL with FRACTARY_OK. */
static int32_t entry_path(const fr_files_roots *roots, const fr_guest *guest, const char *entry,
                          char **path)
{
    *path = NULL;
    if (*entry == '$') {
        const char *value = may_read_variable(guest, entry + 1) ? getenv(entry + 1) : NULL;
        entry = value != NULL ? value : "";
    } else if (*entry == '/') {
        entry = "";
    }
    const int32_t status = expand(roots, entry, path);
    return status == FRACTARY_E_UNSUPPORTED ? FRACTARY_OK : status;
}

static int32_t add_root(fr_files_roots *roots, const fr_guest *guest, const char *entry)
{
    root *r = calloc(1, sizeof *r);

    if (r == NULL)
        return FRACTARY_E_NOMEM;
    r->writable = *entry == '~' || rest_of(entry, "{data}") != NULL;
    r->reach = *entry == '~' ? REACH_HOME : *entry == '$' ? REACH_ANYWHERE : REACH_ROOT;
    int32_t status = entry_path(roots, guest, entry, &r->path);
    if (status == FRACTARY_OK && r->path != NULL) {
        status = fr_vec_push(&roots->roots, r);
        if (status == FRACTARY_OK)
            return status;
    }
    root_free(r);
    return status;
}

static int32_t find_folders(fr_files_roots *roots, const fr_context *context, const fr_guest *guest,
                            fractary_error *error)
{
    if (context->home != NULL && *context->home == '/')
        roots->home = fr_str_dup(context->home);
    if (context->config == NULL)
        return FRACTARY_OK;
    roots->project = fr_str_dup(fr_config_root(context->config));
    return fr_service_data_folder(context, guest, &roots->data, error);
}

int32_t fr_files_roots_init(fr_files_roots *roots, const fr_context *context, const fr_guest *guest,
                            fractary_error *error)
{
    int32_t status = find_folders(roots, context, guest, error);

    if (status != FRACTARY_OK)
        return status;
    for (const fr_json *e = fr_json_first(guest->files); e != NULL && status == FRACTARY_OK;
         e = fr_json_next(e))
        if (fr_json_string(e) != NULL)
            status = add_root(roots, guest, fr_json_string(e));
    return status == FRACTARY_OK ? status : fr_error_nomem(error);
}

/* ------------------------------------------------------------------- judging */

static int32_t refuse(const char *path, const char *why, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_REFUSED, "%s is out of the plugin's reach", path);
    fr_error_cause(error, "%s", why);
    fr_error_place(error, "%s", path);
    return FRACTARY_E_REFUSED;
}

static const root *find_root(const fr_files_roots *roots, const char *full, int writable)
{
    for (size_t i = 0; i < roots->roots.count; i++) {
        const root *r = roots->roots.items[i];
        if ((!writable || r->writable) && fr_path_is_below(r->path, full))
            return r;
    }
    return NULL;
}

static int really_inside(const fr_files_roots *roots, const root *r, const char *full)
{
    if (r->reach == REACH_ANYWHERE || fr_str_equal(r->path, full))
        return 1;
    if (fr_path_really_below(r->path, full))
        return 1;
    return r->reach == REACH_HOME && fr_path_really_below(roots->home, full);
}

/* The root in which `path` lies by its name, with *full set; NULL with *status
 * otherwise. */
static const root *resolve(const fr_files_roots *roots, const char *path, int writable, char **full,
                           int32_t *status, fractary_error *error)
{
    *full = NULL;
    if (path == NULL) {
        *status = fr_error_set(error, FRACTARY_E_INVALID, "there is no path");
        return NULL;
    }
    *status = expand(roots, path, full);
    if (*status == FRACTARY_E_NOMEM) {
        fr_error_nomem(error);
        return NULL;
    }
    const root *found = *status == FRACTARY_OK ? find_root(roots, *full, writable) : NULL;
    if (found == NULL)
        *status = refuse(path,
                         writable ? "it is in no folder that its manifest lets it write to"
                                  : "it is in none of the folders that its manifest names",
                         error);
    return found;
}

static int32_t keep_or_free(int32_t status, char **full)
{
    if (status != FRACTARY_OK) {
        free(*full);
        *full = NULL;
    }
    return status;
}

int32_t fr_files_roots_read(const fr_files_roots *roots, const char *path, char **full,
                            fractary_error *error)
{
    int32_t status = FRACTARY_OK;
    const root *r = resolve(roots, path, 0, full, &status, error);

    if (r != NULL && fr_file_exists(*full) && !really_inside(roots, r, *full))
        status = refuse(*full, "a link leads out of the folders that its manifest names", error);
    return keep_or_free(status, full);
}

/* The deepest folder above `full` that exists; the caller frees it. */
static char *existing_parent(const char *full)
{
    char *folder = fr_path_parent(full);

    while (folder != NULL && !fr_file_exists(folder) && !fr_str_equal(folder, "/")) {
        char *above = fr_path_parent(folder);
        free(folder);
        folder = above;
    }
    return folder;
}

/* A link that leads nowhere is there, too: writing through it would make what
 * it names. */
static int is_there(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

static int32_t check_way(const fr_files_roots *roots, const root *r, const char *full, int follows,
                         fractary_error *error)
{
    char *folder = existing_parent(full);

    if (folder == NULL)
        return fr_error_nomem(error);
    const int inside = really_inside(roots, r, folder) &&
                       (!follows || !is_there(full) || really_inside(roots, r, full));
    free(folder);
    return inside ? FRACTARY_OK
                  : refuse(full, "a link leads out of the folders that its manifest names", error);
}

int32_t fr_files_roots_write(const fr_files_roots *roots, const char *path, int follows,
                             char **full, fractary_error *error)
{
    int32_t status = FRACTARY_OK;
    const root *r = resolve(roots, path, 1, full, &status, error);

    if (r != NULL && fr_str_equal(r->path, *full))
        status = refuse(*full, "it is the folder itself", error);
    else if (r != NULL)
        status = fr_file_make_folders(r->path, FOLDER_MODE, error);
    if (r != NULL && status == FRACTARY_OK)
        status = check_way(roots, r, *full, follows, error);
    return keep_or_free(status, full);
}
