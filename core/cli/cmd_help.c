/* fractary help, and --help. */
#include "cli/app.h"
#include "cli/help.h"
#include <stdlib.h>

/* Tables of the commands from `first` on, with the name by which each is
 * called. */
static int32_t add_tables(const fr_command *first, size_t count, fr_json *result)
{
    fr_json *list = fr_json_array();
    int32_t status = list != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;

    for (size_t i = 0; i < count && status == FRACTARY_OK; i++) {
        fr_json *table = fr_json_copy(first[i].tree);
        status = fr_json_set_string(table, "usage", first[i].usage);
        if (status == FRACTARY_OK)
            status = fr_json_set_string(table, "plugin", first[i].plugin);
        if (status == FRACTARY_OK && !first[i].hidden)
            status = fr_json_add(list, table);
        else
            fr_json_free(table);
    }
    if (status == FRACTARY_OK)
        return fr_json_set(result, "commands", list);
    fr_json_free(list);
    return status;
}

int32_t fr_help_show(fr_app *app, const fr_command_match *match, fr_json *result,
                     fractary_error *error)
{
    const fr_commands *commands = &app->commands;
    const fr_style *style = fr_report_style(app->report);
    fr_buf text = {0};
    int32_t status;

    if (match == NULL || match->group == NULL) {
        status = fr_help_top(commands, style, &text);
        status |= add_tables(commands->commands, commands->count, result);
    } else if (match->command == NULL) {
        status = fr_help_group(commands, match->group, style, &text);
        status |= add_tables(commands->commands + match->group->first, match->group->count, result);
    } else {
        status = fr_help_command(match->command, style, &text);
        status |= add_tables(match->command, 1, result);
    }
    if (status == FRACTARY_OK)
        fr_report_text(app->report, fr_buf_text(&text));
    fr_buf_finish(&text);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

int32_t fr_cmd_help(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error)
{
    const fr_json *word = fr_json_first(fr_json_get(options, "command"));
    char *words[2] = {NULL, NULL};
    fr_command_match match = {0};
    int32_t status = FRACTARY_OK;
    int count = 0;

    for (; word != NULL && count < 2; word = fr_json_next(word))
        words[count++] = (char *)(uintptr_t)fr_json_string(word);
    if (count > 0)
        status = fr_commands_find(&app->commands, count, words, &match, error);
    return status == FRACTARY_OK ? fr_help_show(app, &match, result, error) : status;
}
