#include "diagnostics.h"

#include "categories.h"
#include "lock.h"
#include "paths.h"
#include "report.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define SUMMARY_LIMIT 2048u
#define DETAIL_LIMIT  8192u
#define SNIPPET_LIMIT 4096u

int fr_tf_is_boilerplate(const char *summary)
{
    return summary != NULL && (strstr(summary, "encountered problems during initiali") != NULL ||
                               fr_str_equal(summary, FR_TF_HALTED));
}

/* -------------------------------------------------------------- permission */

/* Services whose name in an error is also their prefix in permissions. */
static const char *const plain_services[] = {"S3",  "EC2", "IAM",      "SQS", "SNS",
                                             "KMS", "SSM", "DynamoDB", "STS", "Lambda"};

static char *lowered(char *text)
{
    for (char *c = text; c != NULL && *c != '\0' && *c != ':'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return text;
}

/* "operation error S3: CreateBucket, …" is s3:CreateBucket. */
static char *permission_of_operation(const char *text)
{
    const char *found = strstr(text, "operation error ");
    if (found == NULL)
        return NULL;
    found += strlen("operation error ");
    size_t service = strcspn(found, ":");
    for (size_t i = 0; i < sizeof plain_services / sizeof *plain_services; i++) {
        const char *name = plain_services[i];
        if (strlen(name) != service || strncmp(found, name, service) != 0 || found[service] == '\0')
            continue;
        const char *operation = found + service + 1;
        operation += strspn(operation, " ");
        return lowered(fr_str_format("%s:%.*s", name, (int)strcspn(operation, ", \n"), operation));
    }
    return NULL;
}

/* What was denied, "sqs:CreateQueue"; NULL when the text does not say. The
 * caller frees it. */
static char *permission_of(const char *text)
{
    static const char phrase[] = "authorized to perform: ";
    const char *found = strstr(text, phrase);
    if (found == NULL)
        return permission_of_operation(text);
    found += strlen(phrase);
    size_t length = strspn(found, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ":-*");
    return length == 0 ? NULL : fr_str_ndup(found, length);
}

/* ------------------------------------------------------------------ record */

static fr_tf_verdict judge(const fr_json *record)
{
    const char *detail = fr_json_get_string(record, "detail");
    fr_buf small_summary = {0};
    fr_buf small_detail = {0};
    fr_tf_squeeze(&small_summary, fr_json_get_string(record, "summary"));
    fr_tf_squeeze(&small_detail, detail != NULL ? detail : "");
    fr_tf_verdict verdict = fr_tf_classify(fr_buf_text(&small_summary), fr_buf_text(&small_detail));
    fr_buf_finish(&small_summary);
    fr_buf_finish(&small_detail);
    /* What is said of a line and of no resource is said by who reads the code. */
    if (fr_str_equal(verdict.category->name, "unknown") && fr_json_get(record, "line") != NULL &&
        fr_json_get(record, "address") == NULL) {
        verdict.category = fr_tf_category_named("syntax");
        verdict.advice = verdict.category->advice;
    }
    return verdict;
}

static int32_t put_permission(fr_json *record)
{
    const char *detail = fr_json_get_string(record, "detail");
    char *permission = permission_of(fr_json_get_string(record, "summary"));
    if (permission == NULL && detail != NULL)
        permission = permission_of(detail);
    int32_t status = fr_tf_put(record, "permission", permission, SUMMARY_LIMIT);
    free(permission);
    return status;
}

static int32_t put_verdict(const fr_tf *tf, fr_json *record)
{
    fr_tf_verdict verdict = judge(record);
    int32_t failed = fr_json_set_string(record, "category", verdict.category->name);
    /* The advice is about what failed; a warning explains itself. */
    if (!fr_str_equal(fr_json_get_string(record, "severity"), "warning"))
        failed |= fr_json_set_string(record, "advice", verdict.advice);
    if (fr_str_equal(verdict.category->name, "lock"))
        failed |= fr_tf_lock_put(tf, record);
    if (fr_str_equal(verdict.category->name, "denied"))
        failed |= put_permission(record);
    return failed;
}

/* The file relative to the project; one outside it stays absolute. */
static int32_t put_file(const fr_tf *tf, fr_json *record, const char *named)
{
    size_t root = strlen(tf->settings.root);
    int inside = strncmp(named, tf->settings.root, root) == 0 && named[root] == '/';
    char *file =
        inside ? fr_str_dup(named + root + 1) : fr_tf_path_join(tf->settings.folder, named);
    int32_t status =
        file == NULL ? FRACTARY_E_NOMEM : fr_tf_put(record, "file", file, SUMMARY_LIMIT);
    free(file);
    return status;
}

static int32_t put_place(const fr_tf *tf, fr_json *record, const fr_tf_complaint *complaint)
{
    int32_t failed = fr_tf_put(record, "address", complaint->address, SUMMARY_LIMIT);
    if (complaint->file != NULL && *complaint->file != '\0')
        failed |= put_file(tf, record, complaint->file);
    if (complaint->line > 0)
        failed |= fr_json_set_int(record, "line", complaint->line);
    if (complaint->column > 0)
        failed |= fr_json_set_int(record, "column", complaint->column);
    return failed;
}

/* "infra/main.tf:12: Unsupported argument" */
static int32_t put_message(fr_json *record)
{
    const char *summary = fr_json_get_string(record, "summary");
    const char *file = fr_json_get_string(record, "file");
    const char *address = fr_json_get_string(record, "address");
    char *message = NULL;
    if (address != NULL)
        message = fr_str_format("%s: %s", address, summary);
    else if (file != NULL)
        message =
            fr_str_format("%s:%d: %s", file, (int)fr_json_get_int(record, "line", 0), summary);
    else
        message = fr_str_dup(summary);
    int32_t status =
        message == NULL ? FRACTARY_E_NOMEM : fr_json_set_string(record, "message", message);
    free(message);
    return status;
}

fr_json *fr_tf_complaint_record(const fr_tf *tf, const fr_tf_complaint *complaint)
{
    fr_json *record = fr_record_new("diagnostic", "-");
    int32_t failed = record == NULL ? FRACTARY_E_NOMEM : FRACTARY_OK;
    failed |= fr_json_set_string(record, "severity", complaint->warning ? "warning" : "error");
    failed |= fr_tf_put(record, "summary", complaint->summary, SUMMARY_LIMIT);
    if (failed == FRACTARY_OK && fr_json_get(record, "summary") == NULL)
        failed = fr_json_set_string(record, "summary", "an error without a text");
    failed |= fr_tf_put(record, "detail", complaint->detail, DETAIL_LIMIT);
    failed |= fr_tf_put(record, "context", complaint->context, SUMMARY_LIMIT);
    failed |= fr_tf_put(record, "snippet", complaint->snippet, SNIPPET_LIMIT);
    if (failed == FRACTARY_OK)
        failed = put_place(tf, record, complaint);
    if (failed == FRACTARY_OK) /* looks at the place */
        failed = put_verdict(tf, record);
    if (failed == FRACTARY_OK)
        failed = put_message(record);
    if (failed == FRACTARY_OK)
        return record;
    fr_json_free(record);
    return NULL;
}

/* ----------------------------------------------------------------- snippet */

/* Marks what the tool underlines: "^" below it, on the line where it begins. */
static void append_marks(fr_buf *out, const char *line, size_t length, int64_t from, int64_t to)
{
    if (from < 0 || to <= from || from >= (int64_t)length)
        return;
    char *before = fr_str_ndup(line, (size_t)from);
    size_t end = to < (int64_t)length ? (size_t)to : length;
    char *marked = fr_str_ndup(line + from, end - (size_t)from);
    if (before != NULL && marked != NULL) {
        size_t width = fr_str_width(marked);
        fr_buf_printf(out, "%*s", 6 + (int)fr_str_width(before), "");
        for (size_t i = 0; i < (width > 0 ? width : 1) && i < 200; i++)
            fr_buf_putc(out, '^');
        fr_buf_putc(out, '\n');
    }
    free(before);
    free(marked);
}

static void append_code(fr_buf *out, const fr_json *snippet)
{
    const char *code = fr_json_get_string(snippet, "code");
    int64_t number = fr_json_get_int(snippet, "start_line", 1);
    int64_t from = fr_json_get_int(snippet, "highlight_start_offset", -1);
    int64_t to = fr_json_get_int(snippet, "highlight_end_offset", -1);
    while (code != NULL && *code != '\0' && out->length < SNIPPET_LIMIT) {
        size_t length = strcspn(code, "\n");
        fr_buf_printf(out, "%4lld: %.*s\n", (long long)number++, (int)length, code);
        append_marks(out, code, length, from, to);
        from = -1;
        code += length + (code[length] == '\n');
    }
}

/* What the tool says of the values in the expression; it hides sensitive ones
 * itself. */
static void append_values(fr_buf *out, const fr_json *snippet)
{
    const fr_json *values = fr_json_get(snippet, "values");
    for (const fr_json *v = fr_json_first(values); v != NULL; v = fr_json_next(v)) {
        const char *name = fr_json_get_string(v, "traversal");
        const char *statement = fr_json_get_string(v, "statement");
        if (name != NULL && statement != NULL && out->length < SNIPPET_LIMIT)
            fr_buf_printf(out, "      %s %s\n", name, statement);
    }
}

fr_json *fr_tf_diagnostic_record(const fr_tf *tf, const fr_json *diagnostic)
{
    const fr_json *snippet = fr_json_get(diagnostic, "snippet");
    const fr_json *start = fr_json_at(diagnostic, "range", "start", (char *)NULL);
    fr_buf lines = {0};
    append_code(&lines, snippet);
    append_values(&lines, snippet);
    fr_tf_complaint complaint = {
        .warning = fr_str_equal(fr_json_get_string(diagnostic, "severity"), "warning"),
        .summary = fr_json_get_string(diagnostic, "summary"),
        .detail = fr_json_get_string(diagnostic, "detail"),
        .address = fr_json_get_string(diagnostic, "address"),
        .file = fr_json_string(fr_json_at(diagnostic, "range", "filename", (char *)NULL)),
        .line = fr_json_get_int(start, "line", 0),
        .column = fr_json_get_int(start, "column", 0),
        .context = fr_json_get_string(snippet, "context"),
        .snippet = lines.length > 0 ? fr_buf_text(&lines) : NULL,
    };
    fr_json *record = lines.failed ? NULL : fr_tf_complaint_record(tf, &complaint);
    fr_buf_finish(&lines);
    return record;
}
