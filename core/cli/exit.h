/* Exit codes of the program, and the names of statuses. */
#ifndef FRACTARY_CLI_EXIT_H
#define FRACTARY_CLI_EXIT_H

#include <fractary/abi.h>

#define FR_EXIT_DONE        0
#define FR_EXIT_FAILED      1
#define FR_EXIT_USAGE       2   /* command line or configuration is wrong      */
#define FR_EXIT_REFUSED     3   /* by policy                                   */
#define FR_EXIT_UNCONFIRMED 4   /* needs a confirmation, and nobody is there   */
#define FR_EXIT_DENIED      5   /* by the cloud                                */
#define FR_EXIT_MISSING     6   /* a tool or plugin is not installed           */
#define FR_EXIT_NOTHING     7   /* nothing to do, where that matters           */
#define FR_EXIT_INTERRUPTED 130 /* by the user: 128 + SIGINT                   */

/* The exit code for FRACTARY_OK or FRACTARY_E_*; an unknown status counts as
 * FRACTARY_E_PROTOCOL. */
int fr_exit_code(int32_t status);
/* Its name in records: "ok", "refused", "config" …; never NULL. */
const char *fr_exit_status_name(int32_t status);

/* What each exit code means; a row with a NULL meaning ends the list. */
typedef struct fr_exit_meaning {
    int code;
    const char *meaning;
} fr_exit_meaning;

const fr_exit_meaning *fr_exit_meanings(void);

#endif
