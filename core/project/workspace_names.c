#include "project/workspace_names.h"

#include "project/config_check.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define MOST_TOKENS 4096 /* of an expression; the rest is not looked at */

/* An expression as its tokens. */
struct tokens {
    fr_hcl_token at[MOST_TOKENS + 1]; /* an FR_HCL_END behind the last */
    size_t count;
};

struct search {
    struct tokens *tokens;
    fr_names *names;
    fr_names aliases; /* locals that are terraform.workspace itself   */
    fr_names maps;    /* variables and locals that it is a key into   */
    int used;
};

static void tokenize(struct tokens *tokens, const fr_hcl_attribute *attribute)
{
    const char *at = attribute->text;
    const char *end = at + attribute->length;

    tokens->count = 0;
    while (tokens->count < MOST_TOKENS) {
        const fr_hcl_token token = fr_hcl_token_next(&at, end);
        if (token.kind == FR_HCL_END)
            break;
        tokens->at[tokens->count++] = token;
    }
    tokens->at[tokens->count] = (fr_hcl_token){FR_HCL_END, end, 0};
}

/* Calls `look` for each attribute of the blocks and of those inside. */
static void each_attribute(struct search *search, const fr_hcl_block *block,
                           void (*look)(struct search *, const fr_hcl_block *,
                                        const fr_hcl_attribute *))
{
    for (; block != NULL; block = block->next) {
        for (const fr_hcl_attribute *a = block->attributes; a != NULL; a = a->next)
            look(search, block, a);
        each_attribute(search, block->blocks, look);
    }
}

static void each_file(struct search *search, const fr_vec *files,
                      void (*look)(struct search *, const fr_hcl_block *, const fr_hcl_attribute *))
{
    for (size_t i = 0; i < files->count; i++)
        each_attribute(search, files->items[i], look);
}

static int is_path(const struct tokens *tokens, size_t i, const char *first, const char *second)
{
    return i + 2 < tokens->count && fr_hcl_token_is(&tokens->at[i], first) &&
           fr_hcl_token_is(&tokens->at[i + 1], ".") && fr_hcl_token_is(&tokens->at[i + 2], second);
}

static void add_token(fr_names *names, const fr_hcl_token *token)
{
    fr_buf text = {0};

    if (token->kind == FR_HCL_NAME)
        fr_buf_append(&text, token->text, token->length);
    else if (token->kind != FR_HCL_STRING || !fr_hcl_literal(token->text, token->length, &text))
        fr_buf_clear(&text);
    if (fr_config_is_environment_name(fr_buf_text(&text)) &&
        !fr_str_equal(fr_buf_text(&text), "default"))
        fr_names_add(names, fr_buf_text(&text));
    fr_buf_finish(&text);
}

/* ---------------------------------------------------------------------- first pass */

/* Code in a template is inside a string token; there it only counts as use. */
static int mentions(const fr_hcl_attribute *attribute)
{
    static const char path[] = "terraform.workspace";

    return memmem(attribute->text, attribute->length, path, sizeof path - 1) != NULL;
}

static void look_for_alias(struct search *search, const fr_hcl_block *block,
                           const fr_hcl_attribute *attribute)
{
    if (!mentions(attribute))
        return;
    search->used = 1;
    tokenize(search->tokens, attribute);
    if (fr_str_equal(block->type, "locals") && search->tokens->count == 3 &&
        is_path(search->tokens, 0, "terraform", "workspace"))
        fr_names_add(&search->aliases, attribute->name);
}

/* ---------------------------------------------------------------------- second pass */

static int is_workspace(const struct search *search, size_t i)
{
    const struct tokens *tokens = search->tokens;

    if (is_path(tokens, i, "terraform", "workspace"))
        return 1;
    for (size_t a = 0; a < fr_names_count(&search->aliases); a++) {
        if (is_path(tokens, i, "local", fr_names_at(&search->aliases, a)))
            return 1;
    }
    return 0;
}

static int is_comparison(const fr_hcl_token *token)
{
    return fr_hcl_token_is(token, "==") || fr_hcl_token_is(token, "!=");
}

/* The path var.name or local.name that ends before `end`: its name is a map. */
static void add_map(struct search *search, size_t end)
{
    const struct tokens *tokens = search->tokens;

    if (end < 3 || !fr_hcl_token_is(&tokens->at[end - 2], ".") ||
        tokens->at[end - 1].kind != FR_HCL_NAME)
        return;
    if (fr_hcl_token_is(&tokens->at[end - 3], "var") ||
        fr_hcl_token_is(&tokens->at[end - 3], "local"))
        fr_names_add_part(&search->maps, tokens->at[end - 1].text, tokens->at[end - 1].length);
}

/* The strings of the list that ends before `end`: contains([…], workspace). */
static void add_list(struct search *search, size_t end)
{
    const struct tokens *tokens = search->tokens;

    if (end == 0 || !fr_hcl_token_is(&tokens->at[end - 1], "]"))
        return;
    for (size_t i = end - 1; i > 0 && !fr_hcl_token_is(&tokens->at[i - 1], "["); i--) {
        if (tokens->at[i - 1].kind == FR_HCL_STRING)
            add_token(search->names, &tokens->at[i - 1]);
    }
}

static void add_keys(fr_names *names, const struct tokens *tokens, size_t begin);

/* The object literal that ends before `end`: {…}[workspace]. */
static void add_object(struct search *search, size_t end)
{
    const struct tokens *tokens = search->tokens;
    size_t depth = 0;

    if (end == 0 || !fr_hcl_token_is(&tokens->at[end - 1], "}"))
        return;
    for (size_t i = end; i > 0; i--) {
        depth += fr_hcl_token_is(&tokens->at[i - 1], "}") != 0;
        depth -= fr_hcl_token_is(&tokens->at[i - 1], "{") != 0;
        if (depth == 0) {
            add_keys(search->names, tokens, i - 1);
            return;
        }
    }
}

/* `i` is where the workspace is spoken of. */
static void look_around(struct search *search, size_t i)
{
    const struct tokens *tokens = search->tokens;
    const fr_hcl_token *behind = &tokens->at[i + 3];

    if (is_comparison(behind))
        add_token(search->names, behind + 1);
    if (i >= 2 && is_comparison(&tokens->at[i - 1]))
        add_token(search->names, &tokens->at[i - 2]);
    if (i >= 1 && fr_hcl_token_is(&tokens->at[i - 1], "[")) {
        add_map(search, i - 1);
        add_object(search, i - 1);
    }
    if (i >= 1 && fr_hcl_token_is(&tokens->at[i - 1], ",")) {
        add_map(search, i - 1);
        add_list(search, i - 1);
        add_object(search, i - 1);
    }
}

static void look_for_names(struct search *search, const fr_hcl_block *block,
                           const fr_hcl_attribute *attribute)
{
    (void)block;
    if (!search->used || (!mentions(attribute) && fr_names_count(&search->aliases) == 0))
        return;
    tokenize(search->tokens, attribute);
    for (size_t i = 0; i < search->tokens->count; i++) {
        if (is_workspace(search, i))
            look_around(search, i);
    }
}

/* ----------------------------------------------------------------------- third pass */

/* Of the object that begins at `begin`, the keys of its first level. The
 * second half of a condition has a colon, too: `open` counts question marks. */
static void add_keys(fr_names *names, const struct tokens *tokens, size_t begin)
{
    size_t depth = 0;
    size_t open = 0;

    for (size_t i = begin; i < tokens->count; i++) {
        const fr_hcl_token *token = &tokens->at[i];
        const char sign = token->kind == FR_HCL_SIGN && token->length == 1 ? *token->text : ' ';
        depth += strchr("{[(", sign) != NULL;
        if (strchr("}])", sign) != NULL && --depth == 0)
            return;
        if (depth != 1)
            continue;
        open += sign == '?';
        const int colon = fr_hcl_token_is(token + 1, ":") && open == 0;
        if (colon || fr_hcl_token_is(token + 1, "="))
            add_token(names, token);
        else if (sign == ':' && open > 0)
            open--;
    }
}

static void look_for_map(struct search *search, const fr_hcl_block *block,
                         const fr_hcl_attribute *attribute)
{
    const int is_local = fr_str_equal(block->type, "locals");
    const int is_default =
        fr_str_equal(block->type, "variable") && fr_str_equal(attribute->name, "default");
    const char *name = is_local ? attribute->name : is_default ? block->labels[0] : NULL;

    if (name == NULL || !fr_names_has(&search->maps, name))
        return;
    tokenize(search->tokens, attribute);
    if (fr_hcl_token_is(&search->tokens->at[0], "{"))
        add_keys(search->names, search->tokens, 0);
}

void fr_workspace_names(const fr_vec *files, fr_names *names, int *used)
{
    struct search search = {.tokens = malloc(sizeof *search.tokens), .names = names};

    if (search.tokens == NULL) {
        names->failed = 1;
        return;
    }
    each_file(&search, files, look_for_alias);
    each_file(&search, files, look_for_names);
    if (fr_names_count(&search.maps) > 0)
        each_file(&search, files, look_for_map);
    *used |= search.used;
    names->failed |= search.aliases.failed | search.maps.failed;
    fr_names_finish(&search.aliases);
    fr_names_finish(&search.maps);
    free(search.tokens);
}
