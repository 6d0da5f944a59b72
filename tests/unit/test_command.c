/* Commands as data: the shape of their tables, and options built by them. */
#include "plugin/command.h"
#include "unit/plugin_fixture.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char good[] =
    "{\"group\":{\"name\":\"infra-manage\",\"summary\":\"Infrastructure\"},\"commands\":["
    "{\"name\":\"deploy\",\"top_level\":\"deploy\",\"summary\":\"Deploys\",\"run\":true,"
    "\"examples\":[\"fractary deploy --env test\"],"
    "\"arguments\":[{\"name\":\"stack\",\"help\":\"Which one\",\"required\":true},"
    "{\"name\":\"target\",\"help\":\"Addresses\",\"repeat\":true}],"
    "\"options\":[{\"name\":\"env\",\"type\":\"environment\",\"help\":\"Where\"},"
    "{\"name\":\"ask\",\"type\":\"flag\",\"help\":\"Ask first\"},"
    "{\"name\":\"parallelism\",\"type\":\"integer\",\"default\":10,\"help\":\"At once\"},"
    "{\"name\":\"color\",\"type\":\"string\",\"values\":[\"red\",\"green\"],"
    "\"default\":\"red\",\"help\":\"Colour\"},"
    "{\"name\":\"var\",\"type\":\"string\",\"repeat\":true,\"help\":\"Variables\"},"
    "{\"name\":\"tag\",\"type\":\"string\",\"repeat\":true,\"default\":[\"a\"],"
    "\"values\":[\"a\",\"b\"],\"help\":\"Tags\"},"
    "{\"name\":\"file\",\"type\":\"path\",\"help\":\"Read this\",\"hidden\":true}]},"
    "{\"name\":\"show\",\"summary\":\"Shows\",\"project\":false}]}";

START_TEST(good_tables_pass)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *manifest = fixture_json(good);
    fr_json *empty = fixture_json("{}");

    ck_assert_msg(fr_command_check(manifest, &error) == FRACTARY_OK, "%s: %s", error.place,
                  error.message);
    ck_assert_int_eq(fr_command_check(empty, &error), FRACTARY_OK);
    fr_json_free(empty);
    fr_json_free(manifest);
}
END_TEST

#define COMMAND(rest) "{\"commands\":[{\"name\":\"go\",\"summary\":\"Goes\"," rest "}]}"
#define OPTION(rest)  COMMAND("\"options\":[{" rest "}]")
#define NAMED(rest)   OPTION("\"name\":\"x\",\"help\":\"X\"," rest)

static const struct {
    const char *manifest, *says, *place;
} wrong[] = {
    {"{\"commands\":{}}", "\"commands\" must be an array, found an object", "commands"},
    {"{\"commands\":[1]}", "each element of \"commands\" must be an object", "commands"},
    {"{\"commands\":[{}]}", "\"name\" is missing", "commands[0].name"},
    {"{\"commands\":[{\"name\":\"go\"}]}", "\"summary\" is missing", "commands[0].summary"},
    {"{\"commands\":[{\"name\":\"Go\",\"summary\":\"\"}]}", "the name \"Go\" is not made of",
     "commands[0]"},
    {"{\"commands\":[{\"name\":\"-x\",\"summary\":\"\"}]}", "the name \"-x\" is not made of",
     "commands[0]"},
    {"{\"commands\":[{\"name\":\"a\",\"summary\":\"\"},{\"name\":\"a\",\"summary\":\"\"}]}",
     "the command \"a\" is there twice", "commands[0]"},
    {COMMAND("\"top_level\":\"a b\""), "the top_level \"a b\" is not made of", "commands[0]"},
    {COMMAND("\"run\":1"), "\"run\" must be true or false, found a number", "commands[0].run"},
    {COMMAND("\"examples\":[1]"), "each element of \"examples\" must be a string",
     "commands[0].examples"},
    {COMMAND("\"arguments\":[{\"name\":\"a\"}]"), "\"help\" is missing",
     "commands[0].arguments[0].help"},
    {COMMAND("\"arguments\":[{\"name\":\"a\",\"help\":\"\",\"repeat\":true},"
             "{\"name\":\"b\",\"help\":\"\"}]"),
     "the argument \"a\" repeats and is not the last one", "commands[0].arguments[0]"},
    {COMMAND("\"arguments\":[{\"name\":\"a\",\"help\":\"\"},"
             "{\"name\":\"b\",\"help\":\"\",\"required\":true}]"),
     "the argument \"a\" may be left out, but the one behind it may not",
     "commands[0].arguments[0]"},
    {COMMAND("\"arguments\":[{\"name\":\"x\",\"help\":\"\"}],"
             "\"options\":[{\"name\":\"x\",\"type\":\"flag\",\"help\":\"\"}]"),
     "the name \"x\" is given twice", "commands[0].arguments[0]"},
    {COMMAND("\"options\":[{\"name\":\"x\",\"type\":\"flag\",\"help\":\"\"},"
             "{\"name\":\"x\",\"type\":\"flag\",\"help\":\"\"}]"),
     "the name \"x\" is given twice", "commands[0].options[0]"},
    {OPTION("\"name\":\"json\",\"type\":\"flag\",\"help\":\"\""),
     "the option \"json\" is one that every command has", "commands[0].options[0]"},
    {OPTION("\"name\":\"x\",\"help\":\"\""), "\"type\" is missing", "commands[0].options[0].type"},
    {NAMED("\"type\":\"float\""),
     "the type \"float\" is none of flag, string, integer, path, environment",
     "commands[0].options[0]"},
    {NAMED("\"type\":\"integer\",\"values\":[\"1\"]"),
     "only an option of type string has values, not \"x\"", "commands[0].options[0]"},
    {NAMED("\"type\":\"flag\",\"repeat\":true"), "the flag \"x\" cannot repeat",
     "commands[0].options[0]"},
    {NAMED("\"type\":\"integer\",\"default\":\"many\""), "the default of \"x\" does not fit",
     "commands[0].options[0]"},
    {NAMED("\"type\":\"string\",\"values\":[\"a\"],\"default\":\"b\""),
     "the default of \"x\" does not fit", "commands[0].options[0]"},
    {NAMED("\"type\":\"string\",\"repeat\":true,\"default\":\"b\""),
     "the default of \"x\" does not fit", "commands[0].options[0]"},
    {NAMED("\"type\":\"string\",\"default\":[\"b\"]"), "the default of \"x\" does not fit",
     "commands[0].options[0]"},
    {"{\"group\":{\"name\":\"a\"}}", "\"summary\" is missing", "group.summary"},
    {"{\"group\":{\"name\":\"A\",\"summary\":\"\"}}", "the name \"A\" is not made of", "group"},
    {"{\"group\":\"a\"}", "\"group\" must be an object", "group"},
};

START_TEST(what_is_wrong_has_its_place)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *manifest = fixture_json(wrong[_i].manifest);

    ck_assert_msg(fr_command_check(manifest, &error) == FRACTARY_E_CONFIG, "%s",
                  wrong[_i].manifest);
    ck_assert_int_eq(fr_command_check(manifest, NULL), FRACTARY_E_CONFIG);
    assert_says(error.message, wrong[_i].says);
    ck_assert_str_eq(error.place, wrong[_i].place);
    fr_json_free(manifest);
}
END_TEST

START_TEST(numbers_of_things_are_bounded)
{
    static const struct {
        const char *before, *item, *behind;
        size_t most;
    } lists[] = {
        {"{\"commands\":[", "{\"name\":\"c%zu\",\"summary\":\"\"}", "]}", 64},
        {"{\"commands\":[{\"name\":\"c\",\"summary\":\"\",\"options\":[",
         "{\"name\":\"o%zu\",\"type\":\"flag\",\"help\":\"\"}", "]}]}", 64},
        {"{\"commands\":[{\"name\":\"c\",\"summary\":\"\",\"arguments\":[",
         "{\"name\":\"a%zu\",\"help\":\"\"}", "]}]}", 16},
    };
    fractary_error error = FR_ERROR_INIT;

    for (size_t count = lists[_i].most; count <= lists[_i].most + 1; count++) {
        fr_buf text = {0};
        fr_buf_puts(&text, lists[_i].before);
        for (size_t i = 0; i < count; i++) {
            const char *number = strstr(lists[_i].item, "%zu");
            fr_buf_printf(&text, "%s%.*s%zu%s", i > 0 ? "," : "", (int)(number - lists[_i].item),
                          lists[_i].item, i, number + 3);
        }
        fr_buf_puts(&text, lists[_i].behind);
        fr_json *manifest = fixture_json(fr_buf_text(&text));
        ck_assert_int_eq(fr_command_check(manifest, &error),
                         count > lists[_i].most ? FRACTARY_E_CONFIG : FRACTARY_OK);
        fr_json_free(manifest);
        fr_buf_finish(&text);
    }
}
END_TEST

/* Builds the options of "deploy" from `given`. */
static int32_t build(const char *given, fr_json **out, fractary_error *error)
{
    fr_json *manifest = fixture_json(good);
    const fr_json *command = fr_json_first(fr_json_get(manifest, "commands"));
    fr_json *values = given != NULL ? fixture_json(given) : NULL;
    const int32_t status = fr_command_options(command, values, out, error);

    fr_json_free(values);
    fr_json_free(manifest);
    return status;
}

/* What is given, and the options that come of it. */
static const struct {
    const char *given, *options;
} builds[] = {
    {"{\"stack\":\"app\"}",
     "{\"stack\":\"app\",\"ask\":false,\"parallelism\":10,\"color\":\"red\",\"tag\":[\"a\"]}"},
    {"{\"stack\":\"app\",\"ask\":true,\"env\":\"test\",\"color\":\"green\",\"file\":\"x.tf\","
     "\"parallelism\":\"-3\",\"tag\":[\"b\"],\"target\":[\"a\",\"b\"],\"var\":[]}",
     "{\"stack\":\"app\",\"ask\":true,\"env\":\"test\",\"color\":\"green\",\"file\":\"x.tf\","
     "\"parallelism\":-3,\"tag\":[\"b\"],\"target\":[\"a\",\"b\"],\"var\":[]}"},
    {"{\"stack\":\"app\",\"var\":\"a=1\",\"target\":\"t\",\"parallelism\":4}",
     "{\"stack\":\"app\",\"var\":[\"a=1\"],\"target\":[\"t\"],\"parallelism\":4,\"ask\":false,"
     "\"color\":\"red\",\"tag\":[\"a\"]}"},
    {"{\"stack\":\"\",\"parallelism\":\"9007199254740992\"}",
     "{\"stack\":\"\",\"parallelism\":9007199254740992,\"ask\":false,\"color\":\"red\","
     "\"tag\":[\"a\"]}"},
};

START_TEST(options_are_built)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *expected = fixture_json(builds[_i].options);
    fr_json *options;
    fr_buf text = {0};

    ck_assert_msg(build(builds[_i].given, &options, &error) == FRACTARY_OK, "%s", error.message);
    fr_json_print(options, &text);
    ck_assert_msg(fr_json_equal(options, expected), "%s", fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(options);
    fr_json_free(expected);
}
END_TEST

static const struct {
    const char *given, *says, *cause, *advice;
} refusals[] = {
    {NULL, "the argument <stack> is missing", "Which one", "--help"},
    {"{}", "the argument <stack> is missing", "Which one", "--help"},
    {"{\"stack\":\"a\",\"evn\":\"test\"}", "there is no option --evn", "the command deploy",
     "did you mean --env?"},
    {"{\"stack\":\"a\",\"frobnicate\":\"x\"}", "there is no option --frobnicate", "", "--help"},
    {"{\"stack\":\"a\",\"color\":\"gren\"}", "--color does not take \"gren\"",
     "allowed are red, green", "did you mean green?"},
    {"{\"stack\":\"a\",\"color\":1}", "--color needs a text, found 1", "Colour", ""},
    {"{\"stack\":\"a\",\"color\":[\"red\"]}", "--color needs a text, found [\"red\"]", "", ""},
    {"{\"stack\":\"a\",\"tag\":[\"a\",\"c\"]}", "--tag does not take \"c\"", "allowed are a, b",
     ""},
    {"{\"stack\":\"a\",\"parallelism\":\"x\"}", "--parallelism needs a whole number, found \"x\"",
     "At once", ""},
    {"{\"stack\":\"a\",\"parallelism\":\"\"}", "--parallelism needs a whole number", "", ""},
    {"{\"stack\":\"a\",\"parallelism\":\"+1\"}", "--parallelism needs a whole number", "", ""},
    {"{\"stack\":\"a\",\"parallelism\":1.5}", "--parallelism needs a whole number, found 1.5", "",
     ""},
    {"{\"stack\":\"a\",\"parallelism\":\"9007199254740993\"}", "--parallelism needs a whole number",
     "", ""},
    {"{\"stack\":\"a\",\"ask\":\"yes\"}", "--ask needs true or false, found \"yes\"", "", ""},
    {"{\"stack\":\"a\",\"env\":\"\"}", "--env needs the name of an environment", "", ""},
    {"{\"stack\":\"a\",\"env\":null}", "--env needs the name of an environment, found null", "",
     ""},
    {"{\"stack\":\"a\",\"file\":\"\"}", "--file needs a path", "", ""},
    {"{\"stack\":1}", "<stack> needs a text, found 1", "", ""},
    {"{\"stack\":\"a\",\"target\":[\"x\",2]}", "<target> needs a text, found 2", "", ""},
    {"[]", "options must be an object", "", ""},
};

START_TEST(wrong_options_are_refused)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *options;

    ck_assert_int_eq(build(refusals[_i].given, &options, &error), FRACTARY_E_INVALID);
    ck_assert_ptr_null(options);
    assert_says(error.message, refusals[_i].says);
    assert_says(error.cause, refusals[_i].cause);
    assert_says(error.advice, refusals[_i].advice);
    ck_assert_int_eq(build(refusals[_i].given, &options, NULL), FRACTARY_E_INVALID);
}
END_TEST

START_TEST(a_repeated_option_is_bounded)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf text = {0};
    fr_json *options;

    fr_buf_puts(&text, "{\"stack\":\"a\",\"var\":[\"0\"");
    for (int i = 0; i < 128; i++)
        fr_buf_printf(&text, ",\"%d\"", i);
    fr_buf_puts(&text, "]}");
    ck_assert_int_eq(build(fr_buf_text(&text), &options, &error), FRACTARY_E_INVALID);
    assert_says(error.message, "--var is given more than 128 times");
    fr_buf_finish(&text);
}
END_TEST

START_TEST(commands_are_found_by_name)
{
    fr_json *tree = fixture_json(good);
    const fr_manifest manifest = {.tree = tree, .commands = fr_json_get(tree, "commands")};
    const fr_manifest none = {0};

    ck_assert_str_eq(fr_json_get_string(fr_command_find(&manifest, "show"), "summary"), "Shows");
    ck_assert_ptr_null(fr_command_find(&manifest, "sho"));
    ck_assert_ptr_null(fr_command_find(&none, "show"));
    ck_assert_str_eq(fr_command_nearest(&manifest, "depoly"), "deploy");
    ck_assert_ptr_null(fr_command_nearest(&manifest, "teardown"));
    fr_json_free(tree);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("command");
    TCase *tests = tcase_create("command");

    tcase_add_test(tests, good_tables_pass);
    tcase_add_loop_test(tests, what_is_wrong_has_its_place, 0, sizeof wrong / sizeof *wrong);
    tcase_add_loop_test(tests, numbers_of_things_are_bounded, 0, 3);
    tcase_add_loop_test(tests, options_are_built, 0, sizeof builds / sizeof *builds);
    tcase_add_loop_test(tests, wrong_options_are_refused, 0, sizeof refusals / sizeof *refusals);
    tcase_add_test(tests, a_repeated_option_is_bounded);
    tcase_add_test(tests, commands_are_found_by_name);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
