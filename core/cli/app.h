/*
 * The program: reads its command line, wires the layers of the core, runs one
 * command, and ends with its exit code.
 */
#ifndef FRACTARY_CLI_APP_H
#define FRACTARY_CLI_APP_H

#include "cli/capture.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/places.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "plugin/broker.h"
#include "service/context.h"
#include "service/loop.h"

typedef struct fr_app {
    fr_globals globals;
    fr_terminal terminal;
    fr_report *report;
    fr_context context;
    fr_places places;
    fr_catalog *catalog;
    fr_json *tables; /* of the core's commands                          */
    fr_commands commands;
    const char *title; /* of the command that runs, "" before it is known */
    char *folder;      /* where the project is looked for, absolute       */
    uint64_t started;  /* CLOCK_MONOTONIC ns                              */
    /* While an agent's command runs: */
    fr_config *config;
    fr_broker *broker;
    fr_capture capture;
    int capturing;
    fr_timer ticking;
    unsigned interrupts; /* how often the user interrupted it               */
} fr_app;

/* Runs the program; returns its exit code. */
int fr_app_main(int argc, char **argv);

/* What a command of the core is given: the validated options, and the object
 * whose members it may add to the result record. */
typedef int32_t (*fr_core_command)(fr_app *app, const fr_json *options, fr_json *result,
                                   fractary_error *error);

int32_t fr_cmd_init(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error);
int32_t fr_cmd_doctor(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error);
int32_t fr_cmd_stacks(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error);
int32_t fr_cmd_help(fr_app *app, const fr_json *options, fr_json *result, fractary_error *error);
int32_t fr_cmd_completion(fr_app *app, const fr_json *options, fr_json *result,
                          fractary_error *error);
int32_t fr_cmd_completion_environments(fr_app *app, const fr_json *options, fr_json *result,
                                       fractary_error *error);
int32_t fr_cmd_completion_stacks(fr_app *app, const fr_json *options, fr_json *result,
                                 fractary_error *error);
int32_t fr_cmd_reference(fr_app *app, const fr_json *options, fr_json *result,
                         fractary_error *error);
int32_t fr_cmd_plugin_list(fr_app *app, const fr_json *options, fr_json *result,
                           fractary_error *error);
int32_t fr_cmd_plugin_info(fr_app *app, const fr_json *options, fr_json *result,
                           fractary_error *error);

/* Shows the help of what was named; NULL or a match of nothing: of fractary.
 * With --json its tables stand in the result as `commands`. */
int32_t fr_help_show(fr_app *app, const fr_command_match *match, fr_json *result,
                     fractary_error *error);

/* Opens what an agent's command needs, in this order, each step after the ones
 * before it; fr_app_close() closes all of it, in any state. `run` non-zero: a
 * journal is kept. */
int32_t fr_app_open(fr_app *app, const char *environment, int run, fractary_error *error);
void fr_app_close(fr_app *app);
/* Puts the real outputs back before that. */
void fr_app_stop_capture(fr_app *app);

#endif
