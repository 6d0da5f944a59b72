/* A report that writes into memory, for the tests of core/cli. */
#ifndef FRACTARY_TESTS_UNIT_CLI_DESK_H
#define FRACTARY_TESTS_UNIT_CLI_DESK_H

#include "cli/report.h"

typedef struct desk {
    fr_terminal terminal; /* no terminal; tests set what they need */
    fr_report *report;
} desk;

extern const fr_report_options desk_plain, desk_quiet, desk_json;

void desk_open(desk *d, const fr_report_options *options);
void desk_close(desk *d);
/* Shows a record, written as cli_json() takes it. */
void desk_say(const desk *d, const char *text);
/* All that was written to a descriptor; the caller frees it. */
char *desk_written(int descriptor);
/* Ends the test when something else was written. */
void desk_expect(int descriptor, const char *expected);

#endif
