#include "project/folder_tree.h"

#include "base/file.h"
#include "base/path.h"
#include <dirent.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const left_out[] = {"node_modules", "vendor",       "bower_components",
                                       "cdk.out",      "cdktf.out",    "venv",
                                       "__pycache__",  "site-packages"};

/* The listing of one folder. */
struct visit {
    fr_folder_tree *tree;
    fr_folder *folder;
    size_t depth; /* of the folder; the root's is 0 */
    int32_t status;
};

static void folder_destroy(void *item)
{
    fr_folder *folder = item;

    fr_names_finish(&folder->files);
    free(folder->path);
    free(folder);
}

/* "." and "a" make "a". */
static char *path_below(const char *folder, const char *name)
{
    return fr_str_equal(folder, ".") ? fr_str_dup(name) : fr_path_join(folder, name);
}

/* Takes `path` over. */
static int32_t add_folder(fr_folder_tree *tree, char *path)
{
    fr_folder *folder = path != NULL ? calloc(1, sizeof *folder) : NULL;

    if (folder == NULL) {
        free(path);
        return FRACTARY_E_NOMEM;
    }
    folder->path = path;
    if (fr_vec_push(&tree->folders, folder) != FRACTARY_OK) {
        folder_destroy(folder);
        return FRACTARY_E_NOMEM;
    }
    return FRACTARY_OK;
}

static int is_left_out(const char *name)
{
    if (name[0] == '.')
        return 1;
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (fr_str_equal(left_out[i], name))
            return 1;
    }
    return 0;
}

/* What the entry is, a link to a file inside the project being a file. */
static unsigned char kind_of(fr_folder_tree *tree, const char *path, unsigned char kind)
{
    struct stat status;
    char *absolute;

    if (kind != DT_LNK && kind != DT_UNKNOWN)
        return kind;
    absolute = fr_path_join(tree->root, path);
    if (absolute == NULL) {
        tree->troubles.failed = 1;
        return DT_UNKNOWN;
    }
    if (lstat(absolute, &status) != 0)
        kind = DT_UNKNOWN;
    else if (S_ISLNK(status.st_mode))
        kind = stat(absolute, &status) == 0 && S_ISREG(status.st_mode) &&
                       fr_path_really_below(tree->root, absolute)
                   ? DT_REG
                   : DT_UNKNOWN;
    else
        kind = S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
    free(absolute);
    return kind;
}

static int32_t take_folder(struct visit *visit, char *path, const char *name)
{
    if (is_left_out(name) || visit->depth >= FR_TREE_DEPTH) {
        visit->tree->cut |= !is_left_out(name);
        free(path);
        return FRACTARY_OK;
    }
    return add_folder(visit->tree, path);
}

static int32_t take_entry(void *context, const char *name, unsigned char kind)
{
    struct visit *visit = context;

    visit->tree->entries++;
    if (!fr_path_is_component(name) || !fr_str_is_utf8(name, strlen(name))) {
        visit->tree->odd++;
        return FRACTARY_OK;
    }
    char *path = path_below(visit->folder->path, name);
    if (path == NULL)
        return visit->status = FRACTARY_E_NOMEM;
    kind = kind_of(visit->tree, path, kind);
    if (kind == DT_DIR)
        return visit->status = take_folder(visit, path, name);
    if (kind == DT_REG)
        fr_names_add(&visit->folder->files, name);
    free(path);
    return visit->folder->files.failed ? visit->status = FRACTARY_E_NOMEM : FRACTARY_OK;
}

static void note_trouble(fr_folder_tree *tree, const fractary_error *error)
{
    char *sentence = fr_str_format("%s: %s", error->message, error->cause);

    if (sentence == NULL)
        tree->troubles.failed = 1;
    fr_names_add(&tree->troubles, sentence);
    free(sentence);
}

static size_t depth_of(const char *path)
{
    size_t depth = fr_str_equal(path, ".") ? 0 : 1;

    for (; *path != '\0'; path++)
        depth += *path == '/';
    return depth;
}

/* Lists one folder; what is wrong with any but the root is a trouble only. */
static int32_t list_folder(fr_folder_tree *tree, fr_folder *folder, fractary_error *error)
{
    struct visit visit = {tree, folder, depth_of(folder->path), FRACTARY_OK};
    fractary_error own = FR_ERROR_INIT;
    const int is_root = fr_str_equal(folder->path, ".");
    char *path = is_root ? fr_str_dup(tree->root) : fr_path_join(tree->root, folder->path);

    if (path == NULL)
        return fr_error_nomem(error);
    const size_t limit = FR_TREE_ENTRIES - tree->entries;
    int32_t status = fr_file_list(path, limit, take_entry, &visit, is_root ? error : &own);
    free(path);
    if (visit.status != FRACTARY_OK || status == FRACTARY_E_NOMEM)
        return fr_error_nomem(error);
    if (status == FRACTARY_E_LIMIT) {
        tree->cut = 1;
        return FRACTARY_OK;
    }
    if (status != FRACTARY_OK && !is_root) {
        note_trouble(tree, &own);
        return FRACTARY_OK;
    }
    return status;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const fr_folder *)a)->path, ((const fr_folder *)b)->path);
}

int32_t fr_folder_tree_init(fr_folder_tree *tree, const char *root, fractary_error *error)
{
    *tree = (fr_folder_tree){.root = root};
    int32_t status = add_folder(tree, fr_str_dup("."));

    if (status != FRACTARY_OK)
        return fr_error_nomem(error);
    for (size_t i = 0; i < tree->folders.count && status == FRACTARY_OK; i++)
        status = list_folder(tree, tree->folders.items[i], error);
    fr_vec_sort(&tree->folders, by_path);
    return status == FRACTARY_OK && tree->troubles.failed ? fr_error_nomem(error) : status;
}

void fr_folder_tree_finish(fr_folder_tree *tree)
{
    if (tree == NULL)
        return;
    fr_vec_finish(&tree->folders, folder_destroy);
    fr_names_finish(&tree->troubles);
}

static int compare_part(const char *whole, const char *part, size_t length)
{
    const int order = strncmp(whole, part, length);

    return order != 0 ? order : whole[length] != '\0';
}

const fr_folder *fr_folder_tree_find_part(const fr_folder_tree *tree, const char *path,
                                          size_t length)
{
    size_t low = 0;
    size_t high = tree->folders.count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const fr_folder *folder = tree->folders.items[middle];
        const int order = compare_part(folder->path, path, length);
        if (order == 0)
            return folder;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const fr_folder *fr_folder_tree_find(const fr_folder_tree *tree, const char *path)
{
    return fr_folder_tree_find_part(tree, path, strlen(path));
}
