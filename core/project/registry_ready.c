#include "project/registry_ready.h"

#include "base/file.h"
#include "project/registry_place.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folders on the way to the registry. */
#define FOLDERS 3

static void list_folders(const fr_registry_place *place, char *folders[FOLDERS])
{
    folders[0] = fr_str_dup(place->folder);
    folders[1] = fr_str_format("%s/deployments", place->folder);
    folders[2] = fr_str_format("%s/deployments/%s", place->folder, place->environment);
}

static void free_folders(char *folders[FOLDERS])
{
    for (size_t i = 0; i < FOLDERS; i++)
        free(folders[i]);
}

static int32_t no_folder(const char *path, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "%s is no folder", path);
    fr_error_cause(error, "the registry of an environment belongs into it");
    fr_error_advice(error, "move what is there out of the way");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_CONFIG;
}

static int32_t not_writable(const char *path, int reason, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_IO, "cannot write in %s", path);
    fr_error_cause(error, "%s", strerror(reason));
    fr_error_advice(error, "make the folder writable: what is deployed is recorded there");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_IO;
}

/* *deepest is the last of them that exists, or NULL. */
static int32_t check_folders(char *const folders[FOLDERS], const char **deepest,
                             fractary_error *error)
{
    *deepest = NULL;
    for (size_t i = 0; i < FOLDERS; i++) {
        if (folders[i] == NULL)
            return fr_error_nomem(error);
        if (!fr_file_exists(folders[i]))
            return FRACTARY_OK;
        if (!fr_file_is_folder(folders[i]))
            return no_folder(folders[i], error);
        *deepest = folders[i];
    }
    return FRACTARY_OK;
}

int32_t fr_registry_check_folders(const fr_registry_place *place, fractary_error *error)
{
    char *folders[FOLDERS];
    const char *deepest;

    list_folders(place, folders);
    const int32_t status = check_folders(folders, &deepest, error);
    free_folders(folders);
    return status;
}

static int32_t check_writable(const fr_registry_place *place, fractary_error *error)
{
    char *folders[FOLDERS];
    const char *deepest;

    list_folders(place, folders);
    int32_t status = check_folders(folders, &deepest, error);
    if (status == FRACTARY_OK && deepest != NULL && access(deepest, W_OK | X_OK) != 0)
        status = not_writable(deepest, errno, error);
    free_folders(folders);
    return status;
}

int32_t fr_registry_ready(const fr_registry_place *place, fractary_error *broken,
                          fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;
    fr_json *registry = NULL;
    int stays = 0;
    int32_t status = fr_registry_check_place(place, error);

    if (broken != NULL)
        *broken = said;
    if (status == FRACTARY_OK)
        status = check_writable(place, error);
    if (status != FRACTARY_OK)
        return status;
    status = fr_registry_read_all(place, &registry, &stays, &said);
    fr_json_free(registry);
    if (status == FRACTARY_E_CONFIG && !stays) {
        if (broken != NULL)
            *broken = said;
        return FRACTARY_OK;
    }
    if (status != FRACTARY_OK && error != NULL)
        *error = said;
    return status;
}
