#include "base/file.h"

#include "base/file_error.h"
#include "base/path.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each level of a tree that is removed holds a descriptor open. */
#define DEEPEST 128

static int is_dots(const char *name)
{
    return fr_str_equal(name, ".") || fr_str_equal(name, "..");
}

/* ------------------------------------------------------------------- making */

static int32_t make_folder(const char *path, mode_t mode, fractary_error *error)
{
    if (mkdir(path, mode) == 0)
        return FRACTARY_OK;
    const int number = errno;
    if (fr_file_is_folder(path))
        return FRACTARY_OK;
    return fr_file_error(error, "make the folder", path, number == EEXIST ? ENOTDIR : number);
}

/* Makes each part in turn; `path` is a copy that may be cut. */
static int32_t make_parts(char *path, mode_t mode, fractary_error *error)
{
    int32_t status = FRACTARY_OK;
    char *at = path + strspn(path, "/");

    while (*at != '\0' && status == FRACTARY_OK) {
        at += strcspn(at, "/");
        const char slash = *at;
        *at = '\0';
        status = make_folder(path, mode, error);
        *at = slash;
        at += strspn(at, "/");
    }
    return status;
}

int32_t fr_file_make_folders(const char *path, mode_t mode, fractary_error *error)
{
    char *copy = fr_str_dup(path);

    if (copy == NULL)
        return fr_error_nomem(error);
    const int32_t status = make_parts(copy, mode, error);
    free(copy);
    return status;
}

/* ----------------------------------------------------------------- removing */

struct removal {
    dev_t device; /* of the tree's top: nothing of another one is touched */
    unsigned depth;
    const char *path; /* of the tree's top, for what is said */
    fractary_error *error;
};

static int32_t remove_entry(struct removal *removal, int folder, const char *name);

static int32_t refuse_removal(const struct removal *removal, const char *name, int number)
{
    const int32_t status = fr_file_error(removal->error, "remove", removal->path, number);

    fr_error_cause(removal->error, "%s: %s", name, strerror(number));
    return status;
}

static int32_t refuse_entry(const struct removal *removal, int32_t status, const char *name,
                            const char *cause)
{
    fr_error_set(removal->error, status, "cannot remove %s", removal->path);
    fr_error_cause(removal->error, "%s: %s", name, cause);
    fr_error_place(removal->error, "%s", removal->path);
    return status;
}

static int32_t remove_content(struct removal *removal, DIR *stream, const char *name)
{
    int32_t status = FRACTARY_OK;

    while (status == FRACTARY_OK) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL)
            return errno == 0 ? FRACTARY_OK : refuse_removal(removal, name, errno);
        if (!is_dots(entry->d_name))
            status = remove_entry(removal, dirfd(stream), entry->d_name);
    }
    return status;
}

/* Empties the folder behind `descriptor`, which it closes. */
static int32_t empty_folder(struct removal *removal, int descriptor, const char *name)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0 || status.st_dev != removal->device) {
        close(descriptor);
        return refuse_entry(removal, FRACTARY_E_IO, name, "another file system is mounted there");
    }
    DIR *stream = fdopendir(descriptor);
    if (stream == NULL) {
        const int number = errno;
        close(descriptor);
        return refuse_removal(removal, name, number);
    }
    const int32_t result = remove_content(removal, stream, name);
    closedir(stream);
    return result;
}

static int32_t remove_folder(struct removal *removal, int folder, const char *name)
{
    if (removal->depth >= DEEPEST)
        return refuse_entry(removal, FRACTARY_E_LIMIT, name, "more than 128 folders deep");
    const int descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return refuse_removal(removal, name, errno);
    removal->depth++;
    const int32_t status = empty_folder(removal, descriptor, name);
    removal->depth--;
    if (status != FRACTARY_OK)
        return status;
    if (unlinkat(folder, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
        return refuse_removal(removal, name, errno);
    return FRACTARY_OK;
}

/* Removes a file, a link (not what it names) or a whole folder. */
static int32_t remove_entry(struct removal *removal, int folder, const char *name)
{
    struct stat status;

    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? FRACTARY_OK : refuse_removal(removal, name, errno);
    if (S_ISDIR(status.st_mode))
        return remove_folder(removal, folder, name);
    if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
        return refuse_removal(removal, name, errno);
    return FRACTARY_OK;
}

/* `parent` and `name` are the two halves of the path. */
static int32_t remove_top(struct removal *removal, const char *parent, const char *name)
{
    struct stat status;
    int32_t result = FRACTARY_OK;
    const int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return errno == ENOENT ? FRACTARY_OK : refuse_removal(removal, parent, errno);
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        removal->device = status.st_dev;
        result = remove_entry(removal, folder, name);
    } else if (errno != ENOENT) {
        result = refuse_removal(removal, name, errno);
    }
    close(folder);
    return result;
}

int32_t fr_file_remove_tree(const char *path, fractary_error *error)
{
    size_t length = strlen(path);
    struct removal removal = {.path = path, .error = error};

    while (length > 1 && path[length - 1] == '/')
        length--; /* a slash at the end would follow a link */
    char *trimmed = fr_str_ndup(path, length);
    char *parent = trimmed != NULL ? fr_path_parent(trimmed) : NULL;
    const char *name = trimmed != NULL ? fr_path_name(trimmed) : "";
    int32_t status;
    if (parent == NULL)
        status = fr_error_nomem(error);
    else if (*name == '\0' || is_dots(name))
        status = refuse_entry(&removal, FRACTARY_E_INVALID, path, "names no folder that may go");
    else
        status = remove_top(&removal, parent, name);
    free(parent);
    free(trimmed);
    return status;
}

/* ------------------------------------------------------------------ listing */

struct entry {
    unsigned char kind;
    char name[];
};

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

/* Some file systems do not say it in the folder itself. */
static unsigned char kind_of(DIR *stream, const struct dirent *entry)
{
    struct stat status;

    if (entry->d_type != DT_UNKNOWN ||
        fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return entry->d_type;
    return (unsigned char)IFTODT(status.st_mode);
}

static int32_t collect_entry(DIR *stream, const struct dirent *found, fr_vec *entries)
{
    const size_t size = strlen(found->d_name) + 1;
    struct entry *entry = malloc(sizeof *entry + size);

    if (entry == NULL)
        return FRACTARY_E_NOMEM;
    entry->kind = kind_of(stream, found);
    memcpy(entry->name, found->d_name, size);
    if (fr_vec_push(entries, entry) == FRACTARY_OK)
        return FRACTARY_OK;
    free(entry);
    return FRACTARY_E_NOMEM;
}

static int32_t collect(DIR *stream, const char *folder, size_t limit, fr_vec *entries,
                       fractary_error *error)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL)
            return errno == 0 ? FRACTARY_OK : fr_file_error(error, "list", folder, errno);
        if (is_dots(entry->d_name))
            continue;
        if (entries->count == limit) {
            fr_error_set(error, FRACTARY_E_LIMIT, "%s has too many entries", folder);
            fr_error_cause(error, "at most %zu are allowed there", limit);
            fr_error_place(error, "%s", folder);
            return FRACTARY_E_LIMIT;
        }
        if (collect_entry(stream, entry, entries) != FRACTARY_OK)
            return fr_error_nomem(error);
    }
}

int32_t fr_file_list(const char *folder, size_t limit,
                     int32_t (*visit)(void *context, const char *name, unsigned char kind),
                     void *context, fractary_error *error)
{
    fr_vec entries = {0};
    DIR *stream = opendir(folder);

    if (stream == NULL)
        return fr_file_error(error, "list", folder, errno);
    int32_t status = collect(stream, folder, limit, &entries, error);
    closedir(stream);
    fr_vec_sort(&entries, compare_entries);
    for (size_t i = 0; i < entries.count && status == FRACTARY_OK; i++) {
        const struct entry *entry = entries.items[i];
        status = visit(context, entry->name, entry->kind);
    }
    fr_vec_finish(&entries, free);
    return status;
}
