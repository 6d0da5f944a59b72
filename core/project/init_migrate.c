#include "project/init_migrate.h"

#include "base/file.h"
#include "base/path.h"
#include "project/config_check.h"
#include "project/init.h"
#include "project/names.h"
#include "project/pattern.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST         (1024u * 1024)
#define DISCOVER        "discover" /* how the profile that finds out about permissions begins */
#define ORIGINAL_FOLDER ".fractary/plugins/faber-cloud"

/* The newest name first. */
static const char *const files[] = {FR_ORIGINAL_CONFIG_FILE, ORIGINAL_FOLDER "/faber-cloud.json",
                                    ORIGINAL_FOLDER "/devops.json"};

/* One file that is taken over. */
struct migration {
    const char *root;
    const fr_json *from; /* the file's content; NULL when it is unreadable */
    fr_json *to;
    fr_names taken; /* keys of `to`, for the note */
    int32_t status;
};

static void keep(struct migration *m, int32_t status)
{
    if (status != FRACTARY_OK)
        m->status = FRACTARY_E_NOMEM;
}

static void note(struct migration *m, const char *format, ...) FR_PRINTF(2, 3);
static void note(struct migration *m, const char *format, ...)
{
    fr_json *notes = fr_json_get(m->to, "notes");
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    keep(m, text.failed ? FRACTARY_E_NOMEM : fr_json_add_string(notes, fr_buf_text(&text)));
    fr_buf_finish(&text);
}

/* ------------------------------------------------------------------------- texts */

static const struct text {
    const char *to;
    const char *from[3];
} texts[] = {
    {"project", {"project", "name", NULL}},
    {"organization", {"project", "organization", NULL}},
    {"subsystem", {"project", "subsystem", NULL}},
    {"pattern", {"resource_naming", "pattern", NULL}},
    {"hosting", {"handlers", "hosting", "active"}},
    {"iac", {"handlers", "iac", "active"}},
};

static const char *text_at(const fr_json *from, const char *const keys[3])
{
    const fr_json *value = fr_json_get(from, keys[0]);

    for (size_t i = 1; i < 3 && keys[i] != NULL; i++)
        value = fr_json_get(value, keys[i]);
    const char *text = fr_json_string(value);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* Non-zero when the pattern can be used here. */
static int is_pattern(struct migration *m, const char *pattern)
{
    static const fr_pattern_values values = {"p", "s", "e", "r", "o"};
    fr_buf out = {0};
    const int32_t status = fr_pattern_expand(pattern, &values, &out, NULL);

    keep(m, status == FRACTARY_E_NOMEM ? status : FRACTARY_OK);
    fr_buf_finish(&out);
    return status == FRACTARY_OK;
}

static void take_texts(struct migration *m)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = text_at(m->from, texts[i].from);
        if (text == NULL)
            continue;
        if (fr_str_equal(texts[i].to, "pattern") && !is_pattern(m, text)) {
            note(m, "the naming pattern \"%s\" was not taken over: it has unknown placeholders",
                 text);
            continue;
        }
        keep(m, fr_json_set_string(m->to, texts[i].to, text));
        fr_names_add(&m->taken, texts[i].to);
    }
}

/* ------------------------------------------------------------------ environments */

static const fr_json *terraform_of(const struct migration *m)
{
    return fr_json_at(m->from, "handlers", "iac", "terraform", (char *)NULL);
}

static const fr_json *aws_of(const struct migration *m)
{
    return fr_json_at(m->from, "handlers", "hosting", "aws", (char *)NULL);
}

static fr_json *object_in(struct migration *m, fr_json *object, const char *key)
{
    if (fr_json_get(object, key) == NULL)
        keep(m, fr_json_set(object, key, fr_json_object()));
    return fr_json_get(object, key);
}

static fr_json *environment_in(struct migration *m, const char *name)
{
    return object_in(m, fr_json_get(m->to, "environments"), name);
}

/* "test" of "test_deploy", "test-deploy" and "test"; NULL for the profile that
 * finds out about permissions. */
static char *environment_of_profile(const char *key)
{
    static const char suffix[] = "deploy";
    size_t length = strlen(key);

    if (fr_str_starts(key, DISCOVER))
        return NULL;
    if (fr_str_ends(key, suffix) && length > sizeof suffix &&
        strchr("_-", key[length - sizeof suffix]) != NULL)
        length -= sizeof suffix;
    return fr_str_ndup(key, length);
}

static void take_environments(struct migration *m)
{
    const fr_json *profiles = fr_json_get(aws_of(m), "profiles");

    for (const fr_json *e = fr_json_first(fr_json_get(m->from, "environments")); e != NULL;
         e = fr_json_next(e)) {
        if (fr_json_key(e) != NULL && fr_config_is_environment_name(fr_json_key(e)))
            environment_in(m, fr_json_key(e));
    }
    for (const fr_json *p = fr_json_first(profiles); p != NULL; p = fr_json_next(p)) {
        char *name = fr_json_key(p) != NULL ? environment_of_profile(fr_json_key(p)) : NULL;
        const char *profile = fr_json_string(p);
        if (name != NULL && profile != NULL && profile[0] != '\0' &&
            fr_config_is_environment_name(name)) {
            fr_json *own = object_in(m, environment_in(m, name), "profiles");
            keep(m, fr_json_set_string(own, "deploy", profile));
            fr_names_add(&m->taken, "profiles");
        }
        keep(m, name == NULL && fr_json_key(p) != NULL && !fr_str_starts(fr_json_key(p), DISCOVER)
                    ? FRACTARY_E_NOMEM
                    : FRACTARY_OK);
        free(name);
    }
}

/* The profile that found out about permissions granted them, too. */
static const char *grant_profile(const struct migration *m)
{
    const fr_json *profiles = fr_json_get(aws_of(m), "profiles");
    const char *profile = fr_json_get_string(profiles, "discover_deploy");

    return profile != NULL ? profile : fr_json_get_string(profiles, "discover");
}

static void take_common(struct migration *m, fr_json *environment)
{
    const char *account = fr_json_get_string(aws_of(m), "account_id");
    const char *region = fr_json_get_string(aws_of(m), "region");
    const char *grant = grant_profile(m);

    if (account != NULL && account[0] != '\0')
        keep(m, fr_json_set_string(environment, "account", account));
    if (region != NULL && region[0] != '\0')
        keep(m, fr_json_set_string(environment, "region", region));
    if (grant != NULL && grant[0] != '\0')
        keep(m, fr_json_set_string(object_in(m, environment, "profiles"), "grant", grant));
}

/* ------------------------------------------------------------------------- paths */

/* Fills a path pattern in for an environment; NULL where it has placeholders
 * that are not known, or leads out of the project. The caller frees it. */
static char *fill_path(struct migration *m, const char *pattern, const char *environment)
{
    const char *project = fr_json_get_string(m->to, "project");
    const char *subsystem = fr_json_get_string(m->to, "subsystem");
    const char *organization = fr_json_get_string(m->to, "organization");
    const fr_pattern_values values = {project != NULL ? project : "",
                                      subsystem != NULL ? subsystem : "", environment, NULL,
                                      organization != NULL ? organization : ""};
    fr_buf out = {0};
    char *absolute = NULL;
    char *path = NULL;
    const int32_t status = fr_pattern_expand(pattern, &values, &out, NULL);

    if (status == FRACTARY_OK && fr_buf_text(&out)[0] != '/') {
        absolute = fr_path_absolute(m->root, fr_buf_text(&out));
        keep(m, absolute != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM);
    }
    if (absolute != NULL) {
        path = fr_path_relative(m->root, absolute);
        keep(m, path != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM);
    }
    if (path != NULL && path[0] == '/') { /* it does not lie below */
        free(path);
        path = NULL;
    }
    keep(m, status == FRACTARY_E_NOMEM ? status : FRACTARY_OK);
    free(absolute);
    fr_buf_finish(&out);
    return path;
}

static int is_folder(struct migration *m, const char *path)
{
    char *absolute = path != NULL ? fr_path_join(m->root, path) : NULL;
    const int is = absolute != NULL && fr_file_is_folder(absolute);

    keep(m, path != NULL && absolute == NULL ? FRACTARY_E_NOMEM : FRACTARY_OK);
    free(absolute);
    return is;
}

static void take_directory(struct migration *m, fr_json *environment, const char *name)
{
    const char *pattern = fr_json_get_string(terraform_of(m), "directory");
    char *path = pattern != NULL ? fill_path(m, pattern, name) : NULL;

    if (pattern == NULL)
        return;
    if (is_folder(m, path)) {
        const int common = strstr(pattern, "{environment}") == NULL;
        keep(m, fr_json_set_string(common ? m->to : environment, "directory", path));
        fr_names_add(&m->taken, "directory");
    } else {
        note(m, "the Terraform folder \"%s\" was not taken over: there is no such folder", pattern);
    }
    free(path);
}

/* Var files stand relative to the directory. */
static void take_var_file(struct migration *m, fr_json *environment, const char *name)
{
    const char *pattern = fr_json_get_string(terraform_of(m), "var_file_pattern");
    const char *own = fr_json_get_string(environment, "directory");
    const char *directory = own != NULL ? own : fr_json_get_string(m->to, "directory");
    char *file = pattern != NULL ? fill_path(m, pattern, name) : NULL;
    char *folder = fr_path_join(m->root, directory != NULL ? directory : ".");
    char *path = file != NULL && folder != NULL ? fr_path_join(folder, file) : NULL;

    keep(m, file != NULL && path == NULL ? FRACTARY_E_NOMEM : FRACTARY_OK);
    if (path != NULL && fr_file_exists(path)) {
        fr_json *list = fr_json_array();
        keep(m, fr_json_add_string(list, file));
        keep(m, fr_json_set(environment, "var_files", list));
        fr_names_add(&m->taken, "var_files");
    }
    free(path);
    free(folder);
    free(file);
}

/* --------------------------------------------------------------------------- whole */

static void note_left(struct migration *m)
{
    static const char *const left[] = {"hooks", "workflows", "logging"};

    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        if (fr_json_get(m->from, left[i]) != NULL)
            note(m, "\"%s\" of the original configuration was not taken over: it has no place here",
                 left[i]);
    }
    if (fr_json_get(terraform_of(m), "backend") != NULL)
        note(m, "the backend of the original configuration was not taken over: the code's own "
                "backend block holds");
}

static void note_taken(struct migration *m)
{
    fr_buf list = {0};

    fr_names_list(&m->taken, &list);
    keep(m, list.failed ? FRACTARY_E_NOMEM : FRACTARY_OK);
    if (list.length > 0)
        note(m, "taken over from %s: %s; the file stays as it is",
             fr_json_get_string(m->to, "file"), fr_buf_text(&list));
    fr_buf_finish(&list);
}

static void take_all(struct migration *m)
{
    take_texts(m);
    take_environments(m);
    if (fr_json_first(fr_json_get(m->to, "environments")) != NULL)
        fr_names_add(&m->taken, "environments");
    for (fr_json *e = fr_json_first(fr_json_get(m->to, "environments")); e != NULL;
         e = fr_json_next(e)) {
        take_common(m, e);
        take_directory(m, e, fr_json_key(e));
        take_var_file(m, e, fr_json_key(e));
    }
    note_taken(m);
    note_left(m);
}

static int32_t migrate_text(const char *root, const char *file, const fr_buf *text, fr_json **out)
{
    fr_json_fault fault;
    fr_json *from = fr_json_parse(fr_buf_text(text), text->length, &fault);

    if (from == NULL && fault.line == 0)
        return FRACTARY_E_NOMEM;
    struct migration m = {.root = root, .from = from, .to = fr_json_object()};

    keep(&m, fr_json_set_string(m.to, "file", file));
    keep(&m, fr_json_set(m.to, "environments", fr_json_object()));
    keep(&m, fr_json_set(m.to, "notes", fr_json_array()));
    if (from != NULL)
        take_all(&m);
    else
        note(&m, "%s was not taken over: line %zu, column %zu: %s", file, fault.line, fault.column,
             fault.reason);
    if (m.taken.failed)
        m.status = FRACTARY_E_NOMEM;
    fr_names_finish(&m.taken);
    fr_json_free(from);
    if (m.status == FRACTARY_OK)
        *out = m.to;
    else
        fr_json_free(m.to);
    return m.status;
}

int32_t fr_init_migrate(const char *root, fr_json **out, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    *out = NULL;
    for (size_t i = 0; i < sizeof files / sizeof *files && *out == NULL && status == FRACTARY_OK;
         i++) {
        char *path = fr_path_join(root, files[i]);
        fr_buf text = {0};
        const int32_t read =
            path != NULL ? fr_file_read(path, LARGEST, &text, NULL) : FRACTARY_E_NOMEM;
        if (read == FRACTARY_OK)
            status = migrate_text(root, files[i], &text, out);
        else if (read == FRACTARY_E_NOMEM)
            status = read;
        fr_buf_finish(&text);
        free(path);
    }
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}
