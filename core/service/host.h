/* The host as one plugin instance sees it: the tables that its manifest
 * needs, bound to it. */
#ifndef FRACTARY_SERVICE_HOST_H
#define FRACTARY_SERVICE_HOST_H

#include "service/context.h"
#include <fractary/plugin.h>

/* Who is served. Borrowed until fr_host_destroy(). */
typedef struct fr_guest {
    const char *id;
    const char *kind;        /* "hosting", "iac", "skill", "agent"              */
    const char *environment; /* "" where there is none                          */
    const fr_json *needs;    /* manifest "needs": array of service ids, or NULL */
    const fr_json *files;    /* manifest "files", or NULL                       */
    const fr_json *environ;  /* manifest "environ", or NULL                     */
    const fr_json *section;  /* its configuration, merged and validated, or NULL */
} fr_guest;

typedef struct fr_host fr_host;

int32_t fr_host_create(fr_context *context, const fr_guest *guest, fr_host **out,
                       fractary_error *error);
/* The table for the plugin's create(). */
const fractary_host *fr_host_table(const fr_host *host);
void fr_host_destroy(fr_host *host); /* accepts NULL */

/* Non-zero when this core has a service of that id. */
int fr_host_knows(const char *service);
/* Non-zero when a plugin of `kind` may have it (environ/1 and identity/1:
 * hosting; handlers/1: skill; skills/1, guard/1, confirm/1: agent). */
int fr_host_allows(const char *kind, const char *service);

#endif
