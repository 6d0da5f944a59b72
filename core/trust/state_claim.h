/*
 * Which state each environment uses, as its last change has recorded it:
 * deployments/<env>/state.json. No two environments use one state, and none
 * changes its own without somebody's word.
 */
#ifndef FRACTARY_TRUST_STATE_CLAIM_H
#define FRACTARY_TRUST_STATE_CLAIM_H

#include "project/config.h"
#include <fractary-plugin/json.h>

#define FR_STATE_CLAIM_VERSION 1

/* A state, as the handler's `state` record says. Two with the same backend and
 * address are the same. Zeroed memory is none. */
typedef struct fr_state {
    char *backend;   /* "s3"                                          */
    char *address;   /* "s3://bucket/key"                             */
    char *workspace; /* "default"                                     */
    char *lineage;   /* Terraform's own id of the state; NULL: unknown */
} fr_state;

/* Whose it is. Borrowed. */
typedef struct fr_state_owner {
    const fr_config *config;
    const char *environment;
    const char *stack; /* "default" where there is one stack */
} fr_state_owner;

void fr_state_finish(fr_state *state); /* accepts zeroed memory */
/* Copies the members of a record or of a claim. FRACTARY_E_PROTOCOL without
 * backend or address; FRACTARY_E_NOMEM. */
int32_t fr_state_take(const fr_json *object, fr_state *out);
/* Zero for a state that is not known. */
int fr_state_is_known(const fr_state *state);

/* What the environment has recorded; *out is zeroed where it has nothing, and
 * the caller's to finish. FRACTARY_E_CONFIG for a file that cannot be
 * understood. */
int32_t fr_state_claim_read(const fr_state_owner *owner, fr_state *out, fractary_error *error);
/* FRACTARY_E_REFUSED when the environment has recorded another state, or one of
 * another lineage where both are known, or another environment has recorded this one: both are named, and what to do.
 * FRACTARY_E_CONFIG for a claim that cannot be understood. */
int32_t fr_state_claim_check(const fr_state_owner *owner, const fr_state *state,
                             fractary_error *error);
/* Records it, whatever the lineage was, and checks once more: of two runs that claim one state at the same
 * time at most one goes on. Writes nothing when it is recorded already, lineage
 * included. Statuses of fr_state_claim_check() and fr_file_write(). */
int32_t fr_state_claim_write(const fr_state_owner *owner, const fr_state *state, const char *run,
                             fractary_error *error);
/* Removes the record, if there is one: the state is free. */
int32_t fr_state_claim_remove(const fr_state_owner *owner, fractary_error *error);

/* Path of the claim relative to the project; the caller frees it. */
char *fr_state_claim_path(const fr_state_owner *owner);

#endif
