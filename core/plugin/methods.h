/*
 * The kinds of plugins and the methods of their interfaces, as tables: by
 * these the broker checks an interface, finds a method by its name, copies
 * its request, and calls it.
 */
#ifndef FRACTARY_PLUGIN_METHODS_H
#define FRACTARY_PLUGIN_METHODS_H

#include <fractary/agent.h>
#include <fractary/hosting.h>
#include <fractary/iac.h>
#include <fractary/skill.h>
#include <stddef.h>

/* No table of a plugin is larger: a size beyond it is garbage. */
#define FR_TABLE_MAX 4096u

/* The host's own zero-filled copy of a plugin's interface; every member begins
 * with `size`. */
typedef union fr_interface {
    uint32_t size;
    fractary_hosting hosting;
    fractary_iac iac;
    fractary_skill skill;
    fractary_agent agent;
} fr_interface;

/* The same for a method's request. */
typedef union fr_method_request {
    uint32_t size;
    fractary_credentials_request credentials;
    fractary_authenticate_request authenticate;
    fractary_verify_request verify;
    fractary_query_request query;
    fractary_deploy_request deploy;
    fractary_iac_init_request init;
    fractary_iac_validate_request validate;
    fractary_iac_plan_request plan;
    fractary_iac_apply_request apply;
    fractary_iac_show_request show;
    fractary_iac_parse_error_request parse_error;
    fractary_iac_output_request output;
    fractary_iac_state_request state;
    fractary_request run;
} fr_method_request;

/* One kind of plugin. */
typedef struct fr_kind {
    const char *name;         /* "hosting" */
    const char *interface_id; /* "fractary.hosting/1" */
    uint32_t minimum;         /* size of the interface's table in 1.0 */
    uint32_t size;            /* what this host knows of it */
    int has_commands;         /* its manifest may list commands */
} fr_kind;

/* NULL for an unknown one. */
const fr_kind *fr_kind_find(const char *name);

#define FR_METHOD_MANDATORY 1u
#define FR_METHOD_CORE      2u  /* only the core may call it: it hands out secrets */
#define FR_METHOD_OUT       4u  /* answers into a sink of its own beside the records */
#define FR_METHOD_PURPOSE   8u  /* acts under the purpose that its request names */
#define FR_METHOD_PLAN      16u /* works on the sealed plan that its request names */

typedef struct fr_method {
    const char *kind;
    const char *name; /* as in handlers/1.call() */
    uint32_t slot;    /* offset in the interface's table */
    uint32_t flags;   /* FR_METHOD_* */
    uint32_t minimum; /* size of its request in 1.0 */
    uint32_t size;    /* what this host knows of it */
    /* Non-zero when everything is there that the request must hold; may be
     * NULL. `needs` says in words what that is. */
    int (*complete)(const fr_method_request *request);
    const char *needs;
    /* Calls the slot with its own types. `out` is for FR_METHOD_OUT alone. */
    int32_t (*run)(const fr_interface *table, void *instance, const fractary_call *call,
                   const fr_method_request *request, const fractary_sink *out,
                   fractary_error *error);
} fr_method;

/* The method of that kind and name, or NULL. */
const fr_method *fr_method_find(const char *kind, const char *name);
/* The name nearest to `name` among the kind's methods, or NULL. */
const char *fr_method_nearest(const char *kind, const char *name);
/* Non-zero when the plugin's table has the method. */
int fr_method_offered(const fr_method *method, const fr_interface *table);

/* Copies a plugin's table into zeroed memory of ours and checks it: its size,
 * and that no mandatory slot is empty. FRACTARY_E_PROTOCOL says what is wrong
 * with it, without naming the plugin. */
int32_t fr_interface_take(const fr_kind *kind, const void *table, fr_interface *out,
                          fractary_error *error);
/* Copies a request likewise. FRACTARY_E_INVALID when it is NULL, too small,
 * beyond sense, or lacks what it must hold. */
int32_t fr_method_take_request(const fr_method *method, const void *request, fr_method_request *out,
                               fractary_error *error);

#endif
