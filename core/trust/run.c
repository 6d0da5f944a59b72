#include "trust/run.h"

#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/hash.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"

#define MAX_SEALED 8
#define SEALED_LIMIT (512u * 1024 * 1024)
#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

typedef struct sealed {
    char *name;
    int descriptor;
    char sha256[FR_SHA256_HEX];
} sealed;

struct fr_run {
    char id[FR_RUN_ID_MAX];
    char *kept;    /* runs/<id>, or NULL: nothing stays behind */
    int kept_made;
    char *scratch; /* NULL until it was made                   */
    sealed sealed[MAX_SEALED];
    size_t sealed_count;
    char *mark; /* path of the mark that it changes something, or NULL */
    int mark_descriptor;
};

/* Time first, so that a listing is in order; random behind, so that two runs
 * of one second differ. */
static int32_t make_id(char id[FR_RUN_ID_MAX], fractary_error *error)
{
    uint8_t random[3];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return fr_error_set(error, FRACTARY_E_FAILED, "no random bytes for the run's id");
    time_t now = time(NULL);
    struct tm utc;
    if (!gmtime_r(&now, &utc) || !strftime(id, FR_RUN_ID_MAX, "%Y%m%dT%H%M%SZ-", &utc))
        return fr_error_set(error, FRACTARY_E_FAILED, "the clock cannot be read");
    fr_hex(random, sizeof random, id + strlen(id));
    return FRACTARY_OK;
}

int32_t fr_run_create(const char *folder, fr_run **out, fractary_error *error)
{
    fr_run *run = calloc(1, sizeof *run);
    if (!run)
        return fr_error_nomem(error);
    int32_t status = make_id(run->id, error);
    if (status == FRACTARY_OK && folder) {
        run->kept = fr_str_format("%s/runs/%s", folder, run->id);
        if (!run->kept)
            status = fr_error_nomem(error);
    }
    if (status != FRACTARY_OK) {
        fr_run_destroy(run);
        return status;
    }
    *out = run;
    return FRACTARY_OK;
}

/* Before its lock is given back: nobody is to find it without an owner. */
static void remove_mark(fr_run *run)
{
    if (!run->mark)
        return;
    unlink(run->mark);
    close(run->mark_descriptor);
    free(run->mark);
}

void fr_run_destroy(fr_run *run)
{
    if (!run)
        return;
    remove_mark(run);
    for (size_t i = 0; i < run->sealed_count; i++) {
        close(run->sealed[i].descriptor);
        free(run->sealed[i].name);
    }
    if (run->scratch)
        fr_file_remove_tree(run->scratch, NULL);
    free(run->scratch);
    free(run->kept);
    free(run);
}

int32_t fr_run_begin_change(fr_run *run, const fr_unfinished *what, fractary_error *error)
{
    if (!run->kept || run->mark)
        return FRACTARY_OK;
    const char *folder = fr_run_folder(run, error);
    if (!folder)
        return FRACTARY_E_IO;
    char *path = fr_str_format("%s/" FR_UNFINISHED_FILE, folder);
    if (!path)
        return fr_error_nomem(error);
    int32_t status = fr_unfinished_begin(folder, what, &run->mark_descriptor, error);
    if (status == FRACTARY_OK)
        run->mark = path;
    else
        free(path);
    return status;
}

const char *fr_run_id(const fr_run *run)
{
    return run->id;
}

const char *fr_run_folder(fr_run *run, fractary_error *error)
{
    if (!run->kept)
        return fr_run_scratch(run, error);
    if (!run->kept_made) {
        if (fr_file_make_folders(run->kept, 0700, error) != FRACTARY_OK)
            return NULL;
        run->kept_made = 1;
    }
    return run->kept;
}

/* A plan holds secrets in clear: memory first, a disk where there is none. */
static char *make_scratch(const char *base)
{
    if (!base || base[0] != '/')
        return NULL;
    char *folder = fr_str_format("%s/fractary-XXXXXX", base);
    if (folder && !mkdtemp(folder)) {
        free(folder);
        folder = NULL;
    }
    return folder;
}

const char *fr_run_scratch(fr_run *run, fractary_error *error)
{
    const char *const bases[] = {secure_getenv("XDG_RUNTIME_DIR"), secure_getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; !run->scratch && i < sizeof bases / sizeof *bases; i++)
        run->scratch = make_scratch(bases[i]);
    if (!run->scratch) {
        fr_error_set(error, FRACTARY_E_IO, "no private folder for the run can be made");
        fr_error_cause(error, "%s: %s", bases[2], strerror(errno));
        fr_error_advice(error, "Set TMPDIR to a folder that you can write to.");
    }
    return run->scratch;
}

static int32_t open_plan(const char *path, int *descriptor, fractary_error *error)
{
    *descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat info;
    if (*descriptor < 0 || fstat(*descriptor, &info) != 0) {
        fr_error_set(error, FRACTARY_E_IO, "%s cannot be read", path);
        return fr_error_cause(error, "%s", strerror(errno));
    }
    if (!S_ISREG(info.st_mode) || info.st_size > (off_t)SEALED_LIMIT)
        return fr_error_set(error, FRACTARY_E_LIMIT,
                            "%s is not a regular file of at most 512 MiB", path);
    /* The file was made empty for whoever was to write it. */
    if (info.st_size == 0)
        return fr_error_set(error, FRACTARY_E_NOTFOUND, "nothing was written to %s", path);
    return FRACTARY_OK;
}

static int32_t copy_all(int from, int to)
{
    static const size_t piece = 64 * 1024;
    char *buffer = malloc(piece);
    if (!buffer)
        return FRACTARY_E_NOMEM;
    int32_t status = FRACTARY_OK;
    for (;;) {
        ssize_t got = read(from, buffer, piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            status = got < 0 ? FRACTARY_E_IO : FRACTARY_OK;
            break;
        }
        status = fr_file_write_all(to, buffer, (size_t)got);
        if (status != FRACTARY_OK)
            break;
    }
    fr_wipe(buffer, piece);
    free(buffer);
    return status;
}

/* Copies, seals, and only then hashes: the hash is of what cannot change. */
static int32_t seal_descriptor(int from, const char *name, sealed *out, fractary_error *error)
{
    out->descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (out->descriptor >= 0 && fchmod(out->descriptor, 0400) == 0 &&
        copy_all(from, out->descriptor) == FRACTARY_OK &&
        fcntl(out->descriptor, F_ADD_SEALS, ALL_SEALS) == 0 &&
        lseek(out->descriptor, 0, SEEK_SET) == 0 &&
        fr_sha256_descriptor(out->descriptor, out->sha256) == FRACTARY_OK)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_IO, "%s cannot be sealed in memory", name);
    fr_error_cause(error, "%s", strerror(errno));
    if (out->descriptor >= 0)
        close(out->descriptor);
    return FRACTARY_E_IO;
}

static sealed *find_sealed(fr_run *run, const char *name)
{
    for (size_t i = 0; i < run->sealed_count; i++)
        if (fr_str_equal(run->sealed[i].name, name))
            return &run->sealed[i];
    return NULL;
}

static int32_t keep_sealed(fr_run *run, const char *name, sealed made, fractary_error *error)
{
    sealed *old = find_sealed(run, name);
    if (old) {
        close(old->descriptor);
        made.name = old->name;
        *old = made;
        return FRACTARY_OK;
    }
    made.name = fr_str_dup(name);
    if (!made.name || run->sealed_count == MAX_SEALED) {
        close(made.descriptor);
        free(made.name);
        return fr_error_set(error, FRACTARY_E_LIMIT, "a run seals at most %d files", MAX_SEALED);
    }
    run->sealed[run->sealed_count++] = made;
    return FRACTARY_OK;
}

int32_t fr_run_seal(fr_run *run, const char *name, const char *path, char sha256[65],
                    fractary_error *error)
{
    if (!fr_path_is_component(name))
        return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" cannot name a sealed file", name);
    if (!run->scratch || !fr_path_really_below(run->scratch, path))
        return fr_error_set(error, FRACTARY_E_REFUSED,
                            "%s is not a file in the run's private folder", path);
    int from = -1;
    sealed made = {.descriptor = -1};
    int32_t status = open_plan(path, &from, error);
    if (status == FRACTARY_OK)
        status = seal_descriptor(from, name, &made, error);
    if (from >= 0)
        close(from);
    if (status != FRACTARY_OK)
        return status;
    if (unlink(path) != 0) {
        close(made.descriptor);
        return fr_error_set(error, FRACTARY_E_IO, "%s cannot be removed", path);
    }
    memcpy(sha256, made.sha256, FR_SHA256_HEX);
    return keep_sealed(run, name, made, error);
}

int fr_run_sealed(const fr_run *run, const char *name, const char **sha256)
{
    for (size_t i = 0; i < run->sealed_count; i++) {
        if (!fr_str_equal(run->sealed[i].name, name))
            continue;
        if (sha256)
            *sha256 = run->sealed[i].sha256;
        return run->sealed[i].descriptor;
    }
    return -1;
}
