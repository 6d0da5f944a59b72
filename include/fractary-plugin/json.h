/* JSON, strict where cJSON is not: refused are NUL escapes, duplicate keys,
 * text behind the value, invalid UTF-8, lone surrogates, a depth over 64, a
 * text over 256 MiB and a number beyond the range of a double. Keys are looked
 * up case-sensitively. An integer beyond ±2^53 is kept as a string of its
 * digits. The only user of cJSON.
 * RFC 8259, RFC 7493 (I-JSON), RFC 7396 (merge patch). [any-thread] */
#ifndef FRACTARY_PLUGIN_JSON_H
#define FRACTARY_PLUGIN_JSON_H

#include <fractary-plugin/buf.h>
#include <stddef.h>
#include <stdint.h>

/* A value: part of a tree, freed with its root. */
typedef struct cJSON fr_json;

typedef enum fr_json_kind {
    FR_JSON_ABSENT, /* of NULL */
    FR_JSON_NULL,
    FR_JSON_BOOL,
    FR_JSON_NUMBER,
    FR_JSON_STRING,
    FR_JSON_ARRAY,
    FR_JSON_OBJECT
} fr_json_kind;

/* Where and why a text was refused; line and column count from 1, the column
 * in characters. */
typedef struct fr_json_fault {
    size_t line;
    size_t column;
    char reason[160];
} fr_json_fault;

/* Parses `length` bytes; the caller frees the tree with fr_json_free(). NULL
 * on failure, `fault` (may be NULL) then says where; line 0 means that memory
 * ran out. */
fr_json *fr_json_parse(const char *text, size_t length, fr_json_fault *fault);
void fr_json_free(fr_json *root); /* accepts NULL */
fr_json *fr_json_copy(const fr_json *value);

/* Reading. NULL may be passed as `value` everywhere and reads as absent. */
fr_json_kind fr_json_kind_of(const fr_json *value);
/* Member of an object, or NULL. */
fr_json *fr_json_get(const fr_json *object, const char *key);
/* Down a path of keys, ended by NULL: fr_json_at(root, "a", "b", (char *)NULL). */
fr_json *fr_json_at(const fr_json *object, ...);
/* Content of a string, NULL for any other kind; valid as long as the tree. */
const char *fr_json_string(const fr_json *value);
const char *fr_json_get_string(const fr_json *object, const char *key);
/* Numbers that are whole and fit, and the strings of digits in which integers
 * beyond ±2^53 are kept (so that fr_json_set_int() reads back), else
 * `fallback`. */
int64_t fr_json_get_int(const fr_json *object, const char *key, int64_t fallback);
double fr_json_number(const fr_json *value, double fallback);
/* True, false, or `fallback` for any other kind. */
int fr_json_bool(const fr_json *value, int fallback);
int fr_json_get_bool(const fr_json *object, const char *key, int fallback);
int fr_json_is_true(const fr_json *object, const char *key);
/* Members or elements: for (e = fr_json_first(a); e; e = fr_json_next(e)). */
fr_json *fr_json_first(const fr_json *container);
fr_json *fr_json_next(const fr_json *value);
const char *fr_json_key(const fr_json *member); /* NULL in an array */
size_t fr_json_count(const fr_json *container); /* walks the list */
/* Deep equality; the order of members does not matter. */
int fr_json_equal(const fr_json *a, const fr_json *b);

/* Finds a member of the object in its text, without a tree: where its value
 * stands there (a string with its quotes), and how long it is; NULL and 0 where
 * there is none. For text that was checked already, as what the host emits; of
 * any other the answer means nothing, but it lies inside the text. A key that
 * is written with escapes is not found. */
const char *fr_json_member_text(const char *object, size_t length, const char *key,
                                size_t *member_length);

/* Building. Makers return NULL without memory. The makers of numbers give a
 * string of digits for an integer beyond ±2^53 and JSON null for what is not
 * finite. */
fr_json *fr_json_object(void);
fr_json *fr_json_array(void);
fr_json *fr_json_new_string(const char *text); /* JSON null for NULL */
fr_json *fr_json_new_int(int64_t number);
fr_json *fr_json_new_number(double number);
fr_json *fr_json_new_bool(int value);
fr_json *fr_json_new_null(void);
/* Setters replace a member of that name and take `value` over, also on
 * failure; they accept NULL for object or value and then return
 * FRACTARY_E_NOMEM, so that a failed maker is reported where it is used. A
 * NULL text sets JSON null; text that is not UTF-8 is mended with U+FFFD.
 * FRACTARY_E_INVALID when `object` or `array` is of another kind. To set is
 * linear in the number of members, to add takes constant time. */
int32_t fr_json_set(fr_json *object, const char *key, fr_json *value);
int32_t fr_json_set_string(fr_json *object, const char *key, const char *text);
int32_t fr_json_set_int(fr_json *object, const char *key, int64_t number);
int32_t fr_json_set_bool(fr_json *object, const char *key, int value);
int32_t fr_json_add(fr_json *array, fr_json *value);
int32_t fr_json_add_string(fr_json *array, const char *text);
/* Takes a member out of its object; the caller owns it. NULL when absent. */
fr_json *fr_json_take(fr_json *object, const char *key);
/* Applies `patch` to `target` (RFC 7396); nothing of `patch` is taken over.
 * Both must be objects (FRACTARY_E_INVALID). Without memory
 * (FRACTARY_E_NOMEM) part of it may have been applied. */
int32_t fr_json_merge(fr_json *target, const fr_json *patch);

/* Appends the text: compact on one line, or indented by two spaces and ended
 * by a line feed. Whole numbers within ±2^53 have no exponent; every number
 * reads back as the same double. Returns FRACTARY_OK or FRACTARY_E_NOMEM
 * (also for a NULL value: a maker had failed). */
int32_t fr_json_print(const fr_json *value, fr_buf *out);
int32_t fr_json_print_pretty(const fr_json *value, fr_buf *out);
/* Appends `text` as a JSON string with its quotes, mended with U+FFFD; null
 * for NULL. */
int32_t fr_json_quote(const char *text, fr_buf *out);

#endif
