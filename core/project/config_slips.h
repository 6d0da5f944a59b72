/* Keys that were probably meant to be others. */
#ifndef FRACTARY_PROJECT_CONFIG_SLIPS_H
#define FRACTARY_PROJECT_CONFIG_SLIPS_H

#include <fractary-plugin/json.h>
#include <fractary/abi.h>

/* Keys that the schema does not list are tolerated. One that is nearly a listed
 * key, which is absent beside it, is taken for a slip: FRACTARY_E_CONFIG names
 * its place in the document and what was meant. `acount` would otherwise take
 * the check of the account away without a word. */
int32_t fr_config_check_slips(const fr_json *schema, const fr_json *tree, fractary_error *error);

#endif
