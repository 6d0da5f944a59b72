#include "project/other_tools.h"

#include "base/path.h"
#include "project/members.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

#define NO_HANDLER "there is no handler for it yet, so fractary leaves it alone"

/* In the order in which they are named. `patterns` are globs of file names;
 * `folder` is a glob of the folder's name, or NULL. */
static const struct tool {
    const char *name;
    int main; /* it can be what describes the infrastructure */
    const char *patterns[4];
    const char *folder;
    const char *note;
} tools[] = {
    {"terragrunt",
     1,
     {"terragrunt.hcl", "terragrunt.stack.hcl"},
     NULL,
     "fractary deploys root modules that Terraform runs by itself; Terragrunt's units are not "
     "supported"},
    {"pulumi", 1, {"Pulumi.yaml", "Pulumi.yml"}, NULL, NO_HANDLER},
    {"cdk", 1, {"cdk.json"}, NULL, NO_HANDLER},
    {"cdktf",
     1,
     {"cdktf.json"},
     NULL,
     "fractary deploys what `cdktf synth` made, when that folder is named as directory"},
    {"sam", 1, {"samconfig.toml", "samconfig.yaml"}, NULL, NO_HANDLER},
    {"serverless",
     1,
     {"serverless.yml", "serverless.yaml", "serverless.ts", "serverless.json"},
     NULL,
     NO_HANDLER},
    {"cloudformation",
     1,
     {"*.cfn.yaml", "*.cfn.yml", "*.cfn.json", "*.template.yaml"},
     NULL,
     NO_HANDLER},
    {"cloudformation",
     1,
     {"*.yaml", "*.yml", "*.json", "*.template"},
     "cloudformation",
     NO_HANDLER},
    {"bicep", 1, {"*.bicep", "*.bicepparam"}, NULL, NO_HANDLER},
    {"packer", 0, {"*.pkr.hcl", "*.pkr.json"}, NULL, "it makes images; fractary leaves it alone"},
    {"ansible",
     0,
     {"ansible.cfg"},
     NULL,
     "it sets up machines after they are deployed; fractary leaves it alone"},
    {"helm", 0, {"Chart.yaml"}, NULL, "it deploys into clusters; fractary leaves it alone"},
    {"kustomize",
     0,
     {"kustomization.yaml", "kustomization.yml"},
     NULL,
     "it deploys into clusters; fractary leaves it alone"},
    {"atlantis",
     0,
     {"atlantis.yaml", "atlantis.yml"},
     NULL,
     "it applies the same code from pull requests: let one of the two deploy an environment"},
};

static int has_name(const struct tool *tool, const char *name)
{
    for (size_t i = 0; i < sizeof tool->patterns / sizeof *tool->patterns; i++) {
        if (tool->patterns[i] != NULL && fr_str_glob(tool->patterns[i], name))
            return 1;
    }
    return 0;
}

static const char *file_in(const struct tool *tool, const fr_folder *folder)
{
    if (tool->folder != NULL && !fr_str_glob(tool->folder, fr_path_name(folder->path)))
        return NULL;
    for (size_t i = 0; i < fr_names_count(&folder->files); i++) {
        if (has_name(tool, fr_names_at(&folder->files, i)))
            return fr_names_at(&folder->files, i);
    }
    return NULL;
}

/* Path of the first file that shows the tool, for the caller to free(). */
static int32_t find_file(const fr_folder_tree *tree, const struct tool *tool, char **path)
{
    *path = NULL;
    for (size_t i = 0; i < tree->folders.count; i++) {
        const fr_folder *folder = tree->folders.items[i];
        const char *name = file_in(tool, folder);
        if (name == NULL)
            continue;
        *path =
            fr_str_equal(folder->path, ".") ? fr_str_dup(name) : fr_path_join(folder->path, name);
        return *path != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
    }
    return FRACTARY_OK;
}

static int is_listed(const fr_json *list, const char *name)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_get_string(e, "name"), name))
            return 1;
    }
    return 0;
}

static int32_t list_tool(fr_json *list, const struct tool *tool, const char *path)
{
    fr_members entry = fr_members_begin();

    fr_members_string(&entry, "name", tool->name);
    fr_members_string(&entry, "file", path);
    fr_members_string(&entry, "note", tool->note);
    return fr_json_add(list, fr_members_end(&entry));
}

int32_t fr_other_tools_find(const fr_folder_tree *tree, fr_json **out, const char **main_tool,
                            fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    *main_tool = NULL;
    *out = fr_json_array();
    for (size_t i = 0; i < sizeof tools / sizeof *tools && status == FRACTARY_OK; i++) {
        char *path = NULL;
        if (!is_listed(*out, tools[i].name))
            status = find_file(tree, &tools[i], &path);
        if (path != NULL) {
            status = list_tool(*out, &tools[i], path);
            if (*main_tool == NULL && tools[i].main)
                *main_tool = tools[i].name;
        }
        free(path);
    }
    if (status == FRACTARY_OK && *out != NULL)
        return FRACTARY_OK;
    fr_json_free(*out);
    *out = NULL;
    return fr_error_nomem(error);
}
