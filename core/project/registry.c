#include "project/registry.h"

#include "base/file.h"
#include "project/config_check.h"
#include "project/members.h"
#include "project/registry_place.h"
#include "project/registry_ready.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>

/* ------------------------------------------------------------------------- places */

/* The stack of a project that names none has the environment's own folder. */
int fr_registry_has_folder(const fr_registry_place *place)
{
    return place->stack != NULL && !fr_str_equal(place->stack, FR_REGISTRY_STACK);
}

char *fr_registry_path(const fr_registry_place *place, const char *name)
{
    if (fr_registry_has_folder(place))
        return fr_str_format("%s/deployments/%s/%s/%s", place->folder, place->environment,
                             place->stack, name);
    return fr_str_format("%s/deployments/%s/%s", place->folder, place->environment, name);
}

char *fr_registry_document(const fr_registry_place *place)
{
    return fr_registry_path(place, "DEPLOYED.md");
}

/* The name becomes part of a path. */
int32_t fr_registry_check_place(const fr_registry_place *place, fractary_error *error)
{
    if (place->environment != NULL && fr_config_is_environment_name(place->environment))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" cannot be the name of an environment",
                 place->environment != NULL ? place->environment : "");
    return FRACTARY_E_INVALID;
}

/* ------------------------------------------------------------------------- reading */

static int32_t refuse_broken(const char *path, const char *why, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "the registry %s cannot be read", path);
    fr_error_cause(error, "%s", why);
    fr_error_advice(error, "take it back from git, or remove it and deploy: it is written anew");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_CONFIG;
}

static int32_t refuse_newer(const char *path, int64_t version, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "the registry %s is of a newer fractary", path);
    fr_error_cause(error, "it is of version %lld, this fractary reads version %d",
                   (long long)version, FR_REGISTRY_VERSION);
    fr_error_advice(error, "install the fractary that wrote it, or a newer one");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_CONFIG;
}

static int32_t refuse_foreign(const fr_registry_place *place, const char *path, const char *owner,
                              fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "the registry %s is of another environment", path);
    fr_error_cause(error, "its `environment` is %s, and it lies in the folder of %s", owner,
                   place->environment);
    fr_error_advice(error, "move it to the folder of %s, or take the right one back from git",
                    owner);
    fr_error_place(error, "%s", path);
    return FRACTARY_E_CONFIG;
}

static int32_t check_entries(const char *path, const fr_json *registry, fractary_error *error)
{
    const fr_json *resources = fr_json_get(registry, "resources");

    if (fr_json_kind_of(resources) != FR_JSON_ARRAY)
        return refuse_broken(path, "it has no list `resources`", error);
    for (const fr_json *e = fr_json_first(resources); e != NULL; e = fr_json_next(e)) {
        if (fr_json_get_string(e, "address") == NULL)
            return refuse_broken(path, "a resource in it has no address", error);
    }
    return FRACTARY_OK;
}

static int32_t check_registry(const fr_registry_place *place, const char *path,
                              const fr_json *registry, int *stays, fractary_error *error)
{
    const int64_t version = fr_json_get_int(registry, "version", 0);
    const char *owner = fr_json_get_string(registry, "environment");
    const int foreign = owner != NULL && !fr_str_equal(owner, place->environment);

    *stays = version > FR_REGISTRY_VERSION || foreign;
    if (version > FR_REGISTRY_VERSION)
        return refuse_newer(path, version, error);
    if (foreign)
        return refuse_foreign(place, path, owner, error);
    if (version < 1)
        return refuse_broken(path, "it has no `version`", error);
    return check_entries(path, registry, error);
}

static int32_t parse_registry(const fr_registry_place *place, const char *path, const fr_buf *text,
                              fr_json **out, int *stays, fractary_error *error)
{
    fr_json_fault fault;
    fr_json *registry = fr_json_parse(fr_buf_text(text), text->length, &fault);

    *stays = 0;
    if (registry == NULL) {
        char why[256];
        if (fault.line == 0)
            return fr_error_nomem(error);
        snprintf(why, sizeof why, "line %zu, column %zu: %s", fault.line, fault.column,
                 fault.reason);
        return refuse_broken(path, why, error);
    }
    const int32_t status = check_registry(place, path, registry, stays, error);
    if (status == FRACTARY_OK)
        *out = registry;
    else
        fr_json_free(registry);
    return status;
}

fr_json *fr_registry_empty(const fr_registry_place *place)
{
    fr_members registry = fr_members_begin();

    fr_members_int(&registry, "version", FR_REGISTRY_VERSION);
    fr_members_string(&registry, "environment", place->environment);
    fr_members_string(&registry, "updated_at", NULL);
    fr_members_value(&registry, "resources", fr_json_array());
    return fr_members_end(&registry);
}

int32_t fr_registry_read_all(const fr_registry_place *place, fr_json **out, int *stays,
                             fractary_error *error)
{
    char *path = fr_registry_path(place, "registry.json");
    fr_buf text = {0};

    *out = NULL;
    *stays = 0;
    if (path == NULL)
        return fr_error_nomem(error);
    int32_t status = fr_file_read(path, FR_REGISTRY_LIMIT, &text, error);
    if (status == FRACTARY_OK) {
        status = parse_registry(place, path, &text, out, stays, error);
    } else if (status == FRACTARY_E_NOTFOUND) {
        status = fr_registry_check_folders(place, error);
        *stays = status != FRACTARY_OK;
        *out = status == FRACTARY_OK ? fr_registry_empty(place) : NULL;
        if (status == FRACTARY_OK && *out == NULL)
            status = fr_error_nomem(error);
    }
    fr_buf_finish(&text);
    free(path);
    return status;
}

int32_t fr_registry_read(const fr_registry_place *place, fr_json **out, fractary_error *error)
{
    int stays;
    const int32_t status = fr_registry_check_place(place, error);

    *out = NULL;
    return status == FRACTARY_OK ? fr_registry_read_all(place, out, &stays, error) : status;
}
