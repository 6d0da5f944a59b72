/* Variables of our own environment that steer infrastructure tools. */
#ifndef FRACTARY_CLI_CLEARED_H
#define FRACTARY_CLI_CLEARED_H

#include "service/records.h"

/* Says in a warning which of them are set and reach no child; names alone, for
 * a value may be a secret. Nothing when there is none. */
void fr_tell_cleared(fr_records *records);

#endif
