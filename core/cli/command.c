#include "cli/command.h"

#include <fractary-plugin/error.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "fractary"

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

static int is_core(const char *plugin)
{
    return plugin == NULL || plugin[0] == '\0';
}

/* ------------------------------------------------------------------ building */

static char *make_usage(const char *group, const char *name)
{
    return group[0] != '\0' ? fr_str_format(PROGRAM " %s %s", group, name)
                            : fr_str_format(PROGRAM " %s", name);
}

static int32_t add_command(fr_commands *commands, const fr_command_source *source,
                           const fr_json *row)
{
    const fr_command_group *group = &commands->groups[commands->group_count];
    const char *name = text_of(row, "name");
    fr_command *command = &commands->commands[commands->count];

    *command = (fr_command){
        .tree = row,
        .plugin = source->plugin,
        .group = commands->group_count,
        .name = name,
        .summary = text_of(row, "summary"),
        .usage = make_usage(group->name, name),
        .top = group->name[0] == '\0' ? name : fr_json_get_string(row, "top_level"),
        .hidden = fr_json_is_true(row, "hidden"),
    };
    commands->count++;
    return command->usage != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

static int32_t add_source(fr_commands *commands, const fr_command_source *source)
{
    const fr_json *group = fr_json_get(source->tree, "group");
    const fr_json *row = fr_json_first(fr_json_get(source->tree, "commands"));

    if (row == NULL || (group == NULL && !is_core(source->plugin)))
        return FRACTARY_OK;
    commands->groups[commands->group_count] = (fr_command_group){
        .name = text_of(group, "name"),
        .summary = text_of(group, "summary"),
        .plugin = source->plugin,
        .first = commands->count,
    };
    int32_t status = FRACTARY_OK;
    for (; row != NULL && status == FRACTARY_OK; row = fr_json_next(row))
        status = add_command(commands, source, row);
    fr_command_group *added = &commands->groups[commands->group_count++];
    added->count = commands->count - added->first;
    return status;
}

/* Where somebody else claims a name at top level, as a group or a command. */
typedef struct claim {
    const fr_command_group *group; /* that must not be counted, or NULL   */
    const fr_command *command;     /* that must not be counted, or NULL   */
    const char *name;
} claim;

static const char *other_claimant(const fr_commands *commands, const claim *by)
{
    for (size_t i = 0; i < commands->group_count; i++) {
        const fr_command_group *group = &commands->groups[i];
        if (group != by->group && fr_str_equal(group->name, by->name))
            return group->plugin;
    }
    for (size_t i = 0; i < commands->count; i++) {
        const fr_command *command = &commands->commands[i];
        if (command != by->command && fr_str_equal(command->top, by->name))
            return command->plugin;
    }
    return NULL;
}

/* All are looked at before any is taken away: so the third of three claimants
 * does not get what the first two have lost. The core keeps its names. */
static void settle_disputes(fr_commands *commands)
{
    for (size_t i = 0; i < commands->group_count; i++) {
        fr_command_group *group = &commands->groups[i];
        if (!is_core(group->plugin) && group->name[0] != '\0')
            group->disputed = other_claimant(commands, &(claim){group, NULL, group->name});
    }
    for (size_t i = 0; i < commands->count; i++) {
        fr_command *command = &commands->commands[i];
        if (!is_core(command->plugin) && command->top != NULL)
            command->disputed = other_claimant(commands, &(claim){NULL, command, command->top});
    }
}

static size_t count_commands(const fr_command_source *sources, size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += fr_json_count(fr_json_get(sources[i].tree, "commands"));
    return total;
}

int32_t fr_commands_init(fr_commands *commands, const fr_command_source *sources, size_t count,
                         fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    *commands = (fr_commands){0};
    commands->groups = calloc(count + 1, sizeof *commands->groups);
    commands->commands = calloc(count_commands(sources, count) + 1, sizeof *commands->commands);
    if (commands->groups == NULL || commands->commands == NULL)
        status = FRACTARY_E_NOMEM;
    for (size_t i = 0; i < count && status == FRACTARY_OK; i++)
        status = add_source(commands, &sources[i]);
    if (status != FRACTARY_OK) {
        fr_commands_finish(commands);
        return fr_error_nomem(error);
    }
    settle_disputes(commands);
    return FRACTARY_OK;
}

void fr_commands_finish(fr_commands *commands)
{
    for (size_t i = 0; commands->commands != NULL && i < commands->count; i++)
        free(commands->commands[i].usage);
    free(commands->commands);
    free(commands->groups);
    *commands = (fr_commands){0};
}

/* ------------------------------------------------------------------- finding */

/* Candidates for "did you mean". */
typedef struct names {
    const char **items;
    size_t count;
} names;

static void add_name(names *known, const char *name)
{
    if (name != NULL && name[0] != '\0')
        known->items[known->count++] = name;
}

static int32_t unknown_name(names *known, const char *kind, const char *word, const char *help,
                            fractary_error *error)
{
    const char *nearest = fr_str_nearest(word, known->items, known->count);

    fr_error_set(error, FRACTARY_E_INVALID, "there is no %s \"%s\"", kind, word);
    if (nearest != NULL)
        fr_error_advice(error, "did you mean %s? All commands: %s", nearest, help);
    else
        fr_error_advice(error, "all commands: %s", help);
    return FRACTARY_E_INVALID;
}

static int32_t unknown_at_top(const fr_commands *commands, const char *word, fractary_error *error)
{
    names known = {calloc(commands->group_count + commands->count + 1, sizeof(char *)), 0};

    if (known.items == NULL)
        return fr_error_nomem(error);
    for (size_t i = 0; i < commands->group_count; i++)
        add_name(&known, commands->groups[i].name);
    for (size_t i = 0; i < commands->count; i++)
        add_name(&known, commands->commands[i].hidden ? NULL : commands->commands[i].top);
    const int32_t status = unknown_name(&known, "command", word, PROGRAM " --help", error);
    free(known.items);
    return status;
}

static int32_t unknown_in_group(const fr_commands *commands, const fr_command_group *group,
                                const char *word, fractary_error *error)
{
    names known = {calloc(group->count + 1, sizeof(char *)), 0};
    char *help = fr_str_format(PROGRAM " %s --help", group->name);
    int32_t status = FRACTARY_E_NOMEM;

    if (known.items != NULL && help != NULL) {
        for (size_t i = 0; i < group->count; i++)
            add_name(&known, commands->commands[group->first + i].name);
        status = unknown_name(&known, "command", word, help, error);
    }
    free(help);
    free(known.items);
    return status == FRACTARY_E_NOMEM ? fr_error_nomem(error) : status;
}

static int32_t refuse_disputed(const char *word, const char *one, const char *other,
                               fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" is not available", word);
    if (is_core(other))
        fr_error_cause(error, "the name belongs to fractary itself, and %s claims it", one);
    else
        fr_error_cause(error, "both %s and %s claim the name, so neither gets it", one, other);
    fr_error_advice(error, "use the command's full name, or remove one of the plugins "
                           "(fractary plugin list)");
    return FRACTARY_E_INVALID;
}

static int32_t find_in_group(const fr_commands *commands, const fr_command_group *group,
                             const char *word, fr_command_match *match, fractary_error *error)
{
    for (size_t i = group->first; i < group->first + group->count; i++) {
        if (fr_str_equal(commands->commands[i].name, word)) {
            *match = (fr_command_match){&commands->commands[i], group, 2};
            return FRACTARY_OK;
        }
    }
    return unknown_in_group(commands, group, word, error);
}

static int is_word(int argc, char *const *argv, int index)
{
    return index < argc && argv[index][0] != '-';
}

/* The first is told; any further claimant says the same. */
static void note_dispute(const char **disputed, const char *one, const char *other)
{
    if (disputed[0] != NULL)
        return;
    disputed[0] = one;
    disputed[1] = other;
}

/* Both look for what `word` names and note a dispute about it on the way. */
static const fr_command *find_at_top(const fr_commands *commands, const char *word,
                                     const char **disputed)
{
    for (size_t i = 0; i < commands->count; i++) {
        const fr_command *command = &commands->commands[i];
        if (!fr_str_equal(command->top, word))
            continue;
        if (command->disputed == NULL)
            return command;
        note_dispute(disputed, command->plugin, command->disputed);
    }
    return NULL;
}

static const fr_command_group *find_group(const fr_commands *commands, const char *word,
                                          const char **disputed)
{
    for (size_t i = 0; i < commands->group_count; i++) {
        const fr_command_group *group = &commands->groups[i];
        if (group->name[0] == '\0' || strcmp(group->name, word) != 0)
            continue;
        if (group->disputed == NULL)
            return group;
        note_dispute(disputed, group->plugin, group->disputed);
    }
    return NULL;
}

int32_t fr_commands_find(const fr_commands *commands, int argc, char *const *argv,
                         fr_command_match *match, fractary_error *error)
{
    const char *disputed[2] = {NULL, NULL};
    const fr_command *command = find_at_top(commands, argv[0], disputed);

    if (command != NULL) {
        *match = (fr_command_match){command, &commands->groups[command->group], 1};
        return FRACTARY_OK;
    }
    const fr_command_group *group = find_group(commands, argv[0], disputed);
    if (group != NULL && is_word(argc, argv, 1))
        return find_in_group(commands, group, argv[1], match, error);
    if (group != NULL) {
        *match = (fr_command_match){NULL, group, 1};
        return FRACTARY_OK;
    }
    if (disputed[0] != NULL)
        return refuse_disputed(argv[0], disputed[0], disputed[1], error);
    return unknown_at_top(commands, argv[0], error);
}

const char *fr_command_title(const fr_command *command)
{
    if (command->top != NULL && command->disputed == NULL)
        return command->top;
    return command->usage + strlen(PROGRAM " ");
}

int fr_command_wants_project(const fr_command *command)
{
    return fr_json_get_bool(command->tree, "project", 1);
}

int fr_command_wants_run(const fr_command *command)
{
    return fr_json_is_true(command->tree, "run");
}
