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
    const char *text; /* made harmless as it is printed; NULL counts as empty */
    fr_tone tone;
} fr_table_cell;

/* What is to be printed. Nothing of it is copied: ten thousand rows are asked
 * for twice, to be measured and to be printed. */
typedef struct fr_table {
    const fr_table_column *columns;
    size_t column_count; /* at most FR_TABLE_COLUMNS */
    size_t row_count;
    const void *context;
    /* Fills in the cells of a row, which are empty before; zero leaves the row
     * out. Texts must live until the next call. */
    int (*row)(const void *context, size_t index, fr_table_cell *cells);
} fr_table;

/* Appends heading and rows; nothing where there are no rows. A column without
 * any text is left out. FRACTARY_OK or _E_NOMEM. */
int32_t fr_table_print(const fr_table *table, const fr_style *style, fr_buf *out);

#endif
