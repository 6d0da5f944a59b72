#include "cli/broken_off.h"

#include "base/time.h"
#include "project/history.h"
#include "service/records.h"
#include "trust/unfinished.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <inttypes.h>
#include <stdio.h>

/* What the command of a method is called. */
static const struct action {
    const char *method, *name;
} actions[] = {{"apply", "deploy"}, {"destroy", "teardown"}};

static const char *action_of(const char *method)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (fr_str_equal(actions[i].method, method))
            return actions[i].name;
    }
    return method;
}

static void warn(const fr_app *app, fr_json *record)
{
    fr_json_set_string(record, "level", "warning");
    fr_records_emit(app->context.records, record);
}

/* "2026-01-31T12:00:00.000Z" as "2026-01-31 12:00:00 UTC" */
static void put_time(int64_t at, char out[32])
{
    char text[FR_TIME_TEXT];

    fr_time_format(at, text);
    snprintf(out, 32, "%.10s %.8s UTC", text, text + 11);
}

static void tell(const fr_app *app, const fr_unfinished *mark, int alive)
{
    char when[32];

    put_time(mark->at, when);
    fr_json *record =
        alive ? fr_record_new("log",
                              "run %s of %s still goes on (%s on host %s, process %" PRId64 ")",
                              mark->run, when, action_of(mark->method), mark->host, mark->pid)
              : fr_record_new("log",
                              "run %s of %s never ended (%s on host %s, process %" PRId64
                              "): its outcome is unknown. A deployment brings the registry up "
                              "to the state.",
                              mark->run, when, action_of(mark->method), mark->host, mark->pid);
    fr_json_set_string(record, "unfinished", mark->run);
    fr_json_set_bool(record, "alive", alive);
    warn(app, record);
}

static int32_t settle(const fr_app *app, const fr_unfinished *mark, fractary_error *error)
{
    const fr_registry_place place = {.folder = fr_config_folder(app->config),
                                     .environment = app->context.environment,
                                     .stack = app->context.stack,
                                     .project = fr_config_project(app->config)};
    const fr_registry_change change = {.failed = 1,
                                       .action = action_of(mark->method),
                                       .run = mark->run,
                                       .plan = mark->plan[0] != '\0' ? mark->plan : NULL,
                                       .at = mark->at};

    return fr_history_append_unknown(&place, &change, error);
}

static int32_t found(void *context, const fr_unfinished *mark, int alive)
{
    const fr_app *app = context;
    fractary_error error = FR_ERROR_INIT;

    tell(app, mark, alive);
    const int32_t status = alive ? FRACTARY_OK : settle(app, mark, &error);
    if (status != FRACTARY_OK)
        warn(app, fr_record_new("log", "%s: %s", error.message, error.cause));
    return status;
}

void fr_broken_off_tell(const fr_app *app)
{
    const fr_unfinished_visitor visitor = {
        .context = (void *)(uintptr_t)app,
        .environment = app->context.environment,
        .stack = app->context.stack,
        .own = app->context.run != NULL ? fr_run_id(app->context.run) : NULL,
        .visit = found,
    };
    fractary_error error = FR_ERROR_INIT;

    if (app->config == NULL || app->context.environment[0] == '\0')
        return;
    const int32_t status = fr_unfinished_each(fr_config_folder(app->config), &visitor, &error);
    if (status != FRACTARY_OK && error.message[0] != '\0')
        warn(app, fr_record_new("log", "%s: %s", error.message, error.cause));
}
