/* Edges between stacks, for people and for the result. */
#ifndef FRACTARY_CLI_EDGE_VIEW_H
#define FRACTARY_CLI_EDGE_VIEW_H

#include "cli/style.h"
#include "project/stack_edges.h"
#include <fractary-plugin/json.h>

/* The edge as an object, for the caller to free; NULL without memory. */
fr_json *fr_edge_describe(const fr_stack_edge *edge);
/* Appends the table of the edges (fr_stack_edge *) that the code shows, between
 * empty lines; nothing where there are none. What depends_on says stands in the
 * table of stacks. FRACTARY_OK or _E_NOMEM. */
int32_t fr_edge_view_print(const fr_vec *edges, const fr_style *style, fr_buf *out);

#endif
