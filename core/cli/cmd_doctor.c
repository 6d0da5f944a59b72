/* fractary doctor: what is there, what is not, and what to do about it. Asks
 * no cloud, runs no tool and no plugin. */
#include "base/file.h"
#include "base/path.h"
#include "cli/app.h"
#include "cli/text.h"
#include "plugin/section.h"
#include "project/environment_state.h"
#include "project/stack.h"
#include "project/stack_edges.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum verdict { OK, WARNING, PROBLEM, VERDICTS } verdict;

static const struct look {
    const char *name;
    fr_mark mark;
    fr_tone tone;
} looks[VERDICTS] = {
    [OK] = {"ok", FR_MARK_DONE, FR_TONE_GREEN},
    [WARNING] = {"warning", FR_MARK_WARNING, FR_TONE_YELLOW},
    [PROBLEM] = {"problem", FR_MARK_FAILED, FR_TONE_RED},
};

/* The examination so far. */
typedef struct doctor {
    fr_app *app;
    fr_json *checks; /* for the result */
    fr_buf text;     /* for people     */
    uint64_t counts[VERDICTS];
    int32_t status;
} doctor;

static void put_text(doctor *d, verdict found, const char *name, const char *detail,
                     const char *advice)
{
    const fr_style *style = fr_report_style(d->app->report);
    fr_buf clean = {0};

    fr_style_put(&d->text, style, looks[found].tone, fr_style_mark(style, looks[found].mark));
    fr_buf_printf(&clean, "%s: %s", name, detail);
    fr_buf_putc(&d->text, ' ');
    fr_buf line = {0};
    fr_text_clean(&line, fr_buf_text(&clean), 0);
    fr_text_wrap(&d->text, fr_buf_text(&line), style->width, 2, 4);
    fr_buf_putc(&d->text, '\n');
    fr_buf_clear(&line);
    if (advice[0] != '\0') {
        fr_text_clean(&line, advice, 0);
        fr_buf_puts(&d->text, "    next: ");
        fr_text_wrap(&d->text, fr_buf_text(&line), style->width, 10, 10);
        fr_buf_putc(&d->text, '\n');
    }
    fr_buf_finish(&line);
    fr_buf_finish(&clean);
}

static void note(doctor *d, verdict found, const char *name, const char *detail, const char *advice)
{
    fr_json *check = fr_json_object();
    int32_t status = fr_json_set_string(check, "name", name);

    status |= fr_json_set_string(check, "status", looks[found].name);
    status |= fr_json_set_string(check, "detail", detail);
    status |= fr_json_set_string(check, "advice", advice);
    status |= fr_json_add(d->checks, check);
    put_text(d, found, name, detail, advice);
    d->counts[found]++;
    if (status != FRACTARY_OK || d->text.failed)
        d->status = FRACTARY_E_NOMEM;
}

/* The same with an error's own words. */
static void note_error(doctor *d, verdict found, const char *name, const fractary_error *error)
{
    fr_buf detail = {0};

    fr_buf_puts(&detail, error->message);
    if (error->cause[0] != '\0')
        fr_buf_printf(&detail, ": %s", error->cause);
    if (error->place[0] != '\0' && strstr(fr_buf_text(&detail), error->place) == NULL)
        fr_buf_printf(&detail, " (%s)", error->place);
    note(d, found, name, fr_buf_text(&detail), error->advice);
    fr_buf_finish(&detail);
}

/* --------------------------------------------------------- this installation */

static void check_version(doctor *d)
{
    char *detail = fr_str_format("fractary %s, ABI %u.%u", FRACTARY_VERSION, FRACTARY_ABI_MAJOR,
                                 FRACTARY_ABI_MINOR);

    note(d, OK, "version", detail != NULL ? detail : "", "");
    free(detail);
}

static void check_terminal(doctor *d)
{
    const fr_terminal *terminal = &d->app->terminal;
    fr_buf detail = {0};

    if (!terminal->out_terminal)
        fr_buf_puts(&detail, "output is no terminal");
    else
        fr_buf_printf(&detail, "%zu columns, %s, %s", terminal->out_style.width,
                      terminal->out_style.colour ? "colours" : "no colours",
                      terminal->out_style.unicode ? "UTF-8" : "ASCII");
    if (!fr_report_can_ask(d->app->report))
        fr_buf_puts(&detail, "; nobody can be asked, so what needs a confirmation ends with 4");
    note(d, OK, "terminal", fr_buf_text(&detail), "");
    fr_buf_finish(&detail);
}

static void check_named_places(doctor *d)
{
    const fr_places *places = &d->app->places;

    for (size_t i = 0; i < places->count; i++) {
        if (strcmp(places->plugins[i].origin, "path") == 0 &&
            !fr_file_is_folder(places->plugins[i].folder))
            note(d, WARNING, "plugin path", places->plugins[i].folder,
                 "FRACTARY_PLUGIN_PATH names it, but there is no such folder");
    }
}

static void check_search_path(doctor *d)
{
    check_named_places(d);
    if (d->app->places.left_out != 0)
        note(d, WARNING, "plugin path", "FRACTARY_PLUGIN_PATH names folders that are not searched",
             "name absolute folders, separated by ':'");
    if (getenv("FRACTARY_PLUGIN_PATH") != NULL && secure_getenv("FRACTARY_PLUGIN_PATH") == NULL)
        note(d, WARNING, "plugin path",
             "FRACTARY_PLUGIN_PATH counts for nothing in a privileged process", "");
}

static uint64_t count_usable(const fr_catalog *catalog)
{
    uint64_t count = 0;

    for (size_t i = 0; i < fr_catalog_count(catalog); i++) {
        const fr_catalog_entry *entry = fr_catalog_at(catalog, i);
        count += entry->manifest != NULL && entry->shadowed_by == NULL;
    }
    return count;
}

static void list_places(const fr_places *places, fr_buf *out)
{
    for (size_t i = 0; i < places->count; i++)
        fr_buf_printf(out, "%s%s", i != 0 ? ", " : "", places->plugins[i].folder);
}

static void check_plugins(doctor *d)
{
    const fr_catalog *catalog = d->app->catalog;
    const uint64_t usable = count_usable(catalog);
    fr_buf detail = {0};

    fr_text_count(&detail, usable, "usable plugin");
    fr_buf_puts(&detail, " in ");
    list_places(&d->app->places, &detail);
    note(d, usable != 0 ? OK : PROBLEM, "plugins", fr_buf_text(&detail),
         usable != 0 ? "" : "install fractary anew: its plugins belong beside the program");
    fr_buf_finish(&detail);
    for (size_t i = 0; i < fr_catalog_count(catalog); i++) {
        const fr_catalog_entry *entry = fr_catalog_at(catalog, i);
        char *name = fr_str_format("plugin %s", fr_path_name(entry->folder));
        if (entry->manifest == NULL && name != NULL)
            note_error(d, WARNING, name, entry->error);
        free(name);
    }
}

static void check_modules(doctor *d)
{
    char *file = fr_path_join(d->app->places.modules, "http.so");

    if (file == NULL)
        d->status = FRACTARY_E_NOMEM;
    else if (fr_file_exists(file))
        note(d, OK, "http module", file, "");
    else
        note(d, PROBLEM, "http module", "it is not beside the program, so no cloud can be asked",
             "install fractary anew");
    free(file);
}

/* ---------------------------------------------------------------------- tools */

/* Appends the path of a program that PATH leads to; non-zero when found. */
static int find_program(const char *name, fr_buf *out)
{
    const char *path = getenv("PATH");

    while (path != NULL && *path != '\0') {
        const size_t length = strcspn(path, ":");
        char *file = fr_str_format("%.*s/%s", (int)length, path, name);
        const int found =
            length != 0 && file != NULL && !fr_file_is_folder(file) && access(file, X_OK) == 0;
        if (found)
            fr_buf_puts(out, file);
        free(file);
        if (found)
            return 1;
        path += length + (path[length] == ':');
    }
    return 0;
}

/* A plugin lists the tools of which one is enough. */
static void check_tools_of(doctor *d, const fr_manifest *manifest, const fr_json *tools)
{
    fr_buf found = {0};
    fr_buf names = {0};

    for (const fr_json *tool = fr_json_first(tools); tool != NULL; tool = fr_json_next(tool)) {
        fr_buf file = {0};
        if (find_program(fr_json_string(tool), &file))
            fr_buf_printf(&found, "%s%s", found.length != 0 ? ", " : "", fr_buf_text(&file));
        fr_buf_printf(&names, "%s%s", names.length != 0 ? " or " : "", fr_json_string(tool));
        fr_buf_finish(&file);
    }
    char *name = fr_str_format("tools of %s", manifest->id);
    char *missing = fr_str_format("%s is not in PATH", fr_buf_text(&names));
    char *advice = fr_str_format("install %s", fr_buf_text(&names));
    if (name == NULL || missing == NULL || advice == NULL)
        d->status = FRACTARY_E_NOMEM;
    else if (found.length != 0)
        note(d, OK, name, fr_buf_text(&found), "");
    else
        note(d, PROBLEM, name, missing, advice);
    free(name);
    free(missing);
    free(advice);
    fr_buf_finish(&found);
    fr_buf_finish(&names);
}

static void check_tools(doctor *d)
{
    for (size_t i = 0; i < fr_catalog_count(d->app->catalog); i++) {
        const fr_catalog_entry *entry = fr_catalog_at(d->app->catalog, i);
        if (entry->manifest == NULL || entry->shadowed_by != NULL)
            continue;
        const fr_json *tools = fr_json_at(entry->manifest->tree, "requires", "tools", (char *)NULL);
        if (fr_json_first(tools) != NULL)
            check_tools_of(d, entry->manifest, tools);
    }
}

/* ----------------------------------------------------------------- the project */

static void check_handlers(doctor *d, const char *environment)
{
    static const char *const kinds[] = {"hosting", "iac"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        fractary_error error = FR_ERROR_INIT;
        const fr_manifest *manifest;
        const char *id = fr_config_handler(d->app->config, environment, kinds[i]);
        char *name = fr_str_format("environment %s: %s handler", environment, kinds[i]);
        if (name == NULL)
            d->status = FRACTARY_E_NOMEM;
        else if (id == NULL)
            note(d, PROBLEM, name, "none is configured",
                 "name one under \"handlers\" in " FR_CONFIG_FILE);
        else if (fr_catalog_find(d->app->catalog, id, &manifest, &error) != FRACTARY_OK)
            note_error(d, PROBLEM, name, &error);
        free(name);
    }
}

/* Only a test environment may go without an account: the guard refuses the
 * others. */
static void check_account(doctor *d, const fr_environment *environment)
{
    char *name = fr_str_format("environment %s: account", environment->name);
    char *advice =
        fr_str_format("set environments.%s.account in " FR_CONFIG_FILE, environment->name);

    if (name == NULL || advice == NULL)
        d->status = FRACTARY_E_NOMEM;
    else if (environment->account[0] != '\0')
        note(d, OK, name, environment->account, "");
    else if (environment->class == FR_CLASS_TEST)
        note(d, WARNING, name, "none is configured, so any account is accepted", advice);
    else
        note(d, PROBLEM, name, "none is configured, so every change is refused", advice);
    free(name);
    free(advice);
}

static void check_class(doctor *d, const fr_environment *environment)
{
    char *name = fr_str_format("environment %s: class", environment->name);
    char *advice = fr_str_format("set environments.%s.class in " FR_CONFIG_FILE, environment->name);

    if (name == NULL || advice == NULL)
        d->status = FRACTARY_E_NOMEM;
    else if (environment->classified || environment->class == FR_CLASS_TEST)
        note(d, OK, name, fr_class_name(environment->class), "");
    else
        note(d, WARNING, name, "none is configured, so it counts as production", advice);
    free(name);
    free(advice);
}

static void check_identities(doctor *d, const fr_environment *environment)
{
    const fr_json *identities = fr_json_get(environment->tree, "identities");
    const fr_json *one = fr_json_first(identities);
    char *name = fr_str_format("environment %s: identities", environment->name);
    fr_buf detail = {0};

    for (; one != NULL; one = fr_json_next(one))
        fr_buf_printf(&detail, "%s%s", detail.length != 0 ? ", " : "", fr_json_key(one));
    if (name == NULL)
        d->status = FRACTARY_E_NOMEM;
    else if (detail.length != 0)
        note(d, OK, name, fr_buf_text(&detail), "");
    else
        note(d, WARNING, name,
             environment->class == FR_CLASS_TEST
                 ? "none is configured, so the credentials of the shell are used"
                 : "none is configured, so every change is refused",
             "name profiles or roles for read and deploy in " FR_CONFIG_FILE);
    free(name);
    fr_buf_finish(&detail);
}

/* Place of a user of states among all: by environment, then by stack. */
static size_t place_of(const fr_config *config, const fr_state_user *user)
{
    fr_stack stack;
    size_t place = 0;

    for (size_t i = 0; fr_config_environment_name(config, i) != NULL; i++) {
        for (size_t k = 0; fr_stack_at(config, k, &stack); k++, place++) {
            if (fr_str_equal(fr_config_environment_name(config, i), user->environment) &&
                fr_str_equal(stack.name, user->stack))
                return place;
        }
    }
    return place;
}

/* "environment test", or "stack web of environment test". */
static char *user_text(const fr_state_user *user)
{
    return fr_str_equal(user->stack, FR_STACK_DEFAULT)
               ? fr_str_format("environment %s", user->environment)
               : fr_str_format("stack %s of environment %s", user->stack, user->environment);
}

/* Said once for two of them, at the later one. */
static void check_state_of(doctor *d, const fr_state_user *own)
{
    fr_state_user other;

    if (!fr_environment_sharing_state(d->app->config, own, &other) ||
        place_of(d->app->config, &other) > place_of(d->app->config, own))
        return;
    char *whose = user_text(own);
    char *theirs = user_text(&other);
    char *name = fr_str_format("%s: state", whose != NULL ? whose : "");
    char *detail = fr_str_format("it is the Terraform state of %s: same directory, workspace and "
                                 "backend_config, so only one of them can be deployed",
                                 theirs != NULL ? theirs : "another one");
    const char *environment = own->environment;
    char *advice = fr_str_format("set environments.%s.plugins.iac-terraform.workspace, or a "
                                 "backend_config of its own, in " FR_CONFIG_FILE,
                                 environment);
    if (name == NULL || detail == NULL || advice == NULL)
        d->status = FRACTARY_E_NOMEM;
    else
        note(d, WARNING, name, detail, advice);
    free(whose);
    free(theirs);
    free(name);
    free(detail);
    free(advice);
}

static void check_states(doctor *d, const char *environment)
{
    fr_stack stack;

    for (size_t i = 0; fr_stack_at(d->app->config, i, &stack); i++) {
        const fr_state_user user = {environment, stack.name};
        if (fr_stack_serves(&stack, environment))
            check_state_of(d, &user);
    }
}

static void check_environments(doctor *d)
{
    const char *name;

    for (size_t i = 0; (name = fr_config_environment_name(d->app->config, i)) != NULL; i++) {
        fractary_error error = FR_ERROR_INIT;
        fr_environment environment;
        if (fr_config_environment(d->app->config, name, &environment, &error) != FRACTARY_OK) {
            note_error(d, PROBLEM, "environment", &error);
            continue;
        }
        check_class(d, &environment);
        check_account(d, &environment);
        check_identities(d, &environment);
        check_handlers(d, name);
        check_states(d, name);
    }
}

static void check_folder(doctor *d)
{
    const char *folder = fr_config_folder(d->app->config);
    struct stat state;

    if (stat(folder, &state) != 0 || access(folder, R_OK | W_OK | X_OK) != 0)
        note(d, PROBLEM, "folder", strerror(errno),
             "give yourself the right to read and write " FR_PROJECT_FOLDER);
    else if ((state.st_mode & S_IWOTH) != 0)
        note(d, PROBLEM, "folder", "everybody on this machine can write to " FR_PROJECT_FOLDER,
             "chmod o-w " FR_PROJECT_FOLDER);
    else
        note(d, OK, "folder", folder, "");
}

/* A clone must not be able to run code. */
static void check_project_plugins(doctor *d, const char *root)
{
    char *folder = fr_path_join(root, ".fractary/plugins.d");

    if (folder == NULL)
        d->status = FRACTARY_E_NOMEM;
    else if (fr_file_is_folder(folder))
        note(d, WARNING, "project plugins",
             "the project brings plugins of its own in .fractary/plugins.d, which are never loaded",
             "read them, then put those that you trust into FRACTARY_PLUGIN_PATH");
    free(folder);
}

static void note_edges(doctor *d, const fr_vec *edges)
{
    size_t wrong = 0;

    for (size_t i = 0; i < edges->count; i++) {
        const fr_stack_edge *edge = edges->items[i];
        fr_buf sentence = {0};
        fr_buf advice = {0};
        if (edge->to != NULL)
            fr_buf_printf(&advice, "add \"%s\" to stacks.%s.depends_on in " FR_CONFIG_FILE,
                          edge->to, edge->from);
        if (fr_stack_edge_warning(edge, &sentence)) {
            note(d, WARNING, "stacks", fr_buf_text(&sentence), fr_buf_text(&advice));
            wrong++;
        }
        fr_buf_finish(&sentence);
        fr_buf_finish(&advice);
    }
    if (wrong == 0)
        note(d, OK, "stacks", "depends_on names what the code shows", "");
}

/* Which stack needs which, by their code. */
static void check_stacks(doctor *d)
{
    fractary_error error = FR_ERROR_INIT;
    fr_vec edges = {0};
    fr_names troubles = {0};

    if (!fr_stack_configured(d->app->config))
        return;
    if (fr_stack_edges_find_all(d->app->config, &edges, &troubles, &error) == FRACTARY_OK)
        note_edges(d, &edges);
    else
        d->status = FRACTARY_E_NOMEM;
    fr_vec_finish(&edges, fr_stack_edge_destroy);
    fr_names_finish(&troubles);
}

static void check_project(doctor *d)
{
    fractary_error error = FR_ERROR_INIT;
    char *root = NULL;

    if (fr_config_find(d->app->folder, &root, &error) != FRACTARY_OK) {
        note_error(d, WARNING, "project", &error);
    } else if (fr_config_load(root, &d->app->config, &error) != FRACTARY_OK) {
        note_error(d, PROBLEM, "configuration", &error);
    } else {
        note(d, OK, "project", root, "");
        if (fr_section_check_ids(d->app->config, d->app->catalog, &error) != FRACTARY_OK)
            note_error(d, PROBLEM, "configuration", &error);
        check_project_plugins(d, root);
        check_folder(d);
        check_environments(d);
        check_stacks(d);
    }
    free(root);
}

/* ------------------------------------------------------------------- the whole */

static void (*const checks[])(doctor *d) = {
    check_version, check_terminal, check_search_path, check_plugins,
    check_modules, check_tools,    check_project,
};

static int32_t conclude(doctor *d, fr_json *result, fractary_error *error)
{
    fr_buf message = {0};
    int32_t status = FRACTARY_OK;

    fr_text_count(&message, d->counts[OK] + d->counts[WARNING] + d->counts[PROBLEM], "check");
    fr_buf_puts(&message, ": ");
    fr_text_count(&message, d->counts[PROBLEM], "problem");
    fr_buf_puts(&message, ", ");
    fr_text_count(&message, d->counts[WARNING], "warning");
    if (fr_json_set_string(result, "message", fr_buf_text(&message)) != FRACTARY_OK)
        status = fr_error_nomem(error);
    else if (d->counts[PROBLEM] != 0) {
        status = fr_error_set(error, FRACTARY_E_FAILED, "%s", fr_buf_text(&message));
        fr_error_advice(error, "do what stands below each problem, then run fractary doctor again");
    }
    fr_buf_finish(&message);
    return status;
}

int32_t fr_cmd_doctor(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error)
{
    doctor d = {.app = app, .checks = fr_json_array()};

    (void)options;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        checks[i](&d);
    if (fr_json_set(result, "checks", d.checks) != FRACTARY_OK || d.status != FRACTARY_OK) {
        fr_buf_finish(&d.text);
        return fr_error_nomem(error);
    }
    if (!app->globals.quiet)
        fr_report_page(app->report, fr_buf_text(&d.text));
    fr_buf_finish(&d.text);
    return conclude(&d, result, error);
}
