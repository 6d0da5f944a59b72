/* The environment of a child: what we inherited without credentials and
 * without what steers tools behind our back, then an identity's credentials,
 * then what the request adds. The last one of a name wins. */
#ifndef FRACTARY_SERVICE_PROCESS_ENVIRON_H
#define FRACTARY_SERVICE_PROCESS_ENVIRON_H

#include <fractary-plugin/json.h>
#include <fractary-plugin/vec.h>

#include "project/config.h"

/* Zeroed memory is a valid empty one. */
typedef struct fr_environ_block {
    fr_vec entries; /* "NAME=value", each allocated */
} fr_environ_block;

/* Wipes and frees. */
void fr_environ_finish(fr_environ_block *block);

/* `config` (may be NULL) says what is passed in `environment` although no child
 * inherits it (trust/pass.h). */
int32_t fr_environ_inherit(fr_environ_block *block, const char *const *inherited,
                           const fr_config *config, const char *environment,
                           fractary_error *error);
/* `environ` is the object of fractary_hosting.credentials(): names and texts.
 * FRACTARY_E_PROTOCOL for anything else; no value is ever in the error. */
int32_t fr_environ_add_credentials(fr_environ_block *block, const fr_json *environ,
                                   fractary_error *error);
/* FRACTARY_E_REFUSED for a credential variable, FRACTARY_E_INVALID for what is
 * no "NAME=value". `added` is NULL-terminated and may be NULL. */
int32_t fr_environ_add(fr_environ_block *block, const char *const *added, fractary_error *error);

/* NULL-terminated; valid until the next change. NULL without memory. */
const char *const *fr_environ_texts(fr_environ_block *block);

#endif
