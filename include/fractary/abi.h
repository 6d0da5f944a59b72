/*
 * fractary/abi.h: the ground that every other fractary header stands on.
 *
 * It holds the ABI's version, the status codes, the primitives that never
 * grow, the error that a caller owns, and the call that every method takes.
 * docs/abi.md is the contract; this header and its siblings are the manual.
 *
 * Conventions of all headers in this folder
 *  - Integers have fixed widths; there is no enum, bool, bit-field, size_t or
 *    variable argument list in anything that crosses the boundary.
 *  - Text is UTF-8 and NUL-terminated unless a length stands beside it.
 *  - A pointer that is handed to a function is borrowed for that call unless
 *    its comment says otherwise. Nothing is freed across the boundary.
 *  - A function that can fail returns FRACTARY_OK or a negative FRACTARY_E_*
 *    and fills the fractary_error that its caller owns (last parameter, may
 *    be NULL).
 *  - Thread tags: [main-thread] is the thread that called the plugin's
 *    create(); [any-thread] is any thread. The host calls plugins on the main
 *    thread only.
 *  - A table begins with `size`, the number of bytes its maker knows of. Who
 *    reads a table copies min(size, sizeof own) bytes into zeroed memory, or
 *    asks FRACTARY_HAS before it touches a slot that came after 1.0.
 */
#ifndef FRACTARY_ABI_H
#define FRACTARY_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ABI version. The major must match for a plugin to load; a higher minor only
 * means that there is more. */
#define FRACTARY_ABI_MAJOR 1u
#define FRACTARY_ABI_MINOR 1u
#define FRACTARY_ABI ((FRACTARY_ABI_MAJOR << 16) | FRACTARY_ABI_MINOR)

/* True when `slot` lies within what the maker of `table` knew, and is set. */
#define FRACTARY_HAS(table, slot)                                              \
    ((uint64_t)((const char *)(&(table)->slot + 1) - (const char *)(table)) <= \
         (table)->size &&                                                      \
     (table)->slot != NULL)

#ifdef __cplusplus
#define FRACTARY_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define FRACTARY_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* A later member must not be able to hide in padding behind the last one: a
 * size check would then pass for a table that lacks it. */
#define FRACTARY_NO_TAIL_PADDING(type, last)                                     \
    FRACTARY_STATIC_ASSERT(offsetof(type, last) + sizeof(((type *)0)->last) == \
                               sizeof(type),                                     \
                           #type " ends in padding")

/* ------------------------------------------------------------------ status */

/* Methods return one of these. The core maps each to an exit code of the
 * command line (docs/reference/exit-codes.md); a status outside this list is
 * treated as FRACTARY_E_PROTOCOL. Values are never reused. */
#define FRACTARY_OK 0
#define FRACTARY_E_FAILED (-1)      /* it was tried and did not work            */
#define FRACTARY_E_INVALID (-2)     /* an argument or a command line is wrong   */
#define FRACTARY_E_NOMEM (-3)       /* memory is exhausted                      */
#define FRACTARY_E_IO (-4)          /* a file cannot be read or written         */
#define FRACTARY_E_NOTFOUND (-5)    /* the thing that was named does not exist  */
#define FRACTARY_E_EXISTS (-6)      /* the thing exists already                 */
#define FRACTARY_E_UNSUPPORTED (-7) /* known, but not offered here              */
#define FRACTARY_E_CANCELLED (-8)   /* the user interrupted                     */
#define FRACTARY_E_DEADLINE (-9)    /* the deadline of the call has passed      */
#define FRACTARY_E_PROTOCOL (-10)   /* a rule of the ABI was broken             */
#define FRACTARY_E_REENTRANT (-11)  /* the instance is already on the stack     */
#define FRACTARY_E_REFUSED (-12)    /* policy refuses                           */
#define FRACTARY_E_UNCONFIRMED (-13) /* needs a confirmation that was not given */
#define FRACTARY_E_DENIED (-14)     /* the cloud denies a permission            */
#define FRACTARY_E_MISSING (-15)    /* a tool or a plugin is not installed      */
#define FRACTARY_E_CONFIG (-16)     /* the project's configuration is wrong     */
#define FRACTARY_E_AUTH (-17)       /* no, wrong or expired credentials         */
#define FRACTARY_E_BUSY (-18)       /* somebody else holds a lock               */
#define FRACTARY_E_UNAVAILABLE (-19) /* an API cannot be reached or answers 5xx */
#define FRACTARY_E_LIMIT (-20)      /* larger or more than is allowed           */
#define FRACTARY_E_NOTHING (-21)    /* there is nothing to do                   */

/* -------------------------------------------------------------- primitives */

/* The three structs below are frozen: they never grow, so they may be
 * embedded and put in arrays by value. */

/* Borrowed bytes, not necessarily NUL-terminated. */
typedef struct fractary_string_view {
    const char *data;
    uint64_t length;
} fractary_string_view;

/* A name and its value, both NUL-terminated and borrowed. */
typedef struct fractary_header {
    const char *name;
    const char *value;
} fractary_header;

/* Where results go. `emit` copies what it needs before it returns; it returns
 * FRACTARY_OK or a negative status, which the caller should hand on. Whether
 * the bytes are one record (a JSON object of at most FRACTARY_RECORD_MAX
 * bytes) or a piece of a longer text stands where the sink is passed. Sinks
 * of the host outlive the call: to write after the call has ended is
 * FRACTARY_E_PROTOCOL, not a crash. [main-thread] */
typedef struct fractary_sink {
    void *context; /* handed back as first argument; owned by the sink's maker */
    int32_t (*emit)(void *context, const char *data, uint64_t length);
} fractary_sink;

FRACTARY_NO_TAIL_PADDING(fractary_string_view, length);
FRACTARY_NO_TAIL_PADDING(fractary_header, value);
FRACTARY_NO_TAIL_PADDING(fractary_sink, emit);

/* Largest record, in bytes. */
#define FRACTARY_RECORD_MAX 65536u

/* ------------------------------------------------------------------- error */

#define FRACTARY_ERROR_MESSAGE 512
#define FRACTARY_ERROR_CAUSE 2048
#define FRACTARY_ERROR_ADVICE 512
#define FRACTARY_ERROR_PLACE 512

/* What went wrong, in the order in which the user reads it. Owned by the
 * caller, who sets `size` and zeroes the rest; filled by the callee; every
 * text is NUL-terminated and may be empty. libfractary-plugin.a fills it with
 * fr_error_set() and friends, which never overrun it. */
typedef struct fractary_error {
    uint32_t size;   /* sizeof(fractary_error) of the caller          */
    int32_t status;  /* the FRACTARY_E_* that the function returns    */
    char message[FRACTARY_ERROR_MESSAGE]; /* what happened: one sentence     */
    char cause[FRACTARY_ERROR_CAUSE];     /* why                             */
    char advice[FRACTARY_ERROR_ADVICE];   /* what to do next                 */
    char place[FRACTARY_ERROR_PLACE];     /* file:line, address, permission  */
} fractary_error;

FRACTARY_NO_TAIL_PADDING(fractary_error, place);

/* -------------------------------------------------------------------- call */

/* What every method gets first: how long it may take, on whose behalf it
 * runs, and where its records go. Made by the host; valid until the method
 * returns. A plugin hands the one it was given on to services, or a copy of it
 * with an earlier deadline; a later one counts for nothing. */
typedef struct fractary_call fractary_call;
struct fractary_call {
    uint32_t size;
    /* CLOCK_MONOTONIC nanoseconds after which the method must have returned;
     * 0: none. Blocking services end by themselves with FRACTARY_E_DEADLINE;
     * what computes long asks clock/1. A plugin that goes on past it ends the
     * process. */
    uint64_t deadline;
    const char *run;         /* id of the run, "" outside one               */
    const char *stack;       /* stack (root module) name, never NULL        */
    const char *environment; /* environment name, "" where there is none    */
    fractary_sink sink;      /* records: one JSON object an emit            */
    void *host;              /* the host's; leave it alone                  */
    /* Non-zero once the user has interrupted, and from then on. The blocking
     * service that meets an interruption returns FRACTARY_E_CANCELLED by
     * itself, once: what is needed to wind up can run after it, until the next
     * interruption. [any-thread] */
    int32_t (*cancelled)(const fractary_call *call);
};

FRACTARY_NO_TAIL_PADDING(fractary_call, cancelled);

#ifdef __cplusplus
}
#endif
#endif
