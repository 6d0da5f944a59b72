#include "base/time.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>

/* Both ways. */
static const struct {
    int64_t ms;
    const char *text;
} moments[] = {
    {0, "1970-01-01T00:00:00.000Z"},
    {1, "1970-01-01T00:00:00.001Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {951782399999, "2000-02-28T23:59:59.999Z"},
    {951782400000, "2000-02-29T00:00:00.000Z"},
    {1767225600000, "2026-01-01T00:00:00.000Z"},
    {4107542400000, "2100-03-01T00:00:00.000Z"},
    {-2208988800000, "1900-01-01T00:00:00.000Z"},
    {253402300799999, "9999-12-31T23:59:59.999Z"},
    {-62167219200000, "0000-01-01T00:00:00.000Z"},
};

START_TEST(format_and_parse)
{
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        char text[FR_TIME_TEXT];
        int64_t ms = 0;
        fr_time_format(moments[i].ms, text);
        ck_assert_str_eq(text, moments[i].text);
        ck_assert(fr_time_parse(moments[i].text, &ms));
        ck_assert(ms == moments[i].ms);
    }
}
END_TEST

START_TEST(format_stays_within_its_years)
{
    char text[FR_TIME_TEXT];

    fr_time_format(INT64_MAX, text);
    ck_assert_str_eq(text, "9999-12-31T23:59:59.999Z");
    fr_time_format(INT64_MIN, text);
    ck_assert_str_eq(text, "0000-01-01T00:00:00.000Z");
}
END_TEST

static const struct {
    const char *text;
    int64_t ms;
} readable[] = {
    {"2026-01-01T00:00:00Z", 1767225600000},      {"2026-01-01t00:00:00z", 1767225600000},
    {"2026-01-01T02:00:00+02:00", 1767225600000}, {"2025-12-31T18:30:00-05:30", 1767225600000},
    {"2026-01-01T00:00:00.5Z", 1767225600500},    {"2026-01-01T00:00:00.123456789Z", 1767225600123},
    {"2026-01-01T00:00:00.9999Z", 1767225600999}, {"2016-12-31T23:59:60Z", 1483228800000},
};

START_TEST(parse_accepts)
{
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        int64_t ms = 0;
        ck_assert_msg(fr_time_parse(readable[i].text, &ms), "%s", readable[i].text);
        ck_assert_msg(ms == readable[i].ms, "%s", readable[i].text);
    }
}
END_TEST

START_TEST(parse_refuses)
{
    static const char *const texts[] = {
        "",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00,5Z",
        "2026-01-01T00:00:00+2:00",
        "2026-01-01T00:00:00+0200",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+02:60",
        "2026-01-01T00:00:00Zx",
        " 2026-01-01T00:00:00Z",
        "26-01-01T00:00:00Z",
        "-026-01-01T00:00:00Z",
    };
    int64_t ms = 77;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!fr_time_parse(texts[i], &ms), "%s", texts[i]);
    ck_assert(!fr_time_parse(NULL, &ms));
    ck_assert(ms == 77);
}
END_TEST

#define MS FR_MILLISECOND
#define S  FR_SECOND

static const struct {
    uint64_t nanoseconds;
    const char *text;
} durations[] = {
    {0, "0 ms"},
    {499999, "0 ms"},
    {340 * MS, "340 ms"},
    {999 * MS, "999 ms"},
    {999 * MS + 600000, "1.0 s"},
    {1 * S, "1.0 s"},
    {4 * S + 120 * MS, "4.1 s"},
    {59 * S + 940 * MS, "59.9 s"},
    {59 * S + 960 * MS, "1 min 00 s"},
    {125 * S, "2 min 05 s"},
    {3599 * S, "59 min 59 s"},
    {3599 * S + 600 * MS, "1 h 00 min"},
    {(3 * 60 + 12) * 60 * S, "3 h 12 min"},
    {(75 * 60 + 5) * 60 * S, "75 h 05 min"},
    {UINT64_MAX, "5124095 h 35 min"},
};

START_TEST(duration_table)
{
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        char text[32];
        fr_time_duration(durations[i].nanoseconds, text, sizeof text);
        ck_assert_str_eq(text, durations[i].text);
    }
    char small[4];
    fr_time_duration(340 * MS, small, sizeof small);
    ck_assert_str_eq(small, "340");
}
END_TEST

START_TEST(clocks_go_forward)
{
    const uint64_t before = fr_time_monotonic();
    const int64_t wall = fr_time_now_ms();
    const struct timespec pause = {0, 20000000};

    nanosleep(&pause, NULL);
    ck_assert(fr_time_monotonic() - before >= 20 * MS);
    ck_assert(fr_time_now_ms() > wall);
    ck_assert(wall / 1000 - (int64_t)time(NULL) <= 1);
    ck_assert((int64_t)time(NULL) - wall / 1000 <= 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("time");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, format_and_parse);
    tcase_add_test(all, format_stays_within_its_years);
    tcase_add_test(all, parse_accepts);
    tcase_add_test(all, parse_refuses);
    tcase_add_test(all, duration_table);
    tcase_add_test(all, clocks_go_forward);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
