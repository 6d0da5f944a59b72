#include "project/config.h"

#include "base/file.h"
#include "base/path.h"
#include "project/config_schema.h"
#include "project/init.h"
#include "project/stack.h"
#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char whole[] =
    "{\n"
    "  \"$schema\": \"./config.schema.json\",\n"
    "  \"version\": 1,\n"
    "  \"project\": {\"name\": \"orders\", \"organization\": \"acme\", \"owner\": \"unknown "
    "key\"},\n"
    "  \"handlers\": {\"hosting\": \"hosting-aws\", \"iac\": \"iac-terraform\"},\n"
    "  \"plugins\": {\n"
    "    \"iac-terraform\": {\"directory\": \"infra\", \"var_files\": [\"a\"], \"parallelism\": "
    "4}\n"
    "  },\n"
    "  \"environments\": {\n"
    "    \"test\": {\n"
    "      \"class\": \"test\",\n"
    "      \"account\": \"123456789012\",\n"
    "      \"region\": \"eu-central-1\",\n"
    "      \"identities\": {\"deploy\": {\"profile\": \"orders-test\"}},\n"
    "      \"plugins\": {\"iac-terraform\": {\"var_files\": [\"b\"], \"parallelism\": null}}\n"
    "    },\n"
    "    \"qa\": {\"class\": \"staging\", \"handlers\": {\"hosting\": null, \"iac\": "
    "\"iac-other\"}},\n"
    "    \"prod\": {}\n"
    "  },\n"
    "  \"another\": [1, 2]\n"
    "}\n";

static char *folder;
static fr_config *config;

static void enter(void)
{
    fractary_error error = FR_ERROR_INIT;

    folder = fixture_folder();
    fixture_write(folder, FR_CONFIG_FILE, whole);
    ck_assert_msg(fr_config_load(folder, &config, &error) == FRACTARY_OK, "%s: %s", error.message,
                  error.cause);
}

static void leave(void)
{
    fr_config_free(config);
    config = NULL;
    fixture_remove(folder);
}

START_TEST(test_project)
{
    char *own = fr_path_join(folder, FR_PROJECT_FOLDER);

    ck_assert_str_eq(fr_config_root(config), folder);
    ck_assert_str_eq(fr_config_folder(config), own);
    ck_assert_str_eq(fr_config_project(config), "orders");
    ck_assert_str_eq(fr_config_organization(config), "acme");
    ck_assert_str_eq(fr_config_subsystem(config), "");
    ck_assert_str_eq(fr_config_default_environment(config), "test");
    assert_says(fr_config_pattern(config), "{environment}");
    ck_assert_uint_eq(fr_json_count(fr_json_get(fr_config_tree(config), "another")), 2);
    free(own);
}
END_TEST

START_TEST(test_environments)
{
    fr_environment environment;

    ck_assert_int_eq(fr_config_environment(config, "test", &environment, NULL), FRACTARY_OK);
    ck_assert_int_eq(environment.class, FR_CLASS_TEST);
    ck_assert(environment.classified);
    ck_assert_str_eq(environment.account, "123456789012");
    ck_assert_str_eq(environment.region, "eu-central-1");
    ck_assert_int_eq(fr_config_environment(config, "qa", &environment, NULL), FRACTARY_OK);
    ck_assert_int_eq(environment.class, FR_CLASS_STAGING);
    ck_assert_int_eq(fr_config_environment(config, "prod", &environment, NULL), FRACTARY_OK);
    ck_assert_int_eq(environment.class, FR_CLASS_PRODUCTION);
    ck_assert(!environment.classified);
    ck_assert_str_eq(environment.account, "");
    ck_assert_str_eq(fr_config_environment_name(config, 1), "qa");
    ck_assert_ptr_null(fr_config_environment_name(config, 3));
}
END_TEST

START_TEST(test_unknown_environment)
{
    fractary_error error = FR_ERROR_INIT;
    fr_environment environment;

    ck_assert_int_eq(fr_config_environment(config, "tset", &environment, &error),
                     FRACTARY_E_INVALID);
    assert_says(error.message, "tset");
    assert_says(error.cause, "test, qa, prod");
    assert_says(error.advice, "\"test\"");
}
END_TEST

START_TEST(test_handlers_sections_identities)
{
    ck_assert_str_eq(fr_config_handler(config, "test", "hosting"), "hosting-aws");
    ck_assert_str_eq(fr_config_handler(config, "qa", "iac"), "iac-other");
    ck_assert_ptr_null(fr_config_handler(config, "qa", "hosting"));
    ck_assert_ptr_null(fr_config_handler(config, "test", "unknown"));
    ck_assert_str_eq(fr_config_handler(config, NULL, "iac"), "iac-terraform");

    fr_json *section = fr_stack_section(config, "test", "default", "iac-terraform");
    fr_json *wanted = fixture_json("{\"directory\": \"infra\", \"var_files\": [\"b\"]}");
    ck_assert(fr_json_equal(section, wanted));
    fr_json_free(section);
    fr_json_free(wanted);
    section = fr_stack_section(config, "test", "default", "unknown");
    ck_assert_int_eq(fr_json_kind_of(section), FR_JSON_OBJECT);
    ck_assert_uint_eq(fr_json_count(section), 0);
    fr_json_free(section);

    ck_assert_str_eq(fr_json_get_string(fr_config_identity(config, "test", "deploy"), "profile"),
                     "orders-test");
    ck_assert_ptr_null(fr_config_identity(config, "test", "grant"));
    ck_assert_ptr_null(fr_config_identity(config, "prod", "deploy"));
}
END_TEST

START_TEST(test_find)
{
    fractary_error error = FR_ERROR_INIT;
    char *deep = fr_path_join(folder, "a/b/c");
    char *root = NULL;

    ck_assert_int_eq(fr_file_make_folders(deep, 0755, NULL), FRACTARY_OK);
    ck_assert_int_eq(fr_config_find(deep, &root, &error), FRACTARY_OK);
    ck_assert_str_eq(root, folder);
    free(root);
    fixture_write(folder, "a/" FR_CONFIG_FILE, whole);
    ck_assert_int_eq(fr_config_find(deep, &root, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_path_name(root), "a");
    free(root);
    free(deep);
}
END_TEST

START_TEST(test_not_found)
{
    fractary_error error = FR_ERROR_INIT;
    char *empty = fixture_folder();
    fr_config *none = NULL;
    char *root = NULL;

    ck_assert_int_eq(fr_config_find(empty, &root, &error), FRACTARY_E_NOTFOUND);
    ck_assert_ptr_null(root);
    assert_says(error.advice, "fractary init");
    fixture_write(empty, FR_ORIGINAL_CONFIG_FILE, "{}");
    ck_assert_int_eq(fr_config_find(empty, &root, &error), FRACTARY_E_NOTFOUND);
    assert_says(error.advice, FR_ORIGINAL_CONFIG_FILE);
    ck_assert_int_eq(fr_config_load(empty, &none, &error), FRACTARY_E_NOTFOUND);
    assert_says(error.advice, "fractary init");
    ck_assert_int_eq(fr_config_find("/no/such/folder", &root, &error), FRACTARY_E_NOTFOUND);
    fixture_remove(empty);
}
END_TEST

/* ------------------------------------------------------------------ bad content */

#define HEAD "{\n\"version\": 1,\n\"project\": {\"name\": \"p\"},\n"

static const struct bad {
    const char *text;
    const char *says;  /* message or cause */
    const char *place; /* ends in this     */
    const char *advice;
} bads[] = {
    {"{\n  \"version\": 1,\n  \"x\" 2\n}\n", "line 3, column 7", "config.json:3:7", "mend"},
    {"", "line 1, column 1", "config.json:1:1", ""},
    {"{\"version\": 1, \"version\": 1}", "line 1", "config.json:1:16", ""},
    {"[]", "must be an object", "config.json:1", ""},
    {"{\"version\": 2}", "newer", "config.json:1", "newer one"},
    {"{\"version\": \"1\", \"project\": {\"name\": \"p\"}, \"environments\": {}}",
     "must be a whole number, found \"1\"", "config.json:1", ""},
    {"{\"version\": 1, \"project\": {\"name\": \"p\"}}", "\"environments\" is missing",
     "config.json:1", "environments"},
    {"{\n\"version\": 1,\n\"project\": {},\n\"environments\": {}}", "\"name\" is missing",
     "config.json:3", "name"},
    {HEAD
     "\"environments\": {\n\"a\": {},\n\"test\": {\"x\": [1, {\"class\": 1}],\n\"class\": 5}}}",
     "environments.test.class: must be", "config.json:7", ""},
    {HEAD "\"environments\": {\"test\": {\n\"class\": \"prod\"}}}", "environments.test.class",
     "config.json:5", ""},
    {HEAD "\"environments\": {\"test\": {\"identities\": {\n\"deploy\": {\"profil\": \"x\"}}}}}",
     "environments.test.identities.deploy", "config.json:5", "\"profile\""},
    {HEAD "\"environments\": {\"a/b\": {}}}", "\"a/b\"", "config.json:4", "letters"},
    {HEAD "\"environments\": {\"..\": {}}}", "\"..\"", "config.json:4", "letters"},
    {HEAD "\"default_environment\": \"tst\",\n\"environments\": {\"test\": {}}}",
     "default_environment", "config.json:4", "\"test\""},
    {HEAD "\"default_environment\": \"live\",\n\"environments\": {\"live\": {}}}",
     "never the default", "config.json:4", "environments.live.class"},
    {HEAD "\"environments\": {\"test\": {\n\"acount\": \"1\"}}}", "environments.test.acount",
     "config.json:5", "\"account\""},
    {HEAD "\"environments\": {\"test\": {\"identities\": {\n\"depoly\": {}}}}}",
     "identities.depoly", "config.json:5", "\"deploy\""},
    {HEAD "\"owner\": 1,\n\"handlres\": {},\n\"environments\": {}}", "handlres",
     "config.json:5", "\"handlers\""},
    {HEAD "\"naming\": {\n\"pattern\": \"{projekt}\"},\n\"environments\": {}}",
     "no placeholder {projekt}", "config.json:5", "{project}"},
};

START_TEST(test_bad)
{
    const struct bad *row = &bads[_i];
    fractary_error error = FR_ERROR_INIT;
    fr_config *none = NULL;

    fixture_write(folder, FR_CONFIG_FILE, row->text);
    ck_assert_int_eq(fr_config_load(folder, &none, &error), FRACTARY_E_CONFIG);
    ck_assert_ptr_null(none);
    ck_assert_msg(strstr(error.message, row->says) != NULL ||
                      strstr(error.cause, row->says) != NULL,
                  "\"%s: %s\" does not say \"%s\"", error.message, error.cause, row->says);
    ck_assert_msg(fr_str_ends(error.place, row->place), "%s is not %s", error.place, row->place);
    assert_says(error.advice, row->advice);
    ck_assert_str_ne(error.advice, "");
    ck_assert_int_eq(fr_config_load(folder, &none, NULL), FRACTARY_E_CONFIG);
}
END_TEST

/* Far from every listed key, or beside the one that it resembles. */
START_TEST(test_other_keys_are_tolerated)
{
    static const char *const texts[] = {
        HEAD "\"team\": \"x\", \"environments\": {\"test\": {\"owner\": 1}}}",
        HEAD "\"environments\": {\"test\": {\"region\": \"a\", \"regions\": []}}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fractary_error error = FR_ERROR_INIT;
        fr_config *loaded = NULL;

        fixture_write(folder, FR_CONFIG_FILE, texts[i]);
        ck_assert_msg(fr_config_load(folder, &loaded, &error) == FRACTARY_OK, "%s", error.message);
        fr_config_free(loaded);
    }
}
END_TEST

START_TEST(test_too_large)
{
    fractary_error error = FR_ERROR_INIT;
    fr_config *none = NULL;
    fr_buf text = {0};

    for (size_t i = 0; i < 2000000; i++)
        fr_buf_putc(&text, ' ');
    fixture_write(folder, FR_CONFIG_FILE, fr_buf_text(&text));
    fr_buf_finish(&text);
    ck_assert_int_eq(fr_config_load(folder, &none, &error), FRACTARY_E_LIMIT);
}
END_TEST

/* --------------------------------------------------------------------- schema */

/* The file beside the source, for a test that runs in the source tree. */
static fr_json *source_json(const char *name, fr_buf *text)
{
    const char *source = getenv("FRACTARY_SOURCE");
    char *path = fr_path_join(source != NULL ? source : ".", name);

    ck_assert_int_eq(fr_file_read(path, 1 << 20, text, NULL), FRACTARY_OK);
    free(path);
    return fixture_json(fr_buf_text(text));
}

START_TEST(test_schema_is_the_file)
{
    fr_buf text = {0};
    fr_json *schema = source_json("core/project/config.schema.json", &text);

    ck_assert_uint_eq(text.length, fr_config_schema_length());
    ck_assert_str_eq(fr_buf_text(&text), fr_config_schema_text());
    fr_json_free(schema);
    fr_buf_finish(&text);
}
END_TEST

START_TEST(test_template_is_valid)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf text = {0};
    fr_json *tree = source_json("core/project/config.template.json", &text);
    fr_config *template = NULL;

    ck_assert_msg(fr_config_from_tree("/p", tree, &template, &error) == FRACTARY_OK, "%s: %s",
                  error.message, error.cause);
    ck_assert_str_eq(fr_config_folder(template), "/p/" FR_PROJECT_FOLDER);
    fr_config_free(template);
    fr_buf_finish(&text);
}
END_TEST

START_TEST(test_from_tree_checks)
{
    fractary_error error = FR_ERROR_INIT;
    fr_config *none = NULL;

    ck_assert_int_eq(fr_config_from_tree("/p", fixture_json("{\"version\": 1}"), &none, &error),
                     FRACTARY_E_CONFIG);
    ck_assert_ptr_null(none);
    ck_assert_int_eq(fr_config_from_tree("/p", NULL, &none, &error), FRACTARY_E_NOMEM);
}
END_TEST

/* --------------------------------------------------------------------- classes */

START_TEST(test_classes)
{
    static const char *const test[] = {"test",    "testing", "dev", "develop", "development",
                                       "sandbox", "sbx",     "ci",  "local",   "playground",
                                       "demo",    "Test",    "DEV"};
    static const char *const production[] = {"prod",   "production", "staging", "stage",
                                             "qa",     "uat",        "live",    "test2",
                                             "mytest", "",           "tests",   "preview"};

    for (size_t i = 0; i < sizeof test / sizeof *test; i++)
        ck_assert_msg(fr_class_by_name(test[i]) == FR_CLASS_TEST, "%s", test[i]);
    for (size_t i = 0; i < sizeof production / sizeof *production; i++)
        ck_assert_msg(fr_class_by_name(production[i]) == FR_CLASS_PRODUCTION, "%s", production[i]);
    ck_assert_str_eq(fr_class_name(FR_CLASS_TEST), "test");
    ck_assert_str_eq(fr_class_name(FR_CLASS_STAGING), "staging");
    ck_assert_str_eq(fr_class_name(FR_CLASS_PRODUCTION), "production");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");
    TCase *tests = tcase_create("config");

    tcase_add_checked_fixture(tests, enter, leave);
    tcase_add_test(tests, test_project);
    tcase_add_test(tests, test_environments);
    tcase_add_test(tests, test_unknown_environment);
    tcase_add_test(tests, test_handlers_sections_identities);
    tcase_add_test(tests, test_find);
    tcase_add_test(tests, test_not_found);
    tcase_add_loop_test(tests, test_bad, 0, (int)(sizeof bads / sizeof *bads));
    tcase_add_test(tests, test_other_keys_are_tolerated);
    tcase_add_test(tests, test_too_large);
    tcase_add_test(tests, test_schema_is_the_file);
    tcase_add_test(tests, test_template_is_valid);
    tcase_add_test(tests, test_from_tree_checks);
    tcase_add_test(tests, test_classes);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
