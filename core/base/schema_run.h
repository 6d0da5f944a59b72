/* A running check of a value: what schema.c (objects, lists, alternatives),
 * schema_single.c (keywords that look at one value) and schema_words.c (types
 * and what is said) share. */
#ifndef FRACTARY_BASE_SCHEMA_RUN_H
#define FRACTARY_BASE_SCHEMA_RUN_H

#include "base/schema_parts.h"
#include <fractary-plugin/vec.h>

struct fr_schema_run {
    const fr_json *root;
    fractary_error *error; /* NULL while a form is only tried   */
    fr_vec patterns;       /* each compiled once                */
    size_t steps;          /* that are left                     */
    unsigned depth;
};

/* What the check of a keyword gets. */
struct fr_schema_step {
    struct fr_schema_run *run;
    const struct fr_schema_place *at;
    const fr_json *schema;
    const fr_json *keyword; /* the keyword's own value */
    const fr_json *value;
};

/* Fills the error with "place: text", and ", found …" unless `found` is NULL.
 * Returns FRACTARY_E_CONFIG. */
int32_t fr_schema_refuse(const struct fr_schema_run *run, const struct fr_schema_place *at,
                         const fr_json *found, const char *format, ...) FR_PRINTF(4, 5);
/* Advises the one of `known` (const char *) that `word` (may be NULL) is near
 * to; nothing where there is none. */
void fr_schema_advise_nearest(const struct fr_schema_run *run, const char *word,
                              const fr_vec *known);
/* Appends the value as it stands in the text, or what it is, where that is
 * long. */
void fr_schema_print_found(const fr_json *value, fr_buf *out);

/* `names` is the name of a type or a list of them. */
int fr_schema_is_of_types(const fr_json *names, const fr_json *value);
/* Appends "a string or null", after " or " where something stands already. */
void fr_schema_print_types(const fr_json *names, fr_buf *out);

/* Each returns FRACTARY_OK, FRACTARY_E_CONFIG with the error filled, or
 * FRACTARY_E_NOMEM or FRACTARY_E_LIMIT without. */
int32_t fr_schema_check_type(const struct fr_schema_step *step);
int32_t fr_schema_check_enum(const struct fr_schema_step *step);
int32_t fr_schema_check_const(const struct fr_schema_step *step);
int32_t fr_schema_check_bound(const struct fr_schema_step *step);
int32_t fr_schema_check_unique(const struct fr_schema_step *step);
int32_t fr_schema_check_pattern(const struct fr_schema_step *step);

/* For fr_vec_finish() on the patterns. */
void fr_schema_pattern_destroy(void *item);

#endif
