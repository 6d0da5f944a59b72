/* Runs of the tool by script: what they become, and how they fail. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define RESOURCE(address, type)                                                                    \
    "{\"addr\":\"" address "\",\"module\":\"\",\"resource\":\"" address                            \
    "\",\"resource_type\":\"" type "\",\"resource_name\":\"x\",\"resource_key\":null}"
#define PLANNED(address, action)                                                                   \
    "{\"type\":\"planned_change\",\"@message\":\"m\",\"change\":{\"resource\":" RESOURCE(          \
        address, "aws_x") ",\"action\":\"" action "\"}}\n"
#define DRIFT(address, action)                                                                     \
    "{\"type\":\"resource_drift\",\"@message\":\"m\",\"change\":{\"resource\":" RESOURCE(          \
        address, "aws_x") ",\"action\":\"" action "\"}}\n"
#define ERROR(summary, detail)                                                                     \
    "{\"type\":\"diagnostic\",\"@message\":\"Error\",\"diagnostic\":{\"severity\":\"error\","      \
    "\"summary\":\"" summary "\",\"detail\":\"" detail "\"}}\n"

static void expect(fr_stage *stage, fr_fake_process process)
{
    fr_fakehost_expect(stage->host, &process);
}

static void seal_plan(fr_stage *stage)
{
    expect(stage, (fr_fake_process){.match = "plan -json",
                                    .exit_code = 2,
                                    .creates = "a plan",
                                    .out = FR_STAGE_VERSION PLANNED("aws_x.a", "create")});
    fr_stage_expect(stage, fr_stage_plan(stage, 0), FRACTARY_OK);
}

/* -------------------------------------------------------------------- plan */

START_TEST(a_plan)
{
    fr_stage stage;
    fr_stage_open(&stage,
                  "{\"var_files\":[\"test.tfvars\",\"b.tfvars\"],\"parallelism\":5,"
                  "\"lock_timeout\":\"30s\"}",
                  NULL);
    fr_fakehost_write(stage.host, "project/test.tfvars", "");
    fr_fakehost_write(stage.host, "project/b.tfvars", "");
    expect(
        &stage,
        (fr_fake_process){
            .match = "plan -json -input=false -no-color -detailed-exitcode -out=* -parallelism=5 "
                     "-lock-timeout=30s -var-file=test.tfvars -var-file=b.tfvars",
            .exit_code = 2,
            .creates = "plan bytes",
            .out = FR_STAGE_VERSION DRIFT("aws_x.d", "update") DRIFT("aws_x.e", "delete") PLANNED(
                "aws_x.a", "create") PLANNED("aws_x.b", "update") PLANNED("aws_x.c", "replace")
                PLANNED("aws_x.d", "delete") PLANNED("aws_x.e", "move") PLANNED("aws_x.f", "import")
                    PLANNED("aws_x.g", "remove") PLANNED("data.aws_x.h", "read") PLANNED(
                        "aws_x.i",
                        "transmogrify") "{\"type\":\"outputs\",\"@message\":\"m\",\"outputs\":{"
                                        "\"o\":{\"sensitive\":true,"
                                        "\"action\":\"update\",\"value\":\"out-secret\"}}}\n"});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 1);
    ck_assert_str_eq(fr_json_get_string(fr_fakehost_process(stage.host, 0), "purpose"), "read");
    const fr_json *plan = fr_fakehost_find(stage.host, "plan", 0);
    static const char *const counts[] = {"add",    "change", "replace", "destroy",
                                         "import", "move",   "forget"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        ck_assert_msg(fr_json_get_int(plan, counts[i], 0) == 1, "%s", counts[i]);
    ck_assert(fr_json_get_bool(plan, "changes", 0) && fr_json_get_bool(plan, "outputs", 0));
    ck_assert(!fr_json_get_bool(plan, "destroy_all", 1));
    ck_assert_str_eq(fr_json_get_string(plan, "tool"), "terraform");
    ck_assert_str_eq(fr_json_get_string(plan, "tool_version"), "1.11.4");
    ck_assert_str_eq(fr_json_get_string(plan, "name"), "plan");
    const char *sha256 = NULL;
    ck_assert_int_ge(fr_fakehost_sealed(stage.host, "plan", &sha256), 0);
    ck_assert_str_eq(fr_json_get_string(plan, "sha256"), sha256);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "change"), 9);
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "change", "action", "forget", 0));
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "change", "action", "transmogrify", 0));
    ck_assert_int_eq(fr_json_get_int(fr_fakehost_find(stage.host, "log", 0), "drift", 0), 2);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "log"), 1);
    ck_assert(!fr_fakehost_mentions(stage.host, "out-secret"));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_plan_without_changes)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan -json -destroy -refresh=false",
                                     .creates = "empty plan",
                                     .out = FR_STAGE_VERSION});
    fr_stage_expect(&stage, fr_stage_plan(&stage, FRACTARY_IAC_DESTROY | FRACTARY_IAC_REFRESH_OFF),
                    FRACTARY_OK);
    const fr_json *plan = fr_fakehost_find(stage.host, "plan", 0);
    ck_assert(!fr_json_get_bool(plan, "changes", 1) && fr_json_get_bool(plan, "destroy_all", 0));
    ck_assert_str_eq(fr_json_get_string(plan, "message"), "nothing to change");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_plan_that_wrote_no_file)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan", .out = FR_STAGE_VERSION});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    ck_assert_ptr_nonnull(strstr(stage.error.message, "wrote no plan"));
    fr_stage_close(&stage);
}
END_TEST

/* A failed plan may leave its file; the next one of the run takes another. */
START_TEST(planning_again_after_a_failure)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan",
                                     .exit_code = 1,
                                     .creates = "half a plan",
                                     .out = FR_STAGE_VERSION ERROR("Invalid index", "x")});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    fr_stage_diagnostic(&stage, "invalid-value");
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "plan"), 0);
    seal_plan(&stage);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(not_initialised_is_mended_once)
{
    static const char again[] =
        FR_STAGE_VERSION ERROR("Required plugins are not installed", "run terraform init");
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan", .exit_code = 1, .out = again});
    expect(&stage, (fr_fake_process){.match = "init -json", .out = FR_STAGE_VERSION});
    expect(&stage, (fr_fake_process){.match = "plan",
                                     .exit_code = 2,
                                     .creates = "p",
                                     .out = FR_STAGE_VERSION PLANNED("aws_x.a", "create")});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 0);
    expect(&stage, (fr_fake_process){.match = "plan", .exit_code = 1, .out = again});
    expect(&stage, (fr_fake_process){.match = "init -json", .out = FR_STAGE_VERSION});
    expect(&stage, (fr_fake_process){.match = "plan", .exit_code = 1, .out = again});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    fr_stage_diagnostic(&stage, "not-initialized");
    fr_stage_close(&stage);
}
END_TEST

/* ------------------------------------------------------------------- apply */

START_TEST(a_partial_apply)
{
    fr_stage stage;
    fr_stage_open(&stage, "{\"directory\":\"infra\",\"parallelism\":3}", NULL);
    fr_fakehost_write(stage.host, "project/infra/main.tf", "");
    seal_plan(&stage);
    expect(&stage, (fr_fake_process){
                       .match = "apply -json -input=false -no-color -parallelism=3 /proc/self/fd/3",
                       .exit_code = 1,
                       .out_file = FR_STAGE_FIXTURES "apply_partial.jsonl"});
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_E_DENIED);
    const fr_json *process = fr_fakehost_process(stage.host, 0);
    ck_assert_str_eq(fr_json_get_string(process, "purpose"), "deploy");
    ck_assert_int_eq(fr_json_get_int(process, "flags", 0), FRACTARY_PROCESS_CAREFUL);
    ck_assert_str_eq(fr_json_string(fr_json_first(fr_json_get(process, "attachments"))), "plan");
    /* 2 deletes, 3 for the queue, 2 for the role; the data source is no change */
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "change"), 7);
    const fr_json *done = fr_fakehost_where(stage.host, "change", "status", "done", 1);
    ck_assert_str_eq(fr_json_get_string(done, "address"), "aws_sqs_queue.q");
    ck_assert_str_eq(fr_json_get_string(done, "id"), "https://q");
    ck_assert_int_eq(fr_json_get_int(done, "elapsed_ms", 0), 25000);
    const fr_json *running = fr_fakehost_where(stage.host, "change", "status", "running", 0);
    ck_assert_int_eq(fr_json_get_int(running, "elapsed_ms", 0), 10000);
    const fr_json *failed = fr_fakehost_where(stage.host, "change", "status", "failed", 0);
    ck_assert_str_eq(fr_json_get_string(failed, "module"), "module.m");
    uint64_t progress = 0;
    uint64_t total = 0;
    ck_assert_uint_gt(fr_fakehost_progress(stage.host, &progress, &total), 0);
    ck_assert_uint_eq(progress, 3);
    ck_assert_uint_eq(total, 3);
    ck_assert_ptr_nonnull(
        fr_fakehost_where(stage.host, "log", "message", "this line is no JSON", 0));
    ck_assert_ptr_nonnull(strstr(stage.error.message, "2 errors"));
    ck_assert_ptr_nonnull(strstr(stage.error.message, "2 of 3 operations were done"));
    ck_assert_str_eq(stage.error.place, "iam:CreateRole for module.m.aws_iam_role.r");
    const fr_json *denied = fr_stage_diagnostic(&stage, "denied");
    ck_assert_str_eq(fr_json_get_string(denied, "file"), "infra/modules/m/main.tf");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(statuses_of_an_apply)
{
    static const struct {
        const char *out;
        int32_t status;
    } ends[] = {
        {FR_STAGE_VERSION ERROR("Saved plan is stale",
                                "The given plan file can no longer be applied"),
         FRACTARY_E_FAILED},
        {FR_STAGE_VERSION ERROR("Error acquiring the state lock", "Lock Info:\\n  ID: 1\\n"),
         FRACTARY_E_BUSY},
        {FR_STAGE_VERSION ERROR("No valid credential sources found", "x"), FRACTARY_E_AUTH},
        {FR_STAGE_VERSION ERROR("reading X: dial tcp: connection refused", ""),
         FRACTARY_E_UNAVAILABLE},
        {FR_STAGE_VERSION ERROR("odd", "") ERROR("x: ThrottlingException: Rate exceeded", ""),
         FRACTARY_E_UNAVAILABLE},
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        fr_stage stage;
        fr_stage_open(&stage, NULL, NULL);
        seal_plan(&stage);
        expect(&stage, (fr_fake_process){.match = "apply", .exit_code = 1, .out = ends[i].out});
        fr_stage_expect(&stage, fr_stage_destroy(&stage), ends[i].status);
        ck_assert(*stage.error.advice != '\0');
        fr_stage_close(&stage);
    }
}
END_TEST

START_TEST(an_interrupted_apply)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    seal_plan(&stage);
    expect(&stage, (fr_fake_process){.match = "apply",
                                     .exit_code = 1,
                                     .status = FRACTARY_E_CANCELLED,
                                     .out_file = FR_STAGE_FIXTURES "apply_partial.jsonl"});
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_E_CANCELLED);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "change"), 7);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 2);
    fr_stage_close(&stage);
}
END_TEST

/* ------------------------------------------------------- a tool that is odd */

START_TEST(something_that_is_no_json)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan", .out = "Welcome to my wrapper!\nbye\n"});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    ck_assert_str_eq(stage.error.message, "terraform plan printed something that is not JSON");
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "Welcome to my wrapper!"));
    expect(&stage, (fr_fake_process){.match = "plan", .exit_code = 3});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(killed)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan", .signal = 9, .out = FR_STAGE_VERSION});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    ck_assert_str_eq(stage.error.message, "terraform plan was ended by signal 9 (SIGKILL)");
    ck_assert(*stage.error.cause != '\0' && *stage.error.advice != '\0');
    fr_stage_close(&stage);
}
END_TEST

START_TEST(an_exit_code_without_a_reason)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){.match = "plan",
                                     .exit_code = 5,
                                     .out = FR_STAGE_VERSION,
                                     .err = "something on standard error\n"});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    ck_assert_ptr_nonnull(strstr(stage.error.message, "named no error"));
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "something on standard error"));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(errors_on_standard_error)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    expect(&stage, (fr_fake_process){
                       .match = "plan",
                       .exit_code = 1,
                       .out = FR_STAGE_VERSION,
                       .err = "╷\n│ Warning: Unable to open CLI configuration file\n│ \n│ x\n╵\n"
                              "╷\n│ Error: Failed to load plugin schemas\n│ \n│ it crashed\n╵\n"});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    fr_stage_diagnostic(&stage, "provider");
    ck_assert_ptr_nonnull(strstr(stage.error.message, "Failed to load plugin schemas"));
    fr_stage_close(&stage);
}
END_TEST

/* The warning box of a missing CLI configuration file is no failure. */
START_TEST(noise_beside_success)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_buf out = {0};
    fr_buf_puts(&out, FR_STAGE_VERSION);
    for (int i = 0; i < 100; i++)
        fr_buf_puts(&out, "stray line\n\n   \n{\"no\":\"type\"}\n{broken\n");
    expect(&stage, (fr_fake_process){.match = "plan",
                                     .creates = "p",
                                     .out = fr_buf_text(&out),
                                     .err = "╷\n│ Error: not really\n╵\n"});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "log"), 21); /* 20 lines and a count */
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 0);
    fr_buf_finish(&out);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(too_many_errors)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_buf out = {0};
    fr_buf_puts(&out, FR_STAGE_VERSION);
    for (int i = 0; i < 700; i++)
        fr_buf_printf(&out, ERROR("Invalid index", "%d"), i);
    expect(&stage, (fr_fake_process){.match = "plan", .exit_code = 1, .out = fr_buf_text(&out)});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_FAILED);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 500);
    ck_assert_ptr_nonnull(strstr(stage.error.message, "700 errors"));
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "log", "level", "warning", 0));
    fr_buf_finish(&out);
    fr_stage_close(&stage);
}
END_TEST

/* --------------------------------------------------------------- which tool */

START_TEST(no_tool)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_tool(stage.host, "terraform", NULL);
    fr_fakehost_tool(stage.host, "tofu", NULL);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_MISSING);
    ck_assert_str_eq(stage.error.message, "neither terraform nor tofu is installed");
    ck_assert(*stage.error.advice != '\0');
    fr_stage_close(&stage);
    fr_stage_open(&stage, "{\"tool\":\"/opt/none/terraform\"}", NULL);
    fr_fakehost_tool(stage.host, "/opt/none/terraform", NULL);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_E_MISSING);
    ck_assert_str_eq(stage.error.message, "/opt/none/terraform is not installed");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(opentofu_instead)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_tool(stage.host, "terraform", NULL);
    expect(
        &stage,
        (fr_fake_process){
            .match = "*/tofu plan",
            .creates = "p",
            .out = "{\"type\":\"version\",\"@message\":\"OpenTofu 1.6.3\",\"tofu\":\"1.6.3\"}\n"});
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    const fr_json *plan = fr_fakehost_find(stage.host, "plan", 0);
    ck_assert_str_eq(fr_json_get_string(plan, "tool"), "tofu");
    ck_assert_str_eq(fr_json_get_string(plan, "tool_version"), "1.6.3");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_tool_that_is_too_old)
{
    static const struct {
        const char *section, *line, *says;
    } old[] = {
        {"{}", "{\"type\":\"version\",\"@message\":\"m\",\"terraform\":\"1.4.7\"}\n",
         "Terraform 1.4.7 is too old"},
        {"{\"tool\":\"tofu\"}", "{\"type\":\"version\",\"@message\":\"m\",\"tofu\":\"1.5.0\"}\n",
         "OpenTofu 1.5.0 is too old"},
        {"{}", "{\"type\":\"version\",\"@message\":\"m\",\"terraform\":\"new\"}\n", "\"new\""}};
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        fr_stage stage;
        fr_stage_open(&stage, old[i].section, NULL);
        expect(&stage, (fr_fake_process){.match = "plan", .creates = "p", .out = old[i].line});
        int32_t status = fr_stage_plan(&stage, 0);
        ck_assert_int_ne(status, FRACTARY_OK);
        ck_assert_int_eq(status, i < 2 ? FRACTARY_E_UNSUPPORTED : FRACTARY_E_FAILED);
        ck_assert_ptr_nonnull(strstr(stage.error.message, old[i].says));
        ck_assert_int_lt(fr_fakehost_sealed(stage.host, "plan", NULL), 0);
        fr_stage_close(&stage);
    }
}
END_TEST

/* .terraform-version is compared before anything is started but `version`. */
START_TEST(a_pinned_version)
{
    static const struct {
        const char *file, *text;
        int asked, refused;
    } pins[] = {
        {"project/.terraform-version", "1.9.8\n", 1, 1},
        {"project/.terraform-version", "v1.11.4", 1, 0},
        {"project/infra/.terraform-version", "1.11.3 # why\n", 1, 1},
        {"project/.terraform-version", "latest:^1.9\n", 0, 0},
        {"project/.terraform-version", "1.9\n", 0, 0},
        {"project/.terraform-version", "", 0, 0},
        {"project/.opentofu-version", "1.9.8\n", 0, 0}, /* not of this tool */
    };
    for (size_t i = 0; i < sizeof pins / sizeof *pins; i++) {
        fr_stage stage;
        fr_stage_open(&stage, "{\"directory\":\"infra\"}", NULL);
        fr_fakehost_write(stage.host, "project/infra/main.tf", "locals {\n}\n");
        fr_fakehost_write(stage.host, pins[i].file, pins[i].text);
        if (pins[i].asked)
            expect(&stage, (fr_fake_process){.match = "version -json",
                                             .out = "{\"terraform_version\":\"1.11.4\"}"});
        if (!pins[i].refused)
            expect(&stage, (fr_fake_process){.match = "plan",
                                             .exit_code = 1,
                                             .out = FR_STAGE_VERSION ERROR("x", "y")});
        fr_stage_expect(&stage, fr_stage_plan(&stage, 0),
                        pins[i].refused ? FRACTARY_E_UNSUPPORTED : FRACTARY_E_FAILED);
        if (pins[i].refused) {
            ck_assert_ptr_nonnull(strstr(stage.error.message, "is Terraform 1.11.4"));
            ck_assert_ptr_nonnull(strstr(stage.error.cause, ".terraform-version"));
        }
        fr_stage_close(&stage);
    }
}
END_TEST

/* ------------------------------------------------------------ configuration */

START_TEST(a_folder_that_is_wrong)
{
    static const struct {
        const char *section, *says;
    } wrong[] = {{"{\"directory\":\"nowhere\"}", "nowhere does not exist"},
                 {"{\"directory\":\"empty\"}", "empty has no .tf file"}};
    for (size_t i = 0; i < 2; i++) {
        fr_stage stage;
        fr_stage_open(&stage, wrong[i].section, NULL);
        fr_fakehost_write(stage.host, "project/empty/readme.txt", "x");
        fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_CONFIG);
        ck_assert_ptr_nonnull(strstr(stage.error.message, wrong[i].says));
        fr_stage_close(&stage);
    }
    fr_fakehost *host = fr_fakehost_create("plugins/iac-terraform/plugin.json");
    fractary_error error = FR_ERROR_INIT;
    void *instance = NULL;
    fr_fakehost_section(host, "{\"directory\":\"a/../../other\"}");
    ck_assert_int_eq(fr_fakehost_try_start(host, &fractary_plugin_entry, &instance, &error),
                     FRACTARY_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(error.message, "outside the project"));
    fr_fakehost_destroy(host);
}
END_TEST

START_TEST(the_entry)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_fakehost_start(stage.host, &fractary_plugin_entry);
    ck_assert_ptr_null(fractary_plugin_entry.get_interface(NULL, "fractary.iac/2"));
    fractary_plugin_entry.destroy(NULL);
    fr_stage_close(&stage);
}
END_TEST

static void add_odd_tools(TCase *tests)
{
    tcase_add_test(tests, something_that_is_no_json);
    tcase_add_test(tests, killed);
    tcase_add_test(tests, an_exit_code_without_a_reason);
    tcase_add_test(tests, errors_on_standard_error);
    tcase_add_test(tests, noise_beside_success);
    tcase_add_test(tests, too_many_errors);
    tcase_add_test(tests, no_tool);
    tcase_add_test(tests, a_pinned_version);
    tcase_add_test(tests, opentofu_instead);
    tcase_add_test(tests, a_tool_that_is_too_old);
    tcase_add_test(tests, a_folder_that_is_wrong);
    tcase_add_test(tests, the_entry);
}

int main(void)
{
    Suite *suite = suite_create("stream");
    TCase *tests = tcase_create("stream");
    tcase_add_test(tests, a_plan);
    tcase_add_test(tests, a_plan_without_changes);
    tcase_add_test(tests, a_plan_that_wrote_no_file);
    tcase_add_test(tests, planning_again_after_a_failure);
    tcase_add_test(tests, not_initialised_is_mended_once);
    tcase_add_test(tests, a_partial_apply);
    tcase_add_test(tests, statuses_of_an_apply);
    tcase_add_test(tests, an_interrupted_apply);
    add_odd_tools(tests);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
