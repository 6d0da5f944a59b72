/*
 * What was deployed: deployments/<env>/registry.json, DEPLOYED.md and
 * history.jsonl. Written whole or not at all.
 */
#ifndef FRACTARY_PROJECT_REGISTRY_H
#define FRACTARY_PROJECT_REGISTRY_H

#include "project/config.h"
#include <fractary-plugin/json.h>

#define FR_REGISTRY_VERSION 1
#define FR_REGISTRY_LIMIT   (256u * 1024 * 1024)

/* Which registry. */
typedef struct fr_registry_place {
    const char *folder; /* fr_config_folder()                            */
    const char *environment;
    const char *stack;   /* "default" (or NULL) where there is one stack;
                          * another one has a folder of its own          */
    const char *project; /* for the heading of DEPLOYED.md                */
} fr_registry_place;

/* One change. */
typedef struct fr_registry_change {
    int failed;
    const char *action; /* "deploy", "teardown", "refresh"                  */
    const char *run;
    const char *plan;      /* hex SHA-256 or NULL                              */
    const char *principal; /* or NULL                                          */
    const char *user;      /* login name of who ran it, or NULL                */
    int64_t at;            /* Unix ms                                          */
} fr_registry_change;

/* Reads the registry; *out is an object with `resources` (empty array where
 * there is no file). The caller frees it. FRACTARY_E_CONFIG for one that is broken or of a newer
 * version; FRACTARY_E_INVALID for an environment's name that can be none. */
int32_t fr_registry_read(const fr_registry_place *place, fr_json **out, fractary_error *error);

/* Writes registry.json (sorted by address; created_at and run of a known
 * address kept, verified_at kept where not given anew and null where the cloud
 * gave no answer, updated_at new where a fact changed), then DEPLOYED.md, then a
 * line of history. `resources` is a JSON array, as in registry/1.commit(). When
 * registry.json cannot be written nothing has changed; when one of the others
 * cannot, the error says so and the rest is written. A registry that was broken
 * is kept beside the new one as registry.json.broken; one of a newer version is
 * refused. */
int32_t fr_registry_commit(const fr_registry_place *place, const fr_registry_change *change,
                           const fr_json *resources, fractary_error *error);

/* Path of DEPLOYED.md below `folder`; the caller frees it. */
char *fr_registry_document(const fr_registry_place *place);

#endif
