/*
 * fractary/iac.h: a handler of an infrastructure-as-code tool.
 *
 * An instance serves one environment: folder, var files, workspace and the
 * like come from config/1. All methods emit records into call->sink
 * (docs/reference/records.md). Methods that end in FRACTARY_OK did the whole
 * of what they say.
 */
#ifndef FRACTARY_IAC_H
#define FRACTARY_IAC_H

#include <fractary/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FRACTARY_IAC_1 "fractary.iac/1"

/* Flags of requests. */
#define FRACTARY_IAC_UPGRADE 1u /* init: newest provider and module versions    */
#define FRACTARY_IAC_FORCE 2u   /* init: even where nothing seems to have changed */
#define FRACTARY_IAC_DESTROY 1u /* plan: plan the removal of everything         */
#define FRACTARY_IAC_REFRESH_OFF 2u /* plan: without reading the cloud           */
#define FRACTARY_IAC_REFRESH_ONLY 4u /* plan: only bring the state up to the cloud;
                                      * since 1.1                                */
#define FRACTARY_IAC_REVEAL 1u /* output: sensitive values, too; since 1.1       */

typedef struct fractary_iac_init_request {
    uint32_t size;
    uint32_t flags; /* FRACTARY_IAC_UPGRADE, FRACTARY_IAC_FORCE */
} fractary_iac_init_request;

typedef struct fractary_iac_validate_request {
    uint32_t size;
    uint32_t flags; /* none in 1.0 */
} fractary_iac_validate_request;

/* The plan is saved and sealed with run/1 under `name`. */
typedef struct fractary_iac_plan_request {
    uint32_t size;
    uint32_t flags;   /* FRACTARY_IAC_DESTROY, FRACTARY_IAC_REFRESH_OFF       */
    const char *name; /* name of the sealed plan in the run: "plan"           */
    const char *const *targets; /* resource addresses, NULL-terminated; may be NULL */
    /* Since 1.1; all may be NULL or 0. */
    const char *const *replace;   /* addresses to make anew, NULL-terminated      */
    const char *const *variables; /* "NAME=VALUE", NULL-terminated; before every
                                   * var file. May be secret: they reach no
                                   * command line, record or file               */
    const char *const *var_files; /* after those of the configuration, relative to
                                   * the project, NULL-terminated               */
    const char *lock_timeout;     /* as the tool writes it: "60s"                 */
    uint64_t parallelism;         /* operations at once                           */
} fractary_iac_plan_request;

/* Applies exactly the sealed plan of that name. */
typedef struct fractary_iac_apply_request {
    uint32_t size;
    uint32_t flags;   /* none in 1.0 */
    const char *name;
} fractary_iac_apply_request;

typedef struct fractary_iac_show_request {
    uint32_t size;
    uint32_t flags; /* none in 1.0 */
    /* Since 1.1: only the resource of that address, whose record then has all
     * `attributes` but sensitive ones; NULL: all resources. */
    const char *address;
} fractary_iac_show_request;

/* Since 1.1. */
typedef struct fractary_iac_output_request {
    uint32_t size;
    uint32_t flags;   /* FRACTARY_IAC_REVEAL                                     */
    const char *name; /* of one output; NULL: all                               */
} fractary_iac_output_request;

/* Since 1.1. What is to be done to the state itself. */
typedef struct fractary_iac_state_request {
    uint32_t size;
    uint32_t flags;     /* none in 1.1 */
    const char *name;   /* of the sealed change in the run: "change"             */
    const char *action; /* "move" FROM TO, "remove" ADDRESS …, "import" ADDRESS ID,
                         * "unlock" LOCK-ID                                      */
    const char *const *arguments; /* NULL-terminated                             */
} fractary_iac_state_request;

/* Text of a tool's errors, from anywhere. */
typedef struct fractary_iac_parse_error_request {
    uint32_t size;
    const char *text;
    uint64_t length;
} fractary_iac_parse_error_request;

typedef struct fractary_iac {
    uint32_t size;
    /* Initialises the working folder where needed: lock file, modules,
     * backend or providers changed since the last time. Emits a `state` record
     * each time: which state this environment uses. So does plan() or show()
     * where init() was not called before it. When the sink refuses it
     * (FRACTARY_E_REFUSED) the state is another environment's and must not be
     * touched. A handler without such records is not checked. Purpose `read`.
     * Mandatory. [main-thread] */
    int32_t (*init)(void *instance, const fractary_call *call,
                    const fractary_iac_init_request *request, fractary_error *error);
    /* Checks the code without credentials: `diagnostic` records, and
     * FRACTARY_E_FAILED when there is an error among them. Mandatory. */
    int32_t (*validate)(void *instance, const fractary_call *call,
                        const fractary_iac_validate_request *request, fractary_error *error);
    /* Plans: a `change` record for each resource that changes (status
     * "planned"), then one `plan` record with `sha256`, the counts and
     * `changes` (whether there is anything to apply). Purpose `read`.
     * Mandatory. */
    int32_t (*plan)(void *instance, const fractary_call *call,
                    const fractary_iac_plan_request *request, fractary_error *error);
    /* Applies a sealed plan: `change` records as things happen. Purpose
     * `deploy`. The gate lets it through only with the guard's and the
     * approval's word for this plan. Mandatory. */
    int32_t (*apply)(void *instance, const fractary_call *call,
                     const fractary_iac_apply_request *request, fractary_error *error);
    /* The same for a plan made with FRACTARY_IAC_DESTROY. Mandatory. */
    int32_t (*destroy)(void *instance, const fractary_call *call,
                       const fractary_iac_apply_request *request, fractary_error *error);
    /* What exists by the tool's state: a `resource` record for each managed
     * resource, without sensitive values. Purpose `read`. Mandatory. */
    int32_t (*show)(void *instance, const fractary_call *call,
                    const fractary_iac_show_request *request, fractary_error *error);
    /* Turns error text into typed `diagnostic` records. Mandatory. */
    int32_t (*parse_error)(void *instance, const fractary_call *call,
                           const fractary_iac_parse_error_request *request,
                           fractary_error *error);
    /* What the code hands out: an `output` record each (docs/reference/records.md)
     * with `name`, `sensitive` and, unless it is sensitive and not to be
     * revealed, `value`. FRACTARY_E_NOTFOUND names an output that is not there.
     * Purpose `read`. Optional; since 1.1. */
    int32_t (*output)(void *instance, const fractary_call *call,
                      const fractary_iac_output_request *request, fractary_error *error);
    /* Checks a change of the state against the state as it is, seals what is to
     * be done with run/1 under `name`, together with the state's lineage and
     * serial, and emits one `plan` record with its `sha256`. Changes nothing.
     * Purpose `read`. Optional; since 1.1. */
    int32_t (*prepare_state)(void *instance, const fractary_call *call,
                             const fractary_iac_state_request *request, fractary_error *error);
    /* Does exactly the sealed change, after a copy of the state was kept, and
     * only when the state is still the one that it was prepared for. Purpose
     * `deploy`; passes the gate like apply. Optional; since 1.1. */
    int32_t (*change_state)(void *instance, const fractary_call *call,
                            const fractary_iac_apply_request *request, fractary_error *error);
} fractary_iac;

FRACTARY_NO_TAIL_PADDING(fractary_iac_init_request, flags);
FRACTARY_NO_TAIL_PADDING(fractary_iac_validate_request, flags);
FRACTARY_NO_TAIL_PADDING(fractary_iac_plan_request, parallelism);
FRACTARY_NO_TAIL_PADDING(fractary_iac_apply_request, name);
FRACTARY_NO_TAIL_PADDING(fractary_iac_show_request, address);
FRACTARY_NO_TAIL_PADDING(fractary_iac_output_request, name);
FRACTARY_NO_TAIL_PADDING(fractary_iac_state_request, arguments);
FRACTARY_NO_TAIL_PADDING(fractary_iac_parse_error_request, length);
FRACTARY_NO_TAIL_PADDING(fractary_iac, change_state);

#ifdef __cplusplus
}
#endif
#endif
