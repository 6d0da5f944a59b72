/* fractary init: leads the conversation about a project's configuration, and
 * has it written. What is found, asked and written is project/init.c's. */
#include "project/init.h"

#include "cli/app.h"
#include "cli/text.h"
#include "service/loop.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

/* ------------------------------------------------------------------- asking */

static void put_question(const fr_init_question *question, fr_buf *out)
{
    const fr_json *choice = fr_json_first(question->choices);

    fr_buf_puts(out, question->text);
    if (choice != NULL) {
        fr_buf_puts(out, " (");
        for (int begun = 0; choice != NULL; choice = fr_json_next(choice)) {
            if (fr_json_string(choice) != NULL && fr_json_string(choice)[0] != '\0')
                fr_buf_printf(out, "%s%s", begun++ ? ", " : "", fr_json_string(choice));
        }
        fr_buf_puts(out, ")");
    }
    if (question->proposal != NULL && question->proposal[0] != '\0')
        fr_buf_printf(out, " [%s]", question->proposal);
    fr_buf_puts(out, fr_str_ends(fr_buf_text(out), "?") ? " " : ": ");
}

/* Says what was wrong with an answer, above the question that comes again. */
static void complain(fr_app *app, const fractary_error *error)
{
    fr_buf text = {0};

    fr_buf_puts(&text, error->message);
    if (error->cause[0] != '\0')
        fr_buf_printf(&text, ": %s", error->cause);
    fr_report_warn(app->report, fr_buf_text(&text));
    fr_buf_finish(&text);
}

static int32_t wait_readable(void *context, int descriptor, uint64_t deadline,
                             fractary_error *error)
{
    return fr_loop_wait_readable(context, descriptor, deadline, "asking", error);
}

static int32_t ask_one(fr_app *app, fr_init *init, const fr_init_question *question,
                       fractary_error *error)
{
    const fr_terminal_wait wait = {app->context.loop, wait_readable};
    int32_t status;

    do {
        fr_buf text = {0};
        fr_buf answer = {0};
        put_question(question, &text);
        status = fr_report_ask(app->report, fr_buf_text(&text), &wait, &answer, error);
        const int answered = status == FRACTARY_OK;
        if (answered)
            status = fr_init_answer(init, question->key, fr_buf_text(&answer), error);
        fr_buf_finish(&text);
        fr_buf_finish(&answer);
        if (!answered || status != FRACTARY_E_INVALID)
            return status;
        complain(app, error);
    } while (status == FRACTARY_E_INVALID);
    return status;
}

/* Answers may add questions behind the one that was answered. */
static int32_t ask_all(fr_app *app, fr_init *init, fractary_error *error)
{
    fr_init_question question;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; status == FRACTARY_OK && fr_init_question_at(init, i, &question); i++)
        status = ask_one(app, init, &question, error);
    return status;
}

/* ------------------------------------------------------------------ telling */

static void put_fact(const fr_style *style, const char *label, const char *text, fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    if (clean.length != 0) {
        fr_style_on(out, style, FR_TONE_DIM);
        fr_buf_printf(out, "  %-14s", label);
        fr_style_off(out, style, FR_TONE_DIM);
        fr_text_wrap(out, fr_buf_text(&clean), style->width, 16, 16);
        fr_buf_putc(out, '\n');
    }
    fr_buf_finish(&clean);
}

/* Texts of an array, or the name, path or address of objects in it. */
static void put_list(const fr_style *style, const char *label, const fr_json *list, fr_buf *out)
{
    fr_buf text = {0};

    for (const fr_json *item = fr_json_first(list); item != NULL; item = fr_json_next(item)) {
        const char *name = fr_json_string(item);
        if (name == NULL)
            name = fr_json_get_string(item, "name");
        if (name == NULL)
            name = fr_json_get_string(item, "path");
        if (name != NULL)
            fr_buf_printf(&text, "%s%s", text.length != 0 ? ", " : "", name);
    }
    put_fact(style, label, fr_buf_text(&text), out);
    fr_buf_finish(&text);
}

/* What was found, in the order in which it is told. */
static const struct fact_row {
    const char *label, *key;
} fact_rows[] = {
    {"project", "project"},
    {"organization", "organization"},
    {"tool", "iac"},
    {"layout", "layout"},
    {"root modules", "terraform_dirs"},
    {"environments", "environments"},
    {"var files", "var_files"},
    {"workspaces", "workspaces"},
    {"backend", "backend"},
    {"providers", "providers"},
    {"regions", "regions"},
    {"modules", "modules"},
    {"AWS profiles", "profiles"},
    {"other tools", "other_tools"},
};

static void put_facts(const fr_style *style, const fr_json *found, fr_buf *out)
{
    for (size_t i = 0; i < sizeof fact_rows / sizeof *fact_rows; i++) {
        const fr_json *value = fr_json_get(found, fact_rows[i].key);
        if (fr_json_string(value) != NULL)
            put_fact(style, fact_rows[i].label, fr_json_string(value), out);
        else
            put_list(style, fact_rows[i].label, value, out);
    }
}

static void put_line(const fr_style *style, fr_mark mark, fr_tone tone, const char *text,
                     fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_style_put(out, style, tone, fr_style_mark(style, mark));
    fr_buf_putc(out, ' ');
    fr_text_wrap(out, fr_buf_text(&clean), style->width, 2, 2);
    fr_buf_putc(out, '\n');
    fr_buf_finish(&clean);
}

static void put_notes(const fr_style *style, const fr_json *report, fr_buf *out)
{
    const fr_json *row = fr_json_first(fr_json_get(report, "notes"));

    for (; row != NULL; row = fr_json_next(row)) {
        const int warning = fr_str_equal(text_of(row, "level"), "warning");
        put_line(style, warning ? FR_MARK_WARNING : FR_MARK_DOT,
                 warning ? FR_TONE_YELLOW : FR_TONE_DIM, text_of(row, "message"), out);
    }
    row = fr_json_first(fr_json_get(report, "open"));
    for (; row != NULL; row = fr_json_next(row)) {
        char *text =
            fr_str_format("%s stays empty: %s", text_of(row, "key"), text_of(row, "reason"));
        put_line(style, FR_MARK_SKIPPED, FR_TONE_YELLOW, text != NULL ? text : "", out);
        free(text);
    }
}

/* A new file is shown whole where nothing is written: that is the question. */
static void put_files(const fr_style *style, const fr_init *init, int dry_run, fr_buf *out)
{
    fr_init_file file;

    for (size_t i = 0; fr_init_file_at(init, i, &file); i++) {
        const int kept = fr_str_equal(file.action, "keep");
        fr_buf_puts(out, "  ");
        fr_style_on(out, style, kept ? FR_TONE_DIM : FR_TONE_GREEN);
        fr_buf_printf(out, "%-6s", file.action);
        fr_style_off(out, style, kept ? FR_TONE_DIM : FR_TONE_GREEN);
        fr_buf_printf(out, "  %s\n", file.path);
    }
    if (!dry_run)
        return;
    for (size_t i = 0; fr_init_file_at(init, i, &file); i++) {
        if (!fr_str_ends(file.path, "/config.json") || fr_str_equal(file.action, "keep"))
            continue;
        fr_buf_printf(out, "\n%s would be:\n", file.path);
        fr_text_clean(out, file.content, 1);
    }
}

static void tell_found(fr_app *app, const fr_init *init)
{
    const fr_style *style = fr_report_style(app->report);
    const fr_json *report = fr_init_report(init);
    fr_buf text = {0};

    fr_style_put(&text, style, FR_TONE_BOLD, "found");
    fr_buf_puts(&text, " in ");
    fr_text_clean(&text, fr_init_root(init), 0);
    fr_buf_putc(&text, '\n');
    put_facts(style, fr_json_get(report, "discovered"), &text);
    if (!text.failed && !app->globals.quiet)
        fr_report_page(app->report, fr_buf_text(&text));
    fr_buf_finish(&text);
}

static void tell_plan(fr_app *app, const fr_init *init, int dry_run)
{
    const fr_style *style = fr_report_style(app->report);
    fr_buf text = {0};

    put_notes(style, fr_init_report(init), &text);
    put_files(style, init, dry_run, &text);
    if (!text.failed && !app->globals.quiet)
        fr_report_page(app->report, fr_buf_text(&text));
    fr_buf_finish(&text);
}

/* ---------------------------------------------------------------- the result */

static const char *outcome(const fr_init *init, int dry_run)
{
    if (!fr_init_changes(init))
        return "the project is initialised already; nothing changes";
    return dry_run ? "nothing was written (--dry-run)" : "the project is initialised";
}

/* What happened, and what comes next: where nothing can be deployed, that is
 * the news. */
static int32_t tell_outcome(const fr_init *init, int dry_run, fr_json *result)
{
    const fr_json *report = fr_init_report(init);
    const char *obstacle = fr_json_get_string(report, "obstacle");
    const int fresh = fr_init_changes(init) && !dry_run;
    fr_buf text = {0};

    fr_buf_puts(&text, outcome(init, dry_run));
    if (obstacle != NULL)
        fr_buf_printf(&text, "%s: %s",
                      fresh ? ", but nothing can be deployed yet"
                            : "; nothing can be deployed with it yet",
                      obstacle);
    else if (fresh)
        fr_buf_puts(&text, "; next: fractary doctor, then fractary preview");
    if (obstacle == NULL && fresh &&
        fr_json_get_string(fr_json_get(report, "config"), "default_environment") == NULL)
        fr_buf_printf(&text, " --env %s",
                      fr_json_string(fr_json_first(fr_json_get(report, "deployable"))));
    const int32_t status =
        text.failed ? FRACTARY_E_NOMEM : fr_json_set_string(result, "message", fr_buf_text(&text));
    fr_buf_finish(&text);
    return status;
}

/* Members of the report that the result has, too. */
static int32_t fill_result(const fr_init *init, fr_json *result)
{
    static const char *const keys[] = {"discovered", "config",     "files",    "notes",   "open",
                                       "questions",  "deployable", "obstacle", "migrated"};
    const fr_json *report = fr_init_report(init);
    int32_t status = fr_json_set_string(result, "root", fr_init_root(init));

    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == FRACTARY_OK; i++) {
        const fr_json *value = fr_json_get(report, keys[i]);
        status =
            fr_json_set(result, keys[i], value != NULL ? fr_json_copy(value) : fr_json_new_null());
    }
    return status;
}

static const char *non_empty(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static int32_t lead(fr_app *app, fr_init *init, const fr_json *options, fr_json *result,
                    fractary_error *error)
{
    const int dry_run = fr_json_is_true(options, "dry-run");
    const int silent = dry_run || fr_json_is_true(options, "yes") || app->globals.json ||
                       app->globals.quiet || !fr_report_can_ask(app->report);
    int32_t status = FRACTARY_OK;

    tell_found(app, init);
    if (!silent)
        status = ask_all(app, init, error);
    if (status == FRACTARY_E_CANCELLED)
        fr_error_advice(error, "nothing was written; run `fractary init` again, or with --yes to "
                               "be asked nothing");
    if (status != FRACTARY_OK)
        return status;
    tell_plan(app, init, dry_run);
    if (tell_outcome(init, dry_run, result) != FRACTARY_OK ||
        fill_result(init, result) != FRACTARY_OK)
        return fr_error_nomem(error);
    status = fr_loop_check(app->context.loop, 0, "looking at the project", error);
    return dry_run || status != FRACTARY_OK ? status : fr_init_write(init, error);
}

/* From here on Ctrl-C is a message and no end: either all is written or
 * nothing. */
static int32_t plan_and_lead(fr_app *app, const fr_discover_options *where, const fr_json *options,
                             fr_json *result, fractary_error *error)
{
    fr_init *init = NULL;
    int32_t status = fr_init_plan(where, &init, error);

    if (status == FRACTARY_OK)
        status = fr_loop_check(app->context.loop, 0, "looking at the project", error);
    if (status == FRACTARY_OK)
        status = lead(app, init, options, result, error);
    fr_init_free(init);
    return status;
}

int32_t fr_cmd_init(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error)
{
    const fr_discover_options where = {
        .start = app->folder,
        .here = app->globals.project != NULL,
        .home = non_empty(app->places.home),
        .aws_config_file = non_empty(getenv("AWS_CONFIG_FILE")),
        .aws_credentials_file = non_empty(getenv("AWS_SHARED_CREDENTIALS_FILE")),
    };
    int32_t status = fr_loop_create(&app->context.loop, error);

    if (status == FRACTARY_OK)
        status = plan_and_lead(app, &where, options, result, error);
    fr_loop_destroy(app->context.loop);
    app->context.loop = NULL;
    return status;
}
