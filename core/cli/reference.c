#include "cli/reference.h"

#include "cli/exit.h"
#include "cli/help.h"
#include "cli/option.h"
#include <fractary-plugin/str.h>
#include <string.h>

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

/* Texts of options and the like, made into a text of their own. */
typedef void (*naming)(const fr_json *row, fr_buf *out);

static void argument_name(const fr_json *argument, fr_buf *out)
{
    fr_buf_printf(out, "<%s>", text_of(argument, "name"));
}

/* ------------------------------------------------------------------ markdown */

/* What would end a cell of a table, or be taken for HTML, is escaped. */
static void put_cell(const char *text, fr_buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '<' || *text == '>')
            fr_buf_putc(out, '\\');
        fr_buf_putc(out, *text == '\n' ? ' ' : *text);
    }
}

static void put_markdown_rows(const fr_json *rows, const char *title, naming name, fr_buf *out)
{
    int begun = 0;

    for (const fr_json *row = fr_json_first(rows); row != NULL; row = fr_json_next(row)) {
        fr_buf term = {0};
        fr_buf text = {0};
        if (fr_json_is_true(row, "hidden"))
            continue;
        if (!begun++)
            fr_buf_printf(out, "\n| %s | |\n|---|---|\n", title);
        name(row, &term);
        fr_help_option_text(row, &text);
        fr_buf_printf(out, "| `%s` | ", fr_buf_text(&term));
        put_cell(fr_buf_text(&text), out);
        fr_buf_puts(out, " |\n");
        fr_buf_finish(&term);
        fr_buf_finish(&text);
    }
}

static void put_markdown_usage(const fr_command *command, fr_buf *out)
{
    fr_buf synopsis = {0};

    fr_help_synopsis(command->tree, &synopsis);
    fr_buf_puts(out, "\n```\n");
    if (command->top != NULL && command->disputed == NULL)
        fr_buf_printf(out, "fractary %s%s\n", command->top, fr_buf_text(&synopsis));
    if (command->top == NULL || strcmp(command->top, command->usage + strlen("fractary ")) != 0)
        fr_buf_printf(out, "%s%s\n", command->usage, fr_buf_text(&synopsis));
    fr_buf_puts(out, "```\n");
    fr_buf_finish(&synopsis);
}

static void put_markdown_examples(const fr_json *examples, fr_buf *out)
{
    if (fr_json_first(examples) == NULL)
        return;
    fr_buf_puts(out, "\nExamples:\n\n```\n");
    for (const fr_json *row = fr_json_first(examples); row != NULL; row = fr_json_next(row))
        fr_buf_printf(out, "%s\n", fr_json_string(row));
    fr_buf_puts(out, "```\n");
}

static void put_markdown_command(const fr_command *command, fr_buf *out)
{
    fr_buf_printf(out, "\n### %s\n\n%s.", fr_command_title(command), command->summary);
    if (text_of(command->tree, "description")[0] != '\0')
        fr_buf_printf(out, " %s", text_of(command->tree, "description"));
    fr_buf_putc(out, '\n');
    put_markdown_usage(command, out);
    put_markdown_rows(fr_json_get(command->tree, "arguments"), "argument", argument_name, out);
    put_markdown_rows(fr_json_get(command->tree, "options"), "option", fr_help_option_name, out);
    put_markdown_examples(fr_json_get(command->tree, "examples"), out);
}

static void put_markdown_group(const fr_commands *commands, const fr_command_group *group,
                               fr_buf *out)
{
    if (group->name[0] != '\0')
        fr_buf_printf(out, "\n## fractary %s\n\n%s.\n", group->name, group->summary);
    else
        fr_buf_puts(out, "\n## The program itself\n");
    for (size_t i = group->first; i < group->first + group->count; i++) {
        if (!commands->commands[i].hidden)
            put_markdown_command(&commands->commands[i], out);
    }
}

static void put_markdown_globals(fr_buf *out)
{
    size_t count;
    const fr_global_option *globals = fr_option_globals(&count);

    fr_buf_puts(out, "\n## Options of every command\n\n| option | |\n|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        fr_buf_printf(out, "| `--%s%s%s` | ", globals[i].name, globals[i].value != NULL ? " " : "",
                      globals[i].value != NULL ? globals[i].value : "");
        put_cell(globals[i].help, out);
        fr_buf_puts(out, " |\n");
    }
}

int32_t fr_reference_markdown(const fr_commands *commands, fr_buf *out)
{
    fr_buf_puts(out, "# Commands\n\nMade by `fractary reference markdown` from the tables by which "
                     "the command line is parsed. `fractary COMMAND --help` says the same. Exit "
                     "codes: [exit-codes.md](exit-codes.md); records of `--json`: "
                     "[records.md](records.md).\n");
    for (size_t i = 0; i < commands->group_count; i++)
        put_markdown_group(commands, &commands->groups[i], out);
    put_markdown_globals(out);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* ----------------------------------------------------------------------- man */

/* A line of text must not begin with a dot or quote, and backslashes and
 * hyphens have a meaning of their own. */
static void put_roff(const char *text, fr_buf *out)
{
    if (*text == '.' || *text == '\'')
        fr_buf_puts(out, "\\&");
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fr_buf_puts(out, "\\e");
        else if (*text == '-')
            fr_buf_puts(out, "\\-");
        else
            fr_buf_putc(out, *text == '\n' ? ' ' : *text);
    }
}

static void put_roff_item(const char *term, const char *text, fr_buf *out)
{
    fr_buf_puts(out, ".TP\n.B ");
    put_roff(term, out);
    fr_buf_putc(out, '\n');
    put_roff(text, out);
    fr_buf_putc(out, '\n');
}

static void put_roff_rows(const fr_json *rows, naming name, fr_buf *out)
{
    for (const fr_json *row = fr_json_first(rows); row != NULL; row = fr_json_next(row)) {
        fr_buf term = {0};
        fr_buf text = {0};
        if (fr_json_is_true(row, "hidden"))
            continue;
        name(row, &term);
        fr_help_option_text(row, &text);
        put_roff_item(fr_buf_text(&term), fr_buf_text(&text), out);
        fr_buf_finish(&term);
        fr_buf_finish(&text);
    }
}

static void put_roff_command(const fr_command *command, fr_buf *out)
{
    fr_buf synopsis = {0};

    fr_help_synopsis(command->tree, &synopsis);
    fr_buf_puts(out, ".SS fractary ");
    put_roff(fr_command_title(command), out);
    put_roff(fr_buf_text(&synopsis), out);
    fr_buf_putc(out, '\n');
    put_roff(command->summary, out);
    fr_buf_puts(out, ".\n");
    if (text_of(command->tree, "description")[0] != '\0') {
        put_roff(text_of(command->tree, "description"), out);
        fr_buf_putc(out, '\n');
    }
    put_roff_rows(fr_json_get(command->tree, "arguments"), argument_name, out);
    put_roff_rows(fr_json_get(command->tree, "options"), fr_help_option_name, out);
    fr_buf_finish(&synopsis);
}

static void put_roff_globals(fr_buf *out)
{
    size_t count;
    const fr_global_option *globals = fr_option_globals(&count);

    fr_buf_puts(out, ".SH OPTIONS OF EVERY COMMAND\n");
    for (size_t i = 0; i < count; i++) {
        fr_buf term = {0};
        fr_buf_printf(&term, "--%s%s%s", globals[i].name, globals[i].value != NULL ? " " : "",
                      globals[i].value != NULL ? globals[i].value : "");
        put_roff_item(fr_buf_text(&term), globals[i].help, out);
        fr_buf_finish(&term);
    }
}

static void put_roff_exit_codes(fr_buf *out)
{
    fr_buf_puts(out, ".SH EXIT STATUS\n");
    for (const fr_exit_meaning *row = fr_exit_meanings(); row->meaning != NULL; row++) {
        fr_buf code = {0};
        fr_buf_printf(&code, "%d", row->code);
        put_roff_item(fr_buf_text(&code), row->meaning, out);
        fr_buf_finish(&code);
    }
}

int32_t fr_reference_man(const fr_commands *commands, fr_buf *out)
{
    fr_buf_puts(out, ".TH FRACTARY 1 \"\" \"fractary " FRACTARY_VERSION "\" \"User Commands\"\n"
                     ".SH NAME\nfractary \\- ");
    put_roff(fr_help_tagline(), out);
    fr_buf_puts(out, "\n.SH SYNOPSIS\n.B fractary\n.I command\n[options]\n.SH COMMANDS\n");
    for (size_t i = 0; i < commands->count; i++) {
        if (!commands->commands[i].hidden)
            put_roff_command(&commands->commands[i], out);
    }
    put_roff_globals(out);
    put_roff_exit_codes(out);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
