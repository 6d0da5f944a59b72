/* Is the root module initialised for the code as it is now? The answer is kept
 * in {data} as a hash of all that init depends on. */
#ifndef FRACTARY_IAC_TERRAFORM_INIT_STATE_H
#define FRACTARY_IAC_TERRAFORM_INIT_STATE_H

#include "terraform.h"

/* `data_dir`: FR_TF_DATA_*, each has a stamp of its own. Stores whether init
 * must run: nothing is known of an earlier one, something it depends on has
 * changed (terraform blocks, modules, providers, lock file, backend_config,
 * workspace, the tool or this plugin), or what it had made is gone. */
int32_t fr_tf_init_needed(const fr_tf *tf, const char *data_dir, int *needed,
                          fractary_error *error);
/* Notes that init has just succeeded. */
int32_t fr_tf_init_remember(const fr_tf *tf, const char *data_dir, fractary_error *error);
/* Notes that it must run next time, whatever the hash says. */
int32_t fr_tf_init_forget(const fr_tf *tf, const char *data_dir, fractary_error *error);

#endif
