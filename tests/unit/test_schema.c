#include "base/schema.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static fr_json *parse(const char *text)
{
    fr_json_fault fault;
    fr_json *root = fr_json_parse(text, strlen(text), &fault);

    ck_assert_msg(root != NULL, "%s: %zu:%zu %s", text, fault.line, fault.column, fault.reason);
    return root;
}

static int32_t check(const char *schema_text, const char *value_text, fractary_error *error)
{
    fr_json *schema = parse(schema_text);
    fr_json *value = parse(value_text);
    const int32_t status = fr_schema_check(schema, value, error);

    ck_assert_int_eq(fr_schema_check(schema, value, NULL), status);
    fr_json_free(schema);
    fr_json_free(value);
    return status;
}

/* ---------------------------------------------------------------- the value */

/* `message` NULL: the value fits. */
static const struct {
    const char *schema;
    const char *value;
    const char *message;
} cases[] = {
    {"{}", "[1]", NULL},
    {"true", "1", NULL},
    {"false", "1", "top level: nothing may stand here"},
    {"{\"type\":\"string\"}", "\"\"", NULL},
    {"{\"type\":\"string\"}", "5", "top level: must be a string, found 5"},
    {"{\"type\":\"integer\"}", "5.0", NULL},
    {"{\"type\":\"integer\"}", "5.5", "top level: must be a whole number, found 5.5"},
    {"{\"type\":\"integer\"}", "\"5\"", "top level: must be a whole number, found \"5\""},
    {"{\"type\":\"number\"}", "5.5", NULL},
    {"{\"type\":\"number\"}", "null", "top level: must be a number, found null"},
    {"{\"type\":\"boolean\"}", "false", NULL},
    {"{\"type\":\"boolean\"}", "0", "top level: must be true or false, found 0"},
    {"{\"type\":\"null\"}", "null", NULL},
    {"{\"type\":\"null\"}", "{}", "top level: must be null, found an object"},
    {"{\"type\":\"array\"}", "[]", NULL},
    {"{\"type\":\"array\"}", "{}", "top level: must be a list, found an object"},
    {"{\"type\":\"object\"}", "[]", "top level: must be an object, found a list"},
    {"{\"type\":[\"string\",\"null\"]}", "null", NULL},
    {"{\"type\":[\"string\",\"null\"]}", "true", "top level: must be a string or null, found true"},

    {"{\"enum\":[\"a\",1,null]}", "null", NULL},
    {"{\"enum\":[\"a\",1]}", "2", "top level: must be one of \"a\", 1, found 2"},
    {"{\"enum\":[\"a\"]}", "\"b\"", "top level: must be \"a\", found \"b\""},
    {"{\"const\":1}", "1.0", NULL},
    {"{\"const\":{\"a\":[1]}}", "{\"a\":[1]}", NULL},
    {"{\"const\":1}", "2", "top level: must be 1, found 2"},

    {"{\"pattern\":\"^[a-z]+$\"}", "\"abc\"", NULL},
    {"{\"pattern\":\"^[a-z]+$\"}", "7", NULL},
    {"{\"pattern\":\"b\"}", "\"abc\"", NULL},
    {"{\"pattern\":\"^[a-z]+$\"}", "\"aBc\"", "top level: must match ^[a-z]+$, found \"aBc\""},
    {"{\"minLength\":2}", "\"\xC3\xA9\xC3\xA9\"", NULL},
    {"{\"minLength\":2}", "\"\xC3\xA9\"", "top level: must have at least 2 characters, found 1"},
    {"{\"minLength\":1}", "\"\"", "top level: must have at least 1 character, found 0"},
    {"{\"maxLength\":2}", "\"\xF0\x9F\x98\x80x\"", NULL},
    {"{\"maxLength\":2}", "\"abc\"", "top level: must have at most 2 characters, found 3"},
    {"{\"minLength\":2}", "1", NULL},
    {"{\"minimum\":0,\"maximum\":10}", "0", NULL},
    {"{\"minimum\":0,\"maximum\":10}", "10", NULL},
    {"{\"minimum\":0.5}", "0.25", "top level: must be at least 0.5, found 0.25"},
    {"{\"maximum\":10}", "11", "top level: must be at most 10, found 11"},
    {"{\"maximum\":10}", "\"x\"", NULL},
    {"{\"minItems\":1}", "[]", "top level: must have at least 1 item, found 0"},
    {"{\"maxItems\":2}", "[1,2,3]", "top level: must have at most 2 items, found 3"},
    {"{\"minItems\":1,\"maxItems\":2}", "[1]", NULL},
    {"{\"uniqueItems\":true}", "[1,\"1\",[1],{\"a\":1}]", NULL},
    {"{\"uniqueItems\":false}", "[1,1]", NULL},
    {"{\"uniqueItems\":true}", "[3,{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]",
     "top level: must not have the same item twice, as [1] and [2] are, found an object"},

    {"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"b\":1}", NULL},
    {"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1}", "a: must be a string, found 1"},
    {"{\"properties\":{\"a\":{\"type\":\"string\"}}}", "[1]", NULL},
    {"{\"required\":[\"a\"]}", "{\"a\":null}", NULL},
    {"{\"required\":[\"a\"]}", "{\"b\":1}", "top level: the key \"a\" is missing"},
    {"{\"required\":[\"a\"]}", "[]", NULL},
    {"{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"a\":1}", NULL},
    {"{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"a\":1,\"b\":2}",
     "b: there is no such key"},
    {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"x\":\"\",\"y\":2}",
     "y: must be a string, found 2"},
    {"{\"additionalProperties\":true}", "{\"x\":1}", NULL},
    {"{\"items\":{\"type\":\"string\"}}", "[\"a\",\"b\",3]", "[2]: must be a string, found 3"},
    {"{\"items\":false}", "[]", NULL},
    {"{\"items\":{\"properties\":{\"b c\":{\"items\":{\"const\":0}}}}}", "[{},{\"b c\":[0,1]}]",
     "[1][\"b c\"][1]: must be 0, found 1"},
    {"{\"properties\":{\"a\":{\"properties\":{\"b-c_1$\":false}}}}", "{\"a\":{\"b-c_1$\":0}}",
     "a.b-c_1$: nothing may stand here"},

    {"{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":5}]}", "7", NULL},
    {"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\"}]}", "7",
     "top level: must be a string or an object, found 7"},
    {"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\",\"required\":[\"a\"]}]}", "{}",
     "top level: the key \"a\" is missing"},
    {"{\"anyOf\":[{\"minimum\":5},{\"type\":\"number\",\"maximum\":1}]}", "3",
     "top level: fits none of the forms that are allowed, found 3"},
    {"{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "null", NULL},
    {"{\"oneOf\":[{\"minimum\":1},{\"maximum\":5}]}", "3",
     "top level: fits 2 of the forms where only one may fit, found 3"},
    {"{\"oneOf\":[{\"minimum\":1},{\"maximum\":5}]}", "7", NULL},
    {"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}", "\"\"", NULL},
    {"{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}", "1",
     "top level: must be a string, found 1"},
    {"{\"$ref\":\"#/$defs/a\",\"maximum\":3,\"$defs\":{\"a\":{\"type\":\"number\"}}}", "4",
     "top level: must be at most 3, found 4"},
    {"{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#/$defs/a\"}],"
     "\"$defs\":{\"a\":{\"type\":\"object\",\"additionalProperties\":false}}}",
     "{\"x\":1}", "x: there is no such key"},
    {"{\"$schema\":\"x\",\"title\":\"t\",\"description\":\"d\",\"x-help\":1,\"format\":\"uri\","
     "\"examples\":[],\"deprecated\":true,\"$comment\":\"c\",\"$id\":\"i\",\"default\":1}",
     "1", NULL},
};

START_TEST(values)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fractary_error error = FR_ERROR_INIT;
        const int32_t status = check(cases[i].schema, cases[i].value, &error);
        ck_assert_msg(status == (cases[i].message != NULL ? FRACTARY_E_CONFIG : FRACTARY_OK),
                      "%s %s: %s", cases[i].schema, cases[i].value, error.message);
        if (cases[i].message != NULL)
            ck_assert_str_eq(error.message, cases[i].message);
    }
}
END_TEST

static const char project[] =
    "{\"type\":\"object\",\"properties\":{\"environments\":{\"type\":\"object\","
    "\"additionalProperties\":{\"$ref\":\"#/$defs/environment\"}}},"
    "\"$defs\":{\"environment\":{\"type\":\"object\",\"required\":[\"class\"],"
    "\"additionalProperties\":false,\"properties\":{"
    "\"class\":{\"enum\":[\"test\",\"staging\",\"production\"],\"description\":\"what may be "
    "lost\"},"
    "\"region\":{\"type\":\"string\",\"pattern\":\"^[a-z]+-[a-z]+-[0-9]$\","
    "\"description\":\"a region, such as eu-west-1\"}}}}}";

static void expect(const char *value, const char *message, const char *place, const char *advice)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(check(project, value, &error), FRACTARY_E_CONFIG);
    ck_assert_str_eq(error.message, message);
    ck_assert_str_eq(error.place, place);
    ck_assert_str_eq(error.advice, advice);
}

START_TEST(what_the_user_reads)
{
    expect("{\"environments\":{\"test\":{\"class\":\"prod\"}}}",
           "environments.test.class: must be one of \"test\", \"staging\", \"production\", found "
           "\"prod\"",
           "environments.test.class", "");
    expect("{\"environments\":{\"test\":{\"class\":\"producton\"}}}",
           "environments.test.class: must be one of \"test\", \"staging\", \"production\", found "
           "\"producton\"",
           "environments.test.class", "did you mean \"production\"?");
    expect("{\"environments\":{\"test\":{\"class\":\"test\",\"regoin\":\"x\"}}}",
           "environments.test.regoin: there is no such key", "environments.test.regoin",
           "did you mean \"region\"?");
    expect("{\"environments\":{\"test\":{\"class\":\"test\",\"zzz\":\"x\"}}}",
           "environments.test.zzz: there is no such key", "environments.test.zzz",
           "keys there are: class, region");
    expect("{\"environments\":{\"test\":{}}}", "environments.test: the key \"class\" is missing",
           "environments.test", "add \"class\": what may be lost");
    expect("{\"environments\":{\"test\":{\"class\":\"test\",\"region\":\"mars\"}}}",
           "environments.test.region: does not have the right form, found \"mars\"",
           "environments.test.region", "a region, such as eu-west-1");
    expect("7", "top level: must be an object, found 7", "", "");
}
END_TEST

START_TEST(long_values_are_cut)
{
    fractary_error error = FR_ERROR_INIT;
    char value[400] = "\"";

    for (int i = 0; i < 90; i++)
        strcat(value, "\xE6\x97\xA5");
    strcat(value, "\"");
    ck_assert_int_eq(check("{\"type\":\"null\"}", value, &error), FRACTARY_E_CONFIG);
    ck_assert_uint_lt(strlen(error.message), 150);
    ck_assert_ptr_nonnull(strstr(error.message, "\xE6\x97\xA5\xE2\x80\xA6"));
}
END_TEST

/* --------------------------------------------------------------- the schema */

static const struct {
    const char *schema;
    const char *message;
} wrong[] = {
    {"1", "top level: must be an object, true or false"},
    {"[]", "top level: must be an object, true or false"},
    {"{\"allOf\":[{}]}", "allOf: this keyword is not supported"},
    {"{\"patternProperties\":{}}", "patternProperties: this keyword is not supported"},
    {"{\"requird\":[\"a\"]}", "requird: this keyword is not supported"},
    {"{\"properties\":{\"a\":{\"items\":{\"not\":{}}}}}", "properties.a.items.not: this keyword is "
                                                          "not supported"},
    {"{\"type\":\"text\"}", "type: there is no such type"},
    {"{\"type\":[\"string\",\"text\"]}", "type: there is no such type"},
    {"{\"type\":[]}", "type: must name a type"},
    {"{\"properties\":[]}", "properties: must be an object"},
    {"{\"properties\":{\"a\":1}}", "properties.a: must be an object, true or false"},
    {"{\"required\":\"a\"}", "required: must be a list of keys"},
    {"{\"required\":[1]}", "required: must be a list of keys"},
    {"{\"enum\":[]}", "enum: must be a list with something in it"},
    {"{\"oneOf\":{}}", "oneOf: must be a list with something in it"},
    {"{\"anyOf\":[{},{\"type\":1}]}", "anyOf[1].type: there is no such type"},
    {"{\"minimum\":\"1\"}", "minimum: must be a number"},
    {"{\"minLength\":-1}", "minLength: must be a whole number"},
    {"{\"maxItems\":1.5}", "maxItems: must be a whole number"},
    {"{\"uniqueItems\":1}", "uniqueItems: must be true or false"},
    {"{\"pattern\":1}", "pattern: must be a regular expression"},
    {"{\"pattern\":\"(\"}", "pattern: Unmatched ( or \\("},
    {"{\"pattern\":\"(a)\\\\1\"}", "pattern: back-references are not allowed"},
    {"{\"pattern\":\"((a{100}){100}){100}\"}", "pattern: is too large"},
    /* 512 to the power of 8 is 0 in 64 bits */
    {"{\"pattern\":\"((((((((a{512}){512}){512}){512}){512}){512}){512}){512})\"}",
     "pattern: is too large"},
    {"{\"pattern\":\"a{1,32767}\"}", "pattern: is too large"},
    {"{\"$ref\":\"#/$defs/none\"}", "$ref: leads to nothing"},
    {"{\"$ref\":\"other.json\",\"$defs\":{}}", "$ref: leads to nothing"},
    {"{\"$ref\":1}", "$ref: leads to nothing"},
    {"{\"properties\":{\"a\":{\"$defs\":{}}}}", "properties.a.$defs: stands at the top level only"},
    {"{\"$defs\":{\"a\":{\"if\":{}}}}", "$defs.a.if: this keyword is not supported"},
};

START_TEST(wrong_schemas)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fractary_error error = FR_ERROR_INIT;
        ck_assert_msg(check(wrong[i].schema, "1", &error) == FRACTARY_E_INVALID, "%s",
                      wrong[i].schema);
        ck_assert_msg(strstr(error.message, wrong[i].message) != NULL, "%s", error.message);
    }
    fractary_error error = FR_ERROR_INIT;
    check("{\"requird\":[\"a\"]}", "1", &error);
    ck_assert_str_eq(error.advice, "did you mean \"required\"?");
    ck_assert_int_eq(fr_schema_check(NULL, NULL, &error), FRACTARY_E_INVALID);
}
END_TEST

START_TEST(circles_end)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(
        check("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}", "1", &error),
        FRACTARY_E_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.cause, "refers to itself"));
}
END_TEST

/* Each level tries both forms: without the limit, 2^60 tries. */
START_TEST(work_is_bounded)
{
    fr_buf value = {0};
    fractary_error error = FR_ERROR_INIT;

    for (int i = 0; i < 60; i++)
        fr_buf_puts(&value, "{\"n\":");
    fr_buf_puts(&value, "1");
    for (int i = 0; i < 60; i++)
        fr_buf_putc(&value, '}');
    fr_json *schema =
        parse("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"object\",\"oneOf\":["
              "{\"properties\":{\"n\":{\"$ref\":\"#/$defs/a\"}},\"required\":[\"x\"]},"
              "{\"properties\":{\"n\":{\"$ref\":\"#/$defs/a\"}},\"required\":[\"y\"]}]}}}");
    fr_json *deep = parse(fr_buf_text(&value));
    const int32_t status = fr_schema_check(schema, deep, &error);
    ck_assert(status == FRACTARY_E_LIMIT || status == FRACTARY_E_CONFIG);
    ck_assert_str_ne(error.message, "");
    fr_json_free(schema);
    fr_json_free(deep);
    fr_buf_finish(&value);
}
END_TEST

/* ----------------------------------------------------------------- defaults */

static const struct {
    const char *schema;
    const char *value;
    const char *filled;
} fills[] = {
    {"{\"properties\":{\"a\":{\"default\":1},\"b\":{\"default\":[2]},\"c\":{}}}", "{\"b\":0}",
     "{\"b\":0,\"a\":1}"},
    {"{\"properties\":{\"a\":{\"default\":1}}}", "{\"a\":null}", "{\"a\":null}"},
    {"{\"properties\":{\"a\":{\"default\":{},\"properties\":{\"b\":{\"default\":1}}}}}", "{}",
     "{\"a\":{\"b\":1}}"},
    {"{\"properties\":{\"a\":{\"properties\":{\"b\":{\"default\":1}}}}}", "{}", "{}"},
    {"{\"properties\":{\"a\":{\"properties\":{\"b\":{\"default\":1}}}}}", "{\"a\":{}}",
     "{\"a\":{\"b\":1}}"},
    {"{\"properties\":{\"k\":{}},\"additionalProperties\":{\"properties\":{\"b\":{\"default\":1}}}"
     "}",
     "{\"k\":{},\"x\":{},\"y\":{\"b\":2}}", "{\"k\":{},\"x\":{\"b\":1},\"y\":{\"b\":2}}"},
    {"{\"items\":{\"properties\":{\"b\":{\"default\":1}}}}", "[{},{\"b\":2},3]",
     "[{\"b\":1},{\"b\":2},3]"},
    {"{\"items\":{\"$ref\":\"#/$defs/"
     "a\"},\"$defs\":{\"a\":{\"properties\":{\"b\":{\"default\":1}}}}}",
     "[{}]", "[{\"b\":1}]"},
    {"{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"object\",\"required\":[\"t\"],"
     "\"properties\":{\"b\":{\"default\":1}}},{\"type\":\"object\",\"maximum\":1,"
     "\"properties\":{\"t\":false,\"c\":{\"default\":2}}}]}",
     "{\"t\":0}", "{\"t\":0,\"b\":1}"},
    {"{\"anyOf\":[{\"required\":[\"t\"],\"properties\":{\"b\":{\"default\":1}}},"
     "{\"properties\":{\"c\":{\"default\":2}}}]}",
     "{}", "{\"c\":2}"},
    {"true", "{}", "{}"},
    {"{\"default\":5}", "7", "7"},
};

START_TEST(defaults)
{
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++) {
        fr_json *schema = parse(fills[i].schema);
        fr_json *value = parse(fills[i].value);
        fr_buf text = {0};
        ck_assert_int_eq(fr_schema_check(schema, value, NULL), FRACTARY_OK);
        ck_assert_int_eq(fr_schema_fill(schema, value), FRACTARY_OK);
        fr_json_print(value, &text);
        ck_assert_str_eq(fr_buf_text(&text), fills[i].filled);
        fr_buf_finish(&text);
        fr_json_free(schema);
        fr_json_free(value);
    }
}
END_TEST

START_TEST(defaults_without_end)
{
    fr_json *schema =
        parse("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"properties\":{\"n\":{\"default\":{},"
              "\"$ref\":\"#/$defs/a\"}}}}}");
    fr_json *value = fr_json_object();

    ck_assert_int_eq(fr_schema_fill(schema, value), FRACTARY_E_LIMIT);
    fr_json_free(schema);
    fr_json_free(value);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("schema");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, values);
    tcase_add_test(all, what_the_user_reads);
    tcase_add_test(all, long_values_are_cut);
    tcase_add_test(all, wrong_schemas);
    tcase_add_test(all, circles_end);
    tcase_add_test(all, work_is_bounded);
    tcase_add_test(all, defaults);
    tcase_add_test(all, defaults_without_end);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
