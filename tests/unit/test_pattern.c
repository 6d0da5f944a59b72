#include "project/pattern.h"

#include "unit/plugin_fixture.h"
#include <string.h>

#define FULL                                                                                       \
    {                                                                                              \
        "orders", "api", "test", "queue", "acme"                                                   \
    }

static const struct row {
    const char *pattern;
    fr_pattern_values values;
    const char *filled;
} rows[] = {
    {"{project}-{subsystem}-{environment}-{resource}", FULL, "orders-api-test-queue"},
    {"{organization}/{project}", FULL, "acme/orders"},
    {"", FULL, ""},
    {"plain", FULL, "plain"},
    {"{{{project}}}", FULL, "{orders}"},
    {"a}}b{{c", FULL, "a}b{c"},
    {"{project}-{subsystem}-{resource}", {"orders", "", "test", "queue", "acme"}, "orders-queue"},
    {"{subsystem}-{project}", {"orders", "", "test", "queue", "acme"}, "orders"},
    {"{project}-{subsystem}", {"orders", "", "test", "queue", "acme"}, "orders"},
    {"{subsystem}{project}", {"orders", "", "test", "queue", "acme"}, "orders"},
    {"{project}/{subsystem}/{organization}/x", {"orders", "", "t", "q", ""}, "orders/x"},
    {"{subsystem}", {"orders", "", "t", "q", ""}, ""},
    {"{project}{project}", FULL, "ordersorders"},
    {"x{subsystem}y", {"orders", "", "t", "q", ""}, "xy"},
};

START_TEST(test_fill)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf out = {0};

    fr_buf_puts(&out, "-");
    ck_assert_msg(fr_pattern_expand(rows[_i].pattern, &rows[_i].values, &out, &error) ==
                      FRACTARY_OK,
                  "%s: %s", error.message, error.cause);
    ck_assert_str_eq(fr_buf_text(&out) + 1, rows[_i].filled);
    fr_buf_finish(&out);
}
END_TEST

static const struct fault {
    const char *pattern;
    const char *cause;
    const char *advice;
} faults[] = {
    {"{projekt}", "no placeholder {projekt}", "{project}"},
    {"a-{env}", "no placeholder {env}", "{environment}"},
    {"{}", "no placeholder {}", "{{ and }}"},
    {"{project", "not closed", "{{"},
    {"{project-{resource}", "not closed", "{{"},
    {"a}", "not opened", "}}"},
    {"{resource}", "could stand for {resource}", "leave {resource} out"},
};

START_TEST(test_fault)
{
    static const fr_pattern_values values = {"orders", "api", "test", NULL, "acme"};
    const struct fault *row = &faults[_i];
    fractary_error error = FR_ERROR_INIT;
    fr_buf out = {0};

    fr_buf_puts(&out, "before");
    ck_assert_int_eq(fr_pattern_expand(row->pattern, &values, &out, &error), FRACTARY_E_CONFIG);
    ck_assert_str_eq(fr_buf_text(&out), "before");
    assert_says(error.message, row->pattern);
    assert_says(error.cause, row->cause);
    assert_says(error.advice, row->advice);
    ck_assert_int_eq(fr_pattern_expand(row->pattern, &values, &out, NULL), FRACTARY_E_CONFIG);
    fr_buf_finish(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pattern");
    TCase *tests = tcase_create("pattern");

    tcase_add_loop_test(tests, test_fill, 0, (int)(sizeof rows / sizeof *rows));
    tcase_add_loop_test(tests, test_fault, 0, (int)(sizeof faults / sizeof *faults));
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
