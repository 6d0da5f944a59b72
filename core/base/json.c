#include "base/json_scan.h"

#include <cjson/cJSON.h>
#include <fractary-plugin/str.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------- duplicate keys */

/* Objects of up to this many members are compared pair by pair. */
#define FEW_MEMBERS 8

struct member {
    const cJSON *value;
    size_t index;
};

static int compare_members(const void *a, const void *b)
{
    const struct member *left = a;
    const struct member *right = b;
    const int order = strcmp(left->value->string, right->value->string);

    if (order != 0)
        return order;
    return (left->index > right->index) - (left->index < right->index);
}

static const cJSON *repeated_of_few(const cJSON *object)
{
    for (const cJSON *later = object->child; later != NULL; later = later->next) {
        for (const cJSON *earlier = object->child; earlier != later; earlier = earlier->next) {
            if (strcmp(earlier->string, later->string) == 0)
                return later;
        }
    }
    return NULL;
}

static int32_t repeated_of_many(const cJSON *object, size_t count, const cJSON **found)
{
    struct member *members = calloc(count, sizeof *members);
    size_t i = 0;
    size_t first = count;

    if (members == NULL)
        return FRACTARY_E_NOMEM;
    for (const cJSON *child = object->child; child != NULL; child = child->next, i++)
        members[i] = (struct member){child, i};
    qsort(members, count, sizeof *members, compare_members);
    for (i = 1; i < count; i++) {
        if (strcmp(members[i - 1].value->string, members[i].value->string) == 0 &&
            members[i].index < first) {
            first = members[i].index;
            *found = members[i].value;
        }
    }
    free(members);
    return FRACTARY_OK;
}

/* Finds the first member whose key an earlier one of the same object has. */
static int32_t find_repeated(const cJSON *value, const cJSON **found)
{
    int32_t status = FRACTARY_OK;

    if (cJSON_IsObject(value)) {
        const size_t count = fr_json_count(value);
        if (count <= FEW_MEMBERS)
            *found = repeated_of_few(value);
        else
            status = repeated_of_many(value, count, found);
    }
    for (const cJSON *child = value->child;
         child != NULL && status == FRACTARY_OK && *found == NULL; child = child->next) {
        if (child->child != NULL)
            status = find_repeated(child, found);
    }
    return status;
}

/* Counts the keys that stand before `member` in the text; non-zero when it was
 * met. */
static int count_keys(const cJSON *value, const cJSON *member, size_t *keys)
{
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        if (child == member)
            return 1;
        if (cJSON_IsObject(value))
            (*keys)++;
        if (count_keys(child, member, keys))
            return 1;
    }
    return 0;
}

/* ------------------------------------------------------------------ parsing */

static int32_t refuse_repeated(const cJSON *root, const char *text, size_t length,
                               fr_json_fault *fault)
{
    const cJSON *repeated = NULL;
    size_t keys = 0;
    const int32_t status = find_repeated(root, &repeated);

    if (status != FRACTARY_OK || repeated == NULL)
        return status;
    count_keys(root, repeated, &keys);
    fr_json_locate_key(text, length, keys, fault);
    const int shown = (int)fr_str_fit(repeated->string, 80);
    snprintf(fault->reason, sizeof fault->reason, "the key \"%.*s\" is there twice",
             shown <= 100 ? shown : 100, repeated->string);
    return FRACTARY_E_INVALID;
}

static int32_t parse(const char *text, size_t length, cJSON **root, fr_json_fault *fault)
{
    fr_buf rewritten = {0};
    int32_t status = fr_json_scan(text, length, &rewritten, fault);

    if (status == FRACTARY_OK) {
        *root = rewritten.length > 0 ? cJSON_ParseWithLength(rewritten.data, rewritten.length)
                                     : cJSON_ParseWithLength(text, length);
        status = *root != NULL ? refuse_repeated(*root, text, length, fault) : FRACTARY_E_NOMEM;
    }
    fr_buf_finish(&rewritten);
    return status;
}

fr_json *fr_json_parse(const char *text, size_t length, fr_json_fault *fault)
{
    fr_json_fault unseen;
    cJSON *root = NULL;

    if (fault == NULL)
        fault = &unseen;
    *fault = (fr_json_fault){0};
    const int32_t status = parse(text != NULL ? text : "", text != NULL ? length : 0, &root, fault);
    if (status == FRACTARY_OK)
        return root;
    if (status == FRACTARY_E_NOMEM)
        *fault = (fr_json_fault){.reason = "memory is exhausted"};
    cJSON_Delete(root);
    return NULL;
}

void fr_json_free(fr_json *root)
{
    cJSON_Delete(root);
}

fr_json *fr_json_copy(const fr_json *value)
{
    return cJSON_Duplicate(value, 1);
}

/* ------------------------------------------------------------------ reading */

fr_json_kind fr_json_kind_of(const fr_json *value)
{
    static const struct {
        int type;
        fr_json_kind kind;
    } kinds[] = {
        {cJSON_NULL, FR_JSON_NULL},     {cJSON_True, FR_JSON_BOOL},
        {cJSON_False, FR_JSON_BOOL},    {cJSON_Number, FR_JSON_NUMBER},
        {cJSON_String, FR_JSON_STRING}, {cJSON_Array, FR_JSON_ARRAY},
        {cJSON_Object, FR_JSON_OBJECT},
    };

    for (size_t i = 0; value != NULL && i < sizeof kinds / sizeof *kinds; i++) {
        if ((value->type & 0xFF) == kinds[i].type)
            return kinds[i].kind;
    }
    return FR_JSON_ABSENT;
}

fr_json *fr_json_get(const fr_json *object, const char *key)
{
    if (!cJSON_IsObject(object) || key == NULL)
        return NULL;
    for (cJSON *child = object->child; child != NULL; child = child->next) {
        if (strcmp(child->string, key) == 0)
            return child;
    }
    return NULL;
}

fr_json *fr_json_at(const fr_json *object, ...)
{
    va_list keys;
    const char *key;
    fr_json *value = NULL;

    va_start(keys, object);
    while ((key = va_arg(keys, const char *)) != NULL) {
        value = fr_json_get(object, key);
        object = value;
    }
    va_end(keys);
    return value;
}

const char *fr_json_string(const fr_json *value)
{
    return cJSON_IsString(value) ? value->valuestring : NULL;
}

const char *fr_json_get_string(const fr_json *object, const char *key)
{
    return fr_json_string(fr_json_get(object, key));
}

/* Reads only what the parser and fr_json_new_int() have made of an integer
 * that no double holds; other texts of digits are texts. */
static int64_t read_large(const char *digits, int64_t fallback)
{
    uint64_t size;
    const int negative = *digits == '-';

    digits += negative;
    if (*digits == '0' || !fr_str_to_u64(digits, &size) || size <= (uint64_t)FR_JSON_INTEGER_MAX)
        return fallback;
    if (negative && size == (uint64_t)INT64_MAX + 1)
        return INT64_MIN;
    if (size > (uint64_t)INT64_MAX)
        return fallback;
    return negative ? -(int64_t)size : (int64_t)size;
}

int64_t fr_json_get_int(const fr_json *object, const char *key, int64_t fallback)
{
    const fr_json *value = fr_json_get(object, key);

    if (cJSON_IsString(value))
        return read_large(value->valuestring, fallback);
    if (!cJSON_IsNumber(value) || value->valuedouble != floor(value->valuedouble) ||
        fabs(value->valuedouble) > (double)FR_JSON_INTEGER_MAX)
        return fallback;
    return (int64_t)value->valuedouble;
}

double fr_json_number(const fr_json *value, double fallback)
{
    return cJSON_IsNumber(value) ? value->valuedouble : fallback;
}

int fr_json_bool(const fr_json *value, int fallback)
{
    return cJSON_IsBool(value) ? cJSON_IsTrue(value) : fallback;
}

int fr_json_get_bool(const fr_json *object, const char *key, int fallback)
{
    return fr_json_bool(fr_json_get(object, key), fallback);
}

int fr_json_is_true(const fr_json *object, const char *key)
{
    return fr_json_get_bool(object, key, 0);
}

fr_json *fr_json_first(const fr_json *container)
{
    return container != NULL ? container->child : NULL;
}

fr_json *fr_json_next(const fr_json *value)
{
    return value != NULL ? value->next : NULL;
}

const char *fr_json_key(const fr_json *member)
{
    return member != NULL ? member->string : NULL;
}

size_t fr_json_count(const fr_json *container)
{
    size_t count = 0;

    for (const fr_json *child = fr_json_first(container); child != NULL; child = child->next)
        count++;
    return count;
}

/* Looks at the member in the same position first, so that objects made alike
 * are compared in linear time. */
static int equal_objects(const fr_json *a, const fr_json *b)
{
    const fr_json *guess = b->child;

    if (fr_json_count(a) != fr_json_count(b))
        return 0;
    for (const fr_json *child = a->child; child != NULL; child = child->next) {
        const fr_json *other =
            strcmp(child->string, guess->string) == 0 ? guess : fr_json_get(b, child->string);
        if (other == NULL || !fr_json_equal(child, other))
            return 0;
        guess = guess->next;
    }
    return 1;
}

static int equal_arrays(const fr_json *a, const fr_json *b)
{
    a = a->child;
    b = b->child;
    while (a != NULL && b != NULL && fr_json_equal(a, b)) {
        a = a->next;
        b = b->next;
    }
    return a == NULL && b == NULL;
}

int fr_json_equal(const fr_json *a, const fr_json *b)
{
    const fr_json_kind kind = fr_json_kind_of(a);

    if (kind != fr_json_kind_of(b))
        return 0;
    switch (kind) {
    case FR_JSON_BOOL:
        return cJSON_IsTrue(a) == cJSON_IsTrue(b);
    case FR_JSON_NUMBER:
        return a->valuedouble == b->valuedouble;
    case FR_JSON_STRING:
        return strcmp(a->valuestring, b->valuestring) == 0;
    case FR_JSON_ARRAY:
        return equal_arrays(a, b);
    case FR_JSON_OBJECT:
        return equal_objects(a, b);
    case FR_JSON_ABSENT:
    case FR_JSON_NULL:
    default:
        return 1;
    }
}
