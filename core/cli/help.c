#include "cli/help.h"

#include "cli/option.h"
#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_WIDTH   80
#define LONGEST_WIDTH 100
/* Terms wider than this do not push the explanations to the right. */
#define TERM_MOST 24
/* What an explanation needs to stand beside its term. */
#define BESIDE_LEAST 28
#define INDENT       2

/* Two columns: terms and what they mean. */
typedef struct sheet {
    fr_buf *out;
    const fr_style *style;
    size_t width;
    size_t term; /* columns of the terms, with indent and gap; 0: one below the other */
} sheet;

static sheet make_page(fr_buf *out, const fr_style *style)
{
    size_t width = style->width != 0 ? style->width : USUAL_WIDTH;

    if (width > LONGEST_WIDTH)
        width = LONGEST_WIDTH;
    return (sheet){out, style, width, 0};
}

const char *fr_help_tagline(void)
{
    return "takes a project's cloud infrastructure through its whole life";
}

static void heading(const sheet *page, const char *text)
{
    fr_buf_putc(page->out, '\n');
    fr_style_on(page->out, page->style, FR_TONE_BOLD);
    fr_text_wrap(page->out, text, page->width, 0, 0);
    fr_style_off(page->out, page->style, FR_TONE_BOLD);
    fr_buf_putc(page->out, '\n');
}

static void paragraph(const sheet *page, const char *text)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 1);
    fr_text_wrap(page->out, fr_buf_text(&clean), page->width, 0, 0);
    fr_buf_putc(page->out, '\n');
    fr_buf_finish_part(&clean, page->out);
}

/* ------------------------------------------------------ terms and meanings */

static void widen(size_t *widest, const char *term)
{
    const size_t width = fr_str_width(term);

    if (width > *widest && width <= TERM_MOST)
        *widest = width;
}

static void set_term_width(sheet *page, size_t widest)
{
    page->term = INDENT + widest + 2;
    if (page->term + BESIDE_LEAST > page->width)
        page->term = 0;
}

static void entry(const sheet *page, const char *term, const char *meaning)
{
    const size_t at = INDENT + fr_str_width(term);
    const size_t indent = page->term != 0 ? page->term : INDENT + 4;

    fr_text_pad(page->out, INDENT);
    fr_style_put(page->out, page->style, FR_TONE_CYAN, term);
    if (page->term != 0 && at + 2 <= page->term) {
        fr_text_pad(page->out, page->term - at);
        fr_text_wrap(page->out, meaning, page->width, page->term, indent);
    } else {
        fr_buf_putc(page->out, '\n');
        fr_text_pad(page->out, indent);
        fr_text_wrap(page->out, meaning, page->width, indent, indent);
    }
    fr_buf_putc(page->out, '\n');
}

/* Makes a term and its meaning of a row, harmless. */
typedef void (*naming)(const fr_json *row, fr_buf *out);

static void entry_of(const sheet *page, const fr_json *row, naming term, naming meaning)
{
    fr_buf texts[2] = {{0}, {0}};
    fr_buf raw[2] = {{0}, {0}};

    term(row, &raw[0]);
    meaning(row, &raw[1]);
    for (size_t i = 0; i < 2; i++)
        fr_text_clean(&texts[i], fr_buf_text(&raw[i]), 0);
    entry(page, fr_buf_text(&texts[0]), fr_buf_text(&texts[1]));
    for (size_t i = 0; i < 2; i++) {
        fr_buf_finish_part(&texts[i], page->out);
        fr_buf_finish_part(&raw[i], page->out);
    }
}

static void widen_by(const sheet *page, size_t *widest, const fr_json *row, naming term)
{
    fr_buf raw = {0};

    term(row, &raw);
    widen(widest, fr_buf_text(&raw));
    fr_buf_finish_part(&raw, page->out);
}

/* ------------------------------------------------------ options as they read */

static void put_list(const fr_json *values, const char *separator, fr_buf *out)
{
    for (const fr_json *value = fr_json_first(values); value; value = fr_json_next(value)) {
        if (value != fr_json_first(values))
            fr_buf_puts(out, separator);
        fr_buf_puts(out, fr_json_string(value));
    }
}

static const char *value_name(const fr_json *option)
{
    static const struct {
        const char *type, *name;
    } usual[] = {{"integer", "N"}, {"path", "PATH"}, {"environment", "NAME"}, {"string", "TEXT"}};
    const char *given = fr_json_get_string(option, "value");

    for (size_t i = 0; given == NULL && i < sizeof usual / sizeof *usual; i++) {
        if (fr_str_equal(fr_json_get_string(option, "type"), usual[i].type))
            given = usual[i].name;
    }
    return given;
}

void fr_help_option_name(const fr_json *option, fr_buf *out)
{
    const char *value = value_name(option);

    fr_buf_printf(out, "--%s", fr_json_get_string(option, "name"));
    if (value != NULL)
        fr_buf_printf(out, " %s", value);
}

static void put_default(const fr_json *option, fr_buf *out)
{
    const fr_json *value = fr_json_get(option, "default");

    if (value == NULL || fr_json_kind_of(value) == FR_JSON_BOOL)
        return;
    fr_buf_puts(out, "; default: ");
    if (fr_json_string(value) != NULL)
        fr_buf_puts(out, fr_json_string(value));
    else
        fr_json_print(value, out);
}

void fr_help_option_text(const fr_json *option, fr_buf *out)
{
    const char *help = fr_json_get_string(option, "help");

    fr_buf_puts(out, help);
    if (fr_json_first(fr_json_get(option, "values")) != NULL) {
        fr_buf_puts(out, help != NULL && help[0] != '\0' ? "; one of " : "one of ");
        put_list(fr_json_get(option, "values"), ", ", out);
    }
    put_default(option, out);
    if (fr_json_is_true(option, "repeat"))
        fr_buf_puts(out, "; may be repeated");
}

static void argument_name(const fr_json *argument, fr_buf *out)
{
    fr_buf_printf(out, "<%s>", fr_json_get_string(argument, "name"));
}

static void put_argument(const fr_json *argument, fr_buf *out)
{
    const int required = fr_json_is_true(argument, "required");

    fr_buf_printf(out, " %s<%s>%s%s", required ? "" : "[", fr_json_get_string(argument, "name"),
                  fr_json_is_true(argument, "repeat") ? "..." : "", required ? "" : "]");
}

void fr_help_synopsis(const fr_json *command, fr_buf *out)
{
    const fr_json *row = fr_json_first(fr_json_get(command, "options"));

    for (; row != NULL; row = fr_json_next(row)) {
        if (fr_json_is_true(row, "hidden"))
            continue;
        fr_buf_puts(out, " [");
        fr_help_option_name(row, out);
        fr_buf_puts(out, "]");
    }
    row = fr_json_first(fr_json_get(command, "arguments"));
    for (; row != NULL; row = fr_json_next(row))
        put_argument(row, out);
}

/* ------------------------------------------------------------ global options */

static void global_name(const fr_global_option *option, fr_buf *out)
{
    fr_buf_printf(out, "--%s", option->name);
    if (option->value != NULL)
        fr_buf_printf(out, " %s", option->value);
}

static void widen_by_globals(const sheet *page, size_t *widest)
{
    size_t count;
    const fr_global_option *options = fr_option_globals(&count);

    for (size_t i = 0; i < count; i++) {
        fr_buf name = {0};
        global_name(&options[i], &name);
        widen(widest, fr_buf_text(&name));
        fr_buf_finish_part(&name, page->out);
    }
}

static void put_globals(const sheet *page)
{
    size_t count;
    const fr_global_option *options = fr_option_globals(&count);

    heading(page, "Options of every command");
    for (size_t i = 0; i < count; i++) {
        fr_buf name = {0};
        global_name(&options[i], &name);
        entry(page, fr_buf_text(&name), options[i].help);
        fr_buf_finish_part(&name, page->out);
    }
}

/* --------------------------------------------------------------- one command */

static void put_usage_line(const sheet *page, const char *first, const char *usage,
                           const fr_json *command)
{
    fr_buf line = {0};

    fr_buf_printf(&line, "%s%s", first, usage);
    const size_t column = fr_str_width(fr_buf_text(&line)) + 1;
    fr_buf_putc(&line, ' ');
    fr_help_synopsis(command, &line);
    /* Wrapped below the first option where there is room for that. */
    const size_t indent = column * 2 < page->width ? column : strlen(first) + INDENT;
    fr_buf clean = {0};
    fr_text_clean(&clean, fr_buf_text(&line) + column, 0);
    fr_buf_append(page->out, fr_buf_text(&line), column - 1);
    fr_text_wrap(page->out, fr_buf_text(&clean), page->width, column - 1, indent);
    fr_buf_putc(page->out, '\n');
    fr_buf_finish_part(&clean, page->out);
    fr_buf_finish_part(&line, page->out);
}

static void put_usage(const sheet *page, const fr_command *command)
{
    const char *rest = command->usage + strlen("fractary ");
    const int has_short = command->top != NULL && command->disputed == NULL;
    char *short_form = has_short ? fr_str_format("fractary %s", command->top) : NULL;

    page->out->failed |= has_short && short_form == NULL;
    put_usage_line(page, "Usage: ", short_form != NULL ? short_form : command->usage,
                   command->tree);
    if (short_form != NULL && strcmp(rest, command->top) != 0) {
        fr_buf_puts(page->out, "   or: ");
        fr_text_wrap(page->out, command->usage, page->width - strlen(" ..."), 7, 9);
        fr_buf_puts(page->out, " ...\n");
    }
    free(short_form);
}

static void put_rows(sheet *page, const char *title, const fr_json *rows, naming term)
{
    int begun = 0;

    for (const fr_json *row = fr_json_first(rows); row != NULL; row = fr_json_next(row)) {
        if (fr_json_is_true(row, "hidden"))
            continue;
        if (!begun++)
            heading(page, title);
        entry_of(page, row, term, fr_help_option_text);
    }
}

static void put_examples(const sheet *page, const fr_json *examples)
{
    if (fr_json_first(examples) == NULL)
        return;
    heading(page, fr_json_count(examples) == 1 ? "Example" : "Examples");
    for (const fr_json *row = fr_json_first(examples); row != NULL; row = fr_json_next(row)) {
        fr_buf clean = {0};
        fr_text_clean(&clean, fr_json_string(row), 0);
        fr_buf_printf(page->out, "  %s\n", fr_buf_text(&clean));
        fr_buf_finish_part(&clean, page->out);
    }
}

static void measure_command(sheet *page, const fr_json *tree)
{
    size_t widest = 0;
    const fr_json *row = fr_json_first(fr_json_get(tree, "options"));

    for (; row != NULL; row = fr_json_next(row))
        widen_by(page, &widest, row, fr_help_option_name);
    row = fr_json_first(fr_json_get(tree, "arguments"));
    for (; row != NULL; row = fr_json_next(row))
        widen_by(page, &widest, row, argument_name);
    widen_by_globals(page, &widest);
    set_term_width(page, widest);
}

int32_t fr_help_command(const fr_command *command, const fr_style *style, fr_buf *out)
{
    sheet page = make_page(out, style);
    const char *description = fr_json_get_string(command->tree, "description");

    measure_command(&page, command->tree);
    put_usage(&page, command);
    heading(&page, command->summary);
    if (description != NULL && description[0] != '\0')
        paragraph(&page, description);
    put_rows(&page, "Arguments", fr_json_get(command->tree, "arguments"), argument_name);
    put_rows(&page, "Options", fr_json_get(command->tree, "options"), fr_help_option_name);
    put_globals(&page);
    put_examples(&page, fr_json_get(command->tree, "examples"));
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* ------------------------------------------------------------------- groups */

static int is_listed(const fr_command *command)
{
    return !command->hidden;
}

static void put_command(const sheet *page, const fr_command *command, const char *name)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, command->summary, 0);
    entry(page, name, fr_buf_text(&clean));
    fr_buf_finish_part(&clean, page->out);
}

int32_t fr_help_group(const fr_commands *commands, const fr_command_group *group,
                      const fr_style *style, fr_buf *out)
{
    sheet page = make_page(out, style);
    const fr_command *first = commands->commands + group->first;
    size_t widest = 0;

    for (size_t i = 0; i < group->count; i++)
        widen(&widest, first[i].name);
    widen_by_globals(&page, &widest);
    set_term_width(&page, widest);
    fr_buf_printf(out, "Usage: fractary %s COMMAND [OPTIONS]\n", group->name);
    heading(&page, group->summary);
    for (size_t i = 0; i < group->count; i++) {
        if (is_listed(&first[i]))
            put_command(&page, &first[i], first[i].name);
    }
    put_globals(&page);
    fr_buf_putc(out, '\n');
    fr_text_wrap(out, "More about a command: put --help behind it.", page.width, 0, 0);
    fr_buf_putc(out, '\n');
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* At top level a plugin's group shows its short names, the core's groups
 * their commands. */
static const char *name_at_top(const fr_command_group *group, const fr_command *command)
{
    if (group->plugin[0] == '\0')
        return command->usage + strlen("fractary ");
    return command->disputed == NULL ? command->top : NULL;
}

static void put_group_at_top(const sheet *page, const fr_commands *commands,
                             const fr_command_group *group)
{
    size_t without = 0;

    for (size_t i = group->first; i < group->first + group->count; i++) {
        const fr_command *command = &commands->commands[i];
        const char *name = name_at_top(group, command);
        if (name != NULL && is_listed(command))
            put_command(page, command, name);
        without += name == NULL && is_listed(command);
    }
    if (group->plugin[0] == '\0' || group->disputed != NULL)
        return;
    entry(page, group->name,
          without != 0 ? "All of them, and more (put --help behind it)"
                       : "All of them by their full names (put --help behind it)");
}

static void put_group_heading(const sheet *page, const fr_command_group *group)
{
    fr_buf title = {0};

    fr_text_clean(&title, group->summary, 0);
    heading(page, title.length != 0 ? fr_buf_text(&title) : group->name);
    fr_buf_finish_part(&title, page->out);
}

static size_t widest_at_top(const sheet *page, const fr_commands *commands)
{
    size_t widest = 0;

    for (size_t i = 0; i < commands->count; i++) {
        const fr_command *command = &commands->commands[i];
        const char *name = name_at_top(&commands->groups[command->group], command);
        if (name != NULL && is_listed(command))
            widen(&widest, name);
    }
    for (size_t i = 0; i < commands->group_count; i++)
        widen(&widest, commands->groups[i].name);
    widen_by_globals(page, &widest);
    return widest;
}

/* The core's groups come first, under one heading. */
static void put_core(const sheet *page, const fr_commands *commands)
{
    heading(page, "The project and this installation");
    for (size_t i = 0; i < commands->group_count; i++) {
        if (commands->groups[i].plugin[0] == '\0')
            put_group_at_top(page, commands, &commands->groups[i]);
    }
}

int32_t fr_help_top(const fr_commands *commands, const fr_style *style, fr_buf *out)
{
    sheet page = make_page(out, style);

    set_term_width(&page, widest_at_top(&page, commands));
    fr_style_put(out, style, FR_TONE_BOLD, "fractary");
    fr_buf_puts(out, " " FRACTARY_VERSION ": ");
    fr_text_wrap(out, fr_help_tagline(), page.width, strlen("fractary " FRACTARY_VERSION ": "), 0);
    fr_buf_puts(out, "\n\nUsage: fractary COMMAND [OPTIONS]\n");
    put_core(&page, commands);
    for (size_t i = 0; i < commands->group_count; i++) {
        if (commands->groups[i].plugin[0] == '\0')
            continue;
        put_group_heading(&page, &commands->groups[i]);
        put_group_at_top(&page, commands, &commands->groups[i]);
    }
    put_globals(&page);
    fr_buf_putc(out, '\n');
    fr_text_wrap(out, "More about a command: fractary COMMAND --help", page.width, 0, 0);
    fr_buf_putc(out, '\n');
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
