#include "cli/core_table.h"

#include <fractary-plugin/error.h>

#define ROWS 4

/* A row whose name is NULL ends a list. */
typedef struct option_row {
    const char *name, *type, *value, *help;
} option_row;

typedef struct argument_row {
    const char *name, *help;
    int required, repeat;
    const char *values[ROWS];
} argument_row;

typedef struct command_row {
    const char *name, *summary, *description;
    const char *examples[ROWS];
    argument_row arguments[ROWS];
    option_row options[ROWS];
    int hidden;
} command_row;

static const command_row top_level[] = {
    {
        .name = "init",
        .summary = "Find out about the project and write its configuration",
        .description =
            "Looks at the project's folder: git, Terraform folders, var files, workspaces, the "
            "backend, AWS profiles and regions. Asks only what it cannot find, and writes "
            ".fractary/plugins/devops/config.json with its schema and the lines for .gitignore. "
            "Running it again changes nothing that is there.",
        .examples = {"fractary init", "fractary init --yes", "fractary init --dry-run --json"},
        .options = {{"yes", "flag", NULL, "Ask nothing; what is not known stays empty"},
                    {"dry-run", "flag", NULL, "Show what would be written, and write nothing"}},
    },
    {
        .name = "doctor",
        .summary = "Check whether everything that is needed is there",
        .description =
            "Checks the installation, the plugins, the tools that they need, the project's "
            "configuration and its folders, and the terminal. Changes nothing and asks no cloud. "
            "Ends with 1 when there is a problem.",
        .examples = {"fractary doctor", "fractary doctor --json"},
    },
    {
        .name = "stacks",
        .summary = "List the stacks, what is deployed of each, and which needs which",
        .description =
            "Lists the project's stacks in the order of their dependencies, each with its folder "
            "and what its registries say. With --edges the code is read as well: which stack "
            "reads another one's state, its parameters, or what it made, by which line, and "
            "whether depends_on says so. Asks nobody and runs nothing.",
        .examples = {"fractary stacks", "fractary stacks --env prod", "fractary stacks --edges"},
        .options = {{"env", "environment", "NAME", "Only the stacks of this environment"},
                    {"edges", "flag", NULL, "Show what the code of each stack needs of others"}},
    },
    {
        .name = "help",
        .summary = "Explain fractary, or one command",
        .description = "The same as --help behind the command.",
        .examples = {"fractary help", "fractary help deploy", "fractary help plugin list"},
        .arguments = {{.name = "command", .help = "Command to explain", .repeat = 1}},
    },
    {
        .name = "completion",
        .summary = "Print a completion script for a shell",
        .description = "Covers the commands of all plugins that are installed now.",
        .examples = {"source <(fractary completion bash)",
                     "fractary completion fish > ~/.config/fish/completions/fractary.fish"},
        .arguments = {{.name = "shell",
                       .help = "The shell",
                       .required = 1,
                       .values = {"bash", "zsh", "fish"}}},
    },
    {
        .name = "completion-environments",
        .summary = "Print the names of the project's environments",
        .description = "For the completion scripts.",
        .examples = {"fractary completion-environments"},
        .hidden = 1,
    },
    {
        .name = "completion-stacks",
        .summary = "Print the names of the project's stacks",
        .description = "For the completion scripts.",
        .examples = {"fractary completion-stacks"},
        .hidden = 1,
    },
    {
        .name = "reference",
        .summary = "Print the reference of all commands",
        .description = "Made from the tables by which the command line is parsed.",
        .examples = {"fractary reference markdown > docs/reference/commands.md"},
        .arguments = {{.name = "form",
                       .help = "Form of the text",
                       .required = 1,
                       .values = {"markdown", "man"}}},
        .hidden = 1,
    },
    {.name = NULL},
};

static const command_row plugin_commands[] = {
    {
        .name = "list",
        .summary = "List the plugins that were found",
        .description = "Reads manifests only; no plugin's code runs.",
        .examples = {"fractary plugin list", "fractary plugin list --json"},
    },
    {
        .name = "info",
        .summary = "Show what a plugin says of itself",
        .description = "What it provides and needs, which files and variables it may read, its "
                       "commands. Reads the manifest only; none of the plugin's code runs.",
        .examples = {"fractary plugin info iac-terraform"},
        .arguments = {{.name = "id", .help = "Id of the plugin", .required = 1}},
    },
    {.name = NULL},
};

static const struct group_row {
    const char *name, *summary;
    const command_row *commands;
} groups[FR_CORE_TABLES] = {
    {NULL, NULL, top_level},
    {"plugin", "Look at the plugins that are installed", plugin_commands},
};

static int32_t set_texts(fr_json *object, const char *key, const char *const *texts)
{
    fr_json *list = fr_json_array();
    int32_t status = list != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;

    for (size_t i = 0; i < ROWS && texts[i] != NULL && status == FRACTARY_OK; i++)
        status = fr_json_add_string(list, texts[i]);
    if (status == FRACTARY_OK && fr_json_first(list) != NULL)
        return fr_json_set(object, key, list);
    fr_json_free(list);
    return status;
}

/* The setters take what a failed maker gives, so one check at the end of a
 * chain would not see all: hence `|=` on statuses that are zero or negative. */
static fr_json *make_argument(const argument_row *row)
{
    fr_json *object = fr_json_object();
    int32_t status = fr_json_set_string(object, "name", row->name);

    status |= fr_json_set_string(object, "help", row->help);
    status |= fr_json_set_bool(object, "required", row->required);
    status |= fr_json_set_bool(object, "repeat", row->repeat);
    status |= set_texts(object, "values", row->values);
    if (status == FRACTARY_OK)
        return object;
    fr_json_free(object);
    return NULL;
}

static fr_json *make_option(const option_row *row)
{
    fr_json *object = fr_json_object();
    int32_t status = fr_json_set_string(object, "name", row->name);

    status |= fr_json_set_string(object, "type", row->type);
    status |= fr_json_set_string(object, "help", row->help);
    if (row->value != NULL)
        status |= fr_json_set_string(object, "value", row->value);
    if (status == FRACTARY_OK)
        return object;
    fr_json_free(object);
    return NULL;
}

static int32_t set_rows(fr_json *object, const command_row *row)
{
    fr_json *arguments = fr_json_array();
    fr_json *options = fr_json_array();
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < ROWS && row->arguments[i].name != NULL; i++)
        status |= fr_json_add(arguments, make_argument(&row->arguments[i]));
    for (size_t i = 0; i < ROWS && row->options[i].name != NULL; i++)
        status |= fr_json_add(options, make_option(&row->options[i]));
    status |= fr_json_set(object, "arguments", arguments);
    status |= fr_json_set(object, "options", options);
    return status;
}

static fr_json *make_command(const command_row *row)
{
    fr_json *object = fr_json_object();
    int32_t status = fr_json_set_string(object, "name", row->name);

    status |= fr_json_set_string(object, "summary", row->summary);
    status |= fr_json_set_string(object, "description", row->description);
    status |= fr_json_set_bool(object, "hidden", row->hidden);
    status |= fr_json_set_bool(object, "project", 0);
    status |= set_texts(object, "examples", row->examples);
    status |= set_rows(object, row);
    if (status == FRACTARY_OK)
        return object;
    fr_json_free(object);
    return NULL;
}

static fr_json *make_table(const struct group_row *row)
{
    fr_json *table = fr_json_object();
    fr_json *commands = fr_json_array();
    int32_t status = FRACTARY_OK;

    for (const command_row *command = row->commands; command->name != NULL; command++)
        status |= fr_json_add(commands, make_command(command));
    status |= fr_json_set(table, "commands", commands);
    if (row->name != NULL) {
        fr_json *group = fr_json_object();
        status |= fr_json_set_string(group, "name", row->name);
        status |= fr_json_set_string(group, "summary", row->summary);
        status |= fr_json_set(table, "group", group);
    }
    if (status == FRACTARY_OK)
        return table;
    fr_json_free(table);
    return NULL;
}

int32_t fr_core_tables(fr_json **tables, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    *tables = fr_json_array();
    for (size_t i = 0; i < FR_CORE_TABLES; i++)
        status |= fr_json_add(*tables, make_table(&groups[i]));
    if (status == FRACTARY_OK)
        return FRACTARY_OK;
    fr_json_free(*tables);
    *tables = NULL;
    return fr_error_nomem(error);
}
