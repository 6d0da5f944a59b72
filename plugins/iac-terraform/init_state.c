#include "init_state.h"

#include "command.h"
#include "facts.h"
#include "folder.h"
#include "tool.h"

#include <fractary-plugin/hash.h>
#include <stdlib.h>
#include <string.h>

#define STAMP_LIMIT (1024u * 1024)
#define FILE_LIMIT  (8u * 1024 * 1024)
#define LOCK_FILE   ".terraform.lock.hcl"

/* -------------------------------------------------------------------- hash */

/* A file's hash as a fact; a file that is not there is a fact, too. */
static void add_file(const fr_tf *tf, const char *name, fr_tf_facts *facts)
{
    fr_buf text = {0};
    char digest[FR_SHA256_HEX] = "none";
    char *path =
        *name == '/' ? fr_str_dup(name) : fr_str_format("%s/%s", tf->settings.directory, name);
    facts->failed |= path == NULL;
    if (path != NULL && fr_tf_file_read(tf, path, FILE_LIMIT, &text, NULL) == FRACTARY_OK)
        facts->failed |= fr_sha256_hex(fr_buf_text(&text), text.length, digest) != FRACTARY_OK;
    fr_tf_fact(facts, "file %s %s", name, digest);
    fr_buf_finish(&text);
    free(path);
}

static void add_backend_config(const fr_tf *tf, fr_tf_facts *facts)
{
    const fr_json *list = tf->settings.backend_config;
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        const char *text = fr_json_string(e);
        if (text != NULL && strchr(text, '=') != NULL)
            fr_tf_fact(facts, "backend %s", text);
        else if (text != NULL)
            add_file(tf, text, facts);
    }
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Order and repetition of facts mean nothing: a block may move to another
 * file. */
static int32_t hash_lines(const fr_vec *lines, char digest[FR_SHA256_HEX])
{
    fr_buf text = {0};
    for (size_t i = 0; i < lines->count; i++)
        if (i == 0 || !fr_str_equal(lines->items[i], lines->items[i - 1]))
            fr_buf_printf(&text, "%s\n", (const char *)lines->items[i]);
    int32_t status =
        text.failed ? FRACTARY_E_NOMEM : fr_sha256_hex(fr_buf_text(&text), text.length, digest);
    fr_buf_wipe(&text); /* backend_config may hold a secret */
    return status;
}

static int32_t hash_now(const fr_tf *tf, const char *data_dir, char digest[FR_SHA256_HEX],
                        fractary_error *error)
{
    const char *workspace = tf->settings.workspace;
    fr_tf_facts facts = {0};
    fr_tf_fact(&facts, "plugin %s", FR_TF_VERSION);
    fr_tf_fact(&facts, "tool %s", tf->tool.path);
    fr_tf_fact(&facts, "data %s", data_dir);
    fr_tf_fact(&facts, "workspace %s", workspace != NULL ? workspace : "");
    add_file(tf, LOCK_FILE, &facts);
    add_backend_config(tf, &facts);
    fr_tf_facts_collect(tf, tf->settings.folder, &facts);
    fr_vec_sort(&facts.lines, compare_lines);
    int32_t status = facts.failed ? FRACTARY_E_NOMEM : hash_lines(&facts.lines, digest);
    fr_tf_facts_finish(&facts);
    if (status == FRACTARY_OK)
        return FRACTARY_OK;
    return status == FRACTARY_E_NOMEM ? fr_error_nomem(error)
                                      : fr_error_set(error, status, "cannot hash the code");
}

/* ------------------------------------------------------------------- stamp */

static char *stamp_path(const fr_tf *tf, const char *data_dir)
{
    return fr_str_format("%s/%s.json", tf->data, data_dir);
}

static fr_json *read_stamp(const fr_tf *tf, const char *data_dir)
{
    char *path = stamp_path(tf, data_dir);
    fr_buf text = {0};
    fr_json *stamp = NULL;
    if (path != NULL && fr_tf_file_read(tf, path, STAMP_LIMIT, &text, NULL) == FRACTARY_OK)
        stamp = fr_json_parse(fr_buf_text(&text), text.length, NULL);
    fr_buf_finish(&text);
    free(path);
    return stamp;
}

static int32_t write_stamp(const fr_tf *tf, const char *data_dir, const fr_json *stamp,
                           fractary_error *error)
{
    char *path = stamp_path(tf, data_dir);
    fr_buf text = {0};
    int32_t status = fr_json_print(stamp, &text);
    if (path == NULL || status != FRACTARY_OK)
        status = fr_error_nomem(error);
    else
        status = tf->files->write(tf->files, path, fr_buf_text(&text), text.length, error);
    fr_buf_finish(&text);
    free(path);
    return status;
}

/* What lies in the tool's data folder: providers, modules, terraform.tfstate. */
static void list_made(const fr_tf *tf, const char *data_dir, fr_vec *names)
{
    char *folder = fr_str_format("%s/%s", tf->data, data_dir);
    if (folder != NULL) /* a module without any of these leaves no folder */
        (void)fr_tf_folder_list(tf, folder, NULL, names, NULL);
    free(folder);
}

static int contains(const fr_vec *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (fr_str_equal(names->items[i], name))
            return 1;
    return 0;
}

static int all_still_there(const fr_tf *tf, const char *data_dir, const fr_json *made)
{
    fr_vec names = {0};
    int there = fr_json_kind_of(made) == FR_JSON_ARRAY;
    list_made(tf, data_dir, &names);
    for (const fr_json *e = fr_json_first(made); e != NULL && there; e = fr_json_next(e))
        there = contains(&names, fr_json_string(e));
    fr_vec_finish(&names, free);
    return there;
}

/* ---------------------------------------------------------------- interface */

int32_t fr_tf_init_needed(const fr_tf *tf, const char *data_dir, int *needed, fractary_error *error)
{
    *needed = 1;
    fr_json *stamp = read_stamp(tf, data_dir);
    const char *known = fr_json_get_string(stamp, "hash");
    int32_t status = FRACTARY_OK;
    if (known != NULL && all_still_there(tf, data_dir, fr_json_get(stamp, "made"))) {
        char digest[FR_SHA256_HEX];
        status = hash_now(tf, data_dir, digest, error);
        *needed = status == FRACTARY_OK && !fr_str_equal(known, digest);
    }
    fr_json_free(stamp);
    return status;
}

static fr_json *new_stamp(const fr_tf *tf, const char *data_dir, const char *digest)
{
    fr_vec names = {0};
    fr_json *stamp = fr_json_object();
    fr_json *made = fr_json_array();
    list_made(tf, data_dir, &names);
    int32_t failed = FRACTARY_OK;
    for (size_t i = 0; i < names.count; i++)
        failed |= fr_json_add_string(made, names.items[i]);
    fr_vec_finish(&names, free);
    failed |= fr_json_set_string(stamp, "tool_version", tf->tool.version);
    failed |= fr_json_set_string(stamp, "hash", digest);
    failed |= fr_json_set(stamp, "made", made);
    if (failed == FRACTARY_OK)
        return stamp;
    fr_json_free(stamp);
    return NULL;
}

int32_t fr_tf_init_remember(const fr_tf *tf, const char *data_dir, fractary_error *error)
{
    char digest[FR_SHA256_HEX];
    int32_t status = hash_now(tf, data_dir, digest, error);
    if (status != FRACTARY_OK)
        return status;
    fr_json *stamp = new_stamp(tf, data_dir, digest);
    status = stamp == NULL ? fr_error_nomem(error) : write_stamp(tf, data_dir, stamp, error);
    fr_json_free(stamp);
    return status;
}

int32_t fr_tf_init_forget(const fr_tf *tf, const char *data_dir, fractary_error *error)
{
    fr_json *stamp = read_stamp(tf, data_dir);
    int32_t status = FRACTARY_OK;
    if (stamp != NULL) { /* without one there is nothing to forget */
        fr_json *none = fr_json_object();
        status = none == NULL ? fr_error_nomem(error) : write_stamp(tf, data_dir, none, error);
        fr_json_free(none);
    }
    fr_json_free(stamp);
    return status;
}
