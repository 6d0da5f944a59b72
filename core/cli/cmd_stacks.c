/* fractary stacks: the project's stacks in the order of their dependencies,
 * what is deployed of each, and with --edges which needs which. */
#include "base/file.h"
#include "cli/app.h"
#include "cli/edge_view.h"
#include "cli/table.h"
#include "cli/text.h"
#include "project/registry_place.h"
#include "project/registry_view.h"
#include "project/stack_edges.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* As much of a time as a table shows: 2026-01-31 12:00. */
#define DATE_WIDTH 10
#define TIME_WIDTH 5

/* The list while it is made. */
typedef struct listing {
    fr_app *app;
    const char *environment; /* NULL: all */
    const fr_style *style;
    fr_vec rows;  /* of the table, row * */
    fr_vec edges; /* fr_stack_edge * */
    fr_names troubles;
    fr_json *stacks; /* for the result */
    fr_json *warnings;
    fr_buf text;
} listing;

/* ------------------------------------------------------------------ environments */

/* The environment at `index` of those that are asked for; NULL behind the last. */
static const char *environment_at(const listing *l, size_t index)
{
    if (l->environment != NULL)
        return index == 0 ? l->environment : NULL;
    return fr_config_environment_name(l->app->config, index);
}

static int serves_any(const listing *l, const fr_stack *stack)
{
    const char *name;

    for (size_t i = 0; (name = environment_at(l, i)) != NULL; i++) {
        if (fr_stack_serves(stack, name))
            return 1;
    }
    return 0;
}

/* --------------------------------------------------------------------- deployed */

typedef struct deployed {
    uint64_t resources;
    char when[40];  /* "" when never */
    int32_t status; /* of the reading */
    fractary_error error;
} deployed;

static int32_t count(void *context, fractary_string_view resource)
{
    (void)resource;
    ++*(uint64_t *)context;
    return FRACTARY_OK;
}

/* The registry's own member, which stands before the resources. */
static void read_when(const fr_registry_place *place, deployed *out)
{
    char *path = fr_registry_path(place, "registry.json");
    fr_buf text = {0};
    size_t length = 0;

    if (path != NULL && fr_file_read(path, FR_REGISTRY_LIMIT, &text, NULL) == FRACTARY_OK) {
        const char *when =
            fr_json_member_text(fr_buf_text(&text), text.length, "updated_at", &length);
        if (when != NULL && length > 2 && length < sizeof out->when && when[0] == '"') {
            memcpy(out->when, when + 1, length - 2);
            out->when[length - 2] = '\0';
        }
    }
    fr_buf_finish(&text);
    free(path);
}

/* What the registry says; a broken one is said and ends nothing. */
static void look_up(const listing *l, const char *environment, const char *stack, deployed *out)
{
    const fr_config *config = l->app->config;
    const fr_registry_place place = {fr_config_folder(config), environment, stack,
                                     fr_config_project(config)};

    *out = (deployed){.error = FR_ERROR_INIT};
    out->status = fr_registry_each(&place, count, &out->resources, &out->error);
    if (out->status == FRACTARY_OK)
        read_when(&place, out);
}

static void put_when(const char *when, fr_buf *out)
{
    if (strlen(when) > DATE_WIDTH + TIME_WIDTH)
        fr_buf_printf(out, "%.*s %.*s", DATE_WIDTH, when, TIME_WIDTH, when + DATE_WIDTH + 1);
}

static int32_t warn(listing *l, const char *text)
{
    fr_buf line = {0};
    fr_buf clean = {0};
    const int32_t status = fr_json_add_string(l->warnings, text);

    fr_text_clean(&clean, text, 0);
    fr_style_put(&l->text, l->style, FR_TONE_YELLOW, fr_style_mark(l->style, FR_MARK_WARNING));
    fr_buf_putc(&l->text, ' ');
    fr_text_wrap(&line, fr_buf_text(&clean), l->style->width, 2, 2);
    fr_buf_printf(&l->text, "%s\n", fr_buf_text(&line));
    fr_buf_finish(&clean);
    fr_buf_finish(&line);
    return status;
}

static int32_t warn_broken(listing *l, const fractary_error *error)
{
    char *text = fr_str_format("%s: %s", error->message, error->cause);
    const int32_t status = text != NULL ? warn(l, text) : FRACTARY_E_NOMEM;

    free(text);
    return status;
}

static fr_json *describe_deployed(const char *environment, const deployed *found)
{
    fr_json *object = fr_json_object();
    int32_t status = fr_json_set_string(object, "environment", environment);

    if (found->status == FRACTARY_OK) {
        status |= fr_json_set_int(object, "resources", (int64_t)found->resources);
        status |= fr_json_set_string(object, "at", found->when[0] != '\0' ? found->when : NULL);
    } else {
        status |= fr_json_set_string(object, "error", found->error.message);
    }
    if (status == FRACTARY_OK)
        return object;
    fr_json_free(object);
    return NULL;
}

/* "test 3, prod 12", and the newest of their times. */
typedef struct sum {
    fr_buf text;
    char newest[40];
} sum;

static void add_to_sum(const listing *l, const char *environment, const deployed *found, sum *s)
{
    const char *before = s->text.length > 0 ? ", " : "";

    if (found->status != FRACTARY_OK)
        fr_buf_printf(&s->text, "%s%s ?", before, environment);
    else if (found->when[0] != '\0' && l->environment != NULL)
        fr_text_count(&s->text, found->resources, "resource");
    else if (found->when[0] != '\0')
        fr_buf_printf(&s->text, "%s%s %llu", before, environment,
                      (unsigned long long)found->resources);
    if (strcmp(found->when, s->newest) > 0)
        memcpy(s->newest, found->when, sizeof s->newest);
}

static int32_t add_deployed(listing *l, const fr_stack *stack, fr_json *object, sum *s)
{
    fr_json *list = fr_json_array();
    int32_t status = FRACTARY_OK;
    const char *name;

    for (size_t i = 0; status == FRACTARY_OK && (name = environment_at(l, i)) != NULL; i++) {
        deployed found;
        if (!fr_stack_serves(stack, name))
            continue;
        look_up(l, name, stack->name, &found);
        status = fr_json_add(list, describe_deployed(name, &found));
        add_to_sum(l, name, &found, s);
        if (status == FRACTARY_OK && found.status != FRACTARY_OK)
            status = warn_broken(l, &found.error);
    }
    return fr_json_set(object, "deployed", list) | status;
}

/* ---------------------------------------------------------------------- a stack */

/* Non-zero for a stack whose folder differs from one environment to another:
 * what is shown is the pattern. */
static int32_t put_directory(const listing *l, const fr_stack *stack, fr_buf *out)
{
    const char *environment = environment_at(l, 0);
    const char *id = fr_config_handler(l->app->config, environment, "iac");

    if (stack->directory != NULL && l->environment == NULL)
        return fr_buf_puts(out, stack->directory);
    fr_json *section =
        fr_stack_section(l->app->config, environment, stack->name, id != NULL ? id : "");
    const char *directory = fr_json_get_string(section, "directory");
    if (section != NULL)
        fr_buf_puts(out, directory != NULL ? directory : ".");
    fr_json_free(section);
    return section != NULL && !out->failed ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

static int32_t add_text(fr_json *list, fr_buf *text, const char *name)
{
    fr_buf_printf(text, "%s%s", text->length > 0 ? ", " : "", name);
    return fr_json_add_string(list, name);
}

static int32_t add_environments(const listing *l, const fr_stack *stack, fr_json *object,
                                fr_buf *text)
{
    fr_json *list = fr_json_array();
    int32_t status = FRACTARY_OK;
    const char *name;

    for (size_t i = 0; (name = fr_config_environment_name(l->app->config, i)) != NULL; i++) {
        if (fr_stack_serves(stack, name))
            status |= add_text(list, text, name);
    }
    return fr_json_set(object, "environments", list) | status;
}

static int32_t add_needs(const fr_stack *stack, fr_json *object, fr_buf *text)
{
    const fr_json *need = fr_json_first(fr_json_get(stack->tree, "depends_on"));
    fr_json *list = fr_json_array();
    int32_t status = FRACTARY_OK;

    for (; need != NULL; need = fr_json_next(need))
        status |= add_text(list, text, fr_json_string(need));
    return fr_json_set(object, "depends_on", list) | status;
}

static const fr_table_column columns[] = {
    {"STACK", 8, 0, 0},      {"DIRECTORY", 10, 3, 1}, {"ENVIRONMENTS", 8, 5, 0},
    {"DEPENDS ON", 8, 2, 0}, {"DEPLOYED", 16, 1, 0},  {"LAST", 10, 4, 0},
};

typedef struct row {
    const char *stack;
    fr_buf directory, environments, needs, when;
    sum deployed;
} row;

static void row_destroy(void *item)
{
    row *r = item;

    fr_buf_finish(&r->directory);
    fr_buf_finish(&r->environments);
    fr_buf_finish(&r->needs);
    fr_buf_finish(&r->when);
    fr_buf_finish(&r->deployed.text);
    free(r);
}

static row *new_row(listing *l, const char *stack)
{
    row *r = calloc(1, sizeof *r);

    if (r == NULL || fr_vec_push(&l->rows, r) != FRACTARY_OK) {
        free(r);
        return NULL;
    }
    r->stack = stack;
    return r;
}

static int fill_row(const void *context, size_t index, fr_table_cell *cells)
{
    const listing *l = context;
    const row *r = l->rows.items[index];
    const int never = r->deployed.text.length == 0;
    const fr_table_cell filled[] = {
        {r->stack, FR_TONE_BOLD},
        {fr_buf_text(&r->directory), FR_TONE_PLAIN},
        {fr_buf_text(&r->environments), FR_TONE_PLAIN},
        {fr_buf_text(&r->needs), FR_TONE_PLAIN},
        {never ? "not yet" : fr_buf_text(&r->deployed.text), never ? FR_TONE_DIM : FR_TONE_GREEN},
        {fr_buf_text(&r->when), FR_TONE_DIM},
    };

    memcpy(cells, filled, sizeof filled);
    return 1;
}

static int32_t print_stacks(const listing *l, fr_buf *out)
{
    const fr_table table = {.columns = columns,
                            .column_count = sizeof columns / sizeof *columns,
                            .row_count = l->rows.count,
                            .context = l,
                            .row = fill_row};

    return fr_table_print(&table, l->style, out);
}

static int32_t add_stack(listing *l, const fr_stack *stack)
{
    fr_json *object = fr_json_object();
    row *r = new_row(l, stack->name);
    int32_t status = fr_json_set_string(object, "stack", stack->name);

    if (r == NULL) {
        fr_json_free(object);
        return FRACTARY_E_NOMEM;
    }
    status |= put_directory(l, stack, &r->directory);
    status |= fr_json_set_string(object, "directory", fr_buf_text(&r->directory));
    status |= add_environments(l, stack, object, &r->environments);
    status |= add_needs(stack, object, &r->needs);
    status |= add_deployed(l, stack, object, &r->deployed);
    status |= fr_json_add(l->stacks, object);
    put_when(r->deployed.newest, &r->when);
    return status == FRACTARY_OK ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* In the order of dependencies over all environments. */
static int32_t add_stacks(listing *l)
{
    const fr_json *stacks = fr_json_get(fr_config_tree(l->app->config), "stacks");
    fr_vec settled = {0};
    fr_stack stack = {.name = FR_STACK_DEFAULT};
    int32_t status = fr_stack_settle(stacks, NULL, &settled);

    if (!fr_stack_configured(l->app->config))
        status = add_stack(l, &stack);
    for (size_t i = 0; i < settled.count && status == FRACTARY_OK; i++) {
        const fr_json *tree = settled.items[i];
        stack = (fr_stack){fr_json_key(tree), fr_json_get_string(tree, "directory"), tree};
        if (serves_any(l, &stack))
            status = add_stack(l, &stack);
    }
    fr_vec_finish(&settled, NULL);
    return status;
}

/* ------------------------------------------------------------------------- edges */

/* In the order of the stacks that have them. */
static int32_t sort_edges(const listing *l, const fr_vec *found, fr_vec *out)
{
    const fr_json *stack = fr_json_first(l->stacks);
    int32_t status = FRACTARY_OK;

    for (; stack != NULL; stack = fr_json_next(stack)) {
        for (size_t i = 0; i < found->count && status == FRACTARY_OK; i++) {
            const fr_stack_edge *edge = found->items[i];
            if (fr_str_equal(edge->from, fr_json_get_string(stack, "stack")))
                status = fr_vec_push(out, found->items[i]);
        }
    }
    return status;
}

static int32_t find_edges(listing *l, fr_vec *sorted, fractary_error *error)
{
    int32_t status;

    if (l->environment != NULL)
        status =
            fr_stack_edges_find(l->app->config, l->environment, &l->edges, &l->troubles, error);
    else
        status = fr_stack_edges_find_all(l->app->config, &l->edges, &l->troubles, error);
    return status == FRACTARY_OK ? sort_edges(l, &l->edges, sorted) : status;
}

static int32_t warn_of_edges(listing *l, const fr_vec *edges)
{
    int32_t status = FRACTARY_OK;
    const char *trouble;

    for (size_t i = 0; i < edges->count && status == FRACTARY_OK; i++) {
        fr_buf sentence = {0};
        if (fr_stack_edge_warning(edges->items[i], &sentence))
            status = sentence.failed ? FRACTARY_E_NOMEM : warn(l, fr_buf_text(&sentence));
        fr_buf_finish(&sentence);
    }
    for (size_t i = 0; status == FRACTARY_OK && (trouble = fr_names_at(&l->troubles, i)); i++)
        status = warn(l, trouble);
    return status;
}

static int32_t add_edges(listing *l, fr_json *result, fractary_error *error)
{
    fr_json *list = fr_json_array();
    fr_vec edges = {0};
    int32_t status = find_edges(l, &edges, error);

    for (size_t i = 0; i < edges.count && status == FRACTARY_OK; i++)
        status = fr_json_add(list, fr_edge_describe(edges.items[i]));
    if (status == FRACTARY_OK)
        status = fr_edge_view_print(&edges, l->style, &l->text);
    if (status == FRACTARY_OK)
        status = warn_of_edges(l, &edges);
    fr_vec_finish(&edges, NULL);
    return fr_json_set(result, "edges", list) | status;
}

/* ---------------------------------------------------------------------- the whole */

static int32_t load(listing *l, const fr_json *options, fractary_error *error)
{
    const char *name = fr_json_get_string(options, "env");
    fr_environment environment;
    char *root = NULL;
    int32_t status = fr_config_find(l->app->folder, &root, error);

    if (status == FRACTARY_OK)
        status = fr_config_load(root, &l->app->config, error);
    if (status == FRACTARY_OK && name != NULL)
        status = fr_config_environment(l->app->config, name, &environment, error);
    if (status == FRACTARY_OK && name != NULL)
        l->environment = environment.name;
    free(root);
    return status;
}

static int32_t set_message(const listing *l, fr_json *result)
{
    fr_buf message = {0};

    fr_text_count(&message, fr_json_count(l->stacks), "stack");
    if (fr_json_count(l->warnings) > 0) {
        fr_buf_puts(&message, ", ");
        fr_text_count(&message, fr_json_count(l->warnings), "warning");
    }
    const int32_t status = fr_json_set_string(result, "message", fr_buf_text(&message));
    fr_buf_finish(&message);
    return status;
}

/* The table comes before what was said of it. */
static int32_t show(listing *l)
{
    fr_buf whole = {0};
    int32_t status = print_stacks(l, &whole);

    fr_buf_puts(&whole, fr_buf_text(&l->text));
    if (whole.failed || l->text.failed)
        status = FRACTARY_E_NOMEM;
    if (status == FRACTARY_OK && !l->app->globals.quiet)
        fr_report_page(l->app->report, fr_buf_text(&whole));
    fr_buf_finish(&whole);
    return status;
}

static int32_t make(listing *l, const fr_json *options, fr_json *result, fractary_error *error)
{
    int32_t status = add_stacks(l);

    if (status == FRACTARY_OK && fr_json_is_true(options, "edges"))
        status = add_edges(l, result, error);
    if (status == FRACTARY_OK)
        status = set_message(l, result);
    if (status == FRACTARY_OK)
        status = show(l);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

int32_t fr_cmd_stacks(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error)
{
    listing l = {.app = app, .style = fr_report_style(app->report)};
    int32_t status = load(&l, options, error);

    if (status != FRACTARY_OK)
        return status;
    l.stacks = fr_json_array();
    l.warnings = fr_json_array();
    status = make(&l, options, result, error);
    if ((fr_json_set(result, "stacks", l.stacks) | fr_json_set(result, "warnings", l.warnings)) !=
        FRACTARY_OK)
        status = fr_error_nomem(error);
    fr_vec_finish(&l.rows, row_destroy);
    fr_vec_finish(&l.edges, fr_stack_edge_destroy);
    fr_names_finish(&l.troubles);
    fr_buf_finish(&l.text);
    return status;
}
