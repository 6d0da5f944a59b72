/* Loading: what a library must be before a function of it runs, on real ones
 * that each break one rule. */
#include "plugin/loader.h"
#include "unit/plugin_fixture.h"

#include "base/path.h"

#include <dlfcn.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The manifest of a mock. */
static fr_manifest *manifest_of(const char *name)
{
    fractary_error error = FR_ERROR_INIT;
    char *folder = fixture_mock(name);
    fr_manifest *manifest;

    ck_assert_msg(fr_manifest_read(folder, &manifest, &error) == FRACTARY_OK, "%s", error.message);
    free(folder);
    return manifest;
}

START_TEST(good_ones_are_loaded)
{
    static const char *const names[] = {"good-hosting", "good-iac", "good-skill", "good-agent"};
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest = manifest_of(names[_i]);
    fractary_plugin entry;

    ck_assert_msg(fr_loader_open(manifest, &entry, &error) == FRACTARY_OK, "%s", error.message);
    ck_assert_str_eq(entry.id, names[_i]);
    ck_assert_uint_eq(entry.abi, FRACTARY_ABI);
    ck_assert(entry.create != NULL && entry.destroy != NULL && entry.get_interface != NULL);
    fr_manifest_free(manifest);
}
END_TEST

START_TEST(the_same_library_is_opened_again)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest = manifest_of("good-iac");
    fractary_plugin first;
    fractary_plugin second;

    ck_assert_int_eq(fr_loader_open(manifest, &first, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_loader_open(manifest, &second, &error), FRACTARY_OK);
    ck_assert_mem_eq(&first, &second, sizeof first);
    fr_manifest_free(manifest);
}
END_TEST

/* Mocks, and what is said of their files. */
static const struct {
    const char *name, *says;
} bad[] = {
    {"no-symbol", "no-symbol.so does not export fractary_plugin_entry"},
    {"function-symbol",
     "function-symbol.so exports fractary_plugin_entry as something other than data"},
    {"size-zero", "size-zero.so says that its entry has 0 bytes"},
    {"size-huge", "size-huge.so says that its entry has 4294967295 bytes"},
    {"size-beyond", "size-beyond.so says that its entry has 4096 bytes"},
    {"wrong-major", "wrong-major.so is built for ABI 2.0, this fractary has 1.1"},
    {"id-differs", "id-differs.so says that it is \"id-other\""},
    {"version-differs", "version-differs.so is version \"1.0.1\", its plugin.json says \"1.0.0\""},
    {"slot-missing", "slot-missing.so has no destroy, which is mandatory"},
};

START_TEST(bad_ones_are_refused_in_one_sentence)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *manifest = manifest_of(bad[_i].name);
    char *start = fr_str_format("the plugin %s cannot be loaded: ", bad[_i].name);
    fractary_plugin entry;

    ck_assert_int_eq(fr_loader_open(manifest, &entry, &error), FRACTARY_E_PROTOCOL);
    ck_assert_int_eq(error.status, FRACTARY_E_PROTOCOL);
    ck_assert_msg(fr_str_starts(error.message, start), "%s", error.message);
    assert_says(error.message, bad[_i].says);
    ck_assert_str_eq(error.place, manifest->library);
    ck_assert_int_eq(fr_loader_open(manifest, &entry, NULL), FRACTARY_E_PROTOCOL);
    free(start);
    fr_manifest_free(manifest);
}
END_TEST

START_TEST(what_is_no_library_is_refused)
{
    fractary_error error = FR_ERROR_INIT;
    char *root = fixture_folder();
    char *folder = fr_path_join(root, "acme");
    fr_manifest *manifest;
    fractary_plugin entry;

    fixture_plugin(root, "acme", NULL);
    ck_assert_int_eq(fr_manifest_read(folder, &manifest, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_loader_open(manifest, &entry, &error), FRACTARY_E_FAILED);
    assert_says(error.message,
                "the plugin hosting-acme cannot be loaded: acme.so cannot be opened");
    ck_assert_str_ne(error.cause, "");
    fr_manifest_free(manifest);
    free(folder);
    fixture_remove(root);
}
END_TEST

START_TEST(what_a_plugin_exports_stays_its_own)
{
    fractary_error error = FR_ERROR_INIT;
    fr_manifest *good = manifest_of("good-skill");
    fr_manifest *none = manifest_of("no-symbol");
    fractary_plugin entry;

    ck_assert_int_eq(fr_loader_open(good, &entry, &error), FRACTARY_OK);
    ck_assert_ptr_null(dlsym(RTLD_DEFAULT, "fractary_plugin_entry"));
    ck_assert_int_eq(fr_loader_open(none, &entry, &error), FRACTARY_E_PROTOCOL);
    fr_manifest_free(good);
    fr_manifest_free(none);
}
END_TEST

START_TEST(a_module_without_an_entry_is_refused)
{
    fractary_error error = FR_ERROR_INIT;
    char *folder = fixture_mock("good-skill");
    char *file = fr_path_join(folder, "good-skill.so");

    ck_assert_ptr_null(fr_loader_open_module(file, &error));
    ck_assert_int_eq(error.status, FRACTARY_E_MISSING);
    assert_says(error.cause, "does not export fractary_module_entry");
    ck_assert_ptr_null(fr_loader_open_module("/nowhere/http.so", &error));
    assert_says(error.message, "http.so");
    free(file);
    free(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loader");
    TCase *tests = tcase_create("loader");

    tcase_add_loop_test(tests, good_ones_are_loaded, 0, 4);
    tcase_add_test(tests, the_same_library_is_opened_again);
    tcase_add_loop_test(tests, bad_ones_are_refused_in_one_sentence, 0, sizeof bad / sizeof *bad);
    tcase_add_test(tests, what_is_no_library_is_refused);
    tcase_add_test(tests, what_a_plugin_exports_stays_its_own);
    tcase_add_test(tests, a_module_without_an_entry_is_refused);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
