/* Resources from the state: addresses, facts, and no secret. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

static const fr_json *resource(fr_stage *stage, const char *address)
{
    const fr_json *record =
        fr_fakehost_where(stage->host, "resource", "resource.address", address, 0);
    ck_assert_msg(record != NULL, "no resource %s in\n%s", address, fr_fakehost_dump(stage->host));
    return fr_json_get(record, "resource");
}

static void show_fixture(fr_stage *stage, const char *name)
{
    char *path = fr_str_format("%s%s", FR_STAGE_FIXTURES, name);
    fr_stage_open(stage, NULL, NULL);
    fr_fakehost_expect(stage->host, &(fr_fake_process){.match = "state pull", .out_file = path});
    fr_stage_expect(stage, fr_stage_show(stage), FRACTARY_OK);
    free(path);
}

START_TEST(facts_of_a_resource)
{
    fr_stage stage;
    show_fixture(&stage, "state_v4.json");
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 5);
    const fr_json *bucket = resource(&stage, "aws_s3_bucket.data");
    ck_assert_str_eq(fr_json_get_string(bucket, "type"), "aws_s3_bucket");
    ck_assert_str_eq(fr_json_get_string(bucket, "name"), "orders-data");
    ck_assert_str_eq(fr_json_get_string(bucket, "id"), "orders-data");
    ck_assert_str_eq(fr_json_get_string(bucket, "provider"), "registry.terraform.io/hashicorp/aws");
    ck_assert_str_eq(fr_json_get_string(bucket, "arn"), "arn:aws:s3:::orders-data");
    ck_assert_str_eq(fr_json_get_string(bucket, "region"), "eu-central-1");
    ck_assert_ptr_null(fr_json_get(bucket, "account"));
    ck_assert_ptr_null(fr_json_get(bucket, "condition"));
    const fr_json *attributes = fr_json_get(bucket, "attributes");
    ck_assert_str_eq(fr_json_get_string(attributes, "hosted_zone_id"), "Z1");
    ck_assert_int_eq(fr_json_get_bool(attributes, "force_destroy", 1), 0);
    ck_assert_ptr_null(fr_json_get(attributes, "tags"));
    ck_assert_ptr_null(fr_json_get(attributes, "empty"));
    const fr_json *lb = resource(&stage, "aws_lb.lb");
    ck_assert_str_eq(fr_json_get_string(lb, "arn"), fr_json_get_string(lb, "id"));
    ck_assert_str_eq(fr_json_get_string(lb, "region"), "us-east-1");
    ck_assert_str_eq(fr_json_get_string(lb, "account"), "123456789012");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(modules_keys_and_conditions)
{
    fr_stage stage;
    show_fixture(&stage, "state_v4.json");
    const fr_json *db =
        resource(&stage, "module.db[\"a b\"].module.inner[0].aws_db_instance.main[0]");
    ck_assert_str_eq(fr_json_get_string(db, "id"), "db-XYZ");
    ck_assert_str_eq(fr_json_get_string(db, "name"), "orders-db");
    ck_assert_str_eq(fr_json_get_string(db, "condition"), "tainted");
    ck_assert_str_eq(fr_json_get_string(db, "account"), "123456789012");
    ck_assert_int_eq(fr_json_get_int(fr_json_get(db, "attributes"), "port", 0), 5432);
    resource(&stage, "random_password.p[\"dollar$${x} %%{y} \\\"q\\\" \\\\ \\n\"]");
    const fr_json *gone = resource(&stage, "aws_sqs_queue.gone");
    ck_assert_str_eq(fr_json_get_string(gone, "condition"), "deposed");
    ck_assert_str_eq(fr_json_get_string(gone, "provider"), "registry.opentofu.org/hashicorp/aws");
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "log", "level", "warning", 0));
    ck_assert(!fr_fakehost_mentions(stage.host, "db-OLD"));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(no_secret_leaves_the_state)
{
    static const char *const secrets[] = {"output-secret-value",   "marked-secret-value",
                                          "unmarked-secret-value", "marked-endpoint-value",
                                          "broken-path-value",     "policy-text-value"};
    fr_stage stage;
    show_fixture(&stage, "state_v4.json");
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        ck_assert_msg(!fr_fakehost_mentions(stage.host, secrets[i]), "%s was shown", secrets[i]);
    /* the form of what is sensitive is unknown there, so nothing is shown */
    const fr_json *random =
        resource(&stage, "random_password.p[\"dollar$${x} %%{y} \\\"q\\\" \\\\ \\n\"]");
    ck_assert_ptr_null(fr_json_get(random, "id"));
    ck_assert_uint_eq(fr_json_count(fr_json_get(random, "attributes")), 0);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(how_it_is_asked)
{
    fr_stage stage;
    show_fixture(&stage, "state_v4.json");
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 1);
    const fr_json *process = fr_fakehost_process(stage.host, 0);
    ck_assert_str_eq(fr_json_get_string(process, "purpose"), "read");
    ck_assert_int_eq(fr_json_get_int(process, "flags", 0), FRACTARY_PROCESS_SECRET);
    const fr_json *variables = fr_json_get(process, "environ");
    ck_assert(fr_str_ends(fr_json_get_string(variables, "TF_DATA_DIR"), "/data/terraform"));
    ck_assert_str_eq(fr_json_get_string(variables, "TF_IN_AUTOMATION"), "1");
    ck_assert_str_eq(fr_json_get_string(variables, "TF_INPUT"), "0");
    ck_assert_str_eq(fr_json_get_string(variables, "CHECKPOINT_DISABLE"), "1");
    ck_assert_ptr_null(fr_json_get(variables, "TF_WORKSPACE"));
    ck_assert_ptr_null(fr_json_get(variables, "TF_CLI_CONFIG_FILE"));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(no_state_yet)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_expect(stage.host, &(fr_fake_process){.match = "state pull", .out = "\n"});
    fr_fakehost_expect(stage.host, &(fr_fake_process){.match = "state pull"});
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, NULL), 0);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_version_that_is_not_known)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_expect(stage.host, &(fr_fake_process){.match = "state pull",
                                                      .out = "{\"version\": 5, \"things\": []}\n"});
    fr_fakehost_expect(stage.host,
                       &(fr_fake_process){.match = "show -json",
                                          .out_file = FR_STAGE_FIXTURES "show_values.json"});
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 3);
    const fr_json *parameter = resource(&stage, "aws_ssm_parameter.p");
    ck_assert_str_eq(fr_json_get_string(parameter, "name"), "/orders/p");
    ck_assert_str_eq(fr_json_get_string(parameter, "region"), "eu-central-1");
    ck_assert_str_eq(fr_json_get_string(fr_json_get(parameter, "attributes"), "type"),
                     "SecureString");
    ck_assert(!fr_fakehost_mentions(stage.host, "shown-secret-value"));
    ck_assert(!fr_fakehost_mentions(stage.host, "hidden-tier-value"));
    /* nothing says what is sensitive there: nothing is shown */
    const fr_json *topic = resource(&stage, "module.app.aws_sns_topic.t[\"k\"]");
    ck_assert_str_eq(fr_json_get_string(topic, "condition"), "tainted");
    ck_assert_ptr_null(fr_json_get(topic, "name"));
    resource(&stage, "module.app.module.deep.aws_sqs_queue.q");
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(fr_json_get_int(fr_fakehost_process(stage.host, i), "flags", 0),
                         FRACTARY_PROCESS_SECRET);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_state_that_breaks_off)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_expect(stage.host,
                       &(fr_fake_process){.match = "state pull",
                                          .out = "{\"version\":4,\"password\":\"torn-secret\""});
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_E_FAILED);
    ck_assert_ptr_nonnull(strstr(stage.error.message, "not JSON"));
    ck_assert_ptr_null(strstr(stage.error.cause, "torn-secret"));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(odd_states)
{
    static const char *const odd[] = {
        "{\"version\":4}", "{\"version\":4,\"resources\":{}}",
        "{\"version\":4,\"resources\":[1,null,{\"mode\":\"managed\"}]}",
        "{\"version\":4,\"resources\":[{\"mode\":\"managed\",\"type\":\"a\",\"name\":\"b\","
        "\"instances\":[{},7,{\"index_key\":1.5,\"attributes\":[1],\"sensitive_attributes\":{\"a\":"
        "1}},{\"attributes\":{\"id\":5,\"arn\":\"arn:\",\"name\":\"\"}}]}]}"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        fr_stage stage;
        fr_stage_open(&stage, NULL, NULL);
        fr_fakehost_expect(stage.host, &(fr_fake_process){.match = "state pull", .out = odd[i]});
        fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
        fr_stage_close(&stage);
    }
}
END_TEST

/* Attributes are bounded, and so is every record. */
START_TEST(a_resource_with_very_much_in_it)
{
    fr_buf state = {0};
    fr_buf_puts(&state,
                "{\"version\":4,\"resources\":[{\"mode\":\"managed\",\"type\":\"t\",\"name\":"
                "\"n\",\"instances\":[{\"attributes\":{\"id\":\"i\"");
    for (int i = 0; i < 3000; i++)
        fr_buf_printf(&state, ",\"a%d\":\"\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006 %0100d\"", i,
                      i);
    fr_buf_printf(&state, ",\"long\":\"%01000d\"}}]}]}", 1);
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_expect(stage.host,
                       &(fr_fake_process){.match = "state pull", .out = fr_buf_text(&state)});
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    const fr_json *attributes = fr_json_get(resource(&stage, "t.n"), "attributes");
    ck_assert_uint_gt(fr_json_count(attributes), 50);
    ck_assert_uint_lt(fr_json_count(attributes), 200);
    fr_buf_finish(&state);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(not_initialised_is_mended_once)
{
    static const char not_ready[] = "\nError: Backend initialization required, please run "
                                    "\"terraform init\"\n\nReason: Initial configuration\n";
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    const fr_fake_process steps[] = {
        {.match = "state pull", .err = not_ready, .exit_code = 1},
        {.match = "version -json", .out = "{\"terraform_version\":\"1.11.4\"}"},
        {.match = "init -json", .out = FR_STAGE_VERSION},
        {.match = "state pull", .err = not_ready, .exit_code = 1}};
    for (size_t i = 0; i < 4; i++)
        fr_fakehost_expect(stage.host, &steps[i]);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_E_FAILED);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 1);
    fr_stage_diagnostic(&stage, "not-initialized");
    fr_stage_close(&stage);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tests = tcase_create("state");
    tcase_add_test(tests, facts_of_a_resource);
    tcase_add_test(tests, modules_keys_and_conditions);
    tcase_add_test(tests, no_secret_leaves_the_state);
    tcase_add_test(tests, how_it_is_asked);
    tcase_add_test(tests, no_state_yet);
    tcase_add_test(tests, a_version_that_is_not_known);
    tcase_add_test(tests, a_state_that_breaks_off);
    tcase_add_test(tests, odd_states);
    tcase_add_test(tests, a_resource_with_very_much_in_it);
    tcase_add_test(tests, not_initialised_is_mended_once);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
