/* Regions, endpoints and other settings, by what a child process gets of them;
 * and credentials that another program prints. */
#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static harness h;
static fr_json *given; /* what credentials() emitted */

static void open_host(void)
{
    harness_open(&h);
    given = NULL;
}

static void close_host(void)
{
    fr_json_free(given);
    harness_close(&h);
}

static int32_t ask(void)
{
    fr_buf text = {0};
    const fractary_sink sink = fr_buf_sink(&text);
    const fractary_credentials_request request = {.size = sizeof request, .purpose = "deploy"};
    const int32_t status = h.hosting->credentials(h.aws, h.call, &request, &sink, &h.error);

    fr_json_free(given);
    given = status == FRACTARY_OK ? fr_json_parse(text.data, text.length, NULL) : NULL;
    fr_buf_finish(&text);
    return status;
}

static const char *variable(const char *name)
{
    return fr_json_get_string(fr_json_get(given, "environ"), name);
}

/* -------------------------------------------------------------------- regions */

static const struct {
    const char *project, *section, *environ_region, *environ_default, *config, *region;
} regions[] = {
    {"{\"region\":\"eu-west-1\"}", "{\"region\":\"eu-west-2\"}", "eu-west-3", "eu-north-1",
     "[default]\nregion=us-east-1\n", "eu-west-1"},
    {"{\"region\":\"\"}", "{\"region\":\"eu-west-2\"}", "eu-west-3", "eu-north-1",
     "[default]\nregion=us-east-1\n", "eu-west-2"},
    {"{\"region\":null}", "{}", "eu-west-3", "eu-north-1", "[default]\nregion=us-east-1\n",
     "eu-west-3"},
    {"{\"region\":null}", "{}", NULL, "eu-north-1", "[default]\nregion=us-east-1\n", "eu-north-1"},
    {"{\"region\":null}", "{}", NULL, NULL, "[default]\nregion=us-east-1\n", "us-east-1"},
    {"{\"region\":null}", "{}", NULL, NULL, "[profile x]\nregion=us-east-1\n", NULL},
};

START_TEST(test_region)
{
    fr_fakehost_project(h.host, regions[_i].project);
    fr_fakehost_section(h.host, regions[_i].section);
    fr_fakehost_setenv(h.host, "AWS_REGION", regions[_i].environ_region);
    fr_fakehost_setenv(h.host, "AWS_DEFAULT_REGION", regions[_i].environ_default);
    fr_fakehost_write(h.host, "home/.aws/config", regions[_i].config);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_OK);
    ck_assert_msg(fr_str_equal(variable("AWS_REGION"), regions[_i].region), "%s",
                  variable("AWS_REGION"));
    ck_assert_msg(fr_str_equal(variable("AWS_DEFAULT_REGION"), regions[_i].region), "default");
}
END_TEST

/* ------------------------------------------------------------------ endpoints */

/* Two variables set ("NAME=value|NAME=value"), and what a child gets for all
 * services, for S3, for CloudWatch Logs; "" for nothing. */
static const struct {
    const char *section, *environ, *config, *common, *s3, *logs;
} endpoints[] = {
    {"{}", "", "", "", "", ""},
    {"{}", "AWS_ENDPOINT_URL=http://e", "", "http://e", "", ""},
    {"{}", "AWS_ENDPOINT_URL=http://e|AWS_ENDPOINT_URL_S3=http://s", "", "http://e", "http://s",
     ""},
    {"{}", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://l", "", "", "", "http://l"},
    {"{}", "", "[default]\nendpoint_url=http://p\n", "http://p", "", ""},
    {"{}", "",
     "[default]\nservices=v\n[services v]\ns3=\n endpoint_url=http://s\ncloudwatch_logs="
     "\n endpoint_url=http://l\n",
     "", "http://s", "http://l"},
    {"{}", "AWS_ENDPOINT_URL=http://e",
     "[default]\nendpoint_url=http://p\nservices=v\n[services v]\ns3=\n endpoint_url=http://s\n",
     "http://e", "", ""},
    {"{}", "AWS_ENDPOINT_URL_S3=http://e",
     "[default]\nendpoint_url=http://p\nservices=v\n[services v]\ns3=\n endpoint_url=http://s\n",
     "http://p", "http://e", ""},
    {"{}", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=TRUE|AWS_ENDPOINT_URL=http://e",
     "[default]\nendpoint_url=http://p\n", "", "", ""},
    {"{}", "AWS_ENDPOINT_URL=http://e",
     "[default]\nignore_configured_endpoint_urls = true\nendpoint_url=http://p\n", "", "", ""},
    {"{\"endpoint_url\":\"http://c\"}",
     "AWS_ENDPOINT_URL_S3=http://s|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "", "http://c", "",
     ""},
};

static void set_variables(const char *list)
{
    while (*list != '\0') {
        const size_t length = strcspn(list, "|");
        char *name = fr_str_ndup(list, length);
        char *value = strchr(name, '=');
        *value++ = '\0';
        fr_fakehost_setenv(h.host, name, value);
        free(name);
        list += length + (list[length] == '|');
    }
}

static void expect_variable(const char *name, const char *value)
{
    const char *got = variable(name);
    ck_assert_msg(fr_str_equal(got != NULL ? got : "", value), "%s is %s", name, got);
}

START_TEST(test_endpoints)
{
    fr_fakehost_section(h.host, endpoints[_i].section);
    set_variables(endpoints[_i].environ);
    fr_fakehost_write(h.host, "home/.aws/config", endpoints[_i].config);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_OK);
    expect_variable("AWS_ENDPOINT_URL", endpoints[_i].common);
    expect_variable("AWS_ENDPOINT_URL_S3", endpoints[_i].s3);
    expect_variable("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", endpoints[_i].logs);
}
END_TEST

/* Our own requests go where a child's would. */
START_TEST(test_endpoints_of_our_own)
{
    set_variables("AWS_ENDPOINT_URL=http://127.0.0.1:1/base/|AWS_ENDPOINT_URL_S3=http://127.0.0.1:"
                  "2|AWS_CA_BUNDLE=/etc/bundle.pem|AWS_MAX_ATTEMPTS=2");
    harness_answer(&h, "POST http://127.0.0.1:1/base/", 500, NULL, NULL, 0);
    harness_answer(&h, "HEAD http://127.0.0.1:2/bk", 200, "x-amz-request-id: 1\n", NULL, 0);
    harness_start(&h);
    ck_assert_int_eq(harness_verify(&h,
                                    "[{\"address\":\"a\",\"type\":\"aws_iam_role\",\"id\":\"r\"},"
                                    "{\"address\":\"b\",\"type\":\"aws_s3_bucket\",\"id\":"
                                    "\"bk\"}]"),
                     FRACTARY_OK);
    harness_expect(&h, "a", "unverifiable", "GetRole answered 500 ");
    harness_expect(&h, "b", "verified", NULL);
    ck_assert_uint_eq(fr_fake_http_count(h.http), 3); /* two attempts and one */
    ck_assert_str_eq(fr_json_get_string(fr_fake_http_request(h.http, 0), "ca_file"),
                     "/etc/bundle.pem");
}
END_TEST

START_TEST(test_passed_on)
{
    set_variables("AWS_CA_BUNDLE=/etc/bundle.pem|AWS_MAX_ATTEMPTS=7|AWS_USE_FIPS_ENDPOINT=true|"
                  "AWS_PROFILE=x|AWS_ROLE_ARN=r|AWS_WEB_IDENTITY_TOKEN_FILE=t");
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_OK);
    expect_variable("AWS_CA_BUNDLE", "/etc/bundle.pem");
    expect_variable("AWS_MAX_ATTEMPTS", "7");
    expect_variable("AWS_USE_FIPS_ENDPOINT", "true");
    expect_variable("AWS_PROFILE", "");
    expect_variable("AWS_ROLE_ARN", "");
    expect_variable("AWS_WEB_IDENTITY_TOKEN_FILE", "");
}
END_TEST

/* -------------------------------------------------------------------- programs */

#define COMMAND "helper --name 'a b' \"c\\\"d\""

static void use_program(const char *command, const fr_fake_process *process)
{
    char *config = fr_str_format("[profile dev]\ncredential_process = %s\n", command);

    fr_fakehost_identity(h.host, "deploy", "{\"profile\":\"dev\"}", FRACTARY_OK);
    fr_fakehost_write(h.host, "home/.aws/config", config);
    if (process != NULL)
        fr_fakehost_expect(h.host, process);
    free(config);
}

START_TEST(test_program)
{
    const fr_fake_process process = {
        .match = "--name",
        .out = "{\n  \"Version\": 1,\n  \"AccessKeyId\": \"AKIP\",\n  \"SecretAccessKey\": \"s\",\n"
               "  \"SessionToken\": \"t\",\n  \"Expiration\": \"2999-01-01T00:00:00+00:00\"\n}\n",
        .err = "something to say\n"};

    use_program(COMMAND, &process);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_OK);
    expect_variable("AWS_ACCESS_KEY_ID", "AKIP");
    expect_variable("AWS_SECRET_ACCESS_KEY", "s");
    expect_variable("AWS_SESSION_TOKEN", "t");
    ck_assert_int_eq(fr_json_get_int(given, "expires", 0), INT64_C(32472144000));
    const fr_json *ran = fr_fakehost_process(h.host, 0);
    ck_assert_int_eq(fr_json_get_int(ran, "flags", 0), FRACTARY_PROCESS_SECRET);
    ck_assert_ptr_null(fr_json_get_string(ran, "purpose"));
    ck_assert_str_eq(fr_json_get_string(ran, "directory"), fr_fakehost_folder(h.host, "project"));
    const fr_json *word = fr_json_first(fr_json_get(ran, "argv"));
    const char *const words[] = {"/opt/fake/bin/helper", "--name", "a b", "c\"d"};
    for (size_t i = 0; i < 4; i++, word = fr_json_next(word))
        ck_assert_str_eq(fr_json_string(word), words[i]);
    ck_assert_ptr_null(word);
}
END_TEST

static const struct {
    const char *command;
    fr_fake_process process;
    const char *cause;
} failing[] = {
    {COMMAND, {.match = "*/helper", .out = "{}", .exit_code = 3}, "ended with code 3"},
    {COMMAND, {.match = "*/helper", .signal = 9}, "was ended by signal 9"},
    {COMMAND, {.match = "*/helper", .out = "hello"}, "printed no JSON object"},
    {COMMAND, {.match = "*/helper", .out = "[]"}, "printed no JSON object"},
    {COMMAND, {.match = "*/helper"}, "printed no JSON object"},
    {COMMAND,
     {.match = "*/helper", .out = "{\"Version\":2}"},
     "printed another \"Version\" than 1"},
    {COMMAND,
     {.match = "*/helper", .out = "{\"Version\":1,\"AccessKeyId\":\"A\"}"},
     "printed no AccessKeyId or no SecretAccessKey"},
    {COMMAND,
     {.match = "*/helper",
      .out =
          "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\",\"Expiration\":\"x\"}"},
     "printed an Expiration that is no date"},
};

START_TEST(test_failing_program)
{
    char *cause = fr_str_format("The credential_process of profile dev %s.", failing[_i].cause);

    use_program(failing[_i].command, &failing[_i].process);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause, cause);
    free(cause);
}
END_TEST

START_TEST(test_program_that_does_not_start)
{
    use_program("'open", NULL);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause, "The credential_process of profile dev has a quotation that is "
                                    "not closed.");
}
END_TEST

START_TEST(test_program_that_is_not_there)
{
    use_program("absent --x", NULL);
    fr_fakehost_tool(h.host, "absent", NULL);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause,
                     "The credential_process of profile dev, \"absent\", is not there.");
}
END_TEST

START_TEST(test_program_that_prints_too_much)
{
    fr_buf text = {0};

    for (int i = 0; i < 9000; i++)
        fr_buf_puts(&text, "12345678\n");
    const fr_fake_process process = {.match = "*/helper", .out = fr_buf_text(&text)};
    use_program(COMMAND, &process);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause,
                     "The credential_process of profile dev printed more than 64 KiB.");
    fr_buf_finish(&text);
}
END_TEST

START_TEST(test_program_that_is_interrupted)
{
    const fr_fake_process process = {.match = "*/helper", .status = FRACTARY_E_CANCELLED};

    use_program(COMMAND, &process);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_E_CANCELLED);
}
END_TEST

START_TEST(test_program_that_does_not_end)
{
    const fr_fake_process process = {.match = "*/helper", .status = FRACTARY_E_DEADLINE};

    use_program(COMMAND, &process);
    harness_start(&h);
    ck_assert_int_eq(ask(), FRACTARY_E_AUTH);
    ck_assert_str_eq(h.error.cause,
                     "The credential_process of profile dev did not end within 60 seconds.");
}
END_TEST

int main(void)
{
    TCase *settings = tcase_create("settings"), *programs = tcase_create("programs");
    TCase *all[] = {settings, programs};
    Suite *suite = suite_create("hosting-aws settings");

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tcase_add_checked_fixture(all[i], open_host, close_host);
        suite_add_tcase(suite, all[i]);
    }
    tcase_add_loop_test(settings, test_region, 0, (int)(sizeof regions / sizeof *regions));
    tcase_add_loop_test(settings, test_endpoints, 0, (int)(sizeof endpoints / sizeof *endpoints));
    tcase_add_test(settings, test_endpoints_of_our_own);
    tcase_add_test(settings, test_passed_on);
    tcase_add_test(programs, test_program);
    tcase_add_loop_test(programs, test_failing_program, 0, (int)(sizeof failing / sizeof *failing));
    tcase_add_test(programs, test_program_that_does_not_start);
    tcase_add_test(programs, test_program_that_is_not_there);
    tcase_add_test(programs, test_program_that_prints_too_much);
    tcase_add_test(programs, test_program_that_is_interrupted);
    tcase_add_test(programs, test_program_that_does_not_end);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
