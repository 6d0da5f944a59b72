#include "project/local_state.h"

#include "base/file.h"
#include "base/path.h"
#include <fractary-plugin/json.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>

#define LARGEST (16u * 1024 * 1024)
#define FORMAT  4 /* of states whose resources are a list */

/* What is not surely empty counts as full: it may be encrypted, or of another
 * version. */
static int is_empty(const fr_buf *text)
{
    fr_json *state = fr_json_parse(fr_buf_text(text), text->length, NULL);
    const fr_json *resources = fr_json_get(state, "resources");
    const int empty = fr_json_get_int(state, "version", 0) == FORMAT &&
                      fr_json_kind_of(resources) == FR_JSON_ARRAY && fr_json_count(resources) == 0;

    fr_json_free(state);
    return empty;
}

/* Non-zero when there is something; *status when that cannot be told. */
static int holds_resources(const char *path, int32_t *status)
{
    fr_buf text = {0};
    const int32_t read = fr_file_read(path, LARGEST, &text, NULL);
    const int holds =
        read == FRACTARY_OK ? text.length > 0 && !is_empty(&text) : read != FRACTARY_E_NOTFOUND;

    if (read == FRACTARY_E_NOMEM)
        *status = read;
    fr_buf_wipe(&text); /* states hold secrets */
    return holds;
}

int32_t fr_local_state_find(const char *root, const fr_terraform_folder *code, char **out)
{
    const char *name = code->state_path != NULL ? code->state_path : "terraform.tfstate";
    char *folder = fr_path_join(root, code->folder->path);
    char *path = folder != NULL ? fr_path_absolute(folder, name) : NULL;
    int32_t status = path != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;

    *out = NULL;
    if (status == FRACTARY_OK && holds_resources(path, &status)) {
        *out = fr_path_relative(root, path);
        status = *out != NULL ? status : FRACTARY_E_NOMEM;
    }
    free(path);
    free(folder);
    return status;
}
