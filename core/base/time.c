#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

uint64_t fr_time_monotonic(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * FR_SECOND + (uint64_t)now.tv_nsec;
}

int64_t fr_time_now_ms(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------- dates */

#define EARLIEST INT64_C(-62167219200000) /* 0000-01-01T00:00:00.000Z */
#define LATEST   INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

void fr_time_format(int64_t unix_ms, char out[FR_TIME_TEXT])
{
    struct tm date = {0};
    char text[96]; /* what seven int could take at most */

    if (unix_ms < EARLIEST)
        unix_ms = EARLIEST;
    if (unix_ms > LATEST)
        unix_ms = LATEST;
    int64_t ms = unix_ms % 1000;
    if (ms < 0)
        ms += 1000;
    const time_t seconds = (time_t)((unix_ms - ms) / 1000);
    gmtime_r(&seconds, &date);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.tm_year + 1900,
             date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec, (int)ms);
    text[FR_TIME_TEXT - 1] = '\0';
    memcpy(out, text, FR_TIME_TEXT);
}

/* Reads exactly `digits` digits; zero when they are not there. */
static int read_number(const char **text, int digits, int *out)
{
    *out = 0;
    for (; digits > 0; digits--, (*text)++) {
        if (**text < '0' || **text > '9')
            return 0;
        *out = *out * 10 + (**text - '0');
    }
    return 1;
}

static int read_sign(const char **text, char wanted)
{
    char c = **text;

    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c != wanted)
        return 0;
    (*text)++;
    return 1;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static int read_date(const char **text, struct tm *date)
{
    int year;
    int month;

    if (!read_number(text, 4, &year) || !read_sign(text, '-') || !read_number(text, 2, &month) ||
        !read_sign(text, '-') || !read_number(text, 2, &date->tm_mday))
        return 0;
    date->tm_year = year - 1900;
    date->tm_mon = month - 1;
    return month >= 1 && month <= 12 && date->tm_mday >= 1 && date->tm_mday <= days_in(year, month);
}

static int read_clock(const char **text, struct tm *date)
{
    return read_number(text, 2, &date->tm_hour) && read_sign(text, ':') &&
           read_number(text, 2, &date->tm_min) && read_sign(text, ':') &&
           read_number(text, 2, &date->tm_sec) && date->tm_hour <= 23 && date->tm_min <= 59 &&
           date->tm_sec <= 60;
}

static int read_fraction(const char **text, int *ms)
{
    int weight = 100;

    *ms = 0;
    if (**text != '.')
        return 1;
    (*text)++;
    if (**text < '0' || **text > '9')
        return 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        *ms += (**text - '0') * weight;
        weight /= 10;
    }
    return 1;
}

/* Seconds that local time is ahead of UTC. */
static int read_offset(const char **text, int *seconds)
{
    int hours;
    int minutes;
    const int sign = **text == '-' ? -1 : 1;

    *seconds = 0;
    if (read_sign(text, 'Z'))
        return 1;
    if (**text != '+' && **text != '-')
        return 0;
    (*text)++;
    if (!read_number(text, 2, &hours) || !read_sign(text, ':') || !read_number(text, 2, &minutes))
        return 0;
    *seconds = sign * (hours * 60 + minutes) * 60;
    return hours <= 23 && minutes <= 59;
}

int fr_time_parse(const char *text, int64_t *unix_ms)
{
    struct tm date = {0};
    int ms;
    int offset;

    if (text == NULL || !read_date(&text, &date) || !read_sign(&text, 'T') ||
        !read_clock(&text, &date) || !read_fraction(&text, &ms) || !read_offset(&text, &offset) ||
        *text != '\0')
        return 0;
    *unix_ms = ((int64_t)timegm(&date) - offset) * 1000 + ms;
    return 1;
}

/* ---------------------------------------------------------------- durations */

static uint64_t rounded(uint64_t value, uint64_t unit)
{
    return value / unit + (value % unit >= unit / 2 ? 1 : 0);
}

void fr_time_duration(uint64_t nanoseconds, char *out, size_t size)
{
    const uint64_t ms = rounded(nanoseconds, FR_MILLISECOND);
    const uint64_t tenths = rounded(nanoseconds, FR_SECOND / 10);
    const uint64_t seconds = rounded(nanoseconds, FR_SECOND);
    const uint64_t minutes = rounded(nanoseconds, 60 * FR_SECOND);

    if (ms < 1000)
        snprintf(out, size, "%llu ms", (unsigned long long)ms);
    else if (tenths < 600)
        snprintf(out, size, "%llu.%llu s", (unsigned long long)(tenths / 10),
                 (unsigned long long)(tenths % 10));
    else if (seconds < 3600)
        snprintf(out, size, "%llu min %02llu s", (unsigned long long)(seconds / 60),
                 (unsigned long long)(seconds % 60));
    else
        snprintf(out, size, "%llu h %02llu min", (unsigned long long)(minutes / 60),
                 (unsigned long long)(minutes % 60));
}
