/*
 * A reader of HCL, the language of Terraform's files, that goes as far as
 * discovery needs: blocks with their labels, and attributes with the text of
 * their expressions. It knows comments, strings with templates, and heredocs,
 * so that a brace inside them misleads it not; it evaluates nothing.
 *
 * https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
#ifndef FRACTARY_PROJECT_HCL_SCAN_H
#define FRACTARY_PROJECT_HCL_SCAN_H

#include <fractary-plugin/buf.h>
#include <stddef.h>
#include <stdint.h>

/* Largest file, deepest nesting (of blocks, and of brackets and templates in
 * an expression), most labels of a block, most blocks and attributes. */
#define FR_HCL_LIMIT  (4u * 1024 * 1024)
#define FR_HCL_DEPTH  64
#define FR_HCL_LABELS 3
#define FR_HCL_NODES  200000

/* The expression of an attribute, as it is written; without comments behind
 * it. `text` points into what was scanned and is not NUL-terminated. */
typedef struct fr_hcl_attribute {
    char *name;
    const char *text;
    size_t length;
    size_t line; /* counts from 1; 0 from JSON */
    char *owned; /* memory of `text` where it is no part of the source, or NULL */
    struct fr_hcl_attribute *next;
} fr_hcl_attribute;

typedef struct fr_hcl_block {
    char *type;                  /* "" for the file itself */
    char *labels[FR_HCL_LABELS]; /* NULL where there is none */
    size_t line;
    fr_hcl_attribute *attributes; /* in the file's order */
    struct fr_hcl_block *blocks;  /* those inside, in the file's order */
    struct fr_hcl_block *next;
} fr_hcl_block;

/* Scans one file; `text` must outlive the result. *root is the file as a block
 * (caller frees with fr_hcl_free()), and also there after FRACTARY_E_INVALID:
 * it then holds the whole blocks and attributes before the fault; the cause of
 * `error` is what is wrong, its place the number of the line.
 * FRACTARY_E_LIMIT, FRACTARY_E_NOMEM: *root is NULL. */
int32_t fr_hcl_scan(const char *text, size_t length, fr_hcl_block **root, fractary_error *error);
/* The same tree from Terraform's JSON form (.tf.json); its expressions point
 * into memory that the tree owns. */
int32_t fr_hcl_from_json(const char *text, size_t length, fr_hcl_block **root,
                         fractary_error *error);
void fr_hcl_free(fr_hcl_block *root); /* accepts NULL */

/* The first block inside of that type (and first label unless NULL), or NULL;
 * fr_hcl_next() gives the following one of the same type. */
const fr_hcl_block *fr_hcl_find(const fr_hcl_block *block, const char *type, const char *label);
const fr_hcl_block *fr_hcl_next(const fr_hcl_block *block);
const fr_hcl_attribute *fr_hcl_attribute_of(const fr_hcl_block *block, const char *name);

/* When the expression is one string without a template: appends its content,
 * escapes resolved, and returns non-zero. */
int fr_hcl_literal(const char *text, size_t length, fr_buf *out);
/* *out: the attribute's literal, for the caller to free(); NULL when there is no
 * such attribute or it is no literal. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_hcl_literal_of(const fr_hcl_block *block, const char *name, char **out);

/* One piece of an expression. */
typedef enum fr_hcl_kind {
    FR_HCL_END,
    FR_HCL_NAME,   /* identifier                                       */
    FR_HCL_STRING, /* quoted string or heredoc, quotes included        */
    FR_HCL_NUMBER,
    FR_HCL_SIGN /* one operator or bracket; "==" and its like are one */
} fr_hcl_kind;

typedef struct fr_hcl_token {
    fr_hcl_kind kind;
    const char *text;
    size_t length;
} fr_hcl_token;

/* Reads the next token of [*at, end) and moves *at behind it; comments and
 * white space, line feeds too, are skipped. What is no HCL ends it. */
fr_hcl_token fr_hcl_token_next(const char **at, const char *end);
int fr_hcl_token_is(const fr_hcl_token *token, const char *text);

#endif
