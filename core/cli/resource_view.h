/* Resources as one table: gathered until the end, one row a stack and address,
 * what came later completing what came before. */
#ifndef FRACTARY_CLI_RESOURCE_VIEW_H
#define FRACTARY_CLI_RESOURCE_VIEW_H

#include "base/json_outline.h"
#include "cli/style.h"
#include <fractary-plugin/json.h>

/* Zeroed memory is an empty one. */
typedef struct fr_resource_view {
    int counts_only; /* set before the first: there will be no table, only a sentence */
    fr_buf texts;    /* of all resources, a NUL behind each                            */
    fr_buf rows;     /* struct of each resource                                        */
    size_t count;
    size_t stack; /* where the name of the stack begins whose resources come; 0: none */
    int settled;  /* rows are sorted, one an address */
} fr_resource_view;

void fr_resource_view_finish(fr_resource_view *view);
/* From here on resources that name no stack are of this one. FRACTARY_OK or
 * _E_NOMEM. */
int32_t fr_resource_view_enter(fr_resource_view *view, const char *stack);
/* Takes a `resource` record. FRACTARY_OK or _E_NOMEM. */
int32_t fr_resource_view_add(fr_resource_view *view, const fr_json *record);
/* The same of a record without a tree: `resource` is its member of that name. */
int32_t fr_resource_view_add_text(fr_resource_view *view, const fr_json_outline *outline,
                                  const fr_json_part *resource);
/* Appends the table, sorted by address; with `wanting` only what is missing or
 * unverifiable. FRACTARY_OK or _E_NOMEM. */
int32_t fr_resource_view_print(fr_resource_view *view, int wanting, const fr_style *style,
                               fr_buf *out);
/* Appends "12 resources: 11 verified, 1 missing", of the stack that was entered
 * last; nothing where there are none. */
void fr_resource_view_sentence(fr_resource_view *view, fr_buf *out);

#endif
