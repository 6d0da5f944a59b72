/* The configuration that `init` proposes, while it is put together. */
#ifndef FRACTARY_PROJECT_INIT_DRAFT_H
#define FRACTARY_PROJECT_INIT_DRAFT_H

#include "project/names.h"

typedef struct fr_init_draft {
    const fr_json *discovered;         /* fr_discover()                               */
    const fr_json *answers;            /* by the key of the question                  */
    const fr_json *original;           /* what fr_init_migrate() took over, or NULL   */
    int fresh;                         /* zero: there is a configuration already      */
    fr_json *config;                   /* grows; a copy of the one that is there      */
    fr_json *profiles;                 /* the discovered ones, matched anew           */
    fr_json *added;                    /* an object: names of environments that are new */
    fr_json *notes, *open, *questions; /* as in fr_init_report()              */
    fr_json *deployable;               /* likewise                                    */
    char *obstacle;                    /* why none is, or NULL                        */
    int32_t status;                    /* sticky: FRACTARY_OK or FRACTARY_E_NOMEM     */
} fr_init_draft;

/* Puts the whole draft together. `current` is the configuration that is there,
 * or NULL. FRACTARY_OK or FRACTARY_E_NOMEM; finish it in any case. */
int32_t fr_init_draft_make(fr_init_draft *draft, const fr_json *current, fractary_error *error);
void fr_init_draft_finish(fr_init_draft *draft); /* accepts NULL and zeroed */

/* For the files that make the parts of it. */
void fr_init_put(fr_init_draft *draft, fr_json *object, const char *key, fr_json *value);
void fr_init_put_string(fr_init_draft *draft, fr_json *object, const char *key, const char *text);
/* The member of that name, made as an object where there is none. */
fr_json *fr_init_object_in(fr_init_draft *draft, fr_json *object, const char *key);
void fr_init_note(fr_init_draft *draft, const char *level, const char *format, ...) FR_PRINTF(3, 4);
void fr_init_leave_open(fr_init_draft *draft, const char *key, const char *format, ...)
    FR_PRINTF(3, 4);
/* Registers a question (`choices` may be NULL; taken over) and returns what
 * holds: the answer, else the proposal. Never NULL; lives as long as the
 * draft. */
const char *fr_init_ask(fr_init_draft *draft, const char *key, const char *proposal,
                        fr_json *choices, const char *format, ...) FR_PRINTF(5, 6);
/* Non-zero when somebody answered that question. */
int fr_init_answered(const fr_init_draft *draft, const char *key);

/* init_state.c: an environment's setting of iac-terraform, else that of all, or
 * NULL. */
const fr_json *fr_init_setting(const fr_init_draft *draft, const fr_json *environment,
                               const char *key);
/* The root module that an environment of the draft runs, or NULL where the
 * configuration does not say. */
const char *fr_init_directory(const fr_init_draft *draft, const fr_json *environment);
/* Sees to it that no two environments write one state: each that is new has a
 * workspace of its own where that loses nothing, else it is said. */
void fr_init_separate_states(fr_init_draft *draft);

/* init_outcome.c: says what was left out, and whether anything can be deployed
 * with the configuration as it is. */
void fr_init_tell_outcome(fr_init_draft *draft);

/* init_environment.c: adds the environment `name` to the configuration. */
void fr_init_add_environment(fr_init_draft *draft, const char *name);

#endif
