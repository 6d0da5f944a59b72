/* The catalog: places, order, shadowing, and bad plugins kept with a reason. */
#include "plugin/catalog.h"
#include "unit/plugin_fixture.h"

#include "base/path.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *root;
static char *user;
static char *system_wide;

static void set_up(void)
{
    root = fixture_folder();
    user = fr_path_join(root, "user");
    system_wide = fr_path_join(root, "system");
}

static void tear_down(void)
{
    free(user);
    free(system_wide);
    fixture_remove(root);
}

static fr_catalog *read_both(void)
{
    const fr_catalog_place places[] = {{"user", user}, {"system", system_wide}};
    fractary_error error = FR_ERROR_INIT;
    fr_catalog *catalog;

    ck_assert_msg(fr_catalog_read(places, 2, &catalog, &error) == FRACTARY_OK, "%s", error.message);
    return catalog;
}

static const char *id_at(const fr_catalog *catalog, size_t index)
{
    const fr_catalog_entry *entry = fr_catalog_at(catalog, index);

    return entry->manifest != NULL ? entry->manifest->id : fr_path_name(entry->folder);
}

START_TEST(places_that_do_not_exist_are_empty)
{
    fr_catalog *catalog = read_both();

    ck_assert_uint_eq(fr_catalog_count(catalog), 0);
    fr_catalog_free(catalog);
    fr_catalog_free(NULL);
}
END_TEST

START_TEST(all_are_listed_by_name)
{
    fr_catalog *catalog;

    fixture_plugin(system_wide, "zeta", "{\"id\":\"zeta\"}");
    fixture_plugin(system_wide, "alpha", "{\"id\":\"alpha\"}");
    fixture_plugin(user, "middle", "{\"id\":\"middle\"}");
    fixture_write(user, "README", "no plugin");
    fixture_write(user, ".hidden/plugin.json", "{}");
    catalog = read_both();
    ck_assert_uint_eq(fr_catalog_count(catalog), 3);
    ck_assert_str_eq(id_at(catalog, 0), "alpha");
    ck_assert_str_eq(id_at(catalog, 1), "middle");
    ck_assert_str_eq(id_at(catalog, 2), "zeta");
    ck_assert_str_eq(fr_catalog_at(catalog, 0)->origin, "system");
    ck_assert_str_eq(fr_catalog_at(catalog, 1)->origin, "user");
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(an_earlier_place_shadows_a_later_one)
{
    fractary_error error = FR_ERROR_INIT;
    const fr_manifest *manifest;
    fr_catalog *catalog;

    fixture_plugin(system_wide, "acme", "{\"id\":\"acme\",\"version\":\"9.0\"}");
    fixture_plugin(user, "zz-own", "{\"id\":\"acme\",\"version\":\"1.0\"}");
    catalog = read_both();
    ck_assert_uint_eq(fr_catalog_count(catalog), 2);
    ck_assert_ptr_null(fr_catalog_at(catalog, 0)->shadowed_by);
    ck_assert_str_eq(fr_catalog_at(catalog, 0)->origin, "user");
    ck_assert_ptr_eq(fr_catalog_at(catalog, 1)->shadowed_by, fr_catalog_at(catalog, 0));
    ck_assert_int_eq(fr_catalog_find(catalog, "acme", &manifest, &error), FRACTARY_OK);
    ck_assert_str_eq(manifest->version, "1.0");
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(a_bad_one_shadows_nothing)
{
    fractary_error error = FR_ERROR_INIT;
    const fr_manifest *manifest;
    fr_catalog *catalog;

    fixture_plugin(user, "acme", "{\"id\":\"acme\",\"abi\":\"7.0\"}");
    fixture_plugin(system_wide, "acme", "{\"id\":\"acme\"}");
    catalog = read_both();
    ck_assert_uint_eq(fr_catalog_count(catalog), 2);
    ck_assert_ptr_null(fr_catalog_at(catalog, 0)->manifest);
    assert_says(fr_catalog_at(catalog, 0)->error->message, "it is built for ABI 7.0");
    ck_assert_ptr_null(fr_catalog_at(catalog, 1)->shadowed_by);
    ck_assert_int_eq(fr_catalog_find(catalog, "acme", &manifest, &error), FRACTARY_OK);
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(the_bad_one_that_is_needed_says_why)
{
    fractary_error error = FR_ERROR_INIT;
    const fr_manifest *manifest;
    fr_catalog *catalog;

    fixture_plugin(user, "acme", "{\"id\":\"acme\",\"abi\":\"7.0\"}");
    catalog = read_both();
    ck_assert_int_eq(fr_catalog_find(catalog, "acme", &manifest, &error), FRACTARY_E_CONFIG);
    assert_says(error.message, "the plugin acme is refused: it is built for ABI 7.0");
    ck_assert_ptr_null(manifest);
    ck_assert_int_eq(fr_catalog_find(catalog, "acme", &manifest, NULL), FRACTARY_E_CONFIG);
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(an_absent_one_names_its_package)
{
    fractary_error error = FR_ERROR_INIT;
    const fr_manifest *manifest;
    fr_catalog *catalog;

    fixture_plugin(user, "hosting-acme", NULL);
    catalog = read_both();
    ck_assert_int_eq(fr_catalog_find(catalog, "hosting-acne", &manifest, &error),
                     FRACTARY_E_MISSING);
    assert_says(error.message, "the plugin hosting-acne is not installed");
    assert_says(error.cause, "hosting-acme");
    assert_says(error.advice, "install the package fractary-hosting-acne");
    ck_assert_int_eq(fr_catalog_find(catalog, "moon", &manifest, &error), FRACTARY_E_MISSING);
    ck_assert_str_eq(error.cause, "");
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(a_link_to_a_folder_is_followed)
{
    fractary_error error = FR_ERROR_INIT;
    const fr_manifest *manifest;
    fr_catalog *catalog;
    char *link;

    fixture_plugin(root, "elsewhere/acme-2", "{\"id\":\"acme\"}");
    fixture_write(user, "dangling-is-made-beside-this", "");
    link = fr_path_join(user, "acme");
    ck_assert_int_eq(symlink("../elsewhere/acme-2", link), 0);
    free(link);
    link = fr_path_join(user, "dangling");
    ck_assert_int_eq(symlink("../nowhere", link), 0);
    free(link);
    catalog = read_both();
    ck_assert_uint_eq(fr_catalog_count(catalog), 1);
    ck_assert_int_eq(fr_catalog_find(catalog, "acme", &manifest, &error), FRACTARY_OK);
    assert_says(manifest->library, "/elsewhere/acme-2/acme.so");
    assert_says(fr_catalog_at(catalog, 0)->folder, "/user/acme");
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(two_of_one_place_are_told_apart_by_folder)
{
    fr_catalog *catalog;

    fixture_plugin(user, "b", "{\"id\":\"acme\"}");
    fixture_plugin(user, "a", "{\"id\":\"acme\"}");
    catalog = read_both();
    ck_assert_ptr_null(fr_catalog_at(catalog, 0)->shadowed_by);
    ck_assert_str_eq(fr_path_name(fr_catalog_at(catalog, 0)->folder), "a");
    ck_assert_ptr_eq(fr_catalog_at(catalog, 1)->shadowed_by, fr_catalog_at(catalog, 0));
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(a_place_with_too_many_is_one_bad_entry)
{
    fr_catalog *catalog;
    char name[32];

    fixture_plugin(system_wide, "acme", "{\"id\":\"acme\"}");
    for (int i = 0; i < 4097; i++) {
        snprintf(name, sizeof name, "d%d", i);
        char *folder = fr_path_join(user, name);
        mkdir(user, 0755);
        ck_assert_int_eq(mkdir(folder, 0755), 0);
        free(folder);
    }
    catalog = read_both();
    ck_assert_uint_eq(fr_catalog_count(catalog), 2);
    ck_assert_str_eq(fr_catalog_at(catalog, 1)->folder, user);
    ck_assert_int_eq(fr_catalog_at(catalog, 1)->error->status, FRACTARY_E_LIMIT);
    ck_assert_str_ne(fr_catalog_at(catalog, 1)->error->message, "");
    fr_catalog_free(catalog);
}
END_TEST

START_TEST(a_place_that_is_a_file_is_left_out)
{
    fr_catalog *catalog;

    fixture_write(root, "user", "not a folder");
    fixture_plugin(system_wide, "acme", "{\"id\":\"acme\"}");
    catalog = read_both();
    ck_assert_uint_eq(fr_catalog_count(catalog), 1);
    ck_assert_str_eq(id_at(catalog, 0), "acme");
    fr_catalog_free(catalog);
}
END_TEST

/* Non-zero when a file with that in its path is mapped into the process. */
static int is_mapped(const char *part)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[4096];
    int found = 0;

    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps) != NULL)
        found |= strstr(line, part) != NULL;
    fclose(maps);
    return found;
}

START_TEST(reading_runs_no_foreign_code)
{
    char *mocks = fixture_mock("");
    const fr_catalog_place place = {"tree", mocks};
    fractary_error error = FR_ERROR_INIT;
    const fr_manifest *manifest;
    fr_catalog *catalog;

    ck_assert_int_eq(fr_catalog_read(&place, 1, &catalog, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_catalog_find(catalog, "good-iac", &manifest, &error), FRACTARY_OK);
    ck_assert(is_mapped("libc.so"));
    ck_assert(!is_mapped("good-iac.so"));
    ck_assert(!is_mapped("/mocks/"));
    fr_catalog_free(catalog);
    free(mocks);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalog");
    TCase *tests = tcase_create("catalog");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, places_that_do_not_exist_are_empty);
    tcase_add_test(tests, all_are_listed_by_name);
    tcase_add_test(tests, an_earlier_place_shadows_a_later_one);
    tcase_add_test(tests, a_bad_one_shadows_nothing);
    tcase_add_test(tests, the_bad_one_that_is_needed_says_why);
    tcase_add_test(tests, an_absent_one_names_its_package);
    tcase_add_test(tests, a_link_to_a_folder_is_followed);
    tcase_add_test(tests, two_of_one_place_are_told_apart_by_folder);
    tcase_add_test(tests, a_place_with_too_many_is_one_bad_entry);
    tcase_add_test(tests, a_place_that_is_a_file_is_left_out);
    tcase_add_test(tests, reading_runs_no_foreign_code);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
