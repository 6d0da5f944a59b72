/* Which program does the work, and whether it is new enough. */
#ifndef FRACTARY_IAC_TERRAFORM_TOOL_H
#define FRACTARY_IAC_TERRAFORM_TOOL_H

#include "terraform.h"

/* Finds it once: the configured one, else terraform, else tofu.
 * FRACTARY_E_MISSING says what to install. */
int32_t fr_tf_tool_find(fr_tf *tf, fractary_error *error);
/* Asks it for its version, unless that is known by now, and checks it. A start
 * of its own, so only where something depends on it beforehand. */
int32_t fr_tf_tool_version(fr_tf *tf, const fractary_call *call, fractary_error *error);
/* Takes the version over that the tool said by the way; FRACTARY_E_UNSUPPORTED
 * when it is too old, FRACTARY_E_FAILED when it is none. */
int32_t fr_tf_tool_learn(fr_tf *tf, const char *version, int tofu, fractary_error *error);

/* What not every version has; the table in tool.c says since when. */
enum fr_tf_capability {
    FR_TF_SUPPORTED, /* is it new enough at all?  */
    FR_TF_INIT_JSON, /* does its init take -json? */
};

/* Only when the version is known. */
int fr_tf_tool_can(const fr_tf *tf, enum fr_tf_capability capability);
/* "terraform" or "tofu", for messages. */
const char *fr_tf_tool_name(const fr_tf *tf);

#endif
