#include "trust/gate.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16
#define MAX_WORDS 64

/* One word that was given: by the guard (method "") or by an approval. */
typedef struct word {
    char *stack, *environment, *purpose, *plan, *method;
} word;

struct fr_gate {
    word words[MAX_WORDS];
    size_t count;
    const char *purposes[MAX_DEPTH]; /* of the methods that are running */
    size_t depth;
    fr_state_notes states;
};

static const char *const guarded_methods[] = {
    "apply", "change_state", "delete", "deploy", "destroy", "grant", "remediate",
};

static const struct {
    const char *kind, *method, *purpose;
} method_purposes[] = {
    {"iac", "init", "read"},          {"iac", "plan", "read"},
    {"iac", "show", "read"},          {"iac", "apply", "deploy"},
    {"iac", "destroy", "deploy"},     {"iac", "output", "read"},
    {"iac", "prepare_state", "read"}, {"iac", "change_state", "deploy"},
    {"hosting", "verify", "read"},    {"hosting", "query", "read"},
    {"hosting", "deploy", "deploy"},  {"hosting", "delete", "deploy"},
    {"hosting", "grant", "grant"},    {"hosting", "remediate", "deploy"},
};

int32_t fr_gate_create(fr_gate **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

static void word_finish(word *w)
{
    free(w->stack);
    free(w->environment);
    free(w->purpose);
    free(w->plan);
    free(w->method);
    memset(w, 0, sizeof *w);
}

void fr_gate_destroy(fr_gate *gate)
{
    if (!gate)
        return;
    for (size_t i = 0; i < gate->count; i++)
        word_finish(&gate->words[i]);
    fr_state_notes_finish(&gate->states);
    free(gate);
}

fr_state_notes *fr_gate_states(fr_gate *gate)
{
    return &gate->states;
}

int fr_gate_guards(const char *method)
{
    for (size_t i = 0; i < sizeof guarded_methods / sizeof *guarded_methods; i++)
        if (fr_str_equal(guarded_methods[i], method))
            return 1;
    return 0;
}

const char *fr_gate_purpose_of(const char *kind, const char *method)
{
    for (size_t i = 0; i < sizeof method_purposes / sizeof *method_purposes; i++)
        if (fr_str_equal(method_purposes[i].kind, kind) &&
            fr_str_equal(method_purposes[i].method, method))
            return method_purposes[i].purpose;
    return NULL;
}

static int32_t note(fr_gate *gate, const fr_gate_subject *subject, const char *method)
{
    if (gate->count == MAX_WORDS)
        return FRACTARY_E_LIMIT;
    word w = {
        .stack = fr_str_dup(subject->stack),
        .environment = fr_str_dup(subject->environment),
        .purpose = fr_str_dup(subject->purpose),
        .plan = fr_str_dup(subject->plan),
        .method = fr_str_dup(method),
    };
    if (!w.stack || !w.environment || !w.purpose || !w.plan || !w.method) {
        word_finish(&w);
        return FRACTARY_E_NOMEM;
    }
    gate->words[gate->count++] = w;
    return FRACTARY_OK;
}

int32_t fr_gate_note_guard(fr_gate *gate, const fr_gate_subject *subject)
{
    return note(gate, subject, "");
}

int32_t fr_gate_note_approval(fr_gate *gate, const fr_gate_subject *subject, const char *method)
{
    return fr_gate_guards(method) ? note(gate, subject, method) : FRACTARY_E_INVALID;
}

void fr_gate_forget(fr_gate *gate, const char *plan)
{
    if (!plan || !*plan)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < gate->count; i++) {
        if (fr_str_equal(gate->words[i].plan, plan))
            word_finish(&gate->words[i]);
        else
            gate->words[kept++] = gate->words[i];
    }
    /* The slots behind were moved or freed: nothing in them is owned. */
    memset(&gate->words[kept], 0, (gate->count - kept) * sizeof gate->words[0]);
    gate->count = kept;
}

static int has_word(const fr_gate *gate, const fr_gate_subject *subject, const char *plan,
                    const char *method)
{
    for (size_t i = 0; i < gate->count; i++) {
        const word *w = &gate->words[i];
        if (fr_str_equal(w->method, method) && fr_str_equal(w->plan, plan) &&
            fr_str_equal(w->stack, subject->stack) &&
            fr_str_equal(w->environment, subject->environment) &&
            fr_str_equal(w->purpose, subject->purpose))
            return 1;
    }
    return 0;
}

static int32_t refuse(const char *method, const fr_gate_subject *subject, const char *missing,
                      fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_REFUSED, "%s of stack %s in environment %s is refused", method,
                 subject->stack, subject->environment);
    fr_error_cause(error, "%s", missing);
    fr_error_advice(error, "The agent that asked left a step out; report it to its author.");
    return FRACTARY_E_REFUSED;
}

int32_t fr_gate_permit(const fr_gate *gate, const char *method, const fr_gate_subject *subject,
                       fractary_error *error)
{
    if (!fr_gate_guards(method))
        return FRACTARY_OK;
    if (!subject->plan || !*subject->plan)
        return refuse(method, subject, "No plan was sealed in this run under that name.", error);
    if (!has_word(gate, subject, "", ""))
        return refuse(method, subject,
                      "The guard did not check the environment before the plan was made.", error);
    if (!has_word(gate, subject, subject->plan, ""))
        return refuse(method, subject, "The guard did not check this plan.", error);
    if (!has_word(gate, subject, subject->plan, method))
        return refuse(method, subject, "Nobody approved this plan for this.", error);
    return FRACTARY_OK;
}

int32_t fr_gate_enter(fr_gate *gate, const char *purpose)
{
    if (gate->depth == MAX_DEPTH)
        return FRACTARY_E_LIMIT;
    gate->purposes[gate->depth++] = purpose;
    return FRACTARY_OK;
}

void fr_gate_leave(fr_gate *gate)
{
    if (gate->depth)
        gate->depth--;
}

int32_t fr_gate_purpose(const fr_gate *gate, const char *purpose, fractary_error *error)
{
    const char *allowed = gate->depth ? gate->purposes[gate->depth - 1] : NULL;
    if (allowed && (fr_str_equal(allowed, purpose) ||
                    (fr_str_equal(allowed, "deploy") && fr_str_equal(purpose, "read"))))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_REFUSED, "credentials for the purpose \"%s\" are refused",
                 purpose ? purpose : "");
    if (allowed)
        fr_error_cause(error, "The method that is running may act for the purpose \"%s\" only.",
                       allowed);
    else
        fr_error_cause(error, "The method that is running may use no credentials.");
    return FRACTARY_E_REFUSED;
}
