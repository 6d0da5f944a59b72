#include "project/hcl_scan.h"

#include <fractary-plugin/json.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>

/* JSON does not say what is a block and how many labels it has; Terraform's
 * schema does. Of it, what discovery reads. */
static const struct form {
    const char *parent, *type;
    size_t labels;
} forms[] = {
    {"", "terraform", 0},
    {"", "provider", 1},
    {"", "variable", 1},
    {"", "locals", 0},
    {"", "module", 1},
    {"", "resource", 2},
    {"", "data", 2},
    {"", "output", 1},
    {"terraform", "backend", 1},
    {"terraform", "cloud", 0},
    {"terraform", "required_providers", 0},
    {"cloud", "workspaces", 0},
    {"backend", "workspaces", 0},
};

static const struct form *find_form(const char *parent, const char *type)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (fr_str_equal(forms[i].parent, parent) && fr_str_equal(forms[i].type, type))
            return &forms[i];
    }
    return NULL;
}

/* Ends of the two lists of a block, to append to. */
struct tails {
    fr_hcl_attribute **attribute;
    fr_hcl_block **block;
};

static int32_t add_attribute(struct tails *tails, const fr_json *member)
{
    fr_hcl_attribute *attribute = calloc(1, sizeof *attribute);
    fr_buf text = {0};

    if (attribute == NULL)
        return FRACTARY_E_NOMEM;
    *tails->attribute = attribute;
    tails->attribute = &attribute->next;
    fr_json_print(member, &text);
    attribute->length = text.length;
    attribute->owned = fr_buf_steal(&text);
    attribute->text = attribute->owned;
    attribute->name = fr_str_dup(fr_json_key(member));
    return attribute->name != NULL && attribute->owned != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

static fr_hcl_block *add_block(struct tails *tails, const char *type, const char *const *labels)
{
    fr_hcl_block *block = calloc(1, sizeof *block);

    if (block == NULL)
        return NULL;
    *tails->block = block;
    tails->block = &block->next;
    block->type = fr_str_dup(type);
    int complete = block->type != NULL;
    for (size_t i = 0; i < FR_HCL_LABELS && labels[i] != NULL; i++) {
        block->labels[i] = fr_str_dup(labels[i]);
        complete &= block->labels[i] != NULL;
    }
    return complete ? block : NULL;
}

static int32_t convert_body(fr_hcl_block *block, const fr_json *object);

/* `labels` are those found so far, ended by NULL. */
static int32_t convert_block(struct tails *tails, const struct form *form,
                             const char *const *labels, size_t count, const fr_json *value)
{
    const char *inner[FR_HCL_LABELS + 1] = {0};
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(value) == FR_JSON_OBJECT && count == form->labels) {
        fr_hcl_block *block = add_block(tails, form->type, labels);
        return block != NULL ? convert_body(block, value) : FRACTARY_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++)
        inner[i] = labels[i];
    /* An array repeats the block, an object's keys are its labels. */
    for (const fr_json *e = fr_json_first(value); e != NULL && status == FRACTARY_OK;
         e = fr_json_next(e)) {
        inner[count] = fr_json_key(e);
        status = convert_block(tails, form, inner, count + (inner[count] != NULL), e);
    }
    return status;
}

static int32_t convert_body(fr_hcl_block *block, const fr_json *object)
{
    static const char *const none[FR_HCL_LABELS + 1] = {0};
    struct tails tails = {&block->attributes, &block->blocks};
    int32_t status = FRACTARY_OK;

    for (const fr_json *m = fr_json_first(object); m != NULL && status == FRACTARY_OK;
         m = fr_json_next(m)) {
        const struct form *form = find_form(block->type, fr_json_key(m));
        status = form != NULL ? convert_block(&tails, form, none, 0, m) : add_attribute(&tails, m);
    }
    return status;
}

static int32_t fault_on(size_t line, const char *what, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "line %zu cannot be read: %s", line, what);
    fr_error_cause(error, "%s", what);
    fr_error_place(error, "%zu", line);
    return FRACTARY_E_INVALID;
}

int32_t fr_hcl_from_json(const char *text, size_t length, fr_hcl_block **root,
                         fractary_error *error)
{
    fr_json_fault fault;
    int32_t status = FRACTARY_E_NOMEM;

    *root = NULL;
    fr_json *tree = fr_json_parse(text, length, &fault);
    if (tree == NULL && fault.line > 0)
        return fault_on(fault.line, fault.reason, error);
    if (tree != NULL && fr_json_kind_of(tree) != FR_JSON_OBJECT) {
        fr_json_free(tree);
        return fault_on(1, "not an object", error);
    }
    fr_hcl_block *file = calloc(1, sizeof *file);
    if (tree != NULL && file != NULL && (file->type = fr_str_dup("")) != NULL)
        status = convert_body(file, tree);
    fr_json_free(tree);
    if (status != FRACTARY_OK) {
        fr_hcl_free(file);
        return fr_error_nomem(error);
    }
    *root = file;
    return FRACTARY_OK;
}
