#include "project/discover.h"

#include "base/file.h"
#include "base/path.h"
#include "project/aws_profiles.h"
#include "project/config.h"
#include "project/git_remote.h"
#include "project/layout.h"
#include "project/local_state.h"
#include "project/members.h"
#include "project/other_tools.h"
#include "project/per_environment.h"
#include "project/profile_match.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_LOCK (256u * 1024)

/* Everything that is found, until it is told. */
struct discovery {
    const fr_discover_options *options;
    char *root;
    fr_buf organization;
    fr_buf project;
    fr_folder_tree tree;
    fr_names containers;
    fr_vec folders; /* fr_terraform_folder *  */
    fr_vec files;   /* fr_environment_file *  */
    fr_terragrunt terragrunt;
    fr_layout layout;
    fr_json *profiles;
    fr_json *other_tools;
    const char *main_tool; /* of the other tools */
    fr_names doubts;       /* about profiles     */
};

/* --------------------------------------------------------------------- the root */

/* A folder that is configured already, else the repository, else the folder
 * that was named. */
static int32_t choose_root(const char *start, char **root)
{
    char *configured = NULL;
    int32_t status = fr_git_root(start, root);

    if (status == FRACTARY_OK)
        status = fr_config_find(start, &configured, NULL);
    if (status == FRACTARY_E_NOMEM)
        return status;
    /* Both lie on the way up from `start`: the longer one is the nearer. */
    if (configured != NULL && (*root == NULL || strlen(configured) >= strlen(*root))) {
        free(*root);
        *root = configured;
        return FRACTARY_OK;
    }
    free(configured);
    if (*root == NULL)
        *root = fr_str_dup(start);
    return *root != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

static int32_t find_root(struct discovery *discovery, fractary_error *error)
{
    const char *start = discovery->options->start;
    char *real = realpath(start, NULL);

    if (real == NULL && errno == ENOMEM)
        return fr_error_nomem(error);
    if (real == NULL || !fr_file_is_folder(real)) {
        const int number = real != NULL ? ENOTDIR : errno;
        free(real);
        fr_error_set(error, FRACTARY_E_NOTFOUND, "there is no project in %s", start);
        fr_error_cause(error, "the folder cannot be opened: %s", strerror(number));
        fr_error_place(error, "%s", start);
        return FRACTARY_E_NOTFOUND;
    }
    int32_t status = FRACTARY_OK;
    if (discovery->options->here)
        discovery->root = fr_str_dup(real);
    else
        status = choose_root(real, &discovery->root);
    free(real);
    return status == FRACTARY_OK && discovery->root != NULL ? FRACTARY_OK : fr_error_nomem(error);
}

/* A folder may be called anything; a project is called by text. */
static void name_by_folder(struct discovery *discovery)
{
    const char *name = fr_path_name(discovery->root);
    const int text = fr_str_is_utf8(name, strlen(name));

    for (; *name != '\0'; name++) {
        const unsigned char c = (unsigned char)*name;
        const int odd = c < 0x20 || c == 0x7F || (c >= 0x80 && !text);
        fr_buf_putc(&discovery->project, odd ? '-' : *name);
    }
}

/* The address may hold a password: it is wiped, and only names stay. */
static int32_t find_names(struct discovery *discovery, fractary_error *error)
{
    char *repository = NULL;
    fr_buf url = {0};
    int32_t status = fr_git_root(discovery->root, &repository);

    if (status == FRACTARY_OK && repository != NULL)
        status = fr_git_remote_url(repository, &url);
    if (status == FRACTARY_OK)
        fr_git_split_url(fr_buf_text(&url), &discovery->organization, &discovery->project);
    int failed = discovery->organization.failed | discovery->project.failed;
    if (discovery->project.length == 0 || !fr_str_equal(repository, discovery->root)) {
        fr_buf_clear(&discovery->project);
        name_by_folder(discovery);
    }
    failed |= discovery->project.failed;
    fr_buf_wipe(&url);
    free(repository);
    return status == FRACTARY_OK && !failed ? FRACTARY_OK : fr_error_nomem(error);
}

/* ---------------------------------------------------------------------- the code */

static int32_t read_code(struct discovery *discovery, fractary_error *error)
{
    fr_folder_tree *tree = &discovery->tree;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < tree->folders.count && status == FRACTARY_OK; i++) {
        fr_terraform_folder *code = NULL;
        status =
            fr_terraform_folder_read(tree, tree->folders.items[i], &tree->troubles, &code, error);
        if (code != NULL && fr_vec_push(&discovery->folders, code) != FRACTARY_OK) {
            fr_terraform_folder_destroy(code);
            status = fr_error_nomem(error);
        }
    }
    return status;
}

static int32_t read_project(struct discovery *discovery, fractary_error *error)
{
    int32_t status = fr_folder_tree_init(&discovery->tree, discovery->root, error);

    if (status == FRACTARY_OK)
        status = read_code(discovery, error);
    if (status == FRACTARY_OK) {
        fr_layout_containers(&discovery->tree, &discovery->containers);
        status = discovery->containers.failed ? fr_error_nomem(error) : FRACTARY_OK;
    }
    if (status == FRACTARY_OK) {
        status = fr_environment_files_find(&discovery->tree, &discovery->containers,
                                           &discovery->tree.troubles, &discovery->files, error);
    }
    if (status == FRACTARY_OK)
        status = fr_terragrunt_find(&discovery->terragrunt, &discovery->tree, error);
    if (status == FRACTARY_OK)
        status = fr_layout_init(&discovery->layout, &discovery->tree, &discovery->folders,
                                &discovery->files, &discovery->containers, &discovery->terragrunt,
                                error);
    if (status == FRACTARY_OK)
        status = fr_other_tools_find(&discovery->tree, &discovery->other_tools,
                                     &discovery->main_tool, error);
    return status;
}

/* ------------------------------------------------------------------- the profiles */

/* *path: the configured one, or the usual one below the user's folder; NULL
 * where there is neither. */
static int32_t find_aws_file(const struct discovery *discovery, const char *configured,
                             const char *name, char **path)
{
    const char *home = discovery->options->home;

    *path = NULL;
    if (configured != NULL && configured[0] != '\0')
        *path = fr_path_expand_home(configured, home);
    else if (home != NULL && home[0] != '\0')
        *path = fr_path_join(home, name);
    else
        return FRACTARY_OK;
    return *path != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* Where no environment was found, `init` takes "test". */
static int32_t match_profiles(struct discovery *discovery, fractary_error *error)
{
    const fr_names *found = &discovery->layout.environments;
    fr_names environments = {0};

    fr_names_add_all(&environments, found);
    if (fr_names_count(found) == 0)
        fr_names_add(&environments, "test");
    const int32_t status = fr_profile_match(discovery->profiles, &environments, &discovery->doubts);
    const int failed = environments.failed;
    fr_names_finish(&environments);
    return status == FRACTARY_OK && !failed ? FRACTARY_OK : fr_error_nomem(error);
}

static int32_t read_profiles(struct discovery *discovery, fractary_error *error)
{
    const fr_discover_options *options = discovery->options;
    char *config = NULL;
    char *credentials = NULL;
    int32_t status = find_aws_file(discovery, options->aws_config_file, ".aws/config", &config);

    if (status == FRACTARY_OK)
        status = find_aws_file(discovery, options->aws_credentials_file, ".aws/credentials",
                               &credentials);
    if (status == FRACTARY_OK)
        status = fr_aws_profiles_read(config, credentials, &discovery->profiles,
                                      &discovery->tree.troubles, error);
    else
        fr_error_nomem(error);
    free(config);
    free(credentials);
    return status == FRACTARY_OK ? match_profiles(discovery, error) : status;
}

/* -------------------------------------------------------------------- the telling */

/* The files that `wanted` is about, by their paths. */
static fr_json *files_array(const struct discovery *discovery,
                            int (*wanted)(const fr_layout *, const fr_environment_file *))
{
    fr_names paths = {0};

    for (size_t i = 0; i < discovery->files.count; i++) {
        const fr_environment_file *file = discovery->files.items[i];
        if (fr_layout_is_counted(&discovery->layout, file) && wanted(&discovery->layout, file))
            fr_names_add(&paths, file->path);
    }
    fr_json *array = fr_names_array(&paths);
    fr_names_finish(&paths);
    return array;
}

static int is_var_file(const fr_layout *layout, const fr_environment_file *file)
{
    (void)layout;
    return !file->backend && !file->example;
}

static int is_backend_file(const fr_layout *layout, const fr_environment_file *file)
{
    (void)layout;
    return file->backend && !file->example;
}

static int is_automatic_file(const fr_layout *layout, const fr_environment_file *file)
{
    return !file->example && !fr_layout_is_explicit(layout, file);
}

static int is_ignored_file(const fr_layout *layout, const fr_environment_file *file)
{
    return file->example ||
           (file->environment == NULL && !file->shared && fr_layout_is_explicit(layout, file));
}

/* Examples count only where there is nothing else. */
static int is_told(const struct discovery *discovery, const char *path)
{
    return discovery->layout.examples || !fr_layout_is_example(&discovery->tree, path);
}

/* Non-zero when the lock file names OpenTofu's registry; *failed without
 * memory. */
static int has_opentofu_lock(const struct discovery *discovery, const fr_folder *folder,
                             int *failed)
{
    static const char registry[] = "registry.opentofu.org";
    char *path;
    char *lock;
    fr_buf text = {0};

    if (!fr_names_has(&folder->files, ".terraform.lock.hcl"))
        return 0;
    path = fr_path_join(discovery->root, folder->path);
    lock = path != NULL ? fr_path_join(path, ".terraform.lock.hcl") : NULL;
    const int32_t status =
        lock != NULL ? fr_file_read(lock, LARGEST_LOCK, &text, NULL) : FRACTARY_E_NOMEM;
    const int found = status == FRACTARY_OK && memmem(fr_buf_text(&text), text.length, registry,
                                                      sizeof registry - 1) != NULL;
    *failed |= status == FRACTARY_E_NOMEM;
    fr_buf_finish(&text);
    free(lock);
    free(path);
    return found;
}

static const char *iac_of(const struct discovery *discovery, int *failed)
{
    const fr_folder *root = fr_folder_tree_find(&discovery->tree, ".");
    int opentofu = root != NULL && fr_names_has(&root->files, ".opentofu-version");

    if (discovery->layout.roots.count == 0 && discovery->main_tool != NULL)
        return discovery->main_tool;
    if (discovery->folders.count == 0)
        return NULL;
    for (size_t i = 0; i < discovery->folders.count && !opentofu; i++) {
        const fr_terraform_folder *code = discovery->folders.items[i];
        opentofu = code->opentofu || has_opentofu_lock(discovery, code->folder, failed);
    }
    return opentofu ? "opentofu" : "terraform";
}

/* Of the first root module that has one. */
static const char *backend_of(const fr_layout *layout)
{
    for (size_t i = 0; i < layout->roots.count; i++) {
        const fr_root_module *root = layout->roots.items[i];
        if (!root->auxiliary && root->code->backend != NULL)
            return root->code->partial ? "partial" : root->code->backend;
    }
    return "none";
}

/* Only of profiles that deploy to an environment: where others look or grant
 * says nothing about the project. */
static void collect_profile_regions(const struct discovery *discovery, fr_names *regions)
{
    for (const fr_json *p = fr_json_first(discovery->profiles); p != NULL; p = fr_json_next(p)) {
        const fr_json *use = fr_json_get(p, "use");
        if (fr_str_equal(fr_json_get_string(use, "purpose"), "deploy"))
            fr_names_add(regions, fr_json_get_string(p, "region"));
    }
}

static int32_t tell_code(const struct discovery *discovery, fr_json *out)
{
    fr_names providers = {0};
    fr_names regions = {0};

    for (size_t i = 0; i < discovery->folders.count; i++) {
        const fr_terraform_folder *code = discovery->folders.items[i];
        if (!is_told(discovery, code->folder->path))
            continue;
        fr_names_add_all(&providers, &code->providers);
        fr_names_add_all(&regions, &code->regions);
    }
    for (size_t i = 0; i < discovery->files.count; i++) {
        const fr_environment_file *file = discovery->files.items[i];
        if (fr_layout_is_counted(&discovery->layout, file))
            fr_names_add_all(&regions, &file->regions);
    }
    collect_profile_regions(discovery, &regions);
    int32_t status = fr_json_set(out, "providers", fr_names_array(&providers));
    if (status == FRACTARY_OK)
        status = fr_json_set(out, "regions", fr_names_array(&regions));
    fr_names_finish(&providers);
    fr_names_finish(&regions);
    return status;
}

static fr_json *roots_array(const fr_layout *layout)
{
    fr_names paths = {0};

    for (size_t i = 0; i < layout->roots.count; i++)
        fr_names_add(&paths, ((const fr_root_module *)layout->roots.items[i])->code->folder->path);
    fr_json *array = fr_names_array(&paths);
    fr_names_finish(&paths);
    return array;
}

static int32_t add_root(const struct discovery *discovery, const fr_root_module *root,
                        fr_json *array)
{
    fr_members members = fr_members_begin();
    char *state = NULL;
    const int32_t status = fr_local_state_find(discovery->root, root->code, &state);

    fr_members_string(&members, "directory", root->code->folder->path);
    fr_members_string(&members, "environment", root->environment);
    fr_members_bool(&members, "auxiliary", root->auxiliary);
    fr_members_string(&members, "backend", root->code->backend);
    fr_members_bool(&members, "partial", root->code->partial);
    fr_members_string(&members, "state", state);
    free(state);
    fr_json *object = fr_members_end(&members);
    if (status == FRACTARY_OK)
        return fr_json_add(array, object);
    fr_json_free(object);
    return status;
}

static fr_json *root_modules_array(const struct discovery *discovery)
{
    fr_json *array = fr_json_array();

    for (size_t i = 0; i < discovery->layout.roots.count; i++) {
        if (add_root(discovery, discovery->layout.roots.items[i], array) != FRACTARY_OK) {
            fr_json_free(array);
            return NULL;
        }
    }
    return array;
}

static fr_json *skipped_object(const fr_folder_tree *tree)
{
    fr_members members = fr_members_begin();

    fr_members_int(&members, "names", (int64_t)tree->odd);
    fr_members_bool(&members, "more", tree->cut);
    return fr_members_end(&members);
}

/* One member whose value a maker may have failed to make. */
static void put(fr_json *out, const char *key, fr_json *value, int32_t *status)
{
    const int32_t is = fr_json_set(out, key, value);

    if (*status == FRACTARY_OK)
        *status = is;
}

static int32_t tell(struct discovery *discovery, fr_json *out)
{
    const fr_layout *layout = &discovery->layout;
    int32_t status = out != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
    int failed = 0;
    const char *organization =
        discovery->organization.length > 0 ? fr_buf_text(&discovery->organization) : NULL;

    put(out, "root", fr_json_new_string(discovery->root), &status);
    put(out, "project", fr_json_new_string(fr_buf_text(&discovery->project)), &status);
    put(out, "organization", fr_json_new_string(organization), &status);
    put(out, "iac", fr_json_new_string(iac_of(discovery, &failed)), &status);
    put(out, "layout", fr_json_new_string(layout->name), &status);
    put(out, "terraform_dirs", roots_array(layout), &status);
    put(out, "environments", fr_names_array(&layout->environments), &status);
    put(out, "workspaces", fr_names_array(&layout->workspaces), &status);
    put(out, "var_files", files_array(discovery, is_var_file), &status);
    put(out, "automatic_files", files_array(discovery, is_automatic_file), &status);
    put(out, "ignored_files", files_array(discovery, is_ignored_file), &status);
    put(out, "backend_files", files_array(discovery, is_backend_file), &status);
    put(out, "backend", fr_json_new_string(backend_of(layout)), &status);
    if (status == FRACTARY_OK)
        status = tell_code(discovery, out);
    put(out, "modules", fr_names_array(&layout->modules), &status);
    put(out, "profiles", fr_json_copy(discovery->profiles), &status);
    put(out, "per_environment", fr_per_environment(layout), &status);
    put(out, "no_environment", fr_no_environment(layout), &status);
    put(out, "root_modules", root_modules_array(discovery), &status);
    put(out, "terragrunt_units", fr_names_array(&discovery->terragrunt.units), &status);
    put(out, "other_tools", fr_json_copy(discovery->other_tools), &status);
    put(out, "doubts", fr_names_array(&discovery->doubts), &status);
    put(out, "unread", fr_names_array(&discovery->tree.troubles), &status);
    put(out, "skipped", skipped_object(&discovery->tree), &status);
    return failed ? FRACTARY_E_NOMEM : status;
}

static void finish(struct discovery *discovery)
{
    fr_layout_finish(&discovery->layout);
    fr_terragrunt_finish(&discovery->terragrunt);
    fr_vec_finish(&discovery->files, fr_environment_file_destroy);
    fr_vec_finish(&discovery->folders, fr_terraform_folder_destroy);
    fr_folder_tree_finish(&discovery->tree);
    fr_names_finish(&discovery->containers);
    fr_names_finish(&discovery->doubts);
    fr_json_free(discovery->profiles);
    fr_json_free(discovery->other_tools);
    fr_buf_finish(&discovery->organization);
    fr_buf_finish(&discovery->project);
    free(discovery->root);
}

int32_t fr_discover(const fr_discover_options *options, fr_json **out, fractary_error *error)
{
    struct discovery discovery = {.options = options};

    *out = NULL;
    int32_t status = find_root(&discovery, error);
    if (status == FRACTARY_OK)
        status = find_names(&discovery, error);
    if (status == FRACTARY_OK)
        status = read_project(&discovery, error);
    if (status == FRACTARY_OK)
        status = read_profiles(&discovery, error);
    if (status == FRACTARY_OK) {
        *out = fr_json_object();
        if (tell(&discovery, *out) != FRACTARY_OK) {
            fr_json_free(*out);
            *out = NULL;
            status = fr_error_nomem(error);
        }
    }
    finish(&discovery);
    return status;
}
