/* JSON Schema, the part that our files use: type (also a list), properties,
 * required, additionalProperties, items, enum, const, pattern (as glob-free
 * POSIX ERE), minLength, maxLength, minimum, maximum, minItems, maxItems,
 * uniqueItems, oneOf, anyOf, $ref to "#/$defs/…", default. Annotations ($schema,
 * $id, $comment, title, description, examples, deprecated, readOnly, writeOnly,
 * format and names that begin with "x-") are skipped. Any other keyword is an
 * error of the schema, not silently ignored.
 * https://json-schema.org/draft/2020-12 */
#ifndef FRACTARY_BASE_SCHEMA_H
#define FRACTARY_BASE_SCHEMA_H

#include <fractary-plugin/json.h>

/* FRACTARY_OK; or FRACTARY_E_CONFIG with the place ("environments.test.class"),
 * what was found and what is allowed, and the nearest known name for a key
 * that is not. FRACTARY_E_INVALID when the schema itself is wrong;
 * FRACTARY_E_LIMIT when the check takes more than 2 million steps. */
int32_t fr_schema_check(const fr_json *schema, const fr_json *value, fractary_error *error);
/* Adds the defaults of absent members, deeply; of oneOf and anyOf those of the
 * first form that fits. An absent object without a default stays absent. Only
 * for a value that fr_schema_check() has passed. FRACTARY_OK, FRACTARY_E_NOMEM,
 * or FRACTARY_E_LIMIT when defaults nest without end. */
int32_t fr_schema_fill(const fr_json *schema, fr_json *value);

#endif
