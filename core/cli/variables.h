/* Variables of our own environment that no child simply inherits. */
#ifndef FRACTARY_CLI_VARIABLES_H
#define FRACTARY_CLI_VARIABLES_H

#include "service/records.h"
#include "trust/pass.h"

/* Says which of Terraform's are set and reach no child (a warning), and which
 * variables are handed on by the configuration; names alone, for a value may be
 * a secret. Nothing where there are none. */
void fr_tell_variables(fr_records *records, const fr_config *config, const char *environment);

#endif
