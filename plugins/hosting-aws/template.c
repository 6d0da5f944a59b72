#include "template.h"

#include "uri.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

/* A place, taken apart. */
typedef struct place {
    fractary_string_view names; /* separated by | */
    fractary_string_view way;   /* behind the !, or empty */
    int optional;
} place;

static place read_place(const char *text, size_t length)
{
    place p = {.names = {text, length}, .way = {text, 0}};
    const char *mark = memchr(text, '!', length);

    if (mark != NULL) {
        p.names.length = (uint64_t)(mark - text);
        p.way = (fractary_string_view){mark + 1, length - p.names.length - 1};
    }
    if (p.names.length > 0 && text[p.names.length - 1] == '?') {
        p.optional = 1;
        p.names.length--;
    }
    return p;
}

static int put_first_known(const fr_aws_facts *facts, const place *p, fr_buf *value)
{
    const char *at = p->names.data, *end = at + p->names.length;

    while (at < end) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        const char *stop = bar != NULL ? bar : end;
        if (fr_aws_facts_put(facts, at, (size_t)(stop - at), value))
            return 1;
        at = stop + 1;
    }
    return 0;
}

/* ------------------------------------------------------------------- writing */

static void put_json(const fr_buf *value, fr_buf *out)
{
    fr_buf quoted = {0};

    fr_json_quote(fr_buf_text(value), &quoted);
    if (quoted.length >= 2)
        fr_buf_append(out, quoted.data + 1, quoted.length - 2);
    fr_buf_finish(&quoted);
}

static void put_twice(const fr_buf *value, char percent, fr_buf *out)
{
    fr_buf once = {0};
    const size_t start = out->length;

    fr_aws_uri_encode(fr_buf_text(value), value->length, "", &once);
    fr_aws_uri_encode(fr_buf_text(&once), once.length, "", out);
    fr_buf_finish(&once);
    for (size_t i = start; i < out->length; i++)
        if (out->data[i] == '%')
            out->data[i] = percent;
}

static int is_way(const place *p, const char *name)
{
    return p->way.length == strlen(name) && memcmp(p->way.data, name, strlen(name)) == 0;
}

static void put_written(const place *p, fr_aws_writing writing, const fr_buf *value, fr_buf *out)
{
    if (is_way(p, "twice"))
        put_twice(value, '%', out);
    else if (is_way(p, "logs"))
        put_twice(value, '$', out);
    else if (is_way(p, "path"))
        fr_aws_uri_encode(fr_buf_text(value), value->length, "/", out);
    else if (writing == FR_AWS_PERCENT)
        fr_aws_uri_encode(fr_buf_text(value), value->length, "", out);
    else if (writing == FR_AWS_JSON)
        put_json(value, out);
    else
        fr_buf_append(out, value->data, value->length);
}

/* Forgets the pair that was begun. */
static void drop_pair(size_t start, fr_buf *out)
{
    while (out->length > start && out->data[out->length - 1] != '&' &&
           out->data[out->length - 1] != '?')
        out->length--;
    if (out->length > start)
        out->length--;
    if (out->data != NULL)
        out->data[out->length] = '\0';
}

static int32_t put_place(const place *p, const fr_aws_facts *facts, fr_aws_writing writing,
                         size_t start, fr_buf *out, char missing[FR_AWS_MISSING])
{
    fr_buf value = {0};
    int32_t status = FRACTARY_OK;

    if (put_first_known(facts, p, &value)) {
        put_written(p, writing, &value, out);
    } else if (p->optional) {
        drop_pair(start, out);
    } else {
        const size_t first = strcspn(p->names.data, "|!>");
        snprintf(missing, FR_AWS_MISSING, "%.*s", (int)first, p->names.data);
        status = FRACTARY_E_NOTFOUND;
    }
    fr_buf_finish(&value);
    return status;
}

int32_t fr_aws_template_put(const char *text, size_t length, const fr_aws_facts *facts,
                            fr_aws_writing writing, fr_buf *out, char missing[FR_AWS_MISSING])
{
    const size_t start = out->length;
    const char *end = text + length;

    while (text < end) {
        const char *open = memchr(text, '<', (size_t)(end - text));
        const char *close = open != NULL ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (close == NULL)
            open = end;
        fr_buf_append(out, text, (size_t)(open - text));
        if (close == NULL)
            break;
        const place p = read_place(open + 1, (size_t)(close - open - 1));
        const int32_t status = put_place(&p, facts, writing, start, out, missing);
        if (status != FRACTARY_OK)
            return status;
        text = close + 1;
    }
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
