#include "plugin/verdict.h"

/* The statuses of 1.0 lie together; test_abi_layout.c holds their values. */
int fr_verdict_is_status(int32_t status)
{
    return status <= FRACTARY_OK && status >= FRACTARY_E_NOTHING;
}

static void end_texts(fractary_error *error)
{
    error->message[sizeof error->message - 1] = '\0';
    error->cause[sizeof error->cause - 1] = '\0';
    error->advice[sizeof error->advice - 1] = '\0';
    error->place[sizeof error->place - 1] = '\0';
}

static int32_t blame(const fr_verdict *verdict, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_PROTOCOL, "the plugin %s broke a rule in its method %s",
                 verdict->plugin, verdict->method);
    fr_error_advice(error, "report this to whoever makes the plugin");
    fr_error_place(error, "%s", verdict->plugin);
    return FRACTARY_E_PROTOCOL;
}

static int32_t speak_for(const fr_verdict *verdict, fractary_error *error)
{
    fr_error_set(error, verdict->status, "the plugin %s failed in its method %s", verdict->plugin,
                 verdict->method);
    fr_error_cause(error, "it gave no reason");
    fr_error_advice(error, "report this to whoever makes the plugin");
    fr_error_place(error, "%s", verdict->plugin);
    return verdict->status;
}

/* Field by field: the caller's struct may be of another size. */
static int32_t pass_on(const fr_verdict *verdict, fractary_error *error)
{
    fr_error_set(error, verdict->status, "%s", verdict->said.message);
    fr_error_cause(error, "%s", verdict->said.cause);
    fr_error_advice(error, "%s", verdict->said.advice);
    fr_error_place(error, "%s", verdict->said.place);
    return verdict->status;
}

int32_t fr_verdict_give(fr_verdict *verdict, fractary_error *error)
{
    end_texts(&verdict->said);
    if (verdict->broken != NULL) {
        blame(verdict, error);
        fr_error_cause(error, "%s", verdict->broken);
        return FRACTARY_E_PROTOCOL;
    }
    if (!fr_verdict_is_status(verdict->status)) {
        blame(verdict, error);
        fr_error_cause(error, "it returned %d, which is no status", verdict->status);
        return FRACTARY_E_PROTOCOL;
    }
    if (verdict->status == FRACTARY_OK)
        return FRACTARY_OK;
    return verdict->said.message[0] == '\0' ? speak_for(verdict, error) : pass_on(verdict, error);
}
