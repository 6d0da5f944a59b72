#include "base/path.h"

#include <check.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Compares and frees. */
static void expect(char *made, const char *wanted)
{
    ck_assert_ptr_nonnull(made);
    ck_assert_str_eq(made, wanted);
    free(made);
}

START_TEST(join)
{
    expect(fr_path_join("a", "b"), "a/b");
    expect(fr_path_join("a/", "b"), "a/b");
    expect(fr_path_join("/", "b"), "/b");
    expect(fr_path_join("a", "/b"), "/b");
    expect(fr_path_join("", "b"), "b");
    expect(fr_path_join("a", ""), "a");
    expect(fr_path_join(".", "b/c"), "./b/c");
}
END_TEST

START_TEST(parent_and_name)
{
    expect(fr_path_parent("a/b/c"), "a/b");
    expect(fr_path_parent("a//b"), "a");
    expect(fr_path_parent("a/b/"), "a");
    expect(fr_path_parent("a"), ".");
    expect(fr_path_parent(""), ".");
    expect(fr_path_parent("/a"), "/");
    expect(fr_path_parent("/"), "/");
    expect(fr_path_parent("//"), "/");
    ck_assert_str_eq(fr_path_name("a/b"), "b");
    ck_assert_str_eq(fr_path_name("b"), "b");
    ck_assert_str_eq(fr_path_name("/b"), "b");
    ck_assert_str_eq(fr_path_name("a/"), "");
}
END_TEST

START_TEST(absolute)
{
    expect(fr_path_absolute("/p", "a"), "/p/a");
    expect(fr_path_absolute("/p/q", "../a"), "/p/a");
    expect(fr_path_absolute("/p/q", "./a/./b/"), "/p/q/a/b");
    expect(fr_path_absolute("/p", "../../.."), "/");
    expect(fr_path_absolute("/p", "../../x"), "/x");
    expect(fr_path_absolute("/p", "/x//y/../z"), "/x/z");
    expect(fr_path_absolute("/p/", ""), "/p");
    expect(fr_path_absolute("/", "."), "/");
    expect(fr_path_absolute("/p", "a/..b/...c"), "/p/a/..b/...c");
}
END_TEST

START_TEST(relative)
{
    expect(fr_path_relative("/p", "/p/a/b"), "a/b");
    expect(fr_path_relative("/p/", "/p/a/../b"), "b");
    expect(fr_path_relative("/p", "/p"), ".");
    expect(fr_path_relative("/p", "/pq"), "/pq");
    expect(fr_path_relative("/p", "/p/../q"), "/p/../q");
    expect(fr_path_relative("/p", "a"), "a");
    expect(fr_path_relative("/", "/a"), "a");
    expect(fr_path_relative(".", "./a"), "a");
    expect(fr_path_relative("a", "a/b"), "b");
}
END_TEST

START_TEST(home)
{
    expect(fr_path_expand_home("~/.aws", "/home/u"), "/home/u/.aws");
    expect(fr_path_expand_home("~", "/home/u"), "/home/u");
    expect(fr_path_expand_home("~/", "/home/u"), "/home/u");
    expect(fr_path_expand_home("~other/x", "/home/u"), "~other/x");
    expect(fr_path_expand_home("a/~/b", "/home/u"), "a/~/b");
    expect(fr_path_expand_home("~/x", NULL), "~/x");
    expect(fr_path_expand_home("~//etc", "/home/u"), "/etc");
}
END_TEST

static const struct {
    const char *folder;
    const char *path;
    int below;
} pairs[] = {
    {"/a", "/a", 1},     {"/a", "/a/b", 1},    {"/a/", "/a/b/../c", 1},
    {"/a", "/ab", 0},    {"/a", "/a/../b", 0}, {"/a", "/a/b/../../c", 0},
    {"/a/b", "/a", 0},   {"/", "/x", 1},       {"/", "/", 1},
    {"/a", "a", 0},      {"a", "/a", 0},       {"a", "a/b", 1},
    {"a", "a/../b", 0},  {".", "x/y", 1},      {".", ".", 1},
    {".", "..", 0},      {".", "../x", 0},     {".", "x/../../y", 0},
    {"..", "../x", 1},   {"..", "../..", 0},   {"../a", "../a/b", 1},
    {"/a", "/a/..b", 1}, {".", "..b", 1},
};

START_TEST(below_by_text)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_msg(fr_path_is_below(pairs[i].folder, pairs[i].path) == pairs[i].below,
                      "%s in %s", pairs[i].path, pairs[i].folder);
}
END_TEST

static void touch(const char *path)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fclose(file);
}

START_TEST(below_in_truth)
{
    const char *folder = getenv("TMPDIR");
    char root[512];

    snprintf(root, sizeof root, "%s/fractary-path-XXXXXX", folder != NULL ? folder : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_int_eq(chdir(root), 0);
    ck_assert_int_eq(mkdir("in", 0755) | mkdir("in/deep", 0755) | mkdir("inside", 0755), 0);
    touch("in/deep/file");
    touch("outside");
    touch("inside/file");
    ck_assert_int_eq(symlink("../outside", "in/escape"), 0);
    ck_assert_int_eq(symlink("deep/file", "in/stays"), 0);
    ck_assert_int_eq(symlink("in", "link"), 0);
    ck_assert_int_eq(symlink("..", "in/up"), 0);

    ck_assert(fr_path_really_below("in", "in/deep/file"));
    ck_assert(fr_path_really_below("in", "in/deep"));
    ck_assert(fr_path_really_below("in", "in/stays"));
    ck_assert(fr_path_really_below("link", "in/deep/file"));
    ck_assert(fr_path_really_below("in", "link/deep/file"));
    ck_assert(fr_path_really_below("in", "outside/../in/stays") == 0); /* not a folder */
    ck_assert(fr_path_really_below("in", "in/up/in/stays"));
    ck_assert(!fr_path_really_below("in", "in/escape"));
    ck_assert(!fr_path_really_below("in", "in/up/outside"));
    ck_assert(!fr_path_really_below("in", "in/../outside"));
    ck_assert(!fr_path_really_below("in", "inside/file")); /* only the name begins alike */
    ck_assert(!fr_path_really_below("in", "in"));
    ck_assert(!fr_path_really_below("in", "in/missing"));
    ck_assert(!fr_path_really_below("missing", "in/stays"));

    static const char *const made[] = {"in/up",       "link",    "in/stays",    "in/escape",
                                       "inside/file", "outside", "in/deep/file"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        ck_assert_int_eq(unlink(made[i]), 0);
    ck_assert_int_eq(rmdir("in/deep") | rmdir("in") | rmdir("inside") | rmdir(root), 0);
}
END_TEST

START_TEST(components)
{
    char longest[257];

    memset(longest, 'x', sizeof longest);
    longest[256] = '\0';
    ck_assert(!fr_path_is_component(longest));
    longest[255] = '\0';
    ck_assert(fr_path_is_component(longest));
    static const char *const good[] = {"a", "...", "..a", ".hidden", "a b", "\xC3\xA9"};
    static const char *const bad[] = {"", ".", "..", "a/b", "/", "a\n", "\x7F", "\x1B[0m"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(fr_path_is_component(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!fr_path_is_component(bad[i]), "%s", bad[i]);
    ck_assert(!fr_path_is_component(NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("path");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, join);
    tcase_add_test(all, parent_and_name);
    tcase_add_test(all, absolute);
    tcase_add_test(all, relative);
    tcase_add_test(all, home);
    tcase_add_test(all, below_by_text);
    tcase_add_test(all, below_in_truth);
    tcase_add_test(all, components);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
