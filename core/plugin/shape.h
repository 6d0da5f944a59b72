/* The shape of JSON that somebody else wrote, checked by a table: which
 * members an object has, and of which kind they are. */
#ifndef FRACTARY_PLUGIN_SHAPE_H
#define FRACTARY_PLUGIN_SHAPE_H

#include <fractary-plugin/json.h>

/* Most elements of an array, and longest text of an element, in bytes. */
#define FR_SHAPE_ELEMENTS 128
#define FR_SHAPE_TEXT     4096

/* One member. Members that no row names are ignored. */
typedef struct fr_shape {
    const char *key;
    fr_json_kind kind;
    fr_json_kind items; /* kind of each element of an array; FR_JSON_ABSENT: any */
    int required;
} fr_shape;

/* FRACTARY_OK, or FRACTARY_E_CONFIG saying which key of `place` ("commands[0]",
 * or "" for the document itself) is absent or of another kind. Texts in arrays
 * must not be empty. */
int32_t fr_shape_check(const fr_json *object, const char *place, const fr_shape *rows, size_t count,
                       fractary_error *error);

/* Non-zero for 1 to 64 characters of a-z, 0-9, '-' and those in `also`,
 * beginning with a letter or a digit. */
int fr_shape_is_name(const char *text, const char *also);

/* "a string", "an array" …, for messages. */
const char *fr_shape_kind_name(fr_json_kind kind);

#endif
