/* What kind of error a text is about: the rules and the advice are data. */
#ifndef FRACTARY_IAC_TERRAFORM_CATEGORIES_H
#define FRACTARY_IAC_TERRAFORM_CATEGORIES_H

#include <fractary/abi.h>
#include <stddef.h>

typedef struct fr_tf_category {
    const char *name;   /* as in docs/reference/records.md           */
    int32_t status;     /* what a method returns for it              */
    const char *advice; /* what to do next                           */
} fr_tf_category;

typedef struct fr_tf_verdict {
    const fr_tf_category *category; /* never NULL                     */
    const char *advice;             /* of the rule, else of the category; never NULL */
} fr_tf_verdict;

/* Judges a diagnostic; the first rule that fits decides. Both texts went
 * through fr_tf_squeeze(). */
fr_tf_verdict fr_tf_classify(const char *summary, const char *detail);
/* The category of that name; `unknown` when there is none. */
const fr_tf_category *fr_tf_category_named(const char *name);
/* Where it stands in the order of cause and effect; causes come first. */
size_t fr_tf_category_rank(const char *name);

#endif
