/* When init runs and when it does not, and how. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define VERSION_ANSWER "{\n  \"terraform_version\": \"1.11.4\"\n}\n"

static const char code[] = "terraform {\n  required_version = \">= 1.5\"\n  backend \"s3\" {\n"
                           "    bucket = \"b\"\n  }\n}\n"
                           "module \"app\" {\n  source = \"../modules/app\"\n  size   = 1\n}\n"
                           "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"one\"\n}\n";

static void expect(fr_stage *stage, fr_fake_process process)
{
    fr_fakehost_expect(stage->host, &process);
}

/* What init leaves behind. */
static void leave_traces(fr_stage *stage)
{
    fr_fakehost_write(stage->host, "data/terraform/modules/modules.json", "{}");
    fr_fakehost_write(stage->host, "data/terraform/providers/x", "");
}

static void open_project(fr_stage *stage, const char *section)
{
    fr_stage_open(stage, section, NULL);
    fr_fakehost_write(stage->host, "project/infra/main.tf", code);
    fr_fakehost_write(stage->host, "project/infra/test.tfbackend", "key = \"a\"\n");
    fr_fakehost_write(stage->host, "project/modules/app/main.tf",
                      "module \"deep\" {\n  source = \"./deep\"\n}\n");
    fr_fakehost_write(stage->host, "project/modules/app/deep/main.tf",
                      "resource \"aws_sqs_queue\" \"q\" {\n}\n");
    leave_traces(stage);
    expect(stage, (fr_fake_process){.match = "version -json", .out = VERSION_ANSWER});
    expect(stage, (fr_fake_process){.match = "init -json -input=false -no-color",
                                    .out = FR_STAGE_VERSION});
    fr_stage_expect(stage, fr_stage_init(stage, 0), FRACTARY_OK);
}

#define SECTION "{\"directory\":\"infra\",\"backend_config\":[\"test.tfbackend\",\"region=x\"]}"

/* Begins anew, as the next command would, and says whether init ran. */
static int runs_init(fr_stage *stage)
{
    fr_stage_restart(stage);
    int32_t status = fr_stage_init(stage, 0);
    fr_stage_expect(stage, status, FRACTARY_OK);
    return fr_fakehost_processes_like(stage->host, "init") > 0;
}

static void expect_init(fr_stage *stage)
{
    expect(stage, (fr_fake_process){.match = "version -json", .out = VERSION_ANSWER});
    expect(stage, (fr_fake_process){.match = "init -json", .out = FR_STAGE_VERSION});
}

/* ----------------------------------------------------------------- decision */

/* None of these may start anything: a process that is not in the script fails
 * the test. */
START_TEST(nothing_to_do)
{
    static const char *const changes[][2] = {
        {"project/infra/main.tf", code},
        {"project/infra/notes.txt", "x"},
        {"project/infra/variables.tf", "variable \"v\" {}\n"},
        {"project/infra/test.tfvars", "v = 1\n"},
        {"project/modules/app/deep/main.tf",
         "resource \"aws_sqs_queue\" \"other\" {\n  name = \"n\"\n}\n"},
    };
    fr_stage stage;
    open_project(&stage, SECTION);
    ck_assert(!runs_init(&stage));
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 0);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        fr_fakehost_write(stage.host, changes[i][0], changes[i][1]);
        ck_assert_msg(!runs_init(&stage), "%s", changes[i][0]);
    }
    char *other = fr_str_dup(code);
    memcpy(strstr(other, "one"), "two", 3);
    memcpy(strstr(other, "= 1\n"), "= 2\n", 4);
    fr_fakehost_write(stage.host, "project/infra/main.tf", other);
    ck_assert(!runs_init(&stage));
    free(other);
    fr_stage_close(&stage);
}
END_TEST

static const struct {
    const char *path, *text; /* text NULL: removed */
} reasons[] = {
    {"project/infra/.terraform.lock.hcl", "provider \"x\" {}\n"},
    {"project/infra/test.tfbackend", "key = \"b\"\n"},
    {"project/infra/more.tf", "module \"n\" {\n  source = \"../modules/app\"\n}\n"},
    {"project/infra/more.tf", "terraform {\n  required_providers {\n    aws = {\n      version = "
                              "\"5\"\n    }\n  }\n}\n"},
    {"project/infra/more.tf", "provider \"random\" {\n}\n"},
    {"project/infra/more.tf", "resource \"random_id\" \"x\" {\n}\n"},
    {"project/infra/more.tf.json", "{\"resource\":{\"null_resource\":{\"x\":{}}}}"},
    {"project/modules/app/main.tf", "module \"deep\" {\n  source = \"./else\"\n}\n"},
    {"project/modules/app/deep/main.tf", "resource \"random_id\" \"q\" {\n}\n"},
    {"project/modules/app/deep", NULL},
    {"project/infra/main.tf", "resource \"aws_s3_bucket\" \"b\" {\n}\n"},
    {"data/terraform/modules", NULL},
    {"data/terraform", NULL},
    {"data", NULL},
    {"data/terraform.json", "not a stamp"},
    {"data/terraform.json", "{\"hash\":\"0\",\"made\":[]}"},
};

START_TEST(a_reason)
{
    fr_stage stage;
    open_project(&stage, SECTION);
    if (reasons[_i].text != NULL)
        fr_fakehost_write(stage.host, reasons[_i].path, reasons[_i].text);
    else
        fr_fakehost_remove(stage.host, reasons[_i].path);
    expect_init(&stage);
    ck_assert_msg(runs_init(&stage), "%s", reasons[_i].path);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(another_configuration)
{
    static const char *const sections[] = {
        "{\"directory\":\"infra\",\"backend_config\":[\"test.tfbackend\",\"region=y\"]}",
        "{\"directory\":\"infra\",\"backend_config\":[\"test.tfbackend\",\"region=x\"],\"tool\":"
        "\"/opt/other/terraform\"}",
    };
    for (size_t i = 0; i < 2; i++) {
        fr_stage stage;
        open_project(&stage, SECTION);
        fr_fakehost_tool(stage.host, "/opt/other/terraform", "/opt/other/terraform");
        fr_fakehost_section(stage.host, sections[i]);
        expect_init(&stage);
        ck_assert(runs_init(&stage));
        fr_stage_close(&stage);
    }
}
END_TEST

START_TEST(asked_for)
{
    fr_stage stage;
    open_project(&stage, SECTION);
    expect(&stage, (fr_fake_process){.match = "init -json", .out = FR_STAGE_VERSION});
    fr_stage_expect(&stage, fr_stage_init(&stage, FRACTARY_IAC_FORCE), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_processes_like(stage.host, "-upgrade"), 0);
    expect(&stage, (fr_fake_process){.match = "init -upgrade -backend-config=test.tfbackend "
                                              "-backend-config=region=x",
                                     .out = FR_STAGE_VERSION});
    fr_stage_expect(&stage, fr_stage_init(&stage, FRACTARY_IAC_UPGRADE), FRACTARY_OK);
    fr_stage_close(&stage);
}
END_TEST

/* A failed init is not remembered, nor is the one before it. */
START_TEST(a_failed_one_is_tried_again)
{
    fr_stage stage;
    open_project(&stage, SECTION);
    expect(&stage,
           (fr_fake_process){
               .match = "init -json",
               .exit_code = 1,
               .out = FR_STAGE_VERSION
               "{\"type\":\"diagnostic\",\"@message\":\"x\",\"diagnostic\":{\"severity\":\"error\","
               "\"summary\":\"Failed to query available provider packages\",\"detail\":\"d\"}}\n"
               "{\"type\":\"diagnostic\",\"@message\":\"x\",\"diagnostic\":{\"severity\":\"error\","
               "\"summary\":\"Terraform encountered problems during initialisation, including "
               "problems\",\"detail\":\"\"}}\n"});
    fr_stage_expect(&stage, fr_stage_init(&stage, FRACTARY_IAC_FORCE), FRACTARY_E_FAILED);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 1);
    fr_stage_diagnostic(&stage, "provider");
    expect(&stage, (fr_fake_process){.match = "version", .out = VERSION_ANSWER});
    expect(&stage, (fr_fake_process){.match = "init", .out = FR_STAGE_VERSION});
    ck_assert(runs_init(&stage));
    fr_stage_close(&stage);
}
END_TEST

/* ------------------------------------------------------------------- forms */

START_TEST(an_older_tool_has_no_json)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage,
           (fr_fake_process){.match = "version -json", .out = "{\"terraform_version\":\"1.5.7\"}"});
    expect(
        &stage,
        (fr_fake_process){
            .match = "init -input=false -no-color",
            .exit_code = 1,
            .out = "Initializing…\n",
            .err =
                "\nError: Unreadable module directory\n\nUnable to evaluate directory symlink\n"});
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_E_FAILED);
    fr_stage_diagnostic(&stage, "module");
    ck_assert_uint_eq(fr_fakehost_processes_like(stage.host, "init -json"), 0);
    expect(&stage, (fr_fake_process){.match = "init -input=false", .out = "Initializing…\n"});
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_close(&stage);
}
END_TEST

/* The edges of the table of capabilities. */
START_TEST(which_version_can_what)
{
    static const struct {
        const char *section, *version;
        int refused, json;
    } edges[] = {
        {"{\"tool\":\"terraform\"}", "1.4.9", 1, 0},  {"{\"tool\":\"terraform\"}", "1.5.0", 0, 0},
        {"{\"tool\":\"terraform\"}", "1.8.5", 0, 0},  {"{\"tool\":\"terraform\"}", "1.9.0", 0, 1},
        {"{\"tool\":\"terraform\"}", "1.14.0", 0, 1}, {"{\"tool\":\"terraform\"}", "0.13.7", 1, 0},
        {"{\"tool\":\"tofu\"}", "1.5.9", 1, 0},       {"{\"tool\":\"tofu\"}", "1.6.3-dev", 0, 0},
        {"{\"tool\":\"tofu\"}", "1.7.0", 0, 1},       {"{\"tool\":\"tofu\"}", "2.0.0", 0, 1},
    };
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        fr_stage stage;
        char *answer = fr_str_format("{\"terraform_version\":\"%s\"}", edges[i].version);
        fr_stage_open(&stage, edges[i].section, NULL);
        expect(&stage, (fr_fake_process){.match = "version -json", .out = answer});
        if (!edges[i].refused)
            expect(&stage, (fr_fake_process){.match = "init", .exit_code = 1, .err = "Error: x\n"});
        fr_stage_expect(&stage, fr_stage_init(&stage, 0),
                        edges[i].refused ? FRACTARY_E_UNSUPPORTED : FRACTARY_E_FAILED);
        ck_assert_msg((int)fr_fakehost_processes_like(stage.host, "init -json") == edges[i].json,
                      "%s %s", edges[i].section, edges[i].version);
        free(answer);
        fr_stage_close(&stage);
    }
}
END_TEST

START_TEST(a_tool_that_rejects_json_after_all)
{
    fr_stage stage;
    fr_stage_open(&stage, "{\"tool\":\"tofu\"}", NULL);
    expect(&stage,
           (fr_fake_process){.match = "version", .out = "{\"terraform_version\":\"1.8.0\"}"});
    expect(&stage, (fr_fake_process){.match = "init -json",
                                     .exit_code = 1,
                                     .err = "Error parsing command-line flags: flag provided but "
                                            "not defined: -json\n"});
    expect(&stage, (fr_fake_process){.match = "init -input=false", .out = "done\n"});
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_workspace)
{
    fr_stage stage;
    fr_stage_open(&stage, "{\"workspace\":\"blue\"}", NULL);
    expect(&stage, (fr_fake_process){.match = "version", .out = VERSION_ANSWER});
    expect(&stage, (fr_fake_process){.match = "init -json", .out = FR_STAGE_VERSION});
    expect(&stage, (fr_fake_process){.match = "workspace select -no-color -or-create blue"});
    expect(&stage, (fr_fake_process){.match = "plan", .creates = "p", .out = FR_STAGE_VERSION});
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    for (size_t i = 1; i < 3; i++) { /* a set one would forbid to select */
        const fr_json *process = fr_fakehost_process(stage.host, i);
        ck_assert_str_eq(
            fr_json_string(fr_json_at(process, "environ", "TF_WORKSPACE", (char *)NULL)), "");
    }
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    const fr_json *plan = fr_fakehost_process(stage.host, 0);
    ck_assert_str_eq(fr_json_string(fr_json_at(plan, "environ", "TF_WORKSPACE", (char *)NULL)),
                     "blue");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_workspace_that_cannot_be_made)
{
    fr_stage stage;
    fr_stage_open(&stage, "{\"workspace\":\"blue\"}", NULL);
    expect(&stage, (fr_fake_process){.match = "version", .out = VERSION_ANSWER});
    expect(&stage, (fr_fake_process){.match = "init -json", .out = FR_STAGE_VERSION});
    expect(&stage, (fr_fake_process){
                       .match = "workspace", .exit_code = 1, .err = "workspaces not supported\n"});
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_E_FAILED);
    ck_assert(*stage.error.cause != '\0');
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "workspaces not supported"));
    fr_stage_close(&stage);
}
END_TEST

/* ---------------------------------------------------------------- validate */

START_TEST(validate_without_credentials)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "version", .out = VERSION_ANSWER});
    expect(&stage,
           (fr_fake_process){.match = "init -json -backend=false", .out = FR_STAGE_VERSION});
    expect(&stage, (fr_fake_process){.match = "validate -json",
                                     .out = "{\"valid\":true,\"diagnostics\":[{\"severity\":"
                                            "\"warning\",\"summary\":\"Old\"}]}"});
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 1);
    for (size_t i = 0; i < 3; i++) {
        const fr_json *process = fr_fakehost_process(stage.host, i);
        ck_assert_int_eq(fr_json_kind_of(fr_json_get(process, "purpose")), FR_JSON_NULL);
        if (i > 0)
            ck_assert(fr_str_ends(
                fr_json_string(fr_json_at(process, "environ", "TF_DATA_DIR", (char *)NULL)),
                "/data/terraform-validate"));
    }
    expect(
        &stage,
        (fr_fake_process){
            .match = "validate -json",
            .exit_code = 1,
            .out =
                "{\"valid\":false,\"diagnostics\":[{\"severity\":\"error\",\"summary\":\"Invalid "
                "expression\",\"range\":{\"filename\":\"main.tf\",\"start\":{\"line\":2}}}]}"});
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_FAILED);
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 1);
    ck_assert_str_eq(stage.error.place, "main.tf:2");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(validate_where_it_is_initialised)
{
    fr_stage stage;
    open_project(&stage, SECTION);
    expect(&stage, (fr_fake_process){.match = "validate -json", .out = "{\"valid\":true}"});
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_OK);
    ck_assert(fr_str_ends(fr_json_string(fr_json_at(fr_fakehost_process(stage.host, 0), "environ",
                                                    "TF_DATA_DIR", (char *)NULL)),
                          "/data/terraform"));
    expect(&stage, (fr_fake_process){.match = "validate -json",
                                     .exit_code = 127,
                                     .err = "terraform: not the one you think\n"});
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_FAILED);
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "not the one you think"));
    expect(&stage, (fr_fake_process){.match = "validate", .out = "{\"valid\":false}"});
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_FAILED);
    expect(&stage, (fr_fake_process){.match = "validate",
                                     .out = "{\"valid\":true,\"diagnostics\":[{\"severity\":"
                                            "\"error\",\"summary\":\"odd\"}]}"});
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_FAILED);
    fr_stage_close(&stage);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("init");
    TCase *tests = tcase_create("init");
    tcase_add_test(tests, nothing_to_do);
    tcase_add_loop_test(tests, a_reason, 0, (int)(sizeof reasons / sizeof *reasons));
    tcase_add_test(tests, another_configuration);
    tcase_add_test(tests, asked_for);
    tcase_add_test(tests, a_failed_one_is_tried_again);
    tcase_add_test(tests, an_older_tool_has_no_json);
    tcase_add_test(tests, which_version_can_what);
    tcase_add_test(tests, a_tool_that_rejects_json_after_all);
    tcase_add_test(tests, a_workspace);
    tcase_add_test(tests, a_workspace_that_cannot_be_made);
    tcase_add_test(tests, validate_without_credentials);
    tcase_add_test(tests, validate_where_it_is_initialised);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
