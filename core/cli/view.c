#include "cli/view.h"

#include "base/time.h"
#include "cli/problem_view.h"
#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <string.h>

/* Durations stand at this column at most, so that they stay near the text. */
#define RIGHT_EDGE 80
/* What ended sooner does not deserve a duration. */
#define SHORT_MS 50

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

static uint64_t duration_of(const fr_json *record, const char *key)
{
    const int64_t value = fr_json_get_int(record, key, 0);
    return value > 0 ? (uint64_t)value : 0;
}

/* --------------------------------------------------------------- one line */

static size_t last_line_width(const fr_buf *out, size_t start)
{
    const char *text = fr_buf_text(out) + start;
    const char *last = strrchr(text, '\n');
    return fr_str_width(last != NULL ? last + 1 : text);
}

static void put_duration(const fr_style *style, uint64_t duration_ms, size_t column, fr_buf *out)
{
    const size_t edge = style->width < RIGHT_EDGE ? style->width : RIGHT_EDGE;
    char text[32];

    if (duration_ms < SHORT_MS)
        return;
    fr_time_duration(duration_ms * FR_MILLISECOND, text, sizeof text);
    if (style->width == 0) {
        fr_buf_printf(out, " (%s)", text);
        return;
    }
    const size_t width = fr_str_width(text);
    if (column + 2 + width > edge) {
        fr_buf_putc(out, '\n');
        column = 0;
    }
    fr_text_pad(out, edge > column + width ? edge - column - width : 0);
    fr_style_put(out, style, FR_TONE_DIM, text);
}

void fr_view_line(const fr_style *style, fr_mark mark, fr_tone tone, const char *text,
                  uint64_t duration_ms, fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_style_put(out, style, tone, fr_style_mark(style, mark));
    fr_buf_putc(out, ' ');
    const size_t start = out->length;
    fr_text_wrap(out, fr_buf_text(&clean), style->width, 2, 2);
    const int one_line = strchr(fr_buf_text(out) + start, '\n') == NULL;
    put_duration(style, duration_ms, last_line_width(out, start) + (one_line ? 2 : 0), out);
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

static const struct step_status {
    const char *name;
    fr_mark mark;
    fr_tone tone;
} step_statuses[] = {
    {"done", FR_MARK_DONE, FR_TONE_GREEN},
    {"failed", FR_MARK_FAILED, FR_TONE_RED},
    {"skipped", FR_MARK_SKIPPED, FR_TONE_DIM},
};

/* A step that begins is the live line's; only its end is a line. */
static void view_step(const fr_json *record, const fr_style *style, fr_buf *out)
{
    for (size_t i = 0; i < sizeof step_statuses / sizeof *step_statuses; i++) {
        if (fr_str_equal(text_of(record, "status"), step_statuses[i].name))
            fr_view_line(style, step_statuses[i].mark, step_statuses[i].tone,
                         text_of(record, "message"), duration_of(record, "duration_ms"), out);
    }
}

/* ----------------------------------------------------------------- changes */

static const struct action_look {
    const char *name, *sign, *ascii;
    fr_tone tone;
} action_looks[] = {
    {"create", "+", "+", FR_TONE_GREEN},    {"update", "~", "~", FR_TONE_YELLOW},
    {"replace", "±", "*", FR_TONE_MAGENTA}, {"delete", "-", "-", FR_TONE_RED},
    {"import", "<", "<", FR_TONE_CYAN},     {"move", ">", ">", FR_TONE_CYAN},
    {"read", "=", "=", FR_TONE_DIM},
};

static const struct action_look *find_look(const char *action)
{
    for (size_t i = 0; i < sizeof action_looks / sizeof *action_looks; i++) {
        if (fr_str_equal(action, action_looks[i].name))
            return &action_looks[i];
    }
    return NULL;
}

fr_tone fr_view_action_tone(const char *action)
{
    const struct action_look *look = find_look(action);
    return look != NULL ? look->tone : FR_TONE_PLAIN;
}

const char *fr_view_action_sign(const fr_style *style, const char *action)
{
    const struct action_look *look = find_look(action);

    if (look == NULL)
        return " ";
    return style->unicode ? look->sign : look->ascii;
}

/* Room for mark, brackets and a duration beside a change and its id. */
#define ID_MARGIN 16

/* The id is told where it fits; why something failed always is. */
static void put_change(const fr_json *record, int failed, const fr_style *style, fr_buf *line)
{
    const char *reason = text_of(record, failed ? "reason" : "id");

    fr_buf_printf(line, "%-7s  %s", text_of(record, "action"), text_of(record, "address"));
    const size_t width = fr_str_width(fr_buf_text(line)) + fr_str_width(reason) + ID_MARGIN;
    if (reason[0] != '\0' && failed)
        fr_buf_printf(line, ": %s", reason);
    else if (reason[0] != '\0' && (style->width == 0 || width <= style->width))
        fr_buf_printf(line, "  (%s)", reason);
}

/* Only ended ones: the running ones are the live line's. */
static void view_change(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const int failed = fr_str_equal(text_of(record, "status"), "failed");
    fr_buf line = {0};

    if (!failed && !fr_str_equal(text_of(record, "status"), "done"))
        return;
    put_change(record, failed, style, &line);
    fr_view_line(style, failed ? FR_MARK_FAILED : FR_MARK_DONE,
                 failed ? FR_TONE_RED : FR_TONE_GREEN, fr_buf_text(&line),
                 duration_of(record, "elapsed_ms"), out);
    fr_buf_finish_part(&line, out);
}

/* ------------------------------------------------- trust: who, and may they */

/* "label: text", the label dim. */
static void put_fact(const fr_style *style, const char *label, const char *text, fr_buf *out)
{
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_style_on(out, style, FR_TONE_DIM);
    fr_buf_printf(out, "  %s: ", label);
    fr_style_off(out, style, FR_TONE_DIM);
    fr_text_wrap(out, fr_buf_text(&clean), style->width, strlen(label) + 4, 4);
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

static void view_identity(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const char *source = text_of(record, "source");
    const char *fallback = text_of(record, "fallback");
    fr_buf line = {0};

    fr_buf_printf(&line, "%s acts as %s", text_of(record, "purpose"), text_of(record, "principal"));
    if (source[0] != '\0')
        fr_buf_printf(&line, " (%s)", source);
    if (fallback[0] != '\0')
        fr_buf_printf(&line, ", the identity of %s", fallback);
    put_fact(style, "identity", fr_buf_text(&line), out);
    fr_buf_finish_part(&line, out);
}

static const fr_json *find_signal(const fr_json *signals, const char *name)
{
    const fr_json *signal = fr_json_first(signals);

    while (signal != NULL && !fr_str_equal(fr_json_get_string(signal, "name"), name))
        signal = fr_json_next(signal);
    return signal;
}

static uint64_t count_agreeing(const fr_json *signals)
{
    uint64_t count = 0;

    for (const fr_json *one = fr_json_first(signals); one != NULL; one = fr_json_next(one))
        count += (uint64_t)fr_str_equal(text_of(one, "verdict"), "agrees");
    return count;
}

static void put_guard_summary(const fr_json *record, fr_buf *out)
{
    static const char *const told[] = {"account", "region", "state"};
    const fr_json *signals = fr_json_get(record, "signals");
    int begun = 0;

    if (count_agreeing(signals) == 0) {
        fr_buf_puts(out, "no signal disagrees");
    } else {
        fr_text_count(out, count_agreeing(signals), "signal");
        fr_buf_puts(out, count_agreeing(signals) == 1 ? " agrees" : " agree");
    }
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = text_of(find_signal(signals, told[i]), "value");
        if (value[0] == '\0')
            continue;
        fr_buf_printf(out, "%s%s %s", begun++ ? ", " : " (", told[i], value);
    }
    if (begun)
        fr_buf_putc(out, ')');
    if (text_of(record, "plan")[0] != '\0')
        fr_buf_printf(out, ", plan %.12s", text_of(record, "plan"));
}

static void put_signal(const fr_json *signal, const fr_style *style, fr_buf *out)
{
    const char *verdict = text_of(signal, "verdict");
    const int agrees = fr_str_equal(verdict, "agrees");
    const int disagrees = fr_str_equal(verdict, "disagrees");
    const char *value = text_of(signal, "value");
    fr_buf line = {0};

    fr_buf_printf(&line, "%s: %s", text_of(signal, "name"), value[0] != '\0' ? value : "not known");
    if (disagrees)
        fr_buf_printf(&line, ", expected %s", text_of(signal, "expected"));
    if (text_of(signal, "source")[0] != '\0')
        fr_buf_printf(&line, " (%s)", text_of(signal, "source"));
    fr_view_line(style,
                 agrees      ? FR_MARK_DONE
                 : disagrees ? FR_MARK_FAILED
                             : FR_MARK_SKIPPED,
                 agrees      ? FR_TONE_GREEN
                 : disagrees ? FR_TONE_RED
                             : FR_TONE_DIM,
                 fr_buf_text(&line), 0, out);
    fr_buf_finish_part(&line, out);
}

static void view_guard(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const fr_json *signals = fr_json_get(record, "signals");
    fr_buf line = {0};

    if (fr_json_is_true(record, "ok")) {
        put_guard_summary(record, &line);
        put_fact(style, "guard", fr_buf_text(&line), out);
    } else {
        fr_problem_title(style, FR_TONE_ERROR, "guard", text_of(record, "message"), out);
        for (const fr_json *one = fr_json_first(signals); one != NULL; one = fr_json_next(one))
            put_signal(one, style, out);
    }
    fr_buf_finish_part(&line, out);
}

static void view_approval(const fr_json *record, const fr_style *style, fr_buf *out)
{
    put_fact(style, "approval", text_of(record, "message"), out);
}

/* ------------------------------------------------------------ registry, log */

static void view_registry(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const char *document = text_of(record, "document");
    fr_buf line = {0};

    fr_buf_puts(&line, text_of(record, "message"));
    if (document[0] != '\0' && strstr(fr_buf_text(&line), document) == NULL)
        fr_buf_printf(&line, " %s %s", style->unicode ? "→" : "->", document);
    put_fact(style, "registry", fr_buf_text(&line), out);
    fr_buf_finish_part(&line, out);
}

static void view_log(const fr_json *record, const fr_style *style, fr_buf *out)
{
    const int warning = fr_str_equal(text_of(record, "level"), "warning");

    fr_view_line(style, warning ? FR_MARK_WARNING : FR_MARK_DOT,
                 warning ? FR_TONE_YELLOW : FR_TONE_DIM, text_of(record, "message"), 0, out);
}

/* ------------------------------------------------------------------- stacks */

/* A heading where one begins, a line where it ends. */
static void view_stack(const fr_json *record, const fr_style *style, fr_buf *out)
{
    if (fr_str_equal(text_of(record, "status"), "running")) {
        fr_buf_putc(out, '\n');
        fr_style_put(out, style, FR_TONE_BOLD, text_of(record, "message"));
        fr_buf_putc(out, '\n');
        return;
    }
    view_step(record, style, out);
}

/* -------------------------------------------------------------------- types */

static const struct type_view {
    const char *type;
    fr_view view;
} type_views[] = {
    {"step", view_step},
    {"change", view_change},
    {"diagnostic", fr_problem_diagnostic},
    {"finding", fr_problem_finding},
    {"identity", view_identity},
    {"guard", view_guard},
    {"approval", view_approval},
    {"registry", view_registry},
    {"log", view_log},
    {"stack", view_stack},
};

static int is_silent(const char *type)
{
    /* The guard tells the state that was proved. */
    static const char *const silent[] = {"stream", "result",   "process", "progress",
                                         "plan",   "resource", "state"};

    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        if (fr_str_equal(type, silent[i]))
            return 1;
    }
    return 0;
}

fr_view fr_view_of(const char *type)
{
    for (size_t i = 0; i < sizeof type_views / sizeof *type_views; i++) {
        if (fr_str_equal(type, type_views[i].type))
            return type_views[i].view;
    }
    return is_silent(type) ? NULL : view_log;
}

int fr_view_is_error(const fr_json *record)
{
    const char *type = text_of(record, "type");

    if (fr_str_equal(type, "guard"))
        return !fr_json_is_true(record, "ok");
    return (fr_str_equal(type, "diagnostic") || fr_str_equal(type, "finding")) &&
           fr_str_equal(text_of(record, "severity"), "error");
}

fr_tone fr_view_status_tone(const char *status)
{
    if (fr_str_equal(status, "verified"))
        return FR_TONE_GREEN;
    if (fr_str_equal(status, "missing"))
        return FR_TONE_RED;
    return fr_str_equal(status, "unverifiable") ? FR_TONE_YELLOW : FR_TONE_DIM;
}
