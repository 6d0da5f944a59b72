#include "plugin/shape.h"

#include <string.h>

#define NAME_MAX_LENGTH 64

/* In the order of fr_json_kind. */
static const char *const kind_names[] = {"nothing",  "null",     "true or false", "a number",
                                         "a string", "an array", "an object"};

const char *fr_shape_kind_name(fr_json_kind kind)
{
    return kind_names[kind];
}

static int32_t wrong(fractary_error *error, const char *place, const char *key,
                     const char *expected, fr_json_kind found)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "\"%s\" must be %s, found %s", key, expected,
                 fr_shape_kind_name(found));
    fr_error_place(error, "%s%s%s", place, *place != '\0' ? "." : "", key);
    return FRACTARY_E_CONFIG;
}

static int32_t absent(fractary_error *error, const char *place, const char *key)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "\"%s\" is missing", key);
    fr_error_place(error, "%s%s%s", place, *place != '\0' ? "." : "", key);
    return FRACTARY_E_CONFIG;
}

/* True for texts that are neither empty nor endless, and for all else. */
static int fits_element(const fr_json *element)
{
    const char *text = fr_json_string(element);

    return text == NULL || (*text != '\0' && strlen(text) <= FR_SHAPE_TEXT);
}

static int32_t check_elements(const fr_json *array, const char *place, const fr_shape *row,
                              fractary_error *error)
{
    if (fr_json_count(array) > FR_SHAPE_ELEMENTS)
        return wrong(error, place, row->key, "an array of at most 128 elements", FR_JSON_ARRAY);
    for (const fr_json *item = fr_json_first(array); item != NULL; item = fr_json_next(item)) {
        const fr_json_kind found = fr_json_kind_of(item);
        if (found != row->items) {
            fr_error_set(error, FRACTARY_E_CONFIG, "each element of \"%s\" must be %s, found %s",
                         row->key, fr_shape_kind_name(row->items), fr_shape_kind_name(found));
            fr_error_place(error, "%s%s%s", place, *place != '\0' ? "." : "", row->key);
            return FRACTARY_E_CONFIG;
        }
        if (!fits_element(item))
            return wrong(error, place, row->key, "an array of texts that are not empty", found);
    }
    return FRACTARY_OK;
}

static int32_t check_row(const fr_json *object, const char *place, const fr_shape *row,
                         fractary_error *error)
{
    const fr_json *member = fr_json_get(object, row->key);
    const fr_json_kind found = fr_json_kind_of(member);

    if (found == FR_JSON_ABSENT)
        return row->required ? absent(error, place, row->key) : FRACTARY_OK;
    if (found != row->kind)
        return wrong(error, place, row->key, fr_shape_kind_name(row->kind), found);
    if (found == FR_JSON_ARRAY && row->items != FR_JSON_ABSENT)
        return check_elements(member, place, row, error);
    return FRACTARY_OK;
}

int32_t fr_shape_check(const fr_json *object, const char *place, const fr_shape *rows, size_t count,
                       fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < count && status == FRACTARY_OK; i++)
        status = check_row(object, place, &rows[i], error);
    return status;
}

int fr_shape_is_name(const char *text, const char *also)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const size_t length = strlen(text);

    if (length == 0 || length > NAME_MAX_LENGTH || strchr(plain, text[0]) == NULL)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '-' && strchr(plain, text[i]) == NULL && strchr(also, text[i]) == NULL)
            return 0;
    }
    return 1;
}
