#include "report.h"

#include "box.h"
#include "categories.h"
#include "diagnostics.h"
#include "lock.h"
#include "text.h"
#include "tool.h"

#include <stdint.h>
#include <stdlib.h>

#define DIAGNOSTIC_LIMIT 500u
#define TEXT_LIMIT       262144u

static void free_record(void *record)
{
    fr_json_free(record);
}

void fr_tf_report_finish(fr_tf_report *report)
{
    fr_vec_finish(&report->diagnostics, free_record);
    fr_buf_finish(&report->text);
}

static int is_error(const fr_json *record)
{
    return fr_str_equal(fr_json_get_string(record, "severity"), "error");
}

/* The same is sometimes said twice: "execution halted" once by each part that
 * was halted. */
static int is_known(const fr_tf_report *report, const fr_json *record)
{
    for (size_t i = 0; i < report->diagnostics.count; i++)
        if (fr_json_equal(report->diagnostics.items[i], record))
            return 1;
    return 0;
}

/* init's sentence on the errors that it lists beside it. */
static int is_boilerplate(const fr_json *record)
{
    return fr_tf_is_boilerplate(fr_json_get_string(record, "summary"));
}

static void drop_boilerplate(fr_tf_report *report)
{
    fr_vec *list = &report->diagnostics;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (is_boilerplate(list->items[i]))
            fr_json_free(list->items[i]);
        else
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

/* Errors before warnings, causes before effects. */
static size_t rank_of(const fr_json *record)
{
    const size_t rank = fr_tf_category_rank(fr_json_get_string(record, "category"));
    return is_error(record) ? rank : SIZE_MAX;
}

/* Moves the last one up to its place, behind those of the same rank. */
static void put_in_order(fr_vec *list)
{
    for (size_t i = list->count - 1; i > 0; i--) {
        void *before = list->items[i - 1];
        if (rank_of(before) <= rank_of(list->items[i]))
            return;
        list->items[i - 1] = list->items[i];
        list->items[i] = before;
    }
}

int32_t fr_tf_report_add(fr_tf_report *report, fr_json *record)
{
    if (record == NULL)
        return FRACTARY_E_NOMEM;
    int needless =
        (is_boilerplate(record) && fr_tf_report_errors(report) > 0) || is_known(report, record);
    if (needless || report->diagnostics.count >= DIAGNOSTIC_LIMIT) {
        report->dropped += (size_t)!needless;
        fr_json_free(record);
        return FRACTARY_OK;
    }
    if (is_error(record))
        drop_boilerplate(report);
    int32_t status = fr_vec_push(&report->diagnostics, record);
    if (status == FRACTARY_OK)
        put_in_order(&report->diagnostics);
    else
        fr_json_free(record);
    return status;
}

void fr_tf_report_drop_halt(fr_tf_report *report)
{
    for (size_t i = report->diagnostics.count; i-- > 0;)
        if (fr_str_equal(fr_json_get_string(report->diagnostics.items[i], "summary"), FR_TF_HALTED))
            fr_json_free(fr_vec_remove(&report->diagnostics, i));
}

int32_t fr_tf_report_text(fr_tf_report *report, const char *line, size_t length)
{
    if (report->text.length + length >= TEXT_LIMIT)
        return FRACTARY_OK;
    fr_buf_append(&report->text, line, length);
    return fr_buf_putc(&report->text, '\n');
}

static int32_t add_found(void *context, fr_json *record)
{
    return fr_tf_report_add(context, record);
}

int32_t fr_tf_report_parse(fr_tf_report *report)
{
    if (fr_tf_report_errors(report) > 0)
        return FRACTARY_OK;
    return fr_tf_box_parse(report->tf, fr_buf_text(&report->text), report->text.length, report,
                           add_found);
}

size_t fr_tf_report_errors(const fr_tf_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->diagnostics.count; i++)
        count += (size_t)is_error(report->diagnostics.items[i]);
    return count;
}

int fr_tf_report_wants_init(const fr_tf_report *report)
{
    for (size_t i = 0; i < report->diagnostics.count; i++) {
        const fr_json *record = report->diagnostics.items[i];
        if (is_error(record) &&
            fr_str_equal(fr_json_get_string(record, "category"), "not-initialized"))
            return 1;
    }
    return 0;
}

static int32_t emit_dropped(const fr_tf_report *report, const fractary_call *call)
{
    if (report->dropped == 0)
        return FRACTARY_OK;
    fr_json *record = fr_record_new("log", "%zu further diagnostics are in the tool's own output",
                                    report->dropped);
    if (fr_json_set_string(record, "level", "warning") != FRACTARY_OK) {
        fr_json_free(record);
        return FRACTARY_E_NOMEM;
    }
    return fr_record_emit(&call->sink, record);
}

int32_t fr_tf_report_emit(fr_tf_report *report, const fractary_call *call)
{
    int32_t status = FRACTARY_OK;
    for (size_t i = 0; i < report->diagnostics.count && status == FRACTARY_OK; i++) {
        fr_json *record = report->diagnostics.items[i];
        report->diagnostics.items[i] = NULL;
        status = fr_record_emit(&call->sink, record);
    }
    if (status == FRACTARY_OK)
        status = emit_dropped(report, call);
    fr_vec_finish(&report->diagnostics, free_record);
    report->dropped = 0;
    return status;
}

static const fr_json *first_error(const fr_tf_report *report)
{
    const fr_json *first = report->diagnostics.count > 0 ? report->diagnostics.items[0] : NULL;
    return is_error(first) ? first : NULL;
}

/* "infra/main.tf:12", the address, the permission: as much as is known. */
static void say_place(const fr_json *record, fractary_error *error)
{
    const char *address = fr_json_get_string(record, "address");
    const char *file = fr_json_get_string(record, "file");
    const char *permission = fr_json_get_string(record, "permission");
    long long line = (long long)fr_json_get_int(record, "line", 0);
    if (permission != NULL)
        fr_error_place(error, "%s%s%s", permission, address != NULL ? " for " : "",
                       address != NULL ? address : "");
    else if (file != NULL)
        fr_error_place(error, "%s:%lld%s%s", file, line, address != NULL ? " " : "",
                       address != NULL ? address : "");
    else if (address != NULL)
        fr_error_place(error, "%s", address);
}

/* No error that can be read: then what it printed has to do. */
static int32_t fail_unexplained(const fr_tf_report *report, const char *doing,
                                fractary_error *error)
{
    fr_buf clean = {0};
    fr_tf_clean(&clean, fr_buf_text(&report->text), report->text.length, 1024);
    fr_error_set(error, FRACTARY_E_FAILED, "%s %s failed and named no error that can be read",
                 fr_tf_tool_name(report->tf), doing);
    fr_error_cause(error, "%s", clean.length > 0 ? fr_buf_text(&clean) : "it printed nothing");
    fr_error_advice(error, "run it by hand to see more, with TF_LOG=debug where needed");
    fr_buf_finish(&clean);
    return FRACTARY_E_FAILED;
}

/* Why, in as few words as there are; the whole text is in the diagnostic. */
static void say_cause(const fr_json *record, fractary_error *error)
{
    char *lock = fr_tf_lock_sentence(record);
    const char *detail = fr_json_get_string(record, "detail");
    if (lock != NULL)
        fr_error_cause(error, "%s", lock);
    else
        fr_error_cause(error, "%s", detail != NULL ? detail : "");
    free(lock);
}

int32_t fr_tf_report_fail(const fr_tf_report *report, const char *doing, fractary_error *error)
{
    const fr_json *record = first_error(report);
    size_t count = fr_tf_report_errors(report) + report->dropped;
    const char *tool = fr_tf_tool_name(report->tf);
    if (record == NULL)
        return fail_unexplained(report, doing, error);
    const char *summary = fr_json_get_string(record, "summary");
    int32_t status = fr_tf_category_named(fr_json_get_string(record, "category"))->status;
    if (status == FRACTARY_E_CANCELLED)
        fr_error_set(error, status, "%s %s was interrupted", tool, doing);
    else if (count == 1)
        fr_error_set(error, status, "%s %s failed: %s", tool, doing, summary);
    else
        fr_error_set(error, status, "%s %s failed with %zu errors; the first: %s", tool, doing,
                     count, summary);
    say_cause(record, error);
    fr_error_advice(error, "%s", fr_json_get_string(record, "advice"));
    say_place(record, error);
    return status;
}
