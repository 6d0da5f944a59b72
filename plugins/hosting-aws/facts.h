/* What is known of one resource before AWS is asked. */
#ifndef FRACTARY_HOSTING_AWS_FACTS_H
#define FRACTARY_HOSTING_AWS_FACTS_H

#include "partition.h"
#include <fractary-plugin/json.h>
#include <fractary/hosting.h>

/* Borrows the resource, owns the attributes. Zeroed memory is valid. */
typedef struct fr_aws_facts {
    const fractary_resource *resource;
    fr_json *attributes; /* or NULL                                */
    const char *region;  /* where it is, or NULL when that is not known */
    int region_assumed;  /* nothing of the resource says it: the fallback  */
    char region_text[64];
    const fr_aws_partition *partition;
} fr_aws_facts;

/* The region comes from the attributes, the resource, its ARN, or is
 * `fallback` (may be NULL). Attributes that are no JSON object count as none. */
void fr_aws_facts_init(fr_aws_facts *facts, const fractary_resource *resource,
                       const char *fallback);
void fr_aws_facts_finish(fr_aws_facts *facts);

/* Appends the fact of that name and returns non-zero, or returns 0 when it is
 * not known or empty. First "region", "partition" and "console" (the host of
 * the console), then the attributes, a way down into them written with dots
 * ("rule.0.status"), then id, arn, name and account of the resource. */
int fr_aws_facts_put(const fr_aws_facts *facts, const char *name, size_t length, fr_buf *out);

/* Copies the `index`th part of an ARN ("arn" is the 0th, the region the 3rd,
 * the account the 4th); 0 when it has none or it does not fit. */
int fr_aws_arn_part(const char *arn, unsigned index, char *out, size_t capacity);
/* The resource's ARN: its own, or its id where that is one; or NULL. */
const char *fr_aws_facts_arn(const fr_aws_facts *facts);

#endif
