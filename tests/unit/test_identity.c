/* Identities by purpose, and the variables that no child inherits. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <fractary-plugin/str.h>

#include "trust/identity.h"

static const char text[] =
    "{\"version\":1,\"project\":{\"name\":\"orders\"},\"environments\":{"
    "\"test\":{\"class\":\"test\"},"
    "\"dev\":{\"class\":\"test\",\"identities\":{\"deploy\":{\"profile\":\"d\"}}},"
    "\"prod\":{\"class\":\"production\",\"identities\":{\"read\":{\"profile\":\"r\"},"
    "\"deploy\":{\"role_arn\":\"arn:aws:iam::1:role/d\",\"profile\":\"p\"}}},"
    "\"bare\":{\"class\":\"production\"}}}";

static const struct {
    const char *environment, *purpose;
    int32_t status;
    const char *json;
} cases[] = {
    {"test", "read", FRACTARY_OK, "{\"source\":\"environment\"}"},
    {"test", "deploy", FRACTARY_OK, "{\"source\":\"environment\"}"},
    {"test", "grant", FRACTARY_E_CONFIG, NULL},
    {"dev", "deploy", FRACTARY_OK, "{\"profile\":\"d\"}"},
    {"dev", "read", FRACTARY_OK, "{\"profile\":\"d\",\"fallback\":\"deploy\"}"},
    {"dev", "grant", FRACTARY_E_CONFIG, NULL},
    {"prod", "read", FRACTARY_OK, "{\"profile\":\"r\"}"},
    {"prod", "deploy", FRACTARY_OK,
     "{\"role_arn\":\"arn:aws:iam::1:role/d\",\"profile\":\"p\"}"},
    {"bare", "deploy", FRACTARY_E_CONFIG, NULL},
    {"bare", "read", FRACTARY_E_CONFIG, NULL},
    {"test", "admin", FRACTARY_E_INVALID, NULL},
    {"nowhere", "read", FRACTARY_E_INVALID, NULL},
};

START_TEST(describes_a_purpose)
{
    fractary_error error = FR_ERROR_INIT;
    fr_config *config = NULL;
    fr_buf out = {0};
    fr_json *tree = fr_json_parse(text, strlen(text), NULL);
    ck_assert_int_eq(fr_config_from_tree("/tmp", tree, &config, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_identity_describe(config, cases[_i].environment, cases[_i].purpose, &out,
                                          &error),
                     cases[_i].status);
    if (cases[_i].json)
        ck_assert_str_eq(fr_buf_text(&out), cases[_i].json);
    fr_buf_finish(&out);
    fr_config_free(config);
}
END_TEST

START_TEST(knows_credential_variables)
{
    static const char *const secret[] = {
        "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "GOOGLE_APPLICATION_CREDENTIALS", "ARM_CLIENT_SECRET", "TF_TOKEN_app_terraform_io",
        "VAULT_TOKEN", "CI_JOB_JWT_V2", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    };
    static const char *const plain[] = {"PATH", "HOME", "LANG", "TF_VAR_name", "AWSOME",
                                        "TF_CLI_CONFIG_FILE", "https_proxy", "TERM"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        ck_assert_msg(fr_identity_is_credential_variable(secret[i]), "%s", secret[i]);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        ck_assert_msg(!fr_identity_is_credential_variable(plain[i]), "%s", plain[i]);
        ck_assert_msg(!fr_identity_is_steering_variable(plain[i]), "%s", plain[i]);
    }
}
END_TEST

START_TEST(knows_steering_variables)
{
    static const char *const steering[] = {"TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_WORKSPACE",
                                           "TF_DATA_DIR", "TF_LOG", "TF_LOG_PATH", "LD_PRELOAD"};
    for (size_t i = 0; i < sizeof steering / sizeof *steering; i++)
        ck_assert_msg(fr_identity_is_steering_variable(steering[i]), "%s", steering[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("identity");
    TCase *tests = tcase_create("identity");
    tcase_add_loop_test(tests, describes_a_purpose, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(tests, knows_credential_variables);
    tcase_add_test(tests, knows_steering_variables);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
