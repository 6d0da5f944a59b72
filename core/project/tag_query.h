/* A data source that looks by tags for what something else has made. */
#ifndef FRACTARY_PROJECT_TAG_QUERY_H
#define FRACTARY_PROJECT_TAG_QUERY_H

#include "project/hcl_scan.h"
#include <fractary-plugin/json.h>

typedef struct fr_tag_query {
    const char *type; /* of the data source; borrowed                       */
    fr_json *wanted;  /* object of texts: the tags by name                  */
    int unknown;      /* one of them is no literal: nothing can be told     */
} fr_tag_query;

/* Reads `tags = {...}` and the blocks filter {name = "tag:..."} of a block
 * `data`, which must outlive it. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_tag_query_init(fr_tag_query *q, const fr_hcl_block *data);
void fr_tag_query_finish(fr_tag_query *q);

/* Non-zero when a block `resource` is of the type that is looked for and has
 * all those tags, as literals, be it inside merge(). */
int fr_tag_query_fits(const fr_tag_query *q, const fr_hcl_block *resource);
/* Appends "tag Name=main, Tier=1"; nothing where nothing can be told. */
void fr_tag_query_describe(const fr_tag_query *q, fr_buf *out);

#endif
