/* What a plugin's function returned, judged: the one place that decides what
 * the caller of a method is told. */
#ifndef FRACTARY_PLUGIN_VERDICT_H
#define FRACTARY_PLUGIN_VERDICT_H

#include <fractary-plugin/error.h>

/* Non-zero for FRACTARY_OK and the FRACTARY_E_* of this ABI. */
int fr_verdict_is_status(int32_t status);

/* What was called, and what came of it. */
typedef struct fr_verdict {
    const char *plugin;  /* id */
    const char *method;  /* "apply" */
    int32_t status;      /* as returned */
    const char *broken;  /* rule that was broken during the call, or NULL */
    fractary_error said; /* as the plugin filled it */
} fr_verdict;

/* The status to go by, with `error` filled unless it is FRACTARY_OK. A broken
 * rule and a status that is none are FRACTARY_E_PROTOCOL; a failure without a
 * word gets one; texts end within their fields. */
int32_t fr_verdict_give(fr_verdict *verdict, fractary_error *error);

#endif
