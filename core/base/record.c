#include <fractary-plugin/record.h>

static int32_t set_message(fr_json *record, const char *format, va_list arguments)
{
    fr_buf message = {0};
    int32_t status = fr_buf_vprintf(&message, format, arguments);

    if (status == FRACTARY_OK)
        status = fr_json_set_string(record, "message", fr_buf_text(&message));
    fr_buf_finish(&message);
    return status;
}

fr_json *fr_record_new(const char *type, const char *format, ...)
{
    fr_json *record = fr_json_object();
    int32_t status = fr_json_set_string(record, "type", type);

    if (status == FRACTARY_OK) {
        va_list arguments;
        va_start(arguments, format);
        status = set_message(record, format, arguments);
        va_end(arguments);
    }
    if (status == FRACTARY_OK)
        return record;
    fr_json_free(record);
    return NULL;
}

int32_t fr_record_emit(const fractary_sink *sink, fr_json *record)
{
    fr_buf text = {0};
    int32_t status = fr_json_print(record, &text);

    if (status == FRACTARY_OK && (sink == NULL || sink->emit == NULL))
        status = FRACTARY_E_INVALID;
    if (status == FRACTARY_OK && text.length > FRACTARY_RECORD_MAX)
        status = FRACTARY_E_LIMIT;
    if (status == FRACTARY_OK)
        status = sink->emit(sink->context, text.data, text.length);
    fr_buf_finish(&text);
    fr_json_free(record);
    return status;
}
