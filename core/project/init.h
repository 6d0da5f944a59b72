/*
 * The making of a project: what `fractary init` would write, what it had to
 * leave open, and the writing of it. Asks nobody and prints nothing; the
 * command line leads the conversation:
 *
 *     fr_init_plan(&where, &init, &error);
 *     for (size_t i = 0; interactive && fr_init_question_at(init, i, &question); i++)
 *         fr_init_answer(init, question.key, typed, &error);
 *     if (!dry_run)
 *         fr_init_write(init, &error);
 *     fr_init_free(init);
 *
 * Without any answer the proposals stand: that is `--yes`. A project that has
 * a configuration keeps it; only what is missing is added.
 */
#ifndef FRACTARY_PROJECT_INIT_H
#define FRACTARY_PROJECT_INIT_H

#include "project/discover.h"
#include <fractary-plugin/json.h>

/* Of the tool that came before, below the project's folder; `init` takes over
 * what it can. */
#define FR_ORIGINAL_CONFIG_FILE ".fractary/plugins/faber-cloud/config.json"

typedef struct fr_init fr_init;

/* Looks at the project (fr_discover()) and at what is configured already, and
 * plans the files. Writes nothing. The caller frees *out with fr_init_free().
 * FRACTARY_E_CONFIG when there is a configuration that cannot be read: it is
 * never overwritten. FRACTARY_E_NOTFOUND, FRACTARY_E_IO, FRACTARY_E_NOMEM. */
int32_t fr_init_plan(const fr_discover_options *options, fr_init **out, fractary_error *error);
void fr_init_free(fr_init *init); /* accepts NULL */

/* Something that could not be found, and that somebody at a terminal can say.
 * All texts live until the next fr_init_answer() or fr_init_free(). */
typedef struct fr_init_question {
    const char *key;        /* "organization", "environments.test.region", …   */
    const char *text;       /* one question, without its proposal              */
    const char *proposal;   /* what holds when nobody answers; "" is "nothing" */
    const fr_json *choices; /* array of the texts that are allowed ("" always
                             * is where the proposal is ""); NULL: free text    */
} fr_init_question;

/* The question at `index`; zero behind the last. Answers may add questions
 * behind the one that was answered; they move none before it. */
int fr_init_question_at(const fr_init *init, size_t index, fr_init_question *out);

/* Takes an answer and plans anew. An empty `value` is the proposal.
 * FRACTARY_E_INVALID with what is allowed (nothing has changed then, ask
 * again); FRACTARY_E_NOTFOUND when no question has that key. */
int32_t fr_init_answer(fr_init *init, const char *key, const char *value, fractary_error *error);

/* One file of the plan; texts live as those of a question. */
typedef struct fr_init_file {
    const char *path;    /* relative to fr_init_root()                         */
    const char *action;  /* "create", "change", "keep"                         */
    const char *content; /* as it will be, NUL-terminated                      */
    size_t length;
} fr_init_file;

/* The file at `index`; zero behind the last. */
int fr_init_file_at(const fr_init *init, size_t index, fr_init_file *out);
/* Non-zero when fr_init_write() would change anything. */
int fr_init_changes(const fr_init *init);
const char *fr_init_root(const fr_init *init); /* the project's folder, absolute */

/* For people and for the result record, an object that lives as a question's
 * texts:
 *   discovered  what fr_discover() found
 *   config      the configuration as it will be
 *   files       [{path, action}]
 *   notes       [{level: "info"|"warning", message}]: what was taken from
 *               where, the other tools that were found, what was migrated
 *   open        [{key, reason}]: what stayed empty and why
 *   questions   [{key, text, proposal, choices}]
 *   deployable  names of the environments that can be deployed with it
 *   obstacle    why none can, and what to do; null when one can
 *   migrated    path of the original tool's file, or null */
const fr_json *fr_init_report(const fr_init *init);

/* Writes what is planned: all of it, or on failure nothing (what was written
 * already is taken back). FRACTARY_OK also when there is nothing to change. */
int32_t fr_init_write(fr_init *init, fractary_error *error);

#endif
