/*
 * Which stacks need each other: as the configuration says it (depends_on), and
 * as the code shows it, read without running anything:
 *
 *   data "terraform_remote_state"   whose settings are those of a stack's backend
 *   data "aws_ssm_parameter"        whose name a resource of a stack has
 *   data "…" with tags              that a resource of that type in a stack has
 *
 * Literals count, and paths that begin with ${path.module} or ${path.root}; what
 * else an expression computes is not known.
 */
#ifndef FRACTARY_PROJECT_STACK_EDGES_H
#define FRACTARY_PROJECT_STACK_EDGES_H

#include "project/names.h"
#include "project/stack.h"

typedef enum fr_edge_kind {
    FR_EDGE_DEPENDS_ON,
    FR_EDGE_REMOTE_STATE,
    FR_EDGE_SSM,
    FR_EDGE_TAGS
} fr_edge_kind;

typedef struct fr_stack_edge {
    const char *from; /* both live as long as the configuration             */
    const char *to;   /* NULL: a remote state that no stack is seen to have */
    fr_edge_kind kind;
    int known;    /* 0: the code does not say which state it is             */
    int declared; /* depends_on leads from the one to the other             */
    char *file;   /* relative to the project where it lies in it            */
    size_t line;  /* 0 where it has none (JSON, depends_on)                 */
    char *what;   /* what is read: "s3 key net.tfstate", "tag Name=main"    */
    fr_names environments;
} fr_stack_edge;

/* Appends the edges of one environment to `edges` (fr_stack_edge *); one that
 * is there gets the environment only. Code that cannot be read adds a sentence
 * to `troubles`. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_stack_edges_find(const fr_config *config, const char *environment, fr_vec *edges,
                            fr_names *troubles, fractary_error *error);
/* The same for all environments. */
int32_t fr_stack_edges_find_all(const fr_config *config, fr_vec *edges, fr_names *troubles,
                                fractary_error *error);
void fr_stack_edge_destroy(void *item); /* accepts NULL */

/* "depends_on", "remote-state", "ssm", "tags" */
const char *fr_edge_kind_name(fr_edge_kind kind);
/* Appends a sentence when something is wrong with the edge and returns
 * non-zero: it is not declared, or leads nowhere. */
int fr_stack_edge_warning(const fr_stack_edge *edge, fr_buf *out);

#endif
