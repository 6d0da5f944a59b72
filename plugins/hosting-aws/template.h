/* Texts with places to fill in: addresses, bodies and pages of the console.
 *
 *   <name|id>   the first of these facts that is known
 *   <x?>        may be missing; what stands before it up to the last & or ? is
 *               then left out
 *   <x!path>    percent-encoded but for slashes
 *   <x!twice>   percent-encoded two times
 *   <x!logs>    the same, with $ for %: how the console writes log groups
 */
#ifndef FRACTARY_HOSTING_AWS_TEMPLATE_H
#define FRACTARY_HOSTING_AWS_TEMPLATE_H

#include "facts.h"

/* How what is filled in is written, unless the place says otherwise. */
typedef enum fr_aws_writing {
    FR_AWS_PLAIN,
    FR_AWS_PERCENT, /* percent-encoded          */
    FR_AWS_JSON     /* within a string of JSON  */
} fr_aws_writing;

#define FR_AWS_MISSING 64

/* Appends the text. FRACTARY_E_NOTFOUND when a fact is not known; its name is
 * in `missing`, and `out` holds a part. FRACTARY_E_NOMEM. */
int32_t fr_aws_template_put(const char *text, size_t length, const fr_aws_facts *facts,
                            fr_aws_writing writing, fr_buf *out, char missing[FR_AWS_MISSING]);

#endif
