#include "base/json_outline.h"
#include "base/json_scan.h"
#include "base/json_walk.h"
#include <check.h>
#include <fractary-plugin/json.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static fr_json *parse(const char *text)
{
    fr_json_fault fault;
    fr_json *root = fr_json_parse(text, strlen(text), &fault);

    ck_assert_msg(root != NULL, "%s: %zu:%zu %s", text, fault.line, fault.column, fault.reason);
    return root;
}

static char *print(const fr_json *value)
{
    fr_buf out = {0};

    ck_assert_int_eq(fr_json_print(value, &out), FRACTARY_OK);
    return fr_buf_steal(&out);
}

static void expect(const fr_json *value, const char *wanted)
{
    char *text = print(value);

    ck_assert_str_eq(text, wanted);
    free(text);
}

/* ------------------------------------------------------------- what is read */

/* A text and how it prints. */
static const struct {
    const char *text;
    const char *printed;
} accepted[] = {
    {"null", "null"},
    {"true", "true"},
    {" false ", "false"},
    {"\r\n\t 1\r\n\t ", "1"},
    {"{}", "{}"},
    {"[ ]", "[]"},
    {"[1 , 2]", "[1,2]"},
    {"{ \"a\" : [ ] , \"b\" : { } }", "{\"a\":[],\"b\":{}}"},
    {"{\"\":0}", "{\"\":0}"},
    {"{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}"},
    {"[{\"a\":1},{\"a\":1}]", "[{\"a\":1},{\"a\":1}]"},
    {"{\"a\":{\"a\":1}}", "{\"a\":{\"a\":1}}"},
    {"\"\"", "\"\""},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
    {"\"\\u0041\\u00e9\\u65E5\"", "\"A\xC3\xA9\xE6\x97\xA5\""},
    {"\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\""},
    {"\"\\uDBFF\\uDFFF\"", "\"\xF4\x8F\xBF\xBF\""},
    {"\"\\u0001\\u001f\\u007f\"", "\"\\u0001\\u001f\x7F\""},
    {"\"\xE2\x80\xA8\xEF\xBF\xBF\"", "\"\xE2\x80\xA8\xEF\xBF\xBF\""},
    {"0", "0"},
    {"-0", "-0"},
    {"-1", "-1"},
    {"0.5", "0.5"},
    {"-0.1", "-0.1"},
    {"1.0", "1"},
    {"1E2", "100"},
    {"1e+2", "100"},
    {"1.5e-3", "0.0015"},
    {"1e-7", "1e-07"},
    {"1e15", "1000000000000000"},
    {"1234567890123456", "1234567890123456"},
    {"1700000000000.25", "1700000000000.25"},
    {"9007199254740992", "9007199254740992"},
    {"-9007199254740992", "-9007199254740992"},
    {"9007199254740993", "\"9007199254740993\""},
    {"-9007199254740993", "\"-9007199254740993\""},
    {"10000000000000000", "\"10000000000000000\""},
    {"[1,18446744073709551616,2]", "[1,\"18446744073709551616\",2]"},
    {"{\"n\":99999999999999999999,\"m\":[88888888888888888888]}",
     "{\"n\":\"99999999999999999999\",\"m\":[\"88888888888888888888\"]}"},
    {"1e16", "1e+16"},
    {"12345678901234567890.0", "1.2345678901234567e+19"},
    {"9007199254740994.0", "9.007199254740994e+15"},
    {"1.7976931348623157e308", "1.7976931348623157e+308"},
    {"5e-324", "4.94065645841247e-324"},
    {"1e-999", "0"},
    {"0.1000000000000000055511151231257827021181583404541015625000000000000000000", "0.1"},
    {"[0.1000000000000000055511151231257827021181583404541015625000000000000000000,2]", "[0.1,2]"},
    {"0.30000000000000004", "0.30000000000000004"},
};

START_TEST(accepted_texts)
{
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        fr_json *root = parse(accepted[i].text);
        expect(root, accepted[i].printed);
        fr_json_free(root);
    }
}
END_TEST

/* A text, where it is wrong, and a part of the reason. */
static const struct {
    const char *text;
    size_t line, column;
    const char *reason;
} refused[] = {
    {"", 1, 1, "ends too early"},
    {"  \n ", 2, 2, "ends too early"},
    {"nul", 1, 1, "a value is expected"},
    {"True", 1, 1, "a value is expected"},
    {"NaN", 1, 1, "a value is expected"},
    {"-Infinity", 1, 2, "a digit is missing"},
    {"'a'", 1, 1, "a value is expected"},
    {"// c\n1", 1, 1, "a value is expected"},
    {"\xEF\xBB\xBF{}", 1, 1, "a value is expected"}, /* byte order mark */
    {"1 2", 1, 3, "nothing may follow"},
    {"{} x", 1, 4, "nothing may follow"},
    {"[1]]", 1, 4, "nothing may follow"},
    {"nullnull", 1, 5, "nothing may follow"},
    {"[1,]", 1, 4, "a value is expected"},
    {"[,1]", 1, 2, "a value is expected"},
    {"[1,,2]", 1, 4, "a value is expected"},
    {"[1 2]", 1, 4, "a comma or ] is missing"},
    {"[1", 1, 3, "ends too early"},
    {"[1}", 1, 3, "a comma or ] is missing"},
    {"{\"a\":1", 1, 7, "ends too early"},
    {"{\"a\":1]", 1, 7, "a comma or } is missing"},
    {"{\"a\":1,}", 1, 8, "a key in double quotes"},
    {"{,}", 1, 2, "a key in double quotes"},
    {"{a:1}", 1, 2, "a key in double quotes"},
    {"{1:1}", 1, 2, "a key in double quotes"},
    {"{'a':1}", 1, 2, "a key in double quotes"},
    {"{\"a\" 1}", 1, 6, "a colon is missing"},
    {"{\"a\"}", 1, 5, "a colon is missing"},
    {"{\"a\":}", 1, 6, "a value is expected"},
    {"{\"a\":1 \"b\":2}", 1, 8, "a comma or } is missing"},
    {"01", 1, 1, "must not begin with 0"},
    {"-012", 1, 2, "must not begin with 0"},
    {"1.", 1, 3, "ends too early"},
    {"[1.]", 1, 4, "a digit is missing"},
    {".5", 1, 1, "a value is expected"},
    {"+1", 1, 1, "a value is expected"},
    {"-", 1, 2, "ends too early"},
    {"[1e]", 1, 4, "a digit is missing"},
    {"[1e+]", 1, 5, "a digit is missing"},
    {"0x10", 1, 2, "nothing may follow"},
    {"1e400", 1, 1, "out of range"},
    {"[0, -1e400]", 1, 5, "out of range"},
    {"\"abc", 1, 1, "the string is not closed"},
    {"[\"a\\\"]", 1, 2, "the string is not closed"},
    {"\"a\nb\"", 1, 3, "a control character"},
    {"\"a\tb\"", 1, 3, "a control character"},
    {"\"\\x\"", 1, 3, "no such escape"},
    {"\"\\'\"", 1, 3, "no such escape"},
    {"\"\\U0041\"", 1, 3, "no such escape"},
    {"\"\\u12\"", 1, 2, "four hexadecimal digits"},
    {"\"\\u12G4\"", 1, 2, "four hexadecimal digits"},
    {"\"\\u00", 1, 2, "four hexadecimal digits"},
    {"\"\\u0000\"", 1, 2, "\\u0000 is not allowed"},
    {"\"x\\ud800\"", 1, 3, "a surrogate stands alone"},
    {"\"\\ud800x\"", 1, 2, "a surrogate stands alone"},
    {"\"\\ud800\\n\"", 1, 2, "a surrogate stands alone"},
    {"\"\\ud800\\ud800\"", 1, 2, "a surrogate stands alone"},
    {"\"\\ude00\\ud83d\"", 1, 2, "a surrogate stands alone"},
    {"\"\\ud83d\\u0041\"", 1, 2, "a surrogate stands alone"},
    {"\"\xC3\xA9\xFF\"", 1, 3, "not valid UTF-8"}, /* the column counts characters */
    {"\"\xED\xA0\x80\"", 1, 2, "not valid UTF-8"},
    {"\"\xC0\xAF\"", 1, 2, "not valid UTF-8"},
    {"\"\xF0\x9F\x98\"", 1, 2, "not valid UTF-8"},
    {"[\xA0]", 1, 2, "a value is expected"},
    {"{\n  \"a\": 1,\n  \"b\": tru\n}", 3, 8, "a value is expected"},
    {"{\"a\":1,\"a\":2}", 1, 8, "the key \"a\" is there twice"},
    {"{\"a\":1,\"\\u0061\":2}", 1, 8, "the key \"a\" is there twice"},
    {"[{},{\"x\":{\"b\":1,\n\"c\":[{\"d\":0}],\n \"b\":1}}]", 3, 2, "the key \"b\" is there twice"},
    {"{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\n\"i\":0,\"g\":0,\"b\":0}",
     2, 7, "the key \"g\" is there twice"},
    {"{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\n\"i\":0,\"b\":0,\"g\":0}",
     2, 7, "the key \"b\" is there twice"},
};

START_TEST(refused_texts)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        fr_json_fault fault;
        fr_json *root = fr_json_parse(refused[i].text, strlen(refused[i].text), &fault);
        ck_assert_msg(root == NULL, "%s", refused[i].text);
        ck_assert_msg(fault.line == refused[i].line && fault.column == refused[i].column &&
                          strstr(fault.reason, refused[i].reason) != NULL,
                      "%s: %zu:%zu %s", refused[i].text, fault.line, fault.column, fault.reason);
        ck_assert_ptr_null(fr_json_parse(refused[i].text, strlen(refused[i].text), NULL));
    }
}
END_TEST

START_TEST(nul_bytes_and_missing_text_are_refused)
{
    fr_json_fault fault;

    ck_assert_ptr_null(fr_json_parse("1\0", 2, &fault));
    ck_assert_uint_eq(fault.column, 2);
    ck_assert_ptr_null(fr_json_parse("\"a\0b\"", 5, &fault));
    ck_assert_uint_eq(fault.column, 3);
    ck_assert_ptr_null(fr_json_parse("[1,\0]", 5, &fault));
    ck_assert_ptr_null(fr_json_parse(NULL, 0, &fault));
}
END_TEST

START_TEST(text_needs_no_nul_behind_it)
{
    static const char *const texts[] = {
        "12", "\"ab\"", "true", "[1]", "{\"a\":1}", "1.5", "99999999999999999999"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t length = strlen(texts[i]);
        char *exact = malloc(length); /* a byte too many is seen by a sanitizer */
        memcpy(exact, texts[i], length);
        fr_json *root = fr_json_parse(exact, length, NULL);
        ck_assert_ptr_nonnull(root);
        fr_json_free(root);
        free(exact);
    }
}
END_TEST

START_TEST(depth_is_64)
{
    for (size_t depth = 63; depth <= 66; depth++) {
        char text[200] = {0};
        fr_json_fault fault = {0};
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        fr_json *root = fr_json_parse(text, 2 * depth, &fault);
        ck_assert_int_eq(root != NULL, depth <= 64);
        if (root == NULL) {
            ck_assert_uint_eq(fault.column, 65);
            ck_assert_ptr_nonnull(strstr(fault.reason, "64 levels"));
        }
        fr_json_free(root);
    }
}
END_TEST

START_TEST(long_key_in_a_fault_stays_text)
{
    fr_buf text = {0};
    fr_buf key = {0};
    fr_json_fault fault;

    for (int i = 0; i < 300; i++)
        fr_buf_puts(&key, "\xF0\x9F\x98\x80");
    fr_buf_printf(&text, "{\"%s\":1,\"%s\":2}", key.data, key.data);
    ck_assert_ptr_null(fr_json_parse(text.data, text.length, &fault));
    ck_assert(fr_str_is_utf8(fault.reason, strlen(fault.reason)));
    ck_assert_ptr_nonnull(strstr(fault.reason, "is there twice"));
    ck_assert_uint_eq(fault.column, 1 + 1 + 302 + 3);
    fr_buf_finish(&text);
    fr_buf_finish(&key);
}
END_TEST

/* ----------------------------------------------------------------- reading */

START_TEST(reading_by_kind)
{
    fr_json *root = parse("{\"s\":\"x\",\"n\":2.5,\"i\":-7,\"t\":true,\"f\":false,\"z\":null,"
                          "\"a\":[1,\"b\"],\"o\":{\"p\":{\"q\":\"deep\"}}}");

    ck_assert_int_eq(fr_json_kind_of(root), FR_JSON_OBJECT);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "s")), FR_JSON_STRING);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "n")), FR_JSON_NUMBER);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "t")), FR_JSON_BOOL);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "f")), FR_JSON_BOOL);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "z")), FR_JSON_NULL);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "a")), FR_JSON_ARRAY);
    ck_assert_int_eq(fr_json_kind_of(fr_json_get(root, "S")), FR_JSON_ABSENT);
    ck_assert_str_eq(fr_json_get_string(root, "s"), "x");
    ck_assert_ptr_null(fr_json_get_string(root, "n"));
    ck_assert_ptr_null(fr_json_get_string(root, "z"));
    ck_assert(fr_json_number(fr_json_get(root, "n"), 0) == 2.5);
    ck_assert(fr_json_number(fr_json_get(root, "s"), 9) == 9);
    ck_assert_int_eq(fr_json_get_int(root, "i", 0), -7);
    ck_assert_int_eq(fr_json_get_int(root, "n", 3), 3);
    ck_assert_int_eq(fr_json_get_int(root, "s", 3), 3);
    ck_assert_int_eq(fr_json_get_int(root, "no", 3), 3);
    ck_assert_int_eq(fr_json_get_bool(root, "t", 0), 1);
    ck_assert_int_eq(fr_json_get_bool(root, "f", 1), 0);
    ck_assert_int_eq(fr_json_get_bool(root, "i", 5), 5);
    ck_assert(fr_json_is_true(root, "t") && !fr_json_is_true(root, "f"));
    ck_assert(!fr_json_is_true(root, "s") && !fr_json_is_true(root, "no"));
    ck_assert_str_eq(fr_json_string(fr_json_at(root, "o", "p", "q", (char *)NULL)), "deep");
    ck_assert_ptr_null(fr_json_at(root, "o", "x", "q", (char *)NULL));
    ck_assert_ptr_null(fr_json_at(root, "s", "p", (char *)NULL));
    ck_assert_ptr_null(fr_json_get(fr_json_get(root, "a"), "b"));
    fr_json_free(root);
}
END_TEST

START_TEST(reading_of_nothing)
{
    ck_assert_int_eq(fr_json_kind_of(NULL), FR_JSON_ABSENT);
    ck_assert_ptr_null(fr_json_get(NULL, "a"));
    ck_assert_ptr_null(fr_json_at(NULL, "a", (char *)NULL));
    ck_assert_ptr_null(fr_json_string(NULL));
    ck_assert_int_eq(fr_json_get_int(NULL, "a", 4), 4);
    ck_assert_int_eq(fr_json_bool(NULL, 1), 1);
    ck_assert_ptr_null(fr_json_first(NULL));
    ck_assert_ptr_null(fr_json_next(NULL));
    ck_assert_ptr_null(fr_json_key(NULL));
    ck_assert_uint_eq(fr_json_count(NULL), 0);
    ck_assert_ptr_null(fr_json_take(NULL, "a"));
    ck_assert_ptr_null(fr_json_copy(NULL));
    ck_assert(fr_json_equal(NULL, NULL));
    fr_json_free(NULL);
}
END_TEST

START_TEST(walking)
{
    fr_json *root = parse("{\"a\":1,\"b\":[2,3,4],\"c\":\"x\"}");
    char keys[8] = {0};
    double sum = 0;

    for (fr_json *e = fr_json_first(root); e != NULL; e = fr_json_next(e))
        strcat(keys, fr_json_key(e));
    ck_assert_str_eq(keys, "abc");
    ck_assert_uint_eq(fr_json_count(root), 3);
    for (fr_json *e = fr_json_first(fr_json_get(root, "b")); e != NULL; e = fr_json_next(e)) {
        ck_assert_ptr_null(fr_json_key(e));
        sum += fr_json_number(e, 100);
    }
    ck_assert(sum == 9);
    ck_assert_ptr_null(fr_json_first(fr_json_get(root, "c")));
    fr_json_free(root);
}
END_TEST

static const struct {
    const char *a;
    const char *b;
    int equal;
} pairs[] = {
    {"1", "1.0", 1},
    {"1", "2", 0},
    {"true", "true", 1},
    {"true", "false", 0},
    {"null", "false", 0},
    {"0", "false", 0},
    {"\"1\"", "1", 0},
    {"[1,2]", "[1,2]", 1},
    {"[1,2]", "[2,1]", 0},
    {"[1]", "[1,1]", 0},
    {"[]", "{}", 0},
    {"{\"a\":1,\"b\":[{}]}", "{\"b\":[{}],\"a\":1}", 1},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", 0},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", 0},
    {"{\"a\":1,\"b\":2}", "{\"a\":1}", 0},
};

START_TEST(equality)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        fr_json *a = parse(pairs[i].a);
        fr_json *b = parse(pairs[i].b);
        ck_assert_msg(fr_json_equal(a, b) == pairs[i].equal, "%s %s", pairs[i].a, pairs[i].b);
        ck_assert_int_eq(fr_json_equal(b, a), pairs[i].equal);
        fr_json_free(a);
        fr_json_free(b);
    }
}
END_TEST

/* ---------------------------------------------------------------- building */

START_TEST(building_an_object)
{
    fr_json *root = fr_json_object();
    fr_json *list = fr_json_array();

    ck_assert_int_eq(fr_json_set_string(root, "s", "a\"b"), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set_string(root, "z", NULL), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set_int(root, "i", 5), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set_bool(root, "t", 7), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set(root, "n", fr_json_new_number(0.25)), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set(root, "inf", fr_json_new_number(1e308 * 10)), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set(root, "f", fr_json_new_bool(0)), FRACTARY_OK);
    ck_assert_int_eq(fr_json_add(list, fr_json_new_null()), FRACTARY_OK);
    ck_assert_int_eq(fr_json_add_string(list, "e"), FRACTARY_OK);
    ck_assert_int_eq(fr_json_add(list, fr_json_new_int(-1)), FRACTARY_OK);
    ck_assert_int_eq(fr_json_set(root, "l", list), FRACTARY_OK);
    expect(root, "{\"s\":\"a\\\"b\",\"z\":null,\"i\":5,\"t\":true,\"n\":0.25,\"inf\":null,"
                 "\"f\":false,\"l\":[null,\"e\",-1]}");
    fr_json_free(root);
}
END_TEST

START_TEST(setting_replaces_in_place)
{
    fr_json *root = parse("{\"a\":1,\"b\":2,\"c\":3}");

    fr_json_set_string(root, "b", "new");
    fr_json_set_int(root, "c", 4);
    fr_json_set_int(root, "a", 0);
    fr_json_set_int(root, "d", 5);
    expect(root, "{\"a\":0,\"b\":\"new\",\"c\":4,\"d\":5}");
    ck_assert_int_eq(fr_json_set(root, "a", fr_json_get(root, "a")), FRACTARY_OK);
    expect(root, "{\"a\":0,\"b\":\"new\",\"c\":4,\"d\":5}");
    fr_json_free(root);
}
END_TEST

START_TEST(taking_out)
{
    fr_json *root = parse("{\"a\":1,\"b\":{\"x\":2},\"c\":3}");
    fr_json *list = fr_json_array();
    fr_json *taken = fr_json_take(root, "b");

    ck_assert_ptr_null(fr_json_take(root, "b"));
    expect(root, "{\"a\":1,\"c\":3}");
    ck_assert_int_eq(fr_json_add(list, taken), FRACTARY_OK);
    ck_assert_ptr_null(fr_json_key(fr_json_first(list)));
    fr_json_set(root, "moved", fr_json_take(root, "a"));
    fr_json_set_int(root, "end", 1);
    expect(root, "{\"c\":3,\"moved\":1,\"end\":1}");
    fr_json_free(fr_json_take(root, "end"));
    fr_json_set_int(root, "last", 2); /* the list's end must have been kept */
    expect(root, "{\"c\":3,\"moved\":1,\"last\":2}");
    fr_json_free(list);
    fr_json_free(root);
}
END_TEST

START_TEST(misuse_is_reported_and_frees)
{
    fr_json *object = fr_json_object();
    fr_json *list = fr_json_array();

    ck_assert_int_eq(fr_json_set(NULL, "a", fr_json_new_int(1)), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_json_set(object, "a", NULL), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_json_set(list, "a", fr_json_new_int(1)), FRACTARY_E_INVALID);
    ck_assert_int_eq(fr_json_set(object, NULL, fr_json_new_int(1)), FRACTARY_E_INVALID);
    ck_assert_int_eq(fr_json_set(object, "self", object), FRACTARY_E_INVALID);
    ck_assert_int_eq(fr_json_set_string(NULL, "a", "x"), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_json_add(NULL, fr_json_new_int(1)), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_json_add(list, NULL), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_json_add(object, fr_json_new_int(1)), FRACTARY_E_INVALID);
    ck_assert_int_eq(fr_json_add_string(NULL, "x"), FRACTARY_E_NOMEM);
    expect(object, "{}");
    expect(list, "[]");
    fr_json_free(object);
    fr_json_free(list);
}
END_TEST

START_TEST(bad_utf8_is_mended)
{
    fr_json *root = fr_json_object();

    fr_json_set_string(root, "k\xFF", "a\xC3(\x80z\xED\xA0\x80");
    expect(
        root,
        "{\"k\xEF\xBF\xBD\":\"a\xEF\xBF\xBD(\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"}");
    fr_json_free(root);

    fr_buf out = {0};
    fr_json_quote("q\xFE\x01\"", &out);
    ck_assert_str_eq(out.data, "\"q\xEF\xBF\xBD\\u0001\\\"\"");
    fr_buf_clear(&out);
    fr_json_quote(NULL, &out);
    ck_assert_str_eq(out.data, "null");
    fr_buf_finish(&out);
}
END_TEST

START_TEST(large_integers_come_back)
{
    static const int64_t numbers[] = {0,
                                      1,
                                      -1,
                                      INT64_C(9007199254740992),
                                      INT64_C(9007199254740993),
                                      INT64_C(-9007199254740993),
                                      INT64_MAX,
                                      INT64_MIN};
    fr_json *root = fr_json_object();

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        fr_json_set_int(root, "n", numbers[i]);
        ck_assert(fr_json_get_int(root, "n", 77) == numbers[i]);
        char *text = print(root);
        fr_json *again = parse(text);
        ck_assert(fr_json_get_int(again, "n", 77) == numbers[i]);
        fr_json_free(again);
        free(text);
    }
    static const char *const others[] = {"5", "9007199254740992",    "09007199254740993",    "-",
                                         "",  "9223372036854775808", "-9223372036854775809", "x"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        fr_json_set_string(root, "n", others[i]);
        ck_assert_msg(fr_json_get_int(root, "n", 77) == 77, "%s", others[i]);
    }
    fr_json_free(root);
}
END_TEST

START_TEST(copies_are_whole)
{
    fr_json *root = parse("{\"a\":[1,{\"b\":null}],\"c\":\"x\"}");
    fr_json *copy = fr_json_copy(root);

    ck_assert(fr_json_equal(copy, root));
    fr_json_add_string(fr_json_get(copy, "a"), "more");
    fr_json_set_int(copy, "d", 1);
    expect(copy, "{\"a\":[1,{\"b\":null},\"more\"],\"c\":\"x\",\"d\":1}");
    expect(root, "{\"a\":[1,{\"b\":null}],\"c\":\"x\"}");
    fr_json_free(root);
    fr_json_free(copy);
}
END_TEST

/* The examples of RFC 7396, appendix A, as far as both are objects. */
static const struct {
    const char *target;
    const char *patch;
    const char *result;
} merges[] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
    {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
    {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
    {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
    {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
    {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
    {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    {"{\"a\":[]}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}"},
};

START_TEST(merge_patch)
{
    for (size_t i = 0; i < sizeof merges / sizeof *merges; i++) {
        fr_json *target = parse(merges[i].target);
        fr_json *patch = parse(merges[i].patch);
        ck_assert_int_eq(fr_json_merge(target, patch), FRACTARY_OK);
        expect(target, merges[i].result);
        expect(patch, merges[i].patch);
        fr_json_free(target);
        fr_json_free(patch);
    }
    fr_json *list = fr_json_array();
    fr_json *object = fr_json_object();
    ck_assert_int_eq(fr_json_merge(list, object), FRACTARY_E_INVALID);
    ck_assert_int_eq(fr_json_merge(object, list), FRACTARY_E_INVALID);
    ck_assert_int_eq(fr_json_merge(object, NULL), FRACTARY_E_INVALID);
    fr_json_free(list);
    fr_json_free(object);
}
END_TEST

START_TEST(pretty_printing)
{
    fr_json *root = parse("{\"a\":[],\"b\":{},\"c\":[1,{\"d\":null}],\"e\":\"f\"}");
    fr_buf out = {0};

    ck_assert_int_eq(fr_json_print_pretty(root, &out), FRACTARY_OK);
    ck_assert_str_eq(out.data, "{\n"
                               "  \"a\": [],\n"
                               "  \"b\": {},\n"
                               "  \"c\": [\n"
                               "    1,\n"
                               "    {\n"
                               "      \"d\": null\n"
                               "    }\n"
                               "  ],\n"
                               "  \"e\": \"f\"\n"
                               "}\n");
    fr_buf_clear(&out);
    ck_assert_int_eq(fr_json_print(NULL, &out), FRACTARY_E_NOMEM);
    ck_assert_int_eq(fr_json_print_pretty(NULL, &out), FRACTARY_E_NOMEM);
    fr_buf_finish(&out);
    fr_json_free(root);
}
END_TEST

/* Doubles of every size, drawn by their bits, keep each bit. */
START_TEST(numbers_round_trip)
{
    uint64_t state = 88172645463325252u;

    for (int i = 0; i < 20000; i++) {
        double number;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(&number, &state, sizeof number);
        fr_json *value = fr_json_new_number(number);
        char *text = print(value);
        fr_json *again = parse(text);
        ck_assert_msg(fr_json_equal(again, value), "%.17g printed as %s", number, text);
        fr_json_free(value);
        fr_json_free(again);
        free(text);
    }
}
END_TEST

/* ------------------------------------------------------------------- speed */

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Twice as much may take about twice as long; a quadratic step would take four
 * times. Compared are two runs on this machine, the best of three each. */
static double best_of_three(void (*work)(size_t), size_t size)
{
    double best = 1e9;

    for (int i = 0; i < 3; i++) {
        const double start = seconds();
        work(size);
        const double taken = seconds() - start;
        best = taken < best ? taken : best;
    }
    return best;
}

static void parse_large_object(size_t members)
{
    fr_buf text = {0};

    fr_buf_putc(&text, '{');
    for (size_t i = 0; i < members; i++)
        fr_buf_printf(&text, "%s\"key-%zu\":%zu", i > 0 ? "," : "", i * 7919 % members, i);
    fr_buf_putc(&text, '}');
    fr_json *root = fr_json_parse(text.data, text.length, NULL);
    ck_assert_uint_eq(fr_json_count(root), members);
    fr_json_free(root);
    fr_buf_finish(&text);
}

static void build_large_array(size_t elements)
{
    fr_json *root = fr_json_array();

    for (size_t i = 0; i < elements; i++)
        ck_assert_int_eq(fr_json_add(root, fr_json_new_int((int64_t)i)), FRACTARY_OK);
    ck_assert_uint_eq(fr_json_count(root), elements);
    fr_json_free(root);
}

START_TEST(large_objects_and_arrays_are_linear)
{
    const double object = best_of_three(parse_large_object, 15000);
    const double array = best_of_three(build_large_array, 15000);

    ck_assert_double_lt(best_of_three(parse_large_object, 60000), 10 * object + 0.02);
    ck_assert_double_lt(best_of_three(build_large_array, 60000), 10 * array + 0.02);
}
END_TEST

/* ------------------------------------------------------------ without a tree */

static const struct {
    const char *text;
    int outlined;
} outlined[] = {
    {"{}", 1},
    {"{\"a\":1,\"b\":{\"a\":\"x\",\"b\":[1,2]},\"c\":{\"a\":null}}", 1},
    {"{\"a\":1,\"a\":2}", 0},
    {"{\"b\":{\"long\":1,\"x\":2,\"long\":3}}", 0},
    {"{\"a\":{\"b\":{\"c\":1}}}", 0},
    {"{\"a\":[{\"b\":1}],\"c\":[[{\"d\":1}]]}", 0},
    {"{\"\\u0061\":1}", 0},
    {"{\"a\":9007199254740993}", 0},
    {"{\"a\":9007199254740992}", 1},
    {"{\"a\":\"\xff\"}", 0},
    {"{\"a\":\"b\n\"}", 0},
    {"{\"a\":1}}", 0},
    {"{\"a\":}", 0},
    {"[]", 0},
    {"", 0},
};

START_TEST(outlines)
{
    const char *text = outlined[_i].text;
    char *alone = strndup(text, strlen(text));
    fr_json_outline outline;

    ck_assert_ptr_nonnull(alone);
    ck_assert_int_eq(fr_json_outline_read(alone, strlen(text), &outline), outlined[_i].outlined);
    free(alone);
}
END_TEST

START_TEST(outline_has_members_of_two_levels)
{
    static const char text[] =
        "{\"a\":{ \"x\" : \"1\\n\" ,\"\":true},\"b\":[3, 4] ,\"c\":{\"x\":\"\"}}";
    fr_json_outline outline;
    fr_buf content = {0};

    ck_assert(fr_json_outline_read(text, strlen(text), &outline));
    ck_assert_uint_eq(outline.count, 6);
    const fr_json_part *a = fr_json_outline_find(&outline, NULL, "a");
    const fr_json_part *b = fr_json_outline_find(&outline, NULL, "b");
    const fr_json_part *c = fr_json_outline_find(&outline, NULL, "c");
    ck_assert(a != NULL && b != NULL && c != NULL);
    ck_assert_ptr_null(fr_json_outline_find(&outline, NULL, "x"));
    ck_assert_ptr_null(fr_json_outline_find(&outline, b, "x"));
    ck_assert_ptr_nonnull(fr_json_outline_find(&outline, a, ""));
    ck_assert_int_eq(memcmp(b->value.data, "[3, 4]", (size_t)b->value.length), 0);
    const fr_json_part *x = fr_json_outline_find(&outline, a, "x");
    ck_assert(x != NULL && fr_json_part_has_text(x));
    ck_assert(!fr_json_part_has_text(fr_json_outline_find(&outline, c, "x")));
    ck_assert_int_eq(fr_json_unquote(x->value, &content), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&content), "1\n");
    fr_buf_finish(&content);
}
END_TEST

/* Writes "element=a" for one whose outline has a member a of that text. */
static void note_element(void *context, fractary_string_view element,
                         const fr_json_outline *outline)
{
    const fr_json_part *a = outline != NULL ? fr_json_outline_find(outline, NULL, "a") : NULL;

    fr_buf_append(context, element.data, (size_t)element.length);
    fr_buf_printf(context, "=%.*s;", a != NULL ? (int)a->value.length : 1,
                  a != NULL         ? a->value.data
                  : outline != NULL ? "?"
                                    : "!");
}

static const struct {
    const char *text, *elements;
    int32_t status;
} lists[] = {
    {"{\"list\":[]}", "", FRACTARY_OK},
    {"{\"list\": [ {\"a\":1} ,\n{ \"b\":2, \"a\": [3, 4] } ] }",
     "{\"a\":1}=1;{ \"b\":2, \"a\": [3, 4] }=[3, 4];", FRACTARY_OK},
    {"{\"list\":[1,\"a\",[{\"a\":1}],{}]}", "1=!;\"a\"=!;[{\"a\":1}]=!;{}=?;", FRACTARY_OK},
    {"{\"list\":[{\"a\":{\"a\":1}},{\"b\":{\"a\":1}}]}",
     "{\"a\":{\"a\":1}}={\"a\":1};{\"b\":{\"a\":1}}=?;", FRACTARY_OK},
    {"{\"list\":[{\"a\":{\"b\":{\"c\":1}}},{\"a\":1,\"a\":2},{\"\\u0061\":1}]}",
     "{\"a\":{\"b\":{\"c\":1}}}=!;{\"a\":1,\"a\":2}=!;{\"\\u0061\":1}=!;", FRACTARY_OK},
    {"{\"other\":[{\"a\":1}],\"in\":{\"list\":[{\"a\":2}]},\"list\":[{\"a\":3}],\"z\":[{\"a\":4}]}",
     "{\"a\":3}=3;", FRACTARY_OK},
    {"[{\"list\":[{\"a\":1}]}]", "", FRACTARY_OK},
    {"{\"list\":[{\"a\":1},]}", "{\"a\":1}=1;", FRACTARY_E_INVALID},
    {"{\"list\":[{\"a\":1}]}]", "{\"a\":1}=1;", FRACTARY_E_INVALID},
};

START_TEST(elements_of_a_list_are_told)
{
    fr_buf told = {0};
    fr_buf rewritten = {0};
    const fr_json_list_reader reader = {"list", &told, note_element};
    fr_json_outline outline = {.count = 0};
    char *alone = strndup(lists[_i].text, strlen(lists[_i].text));

    ck_assert_int_eq(fr_json_scan_outline(alone, strlen(alone), &rewritten, &outline, &reader),
                     lists[_i].status);
    ck_assert_str_eq(fr_buf_text(&told), lists[_i].elements);
    fr_buf_finish(&told);
    free(alone);
}
END_TEST

START_TEST(members_are_found_in_a_text)
{
    static const char text[] = " { \"x\\\\\" : \"}\\\"\" , \"n\":[{\"b\":1}], \"b\" : -2 }";
    size_t length;
    fr_buf compact = {0};

    const char *found = fr_json_member_text(text, strlen(text), "b", &length);
    ck_assert(found != NULL && length == 2);
    ck_assert_int_eq(memcmp(found, "-2", 2), 0);
    found = fr_json_member_text(text, strlen(text), "x\\\\", &length);
    ck_assert(found != NULL && length == 5);
    ck_assert_ptr_null(fr_json_member_text(text, strlen(text), "c", &length));
    ck_assert_uint_eq(length, 0);
    ck_assert_int_eq(fr_json_compact((fractary_string_view){text, strlen(text)}, &compact),
                     FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&compact), "{\"x\\\\\":\"}\\\"\",\"n\":[{\"b\":1}],\"b\":-2}");
    fr_buf_finish(&compact);
}
END_TEST

/* Each begin of it, in memory that ends there. */
START_TEST(no_walk_leaves_a_broken_text)
{
    static const char text[] = "{\"x\":\"\\\"}\", \"n\":[{\"b\":1}], \"b\" : tru}";
    size_t found;

    for (size_t length = 0; length < sizeof text - 1; length++) {
        char *part = malloc(length + (length == 0));
        fr_buf compact = {0};
        ck_assert_ptr_nonnull(part);
        memcpy(part, text, length);
        const char *value = fr_json_member_text(part, length, "b", &found);
        ck_assert(value == NULL || (value >= part && value + found <= part + length));
        ck_assert_int_eq(fr_json_compact((fractary_string_view){part, length}, &compact),
                         FRACTARY_OK);
        fr_buf_finish(&compact);
        free(part);
    }
}
END_TEST

/* Wherever in a run of plain text what is not plain stands. */
START_TEST(long_strings_are_looked_at_byte_by_byte)
{
    static const char odd[] = "\"\\\n\x1f\x80\xff\x01";
    char text[40];

    for (size_t at = 1; at < 30; at++) {
        memset(text, '~', sizeof text);
        text[0] = text[sizeof text - 1] = '"';
        text[at] = 0x7F;
        text[at + 1] = ' ';
        fr_json *whole = fr_json_parse(text, sizeof text, NULL);
        ck_assert_ptr_nonnull(whole);
        fr_json_free(whole);
        for (size_t i = 0; i < sizeof odd - 1; i++) {
            text[at] = odd[i];
            fr_json_fault fault;
            ck_assert_ptr_null(fr_json_parse(text, sizeof text, &fault));
            ck_assert_uint_ge(fault.column, at);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, accepted_texts);
    tcase_add_test(all, refused_texts);
    tcase_add_test(all, nul_bytes_and_missing_text_are_refused);
    tcase_add_test(all, text_needs_no_nul_behind_it);
    tcase_add_test(all, depth_is_64);
    tcase_add_test(all, long_key_in_a_fault_stays_text);
    tcase_add_test(all, reading_by_kind);
    tcase_add_test(all, reading_of_nothing);
    tcase_add_test(all, walking);
    tcase_add_test(all, equality);
    tcase_add_test(all, building_an_object);
    tcase_add_test(all, setting_replaces_in_place);
    tcase_add_test(all, taking_out);
    tcase_add_test(all, misuse_is_reported_and_frees);
    tcase_add_test(all, bad_utf8_is_mended);
    tcase_add_test(all, large_integers_come_back);
    tcase_add_test(all, copies_are_whole);
    tcase_add_test(all, merge_patch);
    tcase_add_test(all, pretty_printing);
    tcase_add_test(all, numbers_round_trip);
    tcase_add_test(all, large_objects_and_arrays_are_linear);
    tcase_add_loop_test(all, outlines, 0, (int)(sizeof outlined / sizeof *outlined));
    tcase_add_test(all, outline_has_members_of_two_levels);
    tcase_add_loop_test(all, elements_of_a_list_are_told, 0, (int)(sizeof lists / sizeof *lists));
    tcase_add_test(all, members_are_found_in_a_text);
    tcase_add_test(all, no_walk_leaves_a_broken_text);
    tcase_add_test(all, long_strings_are_looked_at_byte_by_byte);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
