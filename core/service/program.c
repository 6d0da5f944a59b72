#include "service/program.h"

#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int fr_program_is(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
           faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

char *fr_program_find(const char *name)
{
    const char *path = getenv("PATH");

    while (path != NULL && *path != '\0') {
        const size_t length = strcspn(path, ":");
        char *candidate = *path == '/' ? fr_str_format("%.*s/%s", (int)length, path, name) : NULL;
        if (candidate != NULL && fr_program_is(candidate))
            return candidate;
        free(candidate);
        path += length + (path[length] == ':');
    }
    return NULL;
}
