/* Real children for the fake host. */
#ifndef FRACTARY_TESTS_FAKEHOST_RUN_H
#define FRACTARY_TESTS_FAKEHOST_RUN_H

#include "fakehost_impl.h"

/* Runs the request to its end, as process/1.run() does; the request was
 * checked. An interruption is passed on once and waited for; past the deadline
 * the group is killed. */
int32_t fr_fake_run(fr_fakehost *host, const fractary_call *call,
                    const fractary_process_request *request, fractary_process_result *result,
                    fractary_error *error);

#endif
