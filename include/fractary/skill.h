/*
 * fractary/skill.h: a skill does one task, in steps, and documents its work.
 *
 * It knows no cloud and no tool: it reaches handlers through
 * fractary.handlers/1, and what changes the world passes the core's gate
 * there. Skills never call each other; agents do.
 */
#ifndef FRACTARY_SKILL_H
#define FRACTARY_SKILL_H

#include <fractary/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FRACTARY_SKILL_1 "fractary.skill/1"

/* What a skill or an agent is asked to do. Borrowed for the call. */
typedef struct fractary_request {
    uint32_t size;
    const char *name;    /* command, one of those in the plugin's manifest  */
    /* JSON object of the options: typed, validated against the manifest,
     * defaults filled in. Positional arguments stand under their names. */
    const char *options;
} fractary_request;

typedef struct fractary_skill {
    uint32_t size;
    /* Runs one command. Mandatory. Emits a `step` record when a step begins
     * and ends. Returns FRACTARY_OK only when the manifest's completion
     * criteria are met. [main-thread] */
    int32_t (*run)(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error);
} fractary_skill;

FRACTARY_NO_TAIL_PADDING(fractary_request, options);
FRACTARY_NO_TAIL_PADDING(fractary_skill, run);

#ifdef __cplusplus
}
#endif
#endif
