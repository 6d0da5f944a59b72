/* A table that fits the width: what is less important shrinks, then is left
 * out, and at last the important columns shrink. */
#ifndef FRACTARY_CLI_TABLE_H
#define FRACTARY_CLI_TABLE_H

#include "cli/style.h"

#define FR_TABLE_COLUMNS 8

typedef struct fr_table_column {
    const char *title;
    size_t least;  /* what it keeps when it shrinks                              */
    int rank;      /* 0: important, never left out; of the others the highest
                    * goes first                                                 */
    int keeps_end; /* non-zero: the end of a text that is cut tells more        */
} fr_table_column;

typedef struct fr_table_cell {
    const char *text; /* copied, made harmless; NULL counts as empty */
    fr_tone tone;
} fr_table_cell;

typedef struct fr_table {
    const fr_table_column *columns; /* borrowed */
    size_t column_count;
    size_t row_count;
    fr_buf texts; /* of all cells, a NUL behind each */
    fr_buf cells; /* struct of each cell             */
    size_t widest[FR_TABLE_COLUMNS];
} fr_table;

/* At most FR_TABLE_COLUMNS columns, which must outlive the table. */
void fr_table_init(fr_table *table, const fr_table_column *columns, size_t count);
void fr_table_finish(fr_table *table);
/* Adds a row of as many cells as there are columns. FRACTARY_OK or _E_NOMEM. */
int32_t fr_table_row(fr_table *table, const fr_table_cell *cells);
/* Appends heading and rows. A column without any text is left out.
 * FRACTARY_OK or _E_NOMEM. */
int32_t fr_table_print(const fr_table *table, const fr_style *style, fr_buf *out);

#endif
