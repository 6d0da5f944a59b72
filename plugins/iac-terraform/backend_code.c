#include "backend_code.h"

#include "folder.h"
#include "hcl.h"

#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT (8u * 1024 * 1024)

/* The backend while it is gathered. */
typedef struct found {
    fr_json *config;
    char *type; /* NULL: there is no block */
    int failed;
} found;

static void take_type(found *f, const char *text, size_t length)
{
    free(f->type);
    f->type = fr_str_ndup(text, length);
    f->failed |= f->type == NULL;
}

/* -------------------------------------------------------------------- as HCL */

static int is_plain(const fr_hcl_piece *piece)
{
    return piece->kind == FR_HCL_STRING && piece->length >= 2 &&
           memchr(piece->text, '$', piece->length) == NULL &&
           memchr(piece->text, '\\', piece->length) == NULL;
}

static void take_value(found *f, const fr_hcl_piece *name, const fr_hcl_piece *value)
{
    char *key = fr_str_ndup(name->text, name->length);
    char *text = fr_str_ndup(value->text + 1, value->length - 2);
    f->failed |= key == NULL || text == NULL ||
                 fr_json_set_string(f->config, key, text) != FRACTARY_OK;
    free(key);
    free(text);
}

/* `name = "text"` at depth 0 up to the closing brace or the end. */
static void take_values(found *f, fr_hcl *hcl)
{
    fr_hcl_piece last[2] = {{.kind = FR_HCL_END}, {.kind = FR_HCL_END}};
    for (int depth = 0; depth >= 0;) {
        fr_hcl_piece piece = fr_hcl_next(hcl);
        if (piece.kind == FR_HCL_END)
            return;
        depth += piece.kind == FR_HCL_OPEN;
        depth -= piece.kind == FR_HCL_CLOSE;
        if (depth == 0 && is_plain(&piece) && last[0].kind == FR_HCL_WORD &&
            fr_hcl_is(&last[1], "="))
            take_value(f, &last[0], &piece);
        last[0] = last[1];
        last[1] = piece;
    }
}

/* Inside `terraform {`: the blocks directly in it. */
static void take_settings(found *f, fr_hcl *hcl)
{
    fr_hcl_piece last[2] = {{.kind = FR_HCL_END}, {.kind = FR_HCL_END}};
    for (int depth = 1; depth > 0;) {
        fr_hcl_piece piece = fr_hcl_next(hcl);
        if (piece.kind == FR_HCL_END)
            return;
        int opens = piece.kind == FR_HCL_OPEN;
        if (opens && depth == 1 && fr_hcl_is(&last[0], "backend") &&
            last[1].kind == FR_HCL_STRING && last[1].length > 2) {
            take_type(f, last[1].text + 1, last[1].length - 2);
            take_values(f, hcl);
        } else if (opens && depth == 1 && fr_hcl_is(&last[1], "cloud")) {
            take_type(f, "cloud", strlen("cloud"));
            depth++;
        } else {
            depth += opens;
            depth -= piece.kind == FR_HCL_CLOSE;
        }
        last[0] = last[1];
        last[1] = piece;
    }
}

static void take_hcl(found *f, const char *text, size_t length)
{
    fr_hcl hcl = {.next = text, .end = text + length};
    fr_hcl_piece last = {.kind = FR_HCL_END};
    for (int depth = 0;;) {
        fr_hcl_piece piece = fr_hcl_next(&hcl);
        if (piece.kind == FR_HCL_END)
            return;
        int opens = piece.kind == FR_HCL_OPEN;
        if (opens && depth == 0 && fr_hcl_is(&last, "terraform")) {
            take_settings(f, &hcl);
        } else {
            depth += opens;
            depth -= piece.kind == FR_HCL_CLOSE && depth > 0;
        }
        last = piece;
    }
}

/* ------------------------------------------------------------------- as JSON */

/* A block may stand in an array of one. */
static const fr_json *only(const fr_json *value)
{
    return fr_json_kind_of(value) == FR_JSON_ARRAY ? fr_json_first(value) : value;
}

static void take_json_settings(found *f, const fr_json *settings)
{
    const fr_json *backend = fr_json_first(only(fr_json_get(settings, "backend")));
    if (fr_json_get(settings, "cloud") != NULL)
        take_type(f, "cloud", strlen("cloud"));
    if (backend == NULL || fr_json_key(backend) == NULL)
        return;
    take_type(f, fr_json_key(backend), strlen(fr_json_key(backend)));
    if (fr_json_kind_of(only(backend)) == FR_JSON_OBJECT)
        f->failed |= fr_json_merge(f->config, only(backend)) != FRACTARY_OK;
}

static void take_json(found *f, const char *text, size_t length)
{
    fr_json *root = fr_json_parse(text, length, NULL);
    const fr_json *settings = fr_json_get(root, "terraform");
    if (fr_json_kind_of(settings) == FR_JSON_OBJECT)
        take_json_settings(f, settings);
    for (const fr_json *e = fr_json_kind_of(settings) == FR_JSON_ARRAY ? fr_json_first(settings)
                                                                       : NULL;
         e != NULL; e = fr_json_next(e))
        take_json_settings(f, e);
    fr_json_free(root);
}

/* ------------------------------------------------------------------ together */

static void take_file(const fr_tf *tf, const char *name,
                      void (*take)(found *f, const char *text, size_t length), found *f)
{
    fr_buf text = {0};
    char *path =
        *name == '/' ? fr_str_dup(name) : fr_str_format("%s/%s", tf->settings.directory, name);
    f->failed |= path == NULL;
    if (path != NULL && fr_tf_file_read(tf, path, FILE_LIMIT, &text, NULL) == FRACTARY_OK)
        take(f, fr_buf_text(&text), text.length);
    fr_buf_wipe(&text); /* settings of a backend may hold keys */
    free(path);
}

static void take_settings_file(found *f, const char *text, size_t length)
{
    fr_hcl hcl = {.next = text, .end = text + length};
    take_values(f, &hcl);
}

/* What the configuration gives for a partial backend. */
static void take_configured(const fr_tf *tf, found *f)
{
    const fr_json *list = tf->settings.backend_config;
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        const char *text = fr_json_string(e);
        const char *equals = text != NULL ? strchr(text, '=') : NULL;
        if (text != NULL && equals == NULL)
            take_file(tf, text, take_settings_file, f);
        if (equals == NULL)
            continue;
        char *key = fr_str_ndup(text, (size_t)(equals - text));
        f->failed |= key == NULL || fr_json_set_string(f->config, key, equals + 1) != FRACTARY_OK;
        free(key);
    }
}

static void take_code(const fr_tf *tf, found *f)
{
    fr_vec names = {0};
    (void)fr_tf_folder_list(tf, tf->settings.directory, fr_tf_is_code, &names, NULL);
    for (size_t i = 0; i < names.count; i++)
        take_file(tf, names.items[i], fr_tf_is_json_code(names.items[i]) ? take_json : take_hcl,
                  f);
    fr_vec_finish(&names, free);
}

static fr_json *as_kept(found *f)
{
    fr_json *root = fr_json_object();
    fr_json *backend = f->type != NULL ? fr_json_object() : NULL;
    if (backend == NULL) {
        fr_json_free(f->config);
        f->config = NULL;
        f->failed |= f->type != NULL;
        return root;
    }
    f->failed |= fr_json_set_string(backend, "type", f->type);
    f->failed |= fr_json_set(backend, "config", f->config);
    f->failed |= fr_json_set(root, "backend", backend);
    f->config = NULL;
    return root;
}

int32_t fr_tf_backend_of_code(const fr_tf *tf, fr_json **out, fractary_error *error)
{
    found f = {.config = fr_json_object()};
    f.failed = f.config == NULL;
    take_code(tf, &f);
    if (f.type != NULL)
        take_configured(tf, &f);
    *out = as_kept(&f);
    free(f.type);
    if (*out != NULL && !f.failed)
        return FRACTARY_OK;
    fr_json_free(*out);
    *out = NULL;
    return fr_error_nomem(error);
}

int fr_tf_backend_in_code(const fr_tf *tf)
{
    fr_json *code = NULL;
    int32_t status = fr_tf_backend_of_code(tf, &code, NULL);
    int there = status != FRACTARY_OK || fr_json_get(code, "backend") != NULL;
    fr_json_free(code);
    return there;
}
