#include "facts.h"
#include "hcl.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ blocks */

#define LABELS 3

/* What stands before the brace: `module "app"` */
typedef struct header {
    fr_hcl_piece words[LABELS];
    size_t count;
} header;

/* The text of a label or a plain string, without quotes; the caller frees it. */
static char *plain(const fr_hcl_piece *piece)
{
    if (piece->kind == FR_HCL_STRING && piece->length >= 2)
        return fr_str_ndup(piece->text + 1, piece->length - 2);
    return fr_str_ndup(piece->text, piece->length);
}

/* Calls `attribute` for each `name = value` directly in a body whose brace was
 * just read, and reads on to its closing brace. The value's pieces are joined
 * by spaces. */
typedef struct body {
    fr_tf_facts *facts;
    const char *label; /* of the block */
    void (*attribute)(struct body *self, const char *name, const char *value);
} body;

static void append_piece(fr_buf *out, const fr_hcl_piece *piece)
{
    if (out->length > 0)
        fr_buf_putc(out, ' ');
    fr_buf_append(out, piece->text, piece->length);
}

/* Reads pieces into `out` (may be NULL) until depth falls below zero, or at
 * depth zero a line ends. Returns non-zero when the block is over. */
static int read_value(fr_hcl *hcl, fr_buf *out)
{
    int depth = 0;
    for (;;) {
        fr_hcl_piece piece = fr_hcl_next(hcl);
        if (piece.kind == FR_HCL_END)
            return 1;
        if (piece.kind == FR_HCL_NEWLINE && depth == 0)
            return 0;
        depth += piece.kind == FR_HCL_OPEN;
        depth -= piece.kind == FR_HCL_CLOSE;
        if (depth < 0)
            return 1;
        if (out != NULL && piece.kind != FR_HCL_NEWLINE)
            append_piece(out, &piece);
    }
}

static void read_body(fr_hcl *hcl, body *b)
{
    int over = 0;
    while (!over) {
        fr_hcl_piece name = fr_hcl_next(hcl);
        if (name.kind == FR_HCL_END || name.kind == FR_HCL_CLOSE)
            return;
        if (name.kind == FR_HCL_NEWLINE)
            continue;
        fr_buf value = {0};
        over = read_value(hcl, &value);
        char *text = plain(&name);
        const char *found = fr_buf_text(&value);
        if (text != NULL && fr_str_starts(found, "= "))
            b->attribute(b, text, found + 2);
        b->facts->failed |= text == NULL || value.failed;
        free(text);
        fr_buf_finish(&value);
    }
}

/* ------------------------------------------------------------------- kinds */

/* terraform: everything in it counts, but not how it is laid out. */
static void take_settings(fr_hcl *hcl, fr_tf_facts *facts)
{
    fr_buf text = {0};
    int depth = 1;
    while (depth > 0) {
        fr_hcl_piece piece = fr_hcl_next(hcl);
        if (piece.kind == FR_HCL_END)
            break;
        depth += piece.kind == FR_HCL_OPEN;
        depth -= piece.kind == FR_HCL_CLOSE;
        if (piece.kind != FR_HCL_NEWLINE)
            append_piece(&text, &piece);
    }
    facts->failed |= text.failed;
    fr_tf_fact(facts, "terraform %s", fr_buf_text(&text));
    fr_buf_finish(&text);
}

static void module_attribute(body *b, const char *name, const char *value)
{
    size_t length = strlen(value);
    int quoted = length >= 2 && value[0] == '"' && value[length - 1] == '"';
    if (fr_str_equal(name, "version"))
        fr_tf_fact(b->facts, "module %s version %s", b->label, value);
    if (!fr_str_equal(name, "source"))
        return;
    char *source = quoted ? fr_str_ndup(value + 1, length - 2) : fr_str_dup(value);
    if (source != NULL)
        fr_tf_fact_source(b->facts, b->label, source);
    b->facts->failed |= source == NULL;
    free(source);
}

static void resource_attribute(body *b, const char *name, const char *value)
{
    if (fr_str_equal(name, "provider"))
        fr_tf_fact(b->facts, "uses %s", value);
}

static void other_attribute(body *b, const char *name, const char *value)
{
    (void)b;
    (void)name;
    (void)value;
}

static void take_label(fr_tf_facts *facts, const fr_hcl_piece *kind, const char *label)
{
    if (fr_hcl_is(kind, "provider"))
        fr_tf_fact(facts, "uses %s", label);
    else if (fr_hcl_is(kind, "module"))
        fr_tf_fact(facts, "module %s", label);
    else if (fr_hcl_is(kind, "resource") || fr_hcl_is(kind, "data") || fr_hcl_is(kind, "ephemeral"))
        fr_tf_fact_type(facts, label);
}

static void take_block(fr_hcl *hcl, fr_tf_facts *facts, const header *head)
{
    const fr_hcl_piece *kind = &head->words[0];
    if (fr_hcl_is(kind, "terraform")) {
        take_settings(hcl, facts);
        return;
    }
    char *label = head->count > 1 ? plain(&head->words[1]) : fr_str_dup("");
    body b = {.facts = facts, .label = label, .attribute = other_attribute};
    if (fr_hcl_is(kind, "module"))
        b.attribute = module_attribute;
    if (fr_hcl_is(kind, "resource") || fr_hcl_is(kind, "data"))
        b.attribute = resource_attribute;
    facts->failed |= label == NULL;
    if (label != NULL)
        take_label(facts, kind, label);
    read_body(hcl, &b);
    free(label);
}

void fr_tf_facts_hcl(fr_tf_facts *facts, const char *text, size_t length)
{
    fr_hcl hcl = {.next = text, .end = text + length};
    header head = {.count = 0};
    for (;;) {
        fr_hcl_piece piece = fr_hcl_next(&hcl);
        if (piece.kind == FR_HCL_END)
            return;
        if (piece.kind == FR_HCL_OPEN && *piece.text == '{' && head.count > 0)
            take_block(&hcl, facts, &head);
        int named = piece.kind == FR_HCL_WORD || piece.kind == FR_HCL_STRING;
        if (!named)
            head.count = 0;
        else if (head.count < LABELS)
            head.words[head.count++] = piece;
    }
}
