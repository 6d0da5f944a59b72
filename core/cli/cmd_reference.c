/* fractary completion, fractary reference, and the lists of names behind the
 * completion scripts. */
#include "cli/app.h"
#include "cli/completion.h"
#include "cli/reference.h"
#include "project/stack.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

/* Text that is the whole answer: printed as it is, or a member of the result. */
static int32_t answer(fr_app *app, int32_t status, const char *key, const fr_buf *text,
                      fr_json *result, fractary_error *error)
{
    if (status == FRACTARY_OK)
        status = fr_json_set_string(result, key, fr_buf_text(text));
    if (status != FRACTARY_OK)
        return fr_error_nomem(error);
    fr_report_text(app->report, fr_buf_text(text));
    return FRACTARY_OK;
}

int32_t fr_cmd_completion(fr_app *app, const fr_json *options, fr_json *result,
                          fractary_error *error)
{
    fr_buf script = {0};
    int32_t status =
        fr_completion_script(&app->commands, fr_json_get_string(options, "shell"), &script);

    status = answer(app, status, "script", &script, result, error);
    fr_buf_finish(&script);
    return status;
}

int32_t fr_cmd_reference(fr_app *app, const fr_json *options, fr_json *result,
                         fractary_error *error)
{
    const int is_man = fr_str_equal(fr_json_get_string(options, "form"), "man");
    fr_buf text = {0};
    int32_t status = is_man ? fr_reference_man(&app->commands, &text)
                            : fr_reference_markdown(&app->commands, &text);

    status = answer(app, status, "reference", &text, result, error);
    fr_buf_finish(&text);
    return status;
}

/* The configuration of the project that stands here, for lists of names. */
static int32_t load_config(fr_app *app, fractary_error *error)
{
    char *root = NULL;
    int32_t status = fr_config_find(app->folder, &root, error);

    if (status == FRACTARY_OK)
        status = fr_config_load(root, &app->config, error);
    free(root);
    return status;
}

int32_t fr_cmd_completion_environments(fr_app *app, const fr_json *options, fr_json *result,
                                       fractary_error *error)
{
    fr_buf names = {0};
    int32_t status = load_config(app, error);

    (void)options;
    if (status != FRACTARY_OK)
        return status;
    for (size_t i = 0; fr_config_environment_name(app->config, i) != NULL; i++)
        fr_buf_printf(&names, "%s\n", fr_config_environment_name(app->config, i));
    status = answer(app, names.failed ? FRACTARY_E_NOMEM : FRACTARY_OK, "environments", &names,
                    result, error);
    fr_buf_finish(&names);
    return status;
}

int32_t fr_cmd_completion_stacks(fr_app *app, const fr_json *options, fr_json *result,
                                 fractary_error *error)
{
    fr_buf names = {0};
    fr_stack stack;
    int32_t status = load_config(app, error);

    (void)options;
    if (status != FRACTARY_OK)
        return status;
    for (size_t i = 0; fr_stack_at(app->config, i, &stack); i++)
        fr_buf_printf(&names, "%s\n", stack.name);
    status = answer(app, names.failed ? FRACTARY_E_NOMEM : FRACTARY_OK, "stacks", &names, result,
                    error);
    fr_buf_finish(&names);
    return status;
}
