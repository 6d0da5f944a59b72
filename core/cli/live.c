#include "cli/live.h"

#include "base/time.h"
#include "cli/text.h"
#include <fractary-plugin/str.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct change {
    uint64_t since;
    char address[];
} change;

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

static void replace(char **text, const char *by)
{
    free(*text);
    *text = by != NULL ? fr_str_dup(by) : NULL;
}

static void forget_changes(fr_live *live)
{
    fr_vec_finish(&live->running, free);
    live->running = (fr_vec){0};
    live->ended = 0;
}

void fr_live_finish(fr_live *live)
{
    replace(&live->step, NULL);
    replace(&live->progress, NULL);
    forget_changes(live);
}

static void follow_step(fr_live *live, const fr_json *record, uint64_t now)
{
    const int begins = fr_str_equal(text_of(record, "status"), "started");

    replace(&live->step, begins ? text_of(record, "message") : NULL);
    replace(&live->progress, NULL);
    forget_changes(live);
    live->step_since = now;
    live->total = 0;
}

static void follow_progress(fr_live *live, const fr_json *record, uint64_t now)
{
    const int64_t done = fr_json_get_int(record, "done", 0);
    const int64_t total = fr_json_get_int(record, "total", 0);

    (void)now;
    replace(&live->progress, text_of(record, "message"));
    live->done = done > 0 ? (uint64_t)done : 0;
    live->total = total > 0 ? (uint64_t)total : 0;
}

static size_t find_change(const fr_live *live, const char *address)
{
    size_t index = 0;

    while (index < live->running.count &&
           strcmp(((const change *)live->running.items[index])->address, address) != 0)
        index++;
    return index;
}

static void begin_change(fr_live *live, const char *address, uint64_t now)
{
    const size_t size = strlen(address) + 1;
    change *added = malloc(sizeof *added + size);

    if (added == NULL)
        return;
    added->since = now;
    memcpy(added->address, address, size);
    if (fr_vec_push(&live->running, added) != FRACTARY_OK)
        free(added);
}

static void follow_change(fr_live *live, const fr_json *record, uint64_t now)
{
    const char *status = text_of(record, "status");
    const size_t index = find_change(live, text_of(record, "address"));

    if (fr_str_equal(status, "done") || fr_str_equal(status, "failed")) {
        free(fr_vec_remove(&live->running, index));
        live->ended++;
    } else if (!fr_str_equal(status, "planned") && index == live->running.count) {
        begin_change(live, text_of(record, "address"), now);
    }
}

static const struct follower {
    const char *type;
    void (*follow)(fr_live *live, const fr_json *record, uint64_t now);
} followers[] = {
    {"step", follow_step},
    {"progress", follow_progress},
    {"change", follow_change},
};

void fr_live_record(fr_live *live, const fr_json *record, uint64_t now)
{
    for (size_t i = 0; i < sizeof followers / sizeof *followers; i++) {
        if (fr_str_equal(text_of(record, "type"), followers[i].type))
            followers[i].follow(live, record, now);
    }
}

/* Whole seconds: tenths would only flicker. */
static void put_elapsed(uint64_t since, uint64_t now, fr_buf *out)
{
    const uint64_t seconds = now > since ? (now - since) / FR_SECOND : 0;
    char text[32];

    if (seconds == 0)
        return;
    if (seconds < 60)
        snprintf(text, sizeof text, "%" PRIu64 " s", seconds);
    else
        fr_time_duration(seconds * FR_SECOND, text, sizeof text);
    fr_buf_printf(out, " %s", text);
}

/* The oldest one, and how many there are beside it. */
static void put_changes(const fr_live *live, const char *dot, uint64_t now, fr_buf *out)
{
    if (live->running.count > 0) {
        const change *oldest = live->running.items[0];
        fr_buf_printf(out, "%s%s", out->length != 0 ? dot : "", oldest->address);
        put_elapsed(oldest->since, now, out);
    }
    if (live->running.count > 1)
        fr_buf_printf(out, ", %zu more", live->running.count - 1);
    if (live->ended > 0)
        fr_buf_printf(out, "%s%" PRIu64 " done", out->length != 0 ? dot : "", live->ended);
}

/* Of changes that run, their addresses say more. */
static void put_progress(const fr_live *live, const char *dot, fr_buf *out)
{
    if (live->progress == NULL || live->running.count > 0)
        return;
    fr_buf_printf(out, "%s%s", out->length != 0 ? dot : "", live->progress);
    if (live->total > 0)
        fr_buf_printf(out, " (%" PRIu64 " of %" PRIu64 ")", live->done, live->total);
}

void fr_live_text(const fr_live *live, const fr_style *style, uint64_t now, fr_buf *out)
{
    const char *dot = style->unicode ? " · " : " - ";
    fr_buf line = {0};
    fr_buf clean = {0};

    if (live->step != NULL) {
        fr_buf_puts(&line, live->step);
        if (live->running.count == 0)
            put_elapsed(live->step_since, now, &line);
    }
    put_changes(live, dot, now, &line);
    put_progress(live, dot, &line);
    if (line.length != 0) {
        /* A line that fills the last column would wrap on some terminals. */
        const size_t room = style->width > 4 ? style->width - 3 : 1;
        fr_text_clean(&clean, fr_buf_text(&line), 0);
        fr_style_put(out, style, FR_TONE_CYAN, fr_style_mark(style, FR_MARK_RUNNING));
        fr_buf_putc(out, ' ');
        fr_text_shorten(out, style, fr_buf_text(&clean), room);
    }
    fr_buf_finish(&line);
    fr_buf_finish(&clean);
}
