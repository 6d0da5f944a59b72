#include "project/registry_view.h"

#include "base/file.h"
#include "base/json_scan.h"
#include "base/json_walk.h"
#include "project/registry_place.h"
#include "project/registry_ready.h"
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

/* Everything below walks through text that fr_json_scan() has passed. */

/* Most names differ in the first byte; behind an empty key is its quote. */
static int is_named(const fr_json_walk_member *member, const char *name)
{
    return member->key.data[0] == name[0] &&
           strncmp(member->key.data, name, member->key.length) == 0 &&
           name[member->key.length] == '\0';
}

/* Which field a member is. Entries have theirs in the order of `names`, so the
 * one behind `last` is the first to look at. */
static size_t find_field(const fr_json_walk_member *member, size_t last)
{
    for (size_t i = 1; i <= FR_REGISTRY_FIELDS; i++) {
        const size_t field = (last + i) % FR_REGISTRY_FIELDS;
        if (is_named(member, names[field]))
            return field;
    }
    return FR_REGISTRY_FIELDS;
}

/* Reads the object that the walk stands at. Zero when it has a field twice. */
static int view_object(fr_json_walk *walk, fr_registry_view *view)
{
    const char *begin = walk->at++;
    fr_json_walk_member member;
    size_t last = FR_REGISTRY_FIELDS - 1;

    memset(view, 0, sizeof *view);
    while (fr_json_walk_next(walk, &member)) {
        const size_t field = find_field(&member, last);
        if (field == FR_REGISTRY_FIELDS || member.value.data[0] != '"')
            continue;
        if (view->fields[field].data != NULL)
            return 0;
        view->fields[field] =
            (fractary_string_view){member.value.data + 1, member.value.length - 2};
        last = field;
    }
    walk->at++;
    view->json = (fractary_string_view){begin, (uint64_t)(walk->at - begin)};
    return 1;
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
    fr_json_walk walk = {list.data + 1, list.data + list.length};
    fr_registry_view view;
    int32_t status = FRACTARY_OK;

    while (fr_json_walk_space(&walk) != ']' && status == FRACTARY_OK) {
        *broken = *walk.at != '{' || !view_object(&walk, &view) ||
                  view.fields[FR_REGISTRY_ADDRESS].data == NULL;
        if (*broken)
            return FRACTARY_OK;
        if (is_stack(&view, stack))
            status = visit(context, &view);
        if (fr_json_walk_space(&walk) == ',')
            walk.at++;
    }
    return status;
}

/* The only outer member of that name, or NULL. */
static const fr_json_part *find_only(const fr_json_outline *outline, const char *name)
{
    const fr_json_part *found = NULL;

    for (size_t i = 0; i < outline->count; i++) {
        const fr_json_part *part = &outline->parts[i];
        if (part->parent != NULL || !fr_json_part_is(part, name))
            continue;
        if (found != NULL)
            return NULL;
        found = part;
    }
    return found;
}

/* Finds `resources` and looks at the version. Zero when the text is no registry
 * that can be read this way. */
static int find_list(const fr_json_outline *outline, fractary_string_view *list)
{
    const fr_json_part *version = find_only(outline, "version");
    const fr_json_part *resources = find_only(outline, "resources");

    *list = (fractary_string_view){NULL, 0};
    if (outline->count == FR_JSON_OUTLINE_PARTS || version == NULL || resources == NULL)
        return 0;
    *list = resources->value;
    return list->data[0] == '[' && version->value.length == 1 &&
           version->value.data[0] == '0' + FR_REGISTRY_VERSION;
}

/* A registry may lie in the folder of another environment, by a copy. */
static int is_foreign(const fr_json_outline *outline, const char *environment)
{
    const fr_json_part *owner = find_only(outline, "environment");
    const size_t length = strlen(environment);

    return owner != NULL && owner->value.data[0] == '"' &&
           (owner->value.length != length + 2 ||
            memcmp(owner->value.data + 1, environment, length) != 0);
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
    fr_json_outline outline = {.count = 0};
    fr_buf rewritten = {0};
    int broken = 0;
    int32_t status = fr_json_scan_outline(fr_buf_text(text), text->length, &rewritten, &outline);

    fr_buf_finish(&rewritten);
    if (status != FRACTARY_OK || !find_list(&outline, &list) ||
        is_foreign(&outline, place->environment))
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
        status = fr_registry_check_folders(place, error);
    fr_buf_finish(&text);
    free(path);
    return status;
}

void fr_registry_view_text(const fr_registry_view *view, fr_registry_field field, fr_buf *out)
{
    const fractary_string_view text = view->fields[field];

    if (text.data == NULL)
        return;
    /* The quotes stand on both sides of it. */
    fr_json_unquote((fractary_string_view){text.data - 1, text.length + 2}, out);
}
