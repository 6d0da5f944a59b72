#include "folder.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_LIMIT 10000u

typedef struct listing {
    int (*wanted)(const char *name);
    fr_vec *names;
} listing;

int fr_tf_is_json_code(const char *name)
{
    return fr_str_ends(name, ".tf.json") || fr_str_ends(name, ".tofu.json");
}

int fr_tf_is_code(const char *name)
{
    return *name != '.' &&
           (fr_str_ends(name, ".tf") || fr_str_ends(name, ".tofu") || fr_tf_is_json_code(name));
}

static int32_t keep_name(listing *list, const char *name)
{
    if (name == NULL || (list->wanted != NULL && !list->wanted(name)))
        return FRACTARY_OK;
    if (list->names->count >= ENTRY_LIMIT)
        return FRACTARY_E_LIMIT;
    char *copy = fr_str_dup(name);
    if (copy == NULL || fr_vec_push(list->names, copy) != FRACTARY_OK) {
        free(copy);
        return FRACTARY_E_NOMEM;
    }
    return FRACTARY_OK;
}

static int32_t take_entry(void *context, const char *json, uint64_t length)
{
    fr_json *entry = fr_json_parse(json, (size_t)length, NULL);
    if (entry == NULL) /* a name that is not UTF-8 cannot be ours */
        return FRACTARY_OK;
    int32_t status = keep_name(context, fr_json_get_string(entry, "name"));
    fr_json_free(entry);
    return status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

int32_t fr_tf_folder_list(const fr_tf *tf, const char *folder, int (*wanted)(const char *name),
                          fr_vec *names, fractary_error *error)
{
    listing list = {.wanted = wanted, .names = names};
    fractary_sink sink = {.context = &list, .emit = take_entry};
    int32_t status = tf->files->list(tf->files, folder, &sink, error);
    if (status == FRACTARY_OK)
        fr_vec_sort(names, compare_names);
    return status;
}

int32_t fr_tf_folder_has_code(const fr_tf *tf, const char *folder, int *found,
                              fractary_error *error)
{
    fr_vec names = {0};
    int32_t status = fr_tf_folder_list(tf, folder, fr_tf_is_code, &names, error);
    *found = names.count > 0;
    fr_vec_finish(&names, free);
    return status;
}

int32_t fr_tf_file_read(const fr_tf *tf, const char *path, uint64_t limit, fr_buf *out,
                        fractary_error *error)
{
    fractary_sink sink = fr_buf_sink(out);
    return tf->files->read(tf->files, path, limit, &sink, error);
}
