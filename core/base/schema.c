#include "base/schema.h"

#include "base/schema_run.h"
#include <fractary-plugin/str.h>
#include <string.h>

#define STEPS_MAX 2000000u

typedef struct fr_schema_place place;

static int32_t check_value(struct fr_schema_run *run, const place *at, const fr_json *schema,
                           const fr_json *value);

/* --------------------------------------------------------- members and items */

static int32_t check_required(const struct fr_schema_step *step)
{
    if (fr_json_kind_of(step->value) != FR_JSON_OBJECT)
        return FRACTARY_OK;
    for (const fr_json *key = fr_json_first(step->keyword); key != NULL; key = fr_json_next(key)) {
        const char *name = fr_json_string(key);
        if (fr_json_get(step->value, name) != NULL)
            continue;
        fr_schema_refuse(step->run, step->at, NULL, "the key \"%s\" is missing", name);
        const fr_json *part = fr_json_at(step->schema, "properties", name, (char *)NULL);
        const char *description = fr_json_get_string(part, "description");
        if (description != NULL)
            fr_error_advice(step->run->error, "add \"%s\": %s", name, description);
        return FRACTARY_E_CONFIG;
    }
    return FRACTARY_OK;
}

static int32_t check_properties(const struct fr_schema_step *step)
{
    place inner = {.up = step->at};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(step->value) != FR_JSON_OBJECT)
        return FRACTARY_OK;
    for (const fr_json *part = fr_json_first(step->keyword); part != NULL && status == FRACTARY_OK;
         part = fr_json_next(part)) {
        const fr_json *member = fr_json_get(step->value, fr_json_key(part));
        inner.key = fr_json_key(part);
        if (member != NULL)
            status = check_value(step->run, &inner, part, member);
    }
    return status;
}

/* Says which keys there are, the nearest one first. */
static int32_t refuse_key(const struct fr_schema_step *step, const place *at)
{
    const fr_json *properties = fr_json_get(step->schema, "properties");
    fr_buf list = {0};
    fr_vec names = {0};
    int32_t status = FRACTARY_OK;

    for (const fr_json *part = fr_json_first(properties); part != NULL && status == FRACTARY_OK;
         part = fr_json_next(part)) {
        fr_buf_puts(&list, list.length > 0 ? ", " : "");
        fr_buf_puts(&list, fr_json_key(part));
        status = fr_vec_push(&names, (void *)(uintptr_t)fr_json_key(part));
    }
    fr_schema_refuse(step->run, at, NULL, "there is no such key");
    if (list.length > 0)
        fr_error_advice(step->run->error, "keys there are: %s", fr_buf_text(&list));
    fr_schema_advise_nearest(step->run, at->key, &names);
    fr_vec_finish(&names, NULL);
    fr_buf_finish(&list);
    return FRACTARY_E_CONFIG;
}

/* Of the members that `properties` does not name. */
static int32_t check_additional(const struct fr_schema_step *step)
{
    const fr_json *properties = fr_json_get(step->schema, "properties");
    place inner = {.up = step->at};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(step->value) != FR_JSON_OBJECT)
        return FRACTARY_OK;
    for (const fr_json *member = fr_json_first(step->value);
         member != NULL && status == FRACTARY_OK; member = fr_json_next(member)) {
        inner.key = fr_json_key(member);
        if (fr_json_get(properties, inner.key) != NULL)
            continue;
        status = fr_json_bool(step->keyword, 1)
                     ? check_value(step->run, &inner, step->keyword, member)
                     : refuse_key(step, &inner);
    }
    return status;
}

static int32_t check_items(const struct fr_schema_step *step)
{
    place inner = {.up = step->at};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(step->value) != FR_JSON_ARRAY)
        return FRACTARY_OK;
    for (const fr_json *item = fr_json_first(step->value); item != NULL && status == FRACTARY_OK;
         item = fr_json_next(item), inner.index++)
        status = check_value(step->run, &inner, step->keyword, item);
    return status;
}

/* -------------------------------------------------------------- alternatives */

static int32_t check_reference(const struct fr_schema_step *step)
{
    return check_value(step->run, step->at, fr_schema_resolve(step->run->root, step->keyword),
                       step->value);
}

/* Counts the forms that fit. FRACTARY_OK, or an error that is no misfit. */
static int32_t count_fitting(const struct fr_schema_step *step, size_t *fitting)
{
    fractary_error *const error = step->run->error;
    int32_t status = FRACTARY_OK;

    *fitting = 0;
    step->run->error = NULL;
    for (const fr_json *form = fr_json_first(step->keyword);
         form != NULL && (status == FRACTARY_OK || status == FRACTARY_E_CONFIG);
         form = fr_json_next(form)) {
        status = check_value(step->run, step->at, form, step->value);
        *fitting += status == FRACTARY_OK;
    }
    step->run->error = error;
    return status == FRACTARY_E_CONFIG ? FRACTARY_OK : status;
}

/* The type that a form asks for, through one $ref; NULL when it leaves it open. */
static const fr_json *type_of_form(const struct fr_schema_step *step, const fr_json *form)
{
    const fr_json *reference = fr_json_get(form, "$ref");

    if (reference != NULL)
        form = fr_schema_resolve(step->run->root, reference);
    return fr_json_get(form, "type");
}

/* When one form alone has the value's type, what that form objects to is what
 * the user wants to know; otherwise the types that would do. */
static int32_t refuse_forms(const struct fr_schema_step *step)
{
    const fr_json *candidate = NULL;
    size_t candidates = 0;
    size_t untyped = 0;
    fr_buf words = {0};

    for (const fr_json *form = fr_json_first(step->keyword); form != NULL;
         form = fr_json_next(form)) {
        const fr_json *type = type_of_form(step, form);
        untyped += type == NULL;
        if (type != NULL)
            fr_schema_print_types(type, &words);
        if (type == NULL || fr_schema_is_of_types(type, step->value)) {
            candidate = form;
            candidates++;
        }
    }
    int32_t status = FRACTARY_E_CONFIG;
    if (candidates == 1)
        status = check_value(step->run, step->at, candidate, step->value);
    else if (candidates == 0 && untyped == 0)
        fr_schema_refuse(step->run, step->at, step->value, "must be %s", fr_buf_text(&words));
    else
        fr_schema_refuse(step->run, step->at, step->value,
                         "fits none of the forms that are allowed");
    fr_buf_finish(&words);
    return status;
}

static int32_t check_any_of(const struct fr_schema_step *step)
{
    size_t fitting;
    const int32_t status = count_fitting(step, &fitting);

    if (status != FRACTARY_OK || fitting > 0)
        return status;
    return step->run->error != NULL ? refuse_forms(step) : FRACTARY_E_CONFIG;
}

static int32_t check_one_of(const struct fr_schema_step *step)
{
    size_t fitting;
    const int32_t status = count_fitting(step, &fitting);

    if (status != FRACTARY_OK || fitting == 1)
        return status;
    if (fitting > 1)
        return fr_schema_refuse(step->run, step->at, step->value,
                                "fits %zu of the forms where only one may fit", fitting);
    return step->run->error != NULL ? refuse_forms(step) : FRACTARY_E_CONFIG;
}

/* ------------------------------------------------------------------ the whole */

static const struct keyword {
    const char *name;
    int32_t (*check)(const struct fr_schema_step *step);
} keywords[] = {
    {"properties", check_properties},
    {"required", check_required},
    {"additionalProperties", check_additional},
    {"items", check_items},
    {"enum", fr_schema_check_enum},
    {"const", fr_schema_check_const},
    {"pattern", fr_schema_check_pattern},
    {"minimum", fr_schema_check_bound},
    {"maximum", fr_schema_check_bound},
    {"minLength", fr_schema_check_bound},
    {"maxLength", fr_schema_check_bound},
    {"minItems", fr_schema_check_bound},
    {"maxItems", fr_schema_check_bound},
    {"uniqueItems", fr_schema_check_unique},
    {"oneOf", check_one_of},
    {"anyOf", check_any_of},
    {"$ref", check_reference},
};

static int32_t check_keyword(const struct fr_schema_step *step)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (strcmp(keywords[i].name, fr_json_key(step->keyword)) == 0)
            return keywords[i].check(step);
    }
    return FRACTARY_OK; /* an annotation, or the type, which came first */
}

static int32_t check_keywords(struct fr_schema_run *run, const place *at, const fr_json *schema,
                              const fr_json *value)
{
    struct fr_schema_step step = {.run = run, .at = at, .schema = schema, .value = value};
    int32_t status = fr_schema_check_type(&step);

    for (step.keyword = fr_json_first(schema); step.keyword != NULL && status == FRACTARY_OK;
         step.keyword = fr_json_next(step.keyword))
        status = check_keyword(&step);
    return status;
}

static int32_t check_value(struct fr_schema_run *run, const place *at, const fr_json *schema,
                           const fr_json *value)
{
    if (fr_json_kind_of(schema) == FR_JSON_BOOL)
        return fr_json_bool(schema, 1) ? FRACTARY_OK
                                       : fr_schema_refuse(run, at, NULL, "nothing may stand here");
    if (run->steps == 0 || run->depth >= FR_SCHEMA_DEPTH)
        return FRACTARY_E_LIMIT;
    run->steps--;
    run->depth++;
    const int32_t status = check_keywords(run, at, schema, value);
    run->depth--;
    return status;
}

static int32_t check_whole(const fr_json *root, const fr_json *part, const fr_json *value,
                           fractary_error *error)
{
    struct fr_schema_run run = {.root = root, .error = error, .steps = STEPS_MAX};
    const int32_t status = check_value(&run, NULL, part, value);

    fr_vec_finish(&run.patterns, fr_schema_pattern_destroy);
    return status;
}

int32_t fr_schema_fits(const fr_json *root, const fr_json *part, const fr_json *value)
{
    return check_whole(root, part, value, NULL);
}

int32_t fr_schema_check(const fr_json *schema, const fr_json *value, fractary_error *error)
{
    int32_t status = fr_schema_verify(schema, error);

    if (status == FRACTARY_OK)
        status = check_whole(schema, schema, value, error);
    if (status == FRACTARY_E_NOMEM)
        return fr_error_nomem(error);
    if (status == FRACTARY_E_LIMIT) {
        fr_error_set(error, status, "the value cannot be checked against its schema");
        fr_error_cause(error,
                       "it takes more than %u steps or goes more than %d levels deep: "
                       "the value is too large, or the schema refers to itself",
                       STEPS_MAX, FR_SCHEMA_DEPTH);
    }
    return status;
}
