/* What no schema can say of the settings: whether paths stay inside the project
 * and whether the files are there. Each error names the key and what to do. */
#ifndef FRACTARY_IAC_TERRAFORM_SETTINGS_CHECK_H
#define FRACTARY_IAC_TERRAFORM_SETTINGS_CHECK_H

#include "terraform.h"

/* Points `error` at a key of the plugin's section, "var_files[0]". */
int32_t fr_tf_settings_refuse(const fr_tf *tf, const char *key, fractary_error *error);
/* FRACTARY_E_CONFIG when `directory` or a file leads out of the project. */
int32_t fr_tf_settings_check_paths(const fr_tf *tf, fractary_error *error);
/* FRACTARY_E_CONFIG when there is no root module in `directory`. */
int32_t fr_tf_settings_check_module(const fr_tf *tf, fractary_error *error);
/* FRACTARY_E_CONFIG when a file of var_files or backend_config is not there. */
int32_t fr_tf_settings_check_files(const fr_tf *tf, fractary_error *error);

#endif
