/* Arguments that several commands have in common, from the configuration. */
#ifndef FRACTARY_IAC_TERRAFORM_ARGUMENTS_H
#define FRACTARY_IAC_TERRAFORM_ARGUMENTS_H

#include "command.h"

void fr_tf_arg_var_files(fr_tf_command *command, const fr_tf *tf);
void fr_tf_arg_backend_config(fr_tf_command *command, const fr_tf *tf);
/* -parallelism and -lock-timeout, where they are set. */
void fr_tf_arg_pace(fr_tf_command *command, const fr_tf *tf);

#endif
