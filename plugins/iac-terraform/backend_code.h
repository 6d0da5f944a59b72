/* The backend as code and configuration name it, before init has looked. */
#ifndef FRACTARY_IAC_TERRAFORM_BACKEND_CODE_H
#define FRACTARY_IAC_TERRAFORM_BACKEND_CODE_H

#include "terraform.h"

/* Non-zero when the root module has a backend or a cloud block. */
int fr_tf_backend_in_code(const fr_tf *tf);
/* {"backend":{"type":…,"config":{…}}} from the root module's block ("cloud" for
 * a cloud block) and backend_config, plain texts only; {} where there is no
 * block. The caller frees it. FRACTARY_E_NOMEM. */
int32_t fr_tf_backend_of_code(const fr_tf *tf, fr_json **out, fractary_error *error);

#endif
