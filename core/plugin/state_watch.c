#include "plugin/state_watch.h"

#include <fractary-plugin/str.h>
#include <string.h>

/* What each method does to a state. */
#define READS   1u
#define CHANGES 2u
#define PLANS   4u
#define SHOWS   8u

static const struct {
    const char *method;
    unsigned does;
} methods[] = {
    {"plan", READS | PLANS},   {"show", READS | SHOWS}, {"apply", CHANGES},
    {"destroy", CHANGES},      {"output", READS},       {"prepare_state", READS},
    {"change_state", CHANGES},
};

/* Only where there is a project that can remember. */
static int is_watched(const fr_method_call *call)
{
    return fr_str_equal(call->method->kind, "iac") && call->home->context->config != NULL &&
           *call->instance->environment != '\0';
}

static unsigned does(const fr_method_call *call)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (fr_str_equal(methods[i].method, call->method->name))
            return methods[i].does;
    return 0;
}

static fr_state_owner owner_of(const fr_method_call *call)
{
    return (fr_state_owner){call->home->context->config, call->instance->environment,
                            call->home->context->stack};
}

static fr_state_note *note_of(const fr_method_call *call)
{
    return fr_state_notes_find(fr_gate_states(call->home->context->gate),
                               call->home->context->stack, call->instance->environment);
}

static const char *run_of(const fr_method_call *call)
{
    return call->home->context->run != NULL ? fr_run_id(call->home->context->run) : "";
}

/* -------------------------------------------------------------------- before */

/* A handler of another kind says nothing of states, and has none recorded. */
static int32_t demand_silence(const fr_state_owner *owner, const fr_method_call *call,
                              fractary_error *error)
{
    fr_state own;
    int32_t status = fr_state_claim_read(owner, &own, error);

    if (status != FRACTARY_OK || !fr_state_is_known(&own))
        return status;
    fr_error_set(error, FRACTARY_E_REFUSED, "%s of environment %s is refused", call->method->name,
                 owner->environment);
    fr_error_cause(error,
                   "Its state is recorded as %s, and in this run the plugin %s has not "
                   "said which state it uses.",
                   own.address, call->instance->manifest->id);
    fr_error_advice(error, "The agent or the handler left a step out; report it to its author.");
    fr_state_finish(&own);
    return FRACTARY_E_REFUSED;
}

int32_t fr_state_permit(const fr_method_call *call, fractary_error *error)
{
    const unsigned what = is_watched(call) ? does(call) : 0;
    const fr_state_owner owner = owner_of(call);
    fr_state_note *note = what != 0 ? note_of(call) : NULL;

    if (note == NULL)
        return what & CHANGES ? demand_silence(&owner, call, error) : FRACTARY_OK;
    if (!(what & CHANGES))
        return fr_state_claim_check(&owner, &note->state, error);
    const int32_t status = fr_state_claim_write(&owner, &note->state, run_of(call), error);
    note->claimed |= status == FRACTARY_OK;
    return status;
}

/* -------------------------------------------------------------------- during */

/* After a change of this run the state is what the change has made of it. */
static int32_t judge(const fr_method_call *call, const fr_state *state, fractary_error *error)
{
    const fr_state_owner owner = owner_of(call);
    const fr_state_note *note = note_of(call);

    if (note != NULL && note->claimed && state->lineage != NULL)
        return fr_state_claim_write(&owner, state, run_of(call), error);
    return fr_state_claim_check(&owner, state, error);
}

static int32_t take_state(fr_state_watch *watch, const char *data, uint64_t length)
{
    const fr_method_call *call = watch->call;
    fr_json *record = fr_json_parse(data, (size_t)length, NULL);
    fr_state state = {0};
    int32_t status = fr_state_take(record, &state);

    fr_json_free(record);
    if (status == FRACTARY_E_PROTOCOL)
        fr_error_set(&watch->error, status,
                     "the plugin %s emitted a state record without an address",
                     call->instance->manifest->id);
    else if (status != FRACTARY_OK)
        fr_error_nomem(&watch->error);
    if (status == FRACTARY_OK)
        status = judge(call, &state, &watch->error);
    if (status == FRACTARY_OK &&
        fr_state_notes_put(fr_gate_states(call->home->context->gate), call->home->context->stack,
                           call->instance->environment, &state) != FRACTARY_OK)
        status = fr_error_nomem(&watch->error);
    fr_state_finish(&state);
    return status;
}

static int is_type(const char *data, uint64_t length, const char *quoted)
{
    size_t found;
    const char *type = fr_json_member_text(data, (size_t)length, "type", &found);

    return type != NULL && found == strlen(quoted) && memcmp(type, quoted, found) == 0;
}

static int32_t take(void *context, const char *data, uint64_t length)
{
    fr_state_watch *watch = context;
    const fractary_sink *next = watch->call->listener;

    if (is_type(data, length, "\"resource\""))
        watch->resources++;
    if (watch->refused == FRACTARY_OK && is_type(data, length, "\"state\""))
        watch->refused = take_state(watch, data, length);
    if (watch->refused != FRACTARY_OK)
        return watch->refused;
    return next != NULL ? next->emit(next->context, data, length) : FRACTARY_OK;
}

const fractary_sink *fr_state_watch_open(fr_state_watch *watch, const fr_method_call *call)
{
    *watch = (fr_state_watch){.call = call, .sink = {watch, take}, .error = FR_ERROR_INIT};
    return is_watched(call) ? &watch->sink : call->listener;
}

/* --------------------------------------------------------------------- after */

int32_t fr_state_watch_close(fr_state_watch *watch, const fr_method_request *request,
                             int32_t status, fractary_error *error)
{
    const fr_method_call *call = watch->call;
    const unsigned what = is_watched(call) ? does(call) : 0;
    fr_state_note *note = what != 0 ? note_of(call) : NULL;
    const fr_state_owner owner = owner_of(call);

    if (watch->refused != FRACTARY_OK) {
        if (error != NULL)
            *error = watch->error;
        return watch->refused;
    }
    if (note == NULL || status != FRACTARY_OK)
        return status;
    if (what & PLANS) {
        note->planned = 1;
        note->emptying = (request->plan.flags & FRACTARY_IAC_DESTROY) != 0;
    }
    if (!(what & SHOWS) || !note->planned)
        return FRACTARY_OK;
    if (watch->resources == 0)
        return note->emptying ? fr_state_claim_remove(&owner, error) : FRACTARY_OK;
    return fr_state_claim_write(&owner, &note->state, run_of(call), error);
}
