/* fractary/fractary.h: every stable header. docs/abi.md is the contract. */
#ifndef FRACTARY_FRACTARY_H
#define FRACTARY_FRACTARY_H

#include <fractary/abi.h>
#include <fractary/agent.h>
#include <fractary/host.h>
#include <fractary/hosting.h>
#include <fractary/iac.h>
#include <fractary/plugin.h>
#include <fractary/skill.h>

#endif
