/* Which questions a set of resources comes to: those with the same answer are
 * asked once. */
#ifndef FRACTARY_HOSTING_AWS_PLAN_H
#define FRACTARY_HOSTING_AWS_PLAN_H

#include "judge.h"

#define FR_AWS_NONE UINT32_MAX

/* A resource in the plan. Small: there may be many thousands. */
typedef struct fr_aws_slot {
    const fr_aws_type *type; /* NULL: no row                          */
    uint32_t next;           /* slot that waits for the same answer   */
    uint32_t settled;        /* its verdict is out                    */
} fr_aws_slot;

/* One question and who waits for its answer. */
typedef struct fr_aws_ask {
    uint8_t key[16]; /* of the request's text */
    uint32_t first;  /* slot                  */
} fr_aws_ask;

/* Zeroed memory is valid and empty. */
typedef struct fr_aws_plan {
    const fractary_resource *const *resources;
    uint32_t count;
    fr_aws_slot *slots; /* as many */
    fr_aws_ask *asks;
    uint32_t ask_count;
    uint32_t *table; /* by key, into asks; a power of two of places */
    uint32_t table_size;
} fr_aws_plan;

/* Who is told a verdict that needs no question. */
typedef struct fr_aws_plan_sink {
    void *context;
    void (*settled)(void *context, uint32_t slot, const fr_aws_facts *facts,
                    const fr_aws_verdict *verdict);
} fr_aws_plan_sink;

/* FRACTARY_OK, FRACTARY_E_LIMIT, FRACTARY_E_NOMEM. The resources are borrowed. */
int32_t fr_aws_plan_make(fr_aws_plan *plan, const fr_aws *aws, const fr_json *profile,
                         const fractary_verify_request *request, const fr_aws_plan_sink *sink);
void fr_aws_plan_finish(fr_aws_plan *plan);

#endif
