#include "cli/plan_view.h"

#include "cli/text.h"
#include "cli/view.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* Columns of an action's name. */
#define ACTION_WIDTH 7

/* Texts point behind the struct. */
typedef struct change {
    const char *action, *address, *type, *note;
} change;

static const char *text_of(const fr_json *object, const char *key)
{
    const char *text = fr_json_get_string(object, key);
    return text != NULL ? text : "";
}

static const char *store(char **at, const char *text)
{
    const size_t size = strlen(text) + 1;
    const char *stored = memcpy(*at, text, size);

    *at += size;
    return stored;
}

/* Why it is replaced, or where it comes from. */
static const char *note_of(const fr_json *record)
{
    const char *reason = text_of(record, "reason");
    return reason[0] != '\0' ? reason : text_of(record, "previous_address");
}

static change *make_change(const fr_json *record)
{
    const char *texts[] = {text_of(record, "action"), text_of(record, "address"),
                           text_of(record, "resource_type"), note_of(record)};
    size_t size = sizeof(change);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        size += strlen(texts[i]) + 1;
    change *made = malloc(size);
    if (made == NULL)
        return NULL;
    char *at = (char *)(made + 1);
    made->action = store(&at, texts[0]);
    made->address = store(&at, texts[1]);
    made->type = store(&at, texts[2]);
    made->note = store(&at, texts[3]);
    return made;
}

void fr_plan_view_finish(fr_plan_view *view)
{
    fr_vec_finish(&view->changes, free);
    view->changes = (fr_vec){0};
}

int32_t fr_plan_view_add(fr_plan_view *view, const fr_json *record)
{
    if (!fr_str_equal(text_of(record, "status"), "planned") ||
        fr_str_equal(text_of(record, "action"), "no-op"))
        return FRACTARY_OK;

    change *made = make_change(record);
    if (made == NULL)
        return FRACTARY_E_NOMEM;
    const int32_t status = fr_vec_push(&view->changes, made);
    if (status != FRACTARY_OK)
        free(made);
    return status;
}

static void put_action(const fr_style *style, const char *action, fr_buf *out)
{
    const size_t width = fr_str_width(action);
    fr_buf clean = {0};

    fr_text_clean(&clean, action, 0);
    fr_buf_puts(out, "  ");
    fr_style_on(out, style, fr_view_action_tone(action));
    fr_buf_printf(out, "%s %s", fr_view_action_sign(style, action), fr_buf_text(&clean));
    fr_style_off(out, style, fr_view_action_tone(action));
    fr_text_pad(out, (width < ACTION_WIDTH ? ACTION_WIDTH - width : 0) + 2);
    fr_buf_finish_part(&clean, out);
}

static void put_rest(const fr_style *style, const char *text, const char *note, fr_buf *out)
{
    const size_t column = 2 + 2 + ACTION_WIDTH + 2;
    fr_buf clean = {0};

    fr_text_clean(&clean, text, 0);
    fr_text_wrap(out, fr_buf_text(&clean), style->width, column, column);
    fr_buf_clear(&clean);
    if (note[0] != '\0') {
        fr_text_clean(&clean, note, 0);
        fr_style_on(out, style, FR_TONE_DIM);
        fr_buf_printf(out, "  (%s)", fr_buf_text(&clean));
        fr_style_off(out, style, FR_TONE_DIM);
    }
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&clean, out);
}

static void put_change(const change *one, const fr_style *style, fr_buf *out)
{
    put_action(style, one->action, out);
    put_rest(style, one->address, one->note, out);
}

static int by_action_and_type(const void *a, const void *b)
{
    const change *left = a;
    const change *right = b;
    const int by_action = strcmp(left->action, right->action);
    return by_action != 0 ? by_action : strcmp(left->type, right->type);
}

/* Appends "12 aws_s3_bucket" for the run of one action and type that begins at
 * `index`, and returns its end. */
static size_t put_type(const fr_plan_view *view, size_t index, fr_buf *out)
{
    const change *first = view->changes.items[index];
    size_t end = index + 1;

    while (end < view->changes.count && by_action_and_type(first, view->changes.items[end]) == 0)
        end++;
    fr_buf_printf(out, "%zu %s", end - index, first->type);
    return end;
}

/* One line an action: how many of which type. */
static void print_folded(fr_plan_view *view, const fr_style *style, fr_buf *out)
{
    fr_vec_sort(&view->changes, by_action_and_type);
    for (size_t i = 0; i < view->changes.count;) {
        const change *first = view->changes.items[i];
        fr_buf types = {0};
        while (i < view->changes.count &&
               strcmp(first->action, ((const change *)view->changes.items[i])->action) == 0) {
            fr_buf_puts(&types, types.length != 0 ? ", " : "");
            i = put_type(view, i, &types);
        }
        put_action(style, first->action, out);
        put_rest(style, fr_buf_text(&types), "", out);
        fr_buf_finish_part(&types, out);
    }
}

void fr_plan_view_print(fr_plan_view *view, const fr_style *style, fr_buf *out)
{
    if (view->changes.count > FR_PLAN_VIEW_MOST) {
        print_folded(view, style, out);
    } else {
        for (size_t i = 0; i < view->changes.count; i++)
            put_change(view->changes.items[i], style, out);
    }
    fr_plan_view_finish(view);
}

void fr_plan_view_summary(const fr_json *record, const fr_tally *tally, const fr_style *style,
                          fr_buf *out)
{
    const char *hash = text_of(record, "sha256");
    fr_buf line = {0};

    fr_style_put(out, style, FR_TONE_BOLD, "  plan: ");
    fr_tally_plan(tally, &line);
    fr_text_wrap(out, fr_buf_text(&line), style->width, strlen("  plan: "), 4);
    if (hash[0] != '\0') {
        fr_style_on(out, style, FR_TONE_DIM);
        fr_buf_printf(out, "  (%.12s)", hash);
        fr_style_off(out, style, FR_TONE_DIM);
    }
    fr_buf_putc(out, '\n');
    fr_buf_finish_part(&line, out);
}
