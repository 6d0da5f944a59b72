#include "base/schema.h"

#include "base/schema_parts.h"

/* Twice as deep as a text may be, because a $ref takes a level, too. */
#define FILL_DEPTH 128

struct fill {
    const fr_json *root;
    unsigned depth;
};

static int32_t fill_value(struct fill *fill, const fr_json *schema, fr_json *value);

static int32_t fill_member(struct fill *fill, const fr_json *part, fr_json *object)
{
    const fr_json *preset = fr_json_get(part, "default");

    if (fr_json_get(object, fr_json_key(part)) == NULL && preset != NULL) {
        const int32_t status = fr_json_set(object, fr_json_key(part), fr_json_copy(preset));
        if (status != FRACTARY_OK)
            return status;
    }
    return fill_value(fill, part, fr_json_get(object, fr_json_key(part)));
}

static int32_t fill_object(struct fill *fill, const fr_json *schema, fr_json *object)
{
    const fr_json *properties = fr_json_get(schema, "properties");
    const fr_json *additional = fr_json_get(schema, "additionalProperties");
    int32_t status = FRACTARY_OK;

    for (const fr_json *part = fr_json_first(properties); part != NULL && status == FRACTARY_OK;
         part = fr_json_next(part))
        status = fill_member(fill, part, object);
    for (fr_json *member = fr_json_first(object);
         additional != NULL && member != NULL && status == FRACTARY_OK;
         member = fr_json_next(member)) {
        if (fr_json_get(properties, fr_json_key(member)) == NULL)
            status = fill_value(fill, additional, member);
    }
    return status;
}

static int32_t fill_array(struct fill *fill, const fr_json *schema, fr_json *array)
{
    const fr_json *items = fr_json_get(schema, "items");
    int32_t status = FRACTARY_OK;

    for (fr_json *item = fr_json_first(array);
         items != NULL && item != NULL && status == FRACTARY_OK; item = fr_json_next(item))
        status = fill_value(fill, items, item);
    return status;
}

static int32_t fill_first_fitting(struct fill *fill, const fr_json *forms, fr_json *value)
{
    for (const fr_json *form = fr_json_first(forms); form != NULL; form = fr_json_next(form)) {
        const int32_t status = fr_schema_fits(fill->root, form, value);
        if (status == FRACTARY_OK)
            return fill_value(fill, form, value);
        if (status != FRACTARY_E_CONFIG)
            return status;
    }
    return FRACTARY_OK;
}

/* All parts of `schema` that speak of the same value. */
static int32_t fill_parts(struct fill *fill, const fr_json *schema, fr_json *value)
{
    const fr_json *reference = fr_json_get(schema, "$ref");
    int32_t status = FRACTARY_OK;

    if (reference != NULL)
        status = fill_value(fill, fr_schema_resolve(fill->root, reference), value);
    if (status == FRACTARY_OK && fr_json_kind_of(value) == FR_JSON_OBJECT)
        status = fill_object(fill, schema, value);
    if (status == FRACTARY_OK && fr_json_kind_of(value) == FR_JSON_ARRAY)
        status = fill_array(fill, schema, value);
    if (status == FRACTARY_OK)
        status = fill_first_fitting(fill, fr_json_get(schema, "oneOf"), value);
    if (status == FRACTARY_OK)
        status = fill_first_fitting(fill, fr_json_get(schema, "anyOf"), value);
    return status;
}

static int32_t fill_value(struct fill *fill, const fr_json *schema, fr_json *value)
{
    if (value == NULL)
        return FRACTARY_OK;
    if (fill->depth >= FILL_DEPTH)
        return FRACTARY_E_LIMIT;
    fill->depth++;
    const int32_t status = fill_parts(fill, schema, value);
    fill->depth--;
    return status;
}

int32_t fr_schema_fill(const fr_json *schema, fr_json *value)
{
    struct fill fill = {.root = schema};

    return fill_value(&fill, schema, value);
}
