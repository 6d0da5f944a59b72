#include "project/registry_view.h"

#include "base/file.h"
#include "base/json_scan.h"
#include "project/registry_place.h"
#include "project/registry_ready.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* What is found in one reading of the text. */
typedef struct findings {
    fr_buf resources; /* fractary_string_view of each  */
    int broken;       /* an element is no resource     */
} findings;

static int has_address(const fr_json_outline *outline)
{
    const fr_json_part *address = fr_json_outline_find(outline, NULL, "address");

    return address != NULL && address->value.data[0] == '"';
}

/* The same of an entry in a form that fractary never writes. */
static int has_address_in_tree(fractary_string_view element)
{
    fr_json *entry = fr_json_parse(element.data, element.length, NULL);
    const int has = fr_json_get_string(entry, "address") != NULL;

    fr_json_free(entry);
    return has;
}

static void find(void *context, fractary_string_view element, const fr_json_outline *outline)
{
    findings *found = context;

    if (outline != NULL ? has_address(outline) : has_address_in_tree(element))
        fr_buf_append(&found->resources, &element, sizeof element);
    else
        found->broken = 1;
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

/* Zero when the text is no registry that can be read this way. */
static int is_registry(const fr_json_outline *outline)
{
    const fr_json_part *version = find_only(outline, "version");
    const fr_json_part *resources = find_only(outline, "resources");

    return outline->count < FR_JSON_OUTLINE_PARTS && version != NULL && resources != NULL &&
           resources->value.data[0] == '[' && version->value.length == 1 &&
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

static int32_t visit_all(const findings *found,
                         int32_t (*visit)(void *context, fractary_string_view resource),
                         void *context)
{
    const fractary_string_view *resources = (const void *)found->resources.data;
    const size_t count = found->resources.length / sizeof *resources;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < count && status == FRACTARY_OK; i++)
        status = visit(context, resources[i]);
    return status;
}

/* One reading checks the text and finds the resources. */
static int32_t visit_text(const fr_registry_place *place, const fr_buf *text,
                          int32_t (*visit)(void *context, fractary_string_view resource),
                          void *context, fractary_error *error)
{
    findings found = {.broken = 0};
    const fr_json_list_reader list = {"resources", &found, find};
    fr_json_outline outline = {.count = 0};
    fr_buf rewritten = {0};
    int32_t status =
        fr_json_scan_outline(fr_buf_text(text), text->length, &rewritten, &outline, &list);

    fr_buf_finish(&rewritten);
    if (found.resources.failed)
        status = fr_error_nomem(error);
    else if (status != FRACTARY_OK || found.broken || !is_registry(&outline) ||
             is_foreign(&outline, place->environment))
        status = explain(place, error);
    else
        status = visit_all(&found, visit, context);
    fr_buf_finish(&found.resources);
    return status;
}

int32_t fr_registry_each(const fr_registry_place *place,
                         int32_t (*visit)(void *context, fractary_string_view resource),
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
