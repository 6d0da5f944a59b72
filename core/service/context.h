/*
 * What all services of one command share. Made by cli/app.c, which fills in
 * the tables by which a lower layer reaches a higher one.
 */
#ifndef FRACTARY_SERVICE_CONTEXT_H
#define FRACTARY_SERVICE_CONTEXT_H

#include "base/json_outline.h"
#include "project/config.h"
#include "trust/approval.h"
#include "trust/gate.h"
#include "trust/guard.h"
#include "trust/journal.h"
#include "trust/run.h"
#include <fractary-plugin/json.h>
#include <fractary/host.h>

typedef struct fr_loop fr_loop;       /* service/loop.h    */
typedef struct fr_records fr_records; /* service/records.h */

/* A `resource` record without a tree; borrowed. */
typedef struct fr_resource_record {
    fractary_string_view line;      /* its JSON, stamped, one line         */
    const fr_json_outline *outline; /* of its members, without the stamp   */
    const fr_json_part *resource;   /* its member `resource`, an object    */
} fr_resource_record;

/* Where stamped records go: the report of the command line. */
typedef struct fr_record_reader {
    void *context;
    /* One record, stamped with seq, time, run and source; borrowed. */
    void (*record)(void *context, const fr_json *record);
    /* Gets those `resource` records that can be outlined, of which there may be
     * ten thousand, in place of record(). NULL: record() gets all. */
    void (*resource)(void *context, const fr_resource_record *record);
} fr_record_reader;

/* What services need from the plugin layer. */
typedef struct fr_broker_table {
    void *context;
    /* Asks the environment's hosting handler for the credentials of a
     * purpose: fractary_hosting.credentials(). */
    int32_t (*credentials)(void *context, const char *environment, const char *purpose,
                           const fractary_sink *secret, fractary_error *error);
    /* handlers/1 and skills/1: `guest` is the id of the plugin that asks. */
    int32_t (*open_handler)(void *context, const char *guest, const fractary_call *call,
                            const char *kind, fractary_handle **handle, fractary_error *error);
    int32_t (*open_skill)(void *context, const char *guest, const fractary_call *call,
                          const char *id, fractary_handle **handle, fractary_error *error);
    int32_t (*call_handler)(void *context, const char *guest, const fractary_call *call,
                            fractary_handle *handle, const char *method, const void *request,
                            const fractary_sink *listener, fractary_error *error);
    int32_t (*call_skill)(void *context, const char *guest, const fractary_call *call,
                          fractary_handle *handle, const char *name, const char *options,
                          const fractary_sink *listener, fractary_error *error);
    /* Opens a private module of the core ("http") and returns its entry. */
    const void *(*open_module)(void *context, const char *name, fractary_error *error);
} fr_broker_table;

typedef struct fr_context {
    const char *version;     /* of the product                                */
    const fr_config *config; /* NULL outside a project                        */
    const char *environment; /* "" where the command names none               */
    const char *stack;       /* "default"                                     */
    const char *home;        /* the user's folder, "" when unknown            */
    fr_run *run;             /* NULL for commands that need none              */
    fr_journal *journal;     /* NULL where nothing is journaled               */
    fr_gate *gate;
    fr_loop *loop;
    fr_records *records;
    fr_broker_table broker;
    fr_guard_world guard;
    fr_approval_terminal terminal;
    int registry_broken; /* it was said; this run writes it anew               */
} fr_context;

#endif
