/* plugin.json: what is accepted, and how each thing that is wrong is named. */
#include "plugin/manifest.h"
#include "unit/plugin_fixture.h"

#include "base/path.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *root;

static void set_up(void)
{
    root = fixture_folder();
}

static void tear_down(void)
{
    fixture_remove(root);
}

/* Reads the plugin `name` below the root. */
static int32_t read_plugin(const char *name, fr_manifest **out, fractary_error *error)
{
    char *folder = fr_path_join(root, name);
    const int32_t status = fr_manifest_read(folder, out, error);

    free(folder);
    return status;
}

START_TEST(a_good_manifest_is_read)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_plugin(root, "any-folder", NULL);
    ck_assert_msg(read_plugin("any-folder", &manifest, &error) == FRACTARY_OK, "%s", error.message);
    ck_assert_str_eq(manifest->id, "hosting-acme");
    ck_assert_str_eq(manifest->version, "1.2.3");
    ck_assert_str_eq(manifest->kind, "hosting");
    ck_assert_str_eq(manifest->description, "The cloud of Acme");
    ck_assert_uint_eq(manifest->abi, 1u << 16);
    ck_assert(fr_path_is_below(manifest->folder, manifest->library));
    ck_assert_str_eq(fr_path_name(manifest->library), "acme.so");
    ck_assert_uint_eq(fr_json_count(manifest->needs), 2);
    ck_assert(fr_manifest_provides(manifest, "fractary.hosting/1"));
    ck_assert(!fr_manifest_provides(manifest, "fractary.http/1"));
    ck_assert_ptr_null(manifest->commands);
    fr_manifest_free(manifest);
}
END_TEST

/* Patches of the good manifest that leave it good. */
static const char *const harmless[] = {
    "{\"colour\":\"blue\",\"nested\":{\"unknown\":[1,2]}}", /* unknown keys */
    "{\"abi\":\"1.7\"}",                                    /* a later minor */
    "{\"needs\":null,\"files\":null,\"environ\":null,\"description\":null}",
    "{\"needs\":[\"org.example.weather/1\"]}", /* a service of others */
    "{\"provides\":[\"fractary.hosting/1\",\"fractary.hosting/2\",\"org.example.x/1\"]}",
    "{\"requires\":{\"tools\":[\"terraform\"]}}",
    "{\"id\":\"org.example.hosting-1\"}",
    "{\"config_schema\":\"config.schema.json\"}",
    "{\"library\":\"./acme.so\"}",
    ("{\"kind\":\"skill\",\"provides\":[\"fractary.skill/1\"],\"needs\":[\"fractary.handlers/1\"],"
     "\"commands\":[{\"name\":\"go\",\"summary\":\"Goes\"}]}"),
};

START_TEST(harmless_changes_are_accepted)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_plugin(root, "acme", harmless[_i]);
    ck_assert_msg(read_plugin("acme", &manifest, &error) == FRACTARY_OK, "%s: %s", harmless[_i],
                  error.message);
    fr_manifest_free(manifest);
}
END_TEST

/* Patches of the good manifest, what is then said, and at which key. */
static const struct {
    const char *patch, *says, *key;
} wrong[] = {
    {"{\"manifest\":2}", "its manifest is of form 2, known is 1", "manifest"},
    {"{\"manifest\":null}", "\"manifest\" must be the number 1", "manifest"},
    {"{\"manifest\":\"1\"}", "\"manifest\" must be the number 1", "manifest"},
    {"{\"manifest\":1.5}", "its manifest is of form 1.5", "manifest"},
    {"{\"id\":null}", "\"id\" is missing", "id"},
    {"{\"id\":7}", "\"id\" must be a string, found a number", "id"},
    {"{\"id\":\"\"}", "its id \"\" is not made of", "id"},
    {"{\"id\":\"../x\"}", "its id \"../x\" is not made of", "id"},
    {"{\"id\":\".x\"}", "its id \".x\" is not made of", "id"},
    {"{\"id\":\"Acme\"}", "its id \"Acme\" is not made of", "id"},
    {"{\"id\":\"a b\"}", "its id \"a b\" is not made of", "id"},
    {"{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
     "is not made of", "id"},
    {"{\"version\":null}", "\"version\" is missing", "version"},
    {"{\"version\":\"\"}", "its version \"\" is not one like", "version"},
    {"{\"version\":\"1.0\\n\"}", "is not one like", "version"},
    {"{\"abi\":null}", "\"abi\" is missing", "abi"},
    {"{\"abi\":1}", "\"abi\" must be a string, found a number", "abi"},
    {"{\"abi\":\"1\"}", "its abi \"1\" is not one like \"1.0\"", "abi"},
    {"{\"abi\":\"1.0.0\"}", "its abi \"1.0.0\" is not one like", "abi"},
    {"{\"abi\":\" 1.0\"}", "is not one like", "abi"},
    {"{\"abi\":\"1.65536\"}", "is not one like", "abi"},
    {"{\"abi\":\"4294967297.0\"}", "is not one like", "abi"},
    {"{\"abi\":\"2.0\"}", "it is built for ABI 2.0, this fractary has 1.1", "abi"},
    {"{\"abi\":\"0.9\"}", "it is built for ABI 0.9", "abi"},
    {"{\"kind\":\"cloud\"}", "its kind \"cloud\" is none of hosting, iac, skill, agent", "kind"},
    {"{\"kind\":\"iac\"}", "a plugin of kind iac must provide \"fractary.iac/1\"", "provides"},
    {"{\"provides\":null}", "\"provides\" is missing", "provides"},
    {"{\"provides\":[]}", "must provide \"fractary.hosting/1\"", "provides"},
    {"{\"provides\":[1]}", "each element of \"provides\" must be a string", "provides"},
    {"{\"provides\":{}}", "\"provides\" must be an array, found an object", "provides"},
    {"{\"needs\":[\"fractary.http/9\"]}",
     "it needs the service \"fractary.http/9\", which this fractary does not have", "needs"},
    {"{\"needs\":[\"fractary.handlers/1\"]}",
     "a plugin of kind hosting does not get the service \"fractary.handlers/1\"", "needs"},
    {"{\"needs\":[\"\"]}", "an array of texts that are not empty", "needs"},
    {"{\"files\":\"~\"}", "\"files\" must be an array, found a string", "files"},
    {"{\"environ\":[null]}", "each element of \"environ\" must be a string", "environ"},
    {"{\"requires\":{\"tools\":[1]}}", "each element of \"tools\" must be a string",
     "requires.tools"},
    {"{\"library\":null}", "\"library\" is missing", "library"},
    {"{\"library\":\"\"}", "is not a path inside the plugin's folder", "library"},
    {"{\"library\":\"gone.so\"}", "its library \"gone.so\" is not there", "library"},
    {"{\"library\":\"../x.so\"}", "\"../x.so\" is not a path inside the plugin's folder",
     "library"},
    {"{\"library\":\"a/../../x.so\"}", "is not a path inside the plugin's folder", "library"},
    {"{\"library\":\"/lib/x.so\"}", "\"/lib/x.so\" is not a path inside", "library"},
    {"{\"library\":\".\"}", "its library \".\" is not a file", "library"},
    {"{\"config_schema\":\"../s.json\"}", "is not a path inside the plugin's folder",
     "config_schema"},
    {"{\"commands\":[{\"name\":\"go\",\"summary\":\"Goes\"}]}",
     "a plugin of kind hosting has no commands", "commands"},
    {"{\"kind\":\"agent\",\"provides\":[\"fractary.agent/1\"],\"needs\":[],"
     "\"commands\":[{\"name\":\"go\"}]}",
     "\"summary\" is missing", "commands[0].summary"},
    {"{\"group\":[]}", "\"group\" must be an object", "group"},
};

START_TEST(what_is_wrong_is_named)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;
    char *place = fr_str_format("acme/plugin.json: %s", wrong[_i].key);

    fixture_plugin(root, "acme", wrong[_i].patch);
    ck_assert_int_ne(read_plugin("acme", &manifest, &error), FRACTARY_OK);
    ck_assert_ptr_null(manifest);
    ck_assert_int_lt(error.status, 0);
    assert_says(error.message, "the plugin acme is refused: ");
    assert_says(error.message, wrong[_i].says);
    ck_assert_msg(fr_str_ends(error.place, place), "%s: %s", wrong[_i].patch, error.place);
    ck_assert_str_ne(error.advice, "");
    free(place);
}
END_TEST

START_TEST(newer_ones_say_that_a_newer_fractary_is_needed)
{
    static const char *const patches[] = {"{\"manifest\":2}", "{\"needs\":[\"fractary.moon/1\"]}"};
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_plugin(root, "acme", patches[_i]);
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.advice, "newer fractary");
}
END_TEST

START_TEST(a_library_that_is_absent_is_missing)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_plugin(root, "acme", "{\"library\":\"gone.so\"}");
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_MISSING);
}
END_TEST

/* Texts that are no manifest, what is said, and where. */
static const struct {
    const char *text, *says, *place;
} texts[] = {
    {"", "plugin.json is not JSON", "plugin.json:1:1"},
    {"{\"manifest\":1,\n \"id\" \"x\"}", "plugin.json is not JSON", "plugin.json:2:7"},
    {"{\"manifest\":1,\"manifest\":1}", "plugin.json is not JSON", "plugin.json:1:15"},
    {"[]", "plugin.json is not an object", "plugin.json"},
    {"1", "plugin.json is not an object", "plugin.json"},
    {"{\"manifest\":1} x", "plugin.json is not JSON", "plugin.json:1:16"},
};

START_TEST(what_is_not_json_has_line_and_column)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_plugin_text(root, "acme", texts[_i].text);
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, texts[_i].says);
    ck_assert_msg(fr_str_ends(error.place, texts[_i].place), "%s", error.place);
}
END_TEST

START_TEST(a_manifest_over_1_mib_is_refused)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;
    const size_t length = FR_MANIFEST_LIMIT + 1;
    char *text = malloc(length + 1);

    memset(text, ' ', length);
    memcpy(text, fixture_manifest, strlen(fixture_manifest));
    text[length - 1] = '\0';
    fixture_plugin_text(root, "acme", text);
    ck_assert_msg(read_plugin("acme", &manifest, &error) == FRACTARY_OK, "%s", error.message);
    fr_manifest_free(manifest);
    text[length - 1] = ' ';
    text[length] = '\0';
    fixture_plugin_text(root, "acme", text);
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "plugin.json has more than 1 MiB");
    free(text);
}
END_TEST

START_TEST(a_folder_without_one_is_said)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_write(root, "acme/README", "nothing here");
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_MISSING);
    assert_says(error.message, "the plugin acme is refused: it has no plugin.json");
    ck_assert_int_eq(read_plugin("none", &manifest, &error), FRACTARY_E_MISSING);
    assert_says(error.message, "the plugin none is refused: it has no plugin.json");
}
END_TEST

/* Puts a link `name` into the plugin's folder. */
static void add_link(const char *name, const char *target)
{
    char *path = fr_str_format("%s/acme/%s", root, name);

    ck_assert_int_eq(symlink(target, path), 0);
    free(path);
}

START_TEST(a_link_out_of_the_folder_is_refused)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_write(root, "outside/x.so", "");
    fixture_plugin(root, "acme", "{\"library\":\"link.so\"}");
    add_link("link.so", "../outside/x.so");
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "is a link that leads out of the plugin's folder");
}
END_TEST

START_TEST(a_linked_folder_out_is_refused)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_write(root, "outside/x.so", "");
    fixture_plugin(root, "acme", "{\"library\":\"lib/x.so\"}");
    add_link("lib", "../outside");
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "is a link that leads out of the plugin's folder");
}
END_TEST

START_TEST(a_link_that_stays_inside_is_fine)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;

    fixture_plugin(root, "acme", "{\"library\":\"link.so\"}");
    add_link("link.so", "acme.so");
    ck_assert_msg(read_plugin("acme", &manifest, &error) == FRACTARY_OK, "%s", error.message);
    fr_manifest_free(manifest);
}
END_TEST

START_TEST(a_fifo_is_no_library)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest;
    char *path;

    fixture_plugin(root, "acme", "{\"library\":\"pipe.so\"}");
    path = fr_str_format("%s/acme/pipe.so", root);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    free(path);
    ck_assert_int_eq(read_plugin("acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "is not a file");
}
END_TEST

START_TEST(no_error_is_needed)
{
    fr_manifest *manifest;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fixture_plugin(root, "acme", wrong[i].patch);
        ck_assert_int_ne(read_plugin("acme", &manifest, NULL), FRACTARY_OK);
    }
    fr_manifest_free(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("manifest");
    TCase *tests = tcase_create("manifest");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_good_manifest_is_read);
    tcase_add_loop_test(tests, harmless_changes_are_accepted, 0,
                        sizeof harmless / sizeof *harmless);
    tcase_add_loop_test(tests, what_is_wrong_is_named, 0, sizeof wrong / sizeof *wrong);
    tcase_add_loop_test(tests, newer_ones_say_that_a_newer_fractary_is_needed, 0, 2);
    tcase_add_test(tests, a_library_that_is_absent_is_missing);
    tcase_add_loop_test(tests, what_is_not_json_has_line_and_column, 0,
                        sizeof texts / sizeof *texts);
    tcase_add_test(tests, a_manifest_over_1_mib_is_refused);
    tcase_add_test(tests, a_folder_without_one_is_said);
    tcase_add_test(tests, a_link_out_of_the_folder_is_refused);
    tcase_add_test(tests, a_linked_folder_out_is_refused);
    tcase_add_test(tests, a_link_that_stays_inside_is_fine);
    tcase_add_test(tests, a_fifo_is_no_library);
    tcase_add_test(tests, no_error_is_needed);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
