#include "plugin/section.h"

#include "base/file.h"
#include "base/path.h"
#include "base/schema.h"
#include "project/stack.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>

#define SCHEMA_LIMIT (1024u * 1024)

static int32_t bad_schema(const fr_manifest *manifest, const char *path, const char *why,
                          fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "the config_schema of the plugin %s cannot be used",
                 manifest->id);
    fr_error_cause(error, "%s", why);
    fr_error_advice(error, "install the plugin anew, or ask whoever makes it");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_CONFIG;
}

static int32_t parse_schema(const fr_manifest *manifest, const char *path, fr_json **out,
                            fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;
    fr_json_fault fault = {0};
    fr_buf text = {0};
    int32_t status = FRACTARY_OK;

    if (!fr_path_really_below(manifest->folder, path))
        status = bad_schema(manifest, path, "it does not lie in the plugin's folder", error);
    else if (fr_file_read(path, SCHEMA_LIMIT, &text, &said) != FRACTARY_OK)
        status = bad_schema(manifest, path, said.message, error);
    if (status != FRACTARY_OK)
        goto out;
    *out = fr_json_parse(fr_buf_text(&text), text.length, &fault);
    if (*out == NULL && fault.line == 0)
        status = fr_error_nomem(error);
    else if (*out == NULL) {
        status = bad_schema(manifest, path, fault.reason, error);
        fr_error_place(error, "%s:%zu:%zu", path, fault.line, fault.column);
    }
out:
    fr_buf_finish(&text);
    return status;
}

/* *out stays NULL for a plugin without one. */
static int32_t read_schema(const fr_manifest *manifest, fr_json **out, fractary_error *error)
{
    const char *name = fr_json_get_string(manifest->tree, "config_schema");
    char *path;
    int32_t status;

    *out = NULL;
    if (name == NULL)
        return FRACTARY_OK;
    path = fr_path_join(manifest->folder, name);
    if (path == NULL)
        return fr_error_nomem(error);
    status = parse_schema(manifest, path, out, error);
    free(path);
    return status;
}

/* The place that the schema names is one inside the section. */
static int32_t point_at_section(const fr_manifest *manifest, const char *environment,
                                int32_t status, fractary_error *error)
{
    char inside[FRACTARY_ERROR_PLACE] = "";

    if (error == NULL)
        return status;
    for (size_t i = 0; i + 1 < sizeof inside && error->place[i] != '\0'; i++)
        inside[i] = error->place[i];
    fr_error_place(error, "%s: plugins.%s%s%s", FR_CONFIG_FILE, manifest->id,
                   inside[0] != '\0' ? "." : "", inside);
    if (error->advice[0] == '\0')
        fr_error_advice(error, "correct it there, or in environments.%s.plugins.%s", environment,
                        manifest->id);
    return status;
}

static int32_t apply_schema(const fr_manifest *manifest, const fr_json *schema,
                            const char *environment, fr_json *section, fractary_error *error)
{
    const int32_t status = fr_schema_check(schema, section, error);

    if (status == FRACTARY_E_INVALID && error != NULL) {
        const fractary_error said = *error;
        return bad_schema(manifest, manifest->folder, said.message, error);
    }
    if (status != FRACTARY_OK)
        return point_at_section(manifest, environment, status, error);
    return fr_schema_fill(schema, section) == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

int32_t fr_section_make(const fr_config *config, const char *environment,
                        const char *stack, const fr_manifest *manifest, fr_json **out,
                        fractary_error *error)
{
    fr_json *schema = NULL;
    fr_json *section = NULL;
    int32_t status;

    *out = NULL;
    status = read_schema(manifest, &schema, error);
    if (status != FRACTARY_OK)
        return status;
    section = config != NULL ? fr_stack_section(config, environment, stack, manifest->id)
                             : fr_json_object();
    if (section == NULL)
        status = fr_error_nomem(error);
    else if (schema != NULL)
        status = apply_schema(manifest, schema, environment, section, error);
    fr_json_free(schema);
    if (status == FRACTARY_OK)
        *out = section;
    else
        fr_json_free(section);
    return status;
}

/* ------------------------------------------------------------------------ ids */

/* `prefix` is what stands before "plugins" in the document. */
static int32_t check_ids(const fr_json *plugins, const char *prefix, const fr_catalog *catalog,
                         fractary_error *error)
{
    for (const fr_json *s = fr_json_first(plugins); s != NULL; s = fr_json_next(s)) {
        const char *meant = fr_catalog_meant(catalog, fr_json_key(s));
        if (meant == NULL)
            continue;
        fr_error_set(error, FRACTARY_E_CONFIG, "there is no plugin %.80s", fr_json_key(s));
        fr_error_cause(error, "its settings would have no effect");
        fr_error_advice(error, "did you mean %s?", meant);
        fr_error_place(error, "%s: %splugins.%.80s", FR_CONFIG_FILE, prefix, fr_json_key(s));
        return FRACTARY_E_CONFIG;
    }
    return FRACTARY_OK;
}

int32_t fr_section_check_ids(const fr_config *config, const fr_catalog *catalog,
                             fractary_error *error)
{
    const fr_json *tree = fr_config_tree(config);
    const fr_json *e = fr_json_first(fr_json_get(tree, "environments"));
    int32_t status = check_ids(fr_json_get(tree, "plugins"), "", catalog, error);

    for (; e != NULL && status == FRACTARY_OK; e = fr_json_next(e)) {
        char *prefix = fr_str_format("environments.%s.", fr_json_key(e));
        status = prefix != NULL ? check_ids(fr_json_get(e, "plugins"), prefix, catalog, error)
                                : fr_error_nomem(error);
        free(prefix);
    }
    return status;
}
