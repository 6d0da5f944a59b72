#include "plugin/manifest.h"

#include "base/file.h"
#include "base/path.h"
#include "plugin/command.h"
#include "plugin/methods.h"
#include "plugin/shape.h"
#include "service/host.h"

#include <fractary-plugin/str.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WHAT_MAX    384
#define VERSION_MAX 64
#define NEWER       "a newer fractary is needed for it"

/* The folder that is being read, and where complaints go. */
typedef struct reading {
    fr_manifest *manifest;
    const char *name; /* of the folder */
    char *path;       /* of plugin.json */
    fractary_error *error;
} reading;

static const fr_shape members[] = {
    {"id", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"version", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"abi", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"kind", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"library", FR_JSON_STRING, FR_JSON_ABSENT, 1},
    {"provides", FR_JSON_ARRAY, FR_JSON_STRING, 1},
    {"needs", FR_JSON_ARRAY, FR_JSON_STRING, 0},
    {"files", FR_JSON_ARRAY, FR_JSON_STRING, 0},
    {"environ", FR_JSON_ARRAY, FR_JSON_STRING, 0},
    {"description", FR_JSON_STRING, FR_JSON_ABSENT, 0},
    {"config_schema", FR_JSON_STRING, FR_JSON_ABSENT, 0},
    {"requires", FR_JSON_OBJECT, FR_JSON_ABSENT, 0},
};

static const fr_shape requirements[] = {{"tools", FR_JSON_ARRAY, FR_JSON_STRING, 0}};

static int32_t refuse(const reading *r, int32_t status, const char *key, const char *format, ...)
    FR_PRINTF(4, 5);

/* One sentence that names the plugin and what is wrong with it. */
static int32_t refuse(const reading *r, int32_t status, const char *key, const char *format, ...)
{
    char what[WHAT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    fr_error_set(r->error, status, "the plugin %s is refused: %s", r->name, what);
    fr_error_advice(r->error, "install it anew, or ask whoever makes it");
    fr_error_place(r->error, "%s%s%s", r->path, *key != '\0' ? ": " : "", key);
    return status;
}

/* The same, when the error already says what is wrong and at which key. */
static int32_t refuse_as_said(const reading *r, int32_t status)
{
    fractary_error said = FR_ERROR_INIT;

    if (r->error != NULL)
        said = *r->error;
    refuse(r, status, said.place, "%s", said.message);
    fr_error_cause(r->error, "%s", said.cause);
    return status;
}

/* -------------------------------------------------------------------- checks */

static int32_t check_number(reading *r)
{
    const fr_json *number = fr_json_get(r->manifest->tree, "manifest");
    const double value = fr_json_number(number, 0);

    if (fr_json_kind_of(number) == FR_JSON_NUMBER && value == FR_MANIFEST_NUMBER)
        return FRACTARY_OK;
    if (fr_json_kind_of(number) != FR_JSON_NUMBER)
        return refuse(r, FRACTARY_E_CONFIG, "manifest", "\"manifest\" must be the number 1");
    refuse(r, FRACTARY_E_CONFIG, "manifest", "its manifest is of form %g, known is %d", value,
           FR_MANIFEST_NUMBER);
    fr_error_advice(r->error, NEWER);
    return FRACTARY_E_CONFIG;
}

static int32_t check_members(reading *r)
{
    const fr_json *tree = r->manifest->tree;
    const fr_json *tools = fr_json_get(tree, "requires");
    int32_t status = fr_shape_check(tree, "", members, sizeof members / sizeof *members, r->error);

    if (status == FRACTARY_OK && tools != NULL)
        status = fr_shape_check(tools, "requires", requirements, 1, r->error);
    return status == FRACTARY_OK ? FRACTARY_OK : refuse_as_said(r, status);
}

/* From here on the members have the kinds that the table says. */
static int32_t take_members(reading *r)
{
    fr_manifest *manifest = r->manifest;

    manifest->id = fr_json_get_string(manifest->tree, "id");
    manifest->version = fr_json_get_string(manifest->tree, "version");
    manifest->kind = fr_json_get_string(manifest->tree, "kind");
    manifest->description = fr_json_get_string(manifest->tree, "description");
    manifest->provides = fr_json_get(manifest->tree, "provides");
    manifest->needs = fr_json_get(manifest->tree, "needs");
    manifest->files = fr_json_get(manifest->tree, "files");
    manifest->environ = fr_json_get(manifest->tree, "environ");
    manifest->commands = fr_json_get(manifest->tree, "commands");
    return FRACTARY_OK;
}

static int32_t check_id(reading *r)
{
    if (fr_shape_is_name(r->manifest->id, "."))
        return FRACTARY_OK;
    return refuse(r, FRACTARY_E_CONFIG, "id",
                  "its id \"%.80s\" is not made of a-z, 0-9, '-' and '.' alone", r->manifest->id);
}

static int32_t check_version(reading *r)
{
    static const char allowed[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+~-";
    const char *version = r->manifest->version;
    const size_t length = strlen(version);

    if (length > 0 && length <= VERSION_MAX && strspn(version, allowed) == length)
        return FRACTARY_OK;
    return refuse(r, FRACTARY_E_CONFIG, "version",
                  "its version \"%.80s\" is not one like \"1.0.0\"", version);
}

/* Reads "1.0" into major<<16 | minor; non-zero on success. */
static int parse_abi(const char *text, uint32_t *abi)
{
    char major[8] = "";
    const char *dot = strchr(text, '.');
    uint64_t high = 0;
    uint64_t low = 0;

    if (dot == NULL || (size_t)(dot - text) >= sizeof major)
        return 0;
    memcpy(major, text, (size_t)(dot - text));
    if (!fr_str_to_u64(major, &high) || !fr_str_to_u64(dot + 1, &low))
        return 0;
    if (high > UINT16_MAX || low > UINT16_MAX)
        return 0;
    *abi = (uint32_t)(high << 16 | low);
    return 1;
}

static int32_t check_abi(reading *r)
{
    const char *text = fr_json_get_string(r->manifest->tree, "abi");

    if (!parse_abi(text, &r->manifest->abi))
        return refuse(r, FRACTARY_E_CONFIG, "abi", "its abi \"%.40s\" is not one like \"1.0\"",
                      text);
    if (r->manifest->abi >> 16 == FRACTARY_ABI_MAJOR)
        return FRACTARY_OK;
    refuse(r, FRACTARY_E_CONFIG, "abi", "it is built for ABI %.40s, this fractary has %u.%u", text,
           FRACTARY_ABI_MAJOR, FRACTARY_ABI_MINOR);
    fr_error_advice(r->error, "install the release of the plugin that is made for this fractary");
    return FRACTARY_E_CONFIG;
}

static int32_t check_kind(reading *r)
{
    const fr_kind *kind = fr_kind_find(r->manifest->kind);

    if (kind == NULL)
        return refuse(r, FRACTARY_E_CONFIG, "kind",
                      "its kind \"%.40s\" is none of hosting, iac, skill, agent",
                      r->manifest->kind);
    if (!fr_manifest_provides(r->manifest, kind->interface_id))
        return refuse(r, FRACTARY_E_CONFIG, "provides", "a plugin of kind %s must provide \"%s\"",
                      kind->name, kind->interface_id);
    return FRACTARY_OK;
}

/* Services of other makers are theirs to know: the plugin gets NULL for what
 * this host does not have. */
static int32_t check_needs(reading *r)
{
    for (const fr_json *need = fr_json_first(r->manifest->needs); need; need = fr_json_next(need)) {
        const char *service = fr_json_string(need);
        if (!fr_str_starts(service, "fractary."))
            continue;
        if (!fr_host_knows(service)) {
            refuse(r, FRACTARY_E_CONFIG, "needs",
                   "it needs the service \"%.80s\", which this fractary does not have", service);
            fr_error_advice(r->error, NEWER);
            return FRACTARY_E_CONFIG;
        }
        if (!fr_host_allows(r->manifest->kind, service))
            return refuse(r, FRACTARY_E_CONFIG, "needs",
                          "a plugin of kind %s does not get the service \"%s\"", r->manifest->kind,
                          service);
    }
    return FRACTARY_OK;
}

/* True for a path that by its text stays inside the folder. */
static int is_inside(const char *path)
{
    const char *part = path;

    if (*path == '\0' || *path == '/' || strlen(path) > FR_SHAPE_TEXT)
        return 0;
    while (part != NULL) {
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return 0;
        part = strchr(part, '/');
        part = part != NULL ? part + 1 : NULL;
    }
    return 1;
}

/* True for a file that stands in the folder itself and is no link: the usual
 * case, for which one call is enough. */
static int is_plain_file(const char *name, const char *path)
{
    struct stat found;

    return strchr(name, '/') == NULL && lstat(path, &found) == 0 && S_ISREG(found.st_mode);
}

static int32_t check_library(reading *r)
{
    fr_manifest *manifest = r->manifest;
    const char *name = fr_json_get_string(manifest->tree, "library");
    struct stat found;

    if (!is_inside(name))
        return refuse(r, FRACTARY_E_CONFIG, "library",
                      "its library \"%.80s\" is not a path inside the plugin's folder", name);
    manifest->library = fr_path_join(manifest->folder, name);
    if (manifest->library == NULL)
        return fr_error_nomem(r->error);
    if (is_plain_file(name, manifest->library))
        return FRACTARY_OK;
    if (stat(manifest->library, &found) != 0)
        return refuse(r, FRACTARY_E_MISSING, "library", "its library \"%.80s\" is not there", name);
    if (!S_ISREG(found.st_mode))
        return refuse(r, FRACTARY_E_CONFIG, "library", "its library \"%.80s\" is not a file", name);
    if (!fr_path_really_below(manifest->folder, manifest->library))
        return refuse(r, FRACTARY_E_CONFIG, "library",
                      "its library \"%.80s\" is a link that leads out of the plugin's folder",
                      name);
    return FRACTARY_OK;
}

static int32_t check_schema(reading *r)
{
    const char *name = fr_json_get_string(r->manifest->tree, "config_schema");

    if (name == NULL || is_inside(name))
        return FRACTARY_OK;
    return refuse(r, FRACTARY_E_CONFIG, "config_schema",
                  "its config_schema \"%.80s\" is not a path inside the plugin's folder", name);
}

static int32_t check_commands(reading *r)
{
    const fr_kind *kind = fr_kind_find(r->manifest->kind);
    const int32_t status = fr_command_check(r->manifest->tree, r->error);

    if (status != FRACTARY_OK)
        return refuse_as_said(r, status);
    if (r->manifest->commands != NULL && !kind->has_commands)
        return refuse(r, FRACTARY_E_CONFIG, "commands", "a plugin of kind %s has no commands",
                      kind->name);
    return FRACTARY_OK;
}

/* In this order: later ones rely on what earlier ones found. */
static int32_t (*const checks[])(reading *) = {
    check_number, check_members, take_members,  check_id,     check_version,  check_abi,
    check_kind,   check_needs,   check_library, check_schema, check_commands,
};

/* ------------------------------------------------------------------- reading */

static int32_t parse(reading *r)
{
    fr_buf text = {0};
    fr_json_fault fault = {0};
    int32_t status = fr_file_read(r->path, FR_MANIFEST_LIMIT, &text, r->error);

    if (status == FRACTARY_E_NOTFOUND)
        status = refuse(r, FRACTARY_E_MISSING, "", "it has no plugin.json");
    else if (status == FRACTARY_E_LIMIT)
        status = refuse(r, FRACTARY_E_CONFIG, "", "plugin.json has more than 1 MiB");
    if (status != FRACTARY_OK)
        goto out;
    r->manifest->tree = fr_json_parse(fr_buf_text(&text), text.length, &fault);
    if (r->manifest->tree == NULL && fault.line == 0) {
        status = fr_error_nomem(r->error);
    } else if (r->manifest->tree == NULL) {
        status = refuse(r, FRACTARY_E_CONFIG, "", "plugin.json is not JSON: %s", fault.reason);
        fr_error_place(r->error, "%s:%zu:%zu", r->path, fault.line, fault.column);
    } else if (fr_json_kind_of(r->manifest->tree) != FR_JSON_OBJECT) {
        status = refuse(r, FRACTARY_E_CONFIG, "", "plugin.json is not an object");
    }
out:
    fr_buf_finish(&text);
    return status;
}

static int32_t read_folder(reading *r)
{
    int32_t status = FRACTARY_OK;

    if (r->manifest->folder != NULL)
        r->path = fr_path_join(r->manifest->folder, FR_MANIFEST_FILE);
    if (r->path == NULL)
        return fr_error_nomem(r->error);
    status = parse(r);
    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == FRACTARY_OK; i++)
        status = checks[i](r);
    free(r->path);
    return status;
}

/* Takes `real` over: the path of the folder, or NULL without memory. */
static int32_t read_manifest(const char *folder, char *real, fr_manifest **out,
                             fractary_error *error)
{
    reading r = {.name = fr_path_name(folder), .error = error};

    *out = NULL;
    r.manifest = calloc(1, sizeof *r.manifest);
    if (r.manifest == NULL) {
        free(real);
        return fr_error_nomem(error);
    }
    r.manifest->folder = real;
    const int32_t status = read_folder(&r);
    if (status == FRACTARY_OK)
        *out = r.manifest;
    else
        fr_manifest_free(r.manifest);
    return status;
}

/* Through every link, so that what was checked is what is opened later. */
int32_t fr_manifest_read(const char *folder, fr_manifest **out, fractary_error *error)
{
    char *real = realpath(folder, NULL);

    return read_manifest(folder, real != NULL ? real : fr_str_dup(folder), out, error);
}

int32_t fr_manifest_read_real(const char *folder, fr_manifest **out, fractary_error *error)
{
    return read_manifest(folder, fr_str_dup(folder), out, error);
}

void fr_manifest_free(fr_manifest *manifest)
{
    if (manifest == NULL)
        return;
    fr_json_free(manifest->tree);
    free(manifest->folder);
    free(manifest->library);
    free(manifest);
}

int fr_manifest_provides(const fr_manifest *manifest, const char *interface_id)
{
    for (const fr_json *id = fr_json_first(manifest->provides); id; id = fr_json_next(id)) {
        if (fr_str_equal(fr_json_string(id), interface_id))
            return 1;
    }
    return 0;
}
