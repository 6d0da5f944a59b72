/* Whatever the tool prints: no crash, and every record that comes of it is one
 * that the host accepts. The first byte chooses what is read: the stream of a
 * plan or an apply, or error text. */
#include <stdlib.h>
#include <string.h>

#include "box.h"
#include "stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int condition)
{
    if (!condition)
        abort();
}

static int32_t check_record(void *context, const char *json, uint64_t length)
{
    (void)context;
    demand(length <= FRACTARY_RECORD_MAX);
    fr_json *record = fr_json_parse(json, (size_t)length, NULL);
    const char *message = fr_json_get_string(record, "message");
    demand(fr_json_get_string(record, "type") != NULL && message != NULL && *message != '\0');
    fr_json_free(record);
    return FRACTARY_OK;
}

static int32_t add_found(void *context, fr_json *record)
{
    return fr_tf_report_add(context, record);
}

static void read_stream(fr_tf *tf, const fractary_call *call, enum fr_tf_phase phase,
                        const char *text, size_t length)
{
    fr_tf_stream stream;
    fractary_error error = FR_ERROR_INIT;
    fr_tf_stream_init(&stream, tf, call, phase);
    for (size_t i = 0; i < length;) {
        const char *end = memchr(text + i, '\n', length - i);
        size_t line = end == NULL ? length - i : (size_t)(end - text) - i;
        uint32_t source = line > 0 && text[i] == '!' ? FRACTARY_STDERR : FRACTARY_STDOUT;
        demand(fr_tf_stream_line(&stream, source, text + i, line) == FRACTARY_OK);
        i += line + 1;
    }
    int32_t status = fr_tf_stream_end(&stream, "plan", FRACTARY_OK, length % 2 == 0, &error);
    demand((status == FRACTARY_OK) == (*error.message == '\0'));
    demand(fr_tf_stream_emit(&stream) == FRACTARY_OK);
    fr_tf_stream_finish(&stream);
}

static void read_text(fr_tf *tf, const fractary_call *call, const char *text, size_t length)
{
    fr_tf_report report = {.tf = tf};
    demand(fr_tf_box_parse(tf, text, length, &report, add_found) == FRACTARY_OK);
    demand(fr_tf_report_emit(&report, call) == FRACTARY_OK);
    fr_tf_report_finish(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char root[] = "/project";
    char folder[] = "infra/test";
    char path[] = "/usr/bin/terraform";
    char kept[] = "/project/data";
    fr_tf tf = {.settings = {.root = root, .folder = folder, .directory = root},
                .tool = {.path = path},
                .data = kept};
    fractary_call call = {.size = sizeof call, .sink = {.emit = check_record}};
    if (size == 0)
        return 0;
    char *text = fr_str_ndup((const char *)data + 1, size - 1);
    size_t length = text == NULL ? 0 : strlen(text);
    if (data[0] % 3 == 2)
        read_text(&tf, &call, text, length);
    else
        read_stream(&tf, &call, data[0] % 3 == 0 ? FR_TF_PLAN : FR_TF_APPLY, text, length);
    free(text);
    return 0;
}
