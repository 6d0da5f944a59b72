#include <fractary-plugin/buf.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/step.h>

static int32_t emit(const fr_steps *steps, const char *status, const fr_buf *message,
                    const char *reason)
{
    fr_json *record = fr_record_new("step", "%s", fr_buf_text(message));
    fr_json_set_string(record, "skill", steps->skill);
    fr_json_set_string(record, "step", steps->name);
    fr_json_set_string(record, "status", status);
    fr_json_set_int(record, "number", steps->number);
    fr_json_set_int(record, "total", steps->total);
    if (steps->started) {
        uint64_t now = steps->clock->monotonic(steps->clock);
        fr_json_set_int(record, "duration_ms", (int64_t)((now - steps->started) / 1000000u));
    }
    if (reason && *reason)
        fr_json_set_string(record, "reason", reason);
    return fr_record_emit(&steps->call->sink, record);
}

int32_t fr_step_begin(fr_steps *steps, const char *name, const char *format, ...)
{
    fr_buf message = {0};
    va_list arguments;
    va_start(arguments, format);
    fr_buf_vprintf(&message, format, arguments);
    va_end(arguments);
    steps->number++;
    steps->name = name;
    steps->started = 0;
    int32_t status = emit(steps, "started", &message, NULL);
    steps->started = steps->clock->monotonic(steps->clock);
    fr_buf_finish(&message);
    return status;
}

int32_t fr_step_end(fr_steps *steps, int32_t status, const fractary_error *error,
                    const char *format, ...)
{
    fr_buf message = {0};
    va_list arguments;
    va_start(arguments, format);
    fr_buf_vprintf(&message, format, arguments);
    va_end(arguments);
    int failed = status != FRACTARY_OK;
    int32_t sent = emit(steps, failed ? "failed" : "done", &message,
                        failed && error ? error->message : NULL);
    fr_buf_finish(&message);
    return failed ? status : sent;
}

int32_t fr_step_skip(fr_steps *steps, const char *name, const char *format, ...)
{
    fr_buf message = {0};
    va_list arguments;
    va_start(arguments, format);
    fr_buf_vprintf(&message, format, arguments);
    va_end(arguments);
    steps->number++;
    steps->name = name;
    steps->started = 0;
    int32_t status = emit(steps, "skipped", &message, NULL);
    fr_buf_finish(&message);
    return status;
}
