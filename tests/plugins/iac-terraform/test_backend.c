/* One address for each state: what identifies it, and no secret. */
#include "backend.h"
#include "backend_address.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

static fr_json *parse(const char *text)
{
    fr_json *value = fr_json_parse(text, strlen(text), NULL);
    ck_assert_msg(value != NULL, "%s", text);
    return value;
}

/* ------------------------------------------------------------------ the table */

static const struct {
    const char *type, *config, *workspace, *address;
} remote[] = {
    {"s3", "{\"bucket\":\"b\",\"key\":\"a/k\",\"access_key\":\"hush\",\"secret_key\":\"hush\"}",
     "default", "s3://b/a/k"},
    {"s3", "{\"bucket\":\"b\",\"key\":\"a/k\",\"workspace_key_prefix\":null}", "w",
     "s3://b/env:/w/a/k"},
    {"s3", "{\"bucket\":\"b\",\"key\":\"k\",\"workspace_key_prefix\":\"p\"}", "w", "s3://b/p/w/k"},
    {"s3", "{\"bucket\":\"b\",\"key\":\"k\",\"endpoints\":{\"s3\":\"https://u:hush@minio:9000/\"}}",
     "default", "s3://b/k?endpoint=https://minio:9000/"},
    {"s3", "{\"bucket\":\"b\",\"key\":\"k\",\"endpoint\":\"https://s3.eu-west-1.amazonaws.com\"}",
     "default", "s3://b/k"},
    {"gcs", "{\"bucket\":\"b\",\"prefix\":null,\"credentials\":\"hush\"}", "default",
     "gs://b/default.tfstate"},
    {"gcs", "{\"bucket\":\"b\",\"prefix\":\"p/q\",\"access_token\":\"hush\"}", "w",
     "gs://b/p/q/w.tfstate"},
    {"azurerm",
     "{\"storage_account_name\":\"a\",\"container_name\":\"c\",\"key\":\"k\",\"sas_token\":\"hush\"}",
     "default", "azurerm://a/c/k"},
    {"azurerm", "{\"storage_account_name\":\"a\",\"container_name\":\"c\",\"key\":\"k\"}", "w",
     "azurerm://a/c/kenv:w"},
    {"http", "{\"address\":\"https://user:hush@host/s\",\"password\":\"hush\"}", "default",
     "https://host/s"},
    {"consul", "{\"address\":\"host:8500\",\"path\":\"p\",\"access_token\":\"hush\"}", "default",
     "consul://host:8500/p"},
    {"consul", "{\"path\":\"p\",\"datacenter\":\"dc\"}", "w", "consul:///dc/p-env:w"},
    {"kubernetes", "{\"secret_suffix\":\"s\",\"token\":\"hush\",\"config_context\":\"c\"}", "w",
     "kubernetes:c/default/tfstate-w-s"},
    {"cos", "{\"bucket\":\"b\",\"prefix\":\"p\",\"region\":\"r\",\"secret_id\":\"hush\"}", "w",
     "cos://r/b/p/w/terraform.tfstate"},
    {"oss", "{\"bucket\":\"b\",\"access_key\":\"hush\"}", "w", "oss://b/env:/w/terraform.tfstate"},
};

START_TEST(a_remote_state)
{
    fr_json *config = parse(remote[_i].config);
    char *address = fr_tf_backend_address(remote[_i].type, config, remote[_i].workspace);
    ck_assert_str_eq(address, remote[_i].address);
    free(address);
    fr_json_free(config);
}
END_TEST

/* Do two configurations lead to the same address? None may show a secret. */
static const struct {
    const char *type, *a, *b;
    int same;
} pairs[] = {
    /* A password that was changed is no other database. */
    {"pg", "{\"conn_str\":\"postgres://u:hush1@h:5/d?sslmode=require\"}",
     "{\"conn_str\":\"postgres://v:hush2@h:5/d\"}", 1},
    {"pg", "{\"conn_str\":\"postgres://u:hush@h:5/d\"}", "{\"conn_str\":\"postgres://u:hush@h:5/e\"}",
     0},
    {"pg", "{\"conn_str\":\"host=h dbname=d password=hush1\"}",
     "{\"conn_str\":\"host=h dbname=d password=hush2\"}", 1},
    {"pg", "{\"conn_str\":\"host=h dbname=d\"}", "{\"conn_str\":\"host=i dbname=d\"}", 0},
    {"pg", "{\"conn_str\":\"host=h\",\"schema_name\":\"a\"}",
     "{\"conn_str\":\"host=h\",\"schema_name\":\"b\"}", 0},
    {"http", "{\"address\":\"https://h/s?token=hush1\"}", "{\"address\":\"https://h/s?token=hush2\"}",
     0},
    /* Nobody knows these: all that is no secret counts, in any order. */
    {"swift", "{\"container\":\"c\",\"password\":\"hush1\"}",
     "{\"password\":\"hush2\",\"container\":\"c\",\"cloud\":null}", 1},
    {"swift", "{\"container\":\"c\"}", "{\"container\":\"d\"}", 0},
    {"s3", "{\"bucket\":\"b\"}", "{\"bucket\":\"c\"}", 0},
};

START_TEST(what_is_hashed)
{
    fr_json *configs[] = {parse(pairs[_i].a), parse(pairs[_i].b)};
    char *a = fr_tf_backend_address(pairs[_i].type, configs[0], "default");
    char *b = fr_tf_backend_address(pairs[_i].type, configs[1], "default");
    char *elsewhere = fr_tf_backend_address(pairs[_i].type, configs[0], "w");
    ck_assert_msg(fr_str_equal(a, b) == pairs[_i].same, "%s and %s", a, b);
    ck_assert_ptr_null(strstr(a, "hush"));
    ck_assert(!fr_str_equal(a, elsewhere) || fr_str_equal(pairs[_i].type, "http"));
    free(a);
    free(b);
    free(elsewhere);
    fr_json_free(configs[0]);
    fr_json_free(configs[1]);
}
END_TEST

/* --------------------------------------------------------------- local states */

static const struct {
    const char *config, *workspace, *address;
} local[] = {
    {"null", "default", "infra/terraform.tfstate"},
    {"null", "w", "infra/terraform.tfstate.d/w/terraform.tfstate"},
    {"{\"path\":null,\"workspace_dir\":null}", "default", "infra/terraform.tfstate"},
    {"{\"path\":\"../states/./a\"}", "default", "states/a"},
    {"{\"path\":\"a\",\"workspace_dir\":\"d\"}", "w", "infra/d/w/terraform.tfstate"},
    {"{\"path\":\"/project/infra/a\"}", "default", "infra/a"},
    {"{\"path\":\"/elsewhere/a\"}", "default", "/elsewhere/a"},
    {"{\"path\":\"../../elsewhere/a\"}", "default", "/elsewhere/a"},
    {"{\"path\":\"../../project-two/a\"}", "default", "/project-two/a"},
};

START_TEST(a_local_state)
{
    char folder[] = "infra";
    char directory[] = "/project/infra";
    const fr_tf_settings settings = {
        .root = "/project", .folder = folder, .directory = directory};
    char *text = fr_str_format("{\"backend\":{\"type\":\"local\",\"config\":%s}}", local[_i].config);
    fr_json *kept = parse(text);
    fr_tf_backend found = {0};
    ck_assert_int_eq(
        fr_tf_backend_describe(&settings, kept, local[_i].workspace, &found, NULL), FRACTARY_OK);
    ck_assert_str_eq(found.type, "local");
    ck_assert_str_eq(found.workspace, local[_i].workspace);
    ck_assert_str_eq(found.address, local[_i].address);
    fr_tf_backend_finish(&found);
    fr_json_free(kept);
    free(text);
}
END_TEST

/* -------------------------------------------------------------- the plugin */

#define VERSION_ANSWER "{\n  \"terraform_version\": \"1.11.4\"\n}\n"

static void expect_init(fr_stage *stage)
{
    const fr_fake_process steps[] = {
        {.match = "version -json", .out = VERSION_ANSWER},
        {.match = "init -json", .out = FR_STAGE_VERSION},
    };
    for (size_t i = 0; i < 2; i++)
        fr_fakehost_expect(stage->host, &steps[i]);
}

static const char kept_s3[] =
    "{\"version\":3,\"backend\":{\"type\":\"s3\",\"config\":{\"bucket\":\"b\",\"key\":\"k\","
    "\"secret_key\":\"hush\"},\"hash\":1}}";

START_TEST(init_says_the_state_each_time)
{
    fr_stage stage;
    fr_stage_open(&stage, "{}", NULL);
    fr_fakehost_write(stage.host, "data/terraform/terraform.tfstate", kept_s3);
    expect_init(&stage);
    for (int i = 0; i < 2; i++) {
        fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
        const fr_json *record = fr_fakehost_find(stage.host, "state", 0);
        ck_assert_str_eq(fr_json_get_string(record, "address"), "s3://b/k");
        ck_assert_str_eq(fr_json_get_string(record, "backend"), "s3");
        ck_assert_str_eq(fr_json_get_string(record, "workspace"), "default");
        fr_stage_restart(&stage);
    }
    fr_stage_close(&stage);
}
END_TEST

static const char *const elsewhere[] = {
    "terraform {\n  cloud {\n    organization = \"o\"\n  }\n}\n",
    "terraform {\n  backend \"remote\" {\n  }\n}\n",
};

START_TEST(what_runs_elsewhere_is_refused_before_the_tool_starts)
{
    fr_stage stage;
    fr_stage_open(&stage, "{}", elsewhere[_i]);
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "another machine"));
    ck_assert_uint_eq(fr_fakehost_processes_like(stage.host, ""), 0);
    fr_stage_close(&stage);
}
END_TEST

/* What only looks like such a block. */
START_TEST(a_name_is_no_block)
{
    fr_stage stage;
    fr_stage_open(&stage, "{}",
                  "terraform {\n  required_providers {\n    cloud = { source = \"a/cloud\" }\n"
                  "    remote = { source = \"a/remote\" }\n  }\n}\n"
                  "# terraform { cloud { } }\nlocals {\n  backend = \"remote\"\n}\n"
                  "module \"m\" {\n  source = \"./m\"\n}\n");
    fr_fakehost_write(stage.host, "project/m/main.tf", "terraform {\n  cloud {\n  }\n}\n");
    expect_init(&stage);
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_close(&stage);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("backend");
    TCase *tests = tcase_create("backend");
    tcase_add_loop_test(tests, a_remote_state, 0, (int)(sizeof remote / sizeof *remote));
    tcase_add_loop_test(tests, what_is_hashed, 0, (int)(sizeof pairs / sizeof *pairs));
    tcase_add_loop_test(tests, a_local_state, 0, (int)(sizeof local / sizeof *local));
    tcase_add_test(tests, init_says_the_state_each_time);
    tcase_add_loop_test(tests, what_runs_elsewhere_is_refused_before_the_tool_starts, 0, 2);
    tcase_add_test(tests, a_name_is_no_block);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
