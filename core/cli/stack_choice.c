#include "cli/stack_choice.h"

#include "cli/stack_changed.h"
#include "project/stack.h"
#include <fractary-plugin/str.h>

/* The name of the command's option of type stack, or NULL. */
static const char *stack_option(const fr_command *command)
{
    const fr_json *row = fr_json_first(fr_json_get(command->tree, "options"));

    while (row != NULL && !fr_str_equal(fr_json_get_string(row, "type"), "stack"))
        row = fr_json_next(row);
    return fr_json_get_string(row, "name");
}

static void list_names(const fr_vec *names, fr_buf *out)
{
    for (size_t i = 0; i < names->count; i++)
        fr_buf_printf(out, "%s%s", i > 0 ? ", " : "", (const char *)names->items[i]);
}

static int32_t none_serves(const char *environment, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "no stack belongs to environment %s", environment);
    fr_error_cause(error, "each stack's list `environments` leaves it out");
    fr_error_advice(error, "add %s to stacks.<name>.environments in " FR_CONFIG_FILE, environment);
    return FRACTARY_E_CONFIG;
}

static int32_t refuse_many(const fr_command *command, const char *option, const fr_vec *names,
                           fractary_error *error)
{
    fr_buf list = {0};

    list_names(names, &list);
    fr_error_set(error, FRACTARY_E_INVALID, "%s needs a stack", fr_command_title(command));
    fr_error_cause(error, "the project has %zu: %s", names->count, fr_buf_text(&list));
    if (option != NULL)
        fr_error_advice(error, "name one with --%s %s, or all of them with --all", option,
                        (const char *)names->items[0]);
    else
        fr_error_advice(error, "the command knows no stacks; ask whoever makes %s",
                        command->plugin);
    fr_buf_finish(&list);
    return FRACTARY_E_INVALID;
}

/* --------------------------------------------------------------------- by name */

static int32_t check_named(const fr_config *config, const char *name, const char *environment,
                           fractary_error *error)
{
    fr_stack stack;
    const int32_t status = fr_stack_find(config, name, &stack, error);

    if (status != FRACTARY_OK || fr_stack_serves(&stack, environment))
        return status;
    fr_error_set(error, FRACTARY_E_INVALID, "stack %s does not belong to environment %s", name,
                 environment);
    fr_error_cause(error, "stacks.%s.environments does not list it", name);
    fr_error_advice(error, "name another one, or add %s to that list in " FR_CONFIG_FILE,
                    environment);
    return FRACTARY_E_INVALID;
}

static int is_named(const fr_json *given, const char *name)
{
    for (const fr_json *e = fr_json_first(given); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_string(e), name))
            return 1;
    }
    return fr_str_equal(fr_json_string(given), name);
}

/* What is named comes in the order of the dependencies, too. */
static int32_t keep_named(const fr_config *config, const fr_json *given, const char *environment,
                          fr_vec *names, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    if (fr_json_string(given) != NULL)
        status = check_named(config, fr_json_string(given), environment, error);
    for (const fr_json *e = fr_json_first(given); e != NULL && status == FRACTARY_OK;
         e = fr_json_next(e))
        status = check_named(config, fr_json_string(e), environment, error);
    for (size_t i = names->count; i-- > 0 && status == FRACTARY_OK;) {
        if (!is_named(given, names->items[i]))
            fr_vec_remove(names, i);
    }
    return status;
}

/* -------------------------------------------------------------------- choosing */

static int32_t refuse_both(const char *one, const char *other, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "--%s and --%s contradict each other", one, other);
    fr_error_advice(error, "give one of them");
    return FRACTARY_E_INVALID;
}

static int32_t refuse_since(fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "--since says nothing without --changed");
    fr_error_advice(error, "add --changed, or leave --since out");
    return FRACTARY_E_INVALID;
}

/* Of --stack, --all and --changed one at most. */
static int32_t check_options(const fr_json *options, const char *option, fractary_error *error)
{
    const int given = option != NULL && fr_json_get(options, option) != NULL;
    const int every = fr_json_is_true(options, "all");
    const int changed = fr_json_is_true(options, "changed");

    if (given && every)
        return refuse_both(option, "all", error);
    if (given && changed)
        return refuse_both(option, "changed", error);
    if (every && changed)
        return refuse_both("all", "changed", error);
    return !changed && fr_json_get(options, "since") != NULL ? refuse_since(error) : FRACTARY_OK;
}

static void reverse(fr_vec *names)
{
    for (size_t i = 0, j = names->count; i + 1 < j; i++) {
        void *first = names->items[i];
        names->items[i] = names->items[--j];
        names->items[j] = first;
    }
}

static int32_t choose(fr_app *app, const fr_command *command, const fr_json *options,
                      const char *environment, fr_vec *names, int *all, fr_json *result,
                      fractary_error *error)
{
    const char *option = stack_option(command);
    const fr_json *given = option != NULL ? fr_json_get(options, option) : NULL;
    const int every = fr_json_is_true(options, "all");
    const int changed = fr_json_is_true(options, "changed");
    const int32_t status = check_options(options, option, error);

    *all = every || changed || fr_json_count(given) > 1;
    if (status != FRACTARY_OK)
        return status;
    if (changed)
        return fr_stacks_keep_changed(app, environment, fr_json_get_string(options, "since"), names,
                                      result, error);
    if (given != NULL)
        return keep_named(app->config, given, environment, names, error);
    if (every || names->count == 1)
        return FRACTARY_OK;
    *all = option != NULL && fr_json_is_true(command->tree, "every_stack");
    return *all ? FRACTARY_OK : refuse_many(command, option, names, error);
}

int32_t fr_stacks_choose(fr_app *app, const fr_command *command, const fr_json *options,
                         const char *environment, fr_vec *names, int *all, fr_json *result,
                         fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    *all = 0;
    if (app->config == NULL || environment[0] == '\0')
        return fr_vec_push(names, (void *)(uintptr_t)FR_STACK_DEFAULT) == FRACTARY_OK
                   ? FRACTARY_OK
                   : fr_error_nomem(error);
    status = fr_stack_order(app->config, environment, names, error);
    if (status == FRACTARY_OK && names->count == 0)
        status = none_serves(environment, error);
    if (status == FRACTARY_OK)
        status = choose(app, command, options, environment, names, all, result, error);
    if (status == FRACTARY_OK && fr_json_is_true(command->tree, "dependents_first"))
        reverse(names);
    return status;
}
