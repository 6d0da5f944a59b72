#include "folder.h"
#include "paths.h"
#include "terraform.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>

void fr_tf_settings_finish(fr_tf_settings *settings)
{
    fr_json_free(settings->section);
    fr_json_free(settings->project);
    free(settings->folder);
    free(settings->directory);
    memset(settings, 0, sizeof *settings);
}

static int32_t parse_object(const char *text, const char *what, fr_json **out,
                            fractary_error *error)
{
    fr_json_fault fault = {0};
    *out = fr_json_parse(text, strlen(text), &fault);
    if (*out != NULL)
        return FRACTARY_OK;
    return fr_error_set(error, FRACTARY_E_PROTOCOL, "the host's %s is not JSON: %s", what,
                        fault.reason);
}

static int32_t resolve_directory(fr_tf_settings *settings, fractary_error *error)
{
    const char *given = fr_json_get_string(settings->section, "directory");
    settings->folder = fr_tf_path_join("", given != NULL ? given : ".");
    if (settings->folder == NULL)
        return fr_error_nomem(error);
    if (fr_tf_path_escapes(settings->folder)) {
        fr_error_set(error, FRACTARY_E_CONFIG,
                     "plugins.iac-terraform.directory: %s is outside "
                     "the project",
                     given);
        fr_error_advice(error, "name a folder relative to the project, such as infra");
        return FRACTARY_E_CONFIG;
    }
    settings->directory = *settings->folder == '\0'
                              ? fr_str_dup(settings->root)
                              : fr_str_format("%s/%s", settings->root, settings->folder);
    return settings->directory == NULL ? fr_error_nomem(error) : FRACTARY_OK;
}

int32_t fr_tf_settings_init(fr_tf *tf, fractary_error *error)
{
    fr_tf_settings *settings = &tf->settings;
    int32_t status =
        parse_object(tf->config->section(tf->config), "section", &settings->section, error);
    if (status == FRACTARY_OK)
        status =
            parse_object(tf->config->project(tf->config), "project", &settings->project, error);
    if (status != FRACTARY_OK)
        return status;
    settings->root = fr_json_get_string(settings->project, "root");
    if (settings->root == NULL || *settings->root != '/')
        return fr_error_set(error, FRACTARY_E_PROTOCOL,
                            "the host does not say where the "
                            "project is");
    settings->tool = fr_json_get_string(settings->section, "tool");
    settings->workspace = fr_json_get_string(settings->section, "workspace");
    settings->lock_timeout = fr_json_get_string(settings->section, "lock_timeout");
    settings->parallelism = fr_json_get_int(settings->section, "parallelism", 0);
    settings->var_files = fr_json_get(settings->section, "var_files");
    settings->backend_config = fr_json_get(settings->section, "backend_config");
    return resolve_directory(settings, error);
}

static int32_t look_up_data(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    fr_buf path = {0};
    fractary_sink sink = fr_buf_sink(&path);
    int32_t status = tf->run->data(tf->run, call, &sink, error);
    free(tf->data);
    tf->data = status == FRACTARY_OK ? fr_buf_steal(&path) : NULL;
    fr_buf_finish(&path);
    return status == FRACTARY_OK && tf->data == NULL ? fr_error_nomem(error) : status;
}

static int32_t check_directory(const fr_tf *tf, fractary_error *error)
{
    int found = 0;
    const char *shown = *tf->settings.folder == '\0' ? "." : tf->settings.folder;
    int32_t status = fr_tf_folder_has_code(tf, tf->settings.directory, &found, error);
    if (status == FRACTARY_E_NOTFOUND) {
        fr_error_set(error, FRACTARY_E_CONFIG, "the root module %s does not exist", shown);
        fr_error_advice(error, "set plugins.iac-terraform.directory in config.json");
        return FRACTARY_E_CONFIG;
    }
    if (status != FRACTARY_OK || found)
        return status;
    fr_error_set(error, FRACTARY_E_CONFIG, "the root module %s has no .tf file", shown);
    fr_error_advice(error, "set plugins.iac-terraform.directory in config.json to the folder "
                           "with the root module");
    return FRACTARY_E_CONFIG;
}

int32_t fr_tf_begin(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    int32_t status = look_up_data(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_tool_find(tf, error);
    return status == FRACTARY_OK ? check_directory(tf, error) : status;
}
