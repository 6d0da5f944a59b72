#include "facts.h"

#include "folder.h"
#include "paths.h"

#include <fractary-plugin/hash.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT   (8u * 1024 * 1024)
#define FOLDER_LIMIT 500u

void fr_tf_facts_finish(fr_tf_facts *facts)
{
    fr_vec_finish(&facts->lines, free);
    fr_vec_finish(&facts->sources, free);
}

static void keep(fr_tf_facts *facts, fr_vec *vec, char *text)
{
    if (text != NULL && fr_vec_push(vec, text) == FRACTARY_OK)
        return;
    free(text);
    facts->failed = 1;
}

void fr_tf_fact(fr_tf_facts *facts, const char *format, ...)
{
    fr_buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    keep(facts, &facts->lines, fr_buf_steal(&text));
}

void fr_tf_fact_source(fr_tf_facts *facts, const char *module, const char *source)
{
    fr_tf_fact(facts, "module %s source %s", module, source);
    if (fr_str_starts(source, "./") || fr_str_starts(source, "../"))
        keep(facts, &facts->sources, fr_str_dup(source));
}

void fr_tf_fact_type(fr_tf_facts *facts, const char *type)
{
    fr_tf_fact(facts, "uses %.*s", (int)strcspn(type, "_"), type);
}

/* ----------------------------------------------------------------- folders */

static void read_code(const fr_tf *tf, const char *folder, const char *name, fr_tf_facts *facts)
{
    fr_buf text = {0};
    char *path = fr_str_format("%s/%s", folder, name);
    int32_t status =
        path == NULL ? FRACTARY_E_NOMEM : fr_tf_file_read(tf, path, FILE_LIMIT, &text, NULL);
    if (status != FRACTARY_OK)
        fr_tf_fact(facts, "unreadable %s", name);
    else if (fr_tf_is_json_code(name))
        fr_tf_facts_json(facts, fr_buf_text(&text), text.length);
    else
        fr_tf_facts_hcl(facts, fr_buf_text(&text), text.length);
    fr_buf_finish(&text);
    free(path);
}

static void read_folder(const fr_tf *tf, const char *relative, fr_tf_facts *facts)
{
    fr_vec names = {0};
    char *folder = fr_str_format("%s/%s", tf->settings.root, relative);
    if (folder == NULL || fr_tf_folder_list(tf, folder, fr_tf_is_code, &names, NULL) != FRACTARY_OK)
        fr_tf_fact(facts, "unreadable folder %s", relative);
    for (size_t i = 0; i < names.count; i++)
        read_code(tf, folder, names.items[i], facts);
    fr_vec_finish(&names, free);
    free(folder);
}

static int is_known(const fr_vec *folders, const char *folder)
{
    for (size_t i = 0; i < folders->count; i++)
        if (fr_str_equal(folders->items[i], folder))
            return 1;
    return 0;
}

/* Puts the local modules that `folder` names behind those that are to be read,
 * each once: modules may not, but a typo can, lead in a circle. */
static void queue_sources(fr_tf_facts *facts, const char *folder, fr_vec *folders)
{
    for (size_t i = 0; i < facts->sources.count && folders->count < FOLDER_LIMIT; i++) {
        char *path = fr_tf_path_join(folder, facts->sources.items[i]);
        if (path != NULL && (fr_tf_path_escapes(path) || is_known(folders, path)))
            free(path);
        else
            keep(facts, folders, path);
    }
    fr_vec_finish(&facts->sources, free);
}

void fr_tf_facts_collect(const fr_tf *tf, const char *folder, fr_tf_facts *facts)
{
    fr_vec folders = {0};
    keep(facts, &folders, fr_str_dup(folder));
    for (size_t i = 0; i < folders.count; i++) {
        fr_tf_fact(facts, "folder %s", (const char *)folders.items[i]);
        read_folder(tf, folders.items[i], facts);
        queue_sources(facts, folders.items[i], &folders);
    }
    fr_vec_finish(&folders, free);
}
