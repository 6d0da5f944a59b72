#include "project/config_slips.h"

#include "base/schema_parts.h"
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <string.h>

struct walk {
    const fr_json *schema; /* the whole one, for "$ref" */
    fractary_error *error;
};

/* "#/$defs/handlers" is the only form of a reference that ours has. */
static const fr_json *resolve(const struct walk *walk, const fr_json *schema)
{
    static const char prefix[] = "#/$defs/";
    const char *reference = fr_json_get_string(schema, "$ref");

    if (reference == NULL || !fr_str_starts(reference, prefix))
        return schema;
    return fr_json_at(walk->schema, "$defs", reference + strlen(prefix), (char *)NULL);
}

/* The listed key that `key` probably is, among those that are absent. */
static int32_t find_meant(const fr_json *properties, const fr_json *object, const char *key,
                          const char **meant)
{
    fr_vec absent = {0};
    int32_t status = FRACTARY_OK;

    for (const fr_json *p = fr_json_first(properties); p != NULL && status == FRACTARY_OK;
         p = fr_json_next(p))
        if (fr_json_get(object, fr_json_key(p)) == NULL)
            status = fr_vec_push(&absent, (void *)(uintptr_t)fr_json_key(p));
    *meant = fr_str_nearest(key, (const char *const *)(void *)absent.items, absent.count);
    fr_vec_finish(&absent, NULL);
    return status;
}

static int32_t refuse(const struct walk *walk, const struct fr_schema_place *at, const char *meant)
{
    fr_buf place = {0};

    fr_schema_print_place(at, &place);
    fr_error_set(walk->error, FRACTARY_E_CONFIG, "%s: there is no such key", fr_buf_text(&place));
    fr_error_cause(walk->error, "it would have no effect");
    fr_error_advice(walk->error, "did you mean \"%s\"?", meant);
    fr_error_place(walk->error, "%s", fr_buf_text(&place));
    fr_buf_finish(&place);
    return FRACTARY_E_CONFIG;
}

static int32_t check(const struct walk *walk, const fr_json *schema, const fr_json *value,
                     const struct fr_schema_place *at);

/* The tree has the schema's form by now, so it is no deeper than the schema. */
static int32_t check_member(const struct walk *walk, const fr_json *schema, const fr_json *object,
                            const fr_json *member, const struct fr_schema_place *at)
{
    const fr_json *properties = fr_json_get(schema, "properties");
    const fr_json *known = fr_json_get(properties, fr_json_key(member));
    const fr_json *others = fr_json_get(schema, "additionalProperties");
    const char *meant = NULL;

    if (known != NULL)
        return check(walk, known, member, at);
    if (properties != NULL &&
        find_meant(properties, object, fr_json_key(member), &meant) != FRACTARY_OK)
        return fr_error_nomem(walk->error);
    if (meant != NULL)
        return refuse(walk, at, meant);
    return fr_json_kind_of(others) == FR_JSON_OBJECT ? check(walk, others, member, at)
                                                     : FRACTARY_OK;
}

static int32_t check(const struct walk *walk, const fr_json *schema, const fr_json *value,
                     const struct fr_schema_place *at)
{
    const fr_json *own = resolve(walk, schema);
    struct fr_schema_place inner = {.up = at};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(value) != FR_JSON_OBJECT)
        return FRACTARY_OK;
    for (const fr_json *m = fr_json_first(value); m != NULL && status == FRACTARY_OK;
         m = fr_json_next(m)) {
        inner.key = fr_json_key(m);
        status = check_member(walk, own, value, m, &inner);
    }
    return status;
}

int32_t fr_config_check_slips(const fr_json *schema, const fr_json *tree, fractary_error *error)
{
    const struct walk walk = {schema, error};

    return check(&walk, schema, tree, NULL);
}
