#include <check.h>
#include <fcntl.h>
#include <fractary-plugin/xml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fr_xml_document *parse(const char *text)
{
    fr_xml_document *document = fr_xml_parse(text, strlen(text));

    ck_assert_msg(document != NULL, "%s", text);
    return document;
}

static void expect_text(const fr_xml *element, const char *wanted)
{
    fr_buf out = {0};

    ck_assert_int_eq(fr_xml_text(element, &out), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), wanted);
    ck_assert(fr_xml_is(element, wanted));
    ck_assert(!fr_xml_is(element, "something else"));
    fr_buf_finish(&out);
}

START_TEST(answer_of_an_api)
{
    fr_xml_document *document =
        parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<ListBucketsOutput xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n"
              "  <Owner><ID>x</ID></Owner>\n"
              "  <Buckets><Bucket><Name>one</Name></Bucket>\n"
              "  <Other/><Bucket><Name>two</Name></Bucket></Buckets>\n"
              "</ListBucketsOutput>\n");
    const fr_xml *root = fr_xml_root(document);

    ck_assert_str_eq(fr_xml_name(root), "ListBucketsOutput");
    expect_text(fr_xml_find(root, "Owner/ID"), "x");
    const fr_xml *bucket = fr_xml_find(root, "Buckets/Bucket");
    expect_text(fr_xml_child(bucket, "Name"), "one");
    ck_assert_str_eq(fr_xml_name(fr_xml_next(bucket, NULL)), "Other");
    bucket = fr_xml_next(bucket, "Bucket");
    expect_text(bucket, "two");
    ck_assert_ptr_null(fr_xml_next(bucket, "Bucket"));
    ck_assert_ptr_null(fr_xml_find(root, "Buckets/Bucke"));
    ck_assert_ptr_null(fr_xml_find(root, "Buckets/Buckets"));
    ck_assert_ptr_eq(fr_xml_find(root, ""), root);
    ck_assert_str_eq(fr_xml_name(fr_xml_child(root, NULL)), "Owner");
    fr_xml_free(document);
}
END_TEST

START_TEST(text_of_all_sorts)
{
    fr_xml_document *document =
        parse("<p:r xmlns:p=\"urn:x\"><a>1 &lt; 2 &amp;&#65;&#x20AC;</a>"
              "<b><![CDATA[<raw>]]> and</b><c/><d>x<!-- no --><?pi no?>y</d>"
              "<p:e>n<f>est</f>ed</p:e></p:r>");
    const fr_xml *root = fr_xml_root(document);

    ck_assert_str_eq(fr_xml_name(root), "r");
    expect_text(fr_xml_child(root, "a"), "1 < 2 &A\xE2\x82\xAC");
    expect_text(fr_xml_child(root, "b"), "<raw> and");
    expect_text(fr_xml_child(root, "c"), "");
    ck_assert(fr_xml_is(fr_xml_child(root, "c"), NULL));
    expect_text(fr_xml_child(root, "d"), "xy");
    expect_text(fr_xml_child(root, "e"), "nested");
    fr_xml_free(document);
}
END_TEST

START_TEST(reading_of_nothing)
{
    fr_buf out = {0};

    ck_assert_ptr_null(fr_xml_root(NULL));
    ck_assert_ptr_null(fr_xml_name(NULL));
    ck_assert_ptr_null(fr_xml_child(NULL, "a"));
    ck_assert_ptr_null(fr_xml_next(NULL, "a"));
    ck_assert_ptr_null(fr_xml_find(NULL, "a/b"));
    ck_assert_int_eq(fr_xml_text(NULL, &out), FRACTARY_E_NOTFOUND);
    ck_assert(!fr_xml_is(NULL, ""));
    fr_xml_free(NULL);
}
END_TEST

START_TEST(other_encodings_become_utf8)
{
    fr_xml_document *document =
        parse("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r>caf\xE9</r>");

    expect_text(fr_xml_root(document), "caf\xC3\xA9");
    fr_xml_free(document);
}
END_TEST

static const char *const refused[] = {
    "",
    "   ",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>text",
    "<a>&unknown;</a>",
    "<a>&#0;</a>",
    "<a b=1/>",
    "<a>\xFF</a>",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>\xE9</a>",
    "<?xml version=\"1.0\" encoding=\"no-such\"?><a>\xE9</a>",
    "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF</a>",
    "{\"json\":1}",
    "<!DOCTYPE a><a/>",
    "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>",
    "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
    "<!-- c --><!DOCTYPE a [<!ENTITY e \"x\">]><a b=\"&e;\"/>",
};

/* Not one word of libxml2 may reach the terminal: stderr is a file meanwhile. */
START_TEST(refused_texts_make_no_noise)
{
    char path[] = "/tmp/fractary-xml-XXXXXX";
    const int noise = mkstemp(path);
    const int saved = dup(STDERR_FILENO);
    fr_xml_document *documents[sizeof refused / sizeof *refused];

    ck_assert_int_ge(noise, 0);
    unlink(path);
    dup2(noise, STDERR_FILENO);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        documents[i] = fr_xml_parse(refused[i], strlen(refused[i]));
    dup2(saved, STDERR_FILENO);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        ck_assert_msg(documents[i] == NULL, "%s", refused[i]);
    ck_assert_int_eq(lseek(noise, 0, SEEK_END), 0);
    close(noise);
    close(saved);
}
END_TEST

/* The first ten lines of this would be gigabytes. */
START_TEST(entities_do_not_explode)
{
    fr_buf text = {0};

    fr_buf_puts(&text, "<!DOCTYPE a [<!ENTITY e0 \"ha\">");
    for (int i = 1; i < 30; i++)
        fr_buf_printf(&text, "<!ENTITY e%d \"&e%d;&e%d;&e%d;\">", i, i - 1, i - 1, i - 1);
    fr_buf_puts(&text, "]><a b=\"&e29;\">&e29;</a>");
    ck_assert_ptr_null(fr_xml_parse(text.data, text.length));
    fr_buf_finish(&text);
}
END_TEST

START_TEST(limits)
{
    fr_buf text = {0};

    for (int i = 0; i < 5000; i++)
        fr_buf_puts(&text, "<a>");
    for (int i = 0; i < 5000; i++)
        fr_buf_puts(&text, "</a>");
    ck_assert_ptr_null(fr_xml_parse(text.data, text.length));
    ck_assert_ptr_null(fr_xml_parse("<a/>", (size_t)(64 << 20) + 1));
    ck_assert_ptr_null(fr_xml_parse(NULL, 0));
    fr_buf_finish(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xml");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, answer_of_an_api);
    tcase_add_test(all, text_of_all_sorts);
    tcase_add_test(all, reading_of_nothing);
    tcase_add_test(all, other_encodings_become_utf8);
    tcase_add_test(all, refused_texts_make_no_noise);
    tcase_add_test(all, entities_do_not_explode);
    tcase_add_test(all, limits);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
