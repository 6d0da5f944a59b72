#include "project/per_environment.h"

#include "base/path.h"
#include "project/members.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* One environment that is put together. */
struct assembly {
    const fr_layout *layout;
    const char *name;      /* NULL for what no environment has of its own */
    const char *directory; /* NULL where it is not the only one           */
    fr_names directories;
    fr_names regions[3]; /* by what Terraform prefers: named files, files
                          * that it reads by itself, the code             */
    fr_json *var_files;
    fr_json *backend_config;
    fr_names rivals; /* own files of one name in several folders     */
    int32_t status;
};

enum { REGION_NAMED, REGION_AUTOMATIC, REGION_CODE, REGIONS };

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

static int is_own(const struct assembly *assembly, const fr_environment_file *file)
{
    return assembly->name != NULL && fr_str_equal(file->environment, assembly->name) &&
           fr_layout_is_counted(assembly->layout, file);
}

static void add_owners(struct assembly *assembly)
{
    const fr_vec *files = assembly->layout->files;

    for (size_t i = 0; i < files->count; i++) {
        const fr_environment_file *file = files->items[i];
        const fr_root_module *owner = fr_layout_owner(assembly->layout, file->folder);
        if (is_own(assembly, file) && owner != NULL && !owner->auxiliary)
            fr_names_add(&assembly->directories, owner->code->folder->path);
    }
}

/* Root modules that are named like the environment, else the only one, else
 * those with files of its own. */
static void find_directories(struct assembly *assembly)
{
    const fr_layout *layout = assembly->layout;
    const fr_root_module *single = fr_layout_single(layout);

    for (size_t i = 0; i < layout->roots.count && assembly->name != NULL; i++) {
        const fr_root_module *root = layout->roots.items[i];
        if (!root->auxiliary && fr_str_equal(root->environment, assembly->name))
            fr_names_add(&assembly->directories, root->code->folder->path);
    }
    if (fr_names_count(&assembly->directories) == 0 && single != NULL)
        fr_names_add(&assembly->directories, single->code->folder->path);
    if (fr_names_count(&assembly->directories) == 0)
        add_owners(assembly);
    if (fr_names_count(&assembly->directories) == 1)
        assembly->directory = fr_names_at(&assembly->directories, 0);
}

static const fr_terraform_folder *code_of(const struct assembly *assembly)
{
    for (size_t i = 0; i < assembly->layout->roots.count; i++) {
        const fr_root_module *root = assembly->layout->roots.items[i];
        if (fr_str_equal(root->code->folder->path, assembly->directory))
            return root->code;
    }
    return NULL;
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

static void add_path(struct assembly *assembly, fr_json *list, const fr_environment_file *file)
{
    char *path = path_from(assembly->directory, file->path);

    if (path == NULL || fr_json_add_string(list, path) != FRACTARY_OK)
        assembly->status = FRACTARY_E_NOMEM;
    free(path);
}

/* Non-zero when `folder` is the one that `below` lies in, or that itself. */
static int is_or_holds(struct assembly *assembly, const char *folder, const char *below)
{
    char *parent = fr_path_parent(below);
    const int is =
        fr_str_equal(folder, below) || (!fr_str_equal(below, ".") && fr_str_equal(folder, parent));

    if (parent == NULL)
        assembly->status = FRACTARY_E_NOMEM;
    free(parent);
    return is;
}

/* A file for every environment counts where it lies at the directory or at
 * files of the environment's own; settings of a backend only where the code
 * asks for them. */
static int is_shared_here(struct assembly *assembly, const fr_environment_file *file)
{
    const fr_vec *files = assembly->layout->files;
    const fr_terraform_folder *code = code_of(assembly);

    if (!file->shared || file->environment != NULL ||
        !fr_layout_is_counted(assembly->layout, file) || !is_for_directory(assembly, file))
        return 0;
    if (file->backend)
        return code != NULL && code->partial &&
               (is_or_holds(assembly, file->folder, assembly->directory) ||
                is_or_holds(assembly, assembly->directory, file->folder));
    if (is_or_holds(assembly, file->folder, assembly->directory))
        return 1;
    for (size_t i = 0; i < files->count; i++) {
        const fr_environment_file *own = files->items[i];
        if (!own->backend && is_own(assembly, own) && is_for_directory(assembly, own) &&
            is_or_holds(assembly, file->folder, own->folder))
            return 1;
    }
    return 0;
}

static void add_file(struct assembly *assembly, const fr_environment_file *file)
{
    const int named = fr_layout_is_explicit(assembly->layout, file);
    fr_names *regions = &assembly->regions[named ? REGION_NAMED : REGION_AUTOMATIC];

    if (file->region != NULL)
        fr_names_add(regions, file->region);
    else
        fr_names_add_all(regions, &file->regions);
    if (file->backend)
        add_path(assembly, assembly->backend_config, file);
    else if (named)
        add_path(assembly, assembly->var_files, file);
}

/* Non-zero for "eu/prod.tfvars" where there is "us/prod.tfvars": one of them is
 * meant, not both. */
static int has_rival(const struct assembly *assembly, const fr_environment_file *file)
{
    const fr_vec *files = assembly->layout->files;

    for (size_t i = 0; i < files->count; i++) {
        const fr_environment_file *other = files->items[i];
        if (other != file && other->backend == file->backend && is_own(assembly, other) &&
            is_for_directory(assembly, other) && fr_layout_is_explicit(assembly->layout, other) &&
            fr_str_equal(fr_path_name(other->path), fr_path_name(file->path)))
            return 1;
    }
    return 0;
}

static void add_own(struct assembly *assembly, const fr_environment_file *file)
{
    if (fr_layout_is_explicit(assembly->layout, file) && has_rival(assembly, file))
        fr_names_add(&assembly->rivals, file->path);
    else
        add_file(assembly, file);
}

/* What Terraform reads by itself in the directory. */
static int is_automatic_here(const struct assembly *assembly, const fr_environment_file *file)
{
    return file->automatic && fr_str_equal(file->folder, assembly->directory);
}

/* The environment's own files come last, so that their values win; so do their
 * regions. */
static void add_files(struct assembly *assembly)
{
    const fr_vec *files = assembly->layout->files;
    fr_names common = {0};

    for (size_t i = 0; i < files->count && assembly->directory != NULL; i++) {
        if (is_shared_here(assembly, files->items[i]))
            add_file(assembly, files->items[i]);
    }
    fr_names_add_all(&common, &assembly->regions[REGION_NAMED]);
    fr_names_finish(&assembly->regions[REGION_NAMED]);
    assembly->regions[REGION_NAMED] = (fr_names){0};
    for (size_t i = 0; i < files->count && assembly->directory != NULL; i++) {
        const fr_environment_file *file = files->items[i];
        if (is_own(assembly, file) && is_for_directory(assembly, file))
            add_own(assembly, file);
        else if (is_automatic_here(assembly, file))
            add_file(assembly, file);
    }
    if (fr_names_count(&assembly->regions[REGION_NAMED]) == 0)
        fr_names_add_all(&assembly->regions[REGION_NAMED], &common);
    assembly->regions[REGION_NAMED].failed |= common.failed;
    fr_names_finish(&common);
}

/* ----------------------------------------------------------------------- regions */

/* A literal, or the default of a variable; else whatever region the code
 * speaks of. */
static void add_code_regions(struct assembly *assembly)
{
    const fr_vec *roots = &assembly->layout->roots;
    fr_names *regions = &assembly->regions[REGION_CODE];
    fr_names others = {0}; /* regions besides that of the provider itself */

    for (size_t i = 0; i < roots->count; i++) {
        const fr_root_module *root = roots->items[i];
        if (!fr_names_has(&assembly->directories, root->code->folder->path))
            continue;
        fr_names_add(regions, root->code->region);
        fr_names_add_all(&others, &root->code->regions);
    }
    if (fr_names_count(regions) == 0)
        fr_names_add_all(regions, &others);
    regions->failed |= others.failed;
    fr_names_finish(&others);
}

/* The only region of the first that speak of any; NULL where there are several. */
static const char *choose_region(const struct assembly *assembly)
{
    for (size_t i = 0; i < REGIONS; i++) {
        const size_t count = fr_names_count(&assembly->regions[i]);
        if (count > 0)
            return count == 1 ? fr_names_at(&assembly->regions[i], 0) : NULL;
    }
    return NULL;
}

/* --------------------------------------------------------------------- the object */

static fr_json *assemble(const fr_layout *layout, const char *name, const char *directory);

/* Where there are several: what each of them would make of the environment. */
static fr_json *each_directory(const struct assembly *assembly)
{
    const fr_names *directories = &assembly->directories;
    fr_json *object = fr_json_object();

    for (size_t i = 0; fr_names_count(directories) > 1 && i < fr_names_count(directories); i++) {
        const char *directory = fr_names_at(directories, i);
        if (fr_json_set(object, directory, assemble(assembly->layout, assembly->name, directory)) !=
            FRACTARY_OK) {
            fr_json_free(object);
            return NULL;
        }
    }
    return object;
}

static fr_json *to_object(const struct assembly *assembly)
{
    const char *workspace =
        fr_str_equal(assembly->layout->name, "workspaces") ? assembly->name : NULL;
    fr_members object = fr_members_begin();

    fr_members_string(&object, "directory", assembly->directory);
    fr_members_value(&object, "directories", fr_names_array(&assembly->directories));
    fr_members_value(&object, "var_files", fr_json_copy(assembly->var_files));
    fr_members_value(&object, "backend_config", fr_json_copy(assembly->backend_config));
    fr_members_string(&object, "workspace", workspace);
    fr_members_string(&object, "region", choose_region(assembly));
    if (fr_names_count(&assembly->rivals) > 0)
        fr_members_value(&object, "rivals", fr_names_array(&assembly->rivals));
    if (fr_names_count(&assembly->directories) > 1)
        fr_members_value(&object, "by_directory", each_directory(assembly));
    return fr_members_end(&object);
}

static int has_failed(const struct assembly *assembly)
{
    int failed =
        assembly->status != FRACTARY_OK || assembly->directories.failed || assembly->rivals.failed;

    for (size_t i = 0; i < REGIONS; i++)
        failed |= assembly->regions[i].failed;
    return failed;
}

/* With one directory where `directory` names it, else with all there are. */
static fr_json *assemble(const fr_layout *layout, const char *name, const char *directory)
{
    struct assembly assembly = {.layout = layout,
                                .name = name,
                                .directory = directory,
                                .var_files = fr_json_array(),
                                .backend_config = fr_json_array()};
    fr_json *object = NULL;

    if (directory != NULL)
        fr_names_add(&assembly.directories, directory);
    else
        find_directories(&assembly);
    add_files(&assembly);
    add_code_regions(&assembly);
    if (!has_failed(&assembly))
        object = to_object(&assembly);
    fr_names_finish(&assembly.directories);
    fr_names_finish(&assembly.rivals);
    for (size_t i = 0; i < REGIONS; i++)
        fr_names_finish(&assembly.regions[i]);
    fr_json_free(assembly.var_files);
    fr_json_free(assembly.backend_config);
    return object;
}

fr_json *fr_per_environment(const fr_layout *layout)
{
    fr_json *all = fr_json_object();

    for (size_t i = 0; all != NULL && i < fr_names_count(&layout->environments); i++) {
        const char *name = fr_names_at(&layout->environments, i);
        if (fr_json_set(all, name, assemble(layout, name, NULL)) != FRACTARY_OK) {
            fr_json_free(all);
            all = NULL;
        }
    }
    return all;
}

fr_json *fr_no_environment(const fr_layout *layout)
{
    return assemble(layout, NULL, NULL);
}
