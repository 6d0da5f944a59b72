#include "settings_check.h"

#include "folder.h"
#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_FILE ".fractary/plugins/devops/config.json"
#define FILE_LIMIT  (64u * 1024 * 1024)

int32_t fr_tf_settings_refuse(const fr_tf *tf, const char *key, fractary_error *error)
{
    const char *environment = fr_json_get_string(tf->settings.project, "environment");
    if (error == NULL)
        return FRACTARY_E_CONFIG;
    if (*error->advice == '\0')
        fr_error_advice(error,
                        "correct it in plugins." FR_TF_ID ", or in "
                        "environments.%s.plugins." FR_TF_ID,
                        environment != NULL ? environment : "<environment>");
    fr_error_place(error, CONFIG_FILE ": plugins." FR_TF_ID ".%s", key);
    return FRACTARY_E_CONFIG;
}

/* ------------------------------------------------------------------- lists */

/* One entry of a list of files. */
typedef struct entry {
    char key[48];     /* "var_files[0]"              */
    const char *text; /* as the configuration has it */
    char *path;       /* relative to the project     */
} entry;

typedef int32_t (*entry_check)(const fr_tf *tf, const entry *e, fractary_error *error);

static int32_t check_entry(const fr_tf *tf, entry *e, entry_check check, fractary_error *error)
{
    e->path = fr_tf_path_join(tf->settings.folder, e->text);
    const int32_t status = e->path == NULL ? fr_error_nomem(error) : check(tf, e, error);
    free(e->path);
    return status;
}

/* KEY=VALUE is no file. */
static int32_t each_file(const fr_tf *tf, const char *name, const fr_json *list, entry_check check,
                         fractary_error *error)
{
    int32_t status = FRACTARY_OK;
    int index = 0;
    for (const fr_json *i = fr_json_first(list); i != NULL && status == FRACTARY_OK;
         i = fr_json_next(i), index++) {
        entry e = {.text = fr_json_string(i)};
        if (e.text == NULL || (list == tf->settings.backend_config && strchr(e.text, '=') != NULL))
            continue;
        (void)snprintf(e.key, sizeof e.key, "%s[%d]", name, index);
        status = check_entry(tf, &e, check, error);
    }
    return status;
}

static int32_t each_list(const fr_tf *tf, entry_check check, fractary_error *error)
{
    int32_t status = each_file(tf, "var_files", tf->settings.var_files, check, error);
    if (status == FRACTARY_OK)
        status = each_file(tf, "backend_config", tf->settings.backend_config, check, error);
    return status;
}

/* ------------------------------------------------------------------- paths */

static int32_t check_inside(const fr_tf *tf, const entry *e, fractary_error *error)
{
    if (!fr_tf_path_escapes(e->path))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_CONFIG, "%s: %s is outside the project", e->key, e->text);
    fr_error_cause(error, "what lies outside is not the same for everybody who has this project");
    fr_error_advice(error, "move the file into the project; git may ignore it where it is secret");
    return fr_tf_settings_refuse(tf, e->key, error);
}

int32_t fr_tf_settings_check_paths(const fr_tf *tf, fractary_error *error)
{
    if (!fr_tf_path_escapes(tf->settings.folder))
        return each_list(tf, check_inside, error);
    fr_error_set(error, FRACTARY_E_CONFIG, "directory: %s is outside the project",
                 fr_json_get_string(tf->settings.section, "directory"));
    fr_error_advice(error, "name a folder relative to the project, such as infra");
    return fr_tf_settings_refuse(tf, "directory", error);
}

/* ------------------------------------------------------------------ module */

int32_t fr_tf_settings_check_module(const fr_tf *tf, fractary_error *error)
{
    int found = 0;
    const char *shown = *tf->settings.folder == '\0' ? "." : tf->settings.folder;
    int32_t status = fr_tf_folder_has_code(tf, tf->settings.directory, &found, error);
    if (status == FRACTARY_OK && found)
        return FRACTARY_OK;
    if (status == FRACTARY_OK)
        fr_error_set(error, FRACTARY_E_CONFIG, "directory: %s has no .tf file", shown);
    else if (status == FRACTARY_E_NOTFOUND)
        fr_error_set(error, FRACTARY_E_CONFIG, "directory: %s does not exist", shown);
    else
        return status;
    fr_error_cause(error, "it names the root module, where the code of the environment begins");
    fr_error_advice(error, "set it to the folder with the root module, relative to the project");
    return fr_tf_settings_refuse(tf, "directory", error);
}

/* ------------------------------------------------------------------- files */

static int32_t ignore(void *context, const char *data, uint64_t length)
{
    (void)context;
    (void)data;
    (void)length;
    return FRACTARY_OK;
}

static int32_t check_there(const fr_tf *tf, const entry *e, fractary_error *error)
{
    const fractary_sink nowhere = {.emit = ignore};
    fractary_error said = FR_ERROR_INIT;
    char *full = fr_str_format("%s/%s", tf->settings.root, e->path);
    if (full == NULL)
        return fr_error_nomem(error);
    const int32_t status = tf->files->read(tf->files, full, FILE_LIMIT, &nowhere, &said);
    free(full);
    if (status == FRACTARY_OK)
        return FRACTARY_OK;
    if (status == FRACTARY_E_NOTFOUND)
        fr_error_set(error, FRACTARY_E_CONFIG, "%s: there is no file %s", e->key, e->path);
    else
        fr_error_set(error, FRACTARY_E_CONFIG, "%s: %s cannot be read", e->key, e->path);
    if (status != FRACTARY_E_NOTFOUND)
        fr_error_cause(error, "%s", said.cause[0] != '\0' ? said.cause : said.message);
    fr_error_advice(error, "create it, or mend the name: it is relative to %s",
                    *tf->settings.folder == '\0' ? "the project" : tf->settings.folder);
    return fr_tf_settings_refuse(tf, e->key, error);
}

int32_t fr_tf_settings_check_files(const fr_tf *tf, fractary_error *error)
{
    return each_list(tf, check_there, error);
}
