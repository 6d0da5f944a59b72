/* fractary plugin list, fractary plugin info. Both read manifests only. */
#include "cli/app.h"
#include "cli/table.h"
#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static const char *status_of(const fr_catalog_entry *entry)
{
    if (entry->manifest == NULL)
        return "bad";
    return entry->shadowed_by != NULL ? "shadowed" : "ok";
}

static fr_tone tone_of(const fr_catalog_entry *entry)
{
    if (entry->manifest == NULL)
        return FR_TONE_RED;
    return entry->shadowed_by != NULL ? FR_TONE_DIM : FR_TONE_GREEN;
}

/* A bad one is called by its folder. */
static const char *name_of(const fr_catalog_entry *entry)
{
    if (entry->manifest != NULL)
        return entry->manifest->id;
    const char *slash = strrchr(entry->folder, '/');
    return slash != NULL ? slash + 1 : entry->folder;
}

/* ----------------------------------------------------------------------- list */

static int32_t describe(const fr_catalog_entry *entry, fr_json *object)
{
    const fr_manifest *manifest = entry->manifest;
    int32_t status = fr_json_set_string(object, "id", name_of(entry));

    status |= fr_json_set_string(object, "status", status_of(entry));
    status |= fr_json_set_string(object, "origin", entry->origin);
    status |= fr_json_set_string(object, "folder", entry->folder);
    if (manifest != NULL) {
        status |= fr_json_set_string(object, "version", manifest->version);
        status |= fr_json_set_string(object, "kind", manifest->kind);
        status |= fr_json_set_string(object, "description", manifest->description);
    } else {
        status |= fr_json_set_string(object, "message", entry->error->message);
        status |= fr_json_set_string(object, "cause", entry->error->cause);
        status |= fr_json_set_string(object, "place", entry->error->place);
    }
    if (entry->shadowed_by != NULL)
        status |= fr_json_set_string(object, "shadowed_by", entry->shadowed_by->folder);
    return status;
}

/* Of the same name, and not in use: shadowed or refused. */
static int is_rival(const fr_catalog_entry *entry, const fr_catalog_entry *other)
{
    return other != entry && fr_str_equal(name_of(other), name_of(entry));
}

/* All, or the rivals of one. */
static fr_json *list_as_json(const fr_catalog *catalog, const fr_catalog_entry *of)
{
    fr_json *list = fr_json_array();
    int32_t status = list != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;

    for (size_t i = 0; i < fr_catalog_count(catalog) && status == FRACTARY_OK; i++) {
        if (of != NULL && !is_rival(of, fr_catalog_at(catalog, i)))
            continue;
        fr_json *object = fr_json_object();
        status = describe(fr_catalog_at(catalog, i), object);
        if (status == FRACTARY_OK)
            status = fr_json_add(list, object);
        else
            fr_json_free(object);
    }
    if (status == FRACTARY_OK)
        return list;
    fr_json_free(list);
    return NULL;
}

static const fr_table_column columns[] = {
    {"ID", 12, 0, 0},    {"VERSION", 7, 4, 0}, {"KIND", 7, 3, 0},
    {"ORIGIN", 6, 2, 0}, {"STATUS", 8, 0, 0},
};

#define COLUMNS (sizeof columns / sizeof *columns)

static int fill_row(const void *context, size_t index, fr_table_cell *cells)
{
    const fr_catalog_entry *entry = fr_catalog_at(context, index);
    const fr_manifest *manifest = entry->manifest;

    cells[0].text = name_of(entry);
    cells[1].text = manifest != NULL ? manifest->version : "";
    cells[2].text = manifest != NULL ? manifest->kind : "";
    cells[3].text = entry->origin;
    cells[4] = (fr_table_cell){status_of(entry), tone_of(entry)};
    return 1;
}

static int32_t print_table(const fr_catalog *catalog, const fr_style *style, fr_buf *out)
{
    const fr_table table = {columns, COLUMNS, fr_catalog_count(catalog), catalog, fill_row};

    return fr_table_print(&table, style, out);
}

static void put_wrapped(const fr_style *style, const char *text, fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_text_wrap(out, fr_buf_text(&clean), style->width, 0, 2);
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

/* Below the table: why a plugin is not usable. */
static void print_reasons(const fr_catalog *catalog, const fr_style *style, fr_buf *out)
{
    int begun = 0;

    for (size_t i = 0; i < fr_catalog_count(catalog); i++) {
        const fr_catalog_entry *entry = fr_catalog_at(catalog, i);
        fr_buf line = {0};
        if (entry->manifest == NULL) {
            fr_buf_printf(&line, "%s: %s", name_of(entry), entry->error->message);
            if (entry->error->cause[0] != '\0')
                fr_buf_printf(&line, ": %s", entry->error->cause);
            fr_buf_printf(&line, " (%s)", entry->folder);
        } else if (entry->shadowed_by != NULL) {
            fr_buf_printf(&line, "%s in %s is shadowed by %s", name_of(entry), entry->folder,
                          entry->shadowed_by->folder);
        }
        if (line.length != 0 && !begun++)
            fr_buf_putc(out, '\n');
        if (line.length != 0)
            put_wrapped(style, fr_buf_text(&line), out);
        fr_buf_finish_part(&line, out);
    }
}

static void sum_up(const fr_catalog *catalog, fr_buf *out)
{
    uint64_t bad = 0;
    uint64_t shadowed = 0;

    for (size_t i = 0; i < fr_catalog_count(catalog); i++) {
        const fr_catalog_entry *entry = fr_catalog_at(catalog, i);
        bad += entry->manifest == NULL;
        shadowed += entry->shadowed_by != NULL;
    }
    fr_text_count(out, fr_catalog_count(catalog), "plugin");
    if (bad != 0)
        fr_buf_printf(out, ", %u bad", (unsigned)bad);
    if (shadowed != 0)
        fr_buf_printf(out, ", %u shadowed", (unsigned)shadowed);
}

static int32_t show_list(fr_app *app)
{
    fr_buf text = {0};
    int32_t status = print_table(app->catalog, fr_report_style(app->report), &text);

    print_reasons(app->catalog, fr_report_style(app->report), &text);
    if (text.failed)
        status = FRACTARY_E_NOMEM;
    if (status == FRACTARY_OK && text.length != 0)
        fr_report_text(app->report, fr_buf_text(&text));
    fr_buf_finish(&text);
    return status;
}

int32_t fr_cmd_plugin_list(fr_app *app, const fr_json *options, fr_json *result,
                           fractary_error *error)
{
    fr_buf message = {0};

    (void)options;
    sum_up(app->catalog, &message);
    int32_t status = message.failed ? FRACTARY_E_NOMEM
                                    : fr_json_set_string(result, "message", fr_buf_text(&message));
    fr_buf_finish(&message);
    if (status == FRACTARY_OK && app->globals.json)
        status = fr_json_set(result, "plugins", list_as_json(app->catalog, NULL));
    if (status == FRACTARY_OK && !app->globals.quiet)
        status = show_list(app);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

/* ----------------------------------------------------------------------- info */

/* Keys of the manifest that are lists of texts, and how they are called. */
static const struct list_row {
    const char *label, *key, *inner;
} list_rows[] = {
    {"provides", "provides", NULL}, {"needs", "needs", NULL},       {"reads", "files", NULL},
    {"variables", "environ", NULL}, {"tools", "requires", "tools"},
};

#define LABEL_WIDTH 11

static const fr_json *list_of(const fr_manifest *manifest, const struct list_row *row)
{
    const fr_json *value = fr_json_get(manifest->tree, row->key);
    return row->inner != NULL ? fr_json_get(value, row->inner) : value;
}

static void put_row(const fr_style *style, const char *label, const char *text, fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_style_on(out, style, FR_TONE_DIM);
    fr_buf_printf(out, "  %-*s", LABEL_WIDTH, label);
    fr_style_off(out, style, FR_TONE_DIM);
    fr_text_wrap(out, fr_buf_text(&clean), style->width, 2 + LABEL_WIDTH, 2 + LABEL_WIDTH);
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

static void put_list(const fr_style *style, const char *label, const fr_json *list, fr_buf *out)
{
    fr_buf text = {0};

    for (const fr_json *item = fr_json_first(list); item != NULL; item = fr_json_next(item)) {
        fr_buf_puts(&text, text.length != 0 ? ", " : "");
        fr_buf_puts(&text, fr_json_string(item));
    }
    if (text.length != 0)
        put_row(style, label, fr_buf_text(&text), out);
    fr_buf_finish_part(&text, out);
}

static void put_commands(const fr_style *style, const fr_manifest *manifest, fr_buf *out)
{
    const fr_json *row = fr_json_first(manifest->commands);

    for (int first = 1; row != NULL; row = fr_json_next(row), first = 0) {
        char *text = fr_str_format("%s: %s", fr_json_get_string(row, "name"),
                                   fr_json_get_string(row, "summary"));
        put_row(style, first ? "commands" : "", text != NULL ? text : "", out);
        out->failed |= text == NULL;
        free(text);
    }
}

static const fr_catalog_entry *entry_of(const fr_catalog *catalog, const fr_manifest *manifest)
{
    size_t index = 0;

    while (fr_catalog_at(catalog, index)->manifest != manifest)
        index++;
    return fr_catalog_at(catalog, index);
}

static void put_rivals(const fr_style *style, const fr_catalog *catalog,
                       const fr_catalog_entry *entry, fr_buf *out)
{
    for (size_t i = 0; i < fr_catalog_count(catalog); i++) {
        const fr_catalog_entry *other = fr_catalog_at(catalog, i);
        const fractary_error *why = other->error;
        if (!is_rival(entry, other))
            continue;
        char *text = other->manifest != NULL
                         ? fr_str_format("%s (version %s)", other->folder, other->manifest->version)
                         : fr_str_format("%s: %s%s%s", other->folder, why->message,
                                         why->cause[0] != '\0' ? ": " : "", why->cause);
        put_row(style, other->manifest != NULL ? "shadows" : "refused", text != NULL ? text : "",
                out);
        free(text);
    }
}

static void print_info(const fr_style *style, const fr_catalog *catalog,
                       const fr_catalog_entry *entry, fr_buf *out)
{
    const fr_manifest *manifest = entry->manifest;
    fr_buf title = {0};

    fr_buf_printf(&title, "%s %s: %s", manifest->id, manifest->version,
                  manifest->description != NULL ? manifest->description : "");
    put_wrapped(style, fr_buf_text(&title), out);
    put_row(style, "kind", manifest->kind, out);
    put_row(style, "origin", entry->origin, out);
    put_row(style, "folder", manifest->folder, out);
    put_rivals(style, catalog, entry, out);
    for (size_t i = 0; i < sizeof list_rows / sizeof *list_rows; i++)
        put_list(style, list_rows[i].label, list_of(manifest, &list_rows[i]), out);
    put_commands(style, manifest, out);
    fr_buf_finish_part(&title, out);
}

static int32_t info_as_json(const fr_catalog *catalog, const fr_catalog_entry *entry,
                            fr_json *result)
{
    fr_json *object = fr_json_object();
    int32_t status = describe(entry, object);

    status |= fr_json_set(object, "others", list_as_json(catalog, entry));

    status |= fr_json_set_string(object, "library", entry->manifest->library);
    status |= fr_json_set(object, "manifest", fr_json_copy(entry->manifest->tree));
    if (status == FRACTARY_OK)
        return fr_json_set(result, "plugin", object);
    fr_json_free(object);
    return status;
}

int32_t fr_cmd_plugin_info(fr_app *app, const fr_json *options, fr_json *result,
                           fractary_error *error)
{
    const fr_manifest *manifest;
    int32_t status =
        fr_catalog_find(app->catalog, fr_json_get_string(options, "id"), &manifest, error);
    fr_buf text = {0};

    if (status != FRACTARY_OK)
        return status;
    const fr_catalog_entry *entry = entry_of(app->catalog, manifest);
    char *message = fr_str_format("%s %s is installed", manifest->id, manifest->version);
    status = fr_json_set_string(result, "message", message);
    free(message);
    status |= info_as_json(app->catalog, entry, result);
    print_info(fr_report_style(app->report), app->catalog, entry, &text);
    if (text.failed)
        status = FRACTARY_E_NOMEM;
    if (status == FRACTARY_OK && !app->globals.quiet)
        fr_report_text(app->report, fr_buf_text(&text));
    fr_buf_finish(&text);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}
