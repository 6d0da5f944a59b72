/* The resources of a state: version 4 as `state pull` prints it, and what
 * `show -json` makes of others. */
#ifndef FRACTARY_IAC_TERRAFORM_STATE_H
#define FRACTARY_IAC_TERRAFORM_STATE_H

#include "terraform.h"

#define FR_TF_STATE_VERSION 4

/* One instance of a managed resource. Borrowed from the tree it was read
 * from, but for the address. */
typedef struct fr_tf_object {
    char *address;
    const char *type, *name; /* as in the code            */
    const char *provider;    /* "registry.terraform.io/hashicorp/aws"; or NULL */
    size_t provider_length;
    const fr_json *attributes;
    const fr_json *sensitive; /* names (object: keys, array: strings)   */
    int hide_all;             /* what is sensitive cannot be told       */
    int tainted;
    const char *deposed; /* key of a deposed object, or NULL       */
} fr_tf_object;

/* Call `take` for each instance; stop at the first status other than
 * FRACTARY_OK and return it. FRACTARY_E_NOMEM without memory. What has not the
 * expected form is passed over. */
typedef int32_t fr_tf_take_object(void *context, const fr_tf_object *object);
int32_t fr_tf_state_walk(const fr_json *state, fr_tf_take_object *take, void *context);
int32_t fr_tf_values_walk(const fr_json *shown, fr_tf_take_object *take, void *context);

/* The instance key as it stands in addresses: [0], ["a b"]; appends nothing
 * for none. */
int32_t fr_tf_index_print(const fr_json *key, fr_buf *out);

/* The `resource` record of an object; NULL without memory. resource.c */
fr_json *fr_tf_resource_record(const fr_tf_object *object);

#endif
