/* The guard: each signal, changed alone, refuses and is named. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <fractary-plugin/str.h>

#include "trust/guard.h"

#define PLAN "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char good[] =
    "{\"version\":1,\"project\":{\"name\":\"orders\"},"
    "\"handlers\":{\"iac\":\"iac-terraform\",\"hosting\":\"hosting-aws\"},"
    "\"plugins\":{\"iac-terraform\":{\"directory\":\"infra\"}},"
    "\"environments\":{"
    "\"test\":{\"class\":\"test\",\"account\":\"111111111111\","
    "\"identities\":{\"deploy\":{\"profile\":\"orders-test\"}},"
    "\"plugins\":{\"iac-terraform\":{\"var_files\":[\"test.tfvars\"]}}},"
    "\"prod\":{\"class\":\"production\",\"account\":\"222222222222\","
    "\"identities\":{\"deploy\":{\"profile\":\"orders-prod\"}},"
    "\"plugins\":{\"iac-terraform\":{\"var_files\":[\"prod.tfvars\"]}}}}}";

typedef struct cloud {
    const char *account, *principal;
    int32_t status;
} cloud;

static int32_t authenticate(void *context, const char *environment, const char *purpose,
                            fr_buf *account, fr_buf *principal, fractary_error *error)
{
    const cloud *c = context;
    (void)environment;
    (void)purpose;
    if (c->status != FRACTARY_OK)
        return fr_error_set(error, c->status, "the cloud says no");
    fr_buf_puts(account, c->account);
    fr_buf_puts(principal, c->principal);
    return FRACTARY_OK;
}

typedef struct outcome {
    int32_t status;
    fractary_error error;
    fr_json *record;
    int noted;
} outcome;

/* Checks environment `name` after `from` in the good configuration was
 * replaced with `to`. */
static outcome check(const char *name, const char *from, const char *to, const cloud *c)
{
    outcome o = {.error = FR_ERROR_INIT};
    char *text = fr_str_dup(good);
    char *at = from ? strstr(text, from) : NULL;
    ck_assert(!from || at);
    if (at) {
        char *changed = fr_str_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        free(text);
        text = changed;
    }
    fr_config *config = NULL;
    fr_gate *gate = NULL;
    fr_json *tree = fr_json_parse(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(tree);
    ck_assert_int_eq(fr_config_from_tree("/tmp", tree, &config, &o.error), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_create(&gate), FRACTARY_OK);
    const fr_guard_world world = {(void *)(uintptr_t)c, authenticate};
    const fr_gate_subject before = {"default", name, "deploy", ""};
    const fr_gate_subject planned = {"default", name, "deploy", PLAN};
    o.status = fr_guard_check(&world, config, gate, &before, &o.record, &o.error);
    if (o.status == FRACTARY_OK) {
        fr_json *second = NULL;
        ck_assert_int_eq(fr_guard_check(&world, config, gate, &planned, &second, NULL),
                         FRACTARY_OK);
        fr_json_free(second);
        fr_gate_note_approval(gate, &planned, "apply");
    }
    o.noted = fr_gate_permit(gate, "apply", &planned, NULL) == FRACTARY_OK;
    fr_gate_destroy(gate);
    fr_config_free(config);
    free(text);
    return o;
}

static const cloud test_cloud = {"111111111111", "arn:aws:iam::111111111111:user/orders-test", 0};
static const cloud prod_cloud = {"222222222222", "arn:aws:iam::222222222222:user/orders-prod", 0};

START_TEST(agrees_with_a_good_configuration)
{
    outcome o = check("test", NULL, NULL, &test_cloud);
    ck_assert_int_eq(o.status, FRACTARY_OK);
    ck_assert(o.noted);
    ck_assert(fr_json_is_true(o.record, "ok"));
    ck_assert_uint_ge(fr_json_count(fr_json_get(o.record, "signals")), 4);
    fr_json_free(o.record);
    o = check("prod", NULL, NULL, &prod_cloud);
    ck_assert_int_eq(o.status, FRACTARY_OK);
    fr_json_free(o.record);
}
END_TEST

static const struct {
    const char *environment, *from, *to, *names;
} mixed_up[] = {
    {"test", "\"account\":\"111111111111\"", "\"account\":\"333333333333\"", "account"},
    {"test", "\"profile\":\"orders-test\"", "\"profile\":\"orders-prod\"", "identity"},
    {"test", "\"test.tfvars\"", "\"prod.tfvars\"", "var_files"},
    {"test", "\"directory\":\"infra\"", "\"directory\":\"infra/prod\"", "directory"},
    {"test", "\"var_files\":[\"test.tfvars\"]", "\"workspace\":\"prod\"", "workspace"},
    {"prod", "\"account\":\"222222222222\",", "", "no account"},
};

START_TEST(refuses_each_contradiction)
{
    const cloud *c = fr_str_equal(mixed_up[_i].environment, "prod") ? &prod_cloud : &test_cloud;
    outcome o = check(mixed_up[_i].environment, mixed_up[_i].from, mixed_up[_i].to, c);
    ck_assert_int_eq(o.status, FRACTARY_E_REFUSED);
    ck_assert_msg(strstr(o.error.message, mixed_up[_i].names) != NULL, "%s", o.error.message);
    ck_assert(!o.noted);
    ck_assert_ptr_nonnull(o.record);
    ck_assert(!fr_json_get_bool(o.record, "ok", 1));
    fr_json_free(o.record);
}
END_TEST

START_TEST(refuses_the_wrong_account_with_both_values)
{
    outcome o = check("test", NULL, NULL, &prod_cloud);
    ck_assert_int_eq(o.status, FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(o.error.cause, "111111111111"));
    ck_assert_ptr_nonnull(strstr(o.error.cause, "222222222222"));
    ck_assert(!o.noted);
    fr_json_free(o.record);
}
END_TEST

START_TEST(refuses_a_principal_of_another_environment)
{
    const cloud c = {"111111111111", "arn:aws:iam::111111111111:user/orders-prod", 0};
    outcome o = check("test", NULL, NULL, &c);
    ck_assert_int_eq(o.status, FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(o.error.message, "principal"));
    fr_json_free(o.record);
}
END_TEST

START_TEST(absence_is_not_agreement)
{
    const cloud c = {"111111111111", "arn:aws:iam::111111111111:user/ci", 0};
    outcome o = check("test", "\"account\":\"111111111111\",", "", &c);
    ck_assert_int_eq(o.status, FRACTARY_OK);
    const fr_json *account = fr_json_first(fr_json_get(o.record, "signals"));
    ck_assert_str_eq(fr_json_get_string(account, "name"), "account");
    ck_assert_str_eq(fr_json_get_string(account, "verdict"), "absent");
    fr_json_free(o.record);
}
END_TEST

START_TEST(hands_on_what_the_cloud_refuses)
{
    const cloud c = {"", "", FRACTARY_E_AUTH};
    outcome o = check("test", NULL, NULL, &c);
    ck_assert_int_eq(o.status, FRACTARY_E_AUTH);
    ck_assert(!o.noted);
    fr_json_free(o.record);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guard");
    TCase *tests = tcase_create("guard");
    tcase_add_test(tests, agrees_with_a_good_configuration);
    tcase_add_loop_test(tests, refuses_each_contradiction, 0,
                        (int)(sizeof mixed_up / sizeof *mixed_up));
    tcase_add_test(tests, refuses_the_wrong_account_with_both_values);
    tcase_add_test(tests, refuses_a_principal_of_another_environment);
    tcase_add_test(tests, absence_is_not_agreement);
    tcase_add_test(tests, hands_on_what_the_cloud_refuses);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
