#include "cli/option.h"

#include <fractary-plugin/error.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static const fr_global_option global_options[] = {
    {"json", NULL, "Print records, one JSON object a line, instead of text"},
    {"quiet", NULL, "Print errors and the outcome only"},
    {"verbose", NULL, "Print what is said for debugging, too"},
    {"no-color", NULL, "Print without colours (as NO_COLOR does)"},
    {"project", "DIR", "Work on the project that holds DIR instead of the current folder"},
    {"help", NULL, "Explain the command (also -h)"},
    {"version", NULL, "Print the version"},
};

#define GLOBAL_COUNT (sizeof global_options / sizeof *global_options)

const fr_global_option *fr_option_globals(size_t *count)
{
    *count = GLOBAL_COUNT;
    return global_options;
}

/* An option as it stands in argv. */
typedef struct word {
    const char *name; /* without "--", not NUL-terminated when value is set */
    size_t length;
    const char *value; /* behind "=", or NULL                                */
} word;

static int is_option(const char *text)
{
    return text[0] == '-' && text[1] != '\0';
}

static int split(const char *text, word *out)
{
    if (strcmp(text, "-h") == 0)
        text = "--help";
    if (!fr_str_starts(text, "--") || text[2] == '\0')
        return 0;
    out->name = text + 2;
    out->length = strcspn(out->name, "=");
    out->value = out->name[out->length] == '=' ? out->name + out->length + 1 : NULL;
    return 1;
}

static int is_named(const word *given, const char *name)
{
    return name != NULL && strlen(name) == given->length &&
           memcmp(name, given->name, given->length) == 0;
}

/* ---------------------------------------------------------- global options */

static const fr_global_option *find_global(const word *given)
{
    for (size_t i = 0; i < GLOBAL_COUNT; i++) {
        if (is_named(given, global_options[i].name))
            return &global_options[i];
    }
    return NULL;
}

static void set_flag(fr_globals *globals, const char *name)
{
    const struct {
        const char *name;
        int *flag;
    } flags[] = {
        {"json", &globals->json},         {"quiet", &globals->quiet},
        {"no-color", &globals->no_color}, {"verbose", &globals->verbose},
        {"help", &globals->help},         {"version", &globals->version},
    };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(flags[i].name, name) == 0)
            *flags[i].flag = 1;
    }
}

static void complain(fractary_error *error, const char *problem, const char *name,
                     const char *advice)
{
    if (error->status != FRACTARY_OK)
        return;
    fr_error_set(error, FRACTARY_E_INVALID, "--%s %s", name, problem);
    fr_error_advice(error, "%s", advice);
}

/* Returns how many words of argv it took: one or two. */
static int take_global(const fr_global_option *option, const word *given, int left,
                       char *const *next, fr_globals *globals, fractary_error *error)
{
    if (option->value == NULL) {
        if (given->value != NULL)
            complain(error, "takes no value", option->name, "leave out what stands behind \"=\"");
        set_flag(globals, option->name);
        return 1;
    }
    if (given->value != NULL) {
        globals->project = given->value;
        return 1;
    }
    if (left > 0 && !is_option(next[0])) {
        globals->project = next[0];
        return 2;
    }
    complain(error, "needs a value", option->name, "name a folder: --project DIR");
    return 1;
}

int fr_option_take_globals(int argc, char **argv, fr_globals *globals, fractary_error *error)
{
    int kept = 0;
    int i = 0;

    *globals = (fr_globals){0};
    while (i < argc && strcmp(argv[i], "--") != 0) {
        word given;
        const fr_global_option *option = split(argv[i], &given) ? find_global(&given) : NULL;
        if (option == NULL)
            argv[kept++] = argv[i++];
        else
            i += take_global(option, &given, argc - i - 1, argv + i + 1, globals, error);
    }
    while (i < argc)
        argv[kept++] = argv[i++];
    if (globals->project != NULL && globals->project[0] == '\0')
        complain(error, "is empty", "project", "name a folder: --project DIR");
    return kept;
}

/* ----------------------------------------------------- options of a command */

typedef struct parsing {
    const fr_json *command;
    const char *title;
    fr_json *given;
    fractary_error *error;
    const fr_json *argument; /* the next one to fill */
} parsing;

static const fr_json *find_option(const fr_json *command, const word *given)
{
    const fr_json *option = fr_json_first(fr_json_get(command, "options"));

    while (option != NULL && !is_named(given, fr_json_get_string(option, "name")))
        option = fr_json_next(option);
    return option;
}

static int is_flag(const fr_json *option)
{
    return fr_str_equal(fr_json_get_string(option, "type"), "flag");
}

static int32_t wrong(const parsing *at, const char *dashes, const char *name, const char *problem)
{
    fr_error_set(at->error, FRACTARY_E_INVALID, "%s%s %s", dashes, name, problem);
    fr_error_advice(at->error, "see fractary %s --help", at->title);
    return FRACTARY_E_INVALID;
}

/* Names that could have been meant: the command's and the global ones. */
static const char **gather_names(const fr_json *command, size_t *count)
{
    const fr_json *options = fr_json_get(command, "options");
    const char **names = calloc(fr_json_count(options) + GLOBAL_COUNT, sizeof *names);

    *count = 0;
    if (names == NULL)
        return NULL;
    for (const fr_json *row = fr_json_first(options); row != NULL; row = fr_json_next(row)) {
        if (!fr_json_is_true(row, "hidden"))
            names[(*count)++] = fr_json_get_string(row, "name");
    }
    for (size_t i = 0; i < GLOBAL_COUNT; i++)
        names[(*count)++] = global_options[i].name;
    return names;
}

static int32_t unknown_option(const parsing *at, const char *text)
{
    size_t count;
    const char **names = gather_names(at->command, &count);
    char *bare = fr_str_ndup(text, strcspn(text, "="));

    if (bare == NULL || names == NULL) {
        fr_error_nomem(at->error);
        goto out;
    }
    const char *nearest = fr_str_nearest(bare + strspn(bare, "-"), names, count);
    fr_error_set(at->error, FRACTARY_E_INVALID, "fractary %s has no option %s", at->title, bare);
    if (nearest != NULL)
        fr_error_advice(at->error, "did you mean --%s? All options: fractary %s --help", nearest,
                        at->title);
    else
        fr_error_advice(at->error, "all options: fractary %s --help", at->title);
out:
    free(bare);
    free(names);
    return at->error->status;
}

/* Sets a value, or adds to the list of one that may be repeated. */
static int32_t put(const parsing *at, const fr_json *row, const char *dashes, const char *value)
{
    const char *name = fr_json_get_string(row, "name");
    fr_json *present = fr_json_get(at->given, name);
    int32_t status;

    if (!fr_str_is_utf8(value, strlen(value)))
        return wrong(at, dashes, name, "has a value that is not UTF-8");
    if (!fr_json_is_true(row, "repeat")) {
        if (present != NULL)
            return wrong(at, dashes, name, "is given twice");
        status = fr_json_set_string(at->given, name, value);
    } else {
        status = present != NULL ? FRACTARY_OK : fr_json_set(at->given, name, fr_json_array());
        if (status == FRACTARY_OK)
            status = fr_json_add_string(fr_json_get(at->given, name), value);
    }
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(at->error);
}

static int32_t put_flag(const parsing *at, const fr_json *option, const word *given)
{
    const char *name = fr_json_get_string(option, "name");

    if (given->value != NULL)
        return wrong(at, "--", name, "is a flag and takes no value");
    if (fr_json_set_bool(at->given, name, 1) != FRACTARY_OK)
        return fr_error_nomem(at->error);
    return FRACTARY_OK;
}

static int32_t missing_value(const parsing *at, const fr_json *option, const char *next)
{
    const char *name = fr_json_get_string(option, "name");
    const char *value = fr_json_get_string(option, "value");

    fr_error_set(at->error, FRACTARY_E_INVALID, "--%s needs a value", name);
    if (next != NULL)
        fr_error_cause(at->error, "what follows, \"%s\", looks like an option", next);
    fr_error_advice(at->error, "write --%s=%s", name,
                    next != NULL ? next : (value != NULL ? value : "VALUE"));
    return FRACTARY_E_INVALID;
}

/* One option; *used is how many words it took. */
static int32_t take_option(const parsing *at, int left, char *const *words, int *used)
{
    word given;
    const fr_json *option = split(words[0], &given) ? find_option(at->command, &given) : NULL;

    *used = 1;
    if (option == NULL)
        return unknown_option(at, words[0]);
    if (is_flag(option))
        return put_flag(at, option, &given);
    if (given.value != NULL)
        return put(at, option, "--", given.value);
    if (left < 2 || is_option(words[1]))
        return missing_value(at, option, left < 2 ? NULL : words[1]);
    *used = 2;
    return put(at, option, "--", words[1]);
}

static int32_t take_argument(parsing *at, const char *text)
{
    const fr_json *row = at->argument;

    if (row == NULL) {
        fr_error_set(at->error, FRACTARY_E_INVALID, "fractary %s does not take \"%s\"", at->title,
                     text);
        fr_error_cause(at->error, fr_json_first(fr_json_get(at->command, "arguments")) != NULL
                                      ? "it has all its arguments already"
                                      : "it has options only");
        fr_error_advice(at->error, "see fractary %s --help", at->title);
        return FRACTARY_E_INVALID;
    }
    if (!fr_json_is_true(row, "repeat"))
        at->argument = fr_json_next(row);
    return put(at, row, "", text);
}

static int32_t take_all(parsing *at, int argc, char *const *argv)
{
    int32_t status = FRACTARY_OK;
    int only_arguments = 0;

    for (int i = 0, used = 1; i < argc && status == FRACTARY_OK; i += used, used = 1) {
        if (!only_arguments && strcmp(argv[i], "--") == 0)
            only_arguments = 1;
        else if (!only_arguments && is_option(argv[i]))
            status = take_option(at, argc - i, argv + i, &used);
        else
            status = take_argument(at, argv[i]);
    }
    return status;
}

int32_t fr_option_parse(const fr_json *command, const char *title, int argc, char *const *argv,
                        fr_json **given, fractary_error *error)
{
    parsing at = {.command = command,
                  .title = title,
                  .given = fr_json_object(),
                  .error = error,
                  .argument = fr_json_first(fr_json_get(command, "arguments"))};

    *given = NULL;
    if (at.given == NULL)
        return fr_error_nomem(error);
    const int32_t status = take_all(&at, argc, argv);
    if (status == FRACTARY_OK)
        *given = at.given;
    else
        fr_json_free(at.given);
    return status;
}
