#include "base/path.h"

#include <fractary-plugin/buf.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

char *fr_path_join(const char *folder, const char *name)
{
    if (name[0] == '/' || folder[0] == '\0')
        return fr_str_dup(name);
    if (name[0] == '\0')
        return fr_str_dup(folder);
    fr_buf path = {0};
    fr_buf_reserve(&path, strlen(folder) + 1 + strlen(name));
    fr_buf_puts(&path, folder);
    if (!fr_str_ends(folder, "/"))
        fr_buf_putc(&path, '/');
    fr_buf_puts(&path, name);
    return fr_buf_steal(&path);
}

/* Length without slashes at the end, other than a first one. */
static size_t trim_slashes(const char *path, size_t length)
{
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

char *fr_path_parent(const char *path)
{
    size_t length = trim_slashes(path, strlen(path));

    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length == 0)
        return fr_str_dup(".");
    return fr_str_ndup(path, trim_slashes(path, length));
}

const char *fr_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* -------------------------------------------------------------- normal form */

/* Takes the last component away again; zero where there is none to take: at
 * the root, or behind a "..". `root` is the length that must stay. */
static int drop_component(fr_buf *out, size_t root)
{
    size_t start = out->length;

    while (start > root && out->data[start - 1] != '/')
        start--;
    if (out->length == root || fr_str_equal(out->data + start, ".."))
        return 0;
    out->length = start > root ? start - 1 : root;
    out->data[out->length] = '\0';
    return 1;
}

static void add_component(fr_buf *out, size_t root, const char *name, size_t length)
{
    if (length == 0 || (length == 1 && name[0] == '.'))
        return;
    if (length == 2 && name[0] == '.' && name[1] == '.') {
        if (drop_component(out, root) || root > 0)
            return;
    }
    if (out->length > root)
        fr_buf_putc(out, '/');
    fr_buf_append(out, name, length);
}

/* By text alone: no ".", no double slash, ".." only at the beginning of a
 * relative path. Empty for a relative path that leads nowhere. */
static int32_t normalise(const char *path, fr_buf *out)
{
    const size_t root = path[0] == '/' ? 1 : 0;

    fr_buf_append(out, "/", root);
    while (*path != '\0' && !out->failed) {
        const size_t length = strcspn(path, "/");
        add_component(out, root, path, length);
        path += length;
        path += *path == '/';
    }
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

char *fr_path_absolute(const char *base, const char *path)
{
    fr_buf out = {0};
    char *joined = fr_path_join(base, path);

    if (joined == NULL || normalise(joined, &out) != FRACTARY_OK)
        out.failed = 1;
    free(joined);
    return fr_buf_steal(&out);
}

/* What remains of `path` behind `folder`: "" when they are the same, NULL when
 * it does not lie below. Both normalised. */
static const char *rest_below(const char *folder, const char *path)
{
    const size_t length = strlen(folder);

    if ((folder[0] == '/') != (path[0] == '/') || strncmp(folder, path, length) != 0)
        return NULL;
    if (length == 0 || folder[length - 1] == '/' || path[length] == '\0')
        return path + length;
    return path[length] == '/' ? path + length + 1 : NULL;
}

/* Of relative paths: "../.." begins with ".." but lies above it. */
static int climbs(const char *rest)
{
    return fr_str_equal(rest, "..") || fr_str_starts(rest, "../");
}

/* FRACTARY_OK with `rest` set as rest_below() says, for the caller to free(). */
static int32_t find_rest(const char *folder, const char *path, char **rest)
{
    fr_buf outer = {0};
    fr_buf inner = {0};
    int32_t status = normalise(folder, &outer);

    *rest = NULL;
    if (status == FRACTARY_OK)
        status = normalise(path, &inner);
    if (status == FRACTARY_OK) {
        const char *found = rest_below(fr_buf_text(&outer), fr_buf_text(&inner));
        if (found != NULL && !climbs(found)) {
            *rest = fr_str_dup(found);
            status = *rest != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
        }
    }
    fr_buf_finish(&outer);
    fr_buf_finish(&inner);
    return status;
}

char *fr_path_relative(const char *base, const char *path)
{
    char *rest;

    if (find_rest(base, path, &rest) != FRACTARY_OK)
        return NULL;
    if (rest == NULL)
        return fr_str_dup(path);
    if (rest[0] != '\0')
        return rest;
    free(rest);
    return fr_str_dup(".");
}

int fr_path_is_below(const char *folder, const char *path)
{
    char *rest;
    const int below = find_rest(folder, path, &rest) == FRACTARY_OK && rest != NULL;

    free(rest);
    return below;
}

int fr_path_really_below(const char *folder, const char *path)
{
    char *outer = realpath(folder, NULL);
    char *inner = realpath(path, NULL);
    int below = 0;

    if (outer != NULL && inner != NULL) {
        const char *rest = rest_below(outer, inner);
        below = rest != NULL && rest[0] != '\0';
    }
    free(outer);
    free(inner);
    return below;
}

/* -------------------------------------------------------------------- others */

char *fr_path_expand_home(const char *path, const char *home)
{
    if (home == NULL || path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
        return fr_str_dup(path);
    return path[1] == '\0' ? fr_str_dup(home) : fr_path_join(home, path + 2);
}

int fr_path_is_component(const char *name)
{
    size_t length = 0;

    if (name == NULL || fr_str_equal(name, "") || fr_str_equal(name, ".") ||
        fr_str_equal(name, ".."))
        return 0;
    for (; name[length] != '\0'; length++) {
        const unsigned char c = (unsigned char)name[length];
        if (c == '/' || c < 0x20 || c == 0x7F)
            return 0;
    }
    return length <= 255;
}
