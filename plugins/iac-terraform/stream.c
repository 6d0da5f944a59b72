#include "stream.h"

#include "change.h"
#include "command.h"
#include "diagnostics.h"
#include "text.h"
#include "tool.h"

#include <string.h>

#define STRAY_LIMIT 20u /* lines that are shown */

void fr_tf_stream_init(fr_tf_stream *stream, fr_tf *tf, const fractary_call *call,
                       enum fr_tf_phase phase)
{
    memset(stream, 0, sizeof *stream);
    stream->tf = tf;
    stream->call = call;
    stream->phase = phase;
    stream->report.tf = tf;
}

void fr_tf_stream_finish(fr_tf_stream *stream)
{
    fr_tf_report_finish(&stream->report);
}

static int32_t emit_log(fr_tf_stream *stream, const char *level, fr_json *record)
{
    if (fr_json_set_string(record, "level", level) != FRACTARY_OK) {
        fr_json_free(record);
        return FRACTARY_E_NOMEM;
    }
    return fr_record_emit(&stream->call->sink, record);
}

static void report_progress(fr_tf_stream *stream, const char *message)
{
    const fractary_progress *progress = stream->tf->progress;
    if (progress != NULL && message != NULL && *message != '\0')
        progress->report(progress, stream->call, message, stream->done, stream->total);
}

/* ---------------------------------------------------------------- messages */

static int32_t on_version(fr_tf_stream *stream, const fr_json *message)
{
    const char *tofu = fr_json_get_string(message, "tofu");
    const char *version = tofu != NULL ? tofu : fr_json_get_string(message, "terraform");
    if (version != NULL && strlen(version) < sizeof stream->version) {
        memcpy(stream->version, version, strlen(version) + 1);
        stream->tofu = tofu != NULL;
    }
    return FRACTARY_OK;
}

static int32_t on_diagnostic(fr_tf_stream *stream, const fr_json *message)
{
    const fr_json *diagnostic = fr_json_get(message, "diagnostic");
    return fr_tf_report_add(&stream->report, fr_tf_diagnostic_record(stream->tf, diagnostic));
}

static void count_planned(fr_tf_stream *stream, const fr_json *change)
{
    fr_tf_counts *planned = &stream->planned;
    const struct {
        const char *action;
        int64_t *counter;
        uint64_t operations; /* of an apply */
    } table[] = {
        {"create", &planned->add, 1},      {"update", &planned->change, 1},
        {"replace", &planned->replace, 2}, {"delete", &planned->destroy, 1},
        {"import", &planned->import, 0},   {"move", &planned->move, 0},
        {"remove", &planned->forget, 0},   {"read", &planned->read, 0},
    };
    const char *action = fr_json_get_string(change, "action");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!fr_str_equal(table[i].action, action))
            continue;
        ++*table[i].counter;
        stream->total += table[i].operations;
        if (fr_json_get(change, "importing") != NULL && !fr_str_equal(action, "import"))
            planned->import++;
    }
}

static int32_t on_planned(fr_tf_stream *stream, const fr_json *message)
{
    const fr_json *change = fr_json_get(message, "change");
    count_planned(stream, change);
    if (stream->phase == FR_TF_APPLY) /* the user has seen them when it was planned */
        return FRACTARY_OK;
    return fr_tf_change_emit(stream->call, change, FR_TF_PLANNED);
}

static int32_t on_drift(fr_tf_stream *stream, const fr_json *message)
{
    const char *action = fr_json_string(fr_json_at(message, "change", "action", (char *)NULL));
    stream->drift++;
    stream->gone += (uint64_t)fr_str_equal(action, "delete");
    return FRACTARY_OK;
}

static int32_t on_outputs(fr_tf_stream *stream, const fr_json *message)
{
    const fr_json *outputs = fr_json_get(message, "outputs");
    for (const fr_json *o = fr_json_first(outputs); o != NULL; o = fr_json_next(o)) {
        const char *action = fr_json_get_string(o, "action");
        if (action != NULL && !fr_str_equal(action, "noop"))
            stream->outputs = 1;
    }
    return FRACTARY_OK;
}

/* Reading data sources is no change; it happens in a plan, too. */
static int is_read(const fr_json *hook)
{
    return fr_str_equal(fr_json_get_string(hook, "action"), "read");
}

static int32_t on_apply(fr_tf_stream *stream, const fr_json *message, enum fr_tf_status status)
{
    const fr_json *hook = fr_json_get(message, "hook");
    if (is_read(hook) && status != FR_TF_FAILED) {
        report_progress(stream, fr_json_get_string(message, "@message"));
        return FRACTARY_OK;
    }
    int over = status == FR_TF_DONE || status == FR_TF_FAILED;
    stream->done += (uint64_t)over;
    stream->failed += (uint64_t)(status == FR_TF_FAILED);
    if (stream->done > stream->total)
        stream->total = stream->done;
    int32_t result = fr_tf_change_emit(stream->call, hook, status);
    report_progress(stream, fr_json_get_string(message, "@message"));
    return result;
}

static int32_t on_start(fr_tf_stream *stream, const fr_json *message)
{
    return on_apply(stream, message, FR_TF_STARTED);
}

static int32_t on_running(fr_tf_stream *stream, const fr_json *message)
{
    return on_apply(stream, message, FR_TF_RUNNING);
}

static int32_t on_complete(fr_tf_stream *stream, const fr_json *message)
{
    return on_apply(stream, message, FR_TF_DONE);
}

static int32_t on_errored(fr_tf_stream *stream, const fr_json *message)
{
    return on_apply(stream, message, FR_TF_FAILED);
}

static int32_t on_progress(fr_tf_stream *stream, const fr_json *message)
{
    report_progress(stream, fr_json_get_string(message, "@message"));
    return FRACTARY_OK;
}

/* What else comes (summaries, output of provisioners) needs no word: the counts
 * are ours, and the tool's own output is kept with the run. */
static const struct {
    const char *type;
    int32_t (*take)(fr_tf_stream *stream, const fr_json *message);
} messages[] = {
    {"version", on_version},
    {"diagnostic", on_diagnostic},
    {"planned_change", on_planned},
    {"resource_drift", on_drift},
    {"outputs", on_outputs},
    {"apply_start", on_start},
    {"apply_progress", on_running},
    {"apply_complete", on_complete},
    {"apply_errored", on_errored},
    {"refresh_start", on_progress},
    {"refresh_complete", on_progress},
    {"init_output", on_progress},
    {"log", on_progress},
};

static int32_t dispatch(fr_tf_stream *stream, const fr_json *message)
{
    const char *type = fr_json_get_string(message, "type");
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (fr_str_equal(messages[i].type, type))
            return messages[i].take(stream, message);
    return FRACTARY_OK;
}

/* ------------------------------------------------------------------- lines */

static int is_blank(const char *text, uint64_t length)
{
    for (uint64_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return 0;
    return 1;
}

/* A line that is no message: kept, shown, and no reason to stop. */
static int32_t take_stray(fr_tf_stream *stream, const char *text, uint64_t length)
{
    fr_buf clean = {0};
    int32_t status = fr_tf_clean(&clean, text, (size_t)length, 400);
    if (stream->strays++ == 0 && status == FRACTARY_OK) {
        size_t size = clean.length < sizeof stream->stray ? clean.length : sizeof stream->stray - 1;
        memcpy(stream->stray, fr_buf_text(&clean), size);
    }
    if (status == FRACTARY_OK && clean.length > 0 && stream->strays <= STRAY_LIMIT)
        status = emit_log(stream, "debug", fr_record_new("log", "%s", fr_buf_text(&clean)));
    fr_buf_finish(&clean);
    return status;
}

static int32_t take_stdout(fr_tf_stream *stream, const char *text, uint64_t length)
{
    if (is_blank(text, length))
        return FRACTARY_OK;
    fr_json *message = *text == '{' ? fr_json_parse(text, (size_t)length, NULL) : NULL;
    if (fr_json_get_string(message, "type") == NULL) {
        fr_json_free(message);
        return take_stray(stream, text, length);
    }
    stream->messages++;
    int32_t status = dispatch(stream, message);
    fr_json_free(message);
    return status;
}

int32_t fr_tf_stream_line(void *context, uint32_t stream, const char *text, uint64_t length)
{
    fr_tf_stream *self = context;
    if (stream == FRACTARY_STDERR)
        return fr_tf_report_text(&self->report, text, (size_t)length);
    return take_stdout(self, text, length);
}

/* --------------------------------------------------------------------- end */

int32_t fr_tf_stream_end(fr_tf_stream *stream, const char *label, int32_t status, int done,
                         fractary_error *error)
{
    if (status == FRACTARY_E_NOMEM)
        return fr_error_nomem(error);
    if (!done && fr_tf_report_parse(&stream->report) != FRACTARY_OK)
        return fr_error_nomem(error);
    if (status != FRACTARY_OK)
        return status;
    if (*stream->version != '\0')
        status = fr_tf_tool_learn(stream->tf, stream->version, stream->tofu, error);
    if (status != FRACTARY_OK)
        return status;
    int explained = fr_tf_report_errors(&stream->report) > 0;
    if (!done && (explained || stream->messages > 0))
        return fr_tf_report_fail(&stream->report, label, error);
    if (stream->messages == 0)
        return fr_tf_not_json(
            stream->tf, label,
            stream->strays > 0 ? stream->stray : fr_buf_text(&stream->report.text), error);
    return FRACTARY_OK;
}

static int32_t emit_drift(fr_tf_stream *stream)
{
    if (stream->phase != FR_TF_PLAN || stream->drift == 0)
        return FRACTARY_OK;
    fr_json *record =
        fr_record_new("log",
                      "%llu resources are not as the state has them, %llu of "
                      "them are gone; the plan reckons with it",
                      (unsigned long long)stream->drift, (unsigned long long)stream->gone);
    int32_t failed = fr_json_set_int(record, "drift", (int64_t)stream->drift) |
                     fr_json_set_int(record, "gone", (int64_t)stream->gone);
    if (failed != FRACTARY_OK) {
        fr_json_free(record);
        return FRACTARY_E_NOMEM;
    }
    /* The stream names what differs, not how, and after a clean apply most of
     * it is null against an empty list: only what is gone is worth a word. */
    return emit_log(stream, stream->gone > 0 ? "warning" : "debug", record);
}

static int32_t emit_strays(fr_tf_stream *stream)
{
    if (stream->strays <= STRAY_LIMIT)
        return FRACTARY_OK;
    return emit_log(stream, "debug",
                    fr_record_new("log", "%zu further lines of the tool are no JSON",
                                  stream->strays - STRAY_LIMIT));
}

int32_t fr_tf_stream_emit(fr_tf_stream *stream)
{
    int32_t status = emit_drift(stream);
    if (status == FRACTARY_OK)
        status = emit_strays(stream);
    return status == FRACTARY_OK ? fr_tf_report_emit(&stream->report, stream->call) : status;
}
