#include "cli/places.h"

#include "base/file.h"
#include "base/path.h"
#include <fractary-plugin/str.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLUGINS "fractary/plugins"

/* Takes `folder` over; NULL is a failed allocation. */
static int32_t add(fr_places *places, const char *origin, char *folder)
{
    if (folder == NULL)
        return FRACTARY_E_NOMEM;
    if (places->count == FR_PLACES_MOST) {
        free(folder);
        places->left_out++;
        return FRACTARY_OK;
    }
    places->owned[places->count] = folder;
    places->plugins[places->count++] = (fr_catalog_place){origin, folder};
    return FRACTARY_OK;
}

static int32_t add_search_path(fr_places *places)
{
    const char *path = secure_getenv("FRACTARY_PLUGIN_PATH");
    int32_t status = FRACTARY_OK;

    while (path != NULL && *path != '\0' && status == FRACTARY_OK) {
        const size_t length = strcspn(path, ":");
        if (path[0] == '/')
            status = add(places, "path", fr_str_ndup(path, length));
        else
            places->left_out += length != 0;
        path += length + (path[length] == ':');
    }
    return status;
}

static int32_t add_user(fr_places *places)
{
    const char *data = secure_getenv("XDG_DATA_HOME");

    if (data != NULL && data[0] == '/')
        return add(places, "user", fr_str_format("%s/" PLUGINS, data));
    if (places->home[0] == '/')
        return add(places, "user", fr_str_format("%s/.local/share/" PLUGINS, places->home));
    return FRACTARY_OK;
}

/* *prefix: the folder above the one that the program lies in; NULL where /proc
 * cannot say. */
static int32_t find_prefix(char **prefix)
{
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

    *prefix = NULL;
    if (length <= 0)
        return FRACTARY_OK;
    program[length] = '\0';
    char *folder = fr_path_parent(program);
    *prefix = folder != NULL ? fr_path_parent(folder) : NULL;
    free(folder);
    return *prefix != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* A tree in which the program was built has its object files beside it. NULL
 * without memory. */
static const char *origin_of(const char *prefix)
{
    char *objects = fr_path_join(prefix, "obj");

    if (objects == NULL)
        return NULL;
    const int is_tree = fr_file_is_folder(objects);
    free(objects);
    return is_tree ? "tree" : "system";
}

static int32_t add_beside(fr_places *places)
{
    char *prefix;
    int32_t status = find_prefix(&prefix);

    if (prefix == NULL)
        return status;
    const char *origin = origin_of(prefix);
    places->modules = fr_str_format("%s/lib/fractary/modules", prefix);
    if (origin == NULL || places->modules == NULL)
        status = FRACTARY_E_NOMEM;
    if (status == FRACTARY_OK)
        status = add(places, origin, fr_str_format("%s/lib/" PLUGINS, prefix));
    free(prefix);
    return status;
}

static int32_t add_built_in(fr_places *places)
{
#ifdef FRACTARY_PLUGIN_DIR
    return add(places, "system", fr_str_dup(FRACTARY_PLUGIN_DIR));
#else
    (void)places;
    return FRACTARY_OK;
#endif
}

int32_t fr_places_init(fr_places *places, fractary_error *error)
{
    static int32_t (*const kinds[])(fr_places *) = {add_search_path, add_user, add_beside,
                                                    add_built_in};
    const char *home = getenv("HOME");

    *places = (fr_places){.home = fr_str_dup(home != NULL ? home : "")};
    int32_t status = places->home != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == FRACTARY_OK; i++)
        status = kinds[i](places);
    if (status == FRACTARY_OK && places->modules == NULL)
        places->modules = fr_str_dup("");
    if (status == FRACTARY_OK && places->modules != NULL)
        return FRACTARY_OK;
    fr_places_finish(places);
    return fr_error_nomem(error);
}

void fr_places_finish(fr_places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free(places->owned[i]);
    free(places->modules);
    free(places->home);
    *places = (fr_places){0};
}
