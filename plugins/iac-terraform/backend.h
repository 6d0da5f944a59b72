/* Which state an environment uses: one text for it, made from what the tool
 * keeps of its backend when it is initialised. */
#ifndef FRACTARY_IAC_TERRAFORM_BACKEND_H
#define FRACTARY_IAC_TERRAFORM_BACKEND_H

#include "terraform.h"

#define FR_TF_DEFAULT_WORKSPACE "default"

/* A state. Two that have the same type and address are the same one: the
 * address holds the workspace, too. It never holds a secret. */
typedef struct fr_tf_backend {
    char *type;      /* "local", "s3"                                     */
    char *address;   /* "infra/terraform.tfstate", "s3://bucket/key"      */
    char *workspace; /* "default" where there are none                    */
} fr_tf_backend;

void fr_tf_backend_finish(fr_tf_backend *backend);

/* Describes what `kept` says (the content of TF_DATA_DIR/terraform.tfstate; NULL
 * or without a backend: a local state in the root module), in `workspace`.
 * FRACTARY_E_REFUSED for a backend that runs plans and applies elsewhere;
 * FRACTARY_E_NOMEM. The caller finishes `out` in any case. */
int32_t fr_tf_backend_describe(const fr_tf_settings *settings, const fr_json *kept,
                               const char *workspace, fr_tf_backend *out, fractary_error *error);

/* The workspace that is selected in the data folder; the caller frees it. NULL
 * without memory. */
char *fr_tf_backend_selected(const fr_tf *tf);
/* Before init: FRACTARY_E_REFUSED where the code has a `cloud` block or the
 * backend `remote`. */
int32_t fr_tf_backend_refuse_elsewhere(const fr_tf *tf, fractary_error *error);
/* Emits the `state` record of the environment as it is initialised now. */
int32_t fr_tf_backend_say(fr_tf *tf, const fractary_call *call, fractary_error *error);
/* The same before the state is used, unless it was said before, or the tool
 * must be initialised first and will say so itself. */
int32_t fr_tf_backend_say_once(fr_tf *tf, const fractary_call *call, fractary_error *error);
/* Emits it again with what only the state itself says. NULL: nothing to say. */
int32_t fr_tf_backend_say_lineage(fr_tf *tf, const fractary_call *call, const char *lineage,
                                  fractary_error *error);
/* The tool refused to initialise because the backend has changed: fills `error`
 * with the state that was used before and the one that the code names now.
 * FRACTARY_E_REFUSED, or another status when it cannot. */
int32_t fr_tf_backend_changed(const fr_tf *tf, const fractary_call *call, fractary_error *error);

#endif
