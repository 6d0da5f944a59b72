#include "base/json_scan.h"

#include <cjson/cJSON.h>
#include <fractary-plugin/str.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cJSON frees with free() what stands in a node, because nobody here ever
 * calls cJSON_InitHooks(). */

/* A copy that is well-formed UTF-8, for the caller to free(). */
static char *mend(const char *text)
{
    fr_buf mended = {0};
    size_t left = strlen(text);

    if (fr_str_is_utf8(text, left))
        return fr_str_dup(text);
    while (left > 0) {
        const size_t good = fr_str_utf8_next(text, left, NULL);
        const size_t bytes = good > 0 ? good : 1;
        fr_buf_append(&mended, good > 0 ? text : "\xEF\xBF\xBD", good > 0 ? good : 3);
        text += bytes;
        left -= bytes;
    }
    return fr_buf_steal(&mended);
}

/* ------------------------------------------------------------------- makers */

fr_json *fr_json_object(void)
{
    return cJSON_CreateObject();
}

fr_json *fr_json_array(void)
{
    return cJSON_CreateArray();
}

fr_json *fr_json_new_string(const char *text)
{
    if (text == NULL)
        return cJSON_CreateNull();
    if (fr_str_is_utf8(text, strlen(text)))
        return cJSON_CreateString(text);
    char *mended = mend(text);
    fr_json *value = mended != NULL ? cJSON_CreateString(mended) : NULL;
    free(mended);
    return value;
}

fr_json *fr_json_new_int(int64_t number)
{
    char digits[24];

    if (number >= -FR_JSON_INTEGER_MAX && number <= FR_JSON_INTEGER_MAX)
        return cJSON_CreateNumber((double)number);
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    return cJSON_CreateString(digits);
}

fr_json *fr_json_new_number(double number)
{
    return isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull();
}

fr_json *fr_json_new_bool(int value)
{
    return cJSON_CreateBool(value != 0);
}

fr_json *fr_json_new_null(void)
{
    return cJSON_CreateNull();
}

/* ------------------------------------------------------------------ setters */

/* Gives `value` its key and puts it in the place of `old`, or at the end where
 * that is NULL. Takes `value` over. */
static int32_t put(fr_json *object, fr_json *old, const char *key, fr_json *value)
{
    char *name = mend(key);

    if (name == NULL) {
        cJSON_Delete(value);
        return FRACTARY_E_NOMEM;
    }
    free(value->string);
    value->string = name;
    value->type &= ~cJSON_StringIsConst;
    if (old != NULL)
        cJSON_ReplaceItemViaPointer(object, old, value);
    else
        cJSON_AddItemToArray(object, value); /* the same list in an object */
    return FRACTARY_OK;
}

int32_t fr_json_set(fr_json *object, const char *key, fr_json *value)
{
    if (object == NULL || value == NULL) {
        cJSON_Delete(value);
        return FRACTARY_E_NOMEM;
    }
    if (!cJSON_IsObject(object) || key == NULL || value == object) {
        if (value != object)
            cJSON_Delete(value);
        return FRACTARY_E_INVALID;
    }
    fr_json *old = fr_json_get(object, key);
    return old == value ? FRACTARY_OK : put(object, old, key, value);
}

int32_t fr_json_set_string(fr_json *object, const char *key, const char *text)
{
    return fr_json_set(object, key, fr_json_new_string(text));
}

int32_t fr_json_set_int(fr_json *object, const char *key, int64_t number)
{
    return fr_json_set(object, key, fr_json_new_int(number));
}

int32_t fr_json_set_bool(fr_json *object, const char *key, int value)
{
    return fr_json_set(object, key, fr_json_new_bool(value));
}

int32_t fr_json_add(fr_json *array, fr_json *value)
{
    if (array == NULL || value == NULL) {
        cJSON_Delete(value);
        return FRACTARY_E_NOMEM;
    }
    if (!cJSON_IsArray(array)) {
        cJSON_Delete(value);
        return FRACTARY_E_INVALID;
    }
    /* A value that was taken out of an object still has its key. */
    free(value->string);
    value->string = NULL;
    cJSON_AddItemToArray(array, value);
    return FRACTARY_OK;
}

int32_t fr_json_add_string(fr_json *array, const char *text)
{
    return fr_json_add(array, fr_json_new_string(text));
}

fr_json *fr_json_take(fr_json *object, const char *key)
{
    fr_json *member = fr_json_get(object, key);

    return member != NULL ? cJSON_DetachItemViaPointer(object, member) : NULL;
}

/* -------------------------------------------------------------- merge patch */

/* The member that is to be merged into: an object, made where there is none. */
static fr_json *object_at(fr_json *target, const char *key)
{
    fr_json *member = fr_json_get(target, key);

    if (cJSON_IsObject(member))
        return member;
    member = fr_json_object();
    return fr_json_set(target, key, member) == FRACTARY_OK ? member : NULL;
}

static int32_t merge_member(fr_json *target, const fr_json *patch)
{
    if (cJSON_IsNull(patch)) {
        fr_json_free(fr_json_take(target, patch->string));
        return FRACTARY_OK;
    }
    if (!cJSON_IsObject(patch))
        return fr_json_set(target, patch->string, fr_json_copy(patch));
    fr_json *member = object_at(target, patch->string);
    return member != NULL ? fr_json_merge(member, patch) : FRACTARY_E_NOMEM;
}

int32_t fr_json_merge(fr_json *target, const fr_json *patch)
{
    int32_t status = FRACTARY_OK;

    if (!cJSON_IsObject(target) || !cJSON_IsObject(patch))
        return FRACTARY_E_INVALID;
    for (const fr_json *member = patch->child; member != NULL && status == FRACTARY_OK;
         member = member->next)
        status = merge_member(target, member);
    return status;
}
