#include "project/config_check.h"
#include "project/pattern.h"
#include "project/stack.h"
#include <fractary-plugin/str.h>
#include <string.h>

static int32_t refuse(const fr_json *stack, const char *key, const char *what,
                      fractary_error *error)
{
    fr_buf place = {0};

    fr_buf_puts(&place, "stacks");
    if (stack != NULL)
        fr_buf_printf(&place, ".%s", fr_json_key(stack));
    if (key != NULL)
        fr_buf_printf(&place, ".%s", key);
    fr_error_set(error, FRACTARY_E_CONFIG, "%s: %s", fr_buf_text(&place), what);
    fr_error_place(error, "%s", fr_buf_text(&place));
    fr_buf_finish(&place);
    return FRACTARY_E_CONFIG;
}

/* ------------------------------------------------------------------ one by one */

static int32_t check_name(const fr_json *stack, fractary_error *error)
{
    const char *name = fr_json_key(stack);

    if (fr_config_is_environment_name(name))
        return FRACTARY_OK;
    refuse(NULL, NULL, "a stack cannot have this name", error);
    fr_error_cause(error, "\"%s\" cannot be the name of a folder everywhere", name);
    fr_error_advice(error, "use letters, digits, '.', '_' and '-', at most 64 of them");
    return FRACTARY_E_CONFIG;
}

static int32_t check_directory(const fr_json *stack, fractary_error *error)
{
    static const fr_pattern_values values = {.environment = "e"};
    const char *directory = fr_json_get_string(stack, "directory");
    fr_buf out = {0};
    int32_t status = FRACTARY_OK;

    if (directory != NULL)
        status = fr_pattern_expand(directory, &values, &out, NULL);
    fr_buf_finish(&out);
    if (status != FRACTARY_E_CONFIG)
        return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
    refuse(stack, "directory", "the placeholder is unknown", error);
    fr_error_cause(error, "the directory of a stack may hold {environment} and no other");
    fr_error_advice(error, "write {environment}, or the folder's name");
    return FRACTARY_E_CONFIG;
}

static int32_t check_environments(const fr_json *config, const fr_json *stack,
                                  fractary_error *error)
{
    const fr_json *known = fr_json_get(config, "environments");
    const fr_json *e = fr_json_first(fr_json_get(stack, "environments"));

    while (e != NULL && fr_json_get(known, fr_json_string(e)) != NULL)
        e = fr_json_next(e);
    if (e == NULL)
        return FRACTARY_OK;
    refuse(stack, "environments", "it names an environment that is not there", error);
    fr_config_advise_environment(known, fr_json_string(e), error);
    return FRACTARY_E_CONFIG;
}

static int32_t check_dependencies(const fr_json *config, const fr_json *stack,
                                  fractary_error *error)
{
    const fr_json *known = fr_json_get(config, "stacks");
    const fr_json *e = fr_json_first(fr_json_get(stack, "depends_on"));

    while (e != NULL && fr_json_get(known, fr_json_string(e)) != NULL)
        e = fr_json_next(e);
    if (e == NULL)
        return FRACTARY_OK;
    refuse(stack, "depends_on", "it names a stack that is not there", error);
    fr_stack_advise(known, fr_json_string(e), error);
    return FRACTARY_E_CONFIG;
}

static int32_t check_stack(const fr_json *config, const fr_json *stack, fractary_error *error)
{
    int32_t status = check_name(stack, error);

    if (status == FRACTARY_OK)
        status = check_directory(stack, error);
    if (status == FRACTARY_OK)
        status = check_environments(config, stack, error);
    return status == FRACTARY_OK ? check_dependencies(config, stack, error) : status;
}

/* --------------------------------------------------------------------- circles */

/* A stack that is not among the settled ones, or NULL. */
static const fr_json *unsettled(const fr_json *stacks, const fr_vec *settled)
{
    for (const fr_json *s = fr_json_first(stacks); s != NULL; s = fr_json_next(s)) {
        if (fr_stack_waits_for(stacks, s, NULL, settled) != NULL)
            return s;
    }
    return NULL;
}

/* Whatever waits for ever leads into a circle: as many steps as there are
 * stacks stand in it for certain. */
static void print_circle(const fr_json *stacks, const fr_json *start, const fr_vec *settled,
                         fr_buf *out)
{
    for (size_t i = fr_json_count(stacks); i > 0; i--)
        start = fr_stack_waits_for(stacks, start, NULL, settled);
    const fr_json *at = start;
    do {
        fr_buf_printf(out, "%s, which waits for ", fr_json_key(at));
        at = fr_stack_waits_for(stacks, at, NULL, settled);
    } while (at != start);
    fr_buf_puts(out, fr_json_key(start));
}

static int32_t check_circles(const fr_json *stacks, fractary_error *error)
{
    fr_vec settled = {0};
    fr_buf circle = {0};
    int32_t status = fr_stack_settle(stacks, NULL, &settled);
    const fr_json *left = status == FRACTARY_OK ? unsettled(stacks, &settled) : NULL;

    if (status != FRACTARY_OK)
        fr_error_nomem(error);
    if (left != NULL) {
        print_circle(stacks, left, &settled, &circle);
        refuse(left, "depends_on", "the dependencies lead in a circle", error);
        fr_error_cause(error, "%s", fr_buf_text(&circle));
        fr_error_advice(error, "take one of these dependencies out");
        status = FRACTARY_E_CONFIG;
    }
    fr_buf_finish(&circle);
    fr_vec_finish(&settled, NULL);
    return status;
}

int32_t fr_stack_check(const fr_json *config, fractary_error *error)
{
    const fr_json *stacks = fr_json_get(config, "stacks");
    int32_t status = FRACTARY_OK;

    if (fr_json_count(stacks) > FR_STACK_LIMIT) {
        refuse(NULL, NULL, "there are too many stacks", error);
        return fr_error_cause(error, "a configuration has at most %d", FR_STACK_LIMIT);
    }
    for (const fr_json *s = fr_json_first(stacks); s != NULL && status == FRACTARY_OK;
         s = fr_json_next(s))
        status = check_stack(config, s, error);
    return status == FRACTARY_OK ? check_circles(stacks, error) : status;
}
