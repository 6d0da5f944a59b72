#include "base/file_error.h"

#include <errno.h>
#include <string.h>

static const struct known {
    int number;
    int32_t status;
    const char *advice; /* NULL: none that would help */
} known[] = {
    {ENOENT, FRACTARY_E_NOTFOUND, NULL},
    {ENOTDIR, FRACTARY_E_NOTFOUND, "a part of the path is a file where a folder is needed"},
    {ENOMEM, FRACTARY_E_NOMEM, NULL},
    {EACCES, FRACTARY_E_IO, "check the owner and the permissions of the file and its folders"},
    {EPERM, FRACTARY_E_IO, "check the owner and the permissions of the file and its folders"},
    {ENOSPC, FRACTARY_E_IO, "free some space on the disk, then try again"},
    {EDQUOT, FRACTARY_E_IO, "free some space in your quota, then try again"},
    {EFBIG, FRACTARY_E_IO, "raise the limit on the size of a file (ulimit -f), then try again"},
    {EROFS, FRACTARY_E_IO, "the file system is mounted read-only: choose another folder"},
    {EMFILE, FRACTARY_E_IO, "raise the limit on open files (ulimit -n), then try again"},
    {ELOOP, FRACTARY_E_IO, "look for symbolic links that lead in a circle"},
};

int32_t fr_file_error(fractary_error *error, const char *action, const char *path, int number)
{
    const struct known *found = NULL;

    for (size_t i = 0; i < sizeof known / sizeof *known && found == NULL; i++) {
        if (known[i].number == number)
            found = &known[i];
    }
    const int32_t status = found != NULL ? found->status : FRACTARY_E_IO;
    fr_error_set(error, status, "cannot %s %s", action, path);
    fr_error_cause(error, "%s", strerror(number));
    if (found != NULL && found->advice != NULL)
        fr_error_advice(error, "%s", found->advice);
    fr_error_place(error, "%s", path);
    return status;
}
