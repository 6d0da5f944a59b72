#include "cli/result.h"

#include "base/time.h"
#include "cli/exit.h"
#include "service/records.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <unistd.h>

/* Nobody notices an interruption better than who caused it: a failure after
 * one counts as that, whatever the tool called it. */
static int exit_code_of(const fr_app *app, int32_t status)
{
    const int code = fr_exit_code(status);
    return code != FR_EXIT_DONE && app->interrupts > 0 ? FR_EXIT_INTERRUPTED : code;
}

static int32_t set_error(fr_json *record, int32_t status, const fractary_error *error)
{
    fr_json *object = fr_json_object();
    int32_t set = fr_json_set_string(object, "status", fr_exit_status_name(status));

    set |= fr_json_set_string(object, "message", error->message);
    set |= fr_json_set_string(object, "cause", error->cause);
    set |= fr_json_set_string(object, "advice", error->advice);
    set |= fr_json_set_string(object, "place", error->place);
    return fr_json_set(record, "error", object) | set;
}

static void put_outcome(fr_app *app, const fr_json *extra, fr_buf *out)
{
    const char *message = fr_json_get_string(extra, "message");

    if (message != NULL)
        fr_buf_puts(out, message);
    else
        fr_report_outcome(app->report, out);
    if (out->length == 0)
        fr_buf_printf(out, "%s: done", app->title);
}

/* A plugin that fails without a word still gets a sentence. */
static void fill_error(const fr_app *app, int32_t status, fractary_error *error)
{
    if (error->message[0] == '\0')
        fr_error_set(error, status, "%s failed and did not say why (%s)", app->title,
                     fr_exit_status_name(status));
}

static int is_failure(int32_t status)
{
    return status != FRACTARY_OK && status != FRACTARY_E_NOTHING;
}

/* Moves what a command adds, but for its message, which is dealt with. */
static int32_t move_members(fr_json *from, fr_json *to)
{
    int32_t moved = FRACTARY_OK;

    fr_json_free(fr_json_take(from, "message"));
    for (const fr_json *member; (member = fr_json_first(from)) != NULL;) {
        char *key = fr_str_dup(fr_json_key(member));
        if (key == NULL)
            return FRACTARY_E_NOMEM;
        moved |= fr_json_set(to, key, fr_json_take(from, key));
        free(key);
    }
    return moved;
}

/* NULL without memory: half a result could be taken for another one. */
static fr_json *make_result(fr_app *app, int32_t status, fractary_error *error, fr_json *extra)
{
    const uint64_t taken = fr_time_monotonic() - app->started;
    fr_json *record = fr_record_new("result", "%s", "");
    fr_buf message = {0};

    if (is_failure(status)) {
        fill_error(app, status, error);
        fr_buf_puts(&message, error->message);
    } else {
        put_outcome(app, extra, &message);
    }
    int32_t set = fr_json_set_string(record, "message", fr_buf_text(&message));
    set |= fr_json_set_bool(record, "ok", !is_failure(status));
    set |= fr_json_set_int(record, "exit", exit_code_of(app, status));
    set |= fr_json_set_string(record, "command", app->title);
    set |= fr_json_set_int(record, "duration_ms", (int64_t)(taken / FR_MILLISECOND));
    if (is_failure(status))
        set |= set_error(record, status, error);
    set |= move_members(extra, record);
    if (set == FRACTARY_OK && !message.failed) {
        fr_buf_finish(&message);
        return record;
    }
    fr_buf_finish(&message);
    fr_json_free(record);
    return NULL;
}

int fr_result_end(fr_app *app, int32_t status, fractary_error *error, fr_json *extra)
{
    const int code = exit_code_of(app, status);

    const int32_t emitted =
        fr_records_emit(app->context.records, make_result(app, status, error, extra));

    if (emitted != FRACTARY_E_NOMEM && fr_report_failure(app->report) == 0)
        return code;
    fr_app_stop_capture(app);
    if (fr_report_failure(app->report) != 0)
        fr_report_lost(app->report);
    else
        fr_report_bare(STDERR_FILENO, "error: memory is exhausted\n");
    return code == FR_EXIT_DONE ? FR_EXIT_FAILED : code;
}
