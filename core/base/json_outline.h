/* The members of a small JSON object where they stand in its text: strictly
 * checked as by fr_json_parse(), but without a tree. For what comes by the ten
 * thousand. */
#ifndef FRACTARY_BASE_JSON_OUTLINE_H
#define FRACTARY_BASE_JSON_OUTLINE_H

#include <fractary-plugin/json.h>
#include <fractary/abi.h>
#include <string.h>

/* Most members of an object that is outlined, those of objects in it counted. */
#define FR_JSON_OUTLINE_PARTS 48

/* A member. All of it points into the text. */
typedef struct fr_json_part {
    const struct fr_json_part *parent; /* whose object it is in; NULL: outermost   */
    fractary_string_view key;          /* without quotes; it has no escapes        */
    fractary_string_view value;        /* as it stands, a string with its quotes   */
} fr_json_part;

/* Caller's memory; valid as long as the text. Parts point at each other: not
 * to be copied. */
typedef struct fr_json_outline {
    size_t count;
    int cut; /* there is more in the text than is noted */
    fr_json_part parts[FR_JSON_OUTLINE_PARTS];
} fr_json_outline;

/* Outlines the text of one object. Zero when it cannot be: it is no JSON that
 * fr_json_parse() takes (which says why), it has objects below those in the
 * outermost one, too many members, escapes in a key, or a number that
 * fr_json_parse() keeps as a string. */
int fr_json_outline_read(const char *text, size_t length, fr_json_outline *outline);

/* The member of that name in the object of `parent`; NULL where there is none. */
const fr_json_part *fr_json_outline_find(const fr_json_outline *outline, const fr_json_part *parent,
                                         const char *name);
/* Non-zero when the member has that name. */
static inline int fr_json_part_is(const fr_json_part *part, const char *name)
{
    return part->key.length == strlen(name) && memcmp(part->key.data, name, part->key.length) == 0;
}

/* Non-zero when its value is a string other than "". */
int fr_json_part_has_text(const fr_json_part *part);
/* Appends the content of the string whose text with its quotes is `quoted`,
 * escapes resolved. The text must have been checked. FRACTARY_OK or
 * FRACTARY_E_NOMEM. */
int32_t fr_json_unquote(fractary_string_view quoted, fr_buf *out);

/* What the strict reading calls at each key: notes it where it has a place, and
 * returns it so that its value is noted as well; NULL where it has none. */
fr_json_part *fr_json_outline_note(fr_json_outline *outline, unsigned depth,
                                   fractary_string_view key, int escaped);
/* Non-zero when all of `text` is an object and was noted, no key twice. */
int fr_json_outline_is_whole(const fractary_string_view *text, const fr_json_outline *outline);

#endif
