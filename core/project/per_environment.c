#include "project/per_environment.h"

#include "project/environment_name.h"
#include "project/members.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* One environment that is put together. */
struct assembly {
    const fr_layout *layout;
    const char *name;
    const char *directory; /* NULL where it is not the only one */
    fr_names directories;
    fr_names regions;
    fr_json *var_files;
    fr_json *backend_config;
    int32_t status;
};

/* ------------------------------------------------------------------------ paths */

/* Length of the parts that both paths begin with, their slash included. */
static size_t common_length(const char *a, const char *b)
{
    size_t common = 0;

    for (size_t i = 0;; i++) {
        if ((a[i] == '/' || a[i] == '\0') && (b[i] == '/' || b[i] == '\0'))
            common = i + (a[i] == '/' && b[i] == '/');
        if (a[i] == '\0' || a[i] != b[i])
            return common;
    }
}

/* `path` as it is named from within `directory`, both relative to the project. */
static char *path_from(const char *directory, const char *path)
{
    fr_buf out = {0};

    if (fr_str_equal(directory, "."))
        return fr_str_dup(path);
    const size_t common = common_length(directory, path);
    const char *rest = directory + common;
    if (*rest == '/')
        rest++;
    while (*rest != '\0') {
        fr_buf_puts(&out, "../");
        rest += strcspn(rest, "/");
        rest += *rest == '/';
    }
    const char *target = path + common;
    fr_buf_puts(&out, *target == '/' ? target + 1 : target);
    return fr_buf_steal(&out);
}

/* ------------------------------------------------------------------ directories */

static void find_directories(struct assembly *assembly)
{
    const fr_layout *layout = assembly->layout;
    const fr_root_module *single = fr_layout_single(layout);

    for (size_t i = 0; i < layout->roots.count; i++) {
        const fr_root_module *root = layout->roots.items[i];
        if (!root->auxiliary && fr_str_equal(root->environment, assembly->name))
            fr_names_add(&assembly->directories, root->code->folder->path);
    }
    if (fr_names_count(&assembly->directories) == 0 && single != NULL)
        fr_names_add(&assembly->directories, single->code->folder->path);
    if (fr_names_count(&assembly->directories) == 1)
        assembly->directory = fr_names_at(&assembly->directories, 0);
}

/* ------------------------------------------------------------------------ files */

/* Non-zero when the file can be meant for the environment's directory: it lies
 * in it, or in no root module at all, or there is only one. */
static int is_for_directory(const struct assembly *assembly, const fr_environment_file *file)
{
    const fr_root_module *owner = fr_layout_owner(assembly->layout, file->folder);

    return owner == NULL || fr_layout_single(assembly->layout) != NULL ||
           fr_str_equal(owner->code->folder->path, assembly->directory);
}

static int is_usable(const struct assembly *assembly, const fr_environment_file *file)
{
    return (assembly->layout->examples ||
            !fr_layout_is_example(assembly->layout->tree, file->path)) &&
           is_for_directory(assembly, file);
}

static void add_path(struct assembly *assembly, fr_json *list, const fr_environment_file *file)
{
    char *path = path_from(assembly->directory, file->path);

    if (path == NULL || fr_json_add_string(list, path) != FRACTARY_OK)
        assembly->status = FRACTARY_E_NOMEM;
    free(path);
}

static int is_own(const struct assembly *assembly, const fr_environment_file *file)
{
    return fr_str_equal(file->environment, assembly->name) && is_usable(assembly, file);
}

/* Files for every environment that lie beside `own`. */
static int is_shared_beside(const struct assembly *assembly, const fr_environment_file *file)
{
    const fr_vec *files = assembly->layout->files;

    if (!file->shared || file->environment != NULL || file->backend || !is_usable(assembly, file))
        return 0;
    for (size_t i = 0; i < files->count; i++) {
        const fr_environment_file *own = files->items[i];
        if (!own->backend && is_own(assembly, own) && fr_str_equal(own->folder, file->folder))
            return 1;
    }
    return 0;
}

static void add_files(struct assembly *assembly)
{
    const fr_vec *files = assembly->layout->files;

    for (size_t i = 0; i < files->count && assembly->directory != NULL; i++) {
        if (is_shared_beside(assembly, files->items[i]))
            add_path(assembly, assembly->var_files, files->items[i]);
    }
    for (size_t i = 0; i < files->count && assembly->directory != NULL; i++) {
        const fr_environment_file *file = files->items[i];
        if (!is_own(assembly, file))
            continue;
        fr_names_add_all(&assembly->regions, &file->regions);
        if (file->backend)
            add_path(assembly, assembly->backend_config, file);
        else if (fr_layout_is_explicit(assembly->layout, file))
            add_path(assembly, assembly->var_files, file);
    }
}

/* ----------------------------------------------------------------------- regions */

/* What a var file says beats what the code says: a literal, or the default of
 * a variable. */
static void find_region(struct assembly *assembly)
{
    const fr_vec *roots = &assembly->layout->roots;
    fr_names others = {0}; /* regions besides that of the provider itself */

    for (size_t i = 0; i < roots->count && fr_names_count(&assembly->regions) == 0; i++) {
        const fr_root_module *root = roots->items[i];
        if (!fr_names_has(&assembly->directories, root->code->folder->path))
            continue;
        fr_names_add(&assembly->regions, root->code->region);
        fr_names_add_all(&others, &root->code->regions);
    }
    if (fr_names_count(&assembly->regions) == 0)
        fr_names_add_all(&assembly->regions, &others);
    assembly->regions.failed |= others.failed;
    fr_names_finish(&others);
}

/* --------------------------------------------------------------------- the object */

static fr_json *to_object(const struct assembly *assembly)
{
    const char *region =
        fr_names_count(&assembly->regions) == 1 ? fr_names_at(&assembly->regions, 0) : NULL;
    const char *workspace =
        fr_str_equal(assembly->layout->name, "workspaces") ? assembly->name : NULL;
    fr_members object = fr_members_begin();

    fr_members_string(&object, "directory", assembly->directory);
    fr_members_value(&object, "directories", fr_names_array(&assembly->directories));
    fr_members_value(&object, "var_files", fr_json_copy(assembly->var_files));
    fr_members_value(&object, "backend_config", fr_json_copy(assembly->backend_config));
    fr_members_string(&object, "workspace", workspace);
    fr_members_string(&object, "region", region);
    return fr_members_end(&object);
}

static fr_json *assemble(const fr_layout *layout, const char *name)
{
    struct assembly assembly = {.layout = layout,
                                .name = name,
                                .var_files = fr_json_array(),
                                .backend_config = fr_json_array()};
    fr_json *object = NULL;

    find_directories(&assembly);
    add_files(&assembly);
    find_region(&assembly);
    if (assembly.status == FRACTARY_OK && !assembly.regions.failed)
        object = to_object(&assembly);
    fr_names_finish(&assembly.directories);
    fr_names_finish(&assembly.regions);
    fr_json_free(assembly.var_files);
    fr_json_free(assembly.backend_config);
    return object;
}

fr_json *fr_per_environment(const fr_layout *layout)
{
    fr_json *all = fr_json_object();

    for (size_t i = 0; all != NULL && i < fr_names_count(&layout->environments); i++) {
        const char *name = fr_names_at(&layout->environments, i);
        if (fr_json_set(all, name, assemble(layout, name)) != FRACTARY_OK) {
            fr_json_free(all);
            all = NULL;
        }
    }
    return all;
}
