/* authenticate(): who AWS says that we are, and whether that is who we should
 * be; and what create() needs. */
#include "harness.h"

#include <string.h>

#define IDENTITY(account)                                                                          \
    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"              \
    "<GetCallerIdentityResult><Arn>arn:aws:iam::" account ":user/eve</Arn>"                        \
    "<UserId>AIDA</UserId><Account>" account "</Account></GetCallerIdentityResult>"                \
    "</GetCallerIdentityResponse>"
#define FAULT(code, words)                                                                         \
    "<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" words                \
    "</Message></Error></ErrorResponse>"

static harness h;

static void open_host(void)
{
    harness_open(&h);
}

static void close_host(void)
{
    harness_close(&h);
}

static int32_t ask(const char *purpose)
{
    const fractary_authenticate_request request = {.size = sizeof request, .purpose = purpose};
    return h.hosting->authenticate(h.aws, h.call, &request, &h.error);
}

START_TEST(test_right_account)
{
    harness_answer(&h, "Action=GetCallerIdentity&Version=2011-06-15", 200, NULL,
                   IDENTITY("123456789012"), 0);
    fr_fakehost_identity(h.host, "read", "{\"source\":\"environment\",\"fallback\":\"deploy\"}",
                         FRACTARY_OK);
    harness_start(&h);
    ck_assert_int_eq(ask("read"), FRACTARY_OK);
    const fr_json *record = fr_fakehost_find(h.host, "identity", 0);
    ck_assert_str_eq(fr_json_get_string(record, "purpose"), "read");
    ck_assert_str_eq(fr_json_get_string(record, "account"), "123456789012");
    ck_assert_str_eq(fr_json_get_string(record, "principal"), "arn:aws:iam::123456789012:user/eve");
    ck_assert_str_eq(fr_json_get_string(record, "source"), "environment (AWS_ACCESS_KEY_ID)");
    ck_assert_str_eq(fr_json_get_string(record, "fallback"), "deploy");
    ck_assert_str_eq(fr_json_get_string(record, "message"),
                     "read acts as arn:aws:iam::123456789012:user/eve in account 123456789012");
    ck_assert_uint_eq(fr_fakehost_count(h.host, NULL), 1);
    ck_assert(!fr_fakehost_mentions(h.host, "wJalrXUtnFEMI"));
}
END_TEST

START_TEST(test_wrong_account)
{
    harness_answer(&h, "", 200, NULL, IDENTITY("999999999999"), 0);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_REFUSED);
    ck_assert_str_eq(h.error.message, "The credentials for \"deploy\" belong to account "
                                      "999999999999, and environment test is account 123456789012");
    ck_assert_str_eq(h.error.cause,
                     "999999999999 is the account of arn:aws:iam::999999999999:user/eve, which "
                     "came from environment (AWS_ACCESS_KEY_ID); 123456789012 stands in "
                     "environments.test.account of the configuration.");
    ck_assert_str_eq(h.error.place, "environments.test.account");
    ck_assert_uint_eq(fr_fakehost_count(h.host, NULL), 0);
}
END_TEST

START_TEST(test_any_account)
{
    fr_fakehost_project(h.host, "{\"account\":null}");
    harness_answer(&h, "", 200, NULL, IDENTITY("999999999999"), 0);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(h.host, "identity"), 1);
}
END_TEST

static const struct {
    int32_t code;
    const char *body;
    int32_t status;
    const char *cause;
} refusals[] = {
    {403, FAULT("InvalidClientTokenId", "The security token is invalid."), FRACTARY_E_AUTH,
     "InvalidClientTokenId (HTTP 403): The security token is invalid. (credentials from "
     "environment "
     "(AWS_ACCESS_KEY_ID))"},
    {403, FAULT("ExpiredToken", "Old"), FRACTARY_E_AUTH,
     "ExpiredToken (HTTP 403): Old (credentials from environment (AWS_ACCESS_KEY_ID))"},
    {403, FAULT("SignatureDoesNotMatch", "No"), FRACTARY_E_AUTH,
     "SignatureDoesNotMatch (HTTP 403): No (credentials from environment (AWS_ACCESS_KEY_ID))"},
    {403, FAULT("AccessDenied", "by a policy"), FRACTARY_E_DENIED,
     "AccessDenied (HTTP 403): by a policy"},
    {503, NULL, FRACTARY_E_UNAVAILABLE,
     "https://sts.eu-central-1.amazonaws.com/ answered 503 without a code of AWS."},
    {0, NULL, FRACTARY_E_UNAVAILABLE,
     "https://sts.eu-central-1.amazonaws.com/ cannot be reached: connection refused"},
    {200, "<html><body/></html>", FRACTARY_E_UNAVAILABLE,
     "The answer names no account or no principal."},
    {200, "{}", FRACTARY_E_UNAVAILABLE,
     "https://sts.eu-central-1.amazonaws.com/ answered 200 without a code of AWS."},
};

START_TEST(test_refused)
{
    harness_answer(&h, "", refusals[_i].code, NULL, refusals[_i].body, 0);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), refusals[_i].status);
    ck_assert_int_eq(h.error.status, refusals[_i].status);
    ck_assert_str_eq(h.error.cause, refusals[_i].cause);
    ck_assert(h.error.message[0] != '\0' && h.error.advice[0] != '\0');
    ck_assert_uint_eq(fr_fakehost_count(h.host, NULL), 0);
}
END_TEST

/* A clock that is wrong is no lack of credentials: tried again. */
START_TEST(test_skew)
{
    harness_answer(&h, "", 403, NULL, FAULT("RequestExpired", "Your clock"), 1);
    harness_answer(&h, "", 200, NULL, IDENTITY("123456789012"), 0);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_OK);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 2);
}
END_TEST

/* ---------------------------------------------------------------------- create */

static const void *no_clock(const fractary_host *host, const char *id)
{
    const fractary_host *real = host->context;
    return strcmp(id, FRACTARY_CLOCK_1) == 0 ? NULL : real->service(real, id);
}

START_TEST(test_host_without_a_service)
{
    const fractary_host poor = {.size = sizeof poor,
                                .abi = FRACTARY_ABI,
                                .version = "1",
                                .context = (void *)(uintptr_t)fr_fakehost_table(h.host),
                                .service = no_clock};
    void *instance = NULL;

    ck_assert_int_eq(fractary_plugin_entry.create(&poor, &instance, &h.error),
                     FRACTARY_E_UNSUPPORTED);
    ck_assert_ptr_null(instance);
    ck_assert_str_eq(h.error.message, "This host does not offer fractary.clock/1");
}
END_TEST

START_TEST(test_interfaces)
{
    harness_start(&h);
    ck_assert_ptr_nonnull(fractary_plugin_entry.get_interface(h.aws, "fractary.hosting/1"));
    ck_assert_ptr_null(fractary_plugin_entry.get_interface(h.aws, "fractary.hosting/2"));
    ck_assert_uint_eq(h.hosting->size, sizeof *h.hosting);
    fractary_plugin_entry.destroy(NULL);
}
END_TEST

int main(void)
{
    TCase *one = tcase_create("authenticate");
    Suite *suite = suite_create("hosting-aws authenticate");

    tcase_add_checked_fixture(one, open_host, close_host);
    tcase_add_test(one, test_right_account);
    tcase_add_test(one, test_wrong_account);
    tcase_add_test(one, test_any_account);
    tcase_add_loop_test(one, test_refused, 0, (int)(sizeof refusals / sizeof *refusals));
    tcase_add_test(one, test_skew);
    tcase_add_test(one, test_host_without_a_service);
    tcase_add_test(one, test_interfaces);
    suite_add_tcase(suite, one);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
