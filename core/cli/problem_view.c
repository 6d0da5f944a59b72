#include "cli/problem_view.h"

#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <inttypes.h>
#include <string.h>

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

/* ------------------------------------------------------------- diagnostics */

/* A block with a bar at its left. */
static void put_barred(const fr_style *style, fr_tone tone, const char *text, int wrapped,
                       fr_buf *out)
{
    const size_t width = wrapped && style->width > 2 ? style->width - 2 : 0;
    fr_buf clean = {0};
    fr_buf lines = {0};

    fr_text_clean(&clean, text, 1);
    fr_text_wrap(&lines, fr_buf_text(&clean), width, 0, 0);
    for (const char *line = fr_buf_text(&lines); line != NULL;) {
        const size_t length = strcspn(line, "\n");
        fr_style_put(out, style, tone, fr_style_mark(style, FR_MARK_BAR));
        if (length > 0)
            fr_buf_putc(out, ' ');
        fr_buf_append(out, line, length);
        fr_buf_putc(out, '\n');
        line = line[length] == '\n' ? line + length + 1 : NULL;
    }
    fr_buf_finish_part(&clean, out);
    fr_buf_finish_part(&lines, out);
}

/* "on infra/main.tf line 12, in resource \"aws_s3_bucket\" \"data\":" */
static void put_where(const fr_json *record, const fr_style *style, fr_tone tone, fr_buf *out)
{
    const char *context = text_of(record, "context");
    const int64_t line = fr_json_get_int(record, "line", 0);
    fr_buf where = {0};

    if (text_of(record, "file")[0] != '\0') {
        fr_buf_printf(&where, "%s", text_of(record, "file"));
        if (line > 0)
            fr_buf_printf(&where, ":%" PRId64, line);
    }
    if (context[0] == '\0')
        context = text_of(record, "address");
    if (context[0] != '\0')
        fr_buf_printf(&where, "%s%s", where.length != 0 ? ", in " : "", context);
    if (where.length != 0)
        put_barred(style, tone, fr_buf_text(&where), 1, out);
    fr_buf_finish_part(&where, out);
}

/* Lines of code keep their form; they are not wrapped. */
static void put_snippet(const fr_json *record, const fr_style *style, fr_tone tone, fr_buf *out)
{
    const char *snippet = text_of(record, "snippet");
    const int64_t line = fr_json_get_int(record, "line", 0);
    fr_buf text = {0};

    if (snippet[0] == '\0')
        return;
    if (line > 0 && strchr(snippet, '\n') == NULL)
        fr_buf_printf(&text, "  %" PRId64 ": %s", line, snippet);
    else
        fr_buf_printf(&text, "  %s", snippet);
    put_barred(style, tone, fr_buf_text(&text), 0, out);
    fr_buf_finish_part(&text, out);
}

static void put_optional(const fr_style *style, fr_tone tone, const char *label, const char *text,
                         fr_buf *out)
{
    fr_buf line = {0};

    if (text[0] == '\0')
        return;
    fr_buf_printf(&line, "%s%s", label, text);
    put_barred(style, tone, fr_buf_text(&line), 1, out);
    fr_buf_finish_part(&line, out);
}

void fr_problem_title(const fr_style *style, fr_tone tone, const char *label, const char *text,
                      fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_style_put(out, style, tone, label);
    fr_buf_puts(out, ": ");
    fr_style_on(out, style, FR_TONE_BOLD);
    fr_text_wrap(out, fr_buf_text(&clean), style->width, strlen(label) + 2, 2);
    fr_style_off(out, style, FR_TONE_BOLD);
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

static fr_tone severity_tone(const char *severity)
{
    if (fr_str_equal(severity, "error"))
        return FR_TONE_ERROR;
    return fr_str_equal(severity, "warning") ? FR_TONE_YELLOW : FR_TONE_CYAN;
}

void fr_problem_diagnostic(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const char *severity = text_of(record, "severity");
    const fr_tone tone = severity_tone(severity);
    const char *summary = text_of(record, "summary");

    fr_problem_title(style, tone, severity[0] != '\0' ? severity : "note",
                     summary[0] != '\0' ? summary : text_of(record, "message"), out);
    put_where(record, style, tone, out);
    put_snippet(record, style, tone, out);
    put_optional(style, tone, "", text_of(record, "detail"), out);
    put_optional(style, tone, "next: ", text_of(record, "advice"), out);
}

void fr_problem_finding(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const char *severity = text_of(record, "severity");
    const fr_tone tone = severity_tone(severity);

    fr_problem_title(style, tone, severity[0] != '\0' ? severity : "note",
                     text_of(record, "message"), out);
    put_where(record, style, tone, out);
    put_optional(style, tone, "", text_of(record, "detail"), out);
    put_optional(style, tone, "next: ", text_of(record, "advice"), out);
}

/* ------------------------------------------------------------------- errors */

static void put_reason(const fr_style *style, const char *label, const char *text, fr_buf *out)
{
    const size_t column = 2 + strlen(label) + 2;
    fr_buf clean = {0};

    if (text[0] == '\0')
        return;
    fr_text_clean(&clean, text, 1);
    fr_buf_puts(out, "  ");
    fr_style_put(out, style, FR_TONE_BOLD, label);
    fr_buf_puts(out, ": ");
    fr_text_wrap(out, fr_buf_text(&clean), style->width, column, column);
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

/* The cause may be cut to what an error can hold. */
int fr_problem_explains(const fr_json *diagnostic, const fr_json *error)
{
    const char *summary = text_of(diagnostic, "summary");
    const char *detail = text_of(diagnostic, "detail");
    const char *cause = text_of(error, "cause");

    return fr_str_equal(text_of(diagnostic, "severity"), "error") && summary[0] != '\0' &&
           strstr(text_of(error, "message"), summary) != NULL &&
           fr_str_starts(detail[0] != '\0' ? detail : summary, cause);
}

void fr_problem_error(const fr_json *error, int told, const fr_style *style, fr_buf *out)
{
    const char *message = text_of(error, "message");
    const char *cause = text_of(error, "cause");
    const char *place = text_of(error, "place");
    const int placed = strstr(message, place) != NULL || strstr(cause, place) != NULL;

    fr_problem_title(style, FR_TONE_ERROR, "error", message, out);
    if (told)
        return;
    put_reason(style, "at", placed ? "" : place, out);
    put_reason(style, "why", cause, out);
    put_reason(style, "next", text_of(error, "advice"), out);
}
