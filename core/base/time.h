/* Clocks and RFC 3339 text. */
#ifndef FRACTARY_BASE_TIME_H
#define FRACTARY_BASE_TIME_H

#include <stddef.h>
#include <stdint.h>

#define FR_SECOND      UINT64_C(1000000000)
#define FR_MILLISECOND UINT64_C(1000000)

uint64_t fr_time_monotonic(void); /* CLOCK_MONOTONIC, nanoseconds          */
int64_t fr_time_now_ms(void);     /* CLOCK_REALTIME, milliseconds, Unix    */

#define FR_TIME_TEXT 25 /* "2026-01-31T12:00:00.000Z" and the NUL */
/* UTC text with milliseconds; times outside the years 0 to 9999 are taken as
 * the nearest within. */
void fr_time_format(int64_t unix_ms, char out[FR_TIME_TEXT]);
/* Reads RFC 3339 (any fraction, cut to milliseconds; Z or an offset; a leap
 * second counts as the second after it); non-zero on success. */
int fr_time_parse(const char *text, int64_t *unix_ms);
/* "340 ms", "4.1 s", "2 min 05 s", "3 h 12 min", rounded; 32 bytes hold all. */
void fr_time_duration(uint64_t nanoseconds, char *out, size_t size);

#endif
