#include "project/git_remote.h"

#include "base/file.h"
#include "base/path.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LARGEST_CONFIG  (1024u * 1024)
#define LARGEST_POINTER 4096u

/* -------------------------------------------------------------------- folders */

/* One if the folder has a .git, zero if not, FRACTARY_E_NOMEM. */
static int32_t has_git(const char *folder)
{
    char *git = fr_path_join(folder, ".git");
    const int32_t has = git != NULL ? fr_file_exists(git) != 0 : FRACTARY_E_NOMEM;

    free(git);
    return has;
}

int32_t fr_git_root(const char *start, char **root)
{
    char *folder = fr_str_dup(start);
    int32_t has = FRACTARY_E_NOMEM;

    *root = NULL;
    while (folder != NULL && (has = has_git(folder)) == 0) {
        const int top = fr_str_equal(folder, "/");
        char *parent = top ? NULL : fr_path_parent(folder);
        has = top ? 0 : FRACTARY_E_NOMEM;
        free(folder);
        folder = parent;
    }
    if (has == 1)
        *root = folder;
    else
        free(folder);
    return has < 0 ? has : FRACTARY_OK;
}

/* *target: `folder`, or where the first line of the file leads to, which stands
 * behind `prefix`. */
static int32_t follow(const char *folder, const char *path, const char *prefix, char **target)
{
    fr_buf text = {0};
    const int32_t status = fr_file_read(path, LARGEST_POINTER, &text, NULL);

    if (status == FRACTARY_OK && fr_str_starts(fr_buf_text(&text), prefix)) {
        const char *at = fr_buf_text(&text) + strlen(prefix);
        char *pointer = fr_str_ndup(at, strcspn(at, "\r\n"));
        *target = pointer != NULL ? fr_path_absolute(folder, pointer) : NULL;
        free(pointer);
    } else {
        *target = status == FRACTARY_E_NOMEM ? NULL : fr_str_dup(folder);
    }
    fr_buf_finish(&text);
    return *target != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* The repository's `config`: in .git itself, or for a worktree where the files
 * "gitdir:" and "commondir" lead to. NULL without memory. */
static char *config_path(const char *root)
{
    char *git = fr_path_join(root, ".git");
    char *own = NULL;
    char *common = NULL;
    char *pointer = NULL;
    char *path = NULL;

    if (git != NULL && fr_file_is_folder(git))
        own = fr_str_dup(git);
    else if (git != NULL && follow(root, git, "gitdir: ", &own) != FRACTARY_OK)
        own = NULL;
    if (own != NULL)
        pointer = fr_path_join(own, "commondir");
    if (pointer != NULL && follow(own, pointer, "", &common) == FRACTARY_OK)
        path = fr_path_join(common, "config");
    free(pointer);
    free(common);
    free(own);
    free(git);
    return path;
}

/* --------------------------------------------------------------------- config */

/* Reading of git's own INI form. */
struct reading {
    const char *at, *end;
    int remote;    /* in a [remote "…"] section              */
    int origin;    /* and that is "origin"                   */
    fr_buf chosen; /* address so far                         */
    int is_origin; /* and it is origin's: no other beats it  */
    int failed;    /* memory ran out                        */
};

static void skip_blanks(struct reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

static void skip_line(struct reading *r)
{
    const char *feed = memchr(r->at, '\n', (size_t)(r->end - r->at));

    r->at = feed != NULL ? feed + 1 : r->end;
}

/* [remote "origin"], also the old [remote.origin]; stops behind the bracket. */
static void read_section(struct reading *r)
{
    fr_buf section = {0};
    fr_buf name = {0};

    for (r->at++; r->at < r->end && *r->at != '"' && *r->at != ']' && *r->at != '\n'; r->at++)
        fr_buf_putc(&section, *r->at);
    if (r->at < r->end && *r->at == '"') {
        for (r->at++; r->at < r->end && *r->at != '"' && *r->at != '\n'; r->at++) {
            if (*r->at == '\\' && r->at + 1 < r->end)
                r->at++;
            fr_buf_putc(&name, *r->at);
        }
        while (r->at < r->end && *r->at != ']' && *r->at != '\n')
            r->at++;
    }
    const char *text = fr_buf_text(&section);
    const size_t length = strcspn(text, " \t.");
    r->remote = length == 6 && strncasecmp(text, "remote", 6) == 0;
    r->origin = r->remote && (fr_str_equal(fr_buf_text(&name), "origin") ||
                              fr_str_equal_nocase(text, "remote.origin"));
    /* Git refuses a file with such a section; here it is nobody's. */
    if (r->at == r->end || *r->at != ']')
        r->remote = r->origin = 0;
    else
        r->at++;
    r->failed |= section.failed | name.failed;
    fr_buf_finish(&section);
    fr_buf_finish(&name);
}

static const char *escaped(char c)
{
    static const struct {
        char letter;
        const char *text;
    } escapes[] = {{'n', "\n"}, {'t', "\t"}, {'b', "\b"}, {'"', "\""}, {'\\', "\\"}, {'\n', ""}};

    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (escapes[i].letter == c)
            return escapes[i].text;
    }
    return "";
}

/* To the end of the value: quotes protect comment signs and blanks, a
 * backslash at the end of a line goes on with the next one. */
static void read_value(struct reading *r, fr_buf *value)
{
    int quoted = 0;
    size_t kept = 0; /* length without blanks at the end */

    for (; r->at < r->end && *r->at != '\n'; r->at++) {
        const char c = *r->at;
        if (!quoted && (c == '#' || c == ';'))
            break;
        if (c == '"') {
            quoted = !quoted;
            continue;
        }
        if (c == '\\' && r->at + 1 < r->end)
            fr_buf_puts(value, escaped(*++r->at));
        else
            fr_buf_putc(value, c);
        if (quoted || (c != ' ' && c != '\t' && c != '\r'))
            kept = value->length;
    }
    if (value->data != NULL && !value->failed) {
        value->length = kept;
        value->data[kept] = '\0';
    }
}

static void read_setting(struct reading *r)
{
    const char *name = r->at;
    fr_buf value = {0};

    while (r->at < r->end && strchr(" \t\r\n=#;", *r->at) == NULL)
        r->at++;
    const int is_url = r->at - name == 3 && strncasecmp(name, "url", 3) == 0;
    skip_blanks(r);
    if (r->at < r->end && *r->at == '=') {
        r->at++;
        skip_blanks(r);
        read_value(r, &value);
    }
    r->failed |= value.failed;
    if (is_url && r->remote && value.length > 0 &&
        (r->origin || (!r->is_origin && r->chosen.length == 0))) {
        fr_buf_wipe(&r->chosen);
        r->chosen = value;
        r->is_origin = r->origin;
    } else {
        fr_buf_wipe(&value);
    }
    skip_line(r);
}

static void read_config(struct reading *r)
{
    while (r->at < r->end) {
        skip_blanks(r);
        if (r->at == r->end)
            break;
        if (*r->at == '[')
            read_section(r);
        else if (strchr("\n#;", *r->at) != NULL)
            skip_line(r);
        else
            read_setting(r);
    }
}

int32_t fr_git_remote_url(const char *root, fr_buf *url)
{
    char *path = config_path(root);
    fr_buf text = {0};
    struct reading reading = {0};
    int32_t status =
        path != NULL ? fr_file_read(path, LARGEST_CONFIG, &text, NULL) : FRACTARY_E_NOMEM;

    if (status == FRACTARY_OK) {
        reading.at = fr_buf_text(&text);
        reading.end = reading.at + text.length;
        read_config(&reading);
        fr_buf_puts(url, fr_buf_text(&reading.chosen));
    }
    if (reading.failed || url->failed)
        status = FRACTARY_E_NOMEM;
    fr_buf_wipe(&reading.chosen);
    fr_buf_wipe(&text);
    free(path);
    return status == FRACTARY_E_NOMEM ? status : FRACTARY_OK;
}

/* -------------------------------------------------------------------- address */

/* The path of an address; *local when it is one of this machine. */
static const char *path_of(const char *url, int *local)
{
    const char *scheme = strstr(url, "://");
    const char *colon = strchr(url, ':');
    const char *slash = strchr(url, '/');

    *local = 0;
    if (scheme != NULL) {
        *local = strncasecmp(url, "file:", 5) == 0;
        const char *path = strchr(scheme + 3, '/');
        return path != NULL ? path + 1 : "";
    }
    if (colon != NULL && (slash == NULL || colon < slash))
        return colon + 1;
    *local = 1;
    return url;
}

/* Folders that some servers put before the owner. */
static const char *skip_prefix(const char *path)
{
    static const char *const prefixes[] = {"scm/", "v3/", "git/"};

    path += strspn(path, "/~");
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const char *rest = path + strlen(prefixes[i]);
        if (fr_str_starts(path, prefixes[i]) && strchr(rest, '/') != NULL)
            return rest + strspn(rest, "/~");
    }
    return path;
}

/* A name that may go into a configuration: no part of an address with a user
 * or a secret in it, nothing to encode. */
static int is_plain(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)name[i];
        if (c <= 0x20 || c == 0x7F || strchr("@:%?#\"\\", c) != NULL)
            return 0;
    }
    return length > 0 && length <= 200 && fr_str_is_utf8(name, length);
}

static size_t length_of(const char *path)
{
    size_t length = strcspn(path, "?#");

    while (length > 0 && path[length - 1] == '/')
        length--;
    if (length > 4 && memcmp(path + length - 4, ".git", 4) == 0)
        length -= 4;
    while (length > 0 && path[length - 1] == '/')
        length--;
    return length;
}

int fr_git_split_url(const char *url, fr_buf *owner, fr_buf *name)
{
    int local;
    const char *path = skip_prefix(path_of(url, &local));
    const size_t length = length_of(path);
    size_t last = length;

    while (last > 0 && path[last - 1] != '/')
        last--;
    if (!is_plain(path + last, length - last))
        return 0;
    fr_buf_append(name, path + last, length - last);
    const size_t first = strcspn(path, "/");
    if (!local && first < length && is_plain(path, first))
        fr_buf_append(owner, path, first);
    return 1;
}
