#include "trust/approval.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>

static int32_t nobody(const fr_gate_subject *subject, const fr_approval_demand *demand,
                      fr_class class, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_UNCONFIRMED, "%s in environment %s needs a confirmation",
                 demand->method, subject->environment);
    fr_error_cause(error, "It is of class %s, and there is no terminal to ask at.",
                   fr_class_name(class));
    if (class == FR_CLASS_TEST)
        fr_error_advice(error, "Run it at a terminal, or add --yes.");
    else
        fr_error_advice(error, "Run it at a terminal.");
    return FRACTARY_E_UNCONFIRMED;
}

static int32_t refused(const fr_gate_subject *subject, const fr_approval_demand *demand,
                       const char *cause, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_REFUSED, "%s in environment %s was not confirmed",
                 demand->method, subject->environment);
    fr_error_cause(error, "%s", cause);
    fr_error_advice(error, "Nothing was changed.");
    return FRACTARY_E_REFUSED;
}

static int32_t answer_yes(const fr_approval_terminal *terminal, const fr_gate_subject *subject,
                          const fr_approval_demand *demand, fractary_error *error)
{
    fr_buf answer = {0};
    char *question = fr_str_format("%s\nContinue with %s in environment %s? [y/N] ",
                                   demand->summary, demand->method, subject->environment);
    if (!question)
        return fr_error_nomem(error);
    int32_t status = terminal->ask(terminal->context, question, &answer, error);
    const char *text = fr_buf_text(&answer);
    if (status == FRACTARY_OK && !fr_str_equal_nocase(text, "y") &&
        !fr_str_equal_nocase(text, "yes"))
        status = refused(subject, demand, "The answer was not \"y\".", error);
    free(question);
    fr_buf_finish(&answer);
    return status;
}

static int32_t type_name(const fr_approval_terminal *terminal, const fr_gate_subject *subject,
                         const fr_approval_demand *demand, fractary_error *error)
{
    fr_buf answer = {0};
    char *question = fr_str_format("%s\nType the environment's name (%s) to go on: ",
                                   demand->summary, subject->environment);
    char *warning = fr_str_format("PRODUCTION: %s will change environment %s", demand->method,
                                  subject->environment);
    int32_t status = FRACTARY_E_NOMEM;
    if (question && warning) {
        terminal->warn(terminal->context, warning);
        status = terminal->ask(terminal->context, question, &answer, error);
    }
    if (status == FRACTARY_OK && !fr_str_equal(fr_buf_text(&answer), subject->environment))
        status = refused(subject, demand, "What was typed is not the environment's name.", error);
    free(question);
    free(warning);
    fr_buf_finish(&answer);
    return status == FRACTARY_E_NOMEM ? fr_error_nomem(error) : status;
}

/* Which way an approval takes, by class; NULL: no question is needed. */
typedef int32_t (*asking)(const fr_approval_terminal *, const fr_gate_subject *,
                          const fr_approval_demand *, fractary_error *);

static asking way(fr_class class, const fr_approval_demand *demand, const char **how)
{
    if (class == FR_CLASS_PRODUCTION) {
        *how = "typed";
        return type_name;
    }
    if (class == FR_CLASS_TEST && demand->yes) {
        *how = "yes";
        return NULL;
    }
    if (class == FR_CLASS_TEST && !demand->ask && fr_str_equal(demand->method, "apply")) {
        *how = "class";
        return NULL;
    }
    *how = "answered";
    return answer_yes;
}

int32_t fr_approval_get(const fr_approval_terminal *terminal, const fr_config *config,
                        fr_gate *gate, const fr_gate_subject *subject,
                        const fr_approval_demand *demand, const char **how, fractary_error *error)
{
    fr_environment environment;
    int32_t status = fr_config_environment(config, subject->environment, &environment, error);
    if (status != FRACTARY_OK)
        return status;
    asking ask = way(environment.class, demand, how);
    if (ask && !terminal->present(terminal->context))
        return nobody(subject, demand, environment.class, error);
    if (ask)
        status = ask(terminal, subject, demand, error);
    if (status == FRACTARY_OK)
        status = fr_gate_note_approval(gate, subject, demand->method);
    return status;
}
