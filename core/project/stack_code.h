/*
 * What the code of a stack consists of in one environment: its root module, the
 * local modules that this calls and those that they call, the var files and the
 * backend's settings that the configuration names, the lock file, and files that
 * the code names by path (file("${path.module}/../x")).
 *
 * Names are taken as they are written; what an expression computes is not known.
 */
#ifndef FRACTARY_PROJECT_STACK_CODE_H
#define FRACTARY_PROJECT_STACK_CODE_H

#include "project/code_folder.h"
#include "project/stack.h"

/* Most folders of one stack. */
#define FR_STACK_FOLDERS 2000

/* All paths are absolute and, where they exist, without links. */
typedef struct fr_stack_code {
    const char *stack; /* as given                                            */
    char *directory;   /* of the root module; may not be there                */
    fr_json *section;  /* of the iac handler, as fr_stack_section()           */
    fr_vec folders;    /* fr_code_folder *, the root module first             */
    fr_names named;    /* files: of variables, of the backend, behind links   */
    fr_names referred; /* files and folders that the code names by path       */
    fr_names others;   /* files that this stack has in other environments     */
    fr_names troubles; /* sentences about what could not be read              */
} fr_stack_code;

/* Reads it all. What cannot be read is a trouble. The caller destroys *out.
 * FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_stack_code_read(const fr_config *config, const char *environment, const char *stack,
                           fr_stack_code **out, fractary_error *error);
void fr_stack_code_destroy(void *item); /* accepts NULL */

/* Non-zero when a file at that path (absolute, without links) belongs to it,
 * whether it is there or is gone: what is named, and what lies in one of its
 * folders or below, unless a folder between them has code of its own. States,
 * plans, documents, hidden folders, and var files that are not named count for
 * nothing. */
int fr_stack_code_has(const fr_stack_code *code, const char *path);

#endif
