/* One start of the tool: arguments, environment, output. */
#ifndef FRACTARY_IAC_TERRAFORM_COMMAND_H
#define FRACTARY_IAC_TERRAFORM_COMMAND_H

#include "terraform.h"

/* Folders below {data} that become TF_DATA_DIR. */
#define FR_TF_DATA_MAIN     "terraform"
#define FR_TF_DATA_VALIDATE "terraform-validate" /* initialised without backend */

/* Zeroed memory with a label is a command without arguments. */
typedef struct fr_tf_command {
    const char *label;      /* "plan": names output files and messages       */
    const char *purpose;    /* as in fractary_process_request                */
    uint32_t flags;         /* FRACTARY_PROCESS_*                            */
    const char *data_dir;   /* FR_TF_DATA_*; NULL: FR_TF_DATA_MAIN           */
    const char *attachment; /* name of a sealed file: /proc/self/fd/3; or NULL */
    int in_workspace;       /* in the configured workspace, else wherever the
                             * data folder says                              */
    fr_vec arguments;       /* of char *, without the program                */
    int failed;             /* memory ran out                                */
} fr_tf_command;

/* Adds an argument; a failure shows when the command is run. */
void fr_tf_arg(fr_tf_command *command, const char *format, ...) FR_PRINTF(2, 3);
/* Frees the arguments of a command that was not run. */
void fr_tf_command_finish(fr_tf_command *command);

/* Runs it to its end and frees its arguments. `line` as in process/1. When it
 * was ended by a signal that is FRACTARY_E_FAILED; otherwise look at the exit
 * code. */
int32_t fr_tf_command_run(const fr_tf *tf, const fractary_call *call, fr_tf_command *command,
                          int32_t (*line)(void *context, uint32_t stream, const char *text,
                                          uint64_t length),
                          void *context, int32_t *exit_code, fractary_error *error);

/* Output as a whole. Zeroed memory is an empty one. */
typedef struct fr_tf_capture {
    fr_buf out, err;
    int32_t exit_code;
    int full; /* standard output was cut at 256 MiB */
} fr_tf_capture;

int32_t fr_tf_command_capture(const fr_tf *tf, const fractary_call *call, fr_tf_command *command,
                              fr_tf_capture *capture, fractary_error *error);
/* Frees and wipes: it may have been a state. */
void fr_tf_capture_finish(fr_tf_capture *capture);
/* The one JSON value in standard output; the caller frees it. Without any:
 * FRACTARY_E_FAILED with what was printed instead. */
int32_t fr_tf_capture_json(const fr_tf *tf, const fr_tf_capture *capture, const char *label,
                           fr_json **out, fractary_error *error);
/* FRACTARY_E_FAILED: the tool printed `shown` where JSON was due. */
int32_t fr_tf_not_json(const fr_tf *tf, const char *label, const char *shown,
                       fractary_error *error);

#endif
