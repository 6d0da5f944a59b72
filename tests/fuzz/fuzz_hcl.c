/* Terraform code of any kind, in both forms: no crash, no endless work, every
 * expression lies within the text, and a refusal always says something. */
#include "project/hcl_scan.h"
#include "project/workspace_names.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text that expressions must lie in; NULL where the tree owns them. */
struct source {
    const char *begin, *end;
};

static void check_attribute(const struct source *source, const fr_hcl_attribute *attribute)
{
    const char *at = attribute->text;
    const char *end = attribute->text + attribute->length;
    fr_buf literal = {0};

    if (attribute->owned == NULL && (at < source->begin || end > source->end || at >= end))
        abort();
    for (;;) {
        const char *before = at;
        const fr_hcl_token token = fr_hcl_token_next(&at, end);
        if (token.kind == FR_HCL_END)
            break;
        if (at <= before || at > end)
            abort();
    }
    if (fr_hcl_literal(attribute->text, attribute->length, &literal) &&
        literal.length > attribute->length)
        abort();
    fr_buf_finish(&literal);
}

static void check_blocks(const struct source *source, const fr_hcl_block *block)
{
    for (; block != NULL; block = block->next) {
        for (const fr_hcl_attribute *a = block->attributes; a != NULL; a = a->next)
            check_attribute(source, a);
        check_blocks(source, block->blocks);
    }
}

static void check_tree(const struct source *source, fr_hcl_block *root)
{
    fr_vec files = {0};
    fr_names names = {0};
    int used = 0;

    check_blocks(source, root);
    if (fr_vec_push(&files, root) == FRACTARY_OK)
        fr_workspace_names(&files, &names, &used);
    if (fr_names_has(&names, "default") || (fr_names_count(&names) > 0 && !used))
        abort();
    fr_names_finish(&names);
    fr_vec_finish(&files, NULL);
    fr_hcl_free(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Exactly as long as the text, so that one byte too far is seen. */
    char *text = malloc(size > 0 ? size : 1);
    fractary_error error = FR_ERROR_INIT;
    fr_hcl_block *root;

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    const struct source source = {text, text + size};
    const int32_t status = fr_hcl_scan(text, size, &root, &error);
    if (status != FRACTARY_OK && error.message[0] == '\0')
        abort();
    if (root != NULL)
        check_tree(&source, root);
    if (fr_hcl_from_json(text, size, &root, NULL) == FRACTARY_OK)
        check_tree(&source, root);
    free(text);
    return 0;
}
