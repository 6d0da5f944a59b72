#include "cli/edge_view.h"

#include "cli/table.h"
#include <string.h>

fr_json *fr_edge_describe(const fr_stack_edge *edge)
{
    fr_json *object = fr_json_object();
    int32_t status = fr_json_set_string(object, "from", edge->from);

    status |= fr_json_set_string(object, "to", edge->to);
    status |= fr_json_set_string(object, "kind", fr_edge_kind_name(edge->kind));
    status |= fr_json_set_string(object, "what", edge->what);
    status |= fr_json_set_string(object, "file", edge->file);
    if (edge->line > 0)
        status |= fr_json_set_int(object, "line", (int64_t)edge->line);
    status |= fr_json_set_bool(object, "known", edge->known);
    status |= fr_json_set_bool(object, "declared", edge->to != NULL && edge->declared);
    status |= fr_json_set(object, "environments", fr_names_array(&edge->environments));
    if (status == FRACTARY_OK)
        return object;
    fr_json_free(object);
    return NULL;
}

static const fr_table_column columns[] = {
    {"STACK", 8, 0, 0}, {"NEEDS", 8, 0, 0},    {"BY", 10, 1, 0},
    {"WHAT", 12, 3, 1}, {"DECLARED", 8, 2, 0}, {"PLACE", 12, 4, 1},
};

/* What the rows are made of. */
typedef struct edge_rows {
    const fr_vec *edges;
    fr_buf *place; /* of the row that was asked for last */
} edge_rows;

static void put_place(const fr_stack_edge *edge, fr_buf *out)
{
    fr_buf_clear(out);
    fr_buf_puts(out, edge->file);
    if (edge->line > 0)
        fr_buf_printf(out, ":%zu", edge->line);
}

static int fill_row(const void *context, size_t index, fr_table_cell *cells)
{
    const edge_rows *rows = context;
    const fr_stack_edge *edge = rows->edges->items[index];
    const int missing = edge->to == NULL || !edge->declared;
    const char *declared = missing ? "no" : "yes";

    if (edge->kind == FR_EDGE_DEPENDS_ON)
        return 0;
    put_place(edge, rows->place);
    const fr_table_cell filled[] = {
        {edge->from, FR_TONE_BOLD},
        {edge->to != NULL ? edge->to : "?", FR_TONE_BOLD},
        {fr_edge_kind_name(edge->kind), FR_TONE_PLAIN},
        {edge->what, FR_TONE_PLAIN},
        {edge->to != NULL ? declared : "", missing ? FR_TONE_YELLOW : FR_TONE_PLAIN},
        {fr_buf_text(rows->place), FR_TONE_DIM},
    };
    memcpy(cells, filled, sizeof filled);
    return 1;
}

static int are_shown(const fr_vec *edges)
{
    for (size_t i = 0; i < edges->count; i++) {
        const fr_stack_edge *edge = edges->items[i];
        if (edge->kind != FR_EDGE_DEPENDS_ON)
            return 1;
    }
    return 0;
}

int32_t fr_edge_view_print(const fr_vec *edges, const fr_style *style, fr_buf *out)
{
    fr_buf place = {0};
    const edge_rows rows = {edges, &place};
    const fr_table table = {.columns = columns,
                            .column_count = sizeof columns / sizeof *columns,
                            .row_count = edges->count,
                            .context = &rows,
                            .row = fill_row};

    if (!are_shown(edges))
        return FRACTARY_OK;
    fr_buf_putc(out, '\n');
    const int32_t status = fr_table_print(&table, style, out);
    fr_buf_putc(out, '\n');
    fr_buf_finish(&place);
    return status;
}
