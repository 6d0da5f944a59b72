/* The end of a command: its last record and its exit code. */
#ifndef FRACTARY_CLI_RESULT_H
#define FRACTARY_CLI_RESULT_H

#include "cli/app.h"

/* Emits the `result` record. `extra` holds what the command adds, which moves
 * into the record; its "message", if there is one, is the sentence that says
 * how it went. Returns the exit code. */
int fr_result_end(fr_app *app, int32_t status, fractary_error *error, fr_json *extra);

#endif
