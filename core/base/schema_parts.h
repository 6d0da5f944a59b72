/* What the three halves of schema.h share: the schema's own check
 * (schema_verify.c), the check of a value (schema.c) and the defaults
 * (schema_fill.c). */
#ifndef FRACTARY_BASE_SCHEMA_PARTS_H
#define FRACTARY_BASE_SCHEMA_PARTS_H

#include <fractary-plugin/json.h>
#include <stddef.h>

/* Deepest that schema and value are followed together. */
#define FR_SCHEMA_DEPTH 256

/* Where in a document we are: a chain on the stack, from the inside out. */
struct fr_schema_place {
    const struct fr_schema_place *up; /* NULL at the top level              */
    const char *key;                  /* of a member; NULL for an element   */
    size_t index;                     /* of an element                      */
};

/* Appends "environments.test.class" or "items[3]"; nothing for NULL. */
int32_t fr_schema_print_place(const struct fr_schema_place *place, fr_buf *out);

/* Checks that every keyword is known and well-formed, that each $ref leads
 * somewhere and that patterns compile and are cheap. FRACTARY_OK,
 * FRACTARY_E_INVALID, FRACTARY_E_NOMEM. */
int32_t fr_schema_verify(const fr_json *schema, fractary_error *error);

/* What "#/$defs/name" stands for, or NULL. */
const fr_json *fr_schema_resolve(const fr_json *root, const fr_json *reference);

/* FRACTARY_OK when `value` fits `part`, a part of the verified schema `root`;
 * FRACTARY_E_CONFIG when it does not; other errors as fr_schema_check(). */
int32_t fr_schema_fits(const fr_json *root, const fr_json *part, const fr_json *value);

#endif
