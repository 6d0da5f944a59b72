#include "project/stack.h"

#include "project/pattern.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

static const fr_json *all(const fr_config *config)
{
    return fr_json_get(fr_config_tree(config), "stacks");
}

static fr_stack make(const fr_json *tree)
{
    return (fr_stack){fr_json_key(tree), fr_json_get_string(tree, "directory"), tree};
}

int fr_stack_configured(const fr_config *config)
{
    return fr_json_first(all(config)) != NULL;
}

int fr_stack_at(const fr_config *config, size_t index, fr_stack *out)
{
    const fr_json *tree = fr_json_first(all(config));

    if (tree == NULL) {
        *out = (fr_stack){.name = FR_STACK_DEFAULT};
        return index == 0;
    }
    for (; tree != NULL && index > 0; index--)
        tree = fr_json_next(tree);
    if (tree != NULL)
        *out = make(tree);
    return tree != NULL;
}

/* ---------------------------------------------------------------------- finding */

void fr_stack_advise(const fr_json *stacks, const char *name, fractary_error *error)
{
    fr_buf list = {0};
    fr_vec names = {0};

    for (const fr_json *s = fr_json_first(stacks); s != NULL; s = fr_json_next(s)) {
        fr_buf_printf(&list, "%s%s", list.length > 0 ? ", " : "", fr_json_key(s));
        if (fr_vec_push(&names, (void *)(uintptr_t)fr_json_key(s)) != FRACTARY_OK)
            break;
    }
    const char *nearest =
        fr_str_nearest(name, (const char *const *)(void *)names.items, names.count);
    if (list.length > 0)
        fr_error_cause(error, "the stacks are: %s", fr_buf_text(&list));
    else
        fr_error_cause(error, "the configuration names no stacks; there is one, " FR_STACK_DEFAULT);
    if (nearest != NULL)
        fr_error_advice(error, "did you mean \"%s\"?", nearest);
    else
        fr_error_advice(error, "name one that is there, or add it to " FR_CONFIG_FILE);
    fr_vec_finish(&names, NULL);
    fr_buf_finish(&list);
}

int32_t fr_stack_find(const fr_config *config, const char *name, fr_stack *out,
                      fractary_error *error)
{
    for (size_t i = 0; fr_stack_at(config, i, out); i++) {
        if (fr_str_equal(out->name, name))
            return FRACTARY_OK;
    }
    fr_error_set(error, FRACTARY_E_INVALID, "there is no stack \"%s\"", name);
    fr_stack_advise(all(config), name, error);
    return FRACTARY_E_INVALID;
}

static int lists(const fr_json *list, const char *text)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_string(e), text))
            return 1;
    }
    return 0;
}

int fr_stack_serves(const fr_stack *stack, const char *environment)
{
    const fr_json *list = fr_json_get(stack->tree, "environments");

    return list == NULL || lists(list, environment);
}

int fr_stack_depends_on(const fr_stack *stack, const char *other)
{
    return lists(fr_json_get(stack->tree, "depends_on"), other);
}

/* --------------------------------------------------------------------- ordering */

static int serves(const fr_json *tree, const char *environment)
{
    const fr_stack stack = make(tree);

    return environment == NULL || fr_stack_serves(&stack, environment);
}

static int contains(const fr_vec *stacks, const fr_json *stack)
{
    for (size_t i = 0; i < stacks->count; i++) {
        if (stacks->items[i] == stack)
            return 1;
    }
    return 0;
}

const fr_json *fr_stack_waits_for(const fr_json *stacks, const fr_json *stack,
                                  const char *environment, const fr_vec *settled)
{
    const fr_json *e = fr_json_first(fr_json_get(stack, "depends_on"));

    for (; e != NULL; e = fr_json_next(e)) {
        const fr_json *other = fr_json_get(stacks, fr_json_string(e));
        if (other != NULL && serves(other, environment) && !contains(settled, other))
            return other;
    }
    return NULL;
}

/* Settles, in a pass over all, those that wait for nothing more; passes until
 * one settles nothing. */
int32_t fr_stack_settle(const fr_json *stacks, const char *environment, fr_vec *settled)
{
    size_t before;

    do {
        before = settled->count;
        for (fr_json *s = fr_json_first(stacks); s != NULL; s = fr_json_next(s)) {
            if (contains(settled, s) || !serves(s, environment) ||
                fr_stack_waits_for(stacks, s, environment, settled) != NULL)
                continue;
            if (fr_vec_push(settled, s) != FRACTARY_OK)
                return FRACTARY_E_NOMEM;
        }
    } while (settled->count > before);
    return FRACTARY_OK;
}

int32_t fr_stack_order(const fr_config *config, const char *environment, fr_vec *names,
                       fractary_error *error)
{
    fr_vec settled = {0};
    int32_t status = FRACTARY_OK;

    if (fr_stack_configured(config))
        status = fr_stack_settle(all(config), environment, &settled);
    else
        status = fr_vec_push(names, (void *)(uintptr_t)FR_STACK_DEFAULT);
    for (size_t i = 0; i < settled.count && status == FRACTARY_OK; i++)
        status = fr_vec_push(names, (void *)(uintptr_t)fr_json_key(settled.items[i]));
    fr_vec_finish(&settled, NULL);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

/* --------------------------------------------------------------------- sections */

static int32_t merge(fr_json *section, const fr_json *over)
{
    return fr_json_kind_of(over) == FR_JSON_OBJECT ? fr_json_merge(section, over) : FRACTARY_OK;
}

static int32_t set_directory(const fr_stack *stack, const char *environment, fr_json *section)
{
    const fr_pattern_values values = {.environment = environment};
    fr_buf directory = {0};
    int32_t status = FRACTARY_OK;

    if (stack->directory != NULL)
        status = fr_pattern_expand(stack->directory, &values, &directory, NULL);
    if (stack->directory != NULL && status == FRACTARY_OK)
        status = fr_json_set_string(section, "directory", fr_buf_text(&directory));
    fr_buf_finish(&directory);
    return status;
}

static int32_t merge_all(const fr_config *config, const char *environment, const char *name,
                         const char *id, fr_json *section)
{
    const fr_json *tree = fr_config_tree(config);
    const fr_json *own = fr_json_at(tree, "environments", environment, (char *)NULL);
    const char *iac = fr_config_handler(config, environment, "iac");
    fr_stack stack = {.name = name};
    int32_t status = merge(section, fr_json_at(tree, "plugins", id, (char *)NULL));

    if (fr_stack_configured(config))
        stack = make(fr_json_at(tree, "stacks", name, (char *)NULL));
    if (status == FRACTARY_OK && stack.tree != NULL && fr_str_equal(id, iac))
        status = set_directory(&stack, environment, section);
    if (status == FRACTARY_OK)
        status = merge(section, fr_json_at(stack.tree, "plugins", id, (char *)NULL));
    if (status == FRACTARY_OK)
        status = merge(section, fr_json_at(own, "plugins", id, (char *)NULL));
    if (status == FRACTARY_OK)
        status = merge(section, fr_json_at(own, "stacks", name, "plugins", id, (char *)NULL));
    return status;
}

fr_json *fr_stack_section(const fr_config *config, const char *environment, const char *stack,
                          const char *id)
{
    fr_json *section = fr_json_object();

    if (section == NULL ||
        merge_all(config, environment != NULL ? environment : "",
                  stack != NULL ? stack : FR_STACK_DEFAULT, id, section) == FRACTARY_OK)
        return section;
    fr_json_free(section);
    return NULL;
}
