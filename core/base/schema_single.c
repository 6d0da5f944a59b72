#include "base/schema_run.h"

#include <fractary-plugin/str.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

int32_t fr_schema_check_enum(const struct fr_schema_step *step)
{
    fr_buf allowed = {0};
    fr_vec words = {0};

    for (const fr_json *one = fr_json_first(step->keyword); one != NULL; one = fr_json_next(one)) {
        if (fr_json_equal(one, step->value))
            return FRACTARY_OK;
    }
    if (step->run->error == NULL)
        return FRACTARY_E_CONFIG;
    int32_t status = FRACTARY_OK;
    for (fr_json *one = fr_json_first(step->keyword); one != NULL && status == FRACTARY_OK;
         one = fr_json_next(one)) {
        fr_buf_puts(&allowed, allowed.length > 0 ? ", " : "");
        fr_json_print(one, &allowed);
        if (fr_json_string(one) != NULL)
            status = fr_vec_push(&words, (void *)(uintptr_t)fr_json_string(one));
    }
    fr_schema_refuse(step->run, step->at, step->value, "must be %s%s",
                     fr_json_count(step->keyword) > 1 ? "one of " : "", fr_buf_text(&allowed));
    fr_schema_advise_nearest(step->run, fr_json_string(step->value), &words);
    fr_vec_finish(&words, NULL);
    fr_buf_finish(&allowed);
    return FRACTARY_E_CONFIG;
}

int32_t fr_schema_check_const(const struct fr_schema_step *step)
{
    fr_buf wanted = {0};

    if (fr_json_equal(step->keyword, step->value))
        return FRACTARY_OK;
    fr_schema_print_found(step->keyword, &wanted);
    fr_schema_refuse(step->run, step->at, step->value, "must be %s", fr_buf_text(&wanted));
    fr_buf_finish(&wanted);
    return FRACTARY_E_CONFIG;
}

static double count_characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return (double)count;
}

/* The keywords that set a bound, and what of which kind they bound. */
static const struct bound {
    const char *keyword;
    fr_json_kind kind;
    int upper;
    const char *words;
    const char *unit;
} bounds[] = {
    {"minimum", FR_JSON_NUMBER, 0, "must be at least", ""},
    {"maximum", FR_JSON_NUMBER, 1, "must be at most", ""},
    {"minLength", FR_JSON_STRING, 0, "must have at least", " character"},
    {"maxLength", FR_JSON_STRING, 1, "must have at most", " character"},
    {"minItems", FR_JSON_ARRAY, 0, "must have at least", " item"},
    {"maxItems", FR_JSON_ARRAY, 1, "must have at most", " item"},
};

static const struct bound *find_bound(const fr_json *keyword)
{
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        if (strcmp(bounds[i].keyword, fr_json_key(keyword)) == 0)
            return &bounds[i];
    }
    return NULL;
}

static double measure(const fr_json *value)
{
    if (fr_json_kind_of(value) == FR_JSON_STRING)
        return count_characters(fr_json_string(value));
    if (fr_json_kind_of(value) == FR_JSON_ARRAY)
        return (double)fr_json_count(value);
    return fr_json_number(value, 0);
}

int32_t fr_schema_check_bound(const struct fr_schema_step *step)
{
    const struct bound *bound = find_bound(step->keyword);
    const double limit = fr_json_number(step->keyword, 0);

    if (bound == NULL || fr_json_kind_of(step->value) != bound->kind)
        return FRACTARY_OK;
    const double size = measure(step->value);
    if (bound->upper ? size <= limit : size >= limit)
        return FRACTARY_OK;
    fr_buf shown = {0};
    fr_json_print(step->keyword, &shown);
    fr_buf_puts(&shown, bound->unit);
    fr_buf_puts(&shown, *bound->unit != '\0' && limit != 1 ? "s" : "");
    if (*bound->unit != '\0')
        fr_buf_printf(&shown, ", found %.0f", size);
    fr_schema_refuse(step->run, step->at, *bound->unit != '\0' ? NULL : step->value, "%s %s",
                     bound->words, fr_buf_text(&shown));
    fr_buf_finish(&shown);
    return FRACTARY_E_CONFIG;
}

int32_t fr_schema_check_unique(const struct fr_schema_step *step)
{
    size_t later = 0;

    if (!fr_json_bool(step->keyword, 0) || fr_json_kind_of(step->value) != FR_JSON_ARRAY)
        return FRACTARY_OK;
    for (const fr_json *b = fr_json_first(step->value); b != NULL; b = fr_json_next(b), later++) {
        size_t earlier = 0;
        for (const fr_json *a = fr_json_first(step->value); a != b;
             a = fr_json_next(a), earlier++) {
            if (step->run->steps == 0)
                return FRACTARY_E_LIMIT;
            step->run->steps--;
            if (fr_json_equal(a, b))
                return fr_schema_refuse(step->run, step->at, b,
                                        "must not have the same item twice, as [%zu] and [%zu] are",
                                        earlier, later);
        }
    }
    return FRACTARY_OK;
}

/* ------------------------------------------------------------------ patterns */

struct pattern {
    const fr_json *keyword; /* by whose address it is found again */
    regex_t compiled;
};

void fr_schema_pattern_destroy(void *item)
{
    struct pattern *pattern = item;

    regfree(&pattern->compiled);
    free(pattern);
}

static const struct pattern *find_pattern(const struct fr_schema_run *run, const fr_json *keyword)
{
    for (size_t i = 0; i < run->patterns.count; i++) {
        const struct pattern *pattern = run->patterns.items[i];
        if (pattern->keyword == keyword)
            return pattern;
    }
    return NULL;
}

/* The schema was verified: what fails here is memory. */
static const struct pattern *compile_pattern(struct fr_schema_run *run, const fr_json *keyword)
{
    struct pattern *pattern = calloc(1, sizeof *pattern);

    if (pattern == NULL)
        return NULL;
    pattern->keyword = keyword;
    if (regcomp(&pattern->compiled, fr_json_string(keyword), REG_EXTENDED | REG_NOSUB) != 0) {
        free(pattern);
        return NULL;
    }
    if (fr_vec_push(&run->patterns, pattern) == FRACTARY_OK)
        return pattern;
    fr_schema_pattern_destroy(pattern);
    return NULL;
}

int32_t fr_schema_check_pattern(const struct fr_schema_step *step)
{
    const char *text = fr_json_string(step->value);

    if (text == NULL)
        return FRACTARY_OK;
    const struct pattern *pattern = find_pattern(step->run, step->keyword);
    if (pattern == NULL)
        pattern = compile_pattern(step->run, step->keyword);
    if (pattern == NULL)
        return FRACTARY_E_NOMEM;
    if (regexec(&pattern->compiled, text, 0, NULL, 0) == 0)
        return FRACTARY_OK;
    const char *description = fr_json_get_string(step->schema, "description");
    if (description == NULL)
        return fr_schema_refuse(step->run, step->at, step->value, "must match %s",
                                fr_json_string(step->keyword));
    fr_schema_refuse(step->run, step->at, step->value, "does not have the right form");
    fr_error_cause(step->run->error, "it must match %s", fr_json_string(step->keyword));
    fr_error_advice(step->run->error, "%s", description);
    return FRACTARY_E_CONFIG;
}
