#include "project/layout.h"

#include "base/file.h"
#include "base/path.h"
#include "project/config_check.h"
#include "project/environment_name.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define STATES_FOLDER "terraform.tfstate.d"
#define LARGEST_NAME  256u

static const char *const example_names[] = {"examples",      "example",  "tests",  "fixtures",
                                            "test-fixtures", "testdata", "fixture"};
static const char *const module_names[] = {"modules", "module", "_modules", "tf-modules",
                                           "terraform-modules"};
static const char *const auxiliary_names[] = {
    "bootstrap", "backend",  "remote-state",    "remote_state",  "state",
    "tfstate",   "tf-state", "terraform-state", "state-backend", "tfstate-backend"};

/* ---------------------------------------------------------------------- paths */

static int is_one_of(const char *const *table, size_t count, const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i]) == length && memcmp(table[i], text, length) == 0)
            return 1;
    }
    return 0;
}

/* Non-zero when one part of the path is in the table. */
static int has_part(const char *const *table, size_t count, const char *path)
{
    while (*path != '\0') {
        const size_t length = strcspn(path, "/");
        if (is_one_of(table, count, path, length))
            return 1;
        path += length;
        path += *path == '/';
    }
    return 0;
}
#define HAS_PART(table, path) has_part(table, sizeof(table) / sizeof *(table), path)

/* A folder "test" with Go files is a test of a module, not an environment. */
static int is_go_test(const fr_folder_tree *tree, const char *path)
{
    static const char *const name[] = {"test"};
    const char *at = has_part(name, 1, path) ? path : "";

    while (*at != '\0') {
        const size_t length = strcspn(at, "/");
        const fr_folder *folder =
            is_one_of(name, 1, at, length)
                ? fr_folder_tree_find_part(tree, path, (size_t)(at - path) + length)
                : NULL;
        for (size_t i = 0; folder != NULL && i < fr_names_count(&folder->files); i++) {
            if (fr_str_ends(fr_names_at(&folder->files, i), "_test.go"))
                return 1;
        }
        at += length;
        at += *at == '/';
    }
    return 0;
}

int fr_layout_is_example(const fr_folder_tree *tree, const char *path)
{
    return HAS_PART(example_names, path) || is_go_test(tree, path);
}

static int has_container(const char *path)
{
    while (*path != '\0') {
        const size_t length = strcspn(path, "/");
        if (fr_environment_is_container(path, length))
            return 1;
        path += length;
        path += *path == '/';
    }
    return 0;
}

static int is_below(const char *folder, const char *path)
{
    const size_t length = strlen(folder);

    if (fr_str_equal(folder, "."))
        return 1;
    return strncmp(folder, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* ------------------------------------------------------------------ containers */

static const char live[] = "live";

void fr_layout_containers(const fr_folder_tree *tree, fr_names *containers)
{
    for (size_t i = 0; i < tree->folders.count; i++) {
        const fr_folder *folder = tree->folders.items[i];
        char *parent = fr_path_parent(folder->path);
        if (parent != NULL && fr_str_equal(fr_path_name(parent), live)) {
            char *environment;
            if (fr_environment_of_stem(fr_path_name(folder->path), 0, &environment) != FRACTARY_OK)
                containers->failed = 1;
            if (environment != NULL)
                fr_names_add(containers, parent);
            free(environment);
        }
        containers->failed |= parent == NULL;
        free(parent);
    }
}

/* --------------------------------------------------------------------- modules */

/* The folder above itself that the code calls as a module, or NULL. */
static const char *called_above(const fr_terraform_folder *code)
{
    for (size_t i = 0; i < fr_names_count(&code->calls); i++) {
        if (is_below(fr_names_at(&code->calls, i), code->folder->path))
            return fr_names_at(&code->calls, i);
    }
    return NULL;
}

/* What alone calls a folder above itself is an example or a test of it; where
 * several do, they are the environments of a project. */
static int is_own_example(const fr_layout *layout, const fr_terraform_folder *code)
{
    const char *above = called_above(code);
    size_t callers = 0;

    for (size_t i = 0; above != NULL && i < layout->folders->count; i++) {
        const fr_terraform_folder *other = layout->folders->items[i];
        callers += fr_str_equal(called_above(other), above) &&
                   !fr_layout_is_example(layout->tree, other->folder->path);
    }
    return callers == 1 && !has_container(code->folder->path);
}

static int is_example(const fr_layout *layout, const fr_terraform_folder *code)
{
    return fr_layout_is_example(layout->tree, code->folder->path) || is_own_example(layout, code);
}

static void find_modules(fr_layout *layout)
{
    for (size_t i = 0; i < layout->folders->count; i++) {
        const fr_terraform_folder *code = layout->folders->items[i];
        if (is_example(layout, code))
            continue;
        if (HAS_PART(module_names, code->folder->path) ||
            fr_names_has(&layout->terragrunt->sources, code->folder->path))
            fr_names_add(&layout->modules, code->folder->path);
        for (size_t c = 0; c < fr_names_count(&code->calls); c++) {
            const char *path = fr_names_at(&code->calls, c);
            if (fr_folder_tree_find(layout->tree, path) != NULL)
                fr_names_add(&layout->modules, path);
        }
    }
}

/* ----------------------------------------------------------------------- roots */

static void root_destroy(void *item)
{
    fr_root_module *root = item;

    free(root->environment);
    free(root->before);
    free(root);
}

/* Non-zero when the last folder of [path, path + length) holds environments. */
static int ends_with_container(const fr_names *containers, const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--; /* the beginning of a name: "env-" */
    char *parent = fr_str_ndup(path, length > 0 ? length - 1 : 0);
    const char *name = parent != NULL ? fr_path_name(parent) : "";
    const int ends = fr_environment_is_container(name, strlen(name)) ||
                     (parent != NULL && fr_names_has(containers, parent));

    free(parent);
    return ends;
}

static int32_t add_root(fr_layout *layout, const fr_terraform_folder *code,
                        const fr_names *containers)
{
    const char *path = code->folder->path;
    fr_root_module *root = calloc(1, sizeof *root);
    size_t start = 0;
    size_t length = 0;

    if (root == NULL)
        return FRACTARY_E_NOMEM;
    root->code = code;
    const int32_t status = fr_environment_of_path(containers, path, &root->environment);
    if (root->environment != NULL)
        fr_environment_in_path(containers, path, &start, &length);
    root->before = fr_str_ndup(path, start);
    root->contained = root->environment != NULL && ends_with_container(containers, path, start);
    const char *name = fr_path_name(path);
    root->auxiliary = is_one_of(auxiliary_names, sizeof auxiliary_names / sizeof *auxiliary_names,
                                name, strlen(name));
    if (status != FRACTARY_OK || root->before == NULL ||
        fr_vec_push(&layout->roots, root) != FRACTARY_OK) {
        root_destroy(root);
        return FRACTARY_E_NOMEM;
    }
    return FRACTARY_OK;
}

/* A module with a state of its own is a root module all the same; what needs
 * Terragrunt to be run is none. */
static int is_root(const fr_layout *layout, const fr_terraform_folder *code)
{
    if (fr_names_has(&layout->terragrunt->units, code->folder->path) ||
        fr_names_has(&layout->terragrunt->sources, code->folder->path))
        return 0;
    return code->backend != NULL || !fr_names_has(&layout->modules, code->folder->path);
}

static int32_t find_roots(fr_layout *layout, const fr_names *containers, int examples)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < layout->folders->count && status == FRACTARY_OK; i++) {
        const fr_terraform_folder *code = layout->folders->items[i];
        if (is_root(layout, code) && is_example(layout, code) == examples)
            status = add_root(layout, code, containers);
    }
    return status;
}

/* Non-zero when no root module stands for the project, but only for its state. */
static int all_auxiliary(const fr_layout *layout)
{
    for (size_t i = 0; i < layout->roots.count; i++) {
        if (!((const fr_root_module *)layout->roots.items[i])->auxiliary)
            return 0;
    }
    return 1;
}

static void name_auxiliaries(fr_layout *layout)
{
    if (!all_auxiliary(layout))
        return;
    for (size_t i = 0; i < layout->roots.count; i++)
        ((fr_root_module *)layout->roots.items[i])->auxiliary = 0;
}

const fr_root_module *fr_layout_single(const fr_layout *layout)
{
    const fr_root_module *single = NULL;

    for (size_t i = 0; i < layout->roots.count; i++) {
        const fr_root_module *root = layout->roots.items[i];
        if (root->auxiliary)
            continue;
        if (single != NULL)
            return NULL;
        single = root;
    }
    return single;
}

const fr_root_module *fr_layout_owner(const fr_layout *layout, const char *folder)
{
    const fr_root_module *owner = NULL;

    for (size_t i = 0; i < layout->roots.count; i++) {
        const fr_root_module *root = layout->roots.items[i];
        const char *path = root->code->folder->path;
        if (!is_below(path, folder))
            continue;
        if (owner == NULL || is_below(owner->code->folder->path, path))
            owner = root;
    }
    return owner;
}

int fr_layout_is_explicit(const fr_layout *layout, const fr_environment_file *file)
{
    const fr_root_module *owner = fr_layout_owner(layout, file->folder);

    return !file->automatic || owner == NULL ||
           !fr_str_equal(owner->code->folder->path, file->folder);
}

/* ------------------------------------------------------------------- workspaces */

/* "<root>/terraform.tfstate.d/<name>": where local state keeps workspaces. */
static int find_state_folders(fr_layout *layout)
{
    int found = 0;

    for (size_t i = 0; i < layout->tree->folders.count; i++) {
        const fr_folder *folder = layout->tree->folders.items[i];
        char *parent = fr_path_parent(folder->path);
        const char *name = fr_path_name(folder->path);
        found |= fr_str_equal(name, STATES_FOLDER);
        if (parent != NULL && fr_str_equal(fr_path_name(parent), STATES_FOLDER) &&
            fr_config_is_environment_name(name))
            fr_names_add(&layout->workspaces, name);
        layout->workspaces.failed |= parent == NULL;
        free(parent);
    }
    return found;
}

/* "<root>/.terraform/environment": the workspace that somebody has chosen. */
static int find_chosen(fr_layout *layout, const fr_root_module *root)
{
    char *folder = fr_path_join(layout->tree->root, root->code->folder->path);
    char *path = folder != NULL ? fr_path_join(folder, ".terraform/environment") : NULL;
    fr_buf text = {0};
    const int32_t status =
        path != NULL ? fr_file_read(path, LARGEST_NAME, &text, NULL) : FRACTARY_E_NOMEM;
    const int found = status == FRACTARY_OK && fr_config_is_environment_name(fr_buf_text(&text)) &&
                      !fr_str_equal(fr_buf_text(&text), "default");

    if (found)
        fr_names_add(&layout->workspaces, fr_buf_text(&text));
    layout->workspaces.failed |= status == FRACTARY_E_NOMEM;
    fr_buf_finish(&text);
    free(path);
    free(folder);
    return found;
}

static int find_workspaces(fr_layout *layout)
{
    int used = find_state_folders(layout);

    for (size_t i = 0; i < layout->roots.count; i++)
        used |= find_chosen(layout, layout->roots.items[i]);

    for (size_t i = 0; i < layout->folders->count; i++) {
        const fr_terraform_folder *code = layout->folders->items[i];
        if (is_example(layout, code) && !layout->examples)
            continue;
        used |= code->uses_workspace;
        fr_names_add_all(&layout->workspaces, &code->workspaces);
    }
    return used;
}

/* ------------------------------------------------------------------------ naming */

static int has_environment_files(const fr_layout *layout)
{
    for (size_t i = 0; i < layout->files->count; i++) {
        const fr_environment_file *file = layout->files->items[i];
        if (file->environment != NULL && fr_layout_is_explicit(layout, file) &&
            fr_layout_is_counted(layout, file))
            return 1;
    }
    return 0;
}

/* What the root modules of environments have in common. */
struct tally {
    size_t roots; /* that are not auxiliary                      */
    size_t of_environments;
    size_t contained; /* those in a folder for environments     */
    fr_names environments;
    fr_names before; /* paths before the environment's name         */
    int live;
};

static void count_roots(const fr_layout *layout, struct tally *tally)
{
    static const char *const live_name[] = {live};

    for (size_t i = 0; i < layout->roots.count; i++) {
        const fr_root_module *root = layout->roots.items[i];
        tally->roots += !root->auxiliary;
        if (root->auxiliary || root->environment == NULL)
            continue;
        tally->of_environments++;
        tally->contained += (size_t)root->contained;
        fr_names_add(&tally->environments, root->environment);
        fr_names_add(&tally->before, root->before[0] != '\0' ? root->before : ".");
        tally->live |= HAS_PART(live_name, root->before);
    }
}

static int arranged_by_environment(const struct tally *tally)
{
    return tally->contained > 0 ||
           (tally->of_environments > 0 &&
            (tally->of_environments == tally->roots || fr_names_count(&tally->environments) > 1));
}

static const char *choose_name(const fr_layout *layout, const struct tally *tally, int workspaces)
{
    if (tally->roots == 0)
        return NULL;
    if (arranged_by_environment(tally)) {
        const size_t once = fr_names_count(&tally->environments);
        if (fr_names_count(&tally->before) > 1 && tally->of_environments > once)
            return "monorepo";
        return tally->live && fr_names_count(&layout->modules) > 0 ? "modules-live" : "env-folders";
    }
    if (tally->roots > 1)
        return "monorepo";
    if (workspaces)
        return "workspaces";
    return has_environment_files(layout) ? "var-files" : "flat";
}

/* Terragrunt's units stand where root modules would, but nothing of theirs can
 * be deployed by Terraform alone: they make no environment. */
static void name_units(fr_layout *layout, const fr_names *containers)
{
    const fr_names *units = &layout->terragrunt->units;

    for (size_t i = 0; i < fr_names_count(units) && layout->name == NULL; i++) {
        char *environment;
        if (fr_environment_of_path(containers, fr_names_at(units, i), &environment) != FRACTARY_OK)
            layout->environments.failed = 1;
        if (environment != NULL && fr_names_count(&layout->modules) > 0)
            layout->name = "modules-live";
        free(environment);
    }
}

int fr_layout_is_counted(const fr_layout *layout, const fr_environment_file *file)
{
    if (!layout->examples && fr_layout_is_example(layout->tree, file->path))
        return 0;
    const fr_root_module *owner = fr_layout_owner(layout, file->folder);
    if (fr_names_has(&layout->modules, file->folder) && !fr_str_equal(file->folder, ".") &&
        (owner == NULL || !fr_str_equal(owner->code->folder->path, file->folder)))
        return 0; /* a module's own values */
    return fr_str_equal(file->folder, ".") || owner != NULL ||
           !fr_terragrunt_is_above(layout->terragrunt, file->folder);
}

static void find_environments(fr_layout *layout, const struct tally *tally)
{
    if (arranged_by_environment(tally))
        fr_names_add_all(&layout->environments, &tally->environments);
    for (size_t i = 0; i < layout->files->count && tally->roots > 0; i++) {
        const fr_environment_file *file = layout->files->items[i];
        if (fr_layout_is_counted(layout, file))
            fr_names_add(&layout->environments, file->environment);
    }
    fr_names_add_all(&layout->environments, &layout->workspaces);
}

int32_t fr_layout_init(fr_layout *layout, const fr_folder_tree *tree, const fr_vec *folders,
                       const fr_vec *files, const fr_names *containers,
                       const fr_terragrunt *terragrunt, fractary_error *error)
{
    struct tally tally = {0};

    *layout =
        (fr_layout){.tree = tree, .folders = folders, .files = files, .terragrunt = terragrunt};
    find_modules(layout);
    int32_t status = find_roots(layout, containers, 0);
    if (status == FRACTARY_OK && layout->roots.count == 0 &&
        fr_names_count(&terragrunt->units) == 0) {
        status = find_roots(layout, containers, 1);
        layout->examples = layout->roots.count > 0;
    }
    if (status == FRACTARY_OK) {
        name_auxiliaries(layout);
        count_roots(layout, &tally);
        layout->name = choose_name(layout, &tally, find_workspaces(layout));
        find_environments(layout, &tally);
        name_units(layout, containers);
    }
    const int failed = layout->modules.failed | layout->environments.failed |
                       layout->workspaces.failed | tally.environments.failed | tally.before.failed;
    fr_names_finish(&tally.environments);
    fr_names_finish(&tally.before);
    return status == FRACTARY_OK && !failed ? FRACTARY_OK : fr_error_nomem(error);
}

void fr_layout_finish(fr_layout *layout)
{
    if (layout == NULL)
        return;
    fr_vec_finish(&layout->roots, root_destroy);
    fr_names_finish(&layout->modules);
    fr_names_finish(&layout->environments);
    fr_names_finish(&layout->workspaces);
}
