/* What of the code decides about init, and what does not. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "hcl.h"
#include "paths.h"

/* The facts of a text, sorted, one a line; the caller frees it. */
static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static char *facts_of(const char *text, int json)
{
    fr_tf_facts facts = {0};
    fr_buf out = {0};
    if (json)
        fr_tf_facts_json(&facts, text, strlen(text));
    else
        fr_tf_facts_hcl(&facts, text, strlen(text));
    ck_assert(!facts.failed);
    fr_vec_sort(&facts.lines, compare);
    for (size_t i = 0; i < facts.lines.count; i++)
        fr_buf_printf(&out, "%s\n", (const char *)facts.lines.items[i]);
    for (size_t i = 0; i < facts.sources.count; i++)
        fr_buf_printf(&out, "local %s\n", (const char *)facts.sources.items[i]);
    fr_tf_facts_finish(&facts);
    return fr_buf_steal(&out);
}

static void expect(const char *text, int json, const char *wanted)
{
    char *found = facts_of(text, json);
    ck_assert_str_eq(found, wanted);
    free(found);
}

static void expect_same(const char *a, const char *b)
{
    char *facts = facts_of(a, 0);
    expect(b, 0, facts);
    free(facts);
}

static void expect_other(const char *a, const char *b)
{
    char *one = facts_of(a, 0);
    char *two = facts_of(b, 0);
    ck_assert_str_ne(one, two);
    free(one);
    free(two);
}

START_TEST(blocks_that_count)
{
    expect(
        "terraform {\n  required_version = \">= 1.5\" # why\n  backend \"s3\" {\n    key = \"x\"\n"
        "  }\n}\n",
        0, "terraform required_version = \">= 1.5\" backend \"s3\" { key = \"x\" } }\n");
    expect("module \"app\" {\n  source  = \"./app\"\n  version = \"1.0\"\n  size = 3\n}\n", 0,
           "module app\nmodule app source ./app\nmodule app version \"1.0\"\nlocal ./app\n");
    expect("module \"m\" { source = \"../m\" }", 0, "module m\nmodule m source ../m\nlocal ../m\n");
    expect("provider \"aws\" {\n  region = \"x\"\n}\n", 0, "uses aws\n");
    expect("resource \"aws_s3_bucket\" \"b\" {\n  provider = aws.west\n}\n", 0,
           "uses aws\nuses aws . west\n");
    expect("data \"http\" \"x\" {}\nephemeral \"vault_kv\" \"y\" {\n}\n", 0,
           "uses http\nuses vault\n");
    expect("variable \"v\" {}\nlocals {\n a = 1\n}\noutput \"o\" { value = 1 }\n", 0, "");
}
END_TEST

START_TEST(the_body_of_a_resource_does_not_count)
{
    expect_same("resource \"aws_x\" \"a\" {\n  name = \"one\"\n}\n",
                "# another\nresource \"aws_x\" \"a\" {\n  name = \"two\"\n  tags = { a = \"}\" }\n"
                "  policy = <<-EOT\n  module \"no\" { source = \"./no\" }\n  EOT\n}\n");
    expect_same("module \"m\" {\n  source = \"./m\"\n  a = 1\n}\n",
                "module \"m\" {\n  a = {\n    source = \"./nested\"\n  }\n  source = \"./m\"\n}\n");
    expect_same("terraform {\n required_version = \"1\"\n}\n",
                "/* c */ terraform { // d\n\n\n  required_version   =   \"1\"\n}\n");
}
END_TEST

START_TEST(what_init_depends_on_counts)
{
    expect_other("module \"m\" {\n source = \"./a\"\n}\n",
                 "module \"m\" {\n source = \"./b\"\n}\n");
    expect_other("module \"m\" {\n source = \"a/b/c\"\n version = \"1\"\n}\n",
                 "module \"m\" {\n source = \"a/b/c\"\n version = \"2\"\n}\n");
    expect_other("terraform {\n backend \"s3\" {\n key = \"a\"\n}\n}\n",
                 "terraform {\n backend \"s3\" {\n key = \"b\"\n}\n}\n");
    expect_other("resource \"aws_x\" \"a\" {\n}\n", "resource \"random_x\" \"a\" {\n}\n");
}
END_TEST

START_TEST(strings_and_templates)
{
    expect(
        "locals {\n  a = \"${join(\"}\", [\"{\"])} $${ %%{ \\\" \"\n  b = \"%{ if true }{%{ endif }"
        "\"\n}\nmodule \"m\" {\n  source = \"./m\"\n}\n",
        0, "module m\nmodule m source ./m\nlocal ./m\n");
    expect("locals {\n  a = <<EOF\n}\nmodule \"x\" {\nEOF\n}\nprovider \"p\" {}\n", 0, "uses p\n");
    expect("locals {\n  a = 8 << 2\n}\nprovider \"p\" {}\n", 0, "uses p\n");
}
END_TEST

/* The tool will complain; we only must come to an end. */
START_TEST(broken_code)
{
    static const char *const texts[] = {
        "resource \"a",
        "module \"m\" {",
        "terraform {\n",
        "}}}}",
        "{{{{",
        "\"${\"${\"${",
        "/* never closed",
        "x = <<EOF\nnever closed",
        "module \"m\" { source =",
        "<<",
        "\"\\",
        "#",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(facts_of(texts[i], 0));
    char nested[4096];
    for (size_t i = 0; i + 3 < sizeof nested; i += 3)
        memcpy(nested + i, "\"${", 3);
    nested[sizeof nested - 1] = '\0';
    nested[sizeof nested - 2] = ' ';
    free(facts_of(nested, 0));
}
END_TEST

START_TEST(code_in_json)
{
    expect("{\"terraform\":{\"required_version\":\"1\"},\"module\":{\"m\":{\"source\":\"./m\","
           "\"version\":\"2\"}},\"provider\":{\"aws\":{}},\"resource\":{\"aws_s3_bucket\":{\"b\":"
           "{\"provider\":\"aws.x\"}}},\"data\":[{\"http\":{\"h\":{}}}]}",
           1,
           "module m source ./m\nmodule m version 2\nterraform {\"required_version\":\"1\"}\n"
           "uses aws\nuses aws\nuses aws.x\nuses http\nlocal ./m\n");
    char *one = facts_of("{not json", 1);
    char *two = facts_of("{not json either", 1);
    ck_assert_str_ne(one, two);
    ck_assert(fr_str_starts(one, "json "));
    free(one);
    free(two);
}
END_TEST

static void expect_path(const char *folder, const char *path, const char *wanted)
{
    char *joined = fr_tf_path_join(folder, path);
    ck_assert_str_eq(joined, wanted);
    free(joined);
}

START_TEST(paths)
{
    expect_path("infra", "main.tf", "infra/main.tf");
    expect_path("infra/env", "../modules/x", "infra/modules/x");
    expect_path("infra", "../../x", "../x");
    expect_path("", "./a/./b/", "a/b");
    expect_path("", ".", "");
    expect_path("infra", "/etc/x", "/etc/x");
    expect_path("..", "..", "../..");
    ck_assert(fr_tf_path_escapes("../x") && fr_tf_path_escapes("..") && fr_tf_path_escapes("/x"));
    ck_assert(!fr_tf_path_escapes("..x") && !fr_tf_path_escapes("") && !fr_tf_path_escapes("a"));
    ck_assert_str_eq(fr_tf_path_name("/usr/bin/tofu"), "tofu");
    ck_assert_str_eq(fr_tf_path_name("tofu"), "tofu");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("facts");
    TCase *tests = tcase_create("facts");
    tcase_add_test(tests, blocks_that_count);
    tcase_add_test(tests, the_body_of_a_resource_does_not_count);
    tcase_add_test(tests, what_init_depends_on_counts);
    tcase_add_test(tests, strings_and_templates);
    tcase_add_test(tests, broken_code);
    tcase_add_test(tests, code_in_json);
    tcase_add_test(tests, paths);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
