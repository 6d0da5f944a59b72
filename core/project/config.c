#include "project/config.h"

#include "base/file.h"
#include "base/path.h"
#include "project/config_check.h"
#include "project/init.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST             (1024u * 1024)
#define DEFAULT_ENVIRONMENT "test"
#define DEFAULT_PATTERN     "{project}-{subsystem}-{environment}-{resource}"

struct fr_config {
    char *root;
    char *folder;
    fr_json *tree;
};

/* -------------------------------------------------------------------- finding */

/* One if the folder has the file, zero if not, FRACTARY_E_NOMEM. */
static int32_t has_file(const char *folder, const char *name)
{
    char *path = fr_path_join(folder, name);
    const int32_t has = path != NULL ? fr_file_exists(path) != 0 : FRACTARY_E_NOMEM;

    free(path);
    return has;
}

/* *found: the nearest folder from `start` upwards that has the file, or NULL. */
static int32_t find_upwards(const char *start, const char *name, char **found)
{
    char *folder = fr_str_dup(start);
    int32_t has = FRACTARY_E_NOMEM;

    *found = NULL;
    while (folder != NULL && (has = has_file(folder, name)) == 0) {
        const int top = fr_str_equal(folder, "/");
        char *parent = top ? NULL : fr_path_parent(folder);
        has = top ? 0 : FRACTARY_E_NOMEM;
        free(folder);
        folder = parent;
    }
    if (has == 1)
        *found = folder;
    else
        free(folder);
    return has < 0 ? has : FRACTARY_OK;
}

static int32_t refuse_unfound(const char *start, fractary_error *error)
{
    char *original;

    if (find_upwards(start, FR_ORIGINAL_CONFIG_FILE, &original) != FRACTARY_OK)
        return fr_error_nomem(error);
    fr_error_set(error, FRACTARY_E_NOTFOUND, "%s is in no fractary project", start);
    fr_error_cause(error, "neither it nor a folder above it has " FR_CONFIG_FILE);
    fr_error_advice(error, "run `fractary init` in the project's folder");
    fr_error_place(error, "%s", start);
    if (original != NULL)
        fr_error_advice(
            error, "run `fractary init` in %s: it takes over what is in " FR_ORIGINAL_CONFIG_FILE,
            original);
    free(original);
    return FRACTARY_E_NOTFOUND;
}

int32_t fr_config_find(const char *start, char **root, fractary_error *error)
{
    char *real = realpath(start, NULL);

    *root = NULL;
    if (real == NULL && errno == ENOMEM)
        return fr_error_nomem(error);
    if (real == NULL) {
        fr_error_set(error, FRACTARY_E_NOTFOUND, "there is no project in %s", start);
        fr_error_cause(error, "the folder cannot be opened: %s", strerror(errno));
        fr_error_place(error, "%s", start);
        return FRACTARY_E_NOTFOUND;
    }
    int32_t status = find_upwards(real, FR_CONFIG_FILE, root);
    if (status != FRACTARY_OK)
        fr_error_nomem(error);
    else if (*root == NULL)
        status = refuse_unfound(real, error);
    free(real);
    return status;
}

/* -------------------------------------------------------------------- reading */

static int32_t make(const char *root, fr_json *tree, fr_config **out, fractary_error *error)
{
    fr_config *config = calloc(1, sizeof *config);

    if (config == NULL) {
        fr_json_free(tree);
        return fr_error_nomem(error);
    }
    config->tree = tree;
    config->root = fr_str_dup(root);
    config->folder = fr_path_join(root, FR_PROJECT_FOLDER);
    if (config->root == NULL || config->folder == NULL) {
        fr_config_free(config);
        return fr_error_nomem(error);
    }
    *out = config;
    return FRACTARY_OK;
}

static int32_t read_tree(const char *path, fr_json **tree, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status = fr_file_read(path, LARGEST, &text, error);

    if (status == FRACTARY_E_NOTFOUND)
        fr_error_advice(error, "run `fractary init` in the project's folder");
    if (status == FRACTARY_OK)
        status = fr_config_parse(path, fr_buf_text(&text), text.length, tree, error);
    fr_buf_finish(&text);
    return status;
}

int32_t fr_config_load(const char *root, fr_config **out, fractary_error *error)
{
    char *real = realpath(root, NULL);
    const int lost = real == NULL && errno == ENOMEM;
    char *path = lost ? NULL : fr_path_join(real != NULL ? real : root, FR_CONFIG_FILE);
    fr_json *tree = NULL;

    *out = NULL;
    int32_t status = path != NULL ? read_tree(path, &tree, error) : fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = make(real != NULL ? real : root, tree, out, error);
    free(path);
    free(real);
    return status;
}

int32_t fr_config_from_tree(const char *root, fr_json *tree, fr_config **out, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status = fr_json_print_pretty(tree, &text);

    *out = NULL;
    if (status == FRACTARY_OK)
        status = fr_config_check(FR_CONFIG_FILE, fr_buf_text(&text), text.length, tree, error);
    else
        fr_error_nomem(error);
    fr_buf_finish(&text);
    if (status == FRACTARY_OK)
        return make(root, tree, out, error);
    fr_json_free(tree);
    return status;
}

void fr_config_free(fr_config *config)
{
    if (config == NULL)
        return;
    fr_json_free(config->tree);
    free(config->folder);
    free(config->root);
    free(config);
}

/* -------------------------------------------------------------------- telling */

static const char *text_or(const fr_json *object, const char *key, const char *otherwise)
{
    const char *text = fr_json_get_string(object, key);

    return text != NULL ? text : otherwise;
}

const char *fr_config_root(const fr_config *config)
{
    return config->root;
}

const char *fr_config_folder(const fr_config *config)
{
    return config->folder;
}

const fr_json *fr_config_tree(const fr_config *config)
{
    return config->tree;
}

const char *fr_config_project(const fr_config *config)
{
    return text_or(fr_json_get(config->tree, "project"), "name", "");
}

const char *fr_config_organization(const fr_config *config)
{
    return text_or(fr_json_get(config->tree, "project"), "organization", "");
}

const char *fr_config_subsystem(const fr_config *config)
{
    return text_or(fr_json_get(config->tree, "project"), "subsystem", "");
}

const char *fr_config_pattern(const fr_config *config)
{
    return text_or(fr_json_get(config->tree, "naming"), "pattern", DEFAULT_PATTERN);
}

const char *fr_config_default_environment(const fr_config *config)
{
    return text_or(config->tree, "default_environment", DEFAULT_ENVIRONMENT);
}

const char *fr_config_environment_name(const fr_config *config, size_t index)
{
    const fr_json *member = fr_json_first(fr_json_get(config->tree, "environments"));

    for (; member != NULL && index > 0; index--)
        member = fr_json_next(member);
    return member != NULL ? fr_json_key(member) : NULL;
}

static int32_t refuse_environment(const fr_config *config, const char *name, fractary_error *error)
{
    const fr_json *environments = fr_json_get(config->tree, "environments");

    fr_error_set(error, FRACTARY_E_INVALID, "there is no environment \"%s\"", name);
    fr_config_advise_environment(environments, name, error);
    fr_error_place(error, "%s/config.json", config->folder);
    return FRACTARY_E_INVALID;
}

int32_t fr_config_environment(const fr_config *config, const char *name, fr_environment *out,
                              fractary_error *error)
{
    const fr_json *tree = fr_json_at(config->tree, "environments", name, (char *)NULL);
    const char *class = fr_json_get_string(tree, "class");

    if (tree == NULL)
        return refuse_environment(config, name, error);
    *out = (fr_environment){
        .name = fr_json_key(tree),
        .class = class != NULL ? fr_config_class_named(class) : fr_class_by_name(name),
        .classified = class != NULL,
        .account = text_or(tree, "account", ""),
        .region = text_or(tree, "region", ""),
        .tree = tree,
    };
    return FRACTARY_OK;
}

static const fr_json *environment_tree(const fr_config *config, const char *environment)
{
    return fr_json_at(config->tree, "environments", environment != NULL ? environment : "",
                      (char *)NULL);
}

const char *fr_config_handler(const fr_config *config, const char *environment, const char *kind)
{
    const fr_json *own =
        fr_json_at(environment_tree(config, environment), "handlers", kind, (char *)NULL);

    /* A null of its own means: none here. */
    return own != NULL ? fr_json_string(own)
                       : fr_json_string(fr_json_at(config->tree, "handlers", kind, (char *)NULL));
}

const fr_json *fr_config_identity(const fr_config *config, const char *environment,
                                  const char *purpose)
{
    return fr_json_at(environment_tree(config, environment), "identities", purpose, (char *)NULL);
}
