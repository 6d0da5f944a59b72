#include "project/stack.h"

#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char head[] =
    "\"version\": 1, \"project\": {\"name\": \"orders\"},"
    "\"handlers\": {\"iac\": \"iac-terraform\", \"hosting\": \"hosting-aws\"},"
    "\"plugins\": {\"iac-terraform\": {\"parallelism\": 4}},"
    "\"environments\": {"
    "  \"test\": {\"plugins\": {\"iac-terraform\": {\"workspace\": \"t\"}},"
    "    \"stacks\": {\"app\": {\"plugins\": {\"iac-terraform\": "
    "{\"parallelism\": 9}}}}},"
    "  \"prod\": {}},";

static const char whole[] =
    "\"stacks\": {"
    "  \"web\": {\"directory\": \"web\", \"depends_on\": [\"app\", \"net\"]},"
    "  \"app\": {\"directory\": \"live/{environment}/app\", \"depends_on\": [\"net\"],"
    "    \"plugins\": {\"iac-terraform\": {\"lock_timeout\": \"1m\", \"workspace\": \"a\"}}},"
    "  \"dns\": {\"directory\": \"dns\", \"environments\": [\"prod\"]},"
    "  \"net\": {\"directory\": \"net\", \"depends_on\": [\"dns\"]}"
    "}";

static int32_t load(const char *stacks, fr_config **out, fractary_error *error)
{
    char *text = fr_str_format("{%s%s}", head, stacks);
    fr_json *tree = fixture_json(text);

    free(text);
    return fr_config_from_tree("/project", tree, out, error);
}

static fr_config *config;

static void enter(void)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_msg(load(whole, &config, &error) == FRACTARY_OK, "%s: %s", error.message,
                  error.cause);
}

static void leave(void)
{
    fr_config_free(config);
    config = NULL;
}

static void assert_order(const char *environment, const char *wanted)
{
    fr_vec names = {0};
    fr_buf list = {0};

    ck_assert_int_eq(fr_stack_order(config, environment, &names, NULL), FRACTARY_OK);
    for (size_t i = 0; i < names.count; i++)
        fr_buf_printf(&list, "%s ", (const char *)names.items[i]);
    ck_assert_str_eq(fr_buf_text(&list), wanted);
    fr_buf_finish(&list);
    fr_vec_finish(&names, NULL);
}

START_TEST(test_order)
{
    assert_order("test", "net app web ");
    assert_order("prod", "dns net app web ");
}
END_TEST

START_TEST(test_find)
{
    fractary_error error = FR_ERROR_INIT;
    fr_stack stack;

    ck_assert(fr_stack_configured(config));
    ck_assert_int_eq(fr_stack_find(config, "dns", &stack, &error), FRACTARY_OK);
    ck_assert_str_eq(stack.directory, "dns");
    ck_assert(fr_stack_serves(&stack, "prod"));
    ck_assert(!fr_stack_serves(&stack, "test"));
    ck_assert_int_eq(fr_stack_find(config, "net", &stack, &error), FRACTARY_OK);
    ck_assert(fr_stack_depends_on(&stack, "dns"));
    ck_assert(!fr_stack_depends_on(&stack, "app"));
    ck_assert_int_eq(fr_stack_find(config, "nett", &stack, &error), FRACTARY_E_INVALID);
    assert_says(error.message, "\"nett\"");
    assert_says(error.cause, "web, app, dns, net");
    assert_says(error.advice, "\"net\"");
    ck_assert(fr_stack_at(config, 3, &stack));
    ck_assert(!fr_stack_at(config, 4, &stack));
}
END_TEST

static void assert_section(const char *environment, const char *stack, const char *id,
                           const char *wanted)
{
    fr_json *section = fr_stack_section(config, environment, stack, id);
    fr_json *expected = fixture_json(wanted);
    fr_buf text = {0};

    fr_json_print(section, &text);
    ck_assert_msg(fr_json_equal(section, expected), "%s", fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(section);
    fr_json_free(expected);
}

/* What is nearer to the place of use wins. */
START_TEST(test_sections)
{
    assert_section("test", "app", "iac-terraform",
                   "{\"parallelism\": 9, \"directory\": \"live/test/app\", \"lock_timeout\": "
                   "\"1m\", \"workspace\": \"t\"}");
    assert_section("prod", "app", "iac-terraform",
                   "{\"parallelism\": 4, \"directory\": \"live/prod/app\", \"lock_timeout\": "
                   "\"1m\", \"workspace\": \"a\"}");
    assert_section("prod", "net", "iac-terraform", "{\"parallelism\": 4, \"directory\": \"net\"}");
    assert_section("prod", "net", "hosting-aws", "{}");
}
END_TEST

START_TEST(test_without_stacks)
{
    fr_stack stack;

    leave();
    ck_assert_int_eq(load("\"owner\": \"us\"", &config, NULL), FRACTARY_OK);
    ck_assert(!fr_stack_configured(config));
    ck_assert(fr_stack_at(config, 0, &stack));
    ck_assert_str_eq(stack.name, "default");
    ck_assert(fr_stack_serves(&stack, "prod"));
    ck_assert(!fr_stack_at(config, 1, &stack));
    assert_order("test", "default ");
    assert_section("test", "default", "iac-terraform",
                   "{\"parallelism\": 4, \"workspace\": \"t\"}");
}
END_TEST

static const struct bad {
    const char *stacks, *message, *cause;
} bads[] = {
    {"\"a/b\": {}", "stacks: a stack cannot have this name", "a/b"},
    {"\"..\": {}", "stacks: a stack cannot have this name", ".."},
    {"\"a\": {\"depends_on\": [\"b\"]}", "stacks.a.depends_on", "the stacks are: a"},
    {"\"a\": {\"environments\": [\"tset\"]}", "stacks.a.environments", "test, prod"},
    {"\"a\": {\"directory\": \"x/{stage}\"}", "stacks.a.directory", "{environment}"},
    {"\"a\": {\"directory\": \"x/{project}\"}", "stacks.a.directory", "{environment}"},
    {"\"a\": {\"directory\": 3}", "stacks.a.directory", ""},
    {"\"a\": {\"depends_on\": [\"a\"]}", "in a circle", "a, which waits for a"},
    {"\"z\": {\"depends_on\": [\"a\"]}, \"a\": {\"depends_on\": [\"b\"]}, \"b\": {\"depends_on\": "
     "[\"c\"]}, \"c\": {\"depends_on\": [\"a\"]}",
     "in a circle", "which waits for "},
};

START_TEST(test_bad)
{
    const struct bad *bad = &bads[_i];
    fractary_error error = FR_ERROR_INIT;
    fr_config *refused = NULL;
    char *stacks = fr_str_format("\"stacks\": {%s}", bad->stacks);

    ck_assert_int_eq(load(stacks, &refused, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, bad->message);
    assert_says(error.cause, bad->cause);
    assert_says(error.place, "config.json:");
    ck_assert_ptr_null(strstr(error.cause, "z, which"));
    free(stacks);
}
END_TEST

START_TEST(test_too_many)
{
    fractary_error error = FR_ERROR_INIT;
    fr_config *refused = NULL;
    fr_buf stacks = {0};

    fr_buf_puts(&stacks, "\"stacks\": {\"s0\": {}");
    for (int i = 1; i <= FR_STACK_LIMIT; i++)
        fr_buf_printf(&stacks, ", \"s%d\": {\"depends_on\": [\"s%d\"]}", i, i - 1);
    fr_buf_puts(&stacks, "}");
    ck_assert_int_eq(load(fr_buf_text(&stacks), &refused, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "too many");
    fr_buf_finish(&stacks);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stack");
    TCase *tests = tcase_create("stack");

    tcase_add_checked_fixture(tests, enter, leave);
    tcase_add_test(tests, test_order);
    tcase_add_test(tests, test_find);
    tcase_add_test(tests, test_sections);
    tcase_add_test(tests, test_without_stacks);
    tcase_add_loop_test(tests, test_bad, 0, (int)(sizeof bads / sizeof *bads));
    tcase_add_test(tests, test_too_many);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
