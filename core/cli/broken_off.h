/* Runs of an environment that began to change something and never ended. */
#ifndef FRACTARY_CLI_BROKEN_OFF_H
#define FRACTARY_CLI_BROKEN_OFF_H

#include "cli/app.h"

/* Says each of them once, with a line in the environment's history; says of
 * each that still goes on that it does. What cannot be read or written is said,
 * and never stands in the way. */
void fr_broken_off_tell(const fr_app *app);

#endif
