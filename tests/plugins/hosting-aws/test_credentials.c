/* credentials(): each source, what a child gets, how long it is kept. */
#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define NOW           INT64_C(1440938160) /* 2015-08-30T12:36:00Z */
#define PROFILE(name) "{\"profile\":\"" name "\"}"
#define ASSUMED(key, ends)                                                                         \
    "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"   \
    "<Credentials><AccessKeyId>" key "</AccessKeyId><SecretAccessKey>secret-of-" key               \
    "</SecretAccessKey><SessionToken>token-of-" key "</SessionToken><Expiration>" ends             \
    "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"

static harness h;
static fr_json *given; /* what credentials() emitted */

static void open_host(void)
{
    harness_open(&h);
    fr_fakehost_clock(h.host, 1, NOW * 1000);
    given = NULL;
}

static void close_host(void)
{
    fr_json_free(given);
    harness_close(&h);
}

static int32_t ask(const char *purpose)
{
    fr_buf text = {0};
    const fractary_sink sink = fr_buf_sink(&text);
    const fractary_credentials_request request = {.size = sizeof request, .purpose = purpose};
    const int32_t status = h.hosting->credentials(h.aws, h.call, &request, &sink, &h.error);

    fr_json_free(given);
    given = status == FRACTARY_OK ? fr_json_parse(text.data, text.length, NULL) : NULL;
    ck_assert_int_eq(status == FRACTARY_OK, given != NULL);
    ck_assert_uint_eq(fr_fakehost_count(h.host, NULL), 0);
    fr_buf_finish(&text);
    return status;
}

static const char *variable(const char *name)
{
    return fr_json_get_string(fr_json_get(given, "environ"), name);
}

static void use(const char *identity, const char *config, const char *credentials)
{
    fr_fakehost_identity(h.host, "deploy", identity, FRACTARY_OK);
    if (config != NULL)
        fr_fakehost_write(h.host, "home/.aws/config", config);
    if (credentials != NULL)
        fr_fakehost_write(h.host, "home/.aws/credentials", credentials);
}

static void expect_keys(const char *access_key, const char *secret_key, const char *token)
{
    ck_assert_int_eq(ask("deploy"), FRACTARY_OK);
    ck_assert_str_eq(variable("AWS_ACCESS_KEY_ID"), access_key);
    ck_assert_str_eq(variable("AWS_SECRET_ACCESS_KEY"), secret_key);
    ck_assert_msg(fr_str_equal(variable("AWS_SESSION_TOKEN"), token), "%s",
                  variable("AWS_SESSION_TOKEN"));
}

/* ---------------------------------------------------------------- environment */

START_TEST(test_environment)
{
    harness_start(&h);
    expect_keys("AKIDEXAMPLE", "wJalrXUtnFEMI/secret", NULL);
    ck_assert_str_eq(variable("AWS_REGION"), "eu-central-1");
    ck_assert_str_eq(variable("AWS_DEFAULT_REGION"), "eu-central-1");
    ck_assert_str_eq(variable("AWS_CONFIG_FILE"), "/dev/null");
    ck_assert_str_eq(variable("AWS_SHARED_CREDENTIALS_FILE"), "/dev/null");
    ck_assert_str_eq(variable("AWS_EC2_METADATA_DISABLED"), "true");
    ck_assert_uint_eq(fr_json_count(fr_json_get(given, "environ")), 7);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(given, "expires")), FR_JSON_NULL);
}
END_TEST

START_TEST(test_environment_with_an_end)
{
    fr_fakehost_setenv(h.host, "AWS_SESSION_TOKEN", "session");
    fr_fakehost_setenv(h.host, "AWS_CREDENTIAL_EXPIRATION", "2015-08-30T13:36:00Z");
    harness_start(&h);
    expect_keys("AKIDEXAMPLE", "wJalrXUtnFEMI/secret", "session");
    ck_assert_int_eq(fr_json_get_int(given, "expires", 0), NOW + 3600);
    fr_fakehost_clock(h.host, 1, (NOW + 3601) * 1000);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause,
                     "Those of environment (AWS_ACCESS_KEY_ID) ended at 2015-08-30T13:36:00Z.");
}
END_TEST

static const struct {
    const char *name, *value, *cause;
} incomplete[] = {
    {"AWS_SECRET_ACCESS_KEY", "", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not."},
    {"AWS_CREDENTIAL_EXPIRATION", "soon", "AWS_CREDENTIAL_EXPIRATION is no date."},
    {"AWS_ACCESS_KEY_ID", "",
     "Neither AWS_ACCESS_KEY_ID nor AWS_PROFILE is set in the environment."},
};

START_TEST(test_environment_incomplete)
{
    fr_fakehost_setenv(h.host, incomplete[_i].name, incomplete[_i].value);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.message, "There are no AWS credentials for \"deploy\"");
    ck_assert_str_eq(h.error.cause, incomplete[_i].cause);
    ck_assert(h.error.advice[0] != '\0');
}
END_TEST

START_TEST(test_environment_of_a_pipeline)
{
    fr_fakehost_setenv(h.host, "AWS_ACCESS_KEY_ID", "");
    fr_fakehost_setenv(h.host, "AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
    ck_assert_ptr_nonnull(strstr(h.error.cause, "a web identity token, which is not supported"));
}
END_TEST

START_TEST(test_environment_names_a_profile)
{
    fr_fakehost_setenv(h.host, "AWS_ACCESS_KEY_ID", "");
    fr_fakehost_setenv(h.host, "AWS_PROFILE", "dev");
    use("{\"source\":\"environment\"}", NULL,
        "[dev]\naws_access_key_id=AKIDEV\naws_secret_access_key=s\n");
    harness_start(&h);
    expect_keys("AKIDEV", "s", NULL);
}
END_TEST

/* -------------------------------------------------------------------- profiles */

static const struct {
    const char *config, *credentials, *access_key, *secret_key, *token;
} profiles[] = {
    {NULL, "[dev]\naws_access_key_id = AKIDEV\naws_secret_access_key = s\n", "AKIDEV", "s", NULL},
    {"[profile dev]\naws_access_key_id = AKIDEV\naws_secret_access_key = s\n"
     "aws_session_token = t\n",
     NULL, "AKIDEV", "s", "t"},
    {"[profile dev]\naws_access_key_id = OTHER\naws_secret_access_key = o\n",
     "[dev]\naws_access_key_id = AKIDEV\naws_secret_access_key = s\n", "AKIDEV", "s", NULL},
    {"[profile dev]\naws_access_key_id = AKIDEV\naws_secret_access_key = s\n",
     "[dev]\nregion = x\n", "AKIDEV", "s", NULL},
};

START_TEST(test_profile)
{
    use(PROFILE("dev"), profiles[_i].config, profiles[_i].credentials);
    harness_start(&h);
    expect_keys(profiles[_i].access_key, profiles[_i].secret_key, profiles[_i].token);
}
END_TEST

static const struct {
    const char *config, *cause;
} unusable[] = {
    {"[profile other]\n", "Profile dev is neither in ~/.aws/config nor in ~/.aws/credentials."},
    {"[profile dev]\n", "Profile dev has no credentials."},
    {"[profile dev]\naws_access_key_id = A\n",
     "Profile dev has aws_access_key_id without aws_secret_access_key in ~/.aws/config."},
    {"[profile dev]\naws_secret_access_key = A\n",
     "Profile dev has aws_secret_access_key without aws_access_key_id in ~/.aws/config."},
    {"[profile dev]\nsso_session = corp\n[sso-session corp]\n",
     "Profile dev signs in with IAM Identity Center (sso_session), which is not supported yet."},
    {"[profile dev]\nsso_start_url = https://x\n",
     "Profile dev signs in with IAM Identity Center (sso_start_url), which is not supported yet."},
    {"[profile dev]\nrole_arn = r\nweb_identity_token_file = /t\n",
     "Profile dev signs in with a web identity token (web_identity_token_file), which is not "
     "supported yet."},
    {"[profile dev]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n",
     "Profile dev has credential_source = Ec2InstanceMetadata, which is not supported yet."},
    {"[profile dev]\nrole_arn = r\ncredential_source = Environment\nsource_profile = x\n",
     "Profile dev has both source_profile and credential_source."},
    {"[profile dev]\nrole_arn = r\n", "Profile dev has a role_arn and no source_profile."},
    {"[profile dev]\nrole_arn = r\nsource_profile = base\nmfa_serial = m\n",
     "Profile dev asks for a one-time password (mfa_serial), which is not supported yet."},
    {"[profile dev]\nrole_arn = r\nsource_profile = base\n",
     "The source_profile base of profile dev is neither in ~/.aws/config nor in "
     "~/.aws/credentials."},
    {"[profile dev]\nrole_arn = r\nsource_profile = dev\n",
     "Profile dev refers to dev, which leads back to it."},
    {"[profile dev]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\n"
     "source_profile = c\n[profile c]\nrole_arn = r\nsource_profile = b\n",
     "Profile c refers to b, which leads back to it."},
};

START_TEST(test_unusable_profile)
{
    use(PROFILE("dev"), unusable[_i].config, NULL);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause, unusable[_i].cause);
    ck_assert(h.error.advice[0] != '\0');
    ck_assert_uint_eq(fr_fake_http_count(h.http), 0);
}
END_TEST

START_TEST(test_broken_file)
{
    use(PROFILE("dev"), "[profile dev]\nregion\n", NULL);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
    ck_assert_int_eq(h.error.status, FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.message, "~/.aws/config cannot be read");
    ck_assert_str_eq(h.error.place, "~/.aws/config:2");
}
END_TEST

START_TEST(test_files_elsewhere)
{
    char *path = fr_str_format("%s/else/credentials", fr_fakehost_folder(h.host, "home"));

    fr_fakehost_write(h.host, "home/else/credentials",
                      "[dev]\naws_access_key_id = AKIDEV\naws_secret_access_key = s\n");
    use(PROFILE("dev"), "[profile dev]\nregion\n", NULL); /* broken, and not looked at */
    fr_fakehost_setenv(h.host, "AWS_CONFIG_FILE", "/dev/null");
    fr_fakehost_setenv(h.host, "AWS_SHARED_CREDENTIALS_FILE", path);
    harness_start(&h);
    expect_keys("AKIDEV", "s", NULL);
    free(path);
}
END_TEST

/* ----------------------------------------------------------------------- roles */

#define BASE  "[base]\naws_access_key_id = AKIBASE\naws_secret_access_key = s\n"
#define LATER "2015-08-30T13:36:00Z"

START_TEST(test_role)
{
    use(PROFILE("dev"),
        "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/dev\nsource_profile = base\n"
        "external_id = x/y\nrole_session_name = me@home\nduration_seconds = 900\n",
        BASE);
    harness_answer(&h, "https://sts.eu-central-1.amazonaws.com/ Credential=AKIBASE/", 200, NULL,
                   ASSUMED("ASIADEV", LATER), 0);
    harness_start(&h);
    expect_keys("ASIADEV", "secret-of-ASIADEV", "token-of-ASIADEV");
    ck_assert_int_eq(fr_json_get_int(given, "expires", 0), NOW + 3600);
    ck_assert_str_eq(fr_json_get_string(fr_fake_http_request(h.http, 0), "body"),
                     "Action=AssumeRole&Version=2011-06-15"
                     "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdev"
                     "&RoleSessionName=me%40home&ExternalId=x%2Fy&DurationSeconds=900");
}
END_TEST

START_TEST(test_role_is_kept_until_shortly_before_its_end)
{
    use(PROFILE("dev"), "[profile dev]\nrole_arn = r\nsource_profile = base\n", BASE);
    harness_answer(&h, "sts", 200, NULL, ASSUMED("ASIAONE", LATER), 1);
    harness_answer(&h, "sts", 200, NULL, ASSUMED("ASIATWO", "2015-08-30T14:36:00Z"), 0);
    harness_start(&h);
    expect_keys("ASIAONE", "secret-of-ASIAONE", "token-of-ASIAONE");
    fr_fakehost_clock(h.host, 1, (NOW + 3299) * 1000);
    expect_keys("ASIAONE", "secret-of-ASIAONE", "token-of-ASIAONE");
    ck_assert_uint_eq(fr_fake_http_count(h.http), 1);
    fr_fakehost_clock(h.host, 1, (NOW + 3300) * 1000);
    expect_keys("ASIATWO", "secret-of-ASIATWO", "token-of-ASIATWO");
    ck_assert_uint_eq(fr_fake_http_count(h.http), 2);
    /* Another purpose has its own, and so has another identity. */
    fr_fakehost_identity(h.host, "read", PROFILE("base"), FRACTARY_OK);
    ck_assert_int_eq(ask("read"), FRACTARY_OK);
    ck_assert_str_eq(variable("AWS_ACCESS_KEY_ID"), "AKIBASE");
    use(PROFILE("base"), NULL, NULL);
    expect_keys("AKIBASE", "s", NULL);
}
END_TEST

/* a takes on b's role, b takes on c's, c has keys; keys in the middle win. */
START_TEST(test_chain)
{
    use(PROFILE("a"),
        "[profile a]\nrole_arn = role-a\nsource_profile = b\n"
        "[profile b]\nrole_arn = role-b\nsource_profile = c\n"
        "[profile c]\naws_access_key_id = AKIC\naws_secret_access_key = s\n",
        NULL);
    harness_answer(&h, "RoleArn=role-b Credential=AKIC/", 200, NULL, ASSUMED("ASIAB", LATER), 0);
    harness_answer(&h, "RoleArn=role-a Credential=ASIAB/ x-amz-security-token", 200, NULL,
                   ASSUMED("ASIAA", LATER), 0);
    harness_start(&h);
    expect_keys("ASIAA", "secret-of-ASIAA", "token-of-ASIAA");
    ck_assert_uint_eq(fr_fake_http_count(h.http), 2);
}
END_TEST

START_TEST(test_chain_with_keys_in_the_middle)
{
    use(PROFILE("a"),
        "[profile a]\nrole_arn = role-a\nsource_profile = b\n"
        "[profile b]\nrole_arn = role-b\nsource_profile = c\naws_access_key_id = AKIB\n"
        "aws_secret_access_key = s\n",
        NULL);
    harness_answer(&h, "RoleArn=role-a Credential=AKIB/", 200, NULL, ASSUMED("ASIAA", LATER), 0);
    harness_start(&h);
    expect_keys("ASIAA", "secret-of-ASIAA", "token-of-ASIAA");
}
END_TEST

START_TEST(test_profile_that_is_its_own_source)
{
    use(PROFILE("a"),
        "[profile a]\nrole_arn = role-a\nsource_profile = a\naws_access_key_id = AKIA\n"
        "aws_secret_access_key = s\n",
        NULL);
    harness_answer(&h, "RoleArn=role-a Credential=AKIA/", 200, NULL, ASSUMED("ASIAA", LATER), 0);
    harness_start(&h);
    expect_keys("ASIAA", "secret-of-ASIAA", "token-of-ASIAA");
}
END_TEST

START_TEST(test_chain_that_is_too_long)
{
    fr_buf config = {0};

    for (int i = 0; i < 20; i++)
        fr_buf_printf(&config, "[profile p%d]\nrole_arn = r\nsource_profile = p%d\n", i, i + 1);
    use(PROFILE("p0"), fr_buf_text(&config), NULL);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause, "More than 16 profiles refer to each other.");
    fr_buf_finish(&config);
}
END_TEST

static const struct {
    const char *identity, *match;
} configured[] = {
    {"{\"role_arn\":\"role-g\",\"profile\":\"base\"}", "Credential=AKIBASE/"},
    {"{\"role_arn\":\"role-g\"}", "Credential=AKIDEXAMPLE/"},
};

START_TEST(test_configured_role)
{
    use(configured[_i].identity, NULL, BASE);
    harness_answer(&h, configured[_i].match, 200, NULL, ASSUMED("ASIAG", LATER), 0);
    harness_start(&h);
    expect_keys("ASIAG", "secret-of-ASIAG", "token-of-ASIAG");
    ck_assert_ptr_nonnull(strstr(fr_json_get_string(fr_fake_http_request(h.http, 0), "body"),
                                 "&RoleArn=role-g&RoleSessionName=fractary-deploy-test"));
}
END_TEST

static const struct {
    int32_t code;
    const char *body;
    int32_t status;
    const char *cause;
} refusals[] = {
    {403,
     "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not you</Message></Error>"
     "</ErrorResponse>",
     FRACTARY_E_DENIED, "AccessDenied (HTTP 403): Not you (role of profile dev)"},
    {403,
     "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>Old</Message></Error>"
     "</ErrorResponse>",
     FRACTARY_E_AUTH, "ExpiredToken (HTTP 403): Old (role of profile dev)"},
    {400,
     "<ErrorResponse><Error><Code>ValidationError</Code><Message>1 hour</Message></Error>"
     "</ErrorResponse>",
     FRACTARY_E_FAILED, "ValidationError (HTTP 400): 1 hour (role of profile dev)"},
    {500, "<html/>", FRACTARY_E_UNAVAILABLE,
     "https://sts.eu-central-1.amazonaws.com/ answered 500 without a code of AWS."},
    {0, NULL, FRACTARY_E_UNAVAILABLE,
     "https://sts.eu-central-1.amazonaws.com/ cannot be reached: connection refused"},
    {200, "garbage", FRACTARY_E_UNAVAILABLE,
     "https://sts.eu-central-1.amazonaws.com/ answered 200 without a code of AWS."},
    {200, "<html/>", FRACTARY_E_AUTH, "The answer to AssumeRole of role-d holds no credentials."},
    {200, ASSUMED("", LATER), FRACTARY_E_AUTH,
     "The answer to AssumeRole of role-d holds no credentials."},
    {200, ASSUMED("A", "never"), FRACTARY_E_AUTH,
     "The answer to AssumeRole of role-d holds no credentials."},
};

START_TEST(test_refused_role)
{
    use(PROFILE("dev"), "[profile dev]\nrole_arn = role-d\nsource_profile = base\n", BASE);
    harness_answer(&h, "", refusals[_i].code, NULL, refusals[_i].body, 0);
    harness_start(&h);
    ck_assert_int_eq(ask("deploy"), refusals[_i].status);
    ck_assert_int_eq(h.error.status, refusals[_i].status);
    ck_assert_str_eq(h.error.cause, refusals[_i].cause);
    if (refusals[_i].status == FRACTARY_E_DENIED)
        ck_assert_str_eq(h.error.place, "sts:AssumeRole role-d");
}
END_TEST

START_TEST(test_identity_that_is_refused)
{
    fr_fakehost_identity(h.host, "grant", "{}", FRACTARY_E_REFUSED);
    harness_start(&h);
    ck_assert_int_eq(ask("grant"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(ask("operate"), FRACTARY_E_CONFIG);
    use("{\"other\":1}", NULL, NULL);
    ck_assert_int_eq(ask("deploy"), FRACTARY_E_AUTH);
}
END_TEST

int main(void)
{
    TCase *environment = tcase_create("environment"), *files = tcase_create("profiles"),
          *roles = tcase_create("roles");
    TCase *all[] = {environment, files, roles};
    Suite *suite = suite_create("hosting-aws credentials");

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tcase_add_checked_fixture(all[i], open_host, close_host);
        suite_add_tcase(suite, all[i]);
    }
    tcase_add_test(environment, test_environment);
    tcase_add_test(environment, test_environment_with_an_end);
    tcase_add_loop_test(environment, test_environment_incomplete, 0,
                        (int)(sizeof incomplete / sizeof *incomplete));
    tcase_add_test(environment, test_environment_of_a_pipeline);
    tcase_add_test(environment, test_environment_names_a_profile);
    tcase_add_loop_test(files, test_profile, 0, (int)(sizeof profiles / sizeof *profiles));
    tcase_add_loop_test(files, test_unusable_profile, 0, (int)(sizeof unusable / sizeof *unusable));
    tcase_add_test(files, test_broken_file);
    tcase_add_test(files, test_files_elsewhere);
    tcase_add_test(roles, test_role);
    tcase_add_test(roles, test_role_is_kept_until_shortly_before_its_end);
    tcase_add_test(roles, test_chain);
    tcase_add_test(roles, test_chain_with_keys_in_the_middle);
    tcase_add_test(roles, test_profile_that_is_its_own_source);
    tcase_add_test(roles, test_chain_that_is_too_long);
    tcase_add_loop_test(roles, test_configured_role, 0,
                        (int)(sizeof configured / sizeof *configured));
    tcase_add_loop_test(roles, test_refused_role, 0, (int)(sizeof refusals / sizeof *refusals));
    tcase_add_test(roles, test_identity_that_is_refused);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
