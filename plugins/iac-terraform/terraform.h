/* The plugin's instance, and what its files have in common. */
#ifndef FRACTARY_IAC_TERRAFORM_H
#define FRACTARY_IAC_TERRAFORM_H

#include <fractary-plugin/json.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <fractary/fractary.h>

#define FR_TF_ID      "iac-terraform"
#define FR_TF_VERSION "0.1.0"

/* The plugin's section of the configuration. Texts live as long as it. */
typedef struct fr_tf_settings {
    fr_json *section, *project;    /* what the texts below point into          */
    const char *root;              /* the project's folder, absolute           */
    char *folder;                  /* root module below it, "" for root itself */
    char *directory;               /* the same, absolute                       */
    const char *tool;              /* or NULL: terraform, else tofu            */
    const char *workspace;         /* or NULL                                  */
    const char *lock_timeout;      /* or NULL                                  */
    int64_t parallelism;           /* 0: the tool's own default                */
    const fr_json *var_files;      /* array or NULL                            */
    const fr_json *backend_config; /* array or NULL                          */
} fr_tf_settings;

/* The program that does the work. */
typedef struct fr_tf_tool {
    char *path;       /* absolute; NULL until it was looked for */
    int tofu;         /* OpenTofu instead of Terraform          */
    char version[32]; /* "" until it is known                   */
    uint64_t major, minor;
} fr_tf_tool;

/* One instance: one environment. */
typedef struct fr_tf {
    const fractary_process *process;
    const fractary_files *files;
    const fractary_config *config;
    const fractary_run *run;
    const fractary_progress *progress; /* or NULL */
    fr_tf_settings settings;
    fr_tf_tool tool;
    char *data;     /* {data} of the call that is running, absolute */
    int state_said; /* the `state` record was emitted                */
} fr_tf;

/* settings.c: reads config/1. FRACTARY_E_CONFIG names the key. */
int32_t fr_tf_settings_init(fr_tf *tf, fractary_error *error);
void fr_tf_settings_finish(fr_tf_settings *settings);
/* Looks up data folder, tool and root module; every method begins with it.
 * FRACTARY_E_MISSING without a tool, FRACTARY_E_CONFIG without a root module,
 * FRACTARY_E_UNSUPPORTED when the project asks for another version. */
int32_t fr_tf_begin(fr_tf *tf, const fractary_call *call, fractary_error *error);

/* The methods, each in the file of its name (destroy: apply.c). */
int32_t fr_tf_init(void *instance, const fractary_call *call,
                   const fractary_iac_init_request *request, fractary_error *error);
int32_t fr_tf_validate(void *instance, const fractary_call *call,
                       const fractary_iac_validate_request *request, fractary_error *error);
int32_t fr_tf_plan(void *instance, const fractary_call *call,
                   const fractary_iac_plan_request *request, fractary_error *error);
int32_t fr_tf_apply(void *instance, const fractary_call *call,
                    const fractary_iac_apply_request *request, fractary_error *error);
int32_t fr_tf_destroy(void *instance, const fractary_call *call,
                      const fractary_iac_apply_request *request, fractary_error *error);
int32_t fr_tf_show(void *instance, const fractary_call *call,
                   const fractary_iac_show_request *request, fractary_error *error);
int32_t fr_tf_parse_error(void *instance, const fractary_call *call,
                          const fractary_iac_parse_error_request *request, fractary_error *error);

#endif
