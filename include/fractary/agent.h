/*
 * fractary/agent.h: an agent routes a command to skills and orchestrates
 * them; it does no work itself. Its commands and their options stand in its
 * manifest, from which the command line, its help and the reference are made.
 */
#ifndef FRACTARY_AGENT_H
#define FRACTARY_AGENT_H

#include <fractary/abi.h>
#include <fractary/skill.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FRACTARY_AGENT_1 "fractary.agent/1"

typedef struct fractary_agent {
    uint32_t size;
    /* Runs one command of the manifest. Mandatory. [main-thread] */
    int32_t (*run)(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error);
} fractary_agent;

FRACTARY_NO_TAIL_PADDING(fractary_agent, run);

#ifdef __cplusplus
}
#endif
#endif
