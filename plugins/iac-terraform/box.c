#include "box.h"

#include "diagnostics.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define LINE_LIMIT 16384u
#define TEXT_LIMIT 32768u

/* Parts of an error come in this order: its first line, where it is, the code,
 * the explanation. */
enum part { NOWHERE, SUMMARY, PLACE, DETAIL };

typedef struct parser {
    const fr_tf *tf;
    void *context;
    int32_t (*found)(void *context, fr_json *record);
    enum part part;
    int warning;
    fr_buf summary, detail, snippet;
    char *address, *file, *block;
    int64_t line;
} parser;

static void forget(parser *p)
{
    fr_buf_clear(&p->summary);
    fr_buf_clear(&p->detail);
    fr_buf_clear(&p->snippet);
    free(p->address);
    free(p->file);
    free(p->block);
    p->address = p->file = p->block = NULL;
    p->line = 0;
    p->part = NOWHERE;
}

static int32_t finish_error(parser *p)
{
    if (p->part == NOWHERE)
        return FRACTARY_OK;
    while (p->detail.length > 0 && p->detail.data[p->detail.length - 1] == '\n')
        p->detail.data[--p->detail.length] = '\0';
    fr_tf_complaint complaint = {
        .warning = p->warning,
        .summary = fr_buf_text(&p->summary),
        .detail = fr_buf_text(&p->detail),
        .address = p->address,
        .file = p->file,
        .line = p->line,
        .context = p->block,
        .snippet = p->snippet.length > 0 ? fr_buf_text(&p->snippet) : NULL,
    };
    int failed = p->summary.failed || p->detail.failed || p->snippet.failed;
    fr_json *record = failed ? NULL : fr_tf_complaint_record(p->tf, &complaint);
    forget(p);
    return record == NULL ? FRACTARY_E_NOMEM : p->found(p->context, record);
}

/* "Error: …" and "Warning: …" begin one. */
static int begins(const char *line, int *warning, const char **rest)
{
    static const struct {
        const char *word;
        int warning;
    } words[] = {{"Error: ", 0}, {"Warning: ", 1}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!fr_str_starts(line, words[i].word))
            continue;
        *warning = words[i].warning;
        *rest = line + strlen(words[i].word);
        return 1;
    }
    return 0;
}

/* "  with module.app.aws_sqs_queue.q," */
static int take_address(parser *p, const char *line)
{
    size_t length = strlen(line);
    if (p->address != NULL || !fr_str_starts(line, "  with ") || line[length - 1] != ',')
        return 0;
    p->address = fr_str_ndup(line + 7, length - 8);
    return 1;
}

/* "  on main.tf line 3, in resource "aws_sqs_queue" "q":" */
static int take_place(parser *p, const char *line)
{
    if (p->file != NULL || !fr_str_starts(line, "  on "))
        return 0;
    const char *at = strstr(line, " line ");
    if (at == NULL)
        return 0;
    const char *number = at + 6;
    size_t digits = strspn(number, "0123456789");
    if (digits == 0 || digits > 9)
        return 0;
    p->file = fr_str_ndup(line + 5, (size_t)(at - line - 5));
    p->line = strtol(number, NULL, 10);
    const char *in = strstr(number, ", in ");
    size_t length = in == NULL ? 0 : strlen(in + 5);
    if (length > 0)
        p->block = fr_str_ndup(in + 5, in[5 + length - 1] == ':' ? length - 1 : length);
    return 1;
}

/* "   3: resource …", and what stands in the small box below it. */
static int take_code(parser *p, const char *line)
{
    const char *text = line + strspn(line, " ");
    size_t digits = strspn(text, "0123456789");
    int numbered = text > line && digits > 0 && text[digits] == ':';
    int boxed = p->snippet.length > 0 && (fr_str_starts(text, "├") || fr_str_starts(text, "│"));
    if (p->file == NULL || (!numbered && !boxed))
        return 0;
    if (p->snippet.length < TEXT_LIMIT && !fr_str_starts(text, "├"))
        fr_buf_printf(&p->snippet, "%s\n", line);
    return 1;
}

static void take_detail(parser *p, const char *line)
{
    p->part = DETAIL;
    if (p->detail.length < TEXT_LIMIT)
        fr_buf_printf(&p->detail, "%s\n", line);
}

static void continue_error(parser *p, const char *line)
{
    int blank = line[strspn(line, " \t")] == '\0';
    if (p->part == SUMMARY && !blank && p->summary.length < TEXT_LIMIT) {
        fr_buf_printf(&p->summary, " %s", line);
    } else if (p->part == SUMMARY) {
        p->part = PLACE;
    } else if (p->part == PLACE) {
        if (!blank && !take_address(p, line) && !take_place(p, line) && !take_code(p, line))
            take_detail(p, line);
    } else if (p->part == DETAIL) {
        take_detail(p, line);
    }
}

static int32_t take_content(parser *p, const char *line)
{
    int warning = 0;
    const char *rest = NULL;
    if (!begins(line, &warning, &rest)) {
        continue_error(p, line);
        return FRACTARY_OK;
    }
    int32_t status = finish_error(p);
    p->part = SUMMARY;
    p->warning = warning;
    fr_buf_puts(&p->summary, rest);
    return status;
}

/* Takes the frame off a line. */
static int32_t take_line(parser *p, const char *line)
{
    if (fr_str_starts(line, "╷") || fr_str_starts(line, "╵"))
        return finish_error(p);
    if (fr_str_starts(line, "│")) {
        line += strlen("│");
        line += *line == ' ';
    }
    return take_content(p, line);
}

int32_t fr_tf_box_parse(const fr_tf *tf, const char *text, size_t length, void *context,
                        int32_t (*found)(void *context, fr_json *record))
{
    parser p = {.tf = tf, .context = context, .found = found};
    fr_buf line = {0};
    int32_t status = FRACTARY_OK;
    for (size_t i = 0; i < length && status == FRACTARY_OK;) {
        const char *end = memchr(text + i, '\n', length - i);
        size_t size = end == NULL ? length - i : (size_t)(end - text) - i;
        fr_buf_clear(&line);
        status = fr_tf_clean(&line, text + i, size, LINE_LIMIT);
        if (status == FRACTARY_OK)
            status = take_line(&p, fr_buf_text(&line));
        i += size + 1;
    }
    if (status == FRACTARY_OK)
        status = finish_error(&p);
    forget(&p);
    fr_buf_finish(&line);
    fr_buf_finish(&p.summary);
    fr_buf_finish(&p.detail);
    fr_buf_finish(&p.snippet);
    return status;
}
