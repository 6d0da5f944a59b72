#include "cli/table.h"

#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <string.h>

#define GAP 2

/* A cell that was added: where its text begins, and how wide it is. */
typedef struct cell {
    size_t start, width;
    fr_tone tone;
} cell;

void fr_table_init(fr_table *table, const fr_table_column *columns, size_t count)
{
    *table = (fr_table){.columns = columns, .column_count = count};
    if (count > FR_TABLE_COLUMNS)
        table->column_count = FR_TABLE_COLUMNS;
}

void fr_table_finish(fr_table *table)
{
    if (table == NULL)
        return;
    fr_buf_finish(&table->texts);
    fr_buf_finish(&table->cells);
}

/* Appends the text, clean and with its NUL; returns its width. ASCII is as it
 * is, and as wide as it is long. */
static size_t add_text(fr_buf *texts, const char *text)
{
    const size_t length = text != NULL ? strlen(text) : 0;
    const size_t start = texts->length;

    if (fr_str_ascii(text, length) == length) {
        fr_buf_append(texts, text != NULL ? text : "", length + 1);
        return length;
    }
    fr_text_clean(texts, text, 0);
    if (fr_buf_append(texts, "", 1) != FRACTARY_OK)
        return 0;
    return fr_str_width(texts->data + start);
}

int32_t fr_table_row(fr_table *table, const fr_table_cell *cells)
{
    cell row[FR_TABLE_COLUMNS];

    for (size_t i = 0; i < table->column_count; i++) {
        row[i].start = table->texts.length;
        row[i].tone = cells[i].tone;
        row[i].width = add_text(&table->texts, cells[i].text);
        if (row[i].width > table->widest[i])
            table->widest[i] = row[i].width;
    }
    fr_buf_append(&table->cells, row, table->column_count * sizeof *row);
    if (table->texts.failed || table->cells.failed)
        return FRACTARY_E_NOMEM;
    table->row_count++;
    return FRACTARY_OK;
}

/* Widths as they are printed; 0: left out. */
typedef struct layout {
    size_t widths[FR_TABLE_COLUMNS];
} layout;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t natural_width(const fr_table *table, size_t column)
{
    if (table->widest[column] == 0)
        return 0;
    return larger(table->widest[column], fr_str_width(table->columns[column].title));
}

static size_t total_width(const fr_table *table, const layout *fit)
{
    size_t total = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        if (fit->widths[i] != 0)
            total += fit->widths[i] + (total != 0 ? GAP : 0);
    }
    return total;
}

/* The column, among the important ones or the others, that has most above its
 * least width; the count of columns when none has any. */
static size_t most_generous(const fr_table *table, const layout *fit, int important)
{
    size_t found = table->column_count;
    size_t most = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        const size_t least = table->columns[i].least;
        if ((table->columns[i].rank == 0) == important && fit->widths[i] > least &&
            fit->widths[i] - least > most) {
            most = fit->widths[i] - least;
            found = i;
        }
    }
    return found;
}

/* Takes width away one by one, each time where most is to spare. */
static int shrink(const fr_table *table, layout *fit, size_t width, int important)
{
    while (total_width(table, fit) > width) {
        const size_t column = most_generous(table, fit, important);
        if (column == table->column_count)
            return 0;
        fit->widths[column]--;
    }
    return 1;
}

/* Leaves out the least important column that is left, and gives the others
 * back what they had lost for it. */
static int drop_one(const fr_table *table, layout *fit)
{
    size_t found = table->column_count;
    int highest = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        if (fit->widths[i] != 0 && table->columns[i].rank > highest) {
            highest = table->columns[i].rank;
            found = i;
        }
    }
    if (found == table->column_count)
        return 0;
    fit->widths[found] = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (fit->widths[i] != 0)
            fit->widths[i] = natural_width(table, i);
    }
    return 1;
}

static layout fit_into(const fr_table *table, size_t width)
{
    layout fit = {{0}};

    for (size_t i = 0; i < table->column_count; i++)
        fit.widths[i] = natural_width(table, i);
    if (width == 0)
        return fit;
    while (!shrink(table, &fit, width, 0)) {
        if (!drop_one(table, &fit)) {
            shrink(table, &fit, width, 1);
            break;
        }
    }
    return fit;
}

/* `width` is the text's own. */
static void print_cell(fr_buf *out, const fr_style *style, const fr_table_cell *shown, size_t width,
                       size_t room, int keeps_end)
{
    fr_style_on(out, style, shown->tone);
    if (width <= room)
        fr_buf_puts(out, shown->text);
    else if (keeps_end)
        fr_text_shorten_front(out, style, shown->text, room);
    else
        fr_text_shorten(out, style, shown->text, room);
    fr_style_off(out, style, shown->tone);
}

static fr_table_cell cell_at(const fr_table *table, const cell *cells, size_t column)
{
    if (cells == NULL)
        return (fr_table_cell){table->columns[column].title, FR_TONE_BOLD};
    return (fr_table_cell){table->texts.data + cells[column].start, cells[column].tone};
}

/* `cells` of NULL prints the titles. Room is kept up to the next cell, but no
 * line ends in spaces. */
static void print_row(const fr_table *table, const layout *fit, const fr_style *style,
                      const cell *cells, fr_buf *out)
{
    size_t pending = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        const size_t room = fit->widths[i];
        const fr_table_cell shown = cell_at(table, cells, i);
        const size_t width = cells != NULL ? cells[i].width : fr_str_width(shown.text);
        if (room == 0)
            continue;
        if (width != 0) {
            fr_text_pad(out, pending);
            print_cell(out, style, &shown, width, room, table->columns[i].keeps_end);
            pending = 0;
        }
        pending += GAP + room - (width < room ? width : room);
    }
    fr_buf_putc(out, '\n');
}

int32_t fr_table_print(const fr_table *table, const fr_style *style, fr_buf *out)
{
    if (table->row_count == 0)
        return FRACTARY_OK;

    const layout fit = fit_into(table, style->width);
    const cell *cells = (const cell *)(const void *)table->cells.data;
    print_row(table, &fit, style, NULL, out);
    for (size_t row = 0; row < table->row_count; row++)
        print_row(table, &fit, style, cells + row * table->column_count, out);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
