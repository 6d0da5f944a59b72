/* files/1 and run/1 on real folders. */
#include "fakehost_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/hash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ------------------------------------------------------------------- paths */

static int lies_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* "~/x", "{project}/x", "{data}/x", absolute paths, and "$NAME" of a manifest;
 * the caller frees it. */
static char *absolute(const fr_fakehost *host, const char *path)
{
    if (*path == '$') {
        const char *value = fr_json_get_string(host->environ, path + 1);
        return fr_str_dup(value != NULL ? value : "$");
    }
    static const char *const prefixes[][2] = {
        {"~", "home"}, {"{project}", "project"}, {"{data}", "data"}};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (lies_below(path, prefixes[i][0]))
            return fr_str_format("%s%s", fr_fakehost_folder(host, prefixes[i][1]),
                                 path + strlen(prefixes[i][0]));
    return fr_str_dup(path);
}

/* Is the absolute path below a root that the manifest names? */
static int is_named(const fr_fakehost *host, const char *path)
{
    if (strstr(path, "/../") != NULL || fr_str_ends(path, "/.."))
        return 0;
    if (host->manifest == NULL)
        return lies_below(path, host->root);
    const fr_json *list = fr_json_get(host->manifest, "files");
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        char *root = absolute(host, fr_json_string(e));
        ck_assert_ptr_nonnull(root);
        int below = lies_below(path, root);
        free(root);
        if (below)
            return 1;
    }
    return 0;
}

static int32_t resolve(const fractary_files *self, const char *path, char **out,
                       fractary_error *error)
{
    const fr_fakehost *host = self->context;
    fr_fake_check_error(error);
    ck_assert_ptr_nonnull(path);
    *out = absolute(host, path);
    ck_assert_ptr_nonnull(*out);
    if (**out == '/' && is_named(host, *out))
        return FRACTARY_OK;
    free(*out);
    *out = NULL;
    return fr_error_set(error, FRACTARY_E_REFUSED, "%s is outside the folders of the manifest",
                        path);
}

static int32_t io_error(fractary_error *error, const char *what, const char *path)
{
    int32_t status = errno == ENOENT || errno == ENOTDIR ? FRACTARY_E_NOTFOUND : FRACTARY_E_IO;
    return fr_error_set(error, status, "cannot %s %s: %s", what, path, strerror(errno));
}

/* ----------------------------------------------------------------- reading */

static int32_t pour(int descriptor, uint64_t limit, const fractary_sink *out, const char *path,
                    fractary_error *error)
{
    char piece[65536];
    uint64_t total = 0;
    for (ssize_t got; (got = read(descriptor, piece, sizeof piece)) != 0;) {
        if (got < 0)
            return io_error(error, "read", path);
        total += (uint64_t)got;
        if (total > limit)
            return fr_error_set(error, FRACTARY_E_LIMIT, "%s is larger than %llu bytes", path,
                                (unsigned long long)limit);
        int32_t status = out->emit(out->context, piece, (uint64_t)got);
        if (status != FRACTARY_OK)
            return status;
    }
    return FRACTARY_OK;
}

static int32_t files_read(const fractary_files *self, const char *path, uint64_t limit,
                          const fractary_sink *out, fractary_error *error)
{
    char *full = NULL;
    fr_fake_check_sink(out);
    int32_t status = resolve(self, path, &full, error);
    if (status != FRACTARY_OK)
        return status;
    ck_assert_ptr_nonnull(full);
    struct stat info;
    int descriptor = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &info) != 0)
        status = io_error(error, "read", full);
    else if (!S_ISREG(info.st_mode))
        status = fr_error_set(error, FRACTARY_E_IO, "%s is not a regular file", full);
    else
        status = pour(descriptor, limit, out, full, error);
    if (descriptor >= 0)
        close(descriptor);
    free(full);
    return status;
}

static const char *kind_of(mode_t mode)
{
    return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "folder" : S_ISLNK(mode) ? "link" : "other";
}

static int32_t list_entry(const char *folder, const char *name, const fractary_sink *out)
{
    struct stat info;
    char *path = fr_str_format("%s/%s", folder, name);
    int known = lstat(path, &info) == 0;
    free(path);
    if (!known)
        return FRACTARY_OK;
    char modified[32];
    snprintf(modified, sizeof modified, "%lld",
             (long long)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec);
    fr_json *entry = fr_json_object();
    fr_json_set_string(entry, "name", name);
    fr_json_set_string(entry, "kind", kind_of(info.st_mode));
    fr_json_set_int(entry, "size", info.st_size);
    fr_json_set_string(entry, "modified", modified);
    fr_buf text = {0};
    ck_assert_int_eq(fr_json_print(entry, &text), FRACTARY_OK);
    int32_t status = fr_fake_emit(out, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(entry);
    return status;
}

static int32_t files_list(const fractary_files *self, const char *folder, const fractary_sink *out,
                          fractary_error *error)
{
    char *full = NULL;
    int32_t status = resolve(self, folder, &full, error);
    if (status != FRACTARY_OK)
        return status;
    ck_assert_ptr_nonnull(full);
    DIR *handle = opendir(full);
    if (handle == NULL)
        status = io_error(error, "list", full);
    for (struct dirent *e; handle != NULL && status == FRACTARY_OK && (e = readdir(handle));)
        if (!fr_str_equal(e->d_name, ".") && !fr_str_equal(e->d_name, ".."))
            status = list_entry(full, e->d_name, out);
    if (handle != NULL)
        closedir(handle);
    free(full);
    return status;
}

/* ----------------------------------------------------------------- writing */

/* {project} is read-only. */
static int32_t resolve_for_writing(const fractary_files *self, const char *path, char **out,
                                   fractary_error *error)
{
    const fr_fakehost *host = self->context;
    int32_t status = resolve(self, path, out, error);
    ck_assert(status != FRACTARY_OK || *out != NULL);
    if (status != FRACTARY_OK || !lies_below(*out, host->folders[0]))
        return status;
    free(*out);
    *out = NULL;
    return fr_error_set(error, FRACTARY_E_REFUSED, "%s: the project is read-only", path);
}

static int32_t put(const fractary_files *self, const char *path, int flags, const char *data,
                   uint64_t length, fractary_error *error)
{
    char *full = NULL;
    int32_t status = resolve_for_writing(self, path, &full, error);
    if (status != FRACTARY_OK)
        return status;
    ck_assert_ptr_nonnull(full);
    int descriptor = open(full, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    if (descriptor < 0 || write(descriptor, data, (size_t)length) != (ssize_t)length)
        status = io_error(error, "write", full);
    if (descriptor >= 0)
        close(descriptor);
    free(full);
    return status;
}

static int32_t files_write(const fractary_files *self, const char *path, const char *data,
                           uint64_t length, fractary_error *error)
{
    return put(self, path, O_TRUNC, data, length, error);
}

static int32_t files_append(const fractary_files *self, const char *path, const char *data,
                            uint64_t length, fractary_error *error)
{
    return put(self, path, O_APPEND, data, length, error);
}

void fr_fake_files_init(fr_fakehost *host)
{
    host->files = (fractary_files){
        sizeof(fractary_files), host, files_read, files_list, files_write, files_append};
}

/* --------------------------------------------------------------------- run */

static int32_t run_scratch(const fractary_run *self, const fractary_call *call, const char *name,
                           const fractary_sink *out, fractary_error *error)
{
    const fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    fr_fake_check_error(error);
    ck_assert_msg(name != NULL && *name != '\0' && strchr(name, '/') == NULL && *name != '.',
                  "scratch(\"%s\")", name);
    char *path = fr_str_format("%s/%s", host->folders[2], name);
    int made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int32_t status = made < 0 ? fr_error_set(error, FRACTARY_E_EXISTS, "%s exists", path)
                              : fr_fake_emit(out, path);
    if (made >= 0)
        close(made);
    free(path);
    return status;
}

static int sealed_copy(const char *path, fr_fake_seal *seal)
{
    size_t length = 0;
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    int memory = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ck_assert_int_ge(memory, 0);
    fr_buf text = {0};
    char piece[65536];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0; length += got) {
        ck_assert_int_eq(write(memory, piece, got), (ssize_t)got);
        fr_buf_append(&text, piece, got);
    }
    fclose(file);
    ck_assert_int_eq(
        fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
    ck_assert_int_eq(fr_sha256_hex(fr_buf_text(&text), length, seal->sha256), FRACTARY_OK);
    fr_buf_finish(&text);
    return memory;
}

static fr_fake_seal *slot_for(fr_fakehost *host, const char *name)
{
    for (size_t i = 0; i < host->seal_count; i++)
        if (fr_str_equal(host->seals[i].name, name)) {
            close(host->seals[i].descriptor);
            return &host->seals[i];
        }
    ck_assert_uint_lt(host->seal_count, FR_FAKE_SEALS);
    host->seals[host->seal_count].name = fr_str_dup(name);
    return &host->seals[host->seal_count++];
}

static int32_t run_seal(const fractary_run *self, const fractary_call *call, const char *name,
                        const char *path, char sha256[65], fractary_error *error)
{
    fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    fr_fake_check_error(error);
    ck_assert_msg(lies_below(path, host->folders[2]), "seal: %s is not a scratch file", path);
    struct stat info;
    if (lstat(path, &info) != 0)
        return io_error(error, "seal", path);
    ck_assert_msg(S_ISREG(info.st_mode), "seal: %s is not a file", path);
    if (info.st_size == 0)
        return fr_error_set(error, FRACTARY_E_NOTFOUND, "nothing was written to %s", path);
    ck_assert_msg((info.st_mode & 07777) == 0600, "seal: the mode of %s is not 0600", path);
    fr_fake_seal *seal = slot_for(host, name);
    seal->descriptor = sealed_copy(path, seal);
    memcpy(sha256, seal->sha256, sizeof seal->sha256);
    ck_assert_int_eq(unlink(path), 0);
    return FRACTARY_OK;
}

static int32_t run_data(const fractary_run *self, const fractary_call *call,
                        const fractary_sink *out, fractary_error *error)
{
    const fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    fr_fake_check_error(error);
    ck_assert(mkdir(host->folders[1], 0700) == 0 || errno == EEXIST);
    return fr_fake_emit(out, host->folders[1]);
}

int fr_fakehost_sealed(const fr_fakehost *host, const char *name, const char **sha256)
{
    for (size_t i = 0; i < host->seal_count; i++)
        if (fr_str_equal(host->seals[i].name, name)) {
            if (sha256 != NULL)
                *sha256 = host->seals[i].sha256;
            return host->seals[i].descriptor;
        }
    return -1;
}

void fr_fake_run_init(fr_fakehost *host)
{
    host->run = (fractary_run){sizeof(fractary_run), host, run_scratch, run_seal, run_data};
}

void fr_fake_run_finish(fr_fakehost *host)
{
    for (size_t i = 0; i < host->seal_count; i++) {
        close(host->seals[i].descriptor);
        free(host->seals[i].name);
    }
    host->seal_count = 0;
}
