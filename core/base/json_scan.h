/* The strict reading of a JSON text that stands before the tree is built. */
#ifndef FRACTARY_BASE_JSON_SCAN_H
#define FRACTARY_BASE_JSON_SCAN_H

#include "base/json_outline.h"
#include <fractary-plugin/json.h>

/* Deepest nesting of objects and arrays. */
#define FR_JSON_DEPTH 64
/* Largest text, in bytes. */
#define FR_JSON_TEXT_MAX (UINT64_C(256) << 20)
/* Integers up to this one, negative ones too, are numbers; larger ones are
 * kept as strings of their digits. */
#define FR_JSON_INTEGER_MAX (INT64_C(1) << 53)

/* Checks the whole text. Where it has numbers that cJSON would change (integers
 * beyond ±2^53, more than 63 characters), `rewritten` receives a copy with
 * strings or shorter numbers in their place; it stays empty otherwise.
 * FRACTARY_OK; FRACTARY_E_INVALID with `fault` filled; FRACTARY_E_NOMEM. */
int32_t fr_json_scan(const char *text, size_t length, fr_buf *rewritten, fr_json_fault *fault);

/* Who hears of each element of a list, in the order of the text. */
typedef struct fr_json_list_reader {
    const char *name; /* of the outermost object's member that is the list */
    void *context;
    /* `element` is its text without white space around it. `outline` has its
     * members; NULL where it is no object, or not all of it could be noted. */
    void (*element)(void *context, fractary_string_view element, const fr_json_outline *outline);
} fr_json_list_reader;

/* The same, noting members and, with `list`, telling of that list's elements;
 * what is wrong remains unsaid. `outline` must be empty, and is to be read, as
 * what was told is to be believed, only after FRACTARY_OK. */
int32_t fr_json_scan_outline(const char *text, size_t length, fr_buf *rewritten,
                             fr_json_outline *outline, const fr_json_list_reader *list);

/* In a text that fr_json_scan() has passed: sets line and column of `fault` to
 * the key that has `ordinal` keys before it, all depths counted together. */
void fr_json_locate_key(const char *text, size_t length, size_t ordinal, fr_json_fault *fault);

#endif
