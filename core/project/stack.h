/*
 * Stacks: the root modules of a project, each with a state of its own in each
 * environment.
 *
 *   "stacks": {
 *     "network": {"directory": "infra/network"},
 *     "app": {"directory": "live/{environment}/app", "depends_on": ["network"],
 *             "environments": ["test", "prod"],
 *             "plugins": {"iac-terraform": {"parallelism": 5}}}
 *   }
 *
 * A configuration without them has one stack, "default", whose folder the iac
 * handler's section tells. Everything below lives as long as the configuration.
 */
#ifndef FRACTARY_PROJECT_STACK_H
#define FRACTARY_PROJECT_STACK_H

#include "project/config.h"
#include <fractary-plugin/vec.h>

/* The stack of a project that names none. Its registry lies in the
 * environment's own folder, that of every other in a folder below. */
#define FR_STACK_DEFAULT "default"
/* At most this many in a configuration. */
#define FR_STACK_LIMIT 500

typedef struct fr_stack {
    const char *name;
    const char *directory; /* root module, relative to the project; may hold
                            * {environment}; NULL where it names none        */
    const fr_json *tree;   /* its object in the configuration, or NULL      */
} fr_stack;

/* Non-zero when the configuration names stacks. */
int fr_stack_configured(const fr_config *config);
/* The stack at `index`, in the configuration's order; zero behind the last. */
int fr_stack_at(const fr_config *config, size_t index, fr_stack *out);
/* FRACTARY_E_INVALID names the known stacks and the nearest one. */
int32_t fr_stack_find(const fr_config *config, const char *name, fr_stack *out,
                      fractary_error *error);
/* Non-zero when the stack is deployed to that environment: its list
 * `environments` has it, or it has no such list. */
int fr_stack_serves(const fr_stack *stack, const char *environment);
/* Non-zero when `stack` names `other` in its `depends_on`. */
int fr_stack_depends_on(const fr_stack *stack, const char *other);

/* Appends the names (borrowed) of the stacks that serve `environment`, each
 * after those that it depends on, otherwise in the configuration's order.
 * FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_stack_order(const fr_config *config, const char *environment, fr_vec *names,
                       fractary_error *error);

/* The same on the configuration's object of stacks: appends to `settled` those
 * that serve `environment` (NULL: any) and wait for nothing that is not there.
 * FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_stack_settle(const fr_json *stacks, const char *environment, fr_vec *settled);
/* The first stack that `stack` waits for and that is not settled, or NULL. */
const fr_json *fr_stack_waits_for(const fr_json *stacks, const fr_json *stack,
                                  const char *environment, const fr_vec *settled);

/* What a plugin's section is in an environment for a stack: plugins.<id>, then
 * the stack's own, then the environment's, then what the environment says of
 * the stack (environments.<env>.stacks.<stack>.plugins.<id>), each merged over
 * the one before it (RFC 7396). The iac handler's section gets the stack's
 * `directory`. The caller frees it with fr_json_free(); NULL without memory. */
fr_json *fr_stack_section(const fr_config *config, const char *environment, const char *stack,
                          const char *id);

/* Checks what no schema can say: names, environments and dependencies that are
 * there and lead to no circle, a directory whose placeholders are known.
 * FRACTARY_E_CONFIG with the place in the document. */
int32_t fr_stack_check(const fr_json *config, fractary_error *error);
/* Cause and advice of a stack that is not there; `stacks` is the object of
 * them. */
void fr_stack_advise(const fr_json *stacks, const char *name, fractary_error *error);

#endif
