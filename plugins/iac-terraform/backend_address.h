/* One text for a remote state, by a table of what identifies it. */
#ifndef FRACTARY_IAC_TERRAFORM_BACKEND_ADDRESS_H
#define FRACTARY_IAC_TERRAFORM_BACKEND_ADDRESS_H

#include <fractary-plugin/json.h>

/* The address of a state of a backend other than local, from the backend's
 * configuration; the caller frees it. For a type that is not in the table, and
 * where a key that it needs is missing, it is a hash of all that is no secret.
 * NULL without memory. */
char *fr_tf_backend_address(const char *type, const fr_json *config, const char *workspace);

#endif
