#include "facts.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_LENGTH 96

/* --------------------------------------------------------------------- ARNs */

int fr_aws_arn_part(const char *arn, unsigned index, char *out, size_t capacity)
{
    if (arn == NULL || !fr_str_starts(arn, "arn:"))
        return 0;
    for (unsigned i = 0; i < index; i++) {
        arn = strchr(arn, ':');
        if (arn == NULL)
            return 0;
        arn++;
    }
    const size_t length = strcspn(arn, ":");
    if (length == 0 || length >= capacity)
        return 0;
    memcpy(out, arn, length);
    out[length] = '\0';
    return 1;
}

static int is_arn(const char *text)
{
    return fr_str_starts(text, "arn:");
}

const char *fr_aws_facts_arn(const fr_aws_facts *facts)
{
    const fractary_resource *r = facts->resource;

    if (is_arn(r->arn))
        return r->arn;
    const char *attribute = fr_json_get_string(facts->attributes, "arn");
    if (is_arn(attribute))
        return attribute;
    return is_arn(r->id) ? r->id : NULL;
}

/* -------------------------------------------------------------------- region */

static int is_region(const char *text)
{
    return text != NULL && *text != '\0' && !fr_str_equal(text, "global");
}

static const char *find_region(fr_aws_facts *facts, const char *fallback)
{
    const char *attribute = fr_json_get_string(facts->attributes, "region");

    if (is_region(attribute))
        return attribute;
    if (is_region(facts->resource->region))
        return facts->resource->region;
    if (fr_aws_arn_part(fr_aws_facts_arn(facts), 3, facts->region_text, sizeof facts->region_text))
        return facts->region_text;
    facts->region_assumed = is_region(fallback);
    return facts->region_assumed ? fallback : NULL;
}

void fr_aws_facts_init(fr_aws_facts *facts, const fractary_resource *resource, const char *fallback)
{
    const char *text = resource->attributes;

    *facts = (fr_aws_facts){.resource = resource};
    if (text != NULL)
        facts->attributes = fr_json_parse(text, strlen(text), NULL);
    facts->region = find_region(facts, fallback);
    facts->partition = fr_aws_partition_of(facts->region);
}

void fr_aws_facts_finish(fr_aws_facts *facts)
{
    fr_json_free(facts->attributes);
    facts->attributes = NULL;
}

/* -------------------------------------------------------------------- values */

static const fr_json *element(const fr_json *array, const char *index)
{
    uint64_t left;
    const fr_json *e = fr_json_first(array);

    if (!fr_str_to_u64(index, &left))
        return NULL;
    for (; e != NULL && left > 0; left--)
        e = fr_json_next(e);
    return e;
}

/* Down the dots of `name`, which is cut to pieces. */
static const fr_json *descend(const fr_json *from, char *name)
{
    while (from != NULL && name != NULL) {
        char *dot = strchr(name, '.');
        if (dot != NULL)
            *dot++ = '\0';
        from =
            fr_json_kind_of(from) == FR_JSON_ARRAY ? element(from, name) : fr_json_get(from, name);
        name = dot;
    }
    return from;
}

static int put_text(const char *text, fr_buf *out)
{
    if (text == NULL || *text == '\0')
        return 0;
    fr_buf_puts(out, text);
    return 1;
}

static int put_value(const fr_json *value, fr_buf *out)
{
    switch (fr_json_kind_of(value)) {
    case FR_JSON_STRING:
        return put_text(fr_json_string(value), out);
    case FR_JSON_BOOL:
    case FR_JSON_NUMBER:
        return fr_json_print(value, out) == FRACTARY_OK;
    case FR_JSON_ABSENT:
    case FR_JSON_NULL:
    case FR_JSON_ARRAY:
    case FR_JSON_OBJECT:
        break;
    }
    return 0;
}

static int put_own(const fr_aws_facts *facts, const char *name, fr_buf *out)
{
    const fractary_resource *r = facts->resource;
    const struct {
        const char *name, *value;
    } own[] = {{"id", r->id}, {"arn", r->arn}, {"name", r->name}, {"account", r->account}};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, name) == 0)
            return put_text(own[i].value, out);
    return 0;
}

int fr_aws_facts_put(const fr_aws_facts *facts, const char *name, size_t length, fr_buf *out)
{
    char whole[NAME_MAX_LENGTH], pieces[NAME_MAX_LENGTH];

    if (length >= sizeof whole)
        return 0;
    snprintf(whole, sizeof whole, "%.*s", (int)length, name);
    if (strcmp(whole, "region") == 0)
        return put_text(facts->region, out);
    if (strcmp(whole, "partition") == 0)
        return put_text(facts->partition->name, out);
    if (strcmp(whole, "console") == 0)
        return put_text(facts->partition->console, out);
    memcpy(pieces, whole, length + 1);
    return put_value(descend(facts->attributes, pieces), out) || put_own(facts, whole, out);
}
