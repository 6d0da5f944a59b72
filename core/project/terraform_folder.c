#include "project/terraform_folder.h"

#include "base/file.h"
#include "base/path.h"
#include "project/hcl_scan.h"
#include "project/workspace_names.h"
#include <ctype.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* Most bytes of one folder's files together. */
#define LARGEST_FOLDER (32u * 1024 * 1024)

/* Files of one folder while they are read. */
struct reading {
    const fr_folder_tree *tree;
    fr_terraform_folder *out;
    fr_vec roots; /* fr_hcl_block *, a file each          */
    fr_vec texts; /* fr_buf *, which the blocks point into */
    size_t total; /* their bytes                          */
    fr_names *troubles;
};

static const char *const code_endings[] = {".tf", ".tf.json", ".tofu", ".tofu.json"};

int fr_terraform_is_code(const char *name)
{
    for (size_t i = 0; i < sizeof code_endings / sizeof *code_endings; i++) {
        if (fr_str_ends(name, code_endings[i]))
            return name[0] != '.';
    }
    return 0;
}

/* --------------------------------------------------------------------- regions */

int fr_terraform_names_region(const char *name)
{
    return fr_str_equal(name, "region") || fr_str_ends(name, "_region") ||
           fr_str_starts(name, "region_");
}

/* Letters, digits and hyphens, of which at least one is a digit. */
int fr_terraform_is_region(const char *text)
{
    const size_t length = strlen(text);
    const size_t valid = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return length >= 4 && length <= 40 && valid == length && text[0] >= 'a' &&
           strpbrk(text, "0123456789") != NULL;
}

static void add_region(fr_terraform_folder *out, const fr_hcl_block *block, const char *name)
{
    char *region;

    if (fr_hcl_literal_of(block, name, &region) != FRACTARY_OK)
        out->regions.failed = 1;
    if (region != NULL && fr_terraform_is_region(region))
        fr_names_add(&out->regions, region);
    free(region);
}

/* The default of the variable of that name, in any of the files. */
static int32_t variable_default(const fr_vec *files, const char *name, char **out)
{
    for (size_t i = 0; i < files->count; i++) {
        const fr_hcl_block *variable = fr_hcl_find(files->items[i], "variable", name);
        if (variable != NULL)
            return fr_hcl_literal_of(variable, "default", out);
    }
    return FRACTARY_OK;
}

/* What `region = var.name` stands for; *out stays for any other expression. */
static int32_t region_of_variable(const fr_vec *files, const fr_hcl_attribute *attribute,
                                  char **out)
{
    const char *at = attribute->text;
    const char *end = at + attribute->length;
    const fr_hcl_token first = fr_hcl_token_next(&at, end);
    const fr_hcl_token dot = fr_hcl_token_next(&at, end);
    const fr_hcl_token name = fr_hcl_token_next(&at, end);

    if (!fr_hcl_token_is(&first, "var") || !fr_hcl_token_is(&dot, ".") ||
        name.kind != FR_HCL_NAME || fr_hcl_token_next(&at, end).kind != FR_HCL_END)
        return FRACTARY_OK;
    char *variable = fr_str_ndup(name.text, name.length);
    const int32_t status =
        variable != NULL ? variable_default(files, variable, out) : FRACTARY_E_NOMEM;
    free(variable);
    return status;
}

/* The region that a provider block without an alias sets. */
static int32_t region_of_provider(const fr_vec *files, const fr_hcl_block *provider, char **out)
{
    const fr_hcl_attribute *attribute = fr_hcl_attribute_of(provider, "region");

    *out = NULL;
    if (attribute == NULL || fr_hcl_attribute_of(provider, "alias") != NULL)
        return FRACTARY_OK;
    int32_t status = fr_hcl_literal_of(provider, "region", out);
    if (status == FRACTARY_OK && *out == NULL)
        status = region_of_variable(files, attribute, out);
    if (*out != NULL && !fr_terraform_is_region(*out)) {
        free(*out);
        *out = NULL;
    }
    return status;
}

static int32_t find_region(fr_terraform_folder *out, const fr_vec *files)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < files->count; i++) {
        const fr_hcl_block *provider = fr_hcl_find(files->items[i], "provider", NULL);
        for (; provider != NULL && out->region == NULL && status == FRACTARY_OK;
             provider = fr_hcl_next(provider))
            status = region_of_provider(files, provider, &out->region);
    }
    return status;
}

/* --------------------------------------------------------------------- backend */

/* What a block must say by itself; what is left out has to come from
 * somewhere else when the folder is initialised. */
static const struct demand {
    const char *backend;
    const char *settings[3];
} demands[] = {
    {"s3", {"bucket", "key", NULL}},
    {"gcs", {"bucket", NULL, NULL}},
    {"azurerm", {"storage_account_name", "container_name", "key"}},
    {"remote", {"organization", NULL, NULL}},
    {"oss", {"bucket", NULL, NULL}},
    {"cos", {"bucket", NULL, NULL}},
    {"http", {"address", NULL, NULL}},
    {"consul", {"path", NULL, NULL}},
    {"kubernetes", {"secret_suffix", NULL, NULL}},
};

static int lacks_settings(const char *backend, const fr_hcl_block *block)
{
    for (size_t i = 0; i < sizeof demands / sizeof *demands; i++) {
        if (!fr_str_equal(demands[i].backend, backend))
            continue;
        for (size_t s = 0; s < 3 && demands[i].settings[s] != NULL; s++) {
            if (fr_hcl_attribute_of(block, demands[i].settings[s]) == NULL)
                return 1;
        }
    }
    return 0;
}

static int32_t take_backend(fr_terraform_folder *out, const char *type, const fr_hcl_block *block)
{
    if (block == NULL || type == NULL || out->backend != NULL)
        return FRACTARY_OK;
    out->backend = fr_str_dup(type);
    out->partial = lacks_settings(type, block);
    if (out->backend != NULL && fr_str_equal(type, "local"))
        return fr_hcl_literal_of(block, "path", &out->state_path);
    return out->backend != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* -------------------------------------------------------------------- providers */

/* Resources of the tool itself need no provider. */
static void add_provider(fr_terraform_folder *out, const char *name, size_t length)
{
    static const char builtin[] = "terraform";

    if (length == sizeof builtin - 1 && memcmp(name, builtin, length) == 0)
        return;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
            return;
    }
    fr_names_add_part(&out->providers, name, length);
}

/* The provider of a resource: the one that it names (provider = google-beta),
 * or the first word of its type. */
static void add_implied(fr_terraform_folder *out, const fr_hcl_block *block)
{
    const fr_hcl_attribute *chosen = fr_hcl_attribute_of(block, "provider");
    const char *type = block->labels[0];

    if (type == NULL)
        return;
    if (chosen == NULL) {
        add_provider(out, type, strcspn(type, "_"));
        return;
    }
    const char *at = chosen->text;
    const fr_hcl_token token = fr_hcl_token_next(&at, chosen->text + chosen->length);
    if (token.kind == FR_HCL_NAME)
        add_provider(out, token.text, token.length);
    else if (token.kind == FR_HCL_STRING && token.length > 2)
        add_provider(out, token.text + 1, strcspn(token.text + 1, ".\""));
}

/* ---------------------------------------------------------------------- modules */

/* A local source, as a path below the root; those that lead out are ignored. */
static int32_t add_call(const struct reading *reading, const char *source)
{
    const char *folder = reading->out->folder->path;

    if (!fr_str_starts(source, "./") && !fr_str_starts(source, "../") &&
        !fr_str_equal(source, ".") && !fr_str_equal(source, ".."))
        return FRACTARY_OK;
    char *from = fr_path_join(reading->tree->root, folder);
    char *target = from != NULL ? fr_path_absolute(from, source) : NULL;
    char *path = target != NULL ? fr_path_relative(reading->tree->root, target) : NULL;
    if (path == NULL)
        reading->out->calls.failed = 1;
    else if (path[0] != '/')
        fr_names_add(&reading->out->calls, path);
    free(path);
    free(target);
    free(from);
    return reading->out->calls.failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* ----------------------------------------------------------------- kinds of block */

static int32_t take_terraform(struct reading *reading, const fr_hcl_block *block)
{
    const fr_hcl_block *backend = fr_hcl_find(block, "backend", NULL);
    const fr_hcl_block *required = fr_hcl_find(block, "required_providers", NULL);
    int32_t status =
        take_backend(reading->out, backend != NULL ? backend->labels[0] : NULL, backend);

    if (status == FRACTARY_OK)
        status = take_backend(reading->out, "remote", fr_hcl_find(block, "cloud", NULL));
    for (; required != NULL; required = fr_hcl_next(required)) {
        for (const fr_hcl_attribute *a = required->attributes; a != NULL; a = a->next)
            add_provider(reading->out, a->name, strlen(a->name));
    }
    return status;
}

static int32_t take_provider(struct reading *reading, const fr_hcl_block *block)
{
    if (block->labels[0] == NULL)
        return FRACTARY_OK;
    reading->out->has_provider = 1;
    add_provider(reading->out, block->labels[0], strlen(block->labels[0]));
    add_region(reading->out, block, "region");
    return FRACTARY_OK;
}

static int32_t take_variable(struct reading *reading, const fr_hcl_block *block)
{
    if (block->labels[0] != NULL && fr_terraform_names_region(block->labels[0]))
        add_region(reading->out, block, "default");
    return FRACTARY_OK;
}

static int32_t take_locals(struct reading *reading, const fr_hcl_block *block)
{
    for (const fr_hcl_attribute *a = block->attributes; a != NULL; a = a->next) {
        if (fr_terraform_names_region(a->name))
            add_region(reading->out, block, a->name);
    }
    return FRACTARY_OK;
}

static int32_t take_module(struct reading *reading, const fr_hcl_block *block)
{
    char *source;
    int32_t status = fr_hcl_literal_of(block, "source", &source);

    if (source != NULL)
        status = add_call(reading, source);
    free(source);
    return status;
}

static int32_t take_resource(struct reading *reading, const fr_hcl_block *block)
{
    add_implied(reading->out, block);
    return FRACTARY_OK;
}

static const struct taker {
    const char *type;
    int32_t (*take)(struct reading *reading, const fr_hcl_block *block);
} takers[] = {
    {"terraform", take_terraform}, {"provider", take_provider},  {"variable", take_variable},
    {"locals", take_locals},       {"module", take_module},      {"resource", take_resource},
    {"data", take_resource},       {"ephemeral", take_resource},
};

static int32_t take_block(struct reading *reading, const fr_hcl_block *block)
{
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
        if (fr_str_equal(takers[i].type, block->type))
            return takers[i].take(reading, block);
    }
    return FRACTARY_OK;
}

static int32_t take_file(struct reading *reading, const fr_hcl_block *file)
{
    int32_t status = FRACTARY_OK;

    for (const fr_hcl_block *b = file->blocks; b != NULL && status == FRACTARY_OK; b = b->next)
        status = take_block(reading, b);
    return status;
}

/* ------------------------------------------------------------------------ files */

static void buf_destroy(void *item)
{
    fr_buf_finish(item);
    free(item);
}

static void block_destroy(void *item)
{
    fr_hcl_free(item);
}

char *fr_terraform_trouble(const char *path, const fractary_error *error)
{
    const int json = fr_str_ends(path, ".json");

    if (error->status != FRACTARY_E_INVALID)
        return fr_str_format("%s: %s%s%s", path, error->message,
                             error->cause[0] != '\0' ? ": " : "", error->cause);
    return fr_str_format("%s:%s: cannot be read as %s: %s; %s", path, error->place,
                         json ? "JSON" : "HCL", error->cause,
                         json ? "nothing in it was taken" : "nothing from there on was taken");
}

static void note_trouble(const struct reading *reading, const char *name,
                         const fractary_error *error)
{
    const char *folder = reading->out->folder->path;
    char *path = fr_str_equal(folder, ".") ? fr_str_dup(name) : fr_path_join(folder, name);
    char *sentence = path != NULL ? fr_terraform_trouble(path, error) : NULL;

    fr_names_add(reading->troubles, sentence);
    reading->troubles->failed |= sentence == NULL;
    free(sentence);
    free(path);
}

static int32_t scan_text(struct reading *reading, const char *name, const fr_buf *text)
{
    const int json = fr_str_ends(name, ".json");
    fractary_error error = FR_ERROR_INIT;
    fr_hcl_block *root;
    const int32_t status =
        (json ? fr_hcl_from_json : fr_hcl_scan)(fr_buf_text(text), text->length, &root, &error);

    if (status == FRACTARY_E_NOMEM)
        return status;
    if (status != FRACTARY_OK)
        note_trouble(reading, name, &error);
    if (root != NULL && fr_vec_push(&reading->roots, root) != FRACTARY_OK) {
        fr_hcl_free(root);
        return FRACTARY_E_NOMEM;
    }
    return FRACTARY_OK;
}

static int32_t scan_file(struct reading *reading, const char *name)
{
    fractary_error error = FR_ERROR_INIT;
    char *folder = fr_path_join(reading->tree->root, reading->out->folder->path);
    char *path = folder != NULL ? fr_path_join(folder, name) : NULL;
    fr_buf *text = path != NULL ? calloc(1, sizeof *text) : NULL;
    int32_t status = FRACTARY_E_NOMEM;

    if (text != NULL)
        status = fr_vec_push(&reading->texts, text);
    const size_t left = LARGEST_FOLDER - reading->total;
    if (status == FRACTARY_OK)
        status = fr_file_read(path, left < FR_HCL_LIMIT ? left : FR_HCL_LIMIT, text, &error);
    else
        free(text);
    free(path);
    free(folder);
    if (status == FRACTARY_OK) {
        reading->total += text->length;
        return scan_text(reading, name, text);
    }
    if (status != FRACTARY_E_NOMEM)
        note_trouble(reading, name, &error);
    return status == FRACTARY_E_NOMEM ? status : FRACTARY_OK;
}

static int32_t scan_files(struct reading *reading)
{
    const fr_names *files = &reading->out->folder->files;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < fr_names_count(files) && status == FRACTARY_OK; i++) {
        const char *name = fr_names_at(files, i);
        if (!fr_terraform_is_code(name))
            continue;
        reading->out->opentofu |= strstr(name, ".tofu") != NULL;
        status = scan_file(reading, name);
    }
    for (size_t i = 0; i < reading->roots.count && status == FRACTARY_OK; i++)
        status = take_file(reading, reading->roots.items[i]);
    if (status == FRACTARY_OK)
        status = find_region(reading->out, &reading->roots);
    if (status == FRACTARY_OK)
        fr_workspace_names(&reading->roots, &reading->out->workspaces,
                           &reading->out->uses_workspace);
    return status;
}

static int has_code(const fr_folder *folder)
{
    for (size_t i = 0; i < fr_names_count(&folder->files); i++) {
        if (fr_terraform_is_code(fr_names_at(&folder->files, i)))
            return 1;
    }
    return 0;
}

int32_t fr_terraform_folder_read(const fr_folder_tree *tree, const fr_folder *folder,
                                 fr_names *troubles, fr_terraform_folder **out,
                                 fractary_error *error)
{
    struct reading reading = {.tree = tree, .troubles = troubles};

    *out = NULL;
    if (!has_code(folder))
        return FRACTARY_OK;
    reading.out = calloc(1, sizeof *reading.out);
    if (reading.out == NULL)
        return fr_error_nomem(error);
    reading.out->folder = folder;
    int32_t status = scan_files(&reading);
    fr_vec_finish(&reading.roots, block_destroy);
    fr_vec_finish(&reading.texts, buf_destroy);
    if (reading.out->providers.failed || reading.out->regions.failed || reading.out->calls.failed ||
        reading.out->workspaces.failed)
        status = FRACTARY_E_NOMEM;
    if (status == FRACTARY_OK)
        *out = reading.out;
    else
        fr_terraform_folder_destroy(reading.out);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

void fr_terraform_folder_destroy(void *item)
{
    fr_terraform_folder *folder = item;

    if (folder == NULL)
        return;
    free(folder->backend);
    free(folder->state_path);
    free(folder->region);
    fr_names_finish(&folder->providers);
    fr_names_finish(&folder->regions);
    fr_names_finish(&folder->calls);
    fr_names_finish(&folder->workspaces);
    free(folder);
}
