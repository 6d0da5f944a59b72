/* files/1: roots, links, bounds, and writing whole. */
#include <check.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "plugin_fixture.h"
#include "service_fixture.h"

static service_fixture f;
static const fractary_files *files;
static fractary_error error;
static fr_buf text;
static fractary_sink sink;
static fr_json *roots, *variables;
static char *home, *project, *outside;

/* Beside the project and the home there is what is none of a plugin's business. */
static void make_folders(void)
{
    home = fr_str_format("%s/home", f.folder);
    project = fr_str_format("%s/project", f.folder);
    outside = fr_str_format("%s/outside", f.folder);
    fixture_write(home, ".aws/config", "[default]");
    fixture_write(home, "dotfiles/credentials", "[linked]");
    fixture_write(home, ".ssh/key", "private");
    fixture_write(project, "infra/main.tf", "resource");
    fixture_write(outside, "secret", "secret");
    f.context.home = home;
}

static void link_to(const char *target, const char *folder, const char *name)
{
    char *path = fr_str_format("%s/%s", folder, name);
    ck_assert_int_eq(symlink(target, path), 0);
    free(path);
}

static void make_config(void)
{
    fr_json *tree =
        fixture_json("{\"version\":1,\"project\":{\"name\":\"orders\"},"
                     "\"handlers\":{\"hosting\":\"hosting-aws\",\"iac\":\"iac-terraform\"},"
                     "\"environments\":{\"test\":{\"class\":\"test\"}}}");
    fr_config *config = NULL;
    ck_assert_int_eq(fr_config_from_tree(project, tree, &config, &error), FRACTARY_OK);
    f.context.config = config;
}

static void open_files(const char *manifest_files, const char *manifest_environ)
{
    void *made = NULL;
    roots = fixture_json(manifest_files);
    variables = fixture_json(manifest_environ);
    f.guest.files = roots;
    f.guest.environ = variables;
    ck_assert_int_eq(fr_files_service.create(&f.context, &f.guest, &made, &error), FRACTARY_OK);
    files = made;
}

static void close_files(void)
{
    fr_files_service.destroy((void *)(uintptr_t)files);
    fr_json_free(roots);
    fr_json_free(variables);
}

static void set_up(void)
{
    service_fixture_init(&f);
    memset(&error, 0, sizeof error);
    error.size = sizeof error;
    sink = fr_buf_sink(&text);
    make_folders();
    make_config();
    open_files("[\"~/.aws\",\"{project}\",\"{data}\",\"$NAMED_FILE\",\"$HIDDEN_FILE\",\"/etc\",7]",
               "[\"NAMED_*\"]");
}

static void tear_down(void)
{
    close_files();
    fr_config_free((fr_config *)(uintptr_t)f.context.config);
    fr_buf_finish(&text);
    free(home);
    free(project);
    free(outside);
    service_fixture_finish(&f);
}

static int32_t read_path(const char *path)
{
    fr_buf_clear(&text);
    return files->read(files, path, 1000, &sink, &error);
}

static int32_t read_in(const char *folder, const char *name)
{
    char *path = fr_str_format("%s/%s", folder, name);
    const int32_t status = read_path(path);
    free(path);
    return status;
}

/* --------------------------------------------------------------------- read */

START_TEST(files_below_the_roots_are_read)
{
    ck_assert_int_eq(read_path("~/.aws/config"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "[default]");
    ck_assert_int_eq(read_path("{project}/infra/main.tf"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "resource");
    ck_assert_int_eq(read_in(project, "infra/../infra/main.tf"), FRACTARY_OK);
    ck_assert_int_eq(read_path("~/.aws/none"), FRACTARY_E_NOTFOUND);
}
END_TEST

START_TEST(files_elsewhere_are_refused)
{
    ck_assert_int_eq(read_in(outside, "secret"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("~/.ssh/key"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("~/.awsome"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("{project}/../outside/secret"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("/etc/passwd"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("infra/main.tf"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("~root/.aws/config"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path(""), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path(NULL), FRACTARY_E_INVALID);
    assert_says(error.message, "no path");
}
END_TEST

START_TEST(links_do_not_lead_out)
{
    char *key = fr_str_format("%s/outside/secret", f.folder);
    link_to(key, project, "linked.tf");
    link_to(outside, project, "modules");
    char *aws = fr_str_format("%s/.aws", home);
    link_to(key, aws, "stolen");
    link_to("../dotfiles/credentials", aws, "credentials");
    ck_assert_int_eq(read_path("{project}/linked.tf"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("{project}/modules/secret"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("~/.aws/stolen"), FRACTARY_E_REFUSED);
    assert_says(error.cause, "link");
    /* The user's own files may be linked among each other. */
    ck_assert_int_eq(read_path("~/.aws/credentials"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "[linked]");
    link_to("infra/main.tf", project, "inside.tf");
    ck_assert_int_eq(read_path("{project}/inside.tf"), FRACTARY_OK);
    free(aws);
    free(key);
}
END_TEST

START_TEST(reading_is_bounded)
{
    fr_buf_clear(&text);
    ck_assert_int_eq(files->read(files, "~/.aws/config", 8, &sink, &error), FRACTARY_E_LIMIT);
    ck_assert_int_eq(files->read(files, "~/.aws/config", 9, &sink, &error), FRACTARY_OK);
    ck_assert_int_eq(files->read(files, "{project}/infra", 1000, &sink, &error), FRACTARY_E_IO);
    ck_assert_int_eq(files->read(files, "~/.aws/config", 9, NULL, &error), FRACTARY_E_INVALID);
}
END_TEST

START_TEST(variables_name_files)
{
    char *path = fr_str_format("%s/secret", outside);
    setenv("NAMED_FILE", path, 1);
    setenv("HIDDEN_FILE", outside, 1);
    close_files();
    open_files("[\"$NAMED_FILE\",\"$HIDDEN_FILE\",\"$UNSET\"]", "[\"NAMED_*\",\"UNSET\"]");
    ck_assert_int_eq(read_path(path), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "secret");
    /* Not a variable that the plugin may read. */
    ck_assert_int_eq(read_in(outside, "other"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->write(files, path, "x", 1, &error), FRACTARY_E_REFUSED);
    free(path);
}
END_TEST

/* --------------------------------------------------------------------- list */

START_TEST(folders_are_listed)
{
    link_to("infra", project, "other");
    ck_assert_int_eq(files->list(files, "{project}", &sink, &error), FRACTARY_OK);
    assert_says(fr_buf_text(&text), "{\"name\":\"infra\",\"kind\":\"folder\"");
    assert_says(fr_buf_text(&text), "{\"name\":\"other\",\"kind\":\"link\"");
    fr_buf_clear(&text);
    ck_assert_int_eq(files->list(files, "{project}/infra", &sink, &error), FRACTARY_OK);
    assert_says(fr_buf_text(&text), "{\"name\":\"main.tf\",\"kind\":\"file\",\"size\":8,"
                                    "\"modified\":\"");
    ck_assert_int_eq(files->list(files, "{project}/none", &sink, &error), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(files->list(files, "~/.ssh", &sink, &error), FRACTARY_E_REFUSED);
}
END_TEST

/* -------------------------------------------------------------------- write */

static mode_t mode_below(const char *folder, const char *name)
{
    char *path = fr_str_format("%s/%s", folder, name);
    struct stat info;
    ck_assert_msg(stat(path, &info) == 0, "%s is not there", path);
    free(path);
    return info.st_mode & 0777;
}

START_TEST(data_is_written_and_appended)
{
    ck_assert_int_eq(files->write(files, "{data}/cache/a", "one", 3, &error), FRACTARY_OK);
    ck_assert_int_eq(read_path("{data}/cache/a"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "one");
    ck_assert_int_eq(files->append(files, "{data}/log", "l1\n", 3, &error), FRACTARY_OK);
    ck_assert_int_eq(files->append(files, "{data}/log", "l2\n", 3, &error), FRACTARY_OK);
    ck_assert_int_eq(read_path("{data}/log"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "l1\nl2\n");
    char *data = fr_str_format("%s/" FR_PROJECT_FOLDER "/data/test/default/tester", project);
    ck_assert_int_eq(mode_below(data, "log"), 0600);
    ck_assert_int_eq(mode_below(data, "cache/a"), 0600);
    ck_assert_int_eq(mode_below(data, ""), 0700);
    free(data);
}
END_TEST

START_TEST(project_is_read_only)
{
    ck_assert_int_eq(files->write(files, "{project}/infra/main.tf", "x", 1, &error),
                     FRACTARY_E_REFUSED);
    assert_says(error.cause, "write");
    ck_assert_int_eq(files->append(files, "{project}/new", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("{project}/infra/main.tf"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "resource");
}
END_TEST

START_TEST(nothing_is_written_through_a_link)
{
    ck_assert_int_eq(files->write(files, "{data}/first", "x", 1, &error), FRACTARY_OK);
    char *data = fr_str_format("%s/" FR_PROJECT_FOLDER "/data/test/default/tester", project);
    link_to(outside, data, "way");
    link_to("../../../../../../../../outside/secret", data, "file");
    link_to("../../../../../../../../outside/made", data, "dangling");
    ck_assert_int_eq(files->write(files, "{data}/way/secret", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->write(files, "{data}/way/new/deep", "x", 1, &error),
                     FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->append(files, "{data}/file", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->append(files, "{data}/dangling", "x", 1, &error), FRACTARY_E_REFUSED);
    /* A whole new file takes the place of the link. */
    ck_assert_int_eq(files->write(files, "{data}/file", "new", 3, &error), FRACTARY_OK);
    fr_buf_clear(&text);
    char *secret = fr_str_format("%s/secret", outside);
    ck_assert_int_eq(fr_file_read(secret, 100, &text, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "secret");
    free(secret);
    free(data);
}
END_TEST

START_TEST(root_itself_is_no_file)
{
    ck_assert_int_eq(files->write(files, "{data}", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->write(files, "{data}/", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->write(files, "{data}/x/..", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->write(files, "{data}/a", NULL, 1, &error), FRACTARY_E_INVALID);
}
END_TEST

START_TEST(without_a_project_there_is_none)
{
    const fr_config *config = f.context.config;
    close_files();
    f.context.config = NULL;
    open_files("[\"{project}\",\"{data}\",\"~/.aws\"]", "[]");
    ck_assert_int_eq(read_path("{project}/infra/main.tf"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(files->write(files, "{data}/a", "x", 1, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(read_path("~/.aws/config"), FRACTARY_OK);
    f.context.config = config;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("files");
    TCase *cases = tcase_create("files");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, files_below_the_roots_are_read);
    tcase_add_test(cases, files_elsewhere_are_refused);
    tcase_add_test(cases, links_do_not_lead_out);
    tcase_add_test(cases, reading_is_bounded);
    tcase_add_test(cases, variables_name_files);
    tcase_add_test(cases, folders_are_listed);
    tcase_add_test(cases, data_is_written_and_appended);
    tcase_add_test(cases, project_is_read_only);
    tcase_add_test(cases, nothing_is_written_through_a_link);
    tcase_add_test(cases, root_itself_is_no_file);
    tcase_add_test(cases, without_a_project_there_is_none);
    suite_add_tcase(suite, cases);
    return fixture_run(suite);
}
