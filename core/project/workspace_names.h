/* Names of workspaces that Terraform code speaks of: what it compares
 * terraform.workspace with, and the keys of maps that it looks up by it. */
#ifndef FRACTARY_PROJECT_WORKSPACE_NAMES_H
#define FRACTARY_PROJECT_WORKSPACE_NAMES_H

#include "project/hcl_scan.h"
#include "project/names.h"

/* `files` are the scanned files of one folder (fr_hcl_block *). Adds the names
 * without "default"; *used is set when terraform.workspace occurs. */
void fr_workspace_names(const fr_vec *files, fr_names *names, int *used);

#endif
