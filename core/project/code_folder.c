#include "project/code_folder.h"

#include "base/file.h"
#include "base/path.h"
#include "project/terraform_folder.h"
#include <dirent.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <sys/stat.h>

/* One folder while it is read. */
typedef struct reading {
    fr_code_folder *folder;
    fr_names *troubles;
    int32_t status;
} reading;

static void file_destroy(void *item)
{
    fr_code_file *file = item;

    fr_hcl_free(file->root);
    fr_buf_finish(&file->text);
    free(file->path);
    free(file);
}

void fr_code_folder_destroy(void *item)
{
    fr_code_folder *folder = item;

    if (folder == NULL)
        return;
    fr_vec_finish(&folder->files, file_destroy);
    fr_names_finish(&folder->calls);
    fr_names_finish(&folder->links);
    free(folder->path);
    free(folder);
}

static void note_trouble(reading *r, const char *path, const fractary_error *error)
{
    char *sentence = fr_str_format("%s: %s%s%s", path, error->message,
                                   error->cause[0] != '\0' ? ": " : "", error->cause);

    fr_names_add(r->troubles, sentence);
    r->troubles->failed |= sentence == NULL;
    free(sentence);
}

/* ----------------------------------------------------------------------- calls */

static int is_local(const char *source)
{
    return fr_str_starts(source, "./") || fr_str_starts(source, "../") ||
           fr_str_equal(source, ".") || fr_str_equal(source, "..");
}

static int32_t add_call(reading *r, const fr_hcl_block *module)
{
    char *source;
    int32_t status = fr_hcl_literal_of(module, "source", &source);

    if (source != NULL && is_local(source)) {
        char *path = fr_path_absolute(r->folder->path, source);
        fr_names_add(&r->folder->calls, path);
        status = path != NULL && !r->folder->calls.failed ? FRACTARY_OK : FRACTARY_E_NOMEM;
        free(path);
    }
    free(source);
    return status;
}

static int32_t add_calls(reading *r, const fr_hcl_block *root)
{
    const fr_hcl_block *module = fr_hcl_find(root, "module", NULL);
    int32_t status = FRACTARY_OK;

    for (; module != NULL && status == FRACTARY_OK; module = fr_hcl_next(module))
        status = add_call(r, module);
    return status;
}

/* ----------------------------------------------------------------------- files */

/* Keeps what stands before a fault. */
static int32_t scan(reading *r, fr_code_file *file)
{
    fractary_error error = FR_ERROR_INIT;
    const size_t left = FR_CODE_BYTES - r->folder->bytes;
    int32_t status =
        fr_file_read(file->path, left < FR_HCL_LIMIT ? left : FR_HCL_LIMIT, &file->text, &error);

    r->folder->bytes += file->text.length;
    if (status == FRACTARY_OK)
        status = (fr_str_ends(file->path, ".json") ? fr_hcl_from_json : fr_hcl_scan)(
            fr_buf_text(&file->text), file->text.length, &file->root, &error);
    if (status != FRACTARY_OK && status != FRACTARY_E_NOMEM)
        note_trouble(r, file->path, &error);
    return status == FRACTARY_E_NOMEM ? status : FRACTARY_OK;
}

/* Takes `path` over. */
static int32_t read_file(reading *r, char *path)
{
    fr_code_file *file = calloc(1, sizeof *file);

    if (file == NULL) {
        free(path);
        return FRACTARY_E_NOMEM;
    }
    file->path = path;
    int32_t status = scan(r, file);
    if (status == FRACTARY_OK && file->root != NULL)
        status = add_calls(r, file->root);
    if (status == FRACTARY_OK && file->root != NULL)
        status = fr_vec_push(&r->folder->files, file);
    if (status != FRACTARY_OK || file->root == NULL)
        file_destroy(file);
    return status;
}

/* What a link leads to changes without the link. */
static void add_link(reading *r, const char *path)
{
    struct stat info;
    char *target = realpath(path, NULL);

    if (target != NULL && stat(target, &info) == 0 && S_ISREG(info.st_mode))
        fr_names_add(&r->folder->links, target);
    free(target);
}

static int32_t take_entry(void *context, const char *name, unsigned char kind)
{
    reading *r = context;
    char *path = fr_path_join(r->folder->path, name);

    if (path == NULL)
        return r->status = FRACTARY_E_NOMEM;
    if (kind == DT_LNK || kind == DT_UNKNOWN)
        add_link(r, path);
    if (kind != DT_DIR && fr_terraform_is_code(name))
        return r->status = read_file(r, path);
    free(path);
    return r->folder->links.failed ? r->status = FRACTARY_E_NOMEM : FRACTARY_OK;
}

int32_t fr_code_folder_read(const char *path, fr_names *troubles, fr_code_folder **out,
                            fractary_error *error)
{
    reading r = {.folder = calloc(1, sizeof *r.folder), .troubles = troubles};
    fractary_error own = FR_ERROR_INIT;

    *out = NULL;
    if (r.folder != NULL)
        r.folder->path = fr_str_dup(path);
    if (r.folder == NULL || r.folder->path == NULL) {
        fr_code_folder_destroy(r.folder);
        return fr_error_nomem(error);
    }
    const int32_t status = fr_file_list(path, FR_CODE_ENTRIES, take_entry, &r, &own);
    if (r.status == FRACTARY_OK && status != FRACTARY_OK && status != FRACTARY_E_NOTFOUND)
        note_trouble(&r, path, &own);
    if (r.status != FRACTARY_OK || status == FRACTARY_E_NOMEM) {
        fr_code_folder_destroy(r.folder);
        return fr_error_nomem(error);
    }
    *out = r.folder;
    return FRACTARY_OK;
}

static int32_t is_code(void *context, const char *name, unsigned char kind)
{
    (void)context;
    return kind != DT_DIR && fr_terraform_is_code(name);
}

int fr_code_folder_is(const char *path)
{
    return fr_file_list(path, FR_CODE_ENTRIES, is_code, NULL, NULL) > 0;
}
