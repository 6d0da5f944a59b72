/* Filling the fractary_error that a caller owns. Every function accepts NULL
 * and cuts what is too long at a character's boundary. The arguments may be
 * texts of the same error: fr_error_set(e, s, "%s: %s", name, e->message).
 * [any-thread] */
#ifndef FRACTARY_PLUGIN_ERROR_H
#define FRACTARY_PLUGIN_ERROR_H

#include <fractary/abi.h>

#if defined(__GNUC__)
#define FR_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define FR_PRINTF(text, first)
#endif

/* A zeroed error with its size set: fractary_error e = FR_ERROR_INIT; */
#define FR_ERROR_INIT                                                                              \
    {                                                                                              \
        sizeof(fractary_error), FRACTARY_OK, "", "", "", ""                                        \
    }

/* Says what happened and empties cause, advice and place. Returns `status`,
 * so that `return fr_error_set(error, FRACTARY_E_IO, …);` reads well. */
int32_t fr_error_set(fractary_error *error, int32_t status, const char *format, ...)
    FR_PRINTF(3, 4);

/* Says why. Keeps the rest. Returns error->status (FRACTARY_E_FAILED for NULL). */
int32_t fr_error_cause(fractary_error *error, const char *format, ...) FR_PRINTF(2, 3);

/* Says what to do next. Keeps the rest; returns as fr_error_cause(). */
int32_t fr_error_advice(fractary_error *error, const char *format, ...) FR_PRINTF(2, 3);

/* Names the file and line, the resource or the permission. */
int32_t fr_error_place(fractary_error *error, const char *format, ...) FR_PRINTF(2, 3);

/* A copy for the caller to free(); NULL without memory. */
fractary_error *fr_error_copy(const fractary_error *error);

/* The standard answer to a failed allocation; returns FRACTARY_E_NOMEM. */
int32_t fr_error_nomem(fractary_error *error);

#endif
