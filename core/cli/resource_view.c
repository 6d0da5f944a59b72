#include "cli/resource_view.h"

#include "cli/table.h"
#include "cli/tally.h"
#include "cli/view.h"
#include "project/stack.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* What is kept of a resource; absent is 0, which is the empty text. */
typedef enum field { ADDRESS, STACK, STATUS, TYPE, NAME, ID, REGION, REASON, FIELDS } field;

/* What counting takes: address, stack and status. */
#define COUNTED (STATUS + 1)

static const char *const keys[FIELDS] = {"address", "stack", "status", "type",
                                         "name",    "id",    "region", "reason"};

typedef struct entry {
    size_t texts[FIELDS]; /* where each begins */
    size_t order;
} entry;

static const fr_table_column columns[] = {
    {"STACK", 8, 0, 0}, {"ADDRESS", 8, 0, 1}, {"TYPE", 12, 5, 0},   {"STATUS", 8, 0, 0},
    {"NAME", 16, 3, 0}, {"REGION", 9, 4, 0},  {"REASON", 16, 2, 0},
};

#define COLUMNS (sizeof columns / sizeof *columns)

void fr_resource_view_finish(fr_resource_view *view)
{
    fr_buf_finish(&view->texts);
    fr_buf_finish(&view->rows);
    view->count = 0;
    view->settled = 0;
    view->stack = 0;
}

static entry *rows_of(const fr_resource_view *view)
{
    return (entry *)(void *)view->rows.data;
}

static const char *text_at(const fr_resource_view *view, const entry *row, field which)
{
    return view->texts.data + row->texts[which];
}

/* Offset 0 is the empty text, for what is absent. */
static entry new_entry(fr_resource_view *view)
{
    entry added = {.order = view->count};

    if (view->texts.length == 0)
        fr_buf_append(&view->texts, "", 1);
    added.texts[STACK] = view->stack;
    return added;
}

/* The stack of a project that names none is not worth a column. */
static void leave_out_default(const fr_resource_view *view, entry *added)
{
    if (!view->texts.failed && strcmp(text_at(view, added, STACK), FR_STACK_DEFAULT) == 0)
        added->texts[STACK] = 0;
}

int32_t fr_resource_view_enter(fr_resource_view *view, const char *stack)
{
    if (view->texts.length == 0)
        fr_buf_append(&view->texts, "", 1);
    view->stack = view->texts.length;
    return fr_buf_append(&view->texts, stack, strlen(stack) + 1);
}

static int32_t keep_entry(fr_resource_view *view, entry *added)
{
    leave_out_default(view, added);
    if (view->texts.failed || fr_buf_append(&view->rows, added, sizeof *added) != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    view->count++;
    view->settled = 0;
    return FRACTARY_OK;
}

static size_t kept_fields(const fr_resource_view *view)
{
    return view->counts_only ? COUNTED : FIELDS;
}

int32_t fr_resource_view_add(fr_resource_view *view, const fr_json *record)
{
    const fr_json *resource = fr_json_get(record, "resource");
    entry added = new_entry(view);

    for (size_t i = 0; i < kept_fields(view); i++) {
        const char *text = fr_json_get_string(resource, keys[i]);
        if (text == NULL || text[0] == '\0')
            continue;
        added.texts[i] = view->texts.length;
        fr_buf_append(&view->texts, text, strlen(text) + 1);
    }
    return keep_entry(view, &added);
}

int32_t fr_resource_view_add_text(fr_resource_view *view, const fr_json_outline *outline,
                                  const fr_json_part *resource)
{
    entry added = new_entry(view);

    for (size_t i = 0; i < kept_fields(view); i++) {
        const fr_json_part *part = fr_json_outline_find(outline, resource, keys[i]);
        if (part == NULL || !fr_json_part_has_text(part))
            continue;
        added.texts[i] = view->texts.length;
        fr_json_unquote(part->value, &view->texts);
        fr_buf_append(&view->texts, "", 1);
    }
    return keep_entry(view, &added);
}

static int compare(const fr_resource_view *view, const entry *left, const entry *right)
{
    const int order = strcmp(text_at(view, left, STACK), text_at(view, right, STACK));

    return order != 0 ? order : strcmp(text_at(view, left, ADDRESS), text_at(view, right, ADDRESS));
}

static int by_stack_and_address(const void *a, const void *b, void *context)
{
    const entry *left = a;
    const entry *right = b;
    const int order = compare(context, left, right);

    if (order != 0)
        return order;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Of one address the later row holds, completed by the earlier one. */
static void complete(entry *later, const entry *earlier)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (later->texts[i] == 0)
            later->texts[i] = earlier->texts[i];
    }
}

/* A registry is sorted already. */
static int is_sorted(const fr_resource_view *view)
{
    const entry *rows = rows_of(view);

    for (size_t i = 1; i < view->count; i++) {
        if (compare(view, &rows[i - 1], &rows[i]) > 0)
            return 0;
    }
    return 1;
}

static void settle(fr_resource_view *view)
{
    entry *rows = rows_of(view);
    size_t kept = 0;

    if (view->count == 0 || view->settled)
        return;
    if (!is_sorted(view))
        qsort_r(rows, view->count, sizeof *rows, by_stack_and_address, view);
    for (size_t i = 1; i < view->count; i++) {
        if (compare(view, &rows[kept], &rows[i]) == 0)
            complete(&rows[i], &rows[kept]);
        else
            kept++;
        rows[kept] = rows[i];
    }
    view->count = kept + 1;
    view->settled = 1;
    view->rows.length = view->count * sizeof *rows;
}

static int is_wanting(const fr_resource_view *view, const entry *row)
{
    const char *status = text_at(view, row, STATUS);
    return strcmp(status, "missing") == 0 || strcmp(status, "unverifiable") == 0 ||
           text_at(view, row, REASON)[0] != '\0';
}

static int fill_row(const void *context, size_t index, fr_table_cell *cells)
{
    const fr_resource_view *view = context;
    const entry *row = rows_of(view) + index;
    const char *status = text_at(view, row, STATUS);
    const char *name = text_at(view, row, NAME);

    cells[0].text = text_at(view, row, STACK);
    cells[1].text = text_at(view, row, ADDRESS);
    cells[2].text = text_at(view, row, TYPE);
    cells[3] = (fr_table_cell){status, fr_view_status_tone(status)};
    cells[4].text = name[0] != '\0' ? name : text_at(view, row, ID);
    cells[5].text = text_at(view, row, REGION);
    cells[6].text = text_at(view, row, REASON);
    return 1;
}

static int fill_wanting_row(const void *context, size_t index, fr_table_cell *cells)
{
    const fr_resource_view *view = context;

    return is_wanting(view, rows_of(view) + index) && fill_row(context, index, cells);
}

int32_t fr_resource_view_print(fr_resource_view *view, int wanting, const fr_style *style,
                               fr_buf *out)
{
    settle(view);
    const fr_table table = {columns, COLUMNS, view->count, view,
                            wanting ? fill_wanting_row : fill_row};
    return fr_table_print(&table, style, out);
}

/* Those of the stack that came last, where there are several; NULL: any. */
static uint64_t count_status(const fr_resource_view *view, const char *status)
{
    const char *stack = view->texts.data + view->stack;
    uint64_t count = 0;

    for (size_t i = 0; i < view->count; i++) {
        const entry *row = rows_of(view) + i;
        count += (status == NULL || strcmp(text_at(view, row, STATUS), status) == 0) &&
                 (view->stack == 0 || strcmp(text_at(view, row, STACK), stack) == 0);
    }
    return count;
}

void fr_resource_view_sentence(fr_resource_view *view, fr_buf *out)
{
    settle(view);
    if (view->count != 0)
        fr_tally_resources(count_status(view, NULL), count_status(view, "verified"),
                           count_status(view, "missing"), count_status(view, "unverifiable"), out);
}
