/* Statuses, their names and exit codes: the contract of docs/reference/exit-codes.md. */
#include "cli/exit.h"
#include "unit/cli_suite.h"

#include <string.h>

static const struct row {
    int32_t status;
    int code;
    const char *name;
} rows[] = {
    {FRACTARY_OK, 0, "ok"},
    {FRACTARY_E_FAILED, 1, "failed"},
    {FRACTARY_E_INVALID, 2, "invalid"},
    {FRACTARY_E_NOMEM, 1, "memory"},
    {FRACTARY_E_IO, 1, "io"},
    {FRACTARY_E_NOTFOUND, 1, "not-found"},
    {FRACTARY_E_EXISTS, 1, "exists"},
    {FRACTARY_E_UNSUPPORTED, 1, "unsupported"},
    {FRACTARY_E_CANCELLED, 130, "cancelled"},
    {FRACTARY_E_DEADLINE, 1, "deadline"},
    {FRACTARY_E_PROTOCOL, 1, "protocol"},
    {FRACTARY_E_REENTRANT, 1, "reentrant"},
    {FRACTARY_E_REFUSED, 3, "refused"},
    {FRACTARY_E_UNCONFIRMED, 4, "unconfirmed"},
    {FRACTARY_E_DENIED, 5, "denied"},
    {FRACTARY_E_MISSING, 6, "missing"},
    {FRACTARY_E_CONFIG, 2, "config"},
    {FRACTARY_E_AUTH, 5, "auth"},
    {FRACTARY_E_BUSY, 1, "busy"},
    {FRACTARY_E_UNAVAILABLE, 1, "unavailable"},
    {FRACTARY_E_LIMIT, 1, "limit"},
    {FRACTARY_E_NOTHING, 7, "nothing"},
};

START_TEST(every_status_has_its_code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_int_eq(fr_exit_code(rows[i].status), rows[i].code);
        ck_assert_str_eq(fr_exit_status_name(rows[i].status), rows[i].name);
    }
}
END_TEST

/* The table above must not fall behind the header. */
START_TEST(statuses_have_no_gap)
{
    ck_assert_int_eq((int)(sizeof rows / sizeof *rows), 1 - FRACTARY_E_NOTHING);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_int_eq(rows[i].status, -(int32_t)i);
}
END_TEST

START_TEST(unknown_statuses_are_breaches_of_protocol)
{
    static const int32_t unknown[] = {1, 42, -22, -1000, INT32_MIN, INT32_MAX};

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        ck_assert_int_eq(fr_exit_code(unknown[i]), 1);
        ck_assert_str_eq(fr_exit_status_name(unknown[i]), "protocol");
    }
}
END_TEST

START_TEST(every_code_has_a_meaning)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fr_exit_meaning *row = fr_exit_meanings();
        while (row->meaning != NULL && row->code != rows[i].code)
            row++;
        ck_assert_ptr_nonnull(row->meaning);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_status_has_its_code, statuses_have_no_gap,
                                  unknown_statuses_are_breaches_of_protocol,
                                  every_code_has_a_meaning};
    return cli_suite_run("exit", tests, sizeof tests / sizeof *tests);
}
