/* Name patterns: {project} {subsystem} {environment} {resource} {organization}. */
#ifndef FRACTARY_PROJECT_PATTERN_H
#define FRACTARY_PROJECT_PATTERN_H

#include <fractary-plugin/buf.h>

typedef struct fr_pattern_values {
    const char *project, *subsystem, *environment, *resource, *organization;
} fr_pattern_values;

/* Appends the pattern filled in; "{{" and "}}" stand for braces. A value that
 * is "" takes one neighbouring separator (-, _, / or .) with it.
 * FRACTARY_E_CONFIG names an unknown placeholder with the nearest known one,
 * an unclosed brace, or a placeholder whose value is NULL. */
int32_t fr_pattern_expand(const char *pattern, const fr_pattern_values *values, fr_buf *out,
                          fractary_error *error);

#endif
