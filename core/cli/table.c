#include "cli/table.h"

#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <string.h>

#define GAP 2

/* A table on its way out. */
typedef struct printing {
    const fr_table *table;
    size_t rows; /* that are not left out */
    size_t widest[FR_TABLE_COLUMNS];
    fr_buf clean; /* kept for its memory */
} printing;

/* The cell's text made harmless, and its width; valid until the next call. ASCII
 * is as it is, and as wide as it is long. */
static const char *clean_text(printing *at, const char *text, size_t *width)
{
    *width = text != NULL ? strlen(text) : 0;
    if (fr_str_ascii(text, *width) == *width)
        return text != NULL ? text : "";
    fr_buf_clear(&at->clean);
    fr_text_clean(&at->clean, text, 0);
    *width = fr_str_width(fr_buf_text(&at->clean));
    return fr_buf_text(&at->clean);
}

static void measure(printing *at)
{
    const fr_table *table = at->table;
    size_t width;

    for (size_t row = 0; row < table->row_count; row++) {
        fr_table_cell cells[FR_TABLE_COLUMNS] = {{NULL, FR_TONE_PLAIN}};
        if (!table->row(table->context, row, cells))
            continue;
        at->rows++;
        for (size_t i = 0; i < table->column_count; i++) {
            clean_text(at, cells[i].text, &width);
            if (width > at->widest[i])
                at->widest[i] = width;
        }
    }
}

/* Widths as they are printed; 0: left out. */
typedef struct layout {
    size_t widths[FR_TABLE_COLUMNS];
} layout;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t natural_width(const printing *at, size_t column)
{
    if (at->widest[column] == 0)
        return 0;
    return larger(at->widest[column], fr_str_width(at->table->columns[column].title));
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
static int drop_one(const printing *at, layout *fit)
{
    const fr_table *table = at->table;
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
            fit->widths[i] = natural_width(at, i);
    }
    return 1;
}

static layout fit_into(const printing *at, size_t width)
{
    const fr_table *table = at->table;
    layout fit = {{0}};

    for (size_t i = 0; i < table->column_count; i++)
        fit.widths[i] = natural_width(at, i);
    if (width == 0)
        return fit;
    while (!shrink(table, &fit, width, 0)) {
        if (!drop_one(at, &fit)) {
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

/* Room is kept up to the next cell, but no line ends in spaces. */
static void print_row(printing *at, const layout *fit, const fr_style *style,
                      const fr_table_cell *cells, fr_buf *out)
{
    const fr_table *table = at->table;
    size_t pending = 0;

    for (size_t i = 0; i < table->column_count; i++) {
        const size_t room = fit->widths[i];
        size_t width;
        if (room == 0)
            continue;
        const fr_table_cell shown = {clean_text(at, cells[i].text, &width), cells[i].tone};
        if (width != 0) {
            fr_text_pad(out, pending);
            print_cell(out, style, &shown, width, room, table->columns[i].keeps_end);
            pending = 0;
        }
        pending += GAP + room - (width < room ? width : room);
    }
    fr_buf_putc(out, '\n');
}

static void print_titles(printing *at, const layout *fit, const fr_style *style, fr_buf *out)
{
    fr_table_cell cells[FR_TABLE_COLUMNS] = {{NULL, FR_TONE_PLAIN}};

    for (size_t i = 0; i < at->table->column_count; i++)
        cells[i] = (fr_table_cell){at->table->columns[i].title, FR_TONE_BOLD};
    print_row(at, fit, style, cells, out);
}

static void print_rows(printing *at, const layout *fit, const fr_style *style, fr_buf *out)
{
    const fr_table *table = at->table;

    for (size_t row = 0; row < table->row_count; row++) {
        fr_table_cell cells[FR_TABLE_COLUMNS] = {{NULL, FR_TONE_PLAIN}};
        if (table->row(table->context, row, cells))
            print_row(at, fit, style, cells, out);
    }
}

int32_t fr_table_print(const fr_table *table, const fr_style *style, fr_buf *out)
{
    printing at = {.table = table};

    measure(&at);
    const layout fit = fit_into(&at, style->width);
    if (at.rows > 0) {
        print_titles(&at, &fit, style, out);
        print_rows(&at, &fit, style, out);
    }
    const int failed = at.clean.failed || out->failed;
    fr_buf_finish(&at.clean);
    return failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
