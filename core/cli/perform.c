#include "cli/perform.h"

#include "cli/broken_off.h"
#include "cli/stack_choice.h"
#include "cli/stack_run.h"
#include "cli/variables.h"
#include "plugin/command.h"
#include "plugin/section.h"
#include "service/records.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The option that names the environment, or NULL. */
static const fr_json *environment_option(const fr_command *command)
{
    const fr_json *row = fr_json_first(fr_json_get(command->tree, "options"));

    while (row != NULL && !fr_str_equal(fr_json_get_string(row, "type"), "environment"))
        row = fr_json_next(row);
    return row;
}

static int32_t load_config(fr_app *app, fractary_error *error)
{
    char *root = NULL;
    int32_t status = fr_config_find(app->folder, &root, error);

    if (status == FRACTARY_OK)
        status = fr_config_load(root, &app->config, error);
    if (status == FRACTARY_OK)
        status = fr_section_check_ids(app->config, app->catalog, error);
    free(root);
    return status;
}

/* Production only when somebody names it. */
static int32_t refuse_default(const fr_environment *environment, const char *option,
                              fractary_error *error)
{
    if (environment->class != FR_CLASS_PRODUCTION)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_CONFIG, "the default environment %s is of class production",
                 environment->name);
    fr_error_cause(error, "production is meant only when it is named; %s",
                   environment->classified ? "the configuration gives it that class"
                                           : "an environment without a class counts as production");
    fr_error_advice(error,
                    "name it with --%s %s, or set default_environment or the "
                    "environment's class in " FR_CONFIG_FILE,
                    option, environment->name);
    return FRACTARY_E_CONFIG;
}

/* Nobody has asked for an environment of that name, so that is not the news. */
static int32_t no_default(const char *name, const char *option, fractary_error *error)
{
    char *known = fr_str_dup(error->cause);

    fr_error_set(error, FRACTARY_E_INVALID,
                 "no environment is named, and the project has none called \"%s\"", name);
    fr_error_cause(error, "%s", known != NULL ? known : "");
    fr_error_advice(error, "name one with --%s, or set default_environment in " FR_CONFIG_FILE,
                    option);
    free(known);
    return FRACTARY_E_INVALID;
}

/* Finds the environment that is meant and puts its name among the options. */
static int32_t choose_environment(fr_app *app, const fr_command *command, const fr_json *given,
                                  fr_json *options, const char **chosen, fractary_error *error)
{
    const char *option = fr_json_get_string(environment_option(command), "name");
    fr_environment environment;

    *chosen = "";
    if (option == NULL || app->config == NULL)
        return FRACTARY_OK;
    const char *name = fr_json_get_string(given, option);
    const int named = name != NULL;
    if (!named)
        name = fr_config_default_environment(app->config);
    int32_t status = fr_config_environment(app->config, name, &environment, error);
    if (status == FRACTARY_E_INVALID && !named)
        return no_default(name, option, error);
    if (status == FRACTARY_OK && !named)
        status = refuse_default(&environment, option, error);
    if (status != FRACTARY_OK)
        return status;
    *chosen = environment.name;
    if (fr_json_set_string(options, option, environment.name) != FRACTARY_OK)
        return fr_error_nomem(error);
    return FRACTARY_OK;
}

/* What plugins printed themselves. */
static void tell_captured(fr_app *app, int stream)
{
    static const char *const names[FR_CAPTURE_STREAMS] = {"standard output", "standard error"};
    const char *blamed = app->capture.streams[stream].blamed;
    fr_buf text = {0};

    const uint64_t size = fr_capture_told(&app->capture, stream, &text);
    if (size != 0) {
        fr_json *record = fr_record_new("log", "%s wrote %" PRIu64 " bytes to %s itself: %s",
                                        blamed[0] != '\0' ? blamed : "a plugin", size,
                                        names[stream], fr_buf_text(&text));
        fr_json_set_string(record, "level", "warning");
        fr_records_emit(app->context.records, record);
    }
    fr_buf_finish(&text);
}

/* A plugin may still print while its instance is destroyed. */
static void end_plugins(fr_app *app, const char *plugin)
{
    fr_broker_destroy(app->broker);
    app->broker = NULL;
    fr_capture_look(&app->capture, plugin);
    for (int i = 0; i < FR_CAPTURE_STREAMS; i++)
        tell_captured(app, i);
}

/* A command, ready to run. */
typedef struct performance {
    fr_app *app;
    const fr_command *command;
    const fr_json *options;
    const char *environment;
    int told; /* which variables no child gets */
} performance;

/* For the stack that app->context.stack names. */
static int32_t run_command(void *context, fractary_error *error)
{
    performance *p = context;
    fr_app *app = p->app;
    int32_t status = fr_app_open(app, p->environment, fr_command_wants_run(p->command), error);

    if (status != FRACTARY_OK)
        return status;
    if (fr_command_wants_run(p->command) && !p->told)
        fr_tell_variables(app->context.records, app->config, p->environment);
    if (fr_command_wants_run(p->command))
        fr_broken_off_tell(app);
    p->told = 1;
    status = fr_broker_run(app->broker, p->command->plugin, p->command->name, p->options, error);
    app->interrupts += fr_loop_interrupts(app->context.loop);
    end_plugins(app, p->command->plugin);
    return status;
}

static int32_t run_stacks(performance *p, fr_json *result, fractary_error *error)
{
    const fr_stack_work work = {p, run_command};
    fr_vec stacks = {0};
    int all;
    int32_t status = fr_stacks_choose(p->app, p->command, p->options, p->environment, &stacks, &all,
                                      result, error);

    p->app->context.environment = p->environment;
    if (status == FRACTARY_OK && stacks.count == 0) {
        status =
            fr_json_is_true(p->options, "detailed-exitcode") ? FRACTARY_E_NOTHING : FRACTARY_OK;
    } else if (status == FRACTARY_OK && all) {
        status = fr_stacks_run(p->app, p->command, &stacks, &work, result, error);
    } else if (status == FRACTARY_OK) {
        p->app->context.stack = stacks.items[0];
        status = run_command(p, error);
    }
    fr_vec_finish(&stacks, NULL);
    return status;
}

/* A wrong command line is said before a missing project. */
int32_t fr_perform(fr_app *app, const fr_command *command, int argc, char *const *argv,
                   fr_json *result, fractary_error *error)
{
    performance p = {.app = app, .command = command, .environment = ""};
    fr_json *given = NULL;
    fr_json *options = NULL;
    int32_t status =
        fr_option_parse(command->tree, fr_command_title(command), argc, argv, &given, error);

    if (status == FRACTARY_OK)
        status = fr_command_options(command->tree, given, &options, error);
    if (status == FRACTARY_OK && fr_command_wants_project(command))
        status = load_config(app, error);
    if (status == FRACTARY_OK)
        status = choose_environment(app, command, given, options, &p.environment, error);
    if (status == FRACTARY_OK && p.environment[0] != '\0')
        status = fr_pass_check(app->config, p.environment, error);
    p.options = options;
    if (status == FRACTARY_OK)
        status = run_stacks(&p, result, error);
    fr_json_free(given);
    fr_json_free(options);
    return status;
}
