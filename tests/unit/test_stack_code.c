#include "project/stack_code.h"

#include "base/path.h"
#include "project/code_text.h"
#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *folder;
static fr_config *config;

static const char configuration[] =
    "{\"version\": 1, \"project\": {\"name\": \"shop\"}, \"handlers\": {\"iac\": "
    "\"iac-terraform\"},"
    "\"environments\": {"
    "  \"test\": {\"stacks\": {\"app\": {\"plugins\": {\"iac-terraform\": {"
    "    \"var_files\": [\"../vars/test.tfvars\"], \"backend_config\": [\"test.hcl\", "
    "\"key=x\"]}}}}},"
    "  \"prod\": {\"stacks\": {\"app\": {\"plugins\": {\"iac-terraform\": {"
    "    \"var_files\": [\"../vars/prod.tfvars\"], \"backend_config\": [\"prod.hcl\"]}}}}}},"
    "\"stacks\": {\"app\": {\"directory\": \"app\"}, \"net\": {\"directory\": "
    "\"net/{environment}\"}}}";

static void enter(void)
{
    fractary_error error = FR_ERROR_INIT;
    char *made = fixture_folder();

    folder = realpath(made, NULL);
    free(made);
    fixture_write(folder, "app/main.tf",
                  "module \"m\" {\n  source = \"../modules/m\"\n}\n"
                  "module \"far\" {\n  source = \"acme/far/aws\"\n}\n");
    fixture_write(folder, "modules/m/main.tf", "module \"n\" {\n  source = \"./n\"\n}\n");
    fixture_write(folder, "modules/m/n/main.tf", "module \"back\" {\n  source = \"../\"\n}\n");
    fixture_write(folder, "modules/m/unused/main.tf", "\n");
    fixture_write(folder, "modules/m/files/motd", "hello\n");
    ck_assert_int_eq(fr_config_from_tree(folder, fixture_json(configuration), &config, &error),
                     FRACTARY_OK);
}

static void leave(void)
{
    fr_config_free(config);
    fixture_remove(folder);
}

static fr_stack_code *read_code(const char *environment, const char *stack)
{
    fractary_error error = FR_ERROR_INIT;
    fr_stack_code *code = NULL;

    ck_assert_msg(fr_stack_code_read(config, environment, stack, &code, &error) == FRACTARY_OK,
                  "%s", error.message);
    return code;
}

static int has(const fr_stack_code *code, const char *name)
{
    char *path = fr_path_join(folder, name);
    const int answer = fr_stack_code_has(code, path);

    free(path);
    return answer;
}

static const struct place {
    const char *path;
    int test, prod; /* of stack app */
} places[] = {
    {"app/main.tf", 1, 1},
    {"app/gone.tf", 1, 1},
    {"app/templates/deep/x.json", 1, 1},
    {"app/.terraform.lock.hcl", 1, 1},
    {"app/.terraform/modules/modules.json", 0, 0},
    {"app/.tflint.hcl", 0, 0},
    {"app/terraform.tfvars", 1, 1},
    {"app/x.auto.tfvars.json", 1, 1},
    {"app/other.tfvars", 0, 0},
    {"app/terraform.tfstate", 0, 0},
    {"app/terraform.tfstate.d/t/terraform.tfstate", 0, 0},
    {"app/README.md", 0, 0},
    {"app/test.hcl", 1, 0},
    {"app/prod.hcl", 0, 1},
    {"app/job.hcl", 1, 1},
    {"vars/test.tfvars", 1, 0},
    {"vars/prod.tfvars", 0, 1},
    {"modules/m/main.tf", 1, 1},
    {"modules/m/files/motd", 1, 1},
    {"modules/m/terraform.tfvars", 0, 0},
    {"modules/m/n/new.tf", 1, 1},
    {"modules/m/unused/main.tf", 0, 0},
    {"modules", 1, 1}, /* a repository inside this one */
    {"modules/m", 1, 1},
    {"modules/mm/main.tf", 0, 0},
    {"application/main.tf", 0, 0},
    {"main.tf", 0, 0},
    {".fractary/plugins/devops/config.json", 0, 0},
};

START_TEST(each_file_has_its_stacks)
{
    const struct place *place = &places[_i];
    fr_stack_code *test = read_code("test", "app");
    fr_stack_code *prod = read_code("prod", "app");

    ck_assert_msg(has(test, place->path) == place->test, "%s in test", place->path);
    ck_assert_msg(has(prod, place->path) == place->prod, "%s in prod", place->path);
    fr_stack_code_destroy(test);
    fr_stack_code_destroy(prod);
}
END_TEST

START_TEST(modules_are_followed_once)
{
    fr_stack_code *code = read_code("test", "app");

    ck_assert_uint_eq(code->folders.count, 3);
    ck_assert_uint_eq(fr_names_count(&code->troubles), 0);
    ck_assert(fr_str_ends(code->directory, "/app"));
    fr_stack_code_destroy(code);
}
END_TEST

START_TEST(a_folder_that_is_not_there_has_what_was_in_it)
{
    fr_stack_code *code = read_code("prod", "net");

    ck_assert(has(code, "net/prod/main.tf"));
    ck_assert(!has(code, "net/test/main.tf"));
    ck_assert_uint_eq(fr_names_count(&code->troubles), 0);
    fr_stack_code_destroy(code);
}
END_TEST

START_TEST(files_that_the_code_names)
{
    fixture_write(folder, "net/test/main.tf",
                  "locals {\n"
                  "  a = file(\"${path.module}/../../shared/a.json\")\n"
                  "  b = \"${templatefile(\"../../shared/b.tpl\", {})}\"\n"
                  "  c = file(\"${path.root}/../../policies/${var.name}.json\")\n"
                  "}\n");
    fr_stack_code *code = read_code("test", "net");
    ck_assert(has(code, "shared/a.json"));
    ck_assert(has(code, "shared/b.tpl"));
    ck_assert(has(code, "policies/any.json"));
    ck_assert(!has(code, "shared/c.json"));
    fr_stack_code_destroy(code);
}
END_TEST

START_TEST(links_lead_to_what_counts_as_well)
{
    char *from = fr_path_join(folder, "app/common.tf");
    char *linked = fr_path_join(folder, "modules/link");

    fixture_write(folder, "shared/common.tf", "\n");
    fixture_write(folder, "real/main.tf", "\n");
    fixture_write(folder, "net/test/main.tf",
                  "module \"l\" {\n  source = \"../../modules/link\"\n}\n");
    ck_assert_int_eq(symlink("../shared/common.tf", from), 0);
    ck_assert_int_eq(symlink("../real", linked), 0);
    fr_stack_code *app = read_code("test", "app");
    fr_stack_code *net = read_code("test", "net");
    ck_assert(has(app, "shared/common.tf"));
    ck_assert(has(app, "app/common.tf"));
    ck_assert(!has(app, "shared/other.tf"));
    ck_assert(has(net, "real/new.tf"));
    ck_assert(has(net, "modules/link"));
    fr_stack_code_destroy(app);
    fr_stack_code_destroy(net);
    free(from);
    free(linked);
}
END_TEST

START_TEST(what_cannot_be_read_is_said)
{
    fixture_write(folder, "app/broken.tf",
                  "module \"late\" {\n  source = \"../modules/late\"\n}\n}\n");
    fr_stack_code *code = read_code("test", "app");

    ck_assert_uint_eq(fr_names_count(&code->troubles), 1);
    assert_says(fr_names_at(&code->troubles, 0), "app/broken.tf: line 4");
    ck_assert(has(code, "modules/late/main.tf"));
    fr_stack_code_destroy(code);
}
END_TEST

/* ------------------------------------------------------------------ expressions */

static fr_hcl_block *scan(const char *text)
{
    fr_hcl_block *root = NULL;

    ck_assert_int_eq(fr_hcl_scan(text, strlen(text), &root, NULL), FRACTARY_OK);
    return root;
}

START_TEST(pairs_of_an_object)
{
    static const char text[] =
        "x = merge(local.a, {\n  A = \"1\"\n  \"B\" = \"2\", C : \"3\"\n"
        "  D = \"4${var.x}\"\n  E = upper(\"5\")\n  F = true ? \"6\" : \"7\"\n"
        "  G = { H = \"8\" }\n  I = \"9\" })\n";
    static const struct wanted {
        const char *key, *value;
    } wanted[] = {{"A", "\"1\""}, {"B", "\"2\""}, {"C", "\"3\""}, {"D", "\"4${var.x}\""},
                  {"E", NULL},    {"F", NULL},    {"H", "\"8\""}, {"I", "\"9\""}};
    fr_hcl_block *root = scan(text);
    fr_buf found = {0};

    ck_assert_int_eq(fr_code_pairs(fr_hcl_attribute_of(root, "x"), &found), FRACTARY_OK);
    const fr_code_pair *pairs = (const fr_code_pair *)(const void *)found.data;
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
        size_t i = 0;
        while (i < found.length / sizeof *pairs && !fr_code_pair_is(&pairs[i], wanted[w].key))
            i++;
        ck_assert_msg(i < found.length / sizeof *pairs, "no %s", wanted[w].key);
        if (wanted[w].value == NULL)
            ck_assert_msg(pairs[i].value.kind == FR_HCL_END, "%s is known", wanted[w].key);
        else
            ck_assert_msg(
                pairs[i].value.length == strlen(wanted[w].value) &&
                    memcmp(pairs[i].value.text, wanted[w].value, pairs[i].value.length) == 0,
                "%s is %.*s", wanted[w].key, (int)pairs[i].value.length, pairs[i].value.text);
    }
    fr_buf_finish(&found);
    fr_hcl_free(root);
}
END_TEST

START_TEST(settings_of_blocks_and_objects)
{
    fr_hcl_block *root = scan("key = \"a\"\nother = var.x\nboth = \"a\" == var.x\n"
                              "config = {\n  key = \"b\"\n  workspaces = { name = \"c\" }\n}\n"
                              "old {\n  key = \"d\"\n}\n");
    static const struct row {
        const char *group, *key;
        fr_code_known known;
        const char *text;
    } rows[] = {
        {NULL, "key", FR_CODE_LITERAL, "a"},
        {NULL, "other", FR_CODE_UNKNOWN, ""},
        {NULL, "both", FR_CODE_UNKNOWN, ""},
        {NULL, "none", FR_CODE_ABSENT, ""},
        {"config", "key", FR_CODE_LITERAL, "b"},
        {"config", "workspaces.name", FR_CODE_LITERAL, "c"},
        {"config", "name", FR_CODE_ABSENT, ""},
        {"old", "key", FR_CODE_LITERAL, "d"},
        {NULL, "old.key", FR_CODE_LITERAL, "d"},
        {"none", "key", FR_CODE_ABSENT, ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fr_hcl_token value;
        fr_buf text = {0};
        const fr_code_known known =
            fr_code_setting(root, rows[i].group, rows[i].key, &value, &text);
        ck_assert_msg(known == rows[i].known, "%s is %d", rows[i].key, (int)known);
        ck_assert_str_eq(fr_buf_text(&text), rows[i].text);
        fr_buf_finish(&text);
    }
    fr_hcl_free(root);
}
END_TEST

START_TEST(strings_that_name_places)
{
    static const fr_code_base base = {"/p/modules/m", "/p/app"};
    static const struct row {
        const char *text, *path;
        int whole;
    } rows[] = {
        {"${path.module}/x.json", "/p/modules/m/x.json", 1},
        {"${path.module}/../n/${var.x}.json", "/p/modules/n", 0},
        {"${path.module}", "/p/modules/m", 1},
        {"${path.root}/x", "/p/app/x", 1},
        {"${path.cwd}/x", "/p/app/x", 1},
        {"../x", "/p/x", 1},
        {"./${var.x}", "/p/app", 0},
        {"x/y", NULL, 0},
        {"${path.moduleX}/y", NULL, 0},
        {"", NULL, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int whole = 0;
        char *path = fr_code_path(rows[i].text, strlen(rows[i].text), &base, &whole);
        ck_assert_msg(fr_str_equal(path, rows[i].path), "%s: %s", rows[i].text,
                      path != NULL ? path : "nothing");
        ck_assert_int_eq(whole, rows[i].whole);
        free(path);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stack_code");
    TCase *code = tcase_create("code");
    TCase *text = tcase_create("text");

    tcase_add_checked_fixture(code, enter, leave);
    tcase_add_loop_test(code, each_file_has_its_stacks, 0, sizeof places / sizeof *places);
    tcase_add_test(code, modules_are_followed_once);
    tcase_add_test(code, a_folder_that_is_not_there_has_what_was_in_it);
    tcase_add_test(code, files_that_the_code_names);
    tcase_add_test(code, links_lead_to_what_counts_as_well);
    tcase_add_test(code, what_cannot_be_read_is_said);
    suite_add_tcase(suite, code);
    tcase_add_test(text, pairs_of_an_object);
    tcase_add_test(text, settings_of_blocks_and_objects);
    tcase_add_test(text, strings_that_name_places);
    suite_add_tcase(suite, text);
    return fixture_run(suite);
}
