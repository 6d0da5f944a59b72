/*
 * The way of a record from a plugin to the user: checked, stamped, journaled,
 * handed to the reader and to the caller that listens.
 */
#ifndef FRACTARY_SERVICE_RECORDS_H
#define FRACTARY_SERVICE_RECORDS_H

#include "service/context.h"

/* `context` and `reader` must outlive it. */
int32_t fr_records_create(fr_context *context, const fr_record_reader *reader, fr_records **out);
void fr_records_destroy(fr_records *records); /* accepts NULL; all sinks die */

/* Takes one record's text from `source` (a plugin id, or "core"). Refused with
 * FRACTARY_E_PROTOCOL: not one JSON object, over 64 KiB, without `type` or
 * `message`, or with a `type` that is the core's own ("stream", "result"). */
int32_t fr_records_accept(fr_records *records, const char *source, const char *json,
                          uint64_t length);
/* The same for a record of the core; takes `record` over, also on failure. */
int32_t fr_records_emit(fr_records *records, fr_json *record);

/* A call in progress: what a plugin's method gets. The table and its sink stay
 * readable until the records are destroyed; after fr_call_close() its sink
 * answers FRACTARY_E_PROTOCOL. */
typedef struct fr_call fr_call;

typedef struct fr_call_options {
    const char *source; /* id of the plugin that will emit                 */
    const char *environment;
    const char *stack;
    uint64_t deadline;             /* CLOCK_MONOTONIC ns, 0: none                     */
    const fractary_sink *listener; /* gets each accepted record of this call, and of
                                    * the calls made during it, as well; or
                                    * NULL; copied                              */
} fr_call_options;

int32_t fr_call_open(fr_records *records, const fr_call_options *options, fr_call **out);
const fractary_call *fr_call_table(const fr_call *call);
void fr_call_close(fr_call *call);
/* Non-zero when the plugin broke the protocol during the call (its status is
 * then replaced with FRACTARY_E_PROTOCOL); says why. */
int fr_call_broken(const fr_call *call, const char **why);

#endif
