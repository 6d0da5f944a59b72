#include "cli/app.h"

#include "base/path.h"
#include "base/time.h"
#include "cli/core_table.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/perform.h"
#include "cli/result.h"
#include "plugin/command.h"
#include "service/records.h"
#include <fcntl.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK (250 * FR_MILLISECOND)

/* ------------------------------------------------- what must be quick and safe */

/* Asked before anything else is made, so that the answer costs nothing. */
static int wants_version(int argc, char **argv, int *json)
{
    int version = 0;

    *json = 0;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        version |= strcmp(argv[i], "--version") == 0;
        *json |= strcmp(argv[i], "--json") == 0;
    }
    return version;
}

static int say_version(int json)
{
    static const char text[] = "fractary " FRACTARY_VERSION "\n";
    static const char records[] =
        "{\"type\":\"stream\",\"message\":\"records of fractary " FRACTARY_VERSION
        "\",\"records\":1,\"version\":\"" FRACTARY_VERSION "\"}\n"
        "{\"type\":\"result\",\"message\":\"fractary " FRACTARY_VERSION
        "\",\"ok\":true,\"exit\":0,\"version\":\"" FRACTARY_VERSION "\"}\n";

    return fr_report_bare(STDOUT_FILENO, json ? records : text) == FRACTARY_OK ? FR_EXIT_DONE
                                                                               : FR_EXIT_FAILED;
}

/* A descriptor of these three that is closed would be taken by the next file
 * that is opened, and be written to as if it were the terminal. */
static int fill_standard_descriptors(void)
{
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0 &&
            open("/dev/null", i == STDIN_FILENO ? O_RDONLY : O_WRONLY) != i)
            return 0;
    }
    return 1;
}

/* -------------------------------------------------------------------- wiring */

static int terminal_present(void *context)
{
    const fr_app *app = context;
    return fr_report_can_ask(app->report);
}

static int32_t wait_readable(void *context, int descriptor, uint64_t deadline,
                             fractary_error *error)
{
    const fr_app *app = context;
    return fr_loop_wait_readable(app->context.loop, descriptor, deadline, "asking", error);
}

static int32_t terminal_ask(void *context, const char *question, fr_buf *answer,
                            fractary_error *error)
{
    fr_app *app = context;
    const fr_terminal_wait wait = {app, wait_readable};
    return fr_report_ask(app->report, question, &wait, answer, error);
}

static void terminal_warn(void *context, const char *text)
{
    const fr_app *app = context;
    fr_report_warn(app->report, text);
}

/* Resources come in crowds, and a look costs system calls. */
static void read_record(void *context, const fr_json *record)
{
    fr_app *app = context;
    const char *source = fr_json_get_string(record, "source");

    if (app->capturing && source != NULL &&
        !fr_str_equal(fr_json_get_string(record, "type"), "resource"))
        fr_capture_look(&app->capture, source);
    fr_report_record(app->report, record);
}

static void read_resource(void *context, const fr_resource_record *record)
{
    fr_report_resource(((fr_app *)context)->report, record);
}

static void tick(void *context)
{
    fr_app *app = context;

    fr_terminal_resize(&app->terminal);
    fr_report_tick(app->report);
    fr_loop_arm(app->context.loop, &app->ticking, fr_time_monotonic() + TICK);
}

static int32_t open_run(fr_app *app, fractary_error *error)
{
    const char *folder = app->config != NULL ? fr_config_folder(app->config) : NULL;
    int32_t status = fr_run_create(folder, &app->context.run, error);
    const char *run = status == FRACTARY_OK ? fr_run_folder(app->context.run, error) : NULL;

    if (run == NULL)
        return status != FRACTARY_OK ? status : error->status;
    char *path = fr_path_join(run, "journal.jsonl");
    status =
        path != NULL ? fr_journal_open(path, &app->context.journal, error) : fr_error_nomem(error);
    free(path);
    return status;
}

static int32_t open_broker(fr_app *app, fractary_error *error)
{
    const int32_t status =
        fr_broker_create(&app->context, app->catalog, app->places.modules, &app->broker, error);

    if (status != FRACTARY_OK)
        return status;
    app->context.broker = fr_broker_services(app->broker);
    app->context.guard = (fr_guard_world){app->broker, fr_broker_authenticate};
    app->context.terminal =
        (fr_approval_terminal){app, terminal_present, terminal_ask, terminal_warn};
    return FRACTARY_OK;
}

/* From here on nothing but the report reaches the real outputs. */
static int32_t start_capture(fr_app *app, fractary_error *error)
{
    const int32_t status = fr_capture_start(&app->capture, error);

    if (status != FRACTARY_OK)
        return status;
    app->capturing = 1;
    app->terminal.out = app->capture.streams[0].real;
    app->terminal.err = app->capture.streams[1].real;
    fr_broker_set_output(app->broker, app->terminal.err);
    return FRACTARY_OK;
}

void fr_app_stop_capture(fr_app *app)
{
    if (!app->capturing)
        return;
    fr_capture_stop(&app->capture);
    app->capturing = 0;
    app->terminal.out = STDOUT_FILENO;
    app->terminal.err = STDERR_FILENO;
}

int32_t fr_app_open(fr_app *app, const char *environment, int run, fractary_error *error)
{
    app->context.config = app->config;
    app->context.environment = environment;
    int32_t status = fr_loop_create(&app->context.loop, error);
    if (status == FRACTARY_OK) {
        app->ticking = (fr_timer){.context = app, .fired = tick};
        fr_loop_arm(app->context.loop, &app->ticking, fr_time_monotonic() + TICK);
        status = run ? open_run(app, error) : fr_run_create(NULL, &app->context.run, error);
    }
    if (status == FRACTARY_OK && fr_gate_create(&app->context.gate) != FRACTARY_OK)
        status = fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = open_broker(app, error);
    if (status == FRACTARY_OK)
        status = start_capture(app, error);
    return status;
}

void fr_app_close(fr_app *app)
{
    fr_broker_destroy(app->broker);
    app->broker = NULL;
    fr_app_stop_capture(app);
    fr_gate_destroy(app->context.gate);
    fr_journal_close(app->context.journal);
    fr_run_destroy(app->context.run);
    if (app->context.loop != NULL)
        fr_loop_disarm(app->context.loop, &app->ticking);
    fr_loop_destroy(app->context.loop);
    app->context.gate = NULL;
    app->context.journal = NULL;
    app->context.run = NULL;
    app->context.loop = NULL;
}

/* ------------------------------------------------------------ life of the app */

static int32_t open_folder(fr_app *app, fractary_error *error)
{
    char *here = getcwd(NULL, 0);

    if (here == NULL && app->globals.project == NULL) {
        fr_error_set(error, FRACTARY_E_IO, "the current folder cannot be found");
        return fr_error_advice(error, "go to another folder, or name one: --project DIR");
    }
    app->folder = fr_path_absolute(here != NULL ? here : "/",
                                   app->globals.project != NULL ? app->globals.project : ".");
    free(here);
    return app->folder != NULL ? FRACTARY_OK : fr_error_nomem(error);
}

/* Report and records: what is needed to say anything at all. */
static int32_t open_report(fr_app *app, fractary_error *error)
{
    const fr_report_options options = {app->globals.json, app->globals.quiet, app->globals.verbose};
    const fr_record_reader reader = {app, read_record, read_resource};

    fr_terminal_look(&app->terminal, STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO,
                     app->globals.no_color);
    int32_t status = fr_report_create(&app->terminal, &options, &app->report, error);
    if (status == FRACTARY_OK &&
        fr_records_create(&app->context, &reader, &app->context.records) != FRACTARY_OK)
        status = fr_error_nomem(error);
    return status;
}

static int is_offered(const fr_manifest *manifest)
{
    return fr_json_get(manifest->tree, "group") != NULL && manifest->commands != NULL;
}

/* Bad and shadowed plugins offer nothing. */
static size_t list_sources(const fr_app *app, fr_command_source *sources)
{
    size_t count = 0;

    for (const fr_json *table = fr_json_first(app->tables); table; table = fr_json_next(table))
        sources[count++] = (fr_command_source){"", table};
    for (size_t i = 0; i < fr_catalog_count(app->catalog); i++) {
        const fr_catalog_entry *entry = fr_catalog_at(app->catalog, i);
        if (entry->manifest != NULL && entry->shadowed_by == NULL && is_offered(entry->manifest))
            sources[count++] = (fr_command_source){entry->manifest->id, entry->manifest->tree};
    }
    return count;
}

static int32_t open_commands(fr_app *app, fractary_error *error)
{
    int32_t status = fr_places_init(&app->places, error);

    if (status == FRACTARY_OK)
        status = fr_catalog_read(app->places.plugins, app->places.count, &app->catalog, error);
    if (status == FRACTARY_OK)
        status = fr_core_tables(&app->tables, error);
    if (status != FRACTARY_OK)
        return status;
    app->context.home = app->places.home;
    fr_command_source *sources =
        calloc(fr_catalog_count(app->catalog) + FR_CORE_TABLES, sizeof *sources);
    if (sources == NULL)
        return fr_error_nomem(error);
    status = fr_commands_init(&app->commands, sources, list_sources(app, sources), error);
    free(sources);
    return status;
}

static void finish(fr_app *app)
{
    fr_app_close(app);
    fr_config_free(app->config);
    fr_commands_finish(&app->commands);
    fr_json_free(app->tables);
    fr_catalog_free(app->catalog);
    fr_places_finish(&app->places);
    fr_records_destroy(app->context.records);
    fr_report_destroy(app->report);
    free(app->folder);
}

/* ------------------------------------------------------------------ dispatch */

static const struct core_command {
    const char *title;
    fr_core_command run;
} core_commands[] = {
    {"init", fr_cmd_init},
    {"doctor", fr_cmd_doctor},
    {"stacks", fr_cmd_stacks},
    {"help", fr_cmd_help},
    {"completion", fr_cmd_completion},
    {"completion-environments", fr_cmd_completion_environments},
    {"completion-stacks", fr_cmd_completion_stacks},
    {"reference", fr_cmd_reference},
    {"plugin list", fr_cmd_plugin_list},
    {"plugin info", fr_cmd_plugin_info},
};

static fr_core_command find_core(const char *title)
{
    for (size_t i = 0; i < sizeof core_commands / sizeof *core_commands; i++) {
        if (fr_str_equal(core_commands[i].title, title))
            return core_commands[i].run;
    }
    return NULL;
}

static int32_t run_core(fr_app *app, const fr_command *command, int argc, char *const *argv,
                        fr_json *result, fractary_error *error)
{
    const fr_core_command run = find_core(fr_command_title(command));
    fr_json *given = NULL;
    fr_json *options = NULL;
    int32_t status =
        fr_option_parse(command->tree, fr_command_title(command), argc, argv, &given, error);

    if (status == FRACTARY_OK)
        status = fr_command_options(command->tree, given, &options, error);
    if (status == FRACTARY_OK)
        status = run != NULL ? run(app, options, result, error)
                             : fr_error_set(error, FRACTARY_E_UNSUPPORTED, "%s does nothing yet",
                                            command->usage);
    fr_json_free(given);
    fr_json_free(options);
    return status;
}

static int32_t needs_command(const fr_command_group *group, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "fractary %s needs a command", group->name);
    fr_error_advice(error, "all commands: fractary %s --help", group->name);
    return FRACTARY_E_INVALID;
}

static int32_t run_match(fr_app *app, const fr_command_match *match, int argc, char *const *argv,
                         fr_json *result, fractary_error *error)
{
    if (match->command == NULL)
        return needs_command(match->group, error);
    argc -= match->words;
    argv += match->words;
    if (match->command->plugin[0] == '\0')
        return run_core(app, match->command, argc, argv, result, error);
    return fr_perform(app, match->command, argc, argv, result, error);
}

/* An option before the command cannot be told from one that does not exist. */
static int32_t refuse_option(const char *word, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "there is no option %s before a command", word);
    fr_error_advice(error, "put a command's options behind it; all commands: fractary --help");
    return FRACTARY_E_INVALID;
}

static int32_t dispatch(fr_app *app, int argc, char *const *argv, fr_json *result,
                        fractary_error *error)
{
    fr_command_match match = {0};

    if (argc > 0 && argv[0][0] == '-' && !app->globals.help)
        return refuse_option(argv[0], error);
    if (argc == 0 || argv[0][0] == '-')
        return fr_help_show(app, NULL, result, error);
    int32_t status = fr_commands_find(&app->commands, argc, argv, &match, error);
    if (status != FRACTARY_OK)
        return status;
    app->title = match.command != NULL ? fr_command_title(match.command) : match.group->name;
    if (app->globals.help)
        return fr_help_show(app, &match, result, error);
    return run_match(app, &match, argc, argv, result, error);
}

static void begin_stream(fr_app *app)
{
    fr_json *record = fr_record_new("stream", "records of fractary " FRACTARY_VERSION);

    fr_json_set_int(record, "records", 1);
    fr_json_set_string(record, "version", FRACTARY_VERSION);
    fr_records_emit(app->context.records, record);
}

static int run(fr_app *app, int argc, char **argv)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *result = fr_json_object();
    const int left = fr_option_take_globals(argc - 1, argv + 1, &app->globals, &error);
    const int32_t wrong = error.status;
    int32_t status = result != NULL ? open_report(app, &error) : FRACTARY_E_NOMEM;

    if (status != FRACTARY_OK) {
        fr_json_free(result);
        fr_report_bare(STDERR_FILENO, "error: memory is exhausted\n");
        return fr_exit_code(status);
    }
    begin_stream(app);
    status = wrong;
    if (status == FRACTARY_OK)
        status = open_folder(app, &error);
    if (status == FRACTARY_OK)
        status = open_commands(app, &error);
    if (status == FRACTARY_OK)
        status = dispatch(app, left, argv + 1, result, &error);
    const int code = fr_result_end(app, status, &error, result);
    fr_json_free(result);
    return code;
}

int fr_app_main(int argc, char **argv)
{
    fr_app app = {
        .context = {.version = FRACTARY_VERSION, .environment = "", .stack = "default", .home = ""},
        .title = "",
    };
    int json;

    if (!fill_standard_descriptors())
        return FR_EXIT_FAILED;
    signal(SIGPIPE, SIG_IGN);
    if (wants_version(argc, argv, &json))
        return say_version(json);
    app.started = fr_time_monotonic();
    const int code = run(&app, argc, argv);
    finish(&app);
    return code;
}
