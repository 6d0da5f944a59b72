/* Moments as AWS writes them: Unix seconds in, Unix seconds out, UTC, years
 * 1970 to 9999. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_DATE_H
#define FRACTARY_HOSTING_AWS_DATE_H

#include <stdint.h>

#define FR_AWS_DATE_BASIC 17 /* 20150830T123600Z and the NUL     */
#define FR_AWS_DATE_ISO   21 /* 2015-08-30T12:36:00Z and the NUL */

/* The form that is signed. A moment out of range is clamped into it. */
void fr_aws_date_basic(int64_t seconds, char out[FR_AWS_DATE_BASIC]);
/* RFC 3339. */
void fr_aws_date_iso(int64_t seconds, char out[FR_AWS_DATE_ISO]);
/* Reads RFC 3339 and the basic form above, with or without a fraction, with Z
 * or an offset, which may be missing and then is UTC. FRACTARY_OK or
 * FRACTARY_E_INVALID. */
int32_t fr_aws_date_parse(const char *text, int64_t *seconds);

#endif
