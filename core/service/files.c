/* fractary.files/1 */
#include <dirent.h>
#include <errno.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/file_error.h"
#include "base/path.h"
#include "service/files_root.h"
#include "service/service.h"

#define FILE_MODE  0600
#define LIST_LIMIT 100000

typedef struct files_service {
    fractary_files table;
    fr_files_roots roots;
} files_service;

static const fr_files_roots *roots_of(const fractary_files *self)
{
    return &((const files_service *)self->context)->roots;
}

static int32_t no_sink(fractary_error *error)
{
    return fr_error_set(error, FRACTARY_E_INVALID, "there is no sink for the answer");
}

/* --------------------------------------------------------------------- read */

/* Room for the whole file at once: what it holds may be secret, and a buffer
 * that grows leaves copies behind. */
static void reserve(const char *path, uint64_t limit, fr_buf *text)
{
    struct stat info;

    if (stat(path, &info) == 0 && info.st_size > 0 && (uint64_t)info.st_size <= limit)
        (void)fr_buf_reserve(text, (size_t)info.st_size + 1);
}

static int32_t read_file(const fractary_files *self, const char *path, uint64_t limit,
                         const fractary_sink *out, fractary_error *error)
{
    fr_buf text = {0};
    char *full = NULL;

    if (out == NULL || out->emit == NULL)
        return no_sink(error);
    int32_t status = fr_files_roots_read(roots_of(self), path, &full, error);
    if (status == FRACTARY_OK) {
        reserve(full, limit, &text);
        status = fr_file_read(full, (size_t)limit, &text, error);
    }
    if (status == FRACTARY_OK && text.length > 0) {
        status = out->emit(out->context, text.data, text.length);
        if (status != FRACTARY_OK)
            fr_error_set(error, status, "the content of %s was not taken", full);
    }
    fr_buf_wipe(&text);
    free(full);
    return status;
}

/* --------------------------------------------------------------------- list */

typedef struct listing {
    const char *folder;
    const fractary_sink *out;
    fractary_error *error;
} listing;

static const char *kind_of(mode_t mode)
{
    return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "folder" : S_ISLNK(mode) ? "link" : "other";
}

static fr_json *entry_object(const char *name, const struct stat *info)
{
    char modified[48];
    fr_json *entry = fr_json_object();

    snprintf(modified, sizeof modified, "%lld%09ld", (long long)info->st_mtim.tv_sec,
             info->st_mtim.tv_nsec);
    fr_json_set_string(entry, "name", name);
    fr_json_set_string(entry, "kind", kind_of(info->st_mode));
    fr_json_set_int(entry, "size", info->st_size);
    fr_json_set_string(entry, "modified", modified);
    return entry;
}

/* An entry that went meanwhile is left out. */
static int32_t list_entry(void *context, const char *name, unsigned char kind)
{
    const listing *l = context;
    struct stat info;
    fr_buf text = {0};
    char *path = fr_path_join(l->folder, name);
    const int known = path != NULL && lstat(path, &info) == 0;

    (void)kind;
    free(path);
    if (path == NULL)
        return fr_error_nomem(l->error);
    if (!known)
        return FRACTARY_OK;
    fr_json *entry = entry_object(name, &info);
    const int32_t status = fr_json_print(entry, &text) == FRACTARY_OK
                               ? fr_service_answer(l->out, fr_buf_text(&text), l->error)
                               : fr_error_nomem(l->error);
    fr_buf_finish(&text);
    fr_json_free(entry);
    return status;
}

static int32_t list_folder(const fractary_files *self, const char *folder, const fractary_sink *out,
                           fractary_error *error)
{
    char *full = NULL;

    if (out == NULL || out->emit == NULL)
        return no_sink(error);
    int32_t status = fr_files_roots_read(roots_of(self), folder, &full, error);
    if (status == FRACTARY_OK) {
        listing l = {.folder = full, .out = out, .error = error};
        status = fr_file_list(full, LIST_LIMIT, list_entry, &l, error);
    }
    free(full);
    return status;
}

/* -------------------------------------------------------------------- write */

static int32_t check_data(const char *data, uint64_t length, fractary_error *error)
{
    if (data != NULL || length == 0)
        return FRACTARY_OK;
    return fr_error_set(error, FRACTARY_E_INVALID, "there is nothing to write");
}

static int32_t write_file(const fractary_files *self, const char *path, const char *data,
                          uint64_t length, fractary_error *error)
{
    char *full = NULL;
    int32_t status = check_data(data, length, error);

    if (status == FRACTARY_OK)
        status = fr_files_roots_write(roots_of(self), path, 0, &full, error);
    if (status == FRACTARY_OK)
        status = fr_file_write(full, data, (size_t)length, FILE_MODE, error);
    free(full);
    return status;
}

static int32_t append_file(const fractary_files *self, const char *path, const char *data,
                           uint64_t length, fractary_error *error)
{
    char *full = NULL;
    int32_t status = check_data(data, length, error);

    if (status == FRACTARY_OK)
        status = fr_files_roots_write(roots_of(self), path, 1, &full, error);
    if (status == FRACTARY_OK)
        status = fr_file_append(full, data, (size_t)length, FILE_MODE, error);
    free(full);
    return status;
}

static void destroy(void *context)
{
    files_service *service = context;

    fr_files_roots_finish(&service->roots);
    free(service);
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    files_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_files){sizeof service->table, service,    read_file,
                                      list_folder,           write_file, append_file};
    const int32_t status = fr_files_roots_init(&service->roots, context, guest, error);
    if (status != FRACTARY_OK) {
        destroy(service);
        return status;
    }
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_files_service = {FRACTARY_FILES_1, NULL, create, destroy};
