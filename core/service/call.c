#include "service/call.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>

#include "service/loop.h"

struct fr_call {
    fractary_call table;
    fr_records *records;
    char *source, *run, *environment, *stack;
    fractary_sink listener; /* emit is NULL when nobody listens */
    int open;
    const char *broken; /* why, or NULL; lives for ever */
    fr_call *parent;    /* the call that was in progress when this one began */
    fr_call *next;
};

/* Who listens to a skill hears the handlers that the skill calls, too. */
static int32_t tell_listeners(const fr_call *call, const char *data, uint64_t length)
{
    int32_t status = FRACTARY_OK;

    for (; call != NULL && status == FRACTARY_OK; call = call->parent)
        if (call->listener.emit != NULL)
            status = call->listener.emit(call->listener.context, data, length);
    return status;
}

/* A sink outlives its call, so that a plugin which writes too late meets an
 * error and no freed memory. */
static int32_t emit(void *context, const char *data, uint64_t length)
{
    fr_call *call = context;
    const char *why = NULL;

    if (!call->open)
        return FRACTARY_E_PROTOCOL;
    int32_t status = fr_records_take(call->records, call->source, data, length, &why);
    if (status == FRACTARY_E_PROTOCOL && call->broken == NULL)
        call->broken = why;
    return status == FRACTARY_OK ? tell_listeners(call, data, length) : status;
}

static int32_t cancelled(const fractary_call *table)
{
    const fr_call *call = table->host;
    fr_loop *loop = fr_records_context(call->records)->loop;

    return loop != NULL && fr_loop_interrupts(loop) > 0;
}

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void call_free(fr_call *call)
{
    free(call->source);
    free(call->run);
    free(call->environment);
    free(call->stack);
    free(call);
}

void fr_call_free_all(fr_call *first)
{
    while (first != NULL) {
        fr_call *next = first->next;
        call_free(first);
        first = next;
    }
}

static void fill_table(fr_call *call, uint64_t deadline)
{
    call->table = (fractary_call){.size = sizeof call->table,
                                  .deadline = deadline,
                                  .run = call->run,
                                  .stack = call->stack,
                                  .environment = call->environment,
                                  .sink = {call, emit},
                                  .host = call,
                                  .cancelled = cancelled};
}

/* The list begins with the call that was opened last. */
static fr_call *innermost_open(fr_call *call)
{
    while (call != NULL && !call->open)
        call = call->next;
    return call;
}

int32_t fr_call_open(fr_records *records, const fr_call_options *options, fr_call **out)
{
    const fr_run *run = fr_records_context(records)->run;
    fr_call *call = calloc(1, sizeof *call);

    if (call == NULL)
        return FRACTARY_E_NOMEM;
    call->records = records;
    call->source = fr_str_dup(text_or_empty(options->source));
    call->run = fr_str_dup(run != NULL ? fr_run_id(run) : "");
    call->environment = fr_str_dup(text_or_empty(options->environment));
    call->stack = fr_str_dup(text_or_empty(options->stack));
    if (call->source == NULL || call->run == NULL || call->environment == NULL ||
        call->stack == NULL) {
        call_free(call);
        return FRACTARY_E_NOMEM;
    }
    if (options->listener != NULL)
        call->listener = *options->listener;
    call->open = 1;
    fill_table(call, options->deadline);
    fr_call **calls = fr_records_calls(records);
    call->parent = innermost_open(*calls);
    call->next = *calls;
    *calls = call;
    *out = call;
    return FRACTARY_OK;
}

const fractary_call *fr_call_table(const fr_call *call)
{
    return &call->table;
}

void fr_call_close(fr_call *call)
{
    if (call != NULL)
        call->open = 0;
}

int fr_call_broken(const fr_call *call, const char **why)
{
    if (why != NULL)
        *why = call->broken;
    return call->broken != NULL;
}
