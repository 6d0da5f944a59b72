#include "tool.h"

#include "command.h"
#include "paths.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ capabilities */

typedef struct release {
    uint64_t major, minor;
} release;

/* What of each tool has what, since when; the two agree in nothing but the
 * first rows. What only later versions than the oldest have, needs a way
 * without it. */
static const struct {
    release terraform, tofu;
} capabilities[] = {
    /* The oldest whose output can be relied on: `workspace select -or-create`
     * and terraform_data came with Terraform 1.4, `import` blocks with 1.5;
     * OpenTofu 1.6, its first, is Terraform 1.6 in all of this. */
    [FR_TF_SUPPORTED] = {{1, 5}, {1, 6}},
    /* Changelogs: Terraform 1.9.0 ("terraform init now accepts a -json option",
     * #34886), OpenTofu 1.7.0 ("Added -json flag to tofu init", #1453).
     * Before, its text is read. */
    [FR_TF_INIT_JSON] = {{1, 9}, {1, 7}},
};

static const char *const product_names[] = {"Terraform", "OpenTofu"};

static const release *needed_for(const fr_tf *tf, enum fr_tf_capability capability)
{
    return tf->tool.tofu ? &capabilities[capability].tofu : &capabilities[capability].terraform;
}

int fr_tf_tool_can(const fr_tf *tf, enum fr_tf_capability capability)
{
    const release *since = needed_for(tf, capability);
    return tf->tool.major > since->major ||
           (tf->tool.major == since->major && tf->tool.minor >= since->minor);
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
    const release *terraform = &capabilities[FR_TF_SUPPORTED].terraform;
    const release *tofu = &capabilities[FR_TF_SUPPORTED].tofu;
    fr_error_advice(error, "install Terraform %d.%d or newer, or OpenTofu %d.%d or newer",
                    (int)terraform->major, (int)terraform->minor, (int)tofu->major,
                    (int)tofu->minor);
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
    const release *oldest = needed_for(tf, FR_TF_SUPPORTED);
    const char *name = product_names[tf->tool.tofu != 0];
    fr_error_set(error, FRACTARY_E_UNSUPPORTED, "%s %s is too old", name, tf->tool.version);
    fr_error_cause(error, "%s %d.%d is the oldest whose output can be relied on", name,
                   (int)oldest->major, (int)oldest->minor);
    fr_error_advice(error, "install a newer one, or name another with "
                           "plugins.iac-terraform.tool in config.json");
    fr_error_place(error, "%s", tf->tool.path);
    return FRACTARY_E_UNSUPPORTED;
}

static int32_t no_version(const fr_tf *tf, const char *version, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_FAILED, "%s says that its version is \"%.40s\"",
                 fr_tf_tool_name(tf), version);
    fr_error_cause(error, "that is no version of Terraform or OpenTofu");
    fr_error_advice(error, "check that %s is the real program", tf->tool.path);
    return FRACTARY_E_FAILED;
}

int32_t fr_tf_tool_learn(fr_tf *tf, const char *version, int tofu, fractary_error *error)
{
    fr_tf_tool *tool = &tf->tool;
    uint64_t major = 0;
    uint64_t minor = 0;
    if (strlen(version) >= sizeof tool->version || !split_version(version, &major, &minor))
        return no_version(tf, version, error);
    memcpy(tool->version, version, strlen(version) + 1);
    tool->major = major;
    tool->minor = minor;
    tool->tofu = tofu;
    return fr_tf_tool_can(tf, FR_TF_SUPPORTED) ? FRACTARY_OK : too_old(tf, error);
}

/* It ended with an error of its own, before it could answer. */
static int32_t cannot_answer(const fr_tf *tf, const fr_tf_capture *capture, fractary_error *error)
{
    fr_buf said = {0};
    fr_tf_clean(&said, fr_buf_text(&capture->err), capture->err.length, 400);
    fr_error_set(error, FRACTARY_E_FAILED, "%s version failed with exit code %d",
                 fr_tf_tool_name(tf), (int)capture->exit_code);
    fr_error_cause(error, "%s", said.length > 0 ? fr_buf_text(&said) : "it gave no reason");
    fr_error_advice(error, "run %s by hand; when it works nowhere, install it anew", tf->tool.path);
    fr_buf_finish(&said);
    return FRACTARY_E_FAILED;
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
    if (status == FRACTARY_OK && capture.exit_code != 0)
        status = cannot_answer(tf, &capture, error);
    if (status == FRACTARY_OK)
        status = fr_tf_capture_json(tf, &capture, "version", &answer, error);
    const char *version = fr_json_get_string(answer, "terraform_version");
    if (status == FRACTARY_OK)
        status = fr_tf_tool_learn(tf, version != NULL ? version : "", tf->tool.tofu, error);
    fr_json_free(answer);
    fr_tf_capture_finish(&capture);
    return status;
}
