#include "pinned.h"

#include "folder.h"
#include "paths.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT 4096u

static const char *file_name(const fr_tf *tf)
{
    return tf->tool.tofu ? ".opentofu-version" : ".terraform-version";
}

/* "v1.9.8\n" is 1.9.8, for the caller to free; NULL for anything but an exact
 * version. */
static char *exact_version(const char *text)
{
    text += strspn(text, " \t\r\n");
    text += *text == 'v';
    const size_t length = strcspn(text, " \t\r\n#");
    const char *rest = text;
    for (int i = 0; i < 3; i++) {
        const size_t digits = strspn(rest, "0123456789");
        if (digits == 0 || (i < 2 && rest[digits] != '.'))
            return NULL;
        rest += digits + (i < 2);
    }
    return rest == text + length || *rest == '-' ? fr_str_ndup(text, length) : NULL;
}

/* *version: what the file in that folder asks for, or NULL. */
static int32_t read_one(const fr_tf *tf, const char *folder, char **path, char **version)
{
    fr_buf text = {0};
    *path = fr_tf_path_join(folder, file_name(tf));
    char *full = *path != NULL ? fr_str_format("%s/%s", tf->settings.root, *path) : NULL;
    int32_t status = full != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
    /* A file that cannot be read asks for nothing. */
    if (full != NULL && fr_tf_file_read(tf, full, FILE_LIMIT, &text, NULL) == FRACTARY_OK)
        *version = exact_version(fr_buf_text(&text));
    fr_buf_finish(&text);
    free(full);
    return status;
}

static int32_t compare(fr_tf *tf, const fractary_call *call, const char *path, const char *version,
                       fractary_error *error)
{
    const char *name = tf->tool.tofu ? "OpenTofu" : "Terraform";
    int32_t status = fr_tf_tool_version(tf, call, error);
    if (status != FRACTARY_OK || fr_str_equal(tf->tool.version, version))
        return status;
    fr_error_set(error, FRACTARY_E_UNSUPPORTED, "%s is %s %s, and the project asks for %s",
                 tf->tool.path, name, tf->tool.version, version);
    fr_error_cause(error, "%s names that version", path);
    fr_error_advice(error, "install %s %s, name it with plugins." FR_TF_ID ".tool, or change %s",
                    name, version, path);
    return FRACTARY_E_UNSUPPORTED;
}

int32_t fr_tf_pinned_check(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    const char *folders[] = {tf->settings.folder, ""};
    int32_t status = FRACTARY_OK;
    char *version = NULL;
    for (size_t i = 0; i < 2 && status == FRACTARY_OK && version == NULL; i++) {
        char *path = NULL;
        status = read_one(tf, folders[i], &path, &version);
        if (status != FRACTARY_OK)
            fr_error_nomem(error);
        else if (version != NULL)
            status = compare(tf, call, path, version, error);
        free(path);
    }
    free(version);
    return status;
}
