/* Walks through a JSON text without a tree. For text that was checked already:
 * of any other the answers mean nothing, but nothing outside it is read. */
#ifndef FRACTARY_BASE_JSON_WALK_H
#define FRACTARY_BASE_JSON_WALK_H

#include <fractary-plugin/json.h>
#include <fractary/abi.h>

typedef struct fr_json_walk {
    const char *at, *end;
} fr_json_walk;

typedef struct fr_json_walk_member {
    fractary_string_view key;   /* without quotes, escapes as they are */
    fractary_string_view value; /* as it stands                        */
} fr_json_walk_member;

/* Moves behind white space; returns the byte that stands there, 0 at the end. */
char fr_json_walk_space(fr_json_walk *walk);
/* Moves behind the value that begins here. */
void fr_json_walk_value(fr_json_walk *walk);
/* Reads the next member of an object; the walk stands behind '{' or behind a
 * value before, and is moved behind this one's. Zero at the object's end,
 * where the walk then stands. */
int fr_json_walk_next(fr_json_walk *walk, fr_json_walk_member *member);

/* Appends the text without white space between its parts. FRACTARY_OK or
 * FRACTARY_E_NOMEM. */
int32_t fr_json_compact(fractary_string_view text, fr_buf *out);

#endif
