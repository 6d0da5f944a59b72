#include "project/stack_code.h"

#include "base/path.h"
#include "project/code_text.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define LOCK_FILE ".terraform.lock.hcl"

void fr_stack_code_destroy(void *item)
{
    fr_stack_code *code = item;

    if (code == NULL)
        return;
    fr_vec_finish(&code->folders, fr_code_folder_destroy);
    fr_names_finish(&code->named);
    fr_names_finish(&code->referred);
    fr_names_finish(&code->others);
    fr_names_finish(&code->troubles);
    fr_json_free(code->section);
    free(code->directory);
    free(code);
}

/* Without links where it exists; NULL without memory. */
static char *settle(const char *path)
{
    char *real = realpath(path, NULL);

    return real != NULL ? real : fr_str_dup(path);
}

static void add(fr_names *names, const char *path)
{
    fr_names_add(names, path);
    names->failed |= path == NULL;
}

/* A link may change, and what it leads to. */
static void add_both(fr_names *names, const char *path)
{
    char *real = path != NULL ? settle(path) : NULL;

    add(names, path);
    add(names, real);
    free(real);
}

/* --------------------------------------------------------------------- folders */

static int is_read(const fr_stack_code *code, const char *path)
{
    for (size_t i = 0; i < code->folders.count; i++) {
        if (fr_str_equal(((const fr_code_folder *)code->folders.items[i])->path, path))
            return 1;
    }
    return 0;
}

static int32_t read_folder(fr_stack_code *code, const char *path, fractary_error *error)
{
    char *real = settle(path);
    fr_code_folder *folder = NULL;
    int32_t status = FRACTARY_OK;

    if (real == NULL) {
        status = fr_error_nomem(error);
    } else if (!is_read(code, real) && code->folders.count < FR_STACK_FOLDERS) {
        if (!fr_str_equal(real, path))
            add(&code->named, path);
        status = fr_code_folder_read(real, &code->troubles, &folder, error);
    }
    if (folder != NULL && fr_vec_push(&code->folders, folder) != FRACTARY_OK) {
        fr_code_folder_destroy(folder);
        status = fr_error_nomem(error);
    }
    free(real);
    return status;
}

/* The list grows while it is gone through. */
static int32_t read_folders(fr_stack_code *code, fractary_error *error)
{
    int32_t status = read_folder(code, code->directory, error);

    for (size_t i = 0; i < code->folders.count && status == FRACTARY_OK; i++) {
        const fr_code_folder *folder = code->folders.items[i];
        const char *call = NULL;
        fr_names_add_all(&code->named, &folder->links);
        for (size_t c = 0; status == FRACTARY_OK && (call = fr_names_at(&folder->calls, c)); c++)
            status = read_folder(code, call, error);
    }
    return status;
}

/* ------------------------------------------------------------------- references */

/* One that stands at `at` in a file of `folder`; a module's source is none. */
static void add_reference(fr_stack_code *code, const fr_code_folder *folder, const char *at,
                          const char *end)
{
    const fr_code_base base = {folder->path, code->directory};
    size_t length = 0;
    int whole = 0;

    while (at + length < end && at[length] != '"' && at[length] != '\n')
        length++;
    char *written = fr_str_ndup(at, length);
    char *call = written != NULL ? fr_path_absolute(folder->path, written) : NULL;
    char *path = fr_code_path(at, length, &base, &whole);
    if (call == NULL)
        code->referred.failed = 1;
    else if (path != NULL && !fr_names_has(&folder->calls, call))
        add_both(&code->referred, path);
    free(path);
    free(call);
    free(written);
}

/* By the text alone, so that one deep in a template is found as well. */
static void find_references(fr_stack_code *code, const fr_code_folder *folder,
                            const fr_code_file *file)
{
    static const struct mark {
        const char *text;
        size_t quote; /* what is no part of the path */
    } marks[] = {{"${path.module}/", 0}, {"${path.root}/", 0}, {"\"../", 1}, {"\"./", 1}};
    const char *text = fr_buf_text(&file->text);
    const char *end = text + file->text.length;

    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        const size_t length = strlen(marks[m].text);
        const char *at = text;
        while ((at = memmem(at, (size_t)(end - at), marks[m].text, length)) != NULL) {
            add_reference(code, folder, at + marks[m].quote, end);
            at += length;
        }
    }
}

static void find_all_references(fr_stack_code *code)
{
    for (size_t i = 0; i < code->folders.count; i++) {
        const fr_code_folder *folder = code->folders.items[i];
        for (size_t f = 0; f < folder->files.count; f++)
            find_references(code, folder, folder->files.items[f]);
    }
}

/* -------------------------------------------------------------- files by section */

/* Files are relative to the root module; "KEY=VALUE" names none. */
static void add_list(const fr_json *list, const char *directory, fr_names *out)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        const char *text = fr_json_string(e);
        if (text == NULL || strchr(text, '=') != NULL)
            continue;
        char *path = fr_path_absolute(directory, text);
        add_both(out, path);
        free(path);
    }
}

static void add_section(const fr_json *section, const char *directory, fr_names *out)
{
    add_list(fr_json_get(section, "var_files"), directory, out);
    add_list(fr_json_get(section, "backend_config"), directory, out);
}

/* The root module's folder by the section; links are followed in the project's
 * folder even where it is not there. NULL without memory. */
static char *directory_of(const fr_config *config, const fr_json *section)
{
    const char *directory = fr_json_get_string(section, "directory");
    char *root = settle(fr_config_root(config));
    char *path = root != NULL ? fr_path_absolute(root, directory != NULL ? directory : ".") : NULL;
    char *real = path != NULL ? settle(path) : NULL;

    free(path);
    free(root);
    return real;
}

static fr_json *section_of(const fr_config *config, const char *environment, const char *stack)
{
    const char *id = fr_config_handler(config, environment, "iac");

    return id != NULL ? fr_stack_section(config, environment, stack, id) : fr_json_object();
}

/* What the stack has in other environments says nothing about this one. */
static void add_others(const fr_config *config, const char *environment, fr_stack_code *code)
{
    const char *name;

    for (size_t i = 0; (name = fr_config_environment_name(config, i)) != NULL; i++) {
        if (fr_str_equal(name, environment))
            continue;
        fr_json *section = section_of(config, name, code->stack);
        char *directory = section != NULL ? directory_of(config, section) : NULL;
        if (directory != NULL)
            add_section(section, directory, &code->others);
        code->others.failed |= directory == NULL;
        free(directory);
        fr_json_free(section);
    }
}

static void add_lock_file(fr_stack_code *code)
{
    char *path = fr_path_join(code->directory, LOCK_FILE);

    add_both(&code->named, path);
    free(path);
}

int32_t fr_stack_code_read(const fr_config *config, const char *environment, const char *stack,
                           fr_stack_code **out, fractary_error *error)
{
    fr_stack_code *code = calloc(1, sizeof *code);
    int32_t status = FRACTARY_OK;

    *out = NULL;
    if (code == NULL)
        return fr_error_nomem(error);
    code->stack = stack;
    code->section = section_of(config, environment, stack);
    code->directory = code->section != NULL ? directory_of(config, code->section) : NULL;
    if (code->directory == NULL)
        status = fr_error_nomem(error);
    else
        status = read_folders(code, error);
    if (status == FRACTARY_OK) {
        find_all_references(code);
        add_section(code->section, code->directory, &code->named);
        add_lock_file(code);
        add_others(config, environment, code);
    }
    if (status == FRACTARY_OK && (code->named.failed || code->referred.failed ||
                                  code->others.failed || code->troubles.failed))
        status = fr_error_nomem(error);
    if (status == FRACTARY_OK)
        *out = code;
    else
        fr_stack_code_destroy(code);
    return status;
}

/* -------------------------------------------------------------------- membership */

static int is_referred(const fr_stack_code *code, const char *path)
{
    const char *name = NULL;

    for (size_t i = 0; (name = fr_names_at(&code->referred, i)) != NULL; i++) {
        if (fr_path_is_below(name, path))
            return 1;
    }
    return 0;
}

static int ends_with_one(const char *path, const char *const *endings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fr_str_ends(path, endings[i]))
            return 1;
    }
    return 0;
}

/* Terraform reads these by itself, in the root module alone. */
static int is_automatic(const fr_stack_code *code, const char *path)
{
    static const char *const endings[] = {"/terraform.tfvars", "/terraform.tfvars.json",
                                          ".auto.tfvars", ".auto.tfvars.json"};

    return fr_path_name(path) - path == (ptrdiff_t)strlen(code->directory) + 1 &&
           fr_str_starts(path, code->directory) &&
           ends_with_one(path, endings, sizeof endings / sizeof *endings);
}

/* What a plan does not depend on unless something names it. */
static int is_aside(const char *path)
{
    static const char *const endings[] = {".tfvars",     ".tfvars.json",    ".tfbackend",
                                          ".tfstate",    ".tfstate.backup", ".tfstate.lock.info",
                                          ".tftest.hcl", ".tftest.json",    ".md",
                                          ".tfplan"};

    return ends_with_one(path, endings, sizeof endings / sizeof *endings) ||
           strstr(path, "/terraform.tfstate.d/") != NULL || fr_path_name(path)[0] == '.';
}

static int has_folder(const fr_stack_code *code, const char *path)
{
    for (size_t i = 0; i < code->folders.count; i++) {
        const fr_code_folder *folder = code->folders.items[i];
        if (fr_str_equal(folder->path, path))
            return 1;
    }
    return 0;
}

/* Non-zero when a folder of the stack is `path` or lies around it. */
static int is_around(const fr_stack_code *code, const char *path)
{
    for (size_t i = 0; i < code->folders.count; i++) {
        if (fr_path_is_below(((const fr_code_folder *)code->folders.items[i])->path, path))
            return 1;
    }
    return 0;
}

/* A repository inside this one changes as a whole, and so does a link. */
static int lies_below(const fr_stack_code *code, const char *path)
{
    for (size_t i = 0; i < code->folders.count; i++) {
        if (fr_path_is_below(path, ((const fr_code_folder *)code->folders.items[i])->path))
            return 1;
    }
    return 0;
}

/* The nearest folder with code has the file, from its own upwards. */
static int is_in_folder(const fr_stack_code *code, const char *path)
{
    char *folder = fr_path_parent(path);
    int found = 0;

    while (folder != NULL && !found && is_around(code, folder)) {
        found = has_folder(code, folder);
        if (!found && (fr_path_name(folder)[0] == '.' || fr_code_folder_is(folder)))
            break;
        char *parent = fr_path_parent(folder);
        free(folder);
        folder = parent;
    }
    free(folder);
    return found;
}

int fr_stack_code_has(const fr_stack_code *code, const char *path)
{
    if (fr_names_has(&code->named, path) || is_referred(code, path) || lies_below(code, path))
        return 1;
    if (fr_names_has(&code->others, path))
        return 0;
    if (is_automatic(code, path))
        return 1;
    return !is_aside(path) && is_in_folder(code, path);
}
