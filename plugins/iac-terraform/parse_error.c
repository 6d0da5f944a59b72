#include "box.h"
#include "diagnostics.h"
#include "report.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_LIMIT (16u * 1024 * 1024)

static int32_t add_found(void *context, fr_json *record)
{
    return fr_tf_report_add(context, record);
}

/* A message of the tool's JSON output, or the whole answer of validate. */
static int32_t take_json(fr_tf_report *report, const fr_json *value)
{
    const fr_json *one = fr_json_get(value, "diagnostic");
    if (one != NULL)
        return fr_tf_report_add(report, fr_tf_diagnostic_record(report->tf, one));
    const fr_json *list = fr_json_get(value, "diagnostics");
    int32_t status = FRACTARY_OK;
    for (const fr_json *d = fr_json_first(list); d != NULL && status == FRACTARY_OK;
         d = fr_json_next(d))
        status = fr_tf_report_add(report, fr_tf_diagnostic_record(report->tf, d));
    return status;
}

/* Takes the lines that are JSON, and hands on the others. */
static int32_t take_lines(fr_tf_report *report, const char *text, size_t length, fr_buf *rest)
{
    int32_t status = FRACTARY_OK;
    for (size_t i = 0; i < length && status == FRACTARY_OK;) {
        const char *end = memchr(text + i, '\n', length - i);
        size_t size = end == NULL ? length - i : (size_t)(end - text) - i;
        fr_json *value = text[i] == '{' ? fr_json_parse(text + i, size, NULL) : NULL;
        if (value != NULL)
            status = take_json(report, value);
        else
            status = fr_buf_append(rest, text + i, size) | fr_buf_putc(rest, '\n');
        fr_json_free(value);
        i += size + 1;
    }
    return status;
}

/* Text that has no form we know: its first line is what it is about. */
static int32_t take_unknown(fr_tf_report *report, const char *text)
{
    fr_buf clean = {0};
    int32_t status = fr_tf_clean(&clean, text, strlen(text), 16384);
    const char *first = fr_buf_text(&clean);
    first += strspn(first, " \t\n");
    if (status == FRACTARY_OK && *first != '\0') {
        char *summary = fr_str_ndup(first, strcspn(first, "\n"));
        fr_tf_complaint complaint = {.summary = summary, .detail = first + strcspn(first, "\n")};
        status = summary == NULL
                     ? FRACTARY_E_NOMEM
                     : fr_tf_report_add(report, fr_tf_complaint_record(report->tf, &complaint));
        free(summary);
    }
    fr_buf_finish(&clean);
    return status;
}

static int32_t parse(fr_tf_report *report, const char *text, size_t length)
{
    fr_json *whole = length > 0 && *text == '{' ? fr_json_parse(text, length, NULL) : NULL;
    if (whole != NULL) {
        int32_t status = take_json(report, whole);
        fr_json_free(whole);
        return status;
    }
    fr_buf rest = {0};
    int32_t status = take_lines(report, text, length, &rest);
    if (status == FRACTARY_OK)
        status = fr_tf_box_parse(report->tf, fr_buf_text(&rest), rest.length, report, add_found);
    if (status == FRACTARY_OK && report->diagnostics.count == 0)
        status = take_unknown(report, fr_buf_text(&rest));
    fr_buf_finish(&rest);
    return status;
}

int32_t fr_tf_parse_error(void *instance, const fractary_call *call,
                          const fractary_iac_parse_error_request *request, fractary_error *error)
{
    fr_tf *tf = instance;
    if (request->length > TEXT_LIMIT)
        return fr_error_set(error, FRACTARY_E_LIMIT, "a text of more than 16 MiB is no error");
    fr_tf_report report = {.tf = tf};
    int32_t status = parse(&report, request->text, (size_t)request->length);
    if (status == FRACTARY_OK)
        status = fr_tf_report_emit(&report, call);
    else
        fr_error_nomem(error);
    fr_tf_report_finish(&report);
    return status;
}
