#include "project/hcl_scan.h"

#include "project/hcl_token.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const char *at, *end;
    const char *counted; /* up to here `line` has counted */
    size_t line;
    size_t nodes;
    fractary_error *error;
};

static size_t line_at(struct scan *scan, const char *at)
{
    for (; scan->counted < at; scan->counted++)
        scan->line += *scan->counted == '\n';
    return scan->line;
}

static int32_t fault_on(struct scan *scan, size_t line, const char *what)
{
    fr_error_set(scan->error, FRACTARY_E_INVALID, "line %zu cannot be read: %s", line, what);
    fr_error_cause(scan->error, "%s", what);
    fr_error_place(scan->error, "%zu", line);
    return FRACTARY_E_INVALID;
}

static int32_t fault(struct scan *scan, const char *at, const char *what)
{
    return fault_on(scan, line_at(scan, at), what);
}

static int32_t count_node(struct scan *scan)
{
    if (++scan->nodes <= FR_HCL_NODES)
        return FRACTARY_OK;
    return fr_error_set(scan->error, FRACTARY_E_LIMIT, "more than %d blocks and attributes",
                        FR_HCL_NODES);
}

/* --------------------------------------------------------------- expressions */

/* Brackets that are open, as the signs that will close them. */
struct brackets {
    char closing[FR_HCL_DEPTH];
    size_t depth;
};

/* What is wrong with this sign, or NULL. */
static const char *take_bracket(struct brackets *open, char sign)
{
    static const char opening[] = "([{";
    static const char closing[] = ")]}";
    const char *found = memchr(opening, sign, sizeof opening - 1);

    if (found != NULL && open->depth == FR_HCL_DEPTH)
        return "brackets are nested too deeply";
    if (found != NULL)
        open->closing[open->depth++] = closing[found - opening];
    else if (memchr(closing, sign, sizeof closing - 1) == NULL)
        return NULL;
    else if (open->depth == 0 || open->closing[--open->depth] != sign)
        return "a bracket is closed that was not opened";
    return NULL;
}

/* Reads to the end of the line, of the block or of the text, whichever comes
 * first outside brackets. */
static int32_t scan_expression(struct scan *scan, fr_hcl_attribute *attribute)
{
    struct brackets open = {{0}, 0};
    const char *end = scan->at;

    attribute->text = fr_hcl_skip_space(scan->at, scan->end, 0);
    for (;;) {
        const char *at = fr_hcl_skip_space(scan->at, scan->end, open.depth > 0);
        if (at == scan->end || (open.depth == 0 && (*at == '\n' || *at == '}')))
            break;
        const fr_hcl_token token = fr_hcl_token_at(at, scan->end);
        if (token.kind == FR_HCL_END)
            return fault(scan, at, "a string is not closed");
        const char *wrong = token.kind == FR_HCL_SIGN ? take_bracket(&open, *at) : NULL;
        if (wrong != NULL)
            return fault(scan, at, wrong);
        scan->at = end = at + token.length;
    }
    if (open.depth > 0)
        return fault(scan, attribute->text, "a bracket is not closed");
    if (end <= attribute->text)
        return fault(scan, attribute->text, "an attribute has no value");
    attribute->length = (size_t)(end - attribute->text);
    return FRACTARY_OK;
}

static void free_attributes(fr_hcl_attribute *attribute)
{
    while (attribute != NULL) {
        fr_hcl_attribute *next = attribute->next;
        free(attribute->name);
        free(attribute->owned);
        free(attribute);
        attribute = next;
    }
}

/* *slot stays NULL when the attribute is broken. */
static int32_t scan_attribute(struct scan *scan, const fr_hcl_token *name, fr_hcl_attribute **slot)
{
    fr_hcl_attribute *attribute = calloc(1, sizeof *attribute);

    if (attribute == NULL)
        return fr_error_nomem(scan->error);
    attribute->name = fr_str_ndup(name->text, name->length);
    attribute->line = line_at(scan, name->text);
    const int32_t status =
        attribute->name != NULL ? scan_expression(scan, attribute) : fr_error_nomem(scan->error);
    if (status == FRACTARY_OK)
        *slot = attribute;
    else
        free_attributes(attribute);
    return status;
}

/* -------------------------------------------------------------------- blocks */

/* A label is a name or a string; a template in it makes it unusable here. */
static char *label_text(const fr_hcl_token *token)
{
    fr_buf text = {0};

    if (token->kind == FR_HCL_NAME)
        return fr_str_ndup(token->text, token->length);
    if (!fr_hcl_literal(token->text, token->length, &text))
        fr_buf_append(&text, token->text, token->length);
    return fr_buf_steal(&text);
}

/* Reads labels up to the opening brace, and that. */
static int32_t scan_labels(struct scan *scan, fr_hcl_block *block)
{
    for (size_t count = 0;; count++) {
        const char *at = fr_hcl_skip_space(scan->at, scan->end, 0);
        const fr_hcl_token token = fr_hcl_token_at(at, scan->end);
        if (fr_hcl_token_is(&token, "{")) {
            scan->at = at + 1;
            return FRACTARY_OK;
        }
        if (token.kind != FR_HCL_NAME && (token.kind != FR_HCL_STRING || *at != '"'))
            return fault(scan, at, "neither an attribute nor a block");
        scan->at = at + token.length;
        if (count >= FR_HCL_LABELS)
            continue;
        block->labels[count] = label_text(&token);
        if (block->labels[count] == NULL)
            return fr_error_nomem(scan->error);
    }
}

static int32_t scan_body(struct scan *scan, fr_hcl_block *block, size_t depth);

static int32_t scan_block(struct scan *scan, const fr_hcl_token *type, size_t depth,
                          fr_hcl_block **slot)
{
    fr_hcl_block *block = calloc(1, sizeof *block);

    if (block == NULL)
        return fr_error_nomem(scan->error);
    *slot = block;
    block->type = fr_str_ndup(type->text, type->length);
    if (block->type == NULL)
        return fr_error_nomem(scan->error);
    block->line = line_at(scan, type->text);
    if (depth == FR_HCL_DEPTH)
        return fault(scan, type->text, "blocks are nested too deeply");
    const int32_t status = scan_labels(scan, block);
    return status == FRACTARY_OK ? scan_body(scan, block, depth + 1) : status;
}

/* Ends of the two lists of a block, to append to. */
struct tails {
    fr_hcl_attribute **attribute;
    fr_hcl_block **block;
};

/* One attribute or block, which begins with `name`. */
static int32_t scan_item(struct scan *scan, const fr_hcl_token *name, size_t depth,
                         struct tails *tails)
{
    int32_t status = count_node(scan);

    if (status != FRACTARY_OK)
        return status;
    scan->at = name->text + name->length;
    const char *at = fr_hcl_skip_space(scan->at, scan->end, 0);
    const fr_hcl_token sign = fr_hcl_token_at(at, scan->end);
    if (fr_hcl_token_is(&sign, "=")) {
        scan->at = at + 1;
        status = scan_attribute(scan, name, tails->attribute);
        if (*tails->attribute != NULL)
            tails->attribute = &(*tails->attribute)->next;
        return status;
    }
    status = scan_block(scan, name, depth, tails->block);
    if (status == FRACTARY_OK) {
        tails->block = &(*tails->block)->next;
    } else { /* half a block tells half of the truth */
        fr_hcl_free(*tails->block);
        *tails->block = NULL;
    }
    return status;
}

static int32_t scan_body(struct scan *scan, fr_hcl_block *block, size_t depth)
{
    struct tails tails = {&block->attributes, &block->blocks};
    int32_t status = FRACTARY_OK;

    while (status == FRACTARY_OK) {
        const char *at = fr_hcl_skip_space(scan->at, scan->end, 1);
        const fr_hcl_token token = fr_hcl_token_at(at, scan->end);
        if (at == scan->end)
            return depth == 0 ? FRACTARY_OK : fault_on(scan, block->line, "a block is not closed");
        if (fr_hcl_token_is(&token, "}") && depth > 0) {
            scan->at = at + 1;
            return FRACTARY_OK;
        }
        if (token.kind != FR_HCL_NAME)
            return fault(scan, at, "neither an attribute nor a block");
        status = scan_item(scan, &token, depth, &tails);
    }
    return status;
}

int32_t fr_hcl_scan(const char *text, size_t length, fr_hcl_block **root, fractary_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* of UTF-8, which editors put there */
    struct scan scan = {text, text + length, text, 1, 0, error};

    *root = NULL;
    if (length > FR_HCL_LIMIT)
        return fr_error_set(error, FRACTARY_E_LIMIT, "more than %u bytes", FR_HCL_LIMIT);
    if (length >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0)
        scan.at += sizeof mark - 1;
    fr_hcl_block *file = calloc(1, sizeof *file);
    if (file == NULL)
        return fr_error_nomem(error);
    file->type = fr_str_dup("");
    const int32_t status = file->type != NULL ? scan_body(&scan, file, 0) : fr_error_nomem(error);
    if (status == FRACTARY_OK || status == FRACTARY_E_INVALID)
        *root = file;
    else
        fr_hcl_free(file);
    return status;
}

/* -------------------------------------------------------------------- reading */

void fr_hcl_free(fr_hcl_block *root)
{
    while (root != NULL) {
        fr_hcl_block *next = root->next;
        fr_hcl_free(root->blocks);
        free_attributes(root->attributes);
        for (size_t i = 0; i < FR_HCL_LABELS; i++)
            free(root->labels[i]);
        free(root->type);
        free(root);
        root = next;
    }
}

static const fr_hcl_block *first_of(const fr_hcl_block *block, const char *type, const char *label)
{
    while (block != NULL && (!fr_str_equal(block->type, type) ||
                             (label != NULL && !fr_str_equal(block->labels[0], label))))
        block = block->next;
    return block;
}

const fr_hcl_block *fr_hcl_find(const fr_hcl_block *block, const char *type, const char *label)
{
    return first_of(block->blocks, type, label);
}

const fr_hcl_block *fr_hcl_next(const fr_hcl_block *block)
{
    return first_of(block->next, block->type, NULL);
}

const fr_hcl_attribute *fr_hcl_attribute_of(const fr_hcl_block *block, const char *name)
{
    const fr_hcl_attribute *attribute = block->attributes;

    while (attribute != NULL && !fr_str_equal(attribute->name, name))
        attribute = attribute->next;
    return attribute;
}

int32_t fr_hcl_literal_of(const fr_hcl_block *block, const char *name, char **out)
{
    const fr_hcl_attribute *attribute = fr_hcl_attribute_of(block, name);
    fr_buf text = {0};

    *out = NULL;
    if (attribute == NULL)
        return FRACTARY_OK;
    const int literal = fr_hcl_literal(attribute->text, attribute->length, &text);
    const int failed = text.failed;
    if (literal)
        *out = fr_buf_steal(&text);
    fr_buf_finish(&text);
    return failed || (literal && *out == NULL) ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
