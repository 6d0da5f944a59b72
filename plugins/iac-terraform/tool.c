#include "tool.h"

#include "command.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

/* What of each tool has what. OpenTofu's init takes -json from 1.8; where one
 * of them does not after all, init goes on without. */
typedef struct requirement {
    const char *name;
    uint64_t major, minor; /* oldest that works         */
    uint64_t json_minor;   /* first whose init has JSON */
} requirement;

static const requirement requirements[] = {{"Terraform", 1, 5, 9}, {"OpenTofu", 1, 6, 8}};

static const requirement *required(const fr_tf *tf)
{
    return &requirements[tf->tool.tofu ? 1 : 0];
}

const char *fr_tf_tool_name(const fr_tf *tf)
{
    return tf->tool.tofu ? "tofu" : "terraform";
}

/* -------------------------------------------------------------------- find */

static int32_t find_one(fr_tf *tf, const char *name, fractary_error *error)
{
    fr_buf path = {0};
    fractary_sink sink = fr_buf_sink(&path);
    int32_t status = tf->process->find(tf->process, name, &sink, error);
    if (status == FRACTARY_OK) {
        tf->tool.path = fr_buf_steal(&path);
        tf->tool.tofu = fr_str_starts(fr_tf_path_name(name), "tofu");
        if (tf->tool.path == NULL)
            status = fr_error_nomem(error);
    }
    fr_buf_finish(&path);
    return status;
}

static int32_t missing(const fr_tf *tf, fractary_error *error)
{
    const char *tool = tf->settings.tool;
    if (tool != NULL)
        fr_error_set(error, FRACTARY_E_MISSING, "%s is not installed", tool);
    else
        fr_error_set(error, FRACTARY_E_MISSING, "neither terraform nor tofu is installed");
    fr_error_cause(error, tool != NULL ? "plugins.iac-terraform.tool names it in config.json"
                                       : "no program of that name is in PATH");
    fr_error_advice(error, "install Terraform %d.%d or newer, or OpenTofu %d.%d or newer",
                    (int)requirements[0].major, (int)requirements[0].minor,
                    (int)requirements[1].major, (int)requirements[1].minor);
    return FRACTARY_E_MISSING;
}

int32_t fr_tf_tool_find(fr_tf *tf, fractary_error *error)
{
    static const char *const either[] = {"terraform", "tofu"};
    if (tf->tool.path != NULL)
        return FRACTARY_OK;
    int32_t status = FRACTARY_E_MISSING;
    if (tf->settings.tool != NULL)
        status = find_one(tf, tf->settings.tool, error);
    for (size_t i = 0; i < 2 && tf->settings.tool == NULL && status == FRACTARY_E_MISSING; i++)
        status = find_one(tf, either[i], error);
    return status == FRACTARY_E_MISSING ? missing(tf, error) : status;
}

/* ----------------------------------------------------------------- version */

/* "1.11.4-beta1" → 1, 11. */
static int split_version(const char *version, uint64_t *major, uint64_t *minor)
{
    size_t first = strspn(version, "0123456789");
    if (first == 0 || first > 6 || version[first] != '.')
        return 0;
    size_t second = strspn(version + first + 1, "0123456789");
    if (second == 0 || second > 6)
        return 0;
    *major = strtoul(version, NULL, 10);
    *minor = strtoul(version + first + 1, NULL, 10);
    return 1;
}

static int32_t too_old(const fr_tf *tf, fractary_error *error)
{
    const requirement *need = required(tf);
    fr_error_set(error, FRACTARY_E_UNSUPPORTED, "%s %s is too old", need->name, tf->tool.version);
    fr_error_cause(error, "%s %d.%d is the oldest whose output can be relied on", need->name,
                   (int)need->major, (int)need->minor);
    fr_error_advice(error, "install a newer one, or name another with "
                           "plugins.iac-terraform.tool in config.json");
    fr_error_place(error, "%s", tf->tool.path);
    return FRACTARY_E_UNSUPPORTED;
}

int32_t fr_tf_tool_learn(fr_tf *tf, const char *version, int tofu, fractary_error *error)
{
    fr_tf_tool *tool = &tf->tool;
    uint64_t major = 0;
    uint64_t minor = 0;
    if (strlen(version) >= sizeof tool->version || !split_version(version, &major, &minor))
        return fr_error_set(error, FRACTARY_E_FAILED, "%s says that its version is \"%.40s\"",
                            fr_tf_tool_name(tf), version);
    memcpy(tool->version, version, strlen(version) + 1);
    tool->major = major;
    tool->minor = minor;
    tool->tofu = tofu;
    const requirement *need = required(tf);
    int old = major < need->major || (major == need->major && minor < need->minor);
    return old ? too_old(tf, error) : FRACTARY_OK;
}

int fr_tf_tool_has_init_json(const fr_tf *tf)
{
    const requirement *need = required(tf);
    return tf->tool.major > need->major ||
           (tf->tool.major == need->major && tf->tool.minor >= need->json_minor);
}

int32_t fr_tf_tool_version(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    if (*tf->tool.version != '\0')
        return FRACTARY_OK;
    fr_tf_command command = {.label = "version"};
    fr_tf_arg(&command, "version");
    fr_tf_arg(&command, "-json");
    fr_tf_capture capture = {0};
    int32_t status = fr_tf_command_capture(tf, call, &command, &capture, error);
    fr_json *answer = NULL;
    if (status == FRACTARY_OK)
        status = fr_tf_capture_json(tf, &capture, "version", &answer, error);
    const char *version = fr_json_get_string(answer, "terraform_version");
    if (status == FRACTARY_OK)
        status = fr_tf_tool_learn(tf, version != NULL ? version : "", tf->tool.tofu, error);
    fr_json_free(answer);
    fr_tf_capture_finish(&capture);
    return status;
}
