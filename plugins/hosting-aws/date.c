#include "date.h"

#include <fractary/abi.h>
#include <stdio.h>
#include <string.h>

#define DAY  86400
#define LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

typedef struct moment {
    int year, month, day, hour, minute, second;
} moment;

/* Days are counted from 0000-03-01, so that the leap day is a year's last:
 * then the lengths of the months follow one formula. */
static int64_t days_of(int year, int month, int day)
{
    const int64_t shifted = month > 2 ? year : year - 1;
    const int64_t month_from_march = (month + 9) % 12;

    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 +
           (153 * month_from_march + 2) / 5 + day - 1 - 719468;
}

static void date_of(int64_t days, moment *out)
{
    const int64_t shifted = days + 719468;
    const int64_t era = shifted / 146097;
    const int64_t of_era = shifted % 146097;
    const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;

    out->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(era * 400 + year + (out->month <= 2));
}

static moment moment_of(int64_t seconds)
{
    moment out = {0};

    if (seconds < 0)
        seconds = 0;
    if (seconds > LAST)
        seconds = LAST;
    date_of(seconds / DAY, &out);
    out.hour = (int)(seconds % DAY / 3600);
    out.minute = (int)(seconds % 3600 / 60);
    out.second = (int)(seconds % 60);
    return out;
}

/* Writes `value` as `width` digits and returns the place behind them. */
static char *digits(char *out, int value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

static void print(const moment *m, const char *dash, const char *colon, char *out)
{
    const size_t dashes = strlen(dash), colons = strlen(colon);

    out = digits(out, m->year, 4);
    out = (char *)memcpy(out, dash, dashes) + dashes;
    out = digits(out, m->month, 2);
    out = (char *)memcpy(out, dash, dashes) + dashes;
    out = digits(out, m->day, 2);
    *out++ = 'T';
    out = digits(out, m->hour, 2);
    out = (char *)memcpy(out, colon, colons) + colons;
    out = digits(out, m->minute, 2);
    out = (char *)memcpy(out, colon, colons) + colons;
    out = digits(out, m->second, 2);
    memcpy(out, "Z", 2);
}

void fr_aws_date_basic(int64_t seconds, char out[FR_AWS_DATE_BASIC])
{
    const moment m = moment_of(seconds);
    print(&m, "", "", out);
}

void fr_aws_date_iso(int64_t seconds, char out[FR_AWS_DATE_ISO])
{
    const moment m = moment_of(seconds);
    print(&m, "-", ":", out);
}

/* Reads exactly `width` digits. */
static int take_number(const char **text, int width, int *out)
{
    int value = 0;

    for (int i = 0; i < width; i++) {
        const char c = (*text)[i];
        if (c < '0' || c > '9')
            return 0;
        value = value * 10 + (c - '0');
    }
    *text += width;
    *out = value;
    return 1;
}

static void skip(const char **text, const char *any)
{
    if (**text != '\0' && strchr(any, **text) != NULL)
        (*text)++;
}

static int take_moment(const char **text, moment *m)
{
    if (!take_number(text, 4, &m->year))
        return 0;
    skip(text, "-");
    if (!take_number(text, 2, &m->month))
        return 0;
    skip(text, "-");
    if (!take_number(text, 2, &m->day))
        return 0;
    skip(text, "Tt ");
    if (!take_number(text, 2, &m->hour))
        return 0;
    skip(text, ":");
    if (!take_number(text, 2, &m->minute))
        return 0;
    skip(text, ":");
    return take_number(text, 2, &m->second);
}

static int is_possible(const moment *m)
{
    return m->year >= 1970 && m->month >= 1 && m->month <= 12 && m->day >= 1 && m->day <= 31 &&
           m->hour <= 23 && m->minute <= 59 && m->second <= 60;
}

static void skip_fraction(const char **text)
{
    if (**text != '.' && **text != ',')
        return;
    do
        (*text)++;
    while (**text >= '0' && **text <= '9');
}

/* The offset in seconds; 0 for Z or nothing. */
static int take_offset(const char **text, int *out)
{
    const char sign = **text;
    int hours, minutes;

    *out = 0;
    if (sign == 'Z' || sign == 'z')
        (*text)++;
    if (sign != '+' && sign != '-')
        return 1;
    (*text)++;
    if (!take_number(text, 2, &hours))
        return 0;
    skip(text, ":");
    if (!take_number(text, 2, &minutes))
        return 0;
    *out = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return 1;
}

int32_t fr_aws_date_parse(const char *text, int64_t *seconds)
{
    moment m = {0};
    int offset = 0;

    if (text == NULL || !take_moment(&text, &m) || !is_possible(&m))
        return FRACTARY_E_INVALID;
    skip_fraction(&text);
    if (!take_offset(&text, &offset) || *text != '\0')
        return FRACTARY_E_INVALID;
    *seconds =
        days_of(m.year, m.month, m.day) * DAY + m.hour * 3600 + m.minute * 60 + m.second - offset;
    return FRACTARY_OK;
}
