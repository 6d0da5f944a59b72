/*
 * What lies between fractary.http/1 and the private module that carries
 * libcurl (build/lib/fractary/modules/http.so, opened on first use because
 * libcurl costs every start milliseconds and dozens of libraries).
 *
 * The module sends one attempt of a request and takes the answer in; retries,
 * signing, deadlines of calls and everything that is policy stay in the core.
 * It calls the core through fr_transport_loop alone. Core and module are built
 * together, so these structs have no size member but the entry's.
 */
#ifndef FRACTARY_SERVICE_TRANSPORT_H
#define FRACTARY_SERVICE_TRANSPORT_H

#include <fractary/host.h>

/* The loop as the module sees it; must outlive the transport. */
typedef struct fr_transport_loop {
    void *context;
    /* Watches `descriptor` for `events` (FR_LOOP_* of loop.h), which the core
     * tells with fr_transport.ready(). `watch` is what the last call for this
     * descriptor returned, NULL for the first; events 0 ends the watch.
     * Returns the watch, NULL when it has ended or without memory. */
    void *(*watch)(void *context, void *watch, int descriptor, uint32_t events);
    /* Calls fr_transport.expired() once, `milliseconds` from now; -1: never. */
    void (*expire)(void *context, int64_t milliseconds);
} fr_transport_loop;

/* An attempt. All borrowed until release(). */
typedef struct fr_transport_request {
    const char *method;
    const char *url;
    const fractary_header *const *headers; /* `header_count` pointers          */
    uint64_t header_count;
    const char *body;
    uint64_t body_length;
    uint64_t timeout_ms; /* of the whole attempt, more than 0                   */
    uint64_t max_body;
    const char *ca_file;    /* NULL: the system's                               */
    const char *proxy;      /* NULL: none                                       */
    const char *user_agent; /* sent unless a header says otherwise              */
    /* Called once from ready() or expired() when the answer is whole or there
     * will be none; not after release(). Must call nothing of the transport. */
    void *context;
    void (*done)(void *context);
} fr_transport_request;

/* How an attempt ended. Lives until release(). */
typedef struct fr_transport_answer {
    int32_t status;                 /* 100–599, 0: none came                                 */
    int32_t too_large;              /* the body was over max_body and was cut                */
    int32_t cut;                    /* the answer broke off                                  */
    int32_t permanent;              /* it would end so again: bad URL, untrusted certificate */
    const char *failure;            /* why it broke off or did not come, "" otherwise       */
    const fractary_header *headers; /* names in lower case                       */
    uint64_t header_count;
    const char *body; /* NUL-terminated                                          */
    uint64_t length;
} fr_transport_answer;

typedef struct fr_transfer fr_transfer; /* an attempt under way or ended */

typedef struct fr_transport {
    uint32_t size;
    int32_t (*create)(const fr_transport_loop *loop, void **out, fractary_error *error);
    /* No transfer may be left. Accepts NULL. */
    void (*destroy)(void *self);
    int32_t (*start)(void *self, const fr_transport_request *request, fr_transfer **out,
                     fractary_error *error);
    /* Valid after done(). */
    const fr_transport_answer *(*answer)(const fr_transfer *transfer);
    /* Ends a transfer, also one under way, and takes its memory back. */
    void (*release)(void *self, fr_transfer *transfer);
    void (*ready)(void *self, int descriptor, uint32_t events);
    void (*expired)(void *self);
} fr_transport;

#endif
