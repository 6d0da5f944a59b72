/* A sorted set of texts: names and paths that discovery collects. Zeroed
 * memory is a valid empty set. */
#ifndef FRACTARY_PROJECT_NAMES_H
#define FRACTARY_PROJECT_NAMES_H

#include <fractary-plugin/json.h>
#include <fractary-plugin/vec.h>

typedef struct fr_names {
    fr_vec texts; /* char *, in byte order, none twice */
    int failed;   /* non-zero: memory ran out, something is missing */
} fr_names;

/* Adds a copy unless it is there; NULL and "" are no names. The failure is
 * sticky, so that a set can be filled and checked once. */
void fr_names_add(fr_names *names, const char *text);
void fr_names_add_part(fr_names *names, const char *text, size_t length);
void fr_names_add_all(fr_names *names, const fr_names *others);
void fr_names_remove(fr_names *names, const char *text);
int fr_names_has(const fr_names *names, const char *text);
size_t fr_names_count(const fr_names *names);
/* NULL behind the last; valid until the set changes. */
const char *fr_names_at(const fr_names *names, size_t index);
void fr_names_finish(fr_names *names); /* accepts NULL */

/* A new array of the texts; NULL without memory, also when the set failed. */
fr_json *fr_names_array(const fr_names *names);
/* "a, b and c" for a sentence; appends. */
void fr_names_list(const fr_names *names, fr_buf *out);

#endif
