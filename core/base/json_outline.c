#include "base/json_outline.h"

#include "base/json_scan.h"

/* Of the outermost object, and of those in it. */
#define DEEPEST 2

fr_json_part *fr_json_outline_note(fr_json_outline *outline, unsigned depth,
                                   fractary_string_view key, int escaped)
{
    if (depth > DEEPEST || outline->count == FR_JSON_OUTLINE_PARTS || escaped) {
        outline->cut = 1;
        return NULL;
    }
    fr_json_part *part = &outline->parts[outline->count++];
    part->key = key;
    part->parent = NULL;
    /* The last outer member is the one that is being read. */
    if (depth == DEEPEST && outline->count > 1) {
        const fr_json_part *before = part - 1;
        part->parent = before->parent != NULL ? before->parent : before;
    }
    return part;
}

static int same_key(const fr_json_part *a, const fr_json_part *b)
{
    return a->parent == b->parent && a->key.length == b->key.length &&
           memcmp(a->key.data, b->key.data, a->key.length) == 0;
}

static int is_there_before(const fr_json_outline *outline, const fr_json_part *part)
{
    for (const fr_json_part *earlier = outline->parts; earlier < part; earlier++) {
        if (same_key(earlier, part))
            return 1;
    }
    return 0;
}

/* Keys whose mark nobody had before need not be compared. */
static uint64_t mark_of(const fr_json_part *part)
{
    const fractary_string_view key = part->key;
    const unsigned ends =
        key.length > 0 ? (unsigned char)key.data[0] * 5u + (unsigned char)key.data[key.length - 1]
                       : 0;

    return UINT64_C(1) << ((ends + key.length * 11 + (part->parent != NULL)) % 64);
}

static int has_repeated(const fr_json_outline *outline)
{
    uint64_t marks = 0;

    for (size_t i = 0; i < outline->count; i++) {
        const uint64_t mark = mark_of(&outline->parts[i]);
        if ((marks & mark) != 0 && is_there_before(outline, &outline->parts[i]))
            return 1;
        marks |= mark;
    }
    return 0;
}

int fr_json_outline_is_whole(const fractary_string_view *text, const fr_json_outline *outline)
{
    return text->data[0] == '{' && !outline->cut && !has_repeated(outline);
}

int fr_json_outline_read(const char *text, size_t length, fr_json_outline *outline)
{
    const fractary_string_view whole = {text, length};
    fr_buf rewritten = {0};

    outline->count = 0;
    outline->cut = 0;
    if (length == 0 || text[0] != '{' || text[length - 1] != '}')
        return 0;
    const int32_t status = fr_json_scan_outline(text, length, &rewritten, outline, NULL);
    const int as_it_stands = status == FRACTARY_OK && rewritten.length == 0;
    fr_buf_finish(&rewritten);
    return as_it_stands && fr_json_outline_is_whole(&whole, outline);
}

int fr_json_part_has_text(const fr_json_part *part)
{
    return part->value.data[0] == '"' && part->value.length > 2;
}

const fr_json_part *fr_json_outline_find(const fr_json_outline *outline, const fr_json_part *parent,
                                         const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; i < outline->count; i++) {
        const fr_json_part *part = &outline->parts[i];
        if (part->parent == parent && part->key.length == length &&
            memcmp(part->key.data, name, length) == 0)
            return part;
    }
    return NULL;
}

int32_t fr_json_unquote(fractary_string_view quoted, fr_buf *out)
{
    if (memchr(quoted.data, '\\', quoted.length) == NULL)
        return fr_buf_append(out, quoted.data + 1, quoted.length - 2);
    fr_json *value = fr_json_parse(quoted.data, quoted.length, NULL);
    if (value == NULL)
        out->failed = 1;
    fr_buf_puts(out, fr_json_string(value));
    fr_json_free(value);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
