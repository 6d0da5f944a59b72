#include "paths.h"

#include <fractary-plugin/buf.h>
#include <fractary-plugin/str.h>
#include <string.h>

/* Removes the last component of `out`; zero when there is none but "..". */
static int drop_component(fr_buf *out)
{
    if (out->length == 0 || fr_str_equal(out->data, "..") || fr_str_ends(out->data, "/.."))
        return 0;
    char *slash = strrchr(out->data, '/');
    out->length = slash == NULL ? 0 : (size_t)(slash - out->data);
    out->data[out->length] = '\0';
    return 1;
}

static void add_component(fr_buf *out, const char *name, size_t length)
{
    if (length == 0 || (length == 1 && *name == '.'))
        return;
    if (length == 2 && strncmp(name, "..", 2) == 0 && drop_component(out))
        return;
    if (out->length > 0)
        fr_buf_putc(out, '/');
    fr_buf_append(out, name, length);
}

static void add_components(fr_buf *out, const char *path)
{
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        add_component(out, path, length);
        path += length + (path[length] == '/');
    }
}

char *fr_tf_path_join(const char *folder, const char *path)
{
    if (*path == '/')
        return fr_str_dup(path);
    fr_buf out = {0};
    add_components(&out, folder);
    add_components(&out, path);
    return fr_buf_steal(&out);
}

int fr_tf_path_escapes(const char *path)
{
    return *path == '/' || fr_str_equal(path, "..") || fr_str_starts(path, "../");
}

const char *fr_tf_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}
