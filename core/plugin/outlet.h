/* A sink that belongs to the host, in front of one that belongs to a caller:
 * it can be closed, and outlives the call. */
#ifndef FRACTARY_PLUGIN_OUTLET_H
#define FRACTARY_PLUGIN_OUTLET_H

#include <fractary/abi.h>

/* Zeroed memory is a closed one. Must stay where it is. */
typedef struct fr_outlet {
    fractary_sink sink;   /* what the plugin gets */
    fractary_sink target; /* where it leads while it is open */
    int open;
} fr_outlet;

/* Opens it towards `target`, which is copied, and returns the sink to hand
 * out. */
const fractary_sink *fr_outlet_open(fr_outlet *outlet, const fractary_sink *target);
/* From here on the sink answers FRACTARY_E_PROTOCOL. */
void fr_outlet_close(fr_outlet *outlet);

#endif
