#include "base/file.h"

#include "base/file_error.h"
#include "base/path.h"
#include "base/time.h"
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FOLDER_MODE 0755
#define LARGE       (4u << 20)
#define LOCK_WAIT   (10 * FR_SECOND)

int fr_file_exists(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0;
}

int fr_file_is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* ------------------------------------------------------------------ reading */

static int32_t refuse_large(const char *path, size_t limit, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_LIMIT, "%s is too large to be read", path);
    fr_error_cause(error, "at most %zu bytes are allowed there", limit);
    fr_error_place(error, "%s", path);
    return FRACTARY_E_LIMIT;
}

/* *size is what the file is said to hold. */
static int32_t check_regular(int descriptor, const char *path, size_t limit, size_t *size,
                             fractary_error *error)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0)
        return fr_file_error(error, "read", path, errno);
    if (!S_ISREG(status.st_mode)) {
        fr_error_set(error, FRACTARY_E_IO, "cannot read %s", path);
        fr_error_cause(error, "it is %s, not a regular file",
                       S_ISDIR(status.st_mode) ? "a folder" : "a device or a pipe");
        fr_error_place(error, "%s", path);
        return FRACTARY_E_IO;
    }
    if ((uint64_t)status.st_size > limit)
        return refuse_large(path, limit, error);
    *size = (size_t)status.st_size;
    return FRACTARY_OK;
}

/* A page fault for every four kilobytes is a tenth of the time that a registry
 * of ten thousand resources takes. Without large pages small ones do. */
static void prefer_large_pages(const fr_buf *buf)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t before = (size_t)(-(uintptr_t)buf->data & (page - 1));

    if (buf->capacity >= LARGE)
        madvise(buf->data + before, (buf->capacity - before) & ~(page - 1), MADV_HUGEPAGE);
}

/* Reads to the end. The size makes room and is not believed: the file may
 * grow, and those in /proc say 0. */
static int32_t read_to_end(int descriptor, const char *path, size_t size, size_t limit, fr_buf *out,
                           fractary_error *error)
{
    const size_t before = out->length;

    fr_buf_reserve(out, size + 1);
    prefer_large_pages(out);
    for (;;) {
        if (fr_buf_reserve(out, 1) != FRACTARY_OK)
            return fr_error_nomem(error);
        const ssize_t got =
            read(descriptor, out->data + out->length, out->capacity - out->length - 1);
        if (got == 0)
            return FRACTARY_OK;
        if (got < 0 && errno != EINTR)
            return fr_file_error(error, "read", path, errno);
        if (got < 0)
            continue;
        out->length += (size_t)got;
        out->data[out->length] = '\0';
        if (out->length - before > limit)
            return refuse_large(path, limit, error);
    }
}

int32_t fr_file_read(const char *path, size_t limit, fr_buf *out, fractary_error *error)
{
    /* O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const size_t before = out->length;
    size_t size = 0;

    if (descriptor < 0)
        return fr_file_error(error, "read", path, errno);
    int32_t status = check_regular(descriptor, path, limit, &size, error);
    if (status == FRACTARY_OK)
        status = read_to_end(descriptor, path, size, limit, out, error);
    close(descriptor);
    if (status != FRACTARY_OK && out->data != NULL && !out->failed) {
        out->length = before;
        out->data[before] = '\0';
    }
    return status;
}

/* ------------------------------------------------------------------ writing */

int32_t fr_file_write_all(int descriptor, const void *data, size_t length)
{
    const char *at = data;

    while (length > 0) {
        const ssize_t written = write(descriptor, at, length);
        if (written < 0 && errno != EINTR)
            return FRACTARY_E_IO;
        if (written > 0) {
            at += written;
            length -= (size_t)written;
        }
    }
    return FRACTARY_OK;
}

static int32_t make_parent(const char *path, fractary_error *error)
{
    char *folder = fr_path_parent(path);

    if (folder == NULL)
        return fr_error_nomem(error);
    const int32_t status =
        fr_file_is_folder(folder) ? FRACTARY_OK : fr_file_make_folders(folder, FOLDER_MODE, error);
    free(folder);
    return status;
}

/* The name is short and of its own, because the target's may already be as
 * long as a name can be. */
static char *temporary_name(const char *path)
{
    char *folder = fr_path_parent(path);
    char *name = folder != NULL ? fr_path_join(folder, ".fractary-XXXXXX") : NULL;

    free(folder);
    return name;
}

/* 0, or the errno of what failed. */
static int fill(int descriptor, const void *data, size_t length, mode_t mode)
{
    if (fchmod(descriptor, mode) != 0 ||
        fr_file_write_all(descriptor, data, length) != FRACTARY_OK || fsync(descriptor) != 0)
        return errno;
    return 0;
}

/* A rename lasts through a power cut only when its folder was synced, too.
 * File systems that cannot do that say EINVAL, which is no fault. */
static int sync_parent(const char *path)
{
    char *folder = fr_path_parent(path);
    int number = ENOMEM;

    if (folder == NULL)
        return number;
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    number = descriptor < 0 ? errno : 0;
    if (descriptor >= 0) {
        if (fsync(descriptor) != 0 && errno != EINVAL)
            number = errno;
        close(descriptor);
    }
    free(folder);
    return number;
}

/* Writes `temporary`, which it makes, and moves it to `path`. 0 or an errno. */
static int replace(char *temporary, const char *path, const void *data, size_t length, mode_t mode)
{
    const int descriptor = mkostemp(temporary, O_CLOEXEC);

    if (descriptor < 0)
        return errno;
    int number = fill(descriptor, data, length, mode);
    if (close(descriptor) != 0 && number == 0)
        number = errno;
    if (number == 0 && rename(temporary, path) != 0)
        number = errno;
    if (number != 0)
        unlink(temporary);
    return number;
}

int32_t fr_file_write(const char *path, const void *data, size_t length, mode_t mode,
                      fractary_error *error)
{
    const int32_t status = make_parent(path, error);

    if (status != FRACTARY_OK)
        return status;
    char *temporary = temporary_name(path);
    if (temporary == NULL)
        return fr_error_nomem(error);
    int number = replace(temporary, path, data, length, mode);
    free(temporary);
    if (number == 0)
        number = sync_parent(path);
    return number == 0 ? FRACTARY_OK : fr_file_error(error, "write", path, number);
}

/* ---------------------------------------------------------------- appending */

/* Tries again and again instead of waiting in the kernel, so that a holder
 * that hangs does not hang us. */
static int32_t lock(int descriptor, const char *path, fractary_error *error)
{
    const uint64_t deadline = fr_time_monotonic() + LOCK_WAIT;
    const struct timespec pause = {0, 2000000};

    while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fr_file_error(error, "lock", path, errno);
        if (fr_time_monotonic() >= deadline) {
            fr_error_set(error, FRACTARY_E_BUSY, "cannot append to %s", path);
            fr_error_cause(error, "another process has held its lock for ten seconds");
            fr_error_advice(error, "find that process (fuser %s), end it and try again", path);
            fr_error_place(error, "%s", path);
            return FRACTARY_E_BUSY;
        }
        nanosleep(&pause, NULL);
    }
    return FRACTARY_OK;
}

/* Non-zero when the file ends in a line that has no end. */
static int ends_open(int descriptor, off_t size)
{
    char last = '\n';

    return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
}

/* One writev for the line feed and the text. 0 or an errno. */
static int write_line(int descriptor, int line_feed, const void *data, size_t length)
{
    char end[] = "\n";
    /* writev reads only; iovec has no const. */
    struct iovec parts[] = {{end, line_feed ? 1 : 0}, {(void *)(uintptr_t)data, length}};
    const size_t total = length + parts[0].iov_len;
    ssize_t written;

    do {
        written = writev(descriptor, parts, 2);
    } while (written < 0 && errno == EINTR);
    if (written < 0)
        return errno;
    if ((size_t)written < parts[0].iov_len)
        return ENOSPC;
    const size_t done = (size_t)written - parts[0].iov_len;
    if ((size_t)written < total &&
        fr_file_write_all(descriptor, (const char *)data + done, length - done) != FRACTARY_OK)
        return errno;
    return 0;
}

/* Under the lock. 0 or an errno; on failure the file is as it was. */
static int append_locked(int descriptor, const void *data, size_t length)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0)
        return errno;
    int number = write_line(descriptor, ends_open(descriptor, status.st_size), data, length);
    if (number == 0 && fsync(descriptor) != 0)
        number = errno;
    if (number != 0 && S_ISREG(status.st_mode) && ftruncate(descriptor, status.st_size) != 0)
        number = errno;
    return number;
}

int32_t fr_file_append(const char *path, const void *data, size_t length, mode_t mode,
                       fractary_error *error)
{
    int32_t status = make_parent(path, error);

    if (status != FRACTARY_OK)
        return status;
    const int descriptor =
        open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, mode);
    if (descriptor < 0)
        return fr_file_error(error, "append to", path, errno);
    status = lock(descriptor, path, error);
    if (status == FRACTARY_OK) {
        const int number = append_locked(descriptor, data, length);
        if (number != 0)
            status = fr_file_error(error, "append to", path, number);
    }
    /* Gives the lock back. What fsync has stored, no close can lose. */
    close(descriptor);
    return status;
}
