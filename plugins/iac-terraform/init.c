#include "init.h"

#include "arguments.h"
#include "backend.h"
#include "init_state.h"
#include "settings_check.h"
#include "stream.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>

/* One way to initialise. */
typedef struct way {
    const char *data_dir;
    const char *purpose;
    int backend;
    uint32_t flags;
} way;

static void add_arguments(const fr_tf *tf, const way *w, int json, fr_tf_command *command)
{
    fr_tf_arg(command, "init");
    if (json)
        fr_tf_arg(command, "-json");
    fr_tf_arg(command, "-input=false");
    fr_tf_arg(command, "-no-color");
    if (w->flags & FRACTARY_IAC_UPGRADE)
        fr_tf_arg(command, "-upgrade");
    if (!w->backend)
        fr_tf_arg(command, "-backend=false");
    else
        fr_tf_arg_backend_config(command, tf);
}

/* -------------------------------------------------------------- JSON output */

/* Terraform asks to move the state itself, which is for a person to decide. */
static int backend_changed(const fr_tf_report *report)
{
    static const char *const summaries[] = {"Backend configuration changed", "Backend type changed",
                                            "state migration"};
    for (size_t i = 0; i < report->diagnostics.count; i++) {
        const char *summary = fr_json_get_string(report->diagnostics.items[i], "summary");
        for (size_t s = 0; s < sizeof summaries / sizeof *summaries && summary != NULL; s++)
            if (strcasestr(summary, summaries[s]) != NULL)
                return 1;
    }
    return 0;
}

static int32_t run_json(fr_tf *tf, const fractary_call *call, const way *w, int *rejected,
                        fractary_error *error)
{
    fr_tf_command command = {.label = "init", .purpose = w->purpose, .data_dir = w->data_dir};
    add_arguments(tf, w, 1, &command);
    fr_tf_stream stream;
    fr_tf_stream_init(&stream, tf, call, FR_TF_INIT);
    int32_t exit_code = 0;
    int32_t status =
        fr_tf_command_run(tf, call, &command, fr_tf_stream_line, &stream, &exit_code, error);
    *rejected = status == FRACTARY_OK && exit_code != 0 && stream.messages == 0 &&
                strstr(fr_buf_text(&stream.report.text), "not defined: -json") != NULL;
    if (!*rejected) {
        status = fr_tf_stream_end(&stream, "init", status, exit_code == 0, error);
        if (status == FRACTARY_E_FAILED && w->backend && backend_changed(&stream.report))
            status = fr_tf_backend_changed(tf, call, error);
        int32_t emitted = fr_tf_stream_emit(&stream);
        status = status == FRACTARY_OK ? emitted : status;
    }
    fr_tf_stream_finish(&stream);
    return status;
}

/* -------------------------------------------------------------- text output */

/* Adds what a command printed to its report, and judges it by its exit code.
 * Standard output is what it was doing, and would only be taken for the end of
 * the last error. */
static int32_t judge_text(const fr_tf *tf, const fractary_call *call, fr_tf_capture *capture,
                          const char *label, fractary_error *error)
{
    if (capture->exit_code == 0)
        return FRACTARY_OK;
    fr_tf_report report = {.tf = tf};
    const fr_buf *streams[] = {&capture->err, &capture->out};
    int32_t status = FRACTARY_OK;
    for (size_t i = 0; i < 2 && fr_tf_report_errors(&report) == 0; i++) {
        status |= fr_tf_report_text(&report, fr_buf_text(streams[i]), streams[i]->length);
        status |= fr_tf_report_parse(&report);
    }
    if (status != FRACTARY_OK) {
        status = fr_error_nomem(error);
    } else {
        status = fr_tf_report_fail(&report, label, error);
        int32_t emitted = fr_tf_report_emit(&report, call);
        status = status == FRACTARY_OK ? emitted : status;
    }
    fr_tf_report_finish(&report);
    return status;
}

static int32_t run_text(fr_tf *tf, const fractary_call *call, fr_tf_command *command,
                        fractary_error *error)
{
    const char *label = command->label;
    fr_tf_capture capture = {0};
    int32_t status = fr_tf_command_capture(tf, call, command, &capture, error);
    if (status == FRACTARY_OK)
        status = judge_text(tf, call, &capture, label, error);
    fr_tf_capture_finish(&capture);
    return status;
}

/* -------------------------------------------------------------------- steps */

static int32_t run_init(fr_tf *tf, const fractary_call *call, const way *w, fractary_error *error)
{
    int rejected = !fr_tf_tool_can(tf, FR_TF_INIT_JSON);
    if (!rejected) {
        int32_t status = run_json(tf, call, w, &rejected, error);
        if (!rejected)
            return status;
    }
    fr_tf_command command = {.label = "init", .purpose = w->purpose, .data_dir = w->data_dir};
    add_arguments(tf, w, 0, &command);
    return run_text(tf, call, &command, error);
}

static int32_t run_select(fr_tf *tf, const fractary_call *call, const way *w,
                          const char *workspace, fractary_error *error)
{
    fr_tf_command command = {.label = "workspace", .purpose = w->purpose, .data_dir = w->data_dir};
    fr_tf_arg(&command, "workspace");
    fr_tf_arg(&command, "select");
    fr_tf_arg(&command, "-no-color");
    fr_tf_arg(&command, "-or-create");
    fr_tf_arg(&command, "%s", workspace);
    return run_text(tf, call, &command, error);
}

/* init knows no workspace yet, and only some backends make a missing one. One
 * that the configuration has named earlier, and names no more, is left. */
static int32_t select_workspace(fr_tf *tf, const fractary_call *call, const way *w,
                                fractary_error *error)
{
    if (!w->backend)
        return FRACTARY_OK;
    if (tf->settings.workspace != NULL)
        return run_select(tf, call, w, tf->settings.workspace, error);
    char *selected = fr_tf_backend_selected(tf);
    int32_t status = selected == NULL ? fr_error_nomem(error) : FRACTARY_OK;
    if (status == FRACTARY_OK && !fr_str_equal(selected, FR_TF_DEFAULT_WORKSPACE))
        status = run_select(tf, call, w, FR_TF_DEFAULT_WORKSPACE, error);
    free(selected);
    return status;
}

static int32_t initialise(fr_tf *tf, const fractary_call *call, const way *w, fractary_error *error)
{
    int32_t status = fr_tf_tool_version(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_init_forget(tf, w->data_dir, error);
    if (status == FRACTARY_OK)
        status = run_init(tf, call, w, error);
    if (status == FRACTARY_OK)
        status = select_workspace(tf, call, w, error);
    return status == FRACTARY_OK ? fr_tf_init_remember(tf, w->data_dir, error) : status;
}

int32_t fr_tf_initialise(fr_tf *tf, const fractary_call *call, uint32_t flags,
                         fractary_error *error)
{
    way w = {.data_dir = FR_TF_DATA_MAIN, .purpose = "read", .backend = 1, .flags = flags};
    int32_t status = fr_tf_backend_refuse_elsewhere(tf, error);
    if (status == FRACTARY_OK)
        status = initialise(tf, call, &w, error);
    return status == FRACTARY_OK ? fr_tf_backend_say(tf, call, error) : status;
}

int32_t fr_tf_initialise_offline(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    way w = {.data_dir = FR_TF_DATA_VALIDATE};
    return initialise(tf, call, &w, error);
}

/* ------------------------------------------------------------------- method */

static int32_t say(const fr_tf *tf, const fractary_call *call, int done)
{
    const char *folder = *tf->settings.folder != '\0' ? tf->settings.folder : "the root module";
    fr_json *record = done ? fr_record_new("log", "%s is initialised with %s %s", folder,
                                           fr_tf_tool_name(tf), tf->tool.version)
                           : fr_record_new("log",
                                           "%s was initialised before, and nothing that "
                                           "it depends on has changed",
                                           folder);
    if (fr_json_set_string(record, "level", done ? "info" : "debug") != FRACTARY_OK) {
        fr_json_free(record);
        return FRACTARY_E_NOMEM;
    }
    return fr_record_emit(&call->sink, record);
}

int32_t fr_tf_init(void *instance, const fractary_call *call,
                   const fractary_iac_init_request *request, fractary_error *error)
{
    fr_tf *tf = instance;
    int needed = 1;
    int32_t status = fr_tf_begin(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_settings_check_files(tf, error);
    if (status == FRACTARY_OK && !(request->flags & (FRACTARY_IAC_UPGRADE | FRACTARY_IAC_FORCE)))
        status = fr_tf_init_needed(tf, FR_TF_DATA_MAIN, &needed, error);
    if (status == FRACTARY_OK && needed)
        status = fr_tf_initialise(tf, call, request->flags, error);
    else if (status == FRACTARY_OK)
        status = fr_tf_backend_say(tf, call, error);
    return status == FRACTARY_OK ? say(tf, call, needed) : status;
}
