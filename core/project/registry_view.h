/* A quick look through a large registry: each resource's fields as they stand
 * in the text, without a tree. 10,000 resources take about as long as reading
 * the file does. */
#ifndef FRACTARY_PROJECT_REGISTRY_VIEW_H
#define FRACTARY_PROJECT_REGISTRY_VIEW_H

#include "project/registry.h"

typedef enum fr_registry_field {
    FR_REGISTRY_ADDRESS,
    FR_REGISTRY_TYPE,
    FR_REGISTRY_NAME,
    FR_REGISTRY_PROVIDER,
    FR_REGISTRY_ID,
    FR_REGISTRY_ARN,
    FR_REGISTRY_REGION,
    FR_REGISTRY_CONSOLE_URL,
    FR_REGISTRY_STATUS,
    FR_REGISTRY_REASON,
    FR_REGISTRY_VERIFIED_AT,
    FR_REGISTRY_ACCOUNT,
    FR_REGISTRY_OWN_STACK,
    FR_REGISTRY_FIELDS
} fr_registry_field;

/* One resource. All of it points into the text that is being looked through
 * and lives until the visitor returns. */
typedef struct fr_registry_view {
    fractary_string_view json; /* the whole object, as it stands                 */
    /* Contents of strings, without quotes and with escapes as they are (see
     * fr_registry_view_text()); data is NULL for what is absent or no string. */
    fractary_string_view fields[FR_REGISTRY_FIELDS];
} fr_registry_view;

/* Calls `visit` for each resource of place->stack (all where that is NULL or
 * ""), in the file's order, until it returns non-zero, which is then returned.
 * No file: no call, FRACTARY_OK. The text is checked as strictly as by
 * fr_registry_read(); errors are the same. */
int32_t fr_registry_each(const fr_registry_place *place,
                         int32_t (*visit)(void *context, const fr_registry_view *view),
                         void *context, fractary_error *error);

/* Appends a field with its escapes resolved; "" for one that is absent. */
void fr_registry_view_text(const fr_registry_view *view, fr_registry_field field, fr_buf *out);

#endif
