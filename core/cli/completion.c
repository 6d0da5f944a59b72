#include "cli/completion.h"

#include "cli/help.h"
#include "cli/option.h"
#include <fractary-plugin/str.h>
#include <string.h>

/*
 * Each script knows two things: which words can follow "fractary" and a group,
 * and which options and values a command takes. Texts from manifests are
 * checked names (a-z, 0-9, '-') but for summaries and values, which are quoted.
 */

/* What prints the names that an option of a type can have in the project. */
static const struct names {
    const char *type, *command;
} project_names[] = {
    {"environment", "fractary completion-environments 2>/dev/null"},
    {"stack", "fractary completion-stacks 2>/dev/null"},
};

/* In single quotes, as all three shells read them; control characters would
 * only be in the way. */
static void quote(const char *text, fr_buf *out)
{
    fr_buf_putc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fr_buf_puts(out, "'\\''");
        else if ((unsigned char)*text >= 0x20)
            fr_buf_putc(out, *text);
    }
    fr_buf_putc(out, '\'');
}

/* fish ends a single-quoted text at a quote, and takes \' for one. */
static void quote_fish(const char *text, fr_buf *out)
{
    fr_buf_putc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            fr_buf_putc(out, '\\');
        if ((unsigned char)*text >= 0x20)
            fr_buf_putc(out, *text);
    }
    fr_buf_putc(out, '\'');
}

static int is_offered_at_top(const fr_command *command)
{
    return command->top != NULL && command->disputed == NULL && !command->hidden;
}

static int is_offered_group(const fr_command_group *group)
{
    return group->name[0] != '\0' && group->disputed == NULL;
}

static const char *type_of(const fr_json *option)
{
    const char *type = fr_json_get_string(option, "type");
    return type != NULL ? type : "";
}

static int takes_value(const fr_json *option)
{
    return strcmp(type_of(option), "flag") != 0;
}

/* The command that prints an option's values, or NULL. */
static const char *names_command(const fr_json *option)
{
    for (size_t i = 0; i < sizeof project_names / sizeof *project_names; i++) {
        if (strcmp(project_names[i].type, type_of(option)) == 0)
            return project_names[i].command;
    }
    return NULL;
}

/* ----------------------------------------------------------------------- bash */

static void put_option_words(const fr_command *command, fr_buf *out)
{
    size_t count;
    const fr_global_option *globals = fr_option_globals(&count);
    const fr_json *row = fr_json_first(fr_json_get(command->tree, "options"));

    for (; row != NULL; row = fr_json_next(row)) {
        if (!fr_json_is_true(row, "hidden"))
            fr_buf_printf(out, "--%s ", fr_json_get_string(row, "name"));
    }
    for (size_t i = 0; i < count; i++)
        fr_buf_printf(out, "--%s%s", globals[i].name, i + 1 < count ? " " : "");
}

static void put_values(const fr_json *values, fr_buf *out)
{
    for (const fr_json *value = fr_json_first(values); value; value = fr_json_next(value))
        fr_buf_printf(out, "%s%s", value == fr_json_first(values) ? "" : " ",
                      fr_json_string(value));
}

/* What can follow an option: its values, the project's environments, files. */
static void put_bash_values(const fr_json *option, const char *values, fr_buf *out)
{
    fr_buf_printf(out, "        --%s) words=", fr_json_get_string(option, "name"));
    if (names_command(option) != NULL)
        fr_buf_printf(out, "$(%s)", names_command(option));
    else
        quote(values, out);
    fr_buf_puts(out, " ;;\n");
}

/* `deploy) words='--env ...';;` and the values of its options. */
static void put_bash_command(const fr_command *command, const char *pattern, fr_buf *out)
{
    const fr_json *row = fr_json_first(fr_json_get(command->tree, "options"));
    fr_buf words = {0};

    put_option_words(command, &words);
    fr_buf_putc(&words, ' ');
    put_values(fr_json_get(fr_json_first(fr_json_get(command->tree, "arguments")), "values"),
               &words);
    fr_buf_printf(out, "    '%s')\n        words=", pattern);
    quote(fr_buf_text(&words), out);
    fr_buf_puts(out, "\n        case $previous in\n");
    for (; row != NULL; row = fr_json_next(row)) {
        fr_buf values = {0};
        put_values(fr_json_get(row, "values"), &values);
        if (takes_value(row))
            put_bash_values(row, fr_buf_text(&values), out);
        fr_buf_finish(&values);
    }
    fr_buf_puts(out, "        esac ;;\n");
    fr_buf_finish(&words);
}

static void put_top_words(const fr_commands *commands, fr_buf *out)
{
    for (size_t i = 0; i < commands->count; i++) {
        if (is_offered_at_top(&commands->commands[i]))
            fr_buf_printf(out, "%s ", commands->commands[i].top);
    }
    for (size_t i = 0; i < commands->group_count; i++) {
        if (is_offered_group(&commands->groups[i]))
            fr_buf_printf(out, "%s ", commands->groups[i].name);
    }
    fr_buf_puts(out, "--help --version");
}

static void put_group_words(const fr_commands *commands, const fr_command_group *group, fr_buf *out)
{
    for (size_t i = group->first; i < group->first + group->count; i++) {
        if (!commands->commands[i].hidden)
            fr_buf_printf(out, "%s ", commands->commands[i].name);
    }
    fr_buf_puts(out, "--help");
}

static void put_bash_cases(const fr_commands *commands, fr_buf *out)
{
    for (size_t i = 0; i < commands->group_count; i++) {
        const fr_command_group *group = &commands->groups[i];
        if (!is_offered_group(group))
            continue;
        fr_buf_printf(out, "    '%s') words='", group->name);
        put_group_words(commands, group, out);
        fr_buf_puts(out, "' ;;\n");
    }
    for (size_t i = 0; i < commands->count; i++) {
        const fr_command *command = &commands->commands[i];
        if (is_offered_at_top(command))
            put_bash_command(command, command->top, out);
        if (is_offered_group(&commands->groups[command->group]) && !command->hidden)
            put_bash_command(command, command->usage + strlen("fractary "), out);
    }
}

static void bash_script(const fr_commands *commands, fr_buf *out)
{
    fr_buf_puts(out, "# Completion of fractary for bash, made by `fractary completion bash`.\n"
                     "_fractary()\n{\n"
                     "    local current=${COMP_WORDS[COMP_CWORD]}\n"
                     "    local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
                     "    local at='' words word i\n"
                     "    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}\n"
                     "    [[ $current == = ]] && previous=${COMP_WORDS[COMP_CWORD-1]} current=''\n"
                     "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                     "        word=${COMP_WORDS[i]}\n"
                     "        [[ $word == -* ]] && break\n"
                     "        at=\"${at:+$at }$word\"\n"
                     "    done\n"
                     "    case $at in\n"
                     "    '') words='");
    put_top_words(commands, out);
    fr_buf_puts(out, "' ;;\n");
    put_bash_cases(commands, out);
    fr_buf_puts(out, "    *) words='' ;;\n    esac\n"
                     "    if [[ $previous == --project ]]; then\n"
                     "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
                     "    elif [[ -n $words ]]; then\n"
                     "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
                     "    else\n"
                     "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
                     "    fi\n"
                     "}\ncomplete -F _fractary fractary\n");
}

/* ------------------------------------------------------------------------ zsh */

/* bash's script serves zsh through its own emulation. */
static void zsh_script(const fr_commands *commands, fr_buf *out)
{
    fr_buf_puts(out, "#compdef fractary\n");
    fr_buf_puts(out, "# Completion of fractary for zsh, made by `fractary completion zsh`.\n"
                     "_fractary_words()\n{\n"
                     "    local at='' words='' word previous=${words_so_far[-1]}\n"
                     "    for word in ${words_so_far[@]}; do\n"
                     "        [[ $word == -* ]] && break\n"
                     "        at=\"${at:+$at }$word\"\n"
                     "    done\n"
                     "    case $at in\n"
                     "    '') words='");
    put_top_words(commands, out);
    fr_buf_puts(out, "' ;;\n");
    put_bash_cases(commands, out);
    fr_buf_puts(out, "    esac\n"
                     "    [[ $previous == --project ]] && words=''\n"
                     "    print -r -- $words\n"
                     "}\n"
                     "_fractary()\n{\n"
                     "    local -a words_so_far found\n"
                     "    words_so_far=(${words[2,CURRENT-1]})\n"
                     "    found=(${=$(_fractary_words)})\n"
                     "    if (( ${#found} )); then compadd -a found; else _files; fi\n"
                     "}\n"
                     "if [[ ${funcstack[1]} == _fractary* ]]; then _fractary; "
                     "else compdef _fractary fractary; fi\n");
}

/* ----------------------------------------------------------------------- fish */

static void put_fish_word(const char *condition, const char *word, const char *summary, fr_buf *out)
{
    fr_buf_printf(out, "complete -c fractary -n '%s' -f -a %s -d ", condition, word);
    quote_fish(summary, out);
    fr_buf_putc(out, '\n');
}

static void put_fish_option(const char *condition, const fr_json *option, fr_buf *out)
{
    fr_buf help = {0};
    fr_buf values = {0};

    if (fr_json_is_true(option, "hidden"))
        return;
    fr_help_option_text(option, &help);
    put_values(fr_json_get(option, "values"), &values);
    fr_buf_printf(out, "complete -c fractary -n '%s' -l %s", condition,
                  fr_json_get_string(option, "name"));
    if (names_command(option) != NULL)
        fr_buf_printf(out, " -x -a '(%s)'", names_command(option));
    else if (values.length != 0) {
        fr_buf_puts(out, " -x -a ");
        quote_fish(fr_buf_text(&values), out);
    } else if (takes_value(option)) {
        fr_buf_puts(out, " -r");
    }
    fr_buf_puts(out, " -d ");
    quote_fish(fr_buf_text(&help), out);
    fr_buf_putc(out, '\n');
    fr_buf_finish(&help);
    fr_buf_finish(&values);
}

static void put_fish_options(const fr_command *command, const char *condition, fr_buf *out)
{
    const fr_json *row = fr_json_first(fr_json_get(command->tree, "options"));

    for (; row != NULL; row = fr_json_next(row))
        put_fish_option(condition, row, out);
    row = fr_json_get(fr_json_first(fr_json_get(command->tree, "arguments")), "values");
    for (row = fr_json_first(row); row != NULL; row = fr_json_next(row))
        fr_buf_printf(out, "complete -c fractary -n '%s' -f -a %s\n", condition,
                      fr_json_string(row));
}

static void put_fish_command(const fr_commands *commands, const fr_command *command, fr_buf *out)
{
    const fr_command_group *group = &commands->groups[command->group];
    fr_buf condition = {0};

    if (is_offered_at_top(command)) {
        put_fish_word("__fractary_at \"\"", command->top, command->summary, out);
        fr_buf_printf(&condition, "__fractary_at \"%s\"", command->top);
        put_fish_options(command, fr_buf_text(&condition), out);
    }
    if (is_offered_group(group) && !command->hidden) {
        fr_buf_clear(&condition);
        fr_buf_printf(&condition, "__fractary_at \"%s\"", group->name);
        put_fish_word(fr_buf_text(&condition), command->name, command->summary, out);
        fr_buf_clear(&condition);
        fr_buf_printf(&condition, "__fractary_at \"%s %s\"", group->name, command->name);
        put_fish_options(command, fr_buf_text(&condition), out);
    }
    fr_buf_finish(&condition);
}

static void fish_script(const fr_commands *commands, fr_buf *out)
{
    size_t count;
    const fr_global_option *globals = fr_option_globals(&count);

    fr_buf_puts(out, "# Completion of fractary for fish, made by `fractary completion fish`.\n"
                     "function __fractary_at\n"
                     "    set -l words (commandline -opc | string match -v -- '-*')\n"
                     "    test \"$words[2..-1]\" = \"$argv\"\n"
                     "end\n");
    for (size_t i = 0; i < count; i++) {
        fr_buf_printf(out, "complete -c fractary -l %s%s -d ", globals[i].name,
                      globals[i].value != NULL ? " -r" : "");
        quote_fish(globals[i].help, out);
        fr_buf_putc(out, '\n');
    }
    for (size_t i = 0; i < commands->group_count; i++) {
        if (is_offered_group(&commands->groups[i]))
            put_fish_word("__fractary_at \"\"", commands->groups[i].name,
                          commands->groups[i].summary, out);
    }
    for (size_t i = 0; i < commands->count; i++)
        put_fish_command(commands, &commands->commands[i], out);
}

static const struct shell {
    const char *name;
    void (*script)(const fr_commands *commands, fr_buf *out);
} shells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

int32_t fr_completion_script(const fr_commands *commands, const char *shell, fr_buf *out)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (!fr_str_equal(shells[i].name, shell))
            continue;
        shells[i].script(commands, out);
        return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
    }
    return FRACTARY_E_INVALID;
}
