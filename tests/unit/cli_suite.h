/* A Check program of one suite with one case, for the tests of core/cli. */
#ifndef FRACTARY_TESTS_UNIT_CLI_SUITE_H
#define FRACTARY_TESTS_UNIT_CLI_SUITE_H

#include <check.h>
#include <fractary-plugin/json.h>

/* Runs the tests and returns the exit status for main(). */
int cli_suite_run(const char *name, const TTest *const *tests, size_t count);
/* Parses a JSON text in which single quotes stand for double ones; ends the
 * test when it is not well-formed. The caller frees it. */
fr_json *cli_json(const char *text);
/* Non-zero when `text` has `part`; says both when it has not. */
int cli_has(const char *text, const char *part);

#endif
