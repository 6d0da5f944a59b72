#include "project/terragrunt.h"

#include "base/file.h"
#include "base/path.h"
#include "project/hcl_scan.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST (256u * 1024)

static int is_below(const char *folder, const char *path)
{
    const size_t length = strlen(folder);

    return fr_str_equal(folder, ".") ||
           (strncmp(folder, path, length) == 0 && (path[length] == '/' || path[length] == '\0'));
}

static int has_unit_file(const fr_folder *folder)
{
    return fr_names_has(&folder->files, "terragrunt.hcl") ||
           fr_names_has(&folder->files, "terragrunt.stack.hcl");
}

/* ----------------------------------------------------------------------- units */

/* What others below include configures them, and is none itself. */
static int is_parent(const fr_folder_tree *tree, const fr_folder *folder)
{
    for (size_t i = 0; i < tree->folders.count; i++) {
        const fr_folder *other = tree->folders.items[i];
        if (other != folder && has_unit_file(other) && is_below(folder->path, other->path))
            return 1;
    }
    return 0;
}

static void find_units(fr_terragrunt *terragrunt, const fr_folder_tree *tree)
{
    for (size_t i = 0; i < tree->folders.count; i++) {
        const fr_folder *folder = tree->folders.items[i];
        if (has_unit_file(folder) && !is_parent(tree, folder))
            fr_names_add(&terragrunt->units, folder->path);
    }
}

int fr_terragrunt_is_above(const fr_terragrunt *terragrunt, const char *folder)
{
    for (size_t i = 0; i < fr_names_count(&terragrunt->units); i++) {
        if (is_below(folder, fr_names_at(&terragrunt->units, i)))
            return 1;
    }
    return 0;
}

/* --------------------------------------------------------------------- sources */

/* Adds the folders whose path ends with `tail`: what stands before it only
 * Terragrunt knows. */
static void add_by_tail(fr_terragrunt *terragrunt, const fr_folder_tree *tree, const char *tail)
{
    while (fr_str_starts(tail, "/") || fr_str_starts(tail, "../") || fr_str_starts(tail, "./"))
        tail += strcspn(tail, "/") + 1;
    for (size_t i = 0; tail[0] != '\0' && i < tree->folders.count; i++) {
        const char *path = ((const fr_folder *)tree->folders.items[i])->path;
        const size_t before = strlen(path) - strlen(tail);
        if (fr_str_ends(path, tail) && (before == 0 || path[before - 1] == '/'))
            fr_names_add(&terragrunt->sources, path);
    }
}

static void add_relative(fr_terragrunt *terragrunt, const fr_folder_tree *tree, const char *folder,
                         const char *source)
{
    char *from = fr_path_join(tree->root, folder);
    char *target = from != NULL ? fr_path_absolute(from, source) : NULL;
    char *path = target != NULL ? fr_path_relative(tree->root, target) : NULL;

    if (path == NULL)
        terragrunt->sources.failed = 1;
    else if (path[0] != '/')
        fr_names_add(&terragrunt->sources, path);
    free(path);
    free(target);
    free(from);
}

/* The address without "?ref=…", and with one slash where Terragrunt has two. */
static char *plain_address(const char *text, size_t length)
{
    fr_buf out = {0};
    size_t end = 0;

    while (end < length && text[end] != '?' && text[end] != '"')
        end++;
    while (end > 0 && text[end - 1] == '/')
        end--;
    for (size_t i = 0; i < end; i++) {
        if (text[i] != '/' || i == 0 || text[i - 1] != '/')
            fr_buf_putc(&out, text[i]);
    }
    return fr_buf_steal(&out);
}

/* `source` is the expression: a string, in which what stands behind the last
 * template is a path. Addresses of other repositories are none of ours. */
static void add_source(fr_terragrunt *terragrunt, const fr_folder_tree *tree, const char *folder,
                       const fr_hcl_attribute *source)
{
    const char *template = memrchr(source->text, '}', source->length);
    const char *at = template != NULL ? template + 1 : source->text + 1;
    const int remote = memmem(source->text, source->length, "::", 2) != NULL ||
                       memmem(source->text, source->length, "://", 3) != NULL;

    if (source->length < 2 || source->text[0] != '"' || remote)
        return;
    char *address = plain_address(at, (size_t)(source->text + source->length - at));
    if (address == NULL)
        terragrunt->sources.failed = 1;
    else if (template != NULL)
        add_by_tail(terragrunt, tree, address);
    else if (address[0] == '.')
        add_relative(terragrunt, tree, folder, address);
    free(address);
}

static int32_t read_sources(fr_terragrunt *terragrunt, const fr_folder_tree *tree,
                            const char *folder, const char *name)
{
    char *inside = fr_path_join(tree->root, folder);
    char *path = inside != NULL ? fr_path_join(inside, name) : NULL;
    fr_hcl_block *root = NULL;
    fr_buf text = {0};
    int32_t status = path != NULL ? fr_file_read(path, LARGEST, &text, NULL) : FRACTARY_E_NOMEM;

    if (status == FRACTARY_OK)
        status = fr_hcl_scan(fr_buf_text(&text), text.length, &root, NULL);
    const fr_hcl_block *block = root != NULL ? fr_hcl_find(root, "terraform", NULL) : NULL;
    const fr_hcl_attribute *source = block != NULL ? fr_hcl_attribute_of(block, "source") : NULL;
    if (source != NULL)
        add_source(terragrunt, tree, folder, source);
    fr_hcl_free(root);
    fr_buf_finish(&text);
    free(path);
    free(inside);
    return status == FRACTARY_E_NOMEM ? status : FRACTARY_OK;
}

/* Also files that units include ("_envcommon/app.hcl") name sources. */
static int32_t find_sources(fr_terragrunt *terragrunt, const fr_folder_tree *tree)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < tree->folders.count; i++) {
        const fr_folder *folder = tree->folders.items[i];
        for (size_t f = 0; f < fr_names_count(&folder->files) && status == FRACTARY_OK; f++) {
            const char *name = fr_names_at(&folder->files, f);
            if (fr_str_ends(name, ".hcl") && name[0] != '.')
                status = read_sources(terragrunt, tree, folder->path, name);
        }
    }
    return status;
}

int32_t fr_terragrunt_find(fr_terragrunt *terragrunt, const fr_folder_tree *tree,
                           fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    find_units(terragrunt, tree);
    if (fr_names_count(&terragrunt->units) > 0)
        status = find_sources(terragrunt, tree);
    return status == FRACTARY_OK && !terragrunt->units.failed && !terragrunt->sources.failed
               ? FRACTARY_OK
               : fr_error_nomem(error);
}

void fr_terragrunt_finish(fr_terragrunt *terragrunt)
{
    if (terragrunt == NULL)
        return;
    fr_names_finish(&terragrunt->units);
    fr_names_finish(&terragrunt->sources);
}
