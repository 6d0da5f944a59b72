#include "trust/pass.h"

#include "service/process_environ.h"
#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static fr_config *make_config(const char *all, const char *test)
{
    char *text = fr_str_format("{\"version\":1,\"project\":{\"name\":\"shop\"},"
                               "\"environment\":{\"pass\":%s},"
                               "\"environments\":{\"test\":{\"environment\":{\"pass\":%s}},"
                               "\"prod\":{}}}",
                               all, test);
    fr_config *config = NULL;

    ck_assert_int_eq(fr_config_from_tree("/project", fixture_json(text), &config, NULL),
                     FRACTARY_OK);
    free(text);
    return config;
}

START_TEST(what_no_child_inherits_needs_a_pass)
{
    static const char *const needed[] = {"TF_VAR_size", "TF_TOKEN_x", "TF_LOG", "GITHUB_TOKEN"};
    static const char *const free_ones[] = {"PATH", "SSH_AUTH_SOCK", "HTTPS_PROXY", "TF_VAR"};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        ck_assert_msg(fr_pass_is_needed(needed[i]), "%s", needed[i]);
    for (size_t i = 0; i < sizeof free_ones / sizeof *free_ones; i++)
        ck_assert_msg(!fr_pass_is_needed(free_ones[i]), "%s", free_ones[i]);
}
END_TEST

START_TEST(lists_of_the_project_and_of_the_environment)
{
    fr_config *config = make_config("[\"TF_VAR_size\"]", "[\"GITHUB_*\"]");

    ck_assert(fr_pass_allows(config, "test", "TF_VAR_size"));
    ck_assert(fr_pass_allows(config, "prod", "TF_VAR_size"));
    ck_assert(fr_pass_allows(config, "test", "GITHUB_TOKEN"));
    ck_assert(!fr_pass_allows(config, "prod", "GITHUB_TOKEN"));
    ck_assert(!fr_pass_allows(config, "test", "TF_VAR_sizes"));
    ck_assert(!fr_pass_allows(config, "", "GITHUB_TOKEN"));
    ck_assert(!fr_pass_allows(NULL, "test", "TF_VAR_size"));
    ck_assert_int_eq(fr_pass_check(config, "test", NULL), FRACTARY_OK);
    fr_config_free(config);
}
END_TEST

static const struct refused {
    const char *pattern, *cause;
} refused[] = {{"AWS_PROFILE", "AWS_*"}, {"AWS*", "AWS_*"},
               {"A*", "AWS_*"},          {"TF_CLI_ARGS_plan", "TF_CLI_ARGS*"},
               {"TF_*", "TF_CLI_ARGS*"}, {"TF_WORKSPACE", "TF_WORKSPACE"},
               {"LD_*", "LD_PRELOAD"},   {"*", "no name"},
               {"A B", "no name"},       {"TF_VAR_*_x", "no name"},
               {"TF_VAR_a=b", "no name"}};

START_TEST(what_is_never_passed_is_refused)
{
    fractary_error error = FR_ERROR_INIT;
    char *list = fr_str_format("[\"TF_VAR_a\", \"%s\"]", refused[_i].pattern);
    fr_config *config = make_config("[]", list);

    ck_assert_int_eq(fr_pass_check(config, "prod", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_pass_check(config, "test", &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "environments.test.environment.pass");
    assert_says(error.cause, refused[_i].cause);
    fr_config_free(config);
    free(list);
}
END_TEST

START_TEST(a_child_gets_what_is_passed_and_no_more)
{
    static const char *const inherited[] = {"PATH=/bin",
                                            "TF_VAR_size=big",
                                            "TF_VAR_key=secret",
                                            "AWS_PROFILE=me",
                                            "TF_LOG=trace",
                                            "GITHUB_TOKEN=t",
                                            NULL};
    fr_config *config = make_config("[\"TF_VAR_size\"]", "[\"GITHUB_TOKEN\"]");
    fr_environ_block block = {0};
    fr_buf text = {0};

    ck_assert_int_eq(fr_environ_inherit(&block, inherited, config, "test", NULL), FRACTARY_OK);
    for (const char *const *entry = fr_environ_texts(&block); *entry != NULL; entry++)
        fr_buf_printf(&text, "%s ", *entry);
    ck_assert_str_eq(fr_buf_text(&text), "PATH=/bin TF_VAR_size=big GITHUB_TOKEN=t ");
    fr_buf_finish(&text);
    fr_environ_finish(&block);
    fr_config_free(config);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pass");
    TCase *tests = tcase_create("pass");

    tcase_add_test(tests, what_no_child_inherits_needs_a_pass);
    tcase_add_test(tests, lists_of_the_project_and_of_the_environment);
    tcase_add_loop_test(tests, what_is_never_passed_is_refused, 0,
                        (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tests, a_child_gets_what_is_passed_and_no_more);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
