#include "paths.h"
#include "pinned.h"
#include "settings_check.h"
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
    status = resolve_directory(settings, error);
    return status == FRACTARY_OK ? fr_tf_settings_check_paths(tf, error) : status;
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

int32_t fr_tf_begin(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    int32_t status = look_up_data(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_tool_find(tf, error);
    if (status == FRACTARY_OK)
        status = fr_tf_settings_check_module(tf, error);
    return status == FRACTARY_OK ? fr_tf_pinned_check(tf, call, error) : status;
}
