#include "project/environment_files.h"

#include "base/file.h"
#include "base/path.h"
#include "project/environment_name.h"
#include "project/hcl_scan.h"
#include "project/terraform_folder.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST    (256u * 1024)
#define SEPARATORS "-_."

static const char *const var_endings[] = {".tfvars", ".tfvars.json"};
static const char *const backend_endings[] = {".tfbackend", ".hcl", ".conf", ".config", ".tfvars"};
/* Behind ".tfvars": a file that is copied and never used as it is. */
static const char *const example_endings[] = {".example", ".sample", ".template",
                                              ".dist",    ".tpl",    ".tmpl"};
static const char *const backend_folders[] = {"backend", "backends", "backend-config",
                                              "backend-configs", "backend_config"};
/* Settings that tell a backend's file from others of such a name: a web server
 * has a backend.conf, too. */
static const char *const backend_settings[] = {
    "bucket",         "key",     "prefix",       "region",      "dynamodb_table",       "path",
    "use_lockfile",   "encrypt", "organization", "workspaces",  "storage_account_name", "address",
    "container_name", "profile", "hostname",     "credentials", "resource_group_name",  "conn_str"};
/* Parts of a name that say what a file is, not what for. */
static const char *const backend_words[] = {"backend", "backends", "config",  "state",
                                            "s3",      "gcs",      "azurerm", "tf"};

static int is_in(const char *const *table, size_t count, const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i]) == length && memcmp(table[i], text, length) == 0)
            return 1;
    }
    return 0;
}
#define IS_IN(table, text, length) is_in(table, sizeof(table) / sizeof *(table), text, length)

/* The ending of the table that the name has, or NULL. */
static const char *ending_of(const char *const *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (fr_str_ends(name, table[i]) && strlen(name) > strlen(table[i]))
            return table[i];
    }
    return NULL;
}
#define ENDING_OF(table, name) ending_of(table, sizeof(table) / sizeof *(table), name)

/* ---------------------------------------------------------------------- backends */

static int has_backend_word(const char *stem)
{
    while (*stem != '\0') {
        const size_t length = strcspn(stem, SEPARATORS);
        if (length >= strlen("backend") && IS_IN(backend_words, stem, length))
            return 1;
        stem += length;
        stem += *stem != '\0';
    }
    return 0;
}

/* "prod" of "backend-prod" and "prod.s3", "prod.eu" of "prod.eu.s3": what is
 * left without the words. */
static void without_backend_words(const char *stem, fr_buf *out)
{
    const char *sign = "";

    while (*stem != '\0') {
        const size_t length = strcspn(stem, SEPARATORS);
        if (length > 0 && !IS_IN(backend_words, stem, length)) {
            fr_buf_append(out, sign, out->length > 0);
            fr_buf_append(out, stem, length);
        }
        stem += length;
        sign = stem;
        stem += *stem != '\0';
    }
}

static int is_backend_folder(const char *folder)
{
    const char *name = fr_path_name(folder);

    return IS_IN(backend_folders, name, strlen(name));
}

static int is_backend_file(const char *folder, const char *name, const char *stem)
{
    if (ENDING_OF(backend_endings, name) == NULL || fr_str_equal(name, "terragrunt.hcl"))
        return 0;
    return fr_str_ends(name, ".tfbackend") || has_backend_word(stem) || is_backend_folder(folder);
}

/* -------------------------------------------------------------------- environment */

/* By its own name, else by the folders that it lies in. */
static int32_t find_environment(const fr_names *containers, fr_environment_file *file,
                                const char *stem)
{
    const char *parent = fr_path_name(file->folder);
    const int contained =
        fr_environment_is_container(parent, strlen(parent)) || is_backend_folder(file->folder);
    fr_buf name = {0};

    if (file->backend)
        without_backend_words(stem, &name);
    else
        fr_buf_puts(&name, stem);
    file->shared =
        !file->automatic && !file->example &&
        ((file->backend && name.length == 0) || fr_environment_is_shared(fr_buf_text(&name)));
    if (file->example) {
        fr_buf_finish(&name);
        return FRACTARY_OK;
    }
    int32_t status = name.failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
    if (status == FRACTARY_OK && !file->automatic && name.length > 0)
        status = fr_environment_of_stem(fr_buf_text(&name), contained, &file->environment);
    if (status == FRACTARY_OK && file->environment == NULL)
        status = fr_environment_of_path(containers, file->folder, &file->environment);
    fr_buf_finish(&name);
    return status;
}

/* ------------------------------------------------------------------------ regions */

/* The variable that says where an environment is, not where its copies are. */
static int is_main_region(const char *name)
{
    return fr_str_equal(name, "region") || fr_str_equal(name, "aws_region");
}

/* Of a var file only those literals are kept whose name says region: others
 * may be secrets. */
static void keep_regions(fr_environment_file *file, const fr_hcl_block *root)
{
    for (const fr_hcl_attribute *a = root->attributes; a != NULL; a = a->next) {
        char *value = NULL;
        if (fr_terraform_names_region(a->name) &&
            fr_hcl_literal_of(root, a->name, &value) != FRACTARY_OK)
            file->regions.failed = 1;
        if (value != NULL && fr_terraform_is_region(value)) {
            fr_names_add(&file->regions, value);
            if (is_main_region(a->name) && file->region == NULL) {
                file->region = value;
                value = NULL;
            }
        }
        free(value);
    }
}

/* Non-zero when the file can hold settings of a backend: its ending says so by
 * itself, or it can be read and one of them stands in it, or nothing does. */
static int has_backend_settings(const fr_environment_file *file, const fr_hcl_block *root,
                                int32_t status)
{
    if (fr_str_ends(file->path, ".tfbackend"))
        return 1;
    if (status != FRACTARY_OK)
        return 0;
    for (const fr_hcl_attribute *a = root->attributes; a != NULL; a = a->next) {
        if (IS_IN(backend_settings, a->name, strlen(a->name)))
            return 1;
    }
    return root->attributes == NULL && root->blocks == NULL;
}

static void note_trouble(fr_names *troubles, const char *path, const fractary_error *error)
{
    char *sentence = fr_terraform_trouble(path, error);

    fr_names_add(troubles, sentence);
    troubles->failed |= sentence == NULL;
    free(sentence);
}

/* "backend.tfvars" may hold the variables of what is called the backend.
 * Returns zero for a file that cannot hold variables either. */
static int become_var_file(fr_environment_file *file)
{
    if (ENDING_OF(var_endings, file->path) == NULL)
        return 0;
    file->backend = file->shared = 0;
    return 1;
}

/* Looks into the file; *fits is cleared when it is not what its name says. A
 * file with a name like a backend's that cannot be read is somebody else's. */
static int32_t look_inside(const fr_folder_tree *tree, fr_environment_file *file,
                           fr_names *troubles, int *fits)
{
    const int json = fr_str_ends(file->path, ".json");
    fractary_error error = FR_ERROR_INIT;
    fr_buf text = {0};
    fr_hcl_block *root = NULL;
    char *path = fr_path_join(tree->root, file->path);
    int32_t status = path != NULL ? fr_buf_reserve(&text, LARGEST) : FRACTARY_E_NOMEM;

    if (status == FRACTARY_OK)
        status = fr_file_read(path, LARGEST, &text, &error);
    if (status == FRACTARY_OK)
        status =
            (json ? fr_hcl_from_json : fr_hcl_scan)(fr_buf_text(&text), text.length, &root, &error);
    if (file->backend && !has_backend_settings(file, root, status))
        *fits = become_var_file(file);
    if (root != NULL && !file->backend)
        keep_regions(file, root);
    if (*fits && status != FRACTARY_OK && status != FRACTARY_E_NOMEM)
        note_trouble(troubles, file->path, &error);
    fr_hcl_free(root);
    fr_buf_wipe(&text);
    free(path);
    return status == FRACTARY_E_NOMEM || file->regions.failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* -------------------------------------------------------------------------- files */

/* What the search has and fills. */
struct search {
    const fr_folder_tree *tree;
    const fr_names *containers;
    fr_names *troubles;
    fr_vec *files;
};

static int is_automatic(const char *name, const char *ending)
{
    const size_t length = strlen(name) - strlen(ending);

    return (length == strlen("terraform") && fr_str_starts(name, "terraform")) ||
           (length > strlen(".auto") && memcmp(name + length - strlen(".auto"), ".auto", 5) == 0);
}

static char *path_in(const char *folder, const char *name)
{
    return fr_str_equal(folder, ".") ? fr_str_dup(name) : fr_path_join(folder, name);
}

static int is_example_ending(const char *ending)
{
    return ENDING_OF(example_endings, ending) != NULL;
}

/* The part of the name from ".tfvars" on, when that is an example's, or NULL. */
static const char *example_ending_of(const char *name)
{
    const char *ending = ENDING_OF(example_endings, name);
    const char *var = strstr(name, ".tfvars");

    if (ending == NULL || var == NULL || var == name)
        return NULL;
    return strlen(var) - strlen(ending) <= strlen(".tfvars.json") ? var : NULL;
}

/* What the name alone says; NULL without memory. */
static fr_environment_file *describe(const fr_names *containers, const char *folder,
                                     const char *name, const char *ending)
{
    fr_environment_file *file = calloc(1, sizeof *file);
    char *stem = fr_str_ndup(name, strlen(name) - strlen(ending));

    if (file != NULL && stem != NULL) {
        const int var = ENDING_OF(var_endings, name) != NULL;
        file->path = path_in(folder, name);
        file->folder = fr_str_dup(folder);
        file->backend = is_backend_file(folder, name, stem);
        file->automatic = !file->backend && var && is_automatic(name, ending);
        file->example = fr_environment_is_example(stem) || is_example_ending(ending);
    }
    const int complete = file != NULL && file->path != NULL && file->folder != NULL &&
                         find_environment(containers, file, stem) == FRACTARY_OK;
    free(stem);
    if (complete)
        return file;
    fr_environment_file_destroy(file);
    return NULL;
}

static int32_t take_file(struct search *search, const char *folder, const char *name)
{
    const char *example = example_ending_of(name);
    const char *var = example != NULL ? example : ENDING_OF(var_endings, name);
    const char *ending = var != NULL ? var : ENDING_OF(backend_endings, name);
    int32_t status = FRACTARY_OK;
    int fits = 1;

    if (ending == NULL || name[0] == '.')
        return FRACTARY_OK;
    fr_environment_file *file = describe(search->containers, folder, name, ending);
    if (file == NULL)
        return FRACTARY_E_NOMEM;
    if (var == NULL && !file->backend)
        fits = 0;
    else if (!file->example)
        status = look_inside(search->tree, file, search->troubles, &fits);
    if (status == FRACTARY_OK && fits)
        status = fr_vec_push(search->files, file);
    if (status != FRACTARY_OK || !fits)
        fr_environment_file_destroy(file);
    return status;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const fr_environment_file *)a)->path, ((const fr_environment_file *)b)->path);
}

int32_t fr_environment_files_find(const fr_folder_tree *tree, const fr_names *containers,
                                  fr_names *troubles, fr_vec *files, fractary_error *error)
{
    struct search search = {tree, containers, troubles, files};
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < tree->folders.count; i++) {
        const fr_folder *folder = tree->folders.items[i];
        for (size_t f = 0; f < fr_names_count(&folder->files) && status == FRACTARY_OK; f++)
            status = take_file(&search, folder->path, fr_names_at(&folder->files, f));
    }
    fr_vec_sort(files, by_path);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

void fr_environment_file_destroy(void *item)
{
    fr_environment_file *file = item;

    if (file == NULL)
        return;
    free(file->path);
    free(file->folder);
    free(file->environment);
    free(file->region);
    fr_names_finish(&file->regions);
    free(file);
}
