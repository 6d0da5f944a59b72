#include "trust/guard.h"

#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "project/stack.h"
#include "trust/identity.h"

#define MAX_SIGNALS 32

/* One fact that names an environment or an account. An empty value is absent,
 * and absence is never agreement. */
typedef struct signal {
    const char *name, *value, *expected, *source;
} signal;

/* What the guard has gathered before it judges. */
typedef struct facts {
    const fr_config *config;
    fr_environment environment;
    fr_buf account, principal; /* as the cloud says      */
    fr_json *identity;         /* as configured          */
    fr_json *section;          /* of the iac handler     */
    fr_state recorded;         /* state, by its claim    */
    const fr_state *state;     /* as found in this run; or NULL */
    const char *section_name;
    signal signals[MAX_SIGNALS];
    size_t count;
} facts;

static int equal(const char *value, const char *expected)
{
    return strcmp(value, expected) == 0;
}

/* A name such as "orders-prod-deploy" names an environment when one of its
 * words does. */
static int has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; *word && (at = strcasestr(at, word)); at++) {
        int begins = at == text || strchr("-_./: ", at[-1]);
        int ends = !at[length] || strchr("-_./: ", at[length]);
        if (begins && ends)
            return 1;
    }
    return 0;
}

/* The first environment other than `own` whose name is a word of `text`. */
static const char *names_other(const fr_config *config, const char *text, const char *own)
{
    const char *name;
    if (has_word(text, own))
        return NULL;
    for (size_t i = 0; (name = fr_config_environment_name(config, i)); i++)
        if (strcmp(name, own) != 0 && has_word(text, name))
            return name;
    return NULL;
}

static int32_t gather_identity(facts *f, const fr_gate_subject *subject, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status =
        fr_identity_describe(f->config, subject->environment, subject->purpose, &text, error);
    if (status == FRACTARY_OK) {
        f->identity = fr_json_parse(fr_buf_text(&text), text.length, NULL);
        status = f->identity ? FRACTARY_OK : fr_error_nomem(error);
    }
    fr_buf_finish(&text);
    return status;
}

static fr_state_owner owner_of(const facts *f, const fr_gate_subject *subject)
{
    return (fr_state_owner){f->config, subject->environment, subject->stack};
}

/* What the iac handler has said of its state, once it has. */
static int32_t gather_state(facts *f, fr_gate *gate, const fr_gate_subject *subject,
                            fractary_error *error)
{
    const fr_state_owner owner = owner_of(f, subject);
    const fr_state_note *note =
        fr_state_notes_find(fr_gate_states(gate), subject->stack, subject->environment);

    f->state = note != NULL ? &note->state : NULL;
    return fr_state_claim_read(&owner, &f->recorded, error);
}

static int32_t gather(const fr_guard_world *world, const fr_gate_subject *subject, facts *f,
                      fractary_error *error)
{
    int32_t status =
        fr_config_environment(f->config, subject->environment, &f->environment, error);
    if (status == FRACTARY_OK)
        status = gather_identity(f, subject, error);
    if (status == FRACTARY_OK)
        status = world->authenticate(world->context, subject->environment, subject->purpose,
                                     &f->account, &f->principal, error);
    if (status != FRACTARY_OK)
        return status;
    f->section_name = fr_config_handler(f->config, subject->environment, "iac");
    if (!f->section_name)
        return FRACTARY_OK;
    f->section = fr_stack_section(f->config, subject->environment, subject->stack, f->section_name);
    return f->section ? FRACTARY_OK : fr_error_nomem(error);
}

static const char *verdict_of(const signal *s)
{
    if (!s->value || !*s->value || !s->expected || !*s->expected)
        return "absent";
    return equal(s->value, s->expected) ? "agrees" : "disagrees";
}

static fr_json *signal_json(const signal *s, const char *verdict)
{
    fr_json *object = fr_json_object();
    fr_json_set_string(object, "name", s->name);
    fr_json_set_string(object, "value", s->value && *s->value ? s->value : NULL);
    fr_json_set_string(object, "expected", s->expected && *s->expected ? s->expected : NULL);
    fr_json_set_string(object, "source", s->source);
    fr_json_set_string(object, "verdict", verdict);
    return object;
}

static int32_t refuse(const signal *s, const fr_gate_subject *subject, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_REFUSED, "environment %s is refused: %s disagrees",
                 subject->environment, s->name);
    fr_error_cause(error, "Expected %s, found %s (%s).", s->expected, s->value, s->source);
    fr_error_advice(error, "Use the identity and settings of environment %s, or correct "
                           "environments.%s in " FR_CONFIG_FILE ".",
                    subject->environment, subject->environment);
    return FRACTARY_E_REFUSED;
}

/* Judges all signals, so that the record is whole, and keeps the first that
 * disagrees for the refusal. */
static int32_t judge(const facts *f, const fr_gate_subject *subject, fr_json *record,
                     size_t *agreeing, fractary_error *error)
{
    int32_t status = FRACTARY_OK;
    fr_json *list = fr_json_array();
    *agreeing = 0;
    for (size_t i = 0; i < f->count; i++) {
        const char *verdict = verdict_of(&f->signals[i]);
        fr_json_add(list, signal_json(&f->signals[i], verdict));
        if (equal(verdict, "agrees"))
            ++*agreeing;
        if (status == FRACTARY_OK && equal(verdict, "disagrees"))
            status = refuse(&f->signals[i], subject, error);
    }
    if (fr_json_set(record, "signals", list) != FRACTARY_OK)
        return fr_error_nomem(error);
    return status;
}

/* The profile's or role's own name: the text that can contradict. */
static const char *identity_name(const fr_json *identity)
{
    const char *role = fr_json_get_string(identity, "role_arn");
    return role ? role : fr_json_get_string(identity, "profile");
}

static void add(facts *f, const char *name, const char *value, const char *expected,
                const char *source)
{
    if (f->count < MAX_SIGNALS)
        f->signals[f->count++] = (signal){name, value, expected, source};
}

/* A text that may name an environment: ours, another, or none. */
static void add_named(facts *f, const char *name, const char *text, const char *source)
{
    const char *own = f->environment.name;
    const char *other = text ? names_other(f->config, text, own) : NULL;
    const char *value = other ? other : (text && has_word(text, own) ? own : "");
    add(f, name, value, own, source);
}

/* Every text of the iac handler's section: folder, var files, workspace. */
static void add_section(facts *f, const fr_json *value, const char *key)
{
    if (fr_json_string(value))
        add_named(f, key, fr_json_string(value), f->section_name);
    for (const fr_json *e = fr_json_first(value); e; e = fr_json_next(e))
        add_section(f, e, fr_json_key(e) ? fr_json_key(e) : key);
}

static void collect(facts *f)
{
    add(f, "account", fr_buf_text(&f->account), f->environment.account, "the cloud's own answer");
    add_named(f, "identity", identity_name(f->identity), "the configured profile or role");
    add_named(f, "principal", fr_buf_text(&f->principal), "the cloud's own answer");
    add_section(f, f->section, "");
    add(f, "state", f->state != NULL ? f->state->address : NULL, f->recorded.address,
        "the state that was recorded");
}

static void facts_finish(facts *f)
{
    fr_buf_finish(&f->account);
    fr_buf_finish(&f->principal);
    fr_json_free(f->identity);
    fr_json_free(f->section);
    fr_state_finish(&f->recorded);
}

/* Production must be proved: the account has to be configured there. */
static int32_t demand_account(const facts *f, const fr_gate_subject *subject,
                              fractary_error *error)
{
    if (f->environment.class == FR_CLASS_TEST || *f->environment.account)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_REFUSED, "environment %s is refused: no account is configured",
                 subject->environment);
    fr_error_cause(error, "The credentials belong to account %s, and nothing says that this is "
                          "the account of %s.",
                   fr_buf_text(&f->account), subject->environment);
    fr_error_advice(error, "Set environments.%s.account in " FR_CONFIG_FILE ".",
                    subject->environment);
    return FRACTARY_E_REFUSED;
}

/* The rule about states says more than that two texts differ. */
static int32_t check_state(const facts *f, const fr_gate_subject *subject, fractary_error *error)
{
    const fr_state_owner owner = owner_of(f, subject);

    return f->state != NULL ? fr_state_claim_check(&owner, f->state, error) : FRACTARY_OK;
}

static fr_json *make_record(facts *f, const fr_gate_subject *subject, int32_t *status,
                            fractary_error *error)
{
    size_t agreeing = 0;
    fr_json *record = fr_record_new("guard", "environment %s", subject->environment);
    fr_json_set_string(record, "purpose", subject->purpose);
    fr_json_set_string(record, "plan", subject->plan);
    const int32_t state = check_state(f, subject, error);
    *status = judge(f, subject, record, &agreeing, state == FRACTARY_OK ? error : NULL);
    if (state != FRACTARY_OK)
        *status = state;
    if (*status == FRACTARY_OK)
        *status = demand_account(f, subject, error);
    char *message = *status == FRACTARY_OK
                        ? fr_str_format("environment %s: %zu signals agree, none disagrees",
                                        subject->environment, agreeing)
                        : fr_str_format("environment %s is refused", subject->environment);
    fr_json_set_bool(record, "ok", *status == FRACTARY_OK);
    fr_json_set_string(record, "message", message);
    free(message);
    return record;
}

int32_t fr_guard_check(const fr_guard_world *world, const fr_config *config, fr_gate *gate,
                       const fr_gate_subject *subject, fr_json **record, fractary_error *error)
{
    facts f = {.config = config};
    *record = NULL;
    int32_t status = gather(world, subject, &f, error);
    if (status == FRACTARY_OK)
        status = gather_state(&f, gate, subject, error);
    if (status == FRACTARY_OK) {
        collect(&f);
        *record = make_record(&f, subject, &status, error);
    }
    if (status == FRACTARY_OK)
        status = fr_gate_note_guard(gate, subject);
    facts_finish(&f);
    return status;
}
