/* One call of one method of an instance: re-entrance, gate, purpose, deadline,
 * records and verdict all happen here, for every kind of plugin. */
#ifndef FRACTARY_PLUGIN_METHOD_CALL_H
#define FRACTARY_PLUGIN_METHOD_CALL_H

#include "plugin/instance.h"

typedef struct fr_method_call {
    const fr_instance_home *home;
    fr_instance *instance;
    const fr_method *method;
    const void *request;           /* as given; its size is checked */
    const fractary_sink *listener; /* gets the records as well, or the answer
                                    * of a method that has a sink of its own;
                                    * may be NULL                             */
    uint64_t deadline;             /* CLOCK_MONOTONIC ns, 0: none */
} fr_method_call;

/* FRACTARY_E_UNSUPPORTED: the plugin does not offer the method.
 * FRACTARY_E_INVALID: the request is wrong. FRACTARY_E_REENTRANT: a method of
 * the instance is running already. FRACTARY_E_REFUSED: the gate's word.
 * FRACTARY_E_PROTOCOL: the plugin broke a rule. Else what the method returned,
 * with an error that is never without a message. */
int32_t fr_method_call_run(const fr_method_call *call, fractary_error *error);

#endif
