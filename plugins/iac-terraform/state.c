#include "state.h"

#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------- addresses */

/* As HCL quotes it: "${" and "%{" would begin a template. */
static void append_quoted(fr_buf *out, const char *text)
{
    static const char escapes[][2] = {
        {'"', '"'}, {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};
    fr_buf_putc(out, '"');
    for (; *text != '\0'; text++) {
        char escape = '\0';
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
            if (*text == escapes[i][0])
                escape = escapes[i][1];
        if (escape != '\0')
            fr_buf_printf(out, "\\%c", escape);
        else if ((*text == '$' || *text == '%') && text[1] == '{')
            fr_buf_printf(out, "%c%c", *text, *text);
        else
            fr_buf_putc(out, *text);
    }
    fr_buf_putc(out, '"');
}

int32_t fr_tf_index_print(const fr_json *key, fr_buf *out)
{
    fr_json_kind kind = fr_json_kind_of(key);
    if (kind != FR_JSON_NUMBER && kind != FR_JSON_STRING)
        return FRACTARY_OK;
    fr_buf_putc(out, '[');
    if (kind == FR_JSON_STRING)
        append_quoted(out, fr_json_string(key));
    else
        fr_buf_printf(out, "%.0f", fr_json_number(key, 0));
    return fr_buf_putc(out, ']');
}

static char *address_of(const fr_json *resource, const fr_json *index)
{
    const char *module = fr_json_get_string(resource, "module");
    fr_buf text = {0};
    if (module != NULL && *module != '\0')
        fr_buf_printf(&text, "%s.", module);
    fr_buf_printf(&text, "%s.%s", fr_json_get_string(resource, "type"),
                  fr_json_get_string(resource, "name"));
    fr_tf_index_print(index, &text);
    return fr_buf_steal(&text);
}

/* --------------------------------------------------------------- version 4 */

/* provider["registry.terraform.io/hashicorp/aws"].alias: what is quoted. */
static void find_provider(const char *text, fr_tf_object *object)
{
    const char *begin = text == NULL ? NULL : strchr(text, '"');
    const char *end = begin == NULL ? NULL : strchr(begin + 1, '"');
    if (end == NULL)
        return;
    object->provider = begin + 1;
    object->provider_length = (size_t)(end - begin - 1);
}

/* The first step of a path: [{"type":"get_attr","value":"password"}] */
static const char *path_head(const fr_json *path)
{
    return fr_json_get_string(fr_json_first(path), "value");
}

/* An array of the top-level names that are sensitive; `hide_all` when a path
 * has a form that is not known. */
static fr_json *sensitive_names(const fr_json *instance, int *hide_all)
{
    const fr_json *paths = fr_json_get(instance, "sensitive_attributes");
    fr_json *names = fr_json_array();
    for (const fr_json *p = fr_json_first(paths); p != NULL; p = fr_json_next(p)) {
        const char *head = path_head(p);
        if (head == NULL || fr_json_add_string(names, head) != FRACTARY_OK)
            *hide_all = 1;
    }
    return names;
}

static int32_t take_instance(const fr_json *resource, const fr_json *instance,
                             fr_tf_take_object *take, void *context)
{
    fr_tf_object object = {
        .address = address_of(resource, fr_json_get(instance, "index_key")),
        .type = fr_json_get_string(resource, "type"),
        .name = fr_json_get_string(resource, "name"),
        .attributes = fr_json_get(instance, "attributes"),
        .tainted = fr_str_equal(fr_json_get_string(instance, "status"), "tainted"),
        .deposed = fr_json_get_string(instance, "deposed"),
    };
    find_provider(fr_json_get_string(resource, "provider"), &object);
    fr_json *sensitive = sensitive_names(instance, &object.hide_all);
    object.sensitive = sensitive;
    int32_t status =
        object.address == NULL || sensitive == NULL ? FRACTARY_E_NOMEM : take(context, &object);
    free(object.address);
    fr_json_free(sensitive);
    return status;
}

int32_t fr_tf_state_walk(const fr_json *state, fr_tf_take_object *take, void *context)
{
    const fr_json *resources = fr_json_get(state, "resources");
    int32_t status = FRACTARY_OK;
    for (const fr_json *r = fr_json_first(resources); r != NULL; r = fr_json_next(r)) {
        if (!fr_str_equal(fr_json_get_string(r, "mode"), "managed") ||
            fr_json_get_string(r, "type") == NULL || fr_json_get_string(r, "name") == NULL)
            continue;
        const fr_json *instances = fr_json_get(r, "instances");
        for (const fr_json *i = fr_json_first(instances); i != NULL; i = fr_json_next(i)) {
            status = take_instance(r, i, take, context);
            if (status != FRACTARY_OK)
                return status;
        }
    }
    return status;
}

/* -------------------------------------------------------------- show -json */

static int32_t take_shown(const fr_json *resource, fr_tf_take_object *take, void *context)
{
    const char *provider = fr_json_get_string(resource, "provider_name");
    const char *address = fr_json_get_string(resource, "address");
    const fr_json *sensitive = fr_json_get(resource, "sensitive_values");
    fr_tf_object object = {
        .address = fr_str_dup(address),
        .type = fr_json_get_string(resource, "type"),
        .name = fr_json_get_string(resource, "name"),
        .provider = provider,
        .provider_length = provider != NULL ? strlen(provider) : 0,
        .attributes = fr_json_get(resource, "values"),
        .sensitive = sensitive,
        .hide_all = fr_json_kind_of(sensitive) != FR_JSON_OBJECT,
        .tainted = fr_json_get_bool(resource, "tainted", 0),
        .deposed = fr_json_get_string(resource, "deposed_key"),
    };
    int32_t status = object.address == NULL ? FRACTARY_E_NOMEM : take(context, &object);
    free(object.address);
    return status;
}

static int32_t take_module(const fr_json *module, fr_tf_take_object *take, void *context)
{
    const fr_json *resources = fr_json_get(module, "resources");
    int32_t status = FRACTARY_OK;
    for (const fr_json *r = fr_json_first(resources); r != NULL && status == FRACTARY_OK;
         r = fr_json_next(r))
        if (fr_str_equal(fr_json_get_string(r, "mode"), "managed") &&
            fr_json_get_string(r, "address") != NULL && fr_json_get_string(r, "type") != NULL)
            status = take_shown(r, take, context);
    return status;
}

/* Modules in modules: a list instead of recursion, for the depth is not ours. */
int32_t fr_tf_values_walk(const fr_json *shown, fr_tf_take_object *take, void *context)
{
    fr_vec modules = {0};
    fr_json *root = fr_json_at(shown, "values", "root_module", (char *)NULL);
    int32_t status = root == NULL ? FRACTARY_OK : fr_vec_push(&modules, root);
    for (size_t i = 0; i < modules.count && status == FRACTARY_OK; i++) {
        const fr_json *children = fr_json_get(modules.items[i], "child_modules");
        status = take_module(modules.items[i], take, context);
        for (fr_json *c = fr_json_first(children); c != NULL && status == FRACTARY_OK;
             c = fr_json_next(c))
            status = fr_vec_push(&modules, c);
    }
    fr_vec_finish(&modules, NULL);
    return status;
}
