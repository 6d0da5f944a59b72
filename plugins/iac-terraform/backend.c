#include "backend.h"

#include "backend_address.h"
#include "backend_code.h"
#include "command.h"
#include "folder.h"
#include "init_state.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_LIMIT        (8u * 1024 * 1024)
#define STATE_FILE        "terraform.tfstate"

void fr_tf_backend_finish(fr_tf_backend *backend)
{
    free(backend->type);
    free(backend->address);
    free(backend->workspace);
    memset(backend, 0, sizeof *backend);
}

/* ----------------------------------------------------------------- describe */

static const char *text_or(const fr_json *config, const char *key, const char *otherwise)
{
    const char *text = fr_json_get_string(config, key);
    return text != NULL && *text != '\0' ? text : otherwise;
}

/* Relative to the project where it lies inside, so that it is the same on every
 * machine. */
static char *local_path(const fr_tf_settings *settings, const char *path)
{
    char *full = fr_tf_path_join(settings->directory + 1, path + (*path == '/'));
    if (*path == '/') {
        free(full);
        full = fr_tf_path_join("", path + 1);
    }
    size_t length = strlen(settings->root + 1);
    char *shown = NULL;
    if (full != NULL && strncmp(full, settings->root + 1, length) == 0 && full[length] == '/')
        shown = fr_str_dup(full + length + 1);
    else if (full != NULL)
        shown = fr_str_format("/%s", full);
    free(full);
    return shown;
}

static char *local_address(const fr_tf_settings *settings, const fr_json *config,
                           const char *workspace)
{
    if (fr_str_equal(workspace, FR_TF_DEFAULT_WORKSPACE))
        return local_path(settings, text_or(config, "path", STATE_FILE));
    char *path = fr_str_format("%s/%s/" STATE_FILE,
                               text_or(config, "workspace_dir", STATE_FILE ".d"), workspace);
    char *address = path == NULL ? NULL : local_path(settings, path);
    free(path);
    return address;
}

static int runs_elsewhere(const char *type)
{
    return fr_str_equal(type, "remote") || fr_str_equal(type, "cloud");
}

static int32_t refuse_elsewhere(const char *what, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_REFUSED, "%s is not supported", what);
    fr_error_cause(error, "plans and applies then run on another machine, with credentials that "
                          "are not the environment's: nothing that is checked here would hold "
                          "there");
    fr_error_advice(error, "keep the state in a backend that only stores it, such as s3, gcs, "
                           "azurerm or http, and move it there with init -migrate-state");
    return FRACTARY_E_REFUSED;
}

int32_t fr_tf_backend_describe(const fr_tf_settings *settings, const fr_json *kept,
                               const char *workspace, fr_tf_backend *out, fractary_error *error)
{
    const fr_json *backend = fr_json_get(kept, "backend");
    if (backend == NULL) /* a store by a provider */
        backend = fr_json_get(kept, "state_store");
    const char *type = text_or(backend, "type", "local");
    const fr_json *config = fr_json_get(backend, "config");
    memset(out, 0, sizeof *out);
    if (runs_elsewhere(type)) {
        char *what = fr_str_format("the backend %s", type);
        int32_t status = refuse_elsewhere(what != NULL ? what : type, error);
        free(what);
        return status;
    }
    out->type = fr_str_dup(type);
    out->workspace = fr_str_dup(workspace);
    out->address = fr_str_equal(type, "local") ? local_address(settings, config, workspace)
                                               : fr_tf_backend_address(type, config, workspace);
    return out->type != NULL && out->workspace != NULL && out->address != NULL
               ? FRACTARY_OK
               : fr_error_nomem(error);
}

/* ------------------------------------------------------------ as initialised */

/* A file of TF_DATA_DIR, appended. */
static int32_t read_kept(const fr_tf *tf, const char *name, fr_buf *out)
{
    char *path = fr_str_format("%s/" FR_TF_DATA_MAIN "/%s", tf->data, name);
    int32_t status =
        path == NULL ? FRACTARY_E_NOMEM : fr_tf_file_read(tf, path, KEPT_LIMIT, out, NULL);
    free(path);
    return status;
}

/* A file without a backend, as forget() leaves it. */
static fr_json *drop_empty(fr_json *kept)
{
    if (fr_json_get(kept, "backend") != NULL || fr_json_get(kept, "state_store") != NULL)
        return kept;
    fr_json_free(kept);
    return NULL;
}

/* *kept stays NULL where nothing is kept: a local state needs no file. */
static int32_t read_backend(const fr_tf *tf, fr_json **kept, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status = read_kept(tf, STATE_FILE, &text);
    *kept = status == FRACTARY_OK ? fr_json_parse(fr_buf_text(&text), text.length, NULL) : NULL;
    int broken = status != FRACTARY_E_NOTFOUND && *kept == NULL;
    fr_buf_wipe(&text); /* a backend's keys may be in it */
    *kept = drop_empty(*kept);
    if (!broken)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_IO, "which state is used cannot be read");
    fr_error_cause(error, "%s/" FR_TF_DATA_MAIN "/" STATE_FILE " is no JSON, or cannot be read",
                   tf->data);
    fr_error_advice(error, "remove the folder %s/" FR_TF_DATA_MAIN ": it is made anew", tf->data);
    return FRACTARY_E_IO;
}

char *fr_tf_backend_selected(const fr_tf *tf)
{
    fr_buf text = {0};
    (void)read_kept(tf, "environment", &text);
    const char *selected = fr_buf_text(&text);
    size_t length = strcspn(selected, " \t\r\n");
    char *name = length > 0 ? fr_str_ndup(selected, length) : fr_str_dup(FR_TF_DEFAULT_WORKSPACE);
    fr_buf_finish(&text);
    return name;
}

static int32_t describe_from(const fr_tf *tf, const fr_json *kept, fr_tf_backend *out,
                             fractary_error *error)
{
    char *workspace = tf->settings.workspace != NULL ? fr_str_dup(tf->settings.workspace)
                                                     : fr_tf_backend_selected(tf);
    int32_t status = workspace == NULL ? fr_error_nomem(error)
                                       : fr_tf_backend_describe(&tf->settings, kept, workspace,
                                                                out, error);
    free(workspace);
    return status;
}

static int32_t emit(fr_tf *tf, const fractary_call *call, const fr_tf_backend *backend,
                    const char *lineage, fractary_error *error)
{
    fr_json *record = fr_record_new("state", "the state of %s is %s", call->environment,
                                    backend->address);
    int32_t failed = fr_json_set_string(record, "backend", backend->type);
    failed |= fr_json_set_string(record, "address", backend->address);
    failed |= fr_json_set_string(record, "workspace", backend->workspace);
    if (lineage != NULL)
        failed |= fr_json_set_string(record, "lineage", lineage);
    if (failed != FRACTARY_OK) {
        fr_json_free(record);
        return fr_error_nomem(error);
    }
    int32_t status = fr_record_emit(&call->sink, record);
    if (status != FRACTARY_OK)
        return fr_error_set(error, status, "the state %s may not be used", backend->address);
    tf->state_said = 1;
    return FRACTARY_OK;
}

static int32_t say(fr_tf *tf, const fractary_call *call, const fr_json *kept, const char *lineage,
                   fractary_error *error)
{
    fr_tf_backend backend = {0};
    int32_t status = describe_from(tf, kept, &backend, error);
    if (status == FRACTARY_OK)
        status = emit(tf, call, &backend, lineage, error);
    fr_tf_backend_finish(&backend);
    return status;
}

/* A state that may not be used must not be what the next init starts from: the
 * tool would want to migrate it. */
static void forget(const fr_tf *tf)
{
    static const char none[] = "{\"version\":3,\"serial\":1,\"lineage\":\"none\"}\n";
    char *path = fr_str_format("%s/" FR_TF_DATA_MAIN "/" STATE_FILE, tf->data);
    if (path != NULL)
        (void)tf->files->write(tf->files, path, none, strlen(none), NULL);
    (void)fr_tf_init_forget(tf, FR_TF_DATA_MAIN, NULL);
    free(path);
}

int32_t fr_tf_backend_say(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    fr_json *kept = NULL;
    int32_t status = read_backend(tf, &kept, error);
    if (status == FRACTARY_OK)
        status = say(tf, call, kept, NULL, error);
    if (status == FRACTARY_E_REFUSED && kept != NULL)
        forget(tf);
    fr_json_free(kept);
    return status;
}

int32_t fr_tf_backend_say_once(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    fr_json *kept = NULL;
    if (tf->state_said)
        return FRACTARY_OK;
    int32_t status = read_backend(tf, &kept, error);
    if (status == FRACTARY_OK && (kept != NULL || !fr_tf_backend_in_code(tf)))
        status = say(tf, call, kept, NULL, error);
    fr_json_free(kept);
    return status;
}

int32_t fr_tf_backend_say_lineage(fr_tf *tf, const fractary_call *call, const char *lineage,
                                  fractary_error *error)
{
    fr_json *kept = NULL;
    if (lineage == NULL || *lineage == '\0')
        return FRACTARY_OK;
    int32_t status = read_backend(tf, &kept, error);
    if (status == FRACTARY_OK)
        status = say(tf, call, kept, lineage, error);
    fr_json_free(kept);
    return status;
}

/* ----------------------------------------------------------- against the code */

int32_t fr_tf_backend_refuse_elsewhere(const fr_tf *tf, fractary_error *error)
{
    fr_json *code = NULL;
    int32_t status = fr_tf_backend_of_code(tf, &code, error);
    const char *type = fr_json_string(fr_json_at(code, "backend", "type", (char *)NULL));
    if (status == FRACTARY_OK && runs_elsewhere(type))
        status = refuse_elsewhere(fr_str_equal(type, "cloud") ? "a cloud block"
                                                              : "the backend remote",
                                  error);
    fr_json_free(code);
    return status;
}

static int32_t say_changed(const fr_tf *tf, const fractary_call *call, const char *before,
                           const char *now, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_REFUSED,
                 "the state of environment %s has changed since it was initialised",
                 call->environment);
    fr_error_cause(error, "It was %s; by the code and the configuration it is %s now.", before,
                   now);
    fr_error_advice(error,
                    "Put the backend back. Or move the state by hand (in %s: "
                    "TF_DATA_DIR=%s/" FR_TF_DATA_MAIN " terraform init -migrate-state), or remove "
                    "that folder to leave the old one behind; then remove deployments/%s/state.json.",
                    *tf->settings.folder != '\0' ? tf->settings.folder : "the project's folder",
                    tf->data, call->environment);
    return FRACTARY_E_REFUSED;
}

int32_t fr_tf_backend_changed(const fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    fr_json *kept = NULL;
    fr_json *code = NULL;
    fr_tf_backend before = {0};
    fr_tf_backend now = {0};
    int32_t status = read_backend(tf, &kept, error);
    if (status == FRACTARY_OK)
        status = describe_from(tf, kept, &before, error);
    if (status == FRACTARY_OK)
        status = fr_tf_backend_of_code(tf, &code, error);
    if (status == FRACTARY_OK)
        status = describe_from(tf, code, &now, error);
    if (status == FRACTARY_OK)
        status = say_changed(tf, call, before.address, now.address, error);
    fr_tf_backend_finish(&before);
    fr_tf_backend_finish(&now);
    fr_json_free(kept);
    fr_json_free(code);
    return status;
}
