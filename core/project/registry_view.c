#include "project/registry_view.h"

#include "base/file.h"
#include "base/json_scan.h"
#include "project/registry_place.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[FR_REGISTRY_FIELDS] = {
    [FR_REGISTRY_ADDRESS] = "address",
    [FR_REGISTRY_TYPE] = "type",
    [FR_REGISTRY_NAME] = "name",
    [FR_REGISTRY_PROVIDER] = "provider",
    [FR_REGISTRY_ID] = "id",
    [FR_REGISTRY_ARN] = "arn",
    [FR_REGISTRY_REGION] = "region",
    [FR_REGISTRY_CONSOLE_URL] = "console_url",
    [FR_REGISTRY_STATUS] = "status",
    [FR_REGISTRY_REASON] = "reason",
    [FR_REGISTRY_VERIFIED_AT] = "verified_at",
    [FR_REGISTRY_ACCOUNT] = "account",
    [FR_REGISTRY_OWN_STACK] = "stack",
};

/* Everything below walks through text that fr_json_scan() has passed, so the
 * ends of strings and brackets are there. */

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
        at++;
    return at;
}

/* Behind the string that begins at `at`. */
static const char *skip_string(const char *at)
{
    const char *quote = rawmemchr(at + 1, '"');
    const char *before = quote;

    /* A quote behind an odd number of backslashes is part of the text. */
    while (before[-1] == '\\') {
        while (before[-1] == '\\')
            before--;
        if ((quote - before) % 2 == 0)
            break;
        quote = rawmemchr(quote + 1, '"');
        before = quote;
    }
    return quote + 1;
}

/* Behind the value that begins at `at`. */
static const char *skip_value(const char *at)
{
    size_t depth = 0;

    do {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
        if (depth == 0 && strchr(",]} \n\t\r", *at) != NULL)
            break;
    } while (depth > 0 || strchr(",]} \n\t\r", *at) == NULL);
    return at;
}

/* A member of an object while it is walked through. */
struct member {
    fractary_string_view key;   /* without quotes */
    fractary_string_view value; /* as it stands   */
};

/* Reads the next member; *at stands behind '{' or behind a value before, and
 * is moved behind this one's. Zero at the end of the object. */
static int next_member(const char **at, struct member *member)
{
    const char *key = skip_space(*at);

    if (*key == ',')
        key = skip_space(key + 1);
    if (*key == '}')
        return 0;
    const char *end = skip_string(key);
    const char *value = skip_space(skip_space(end) + 1);
    *at = skip_value(value);
    member->key = (fractary_string_view){key + 1, (uint64_t)(end - key) - 2};
    member->value = (fractary_string_view){value, (uint64_t)(*at - value)};
    return 1;
}

static int is_named(const struct member *member, const char *name)
{
    return member->key.length == strlen(name) &&
           memcmp(member->key.data, name, member->key.length) == 0;
}

/* Behind the object that begins at `at`. */
static const char *view_object(const char *begin, fr_registry_view *view)
{
    const char *at = begin + 1;
    struct member member;

    memset(view, 0, sizeof *view);
    while (next_member(&at, &member)) {
        for (size_t i = 0; i < FR_REGISTRY_FIELDS; i++) {
            if (member.value.data[0] == '"' && is_named(&member, names[i])) {
                view->fields[i].data = member.value.data + 1;
                view->fields[i].length = member.value.length - 2;
                break;
            }
        }
    }
    at = skip_space(at) + 1;
    view->json = (fractary_string_view){begin, (uint64_t)(at - begin)};
    return at;
}

static int is_stack(const fr_registry_view *view, const char *stack)
{
    const fractary_string_view own = view->fields[FR_REGISTRY_OWN_STACK];

    if (stack == NULL || stack[0] == '\0')
        return 1;
    if (own.data == NULL)
        return fr_str_equal(stack, FR_REGISTRY_STACK);
    return own.length == strlen(stack) && memcmp(own.data, stack, own.length) == 0;
}

/* `list` is the value of `resources`. *broken: an element is no resource. */
static int32_t visit_list(fractary_string_view list, const char *stack,
                          int32_t (*visit)(void *context, const fr_registry_view *view),
                          void *context, int *broken)
{
    const char *at = skip_space(list.data + 1);
    fr_registry_view view;
    int32_t status = FRACTARY_OK;

    while (*at != ']' && status == FRACTARY_OK) {
        *broken = *at != '{';
        if (*broken)
            return FRACTARY_OK;
        const char *end = view_object(at, &view);
        *broken = view.fields[FR_REGISTRY_ADDRESS].data == NULL;
        if (*broken)
            return FRACTARY_OK;
        if (is_stack(&view, stack))
            status = visit(context, &view);
        at = skip_space(end);
        at = *at == ',' ? skip_space(at + 1) : at;
    }
    return status;
}

/* Finds `resources` and looks at the version. Zero when the text is no registry
 * that can be read this way. */
static int find_list(const char *text, fractary_string_view *list)
{
    const char *at = skip_space(text);
    struct member member;
    int version = 0;

    list->data = NULL;
    if (*at != '{')
        return 0;
    at++;
    while (next_member(&at, &member)) {
        if (is_named(&member, "resources") && member.value.data[0] == '[')
            *list = member.value;
        else if (is_named(&member, "version"))
            version = member.value.length == 1 && member.value.data[0] == '0' + FR_REGISTRY_VERSION;
    }
    return version && list->data != NULL;
}

/* What is wrong with a registry, fr_registry_read() says best. */
static int32_t explain(const fr_registry_place *place, fractary_error *error)
{
    fr_json *tree = NULL;
    const int32_t status = fr_registry_read(place, &tree, error);

    fr_json_free(tree);
    if (status != FRACTARY_OK)
        return status;
    return fr_error_set(error, FRACTARY_E_CONFIG, "the registry changed while it was read");
}

static int32_t visit_text(const fr_registry_place *place, const fr_buf *text,
                          int32_t (*visit)(void *context, const fr_registry_view *view),
                          void *context, fractary_error *error)
{
    fractary_string_view list;
    fr_buf rewritten = {0};
    fr_json_fault fault;
    int broken = 0;
    int32_t status = fr_json_scan(fr_buf_text(text), text->length, &rewritten, &fault);

    fr_buf_finish(&rewritten);
    if (status == FRACTARY_E_NOMEM)
        return fr_error_nomem(error);
    if (status != FRACTARY_OK || !find_list(fr_buf_text(text), &list))
        return explain(place, error);
    status = visit_list(list, place->stack, visit, context, &broken);
    return broken ? explain(place, error) : status;
}

int32_t fr_registry_each(const fr_registry_place *place,
                         int32_t (*visit)(void *context, const fr_registry_view *view),
                         void *context, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status = fr_registry_check_place(place, error);
    char *path = status == FRACTARY_OK ? fr_registry_path(place, "registry.json") : NULL;

    if (status != FRACTARY_OK)
        return status;
    if (path == NULL)
        return fr_error_nomem(error);
    status = fr_file_read(path, FR_REGISTRY_LIMIT, &text, error);
    if (status == FRACTARY_OK)
        status = visit_text(place, &text, visit, context, error);
    else if (status == FRACTARY_E_NOTFOUND)
        status = FRACTARY_OK;
    fr_buf_finish(&text);
    free(path);
    return status;
}

void fr_registry_view_text(const fr_registry_view *view, fr_registry_field field, fr_buf *out)
{
    const fractary_string_view text = view->fields[field];

    if (text.data == NULL)
        return;
    if (memchr(text.data, '\\', text.length) == NULL) {
        fr_buf_append(out, text.data, text.length);
        return;
    }
    /* The quotes stand on both sides of it. */
    fr_json *value = fr_json_parse(text.data - 1, text.length + 2, NULL);
    if (value == NULL)
        out->failed = 1;
    fr_buf_puts(out, fr_json_string(value));
    fr_json_free(value);
}
