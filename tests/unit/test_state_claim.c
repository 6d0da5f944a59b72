/* Which state is whose, and what the configuration alone tells of it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fractary-plugin/str.h>

#include "base/file.h"
#include "project/environment_state.h"
#include "trust/state_claim.h"

static char folder[] = "/tmp/fractary-claim-XXXXXX";
static fr_config *config;
static fractary_error error;

static fr_config *make_config(const char *text)
{
    fr_config *made = NULL;
    fr_json *tree = fr_json_parse(text, strlen(text), NULL);

    ck_assert_msg(tree != NULL, "%s", text);
    ck_assert_int_eq(fr_config_from_tree(folder, tree, &made, &error), FRACTARY_OK);
    return made;
}

static void set_up(void)
{
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    error = (fractary_error)FR_ERROR_INIT;
    config = make_config("{\"version\":1,\"project\":{\"name\":\"shop\"},"
                         "\"handlers\":{\"iac\":\"iac-terraform\"},"
                         "\"environments\":{\"test\":{},\"prod\":{}}}");
}

static void tear_down(void)
{
    fr_config_free(config);
    ck_assert_int_eq(fr_file_remove_tree(folder, NULL), FRACTARY_OK);
}

/* A state of literals. */
static fr_state state_of(const char *backend, const char *address, const char *lineage)
{
    return (fr_state){(char *)(uintptr_t)backend, (char *)(uintptr_t)address,
                      (char *)(uintptr_t) "default", (char *)(uintptr_t)lineage};
}

static int32_t claim(const char *environment, const char *backend, const char *address)
{
    const fr_state_owner owner = {config, environment, "default"};
    const fr_state state = state_of(backend, address, NULL);

    error = (fractary_error)FR_ERROR_INIT;
    return fr_state_claim_write(&owner, &state, "run", &error);
}

static char *claim_file(const char *environment)
{
    return fr_str_format("%s/" FR_PROJECT_FOLDER "/deployments/%s/state.json", folder, environment);
}

/* -------------------------------------------------------------------- the rule */

START_TEST(one_state_is_one_environments)
{
    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_OK);
    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_OK);
    ck_assert_int_eq(claim("prod", "s3", "s3://b/k"), FRACTARY_E_REFUSED);
    ck_assert_str_eq(error.message, "environment prod uses the state of environment test");
    ck_assert_ptr_nonnull(strstr(error.cause, "s3://b/k"));
    ck_assert_ptr_nonnull(
        strstr(error.advice, "environments.prod.plugins.iac-terraform.workspace"));
    ck_assert_ptr_nonnull(strstr(error.advice, "deployments/test/state.json"));
    ck_assert_int_eq(claim("prod", "s3", "s3://b/l"), FRACTARY_OK);
    ck_assert_int_eq(claim("test", "s3", "s3://b/m"), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.cause, "s3://b/k"));
    ck_assert_ptr_nonnull(strstr(error.cause, "s3://b/m"));
}
END_TEST

START_TEST(what_was_refused_is_not_recorded)
{
    char *path = claim_file("prod");

    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_OK);
    ck_assert_int_eq(claim("prod", "s3", "s3://b/k"), FRACTARY_E_REFUSED);
    ck_assert(!fr_file_exists(path));
    free(path);
}
END_TEST

START_TEST(a_claim_that_was_removed_is_free)
{
    const fr_state_owner owner = {config, "test", "default"};

    ck_assert_int_eq(fr_state_claim_remove(&owner, &error), FRACTARY_OK);
    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_OK);
    ck_assert_int_eq(fr_state_claim_remove(&owner, &error), FRACTARY_OK);
    ck_assert_int_eq(claim("prod", "s3", "s3://b/k"), FRACTARY_OK);
}
END_TEST

START_TEST(a_lineage_is_kept_and_never_lost)
{
    const fr_state_owner owner = {config, "test", "default"};
    const fr_state known = state_of("s3", "s3://b/k", "one");
    fr_state found;

    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_OK);
    ck_assert_int_eq(fr_state_claim_write(&owner, &known, "run", &error), FRACTARY_OK);
    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_OK);
    ck_assert_int_eq(fr_state_claim_read(&owner, &found, &error), FRACTARY_OK);
    ck_assert_str_eq(found.lineage, "one");
    fr_state_finish(&found);
    const fr_state other = state_of("s3", "s3://b/k", "two");
    ck_assert_int_eq(fr_state_claim_check(&owner, &known, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_state_claim_check(&owner, &other, &error), FRACTARY_E_REFUSED);
    ck_assert_str_eq(error.cause, "Recorded is one, found is two.");
}
END_TEST

START_TEST(two_paths_of_one_file)
{
    char *real = fr_str_format("%s/infra", folder);
    char *other = fr_str_format("%s/again", folder);
    char *file = fr_str_format("%s/infra/terraform.tfstate", folder);

    ck_assert_int_eq(mkdir(real, 0755), 0);
    ck_assert_int_eq(symlink("infra", other), 0);
    ck_assert_int_eq(fr_file_write(file, "{}", 2, 0600, &error), FRACTARY_OK);
    ck_assert_int_eq(claim("test", "local", "infra/terraform.tfstate"), FRACTARY_OK);
    ck_assert_int_eq(claim("prod", "local", "again/terraform.tfstate"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(claim("prod", "local", "again/other.tfstate"), FRACTARY_OK);
    free(real);
    free(other);
    free(file);
}
END_TEST

static const char *const broken[] = {
    "", "{", "[]", "{\"version\":1}", "{\"version\":2,\"backend\":\"s3\",\"address\":\"a\"}",
};

START_TEST(a_claim_that_cannot_be_read_stops_everybody)
{
    char *path = claim_file("test");

    ck_assert_int_eq(fr_file_write(path, broken[_i], strlen(broken[_i]), 0644, &error),
                     FRACTARY_OK);
    ck_assert_int_eq(claim("test", "s3", "s3://b/k"), FRACTARY_E_CONFIG);
    ck_assert_int_eq(claim("prod", "s3", "s3://b/l"), FRACTARY_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(error.place, "deployments/test/state.json"));
    free(path);
}
END_TEST

START_TEST(a_name_leads_nowhere_else)
{
    const fr_state_owner owners[] = {{config, "../test", "default"}, {config, "test", "../../x"}};
    const fr_state state = state_of("s3", "s3://b/k", NULL);

    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(fr_state_claim_write(&owners[i], &state, "run", &error),
                         FRACTARY_E_INVALID);
}
END_TEST

/* ------------------------------------------------------- by configuration alone */

static const struct {
    const char *test, *prod;
    int shared;
} choices[] = {
    {"{}", "{}", 1},
    {"{\"var_files\":[\"a\"]}", "{\"var_files\":[\"b\"]}", 1},
    {"{\"workspace\":\"a\"}", "{\"workspace\":\"b\"}", 0},
    {"{\"workspace\":\"default\"}", "{}", 1},
    {"{\"directory\":\"a\"}", "{\"directory\":\"b\"}", 0},
    {"{\"directory\":\"./a/\"}", "{\"directory\":\"a\"}", 1},
    {"{\"backend_config\":[\"key=a\"]}", "{\"backend_config\":[\"key=b\"]}", 0},
    {"{\"backend_config\":[\"key=a\"]}", "{\"backend_config\":[\"key=a\"]}", 1},
    {"{\"backend_config\":[]}", "{}", 1},
};

/* "prod/default": who shares, or "" for nobody. */
static const char *sharing(const fr_config *made, const char *environment, const char *stack)
{
    static char text[128];
    const fr_state_user own = {environment, stack};
    fr_state_user other;

    text[0] = '\0';
    if (fr_environment_sharing_state(made, &own, &other))
        snprintf(text, sizeof text, "%s/%s", other.environment, other.stack);
    return text;
}

START_TEST(the_configuration_alone_tells)
{
    char *text = fr_str_format(
        "{\"version\":1,\"project\":{\"name\":\"shop\"},\"handlers\":{\"iac\":\"iac-terraform\"},"
        "\"environments\":{\"test\":{\"plugins\":{\"iac-terraform\":%s}},"
        "\"prod\":{\"plugins\":{\"iac-terraform\":%s}}}}",
        choices[_i].test, choices[_i].prod);
    fr_config *made = make_config(text);

    ck_assert_str_eq(sharing(made, "test", "default"), choices[_i].shared ? "prod/default" : "");
    ck_assert_str_eq(sharing(made, "prod", "default"), choices[_i].shared ? "test/default" : "");
    fr_config_free(made);
    free(text);
}
END_TEST

START_TEST(another_handler_is_not_ours_to_judge)
{
    fr_config *made = make_config("{\"version\":1,\"project\":{\"name\":\"shop\"},"
                                  "\"handlers\":{\"iac\":\"iac-other\"},"
                                  "\"environments\":{\"test\":{},\"prod\":{}}}");

    ck_assert_str_eq(sharing(made, "test", "default"), "");
    fr_config_free(made);
}
END_TEST

START_TEST(stacks_share_as_environments_do)
{
    fr_config *made = make_config(
        "{\"version\":1,\"project\":{\"name\":\"shop\"},\"handlers\":{\"iac\":\"iac-terraform\"},"
        "\"environments\":{\"test\":{},\"prod\":{}},"
        "\"stacks\":{\"net\":{\"directory\":\"net\"},\"web\":{\"directory\":\"live/"
        "{environment}\"},"
        "\"again\":{\"directory\":\"./live/test\",\"environments\":[\"test\"]}}}");

    ck_assert_str_eq(sharing(made, "test", "net"), "prod/net");
    ck_assert_str_eq(sharing(made, "test", "web"), "test/again");
    ck_assert_str_eq(sharing(made, "test", "again"), "test/web");
    ck_assert_str_eq(sharing(made, "prod", "web"), "");
    fr_config_free(made);
}
END_TEST

START_TEST(a_state_is_one_stacks)
{
    const fr_state_owner web = {config, "test", "web"};
    const fr_state_owner net = {config, "test", "net"};
    const fr_state_owner other = {config, "prod", "web"};
    fr_state state = {
        .backend = (char *)"s3", .address = (char *)"s3://b/k", .workspace = (char *)"default"};

    ck_assert_int_eq(fr_state_claim_write(&web, &state, "run", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_state_claim_check(&web, &state, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_state_claim_check(&net, &state, &error), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, "stack web of environment test"));
    ck_assert_int_eq(fr_state_claim_check(&other, &state, &error), FRACTARY_E_REFUSED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state_claim");
    TCase *tests = tcase_create("state_claim");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, one_state_is_one_environments);
    tcase_add_test(tests, what_was_refused_is_not_recorded);
    tcase_add_test(tests, a_claim_that_was_removed_is_free);
    tcase_add_test(tests, a_lineage_is_kept_and_never_lost);
    tcase_add_test(tests, two_paths_of_one_file);
    tcase_add_loop_test(tests, a_claim_that_cannot_be_read_stops_everybody, 0,
                        (int)(sizeof broken / sizeof *broken));
    tcase_add_test(tests, a_name_leads_nowhere_else);
    tcase_add_loop_test(tests, the_configuration_alone_tells, 0,
                        (int)(sizeof choices / sizeof *choices));
    tcase_add_test(tests, another_handler_is_not_ours_to_judge);
    tcase_add_test(tests, stacks_share_as_environments_do);
    tcase_add_test(tests, a_state_is_one_stacks);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
