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
} fractary_iac_show_request;

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
} fractary_iac;

FRACTARY_NO_TAIL_PADDING(fractary_iac_init_request, flags);
FRACTARY_NO_TAIL_PADDING(fractary_iac_validate_request, flags);
FRACTARY_NO_TAIL_PADDING(fractary_iac_plan_request, targets);
FRACTARY_NO_TAIL_PADDING(fractary_iac_apply_request, name);
FRACTARY_NO_TAIL_PADDING(fractary_iac_show_request, flags);
FRACTARY_NO_TAIL_PADDING(fractary_iac_parse_error_request, length);
FRACTARY_NO_TAIL_PADDING(fractary_iac, parse_error);

#ifdef __cplusplus
}
#endif
#endif
