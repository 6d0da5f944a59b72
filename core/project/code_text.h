/* What can be told of an expression without evaluating it. */
#ifndef FRACTARY_PROJECT_CODE_TEXT_H
#define FRACTARY_PROJECT_CODE_TEXT_H

#include "project/hcl_scan.h"

/* One `key = value` of an object's expression. */
typedef struct fr_code_pair {
    fr_hcl_token key;   /* a name or a string                         */
    fr_hcl_token value; /* a string that stands alone, else of kind
                         * FR_HCL_END                                 */
    size_t depth;       /* 1: of the outermost object                 */
} fr_code_pair;

/* Appends the pairs (fr_code_pair) of all objects in the expression, those
 * inside calls such as merge() too; they point into the text. FRACTARY_OK or
 * FRACTARY_E_NOMEM. */
int32_t fr_code_pairs(const fr_hcl_attribute *attribute, fr_buf *out);
int fr_code_pair_is(const fr_code_pair *pair, const char *key);

typedef enum fr_code_known {
    FR_CODE_ABSENT,
    FR_CODE_UNKNOWN, /* it is there and no literal */
    FR_CODE_LITERAL
} fr_code_known;
/* The setting `key` ("name", or "workspaces.name" for one further inside) of a
 * block, or of its argument `group`, which may be an object or a block, when
 * `group` is not NULL. Appends the literal's text. *value: the string that
 * stands there, else of kind FR_HCL_END. */
fr_code_known fr_code_setting(const fr_hcl_block *block, const char *group, const char *key,
                              fr_hcl_token *value, fr_buf *out);

/* Where a string that names a file or folder leads to. */
typedef struct fr_code_base {
    const char *module; /* ${path.module}, absolute                              */
    const char *root;   /* ${path.root}, and what "./" and "../" are relative to */
} fr_code_base;
/* `text` is what stands in a string. NULL when it names no place, and without
 * memory; else an absolute path for the caller to free(). One whose end is not
 * known is cut to the last folder that is: *whole is 0 then. */
char *fr_code_path(const char *text, size_t length, const fr_code_base *base, int *whole);
/* What stands in a quoted string, 0 for any other token. */
size_t fr_code_string(const fr_hcl_token *token, const char **text);

#endif
