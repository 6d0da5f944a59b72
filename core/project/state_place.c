#include "project/state_place.h"

#include "base/file.h"
#include "base/path.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_WORKSPACE "default"
#define LARGEST_FILE      (1024u * 1024)

/* The settings that tell the states of one backend apart; the last one decides,
 * the others may contradict. */
static const struct form {
    const char *backend;
    const char *keys[FR_STATE_KEYS];
    const char *fallback; /* of the last key, or NULL */
} forms[] = {
    {"s3", {"bucket", "key"}, NULL},
    {"gcs", {"bucket", "prefix"}, ""},
    {"azurerm", {"storage_account_name", "container_name", "key"}, NULL},
    {"remote", {"organization", "workspaces.name"}, NULL},
    {"local", {"path"}, "terraform.tfstate"},
    {"http", {"address"}, NULL},
    {"consul", {"path"}, NULL},
    {"kubernetes", {"namespace", "secret_suffix"}, NULL},
    {"pg", {"conn_str", "schema_name"}, "terraform_remote_state"},
    {"oss", {"bucket", "prefix", "key"}, NULL},
    {"cos", {"bucket", "prefix", "key"}, NULL},
};

static const struct form *form_of(const char *backend)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (fr_str_equal(forms[i].backend, backend))
            return &forms[i];
    }
    return NULL;
}

static size_t last_key(const struct form *form)
{
    size_t last = 0;

    while (last + 1 < FR_STATE_KEYS && form->keys[last + 1] != NULL)
        last++;
    return last;
}

void fr_state_place_finish(fr_state_place *place)
{
    free(place->backend);
    free(place->workspace);
    for (size_t i = 0; i < FR_STATE_KEYS; i++)
        free(place->values[i]);
    *place = (fr_state_place){0};
}

/* ------------------------------------------------------------------------ values */

static int32_t put(char **slot, const char *text)
{
    char *copy = fr_str_dup(text);

    free(*slot);
    *slot = copy;
    return copy != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* One value; what is there and no literal becomes unknown. */
static int32_t take_setting(const fr_hcl_block *block, const char *group, const char *key,
                            char **slot)
{
    fr_hcl_token value;
    fr_buf text = {0};
    int32_t status = FRACTARY_OK;
    const fr_code_known known = fr_code_setting(block, group, key, &value, &text);

    if (known == FR_CODE_LITERAL) {
        status = put(slot, fr_buf_text(&text));
    } else if (known == FR_CODE_UNKNOWN) {
        free(*slot);
        *slot = NULL;
    }
    if (text.failed)
        status = FRACTARY_E_NOMEM;
    fr_buf_finish(&text);
    return status;
}

static int32_t take_settings(const fr_hcl_block *block, const char *group, fr_state_place *out)
{
    const struct form *form = form_of(out->backend);
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; form != NULL && i < FR_STATE_KEYS && status == FRACTARY_OK; i++) {
        if (form->keys[i] != NULL)
            status = take_setting(block, group, form->keys[i], &out->values[i]);
    }
    return status;
}

/* Before the settings are read. */
static int32_t begin(const char *backend, fr_state_place *out)
{
    const struct form *form = form_of(backend);
    int32_t status = put(&out->backend, backend);

    if (status == FRACTARY_OK && form != NULL && form->fallback != NULL)
        status = put(&out->values[last_key(form)], form->fallback);
    return status;
}

/* A file: where it lies in the end. Workspaces other than the default have
 * their own, whatever the path is. */
static int32_t settle_local(const char *folder, fr_state_place *out)
{
    char *path = NULL;

    if (!fr_str_equal(out->backend, "local") || out->values[0] == NULL)
        return FRACTARY_OK;
    if (out->workspace != NULL && !fr_str_equal(out->workspace, DEFAULT_WORKSPACE))
        path = fr_str_format("%s/terraform.tfstate.d/%s/terraform.tfstate", folder, out->workspace);
    else
        path = fr_path_absolute(folder, out->values[0]);
    free(out->values[0]);
    out->values[0] = path;
    return path != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* ----------------------------------------------------------------------- a stack */

static const fr_hcl_block *find_backend(const fr_code_folder *folder, const char **type)
{
    for (size_t i = 0; i < folder->files.count; i++) {
        const fr_code_file *file = folder->files.items[i];
        const fr_hcl_block *terraform = fr_hcl_find(file->root, "terraform", NULL);
        for (; terraform != NULL; terraform = fr_hcl_next(terraform)) {
            const fr_hcl_block *backend = fr_hcl_find(terraform, "backend", NULL);
            const fr_hcl_block *cloud = fr_hcl_find(terraform, "cloud", NULL);
            *type = backend != NULL ? backend->labels[0] : "remote";
            if ((backend != NULL && *type != NULL) || cloud != NULL)
                return backend != NULL ? backend : cloud;
        }
    }
    return NULL;
}

static int32_t take_pair(const char *text, fr_state_place *out)
{
    const struct form *form = form_of(out->backend);
    const size_t length = strcspn(text, "=");

    for (size_t i = 0; form != NULL && i < FR_STATE_KEYS; i++) {
        if (form->keys[i] != NULL && strlen(form->keys[i]) == length &&
            memcmp(form->keys[i], text, length) == 0)
            return put(&out->values[i], text + length + 1);
    }
    return FRACTARY_OK;
}

/* A file that cannot be read leaves what is known as it is: running the stack
 * says what is wrong with it. */
static int32_t take_file(const char *directory, const char *name, fr_state_place *out)
{
    char *path = fr_path_absolute(directory, name);
    fr_hcl_block *root = NULL;
    fr_buf text = {0};
    int32_t status = path != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;

    if (status == FRACTARY_OK && fr_file_read(path, LARGEST_FILE, &text, NULL) == FRACTARY_OK &&
        fr_hcl_scan(fr_buf_text(&text), text.length, &root, NULL) == FRACTARY_E_NOMEM)
        status = FRACTARY_E_NOMEM;
    if (root != NULL)
        status = take_settings(root, NULL, out);
    fr_hcl_free(root);
    fr_buf_finish(&text);
    free(path);
    return status;
}

/* Later ones win, as for Terraform. */
static int32_t take_list(const fr_stack_code *code, fr_state_place *out)
{
    const fr_json *e = fr_json_first(fr_json_get(code->section, "backend_config"));
    int32_t status = FRACTARY_OK;

    for (; e != NULL && status == FRACTARY_OK; e = fr_json_next(e)) {
        const char *text = fr_json_string(e);
        if (text != NULL && strchr(text, '=') != NULL)
            status = take_pair(text, out);
        else if (text != NULL)
            status = take_file(code->directory, text, out);
    }
    return status;
}

int32_t fr_state_place_of_stack(const fr_stack_code *code, fr_state_place *out)
{
    const char *workspace = fr_json_get_string(code->section, "workspace");
    const char *type = "local";
    const fr_hcl_block *backend =
        code->folders.count > 0 ? find_backend(code->folders.items[0], &type) : NULL;

    *out = (fr_state_place){0};
    int32_t status = begin(backend != NULL ? type : "local", out);
    if (status == FRACTARY_OK)
        status = put(&out->workspace, workspace != NULL ? workspace : DEFAULT_WORKSPACE);
    if (status == FRACTARY_OK && backend != NULL)
        status = take_settings(backend, NULL, out);
    if (status == FRACTARY_OK)
        status = take_list(code, out);
    return status == FRACTARY_OK ? settle_local(code->directory, out) : status;
}

/* ------------------------------------------------------------------ a data source */

/* "${path.module}/../net/terraform.tfstate" is known, too. */
static int32_t take_path(const fr_hcl_block *data, const fr_code_base *base, fr_state_place *out)
{
    fr_hcl_token value;
    fr_buf text = {0};
    const char *written = NULL;
    int whole = 0;

    if (!fr_str_equal(out->backend, "local") || out->values[0] != NULL)
        return FRACTARY_OK;
    fr_code_setting(data, "config", "path", &value, &text);
    fr_buf_finish(&text);
    const size_t length = fr_code_string(&value, &written);
    char *path = length > 0 ? fr_code_path(written, length, base, &whole) : NULL;
    if (path != NULL && whole)
        out->values[0] = path;
    else
        free(path);
    return FRACTARY_OK;
}

int32_t fr_state_place_of_data(const fr_hcl_block *data, const fr_code_base *base,
                               fr_state_place *out)
{
    char *type = NULL;

    *out = (fr_state_place){0};
    int32_t status = fr_hcl_literal_of(data, "backend", &type);
    if (status == FRACTARY_OK)
        status = begin(type != NULL ? type : "", out);
    if (status == FRACTARY_OK)
        status = put(&out->workspace, DEFAULT_WORKSPACE);
    if (status == FRACTARY_OK)
        status = take_setting(data, NULL, "workspace", &out->workspace);
    if (status == FRACTARY_OK)
        status = take_settings(data, "config", out);
    if (status == FRACTARY_OK)
        status = take_path(data, base, out);
    free(type);
    return status == FRACTARY_OK ? settle_local(base->root, out) : status;
}

/* --------------------------------------------------------------------- comparison */

static int contradict(const char *a, const char *b)
{
    return a != NULL && b != NULL && !fr_str_equal(a, b);
}

fr_state_match fr_state_place_match(const fr_state_place *reader, const fr_state_place *owner)
{
    const struct form *form = form_of(reader->backend);
    const int local = fr_str_equal(reader->backend, "local");

    if (reader->backend[0] == '\0')
        return FR_STATE_UNKNOWN;
    if (!fr_str_equal(reader->backend, owner->backend))
        return FR_STATE_OTHER;
    if (!local && contradict(reader->workspace, owner->workspace))
        return FR_STATE_OTHER;
    for (size_t i = 0; i < FR_STATE_KEYS; i++) {
        if (contradict(reader->values[i], owner->values[i]))
            return FR_STATE_OTHER;
    }
    if (form == NULL || reader->values[last_key(form)] == NULL ||
        owner->values[last_key(form)] == NULL)
        return FR_STATE_UNKNOWN;
    return FR_STATE_SAME;
}

void fr_state_place_describe(const fr_state_place *place, const char *root, fr_buf *out)
{
    const struct form *form = form_of(place->backend);
    const char *value = form != NULL ? place->values[last_key(form)] : NULL;

    fr_buf_puts(out, place->backend[0] != '\0' ? place->backend : "a backend");
    if (value == NULL)
        return;
    char *shown = fr_path_relative(root, value);
    fr_buf_printf(out, " %s %s", form->keys[last_key(form)], shown != NULL ? shown : value);
    free(shown);
}
