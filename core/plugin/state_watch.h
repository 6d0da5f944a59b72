/*
 * The state that an iac handler works on, watched from outside: what its
 * `state` records say is checked as it comes, and before each method that reads
 * or changes the state.
 */
#ifndef FRACTARY_PLUGIN_STATE_WATCH_H
#define FRACTARY_PLUGIN_STATE_WATCH_H

#include "plugin/method_call.h"

/* Of one call; must stay where it is while the call runs. */
typedef struct fr_state_watch {
    const fr_method_call *call;
    fractary_sink sink; /* what listens to the call */
    int32_t refused;    /* FRACTARY_OK, or why a record was refused */
    fractary_error error;
    size_t resources; /* that were shown */
} fr_state_watch;

/* Before the method: FRACTARY_E_REFUSED when another environment has the state
 * that this one uses, or this one had another. Before a change the state is
 * claimed for the environment; a handler that has spoken of its state once must
 * speak of it before each change. */
int32_t fr_state_permit(const fr_method_call *call, fractary_error *error);
/* What is to listen to the call's records, in front of its own listener; may be
 * NULL. */
const fractary_sink *fr_state_watch_open(fr_state_watch *watch, const fr_method_call *call);
/* After the method, which ended with `status`: the status to go on with. A
 * refusal of a record beats whatever the handler made of it. A run that has
 * planned and then finds resources claims their state, and one that planned to
 * remove everything and finds none sets it free. */
int32_t fr_state_watch_close(fr_state_watch *watch, const fr_method_request *request,
                             int32_t status, fractary_error *error);

#endif
