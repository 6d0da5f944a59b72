#include "project/tag_query.h"

#include "project/code_text.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------- the question */

static void want(fr_tag_query *q, const char *name, const char *value)
{
    q->unknown |= fr_json_set_string(q->wanted, name, value) != FRACTARY_OK;
}

static void want_pair(fr_tag_query *q, const fr_code_pair *pair)
{
    fr_buf value = {0};
    char *name = NULL;

    if (pair->key.kind == FR_HCL_STRING && pair->key.length > 2)
        name = fr_str_ndup(pair->key.text + 1, pair->key.length - 2);
    else if (pair->key.kind == FR_HCL_NAME)
        name = fr_str_ndup(pair->key.text, pair->key.length);
    if (name != NULL && pair->value.kind == FR_HCL_STRING &&
        fr_hcl_literal(pair->value.text, pair->value.length, &value))
        want(q, name, fr_buf_text(&value));
    else
        q->unknown = 1;
    fr_buf_finish(&value);
    free(name);
}

static void want_object(fr_tag_query *q, const fr_hcl_attribute *object)
{
    fr_buf pairs = {0};

    if (object == NULL)
        return;
    q->unknown |= fr_code_pairs(object, &pairs) != FRACTARY_OK || object->text[0] != '{';
    const fr_code_pair *pair = (const fr_code_pair *)(const void *)pairs.data;
    for (size_t i = 0; i < pairs.length / sizeof *pair; i++)
        want_pair(q, &pair[i]);
    fr_buf_finish(&pairs);
}

/* ["one"] and no other form. */
static int single_value(const fr_hcl_attribute *list, fr_buf *out)
{
    const char *at = list->text;
    const char *end = at + list->length;
    const fr_hcl_token open = fr_hcl_token_next(&at, end);
    const fr_hcl_token value = fr_hcl_token_next(&at, end);
    fr_hcl_token close = fr_hcl_token_next(&at, end);

    if (fr_hcl_token_is(&close, ","))
        close = fr_hcl_token_next(&at, end);
    return fr_hcl_token_is(&open, "[") && fr_hcl_token_is(&close, "]") &&
           value.kind == FR_HCL_STRING && fr_hcl_literal(value.text, value.length, out);
}

static void want_filter(fr_tag_query *q, const fr_hcl_block *filter)
{
    const fr_hcl_attribute *values = fr_hcl_attribute_of(filter, "values");
    fr_buf value = {0};
    char *name = NULL;

    q->unknown |= fr_hcl_literal_of(filter, "name", &name) != FRACTARY_OK;
    if (name != NULL && fr_str_starts(name, "tag:")) {
        if (values != NULL && single_value(values, &value))
            want(q, name + strlen("tag:"), fr_buf_text(&value));
        else
            q->unknown = 1;
    }
    fr_buf_finish(&value);
    free(name);
}

int32_t fr_tag_query_init(fr_tag_query *q, const fr_hcl_block *data)
{
    const fr_hcl_block *filter = fr_hcl_find(data, "filter", NULL);

    *q = (fr_tag_query){.type = data->labels[0], .wanted = fr_json_object()};
    if (q->wanted == NULL)
        return FRACTARY_E_NOMEM;
    want_object(q, fr_hcl_attribute_of(data, "tags"));
    for (; filter != NULL; filter = fr_hcl_next(filter))
        want_filter(q, filter);
    return FRACTARY_OK;
}

void fr_tag_query_finish(fr_tag_query *q)
{
    fr_json_free(q->wanted);
    *q = (fr_tag_query){0};
}

void fr_tag_query_describe(const fr_tag_query *q, fr_buf *out)
{
    const fr_json *tag = q->unknown ? NULL : fr_json_first(q->wanted);

    for (const char *before = "tag"; tag != NULL; tag = fr_json_next(tag), before = ",")
        fr_buf_printf(out, "%s %s=%s", before, fr_json_key(tag), fr_json_string(tag));
}

/* --------------------------------------------------------------------- the answer */

/* "aws_subnets" and "aws_subnet_ids" look for an "aws_subnet". */
static int looks_for(const char *data, const char *resource)
{
    static const char *const endings[] = {"", "s", "_ids"};
    const size_t length = strlen(resource);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (strncmp(data, resource, length) == 0 && fr_str_equal(data + length, endings[i]))
            return 1;
    }
    return 0;
}

/* What is written with escapes is looked for the long way. */
static int mentions(const fr_hcl_attribute *attribute, const char *text)
{
    return strpbrk(text, "\"\\\n\r\t$%") != NULL ||
           memmem(attribute->text, attribute->length, text, strlen(text)) != NULL;
}

/* Most have neither the name nor the value anywhere. */
static int has_tag(const fr_hcl_attribute *attribute, const fr_json *tag)
{
    fr_buf pairs = {0};
    int found = 0;

    if (!mentions(attribute, fr_json_key(tag)) || !mentions(attribute, fr_json_string(tag)) ||
        fr_code_pairs(attribute, &pairs) != FRACTARY_OK)
        return 0;
    const fr_code_pair *pair = (const fr_code_pair *)(const void *)pairs.data;
    for (size_t i = 0; i < pairs.length / sizeof *pair && !found; i++) {
        fr_buf value = {0};
        found = fr_code_pair_is(&pair[i], fr_json_key(tag)) &&
                pair[i].value.kind == FR_HCL_STRING &&
                fr_hcl_literal(pair[i].value.text, pair[i].value.length, &value) &&
                fr_str_equal(fr_buf_text(&value), fr_json_string(tag));
        fr_buf_finish(&value);
    }
    fr_buf_finish(&pairs);
    return found;
}

int fr_tag_query_fits(const fr_tag_query *q, const fr_hcl_block *resource)
{
    const fr_hcl_attribute *attribute = fr_hcl_attribute_of(resource, "tags");
    const fr_json *tag = fr_json_first(q->wanted);

    if (q->unknown || tag == NULL || attribute == NULL || resource->labels[0] == NULL ||
        !looks_for(q->type, resource->labels[0]))
        return 0;
    while (tag != NULL && has_tag(attribute, tag))
        tag = fr_json_next(tag);
    return tag == NULL;
}
