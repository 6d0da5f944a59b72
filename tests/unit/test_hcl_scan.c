#include "project/hcl_scan.h"

#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* Writes a tree as text: blocks as type "label" { … }, attributes as
 * name=<expression>. */
static void write_tree(const fr_hcl_block *block, fr_buf *out)
{
    for (const fr_hcl_attribute *a = block->attributes; a != NULL; a = a->next)
        fr_buf_printf(out, "%s=<%.*s>", a->name, (int)a->length, a->text);
    for (const fr_hcl_block *b = block->blocks; b != NULL; b = b->next) {
        fr_buf_puts(out, b->type);
        for (size_t i = 0; i < FR_HCL_LABELS && b->labels[i] != NULL; i++)
            fr_buf_printf(out, "'%s'", b->labels[i]);
        fr_buf_putc(out, '{');
        write_tree(b, out);
        fr_buf_putc(out, '}');
    }
}

static const struct good {
    const char *text;
    const char *tree;
} goods[] = {
    {"", ""},
    {"\xEF\xBB\xBF"
     "a = 1\r\nb = 2",
     "a=<1>b=<2>"},
    {"a = 1 # one\nb = 2 // two\nc = 3 /* three\n */\n", "a=<1>b=<2>c=<3>"},
    {"# { [ \"\n// ${\n/* } ' */ a = 1\n", "a=<1>"},
    {"b \"x\" y {}\n", "b'x''y'{}"},
    {"b { a = 1 }\nc { d { e = 2 } }\n", "b{a=<1>}c{d{e=<2>}}"},
    {"b {\n  a = [\n    1, # one ]\n    2,\n  ]\n}\n", "b{a=<[\n    1, # one ]\n    2,\n  ]>}"},
    {"a = \"}\"\nb = \"\\\"}\"\nc = \"\\\\\"\n", "a=<\"}\">b=<\"\\\"}\">c=<\"\\\\\">"},
    {"a = \"${b[\"}\"]}{\"\nc = 1\n", "a=<\"${b[\"}\"]}{\">c=<1>"},
    {"a = \"${ {x = \"${\"}\"}\"} }\"\nc = 1\n", "a=<\"${ {x = \"${\"}\"}\"} }\">c=<1>"},
    {"a = \"%{ if x }\"\nb = \"$${\"\nc = \"%%{\"\n", "a=<\"%{ if x }\">b=<\"$${\">c=<\"%%{\">"},
    {"a = \"${x /* \" } */}\"\nb = 1\n", "a=<\"${x /* \" } */}\">b=<1>"},
    {"a = <<EOT\n } { \" ${\nEOT\nb = 1\n", "a=<<<EOT\n } { \" ${\nEOT>b=<1>"},
    {"a = <<-EOT\n  } {\n  EOTX\n  EOT\nb = 1\n", "a=<<<-EOT\n  } {\n  EOTX\n  EOT>b=<1>"},
    {"a = f(<<A, <<B)\nx\nA\n", NULL},
    {"a = b == c ? d : e\n", "a=<b == c ? d : e>"},
    {"a = x < 1 << 2\n", "a=<x < 1 << 2>"},
    {"a = { b = 1\n c = { d = 2 } }\ne = 3\n", "a=<{ b = 1\n c = { d = 2 } }>e=<3>"},
    {"caf\xC3\xA9 = 1\n", "caf\xC3\xA9=<1>"},
    {"a\n= 1\n", NULL},
    {"a = \n", NULL},
    {"a = 1 }\n", NULL},
    {"a = (1\n", NULL},
    {"a = (1]\n", NULL},
    {"a = \"x\n\"\n", NULL},
    {"a = <<EOT\nx\n", NULL},
    {"b {\n", NULL},
    {"b \"x\n", NULL},
    {"}\n", NULL},
    {"1 = 2\n", NULL},
    {"\"a\" = 2\n", NULL},
};

START_TEST(test_good_and_bad)
{
    const struct good *row = &goods[_i];
    fractary_error error = FR_ERROR_INIT;
    fr_hcl_block *root = NULL;
    fr_buf tree = {0};
    const int32_t status = fr_hcl_scan(row->text, strlen(row->text), &root, &error);

    ck_assert_ptr_nonnull(root);
    if (row->tree == NULL) {
        ck_assert_int_eq(status, FRACTARY_E_INVALID);
        assert_says(error.message, "line ");
    } else {
        ck_assert_msg(status == FRACTARY_OK, "%s: %s", row->text, error.message);
        write_tree(root, &tree);
        ck_assert_str_eq(fr_buf_text(&tree), row->tree);
    }
    fr_buf_finish(&tree);
    fr_hcl_free(root);
}
END_TEST

START_TEST(test_a_fault_keeps_what_stands_before)
{
    static const char text[] =
        "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n\nresource \"x\" {\n"
        "  a = \"open\n}\n";
    fractary_error error = FR_ERROR_INIT;
    fr_hcl_block *root;

    ck_assert_int_eq(fr_hcl_scan(text, strlen(text), &root, &error), FRACTARY_E_INVALID);
    assert_says(error.message, "line 6 ");
    char *region;
    ck_assert_int_eq(fr_hcl_literal_of(fr_hcl_find(root, "provider", "aws"), "region", &region),
                     FRACTARY_OK);
    ck_assert_str_eq(region, "eu-west-1");
    free(region);
    fr_hcl_free(root);
}
END_TEST

START_TEST(test_find)
{
    static const char text[] = "module \"a\" {\n x = 1\n}\nlocals {\n}\nmodule \"b\" {\n}\n";
    fr_hcl_block *root;

    ck_assert_int_eq(fr_hcl_scan(text, strlen(text), &root, NULL), FRACTARY_OK);
    const fr_hcl_block *first = fr_hcl_find(root, "module", NULL);
    ck_assert_str_eq(first->labels[0], "a");
    ck_assert_uint_eq(first->line, 1);
    ck_assert_uint_eq(first->attributes->line, 2);
    ck_assert_str_eq(fr_hcl_next(first)->labels[0], "b");
    ck_assert_ptr_null(fr_hcl_next(fr_hcl_next(first)));
    ck_assert_uint_eq(fr_hcl_find(root, "module", "b")->line, 6);
    ck_assert_ptr_null(fr_hcl_find(root, "module", "c"));
    ck_assert_ptr_null(fr_hcl_attribute_of(first, "y"));
    fr_hcl_free(root);
}
END_TEST

static const struct literal {
    const char *text;
    const char *content; /* NULL: no literal */
} literals[] = {
    {"\"a\"", "a"},
    {" \"a\" # x", "a"},
    {"\"\"", ""},
    {"\"a\\n\\t\\r\\\"\\\\\"", "a\n\t\r\"\\"},
    {"\"\\u00e9\\U0001F600\"", "\xC3\xA9\xF0\x9F\x98\x80"},
    {"\"$${x} %%{y}\"", "${x} %{y}"},
    {"\"a${b}\"", NULL},
    {"\"%{ if x }\"", NULL},
    {"\"\\x\"", NULL},
    {"\"\\uD800\"", NULL},
    {"\"a\" + \"b\"", NULL},
    {"var.x", NULL},
    {"1", NULL},
    {"<<E\na\nE", NULL},
    {"", NULL},
};

START_TEST(test_literal)
{
    const struct literal *row = &literals[_i];
    fr_buf out = {0};
    const int is = fr_hcl_literal(row->text, strlen(row->text), &out);

    ck_assert_int_eq(is != 0, row->content != NULL);
    if (row->content != NULL)
        ck_assert_str_eq(fr_buf_text(&out), row->content);
    fr_buf_finish(&out);
}
END_TEST

START_TEST(test_tokens)
{
    static const char text[] = "a.b[0] == \"x\" # c\n ? f(1.5e3) : -d";
    static const char *const wanted[] = {"a", ".", "b", "[",     "0", "]", "==", "\"x\"",
                                         "?", "f", "(", "1.5e3", ")", ":", "-",  "d"};
    const char *at = text;

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const fr_hcl_token token = fr_hcl_token_next(&at, text + strlen(text));
        ck_assert_msg(fr_hcl_token_is(&token, wanted[i]), "token %zu is %.*s, not %s", i,
                      (int)token.length, token.text, wanted[i]);
    }
    ck_assert_int_eq(fr_hcl_token_next(&at, text + strlen(text)).kind, FR_HCL_END);
}
END_TEST

/* `count` times `piece` between `before` and `after`. */
static int32_t scan_repeated(const char *before, const char *piece, const char *after, size_t count)
{
    fr_buf text = {0};
    fr_hcl_block *root = NULL;

    fr_buf_puts(&text, before);
    for (size_t i = 0; i < count; i++)
        fr_buf_puts(&text, piece);
    fr_buf_puts(&text, after);
    ck_assert(!text.failed);
    const int32_t status = fr_hcl_scan(fr_buf_text(&text), text.length, &root, NULL);
    fr_hcl_free(root);
    fr_buf_finish(&text);
    return status;
}

START_TEST(test_bounds)
{
    ck_assert_int_eq(scan_repeated("a = ", "(", "", FR_HCL_DEPTH), FRACTARY_E_INVALID);
    ck_assert_int_eq(scan_repeated("a = ", "[", "", 1000000), FRACTARY_E_INVALID);
    ck_assert_int_eq(scan_repeated("", "b {\n", "", 1000000), FRACTARY_E_INVALID);
    ck_assert_int_eq(scan_repeated("a = ", "\"${", "", 1000000), FRACTARY_E_INVALID);
    ck_assert_int_eq(scan_repeated("", "a = 1\n", "", FR_HCL_NODES), FRACTARY_OK);
    ck_assert_int_eq(scan_repeated("", "a = 1\n", "", FR_HCL_NODES + 1), FRACTARY_E_LIMIT);
    ck_assert_int_eq(scan_repeated("#", "x", "\n", FR_HCL_LIMIT), FRACTARY_E_LIMIT);
    ck_assert_int_eq(scan_repeated("b ", "\"l\" ", "{\n}\n", 100), FRACTARY_OK);
}
END_TEST

START_TEST(test_json)
{
    static const char text[] =
        "{\"terraform\":[{\"backend\":{\"s3\":{\"bucket\":\"b\"}},"
        "\"required_providers\":{\"aws\":{\"source\":\"hashicorp/aws\"}}}],"
        "\"provider\":{\"aws\":[{\"region\":\"eu-west-1\"},{\"region\":\"us-east-1\"}]},"
        "\"resource\":{\"aws_s3_bucket\":{\"x\":{\"bucket\":\"y\"}}},\"//\":\"note\"}";
    fr_hcl_block *root;
    fr_buf tree = {0};

    ck_assert_int_eq(fr_hcl_from_json(text, strlen(text), &root, NULL), FRACTARY_OK);
    write_tree(root, &tree);
    ck_assert_str_eq(fr_buf_text(&tree),
                     "//=<\"note\">terraform{backend's3'{bucket=<\"b\">}required_providers{aws=<{"
                     "\"source\":\"hashicorp/aws\"}>}}provider'aws'{region=<\"eu-west-1\">}"
                     "provider'aws'{region=<\"us-east-1\">}resource'aws_s3_bucket''x'{bucket=<"
                     "\"y\">}");
    fr_buf_finish(&tree);
    fr_hcl_free(root);
}
END_TEST

START_TEST(test_json_fault)
{
    static const char *const broken[] = {"{", "[1]", "3", ""};
    static const char odd[] = "{\"provider\":{\"aws\":3},\"module\":[[1]],\"locals\":null}";
    fr_hcl_block *root;

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        fractary_error error = FR_ERROR_INIT;
        ck_assert_int_eq(fr_hcl_from_json(broken[i], strlen(broken[i]), &root, &error),
                         FRACTARY_E_INVALID);
        ck_assert_ptr_null(root);
        assert_says(error.message, "line 1 ");
    }
    ck_assert_int_eq(fr_hcl_from_json(odd, strlen(odd), &root, NULL), FRACTARY_OK);
    ck_assert_ptr_null(root->blocks);
    fr_hcl_free(root);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hcl_scan");
    TCase *tests = tcase_create("hcl_scan");

    tcase_add_loop_test(tests, test_good_and_bad, 0, (int)(sizeof goods / sizeof *goods));
    tcase_add_loop_test(tests, test_literal, 0, (int)(sizeof literals / sizeof *literals));
    tcase_add_test(tests, test_a_fault_keeps_what_stands_before);
    tcase_add_test(tests, test_find);
    tcase_add_test(tests, test_tokens);
    tcase_add_test(tests, test_bounds);
    tcase_add_test(tests, test_json);
    tcase_add_test(tests, test_json_fault);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
