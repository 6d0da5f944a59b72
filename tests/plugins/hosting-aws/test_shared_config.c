/* The shared config and credentials files. With the argument --read it reads
 * pairs of files for a comparison with botocore: each JSON line of standard
 * input holds the two texts, each line of output the profiles found. */
#include <check.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ini.h"
#include "shared_config.h"
#include "words.h"

static fr_aws_shared parse(const char *config, const char *credentials)
{
    fr_aws_shared shared;
    fractary_error error = FR_ERROR_INIT;
    const fr_aws_shared_file files[2] = {
        {"config", config, config != NULL ? strlen(config) : 0},
        {"credentials", credentials, credentials != NULL ? strlen(credentials) : 0}};

    ck_assert_msg(fr_aws_shared_parse(&files[0], &files[1], &shared, &error) == FRACTARY_OK,
                  "%s %s", error.message, error.cause);
    return shared;
}

static const char *option(const fr_aws_shared *shared, const char *profile, const char *name)
{
    return fr_json_get_string(fr_aws_shared_profile(shared, profile), name);
}

START_TEST(test_profiles_and_blocks)
{
    fr_aws_shared s = parse("# first\n"
                            "[default]\nregion = eu-central-1\n"
                            "[profile  'a b' ]\nRole_ARN: arn:aws:iam::1:role/x\n"
                            "s3 =\n  addressing_style = path\n\n  max = 1\nregion=us-east-1 # no\n"
                            "[services local]\ndynamodb =\n  endpoint_url = http://localhost\n"
                            "[sso-session corp]\nsso_region = eu-west-1\n[plugins]\nx = y\n",
                            "[default]\naws_access_key_id = AKIDEXAMPLE\nregion = eu-west-3\n"
                            "[only]\naws_secret_access_key = s\n");

    ck_assert_str_eq(option(&s, "default", "region"), "eu-west-3");
    ck_assert_str_eq(option(&s, "default", "aws_access_key_id"), "AKIDEXAMPLE");
    ck_assert_ptr_null(fr_json_at(s.config, "default", "aws_access_key_id", (char *)NULL));
    ck_assert_str_eq(option(&s, "a b", "role_arn"), "arn:aws:iam::1:role/x");
    ck_assert_str_eq(option(&s, "a b", "region"), "us-east-1 # no");
    const fr_json *block = fr_json_get(fr_aws_shared_profile(&s, "a b"), "s3");
    ck_assert_str_eq(fr_json_get_string(block, "addressing_style"), "path");
    ck_assert_str_eq(fr_json_get_string(block, "max"), "1");
    ck_assert_ptr_nonnull(
        fr_json_at(s.services, "local", "dynamodb", "endpoint_url", (char *)NULL));
    ck_assert_ptr_nonnull(fr_json_at(s.sso_sessions, "corp", "sso_region", (char *)NULL));
    ck_assert_ptr_nonnull(fr_aws_shared_profile(&s, "only"));
    ck_assert_ptr_null(fr_aws_shared_profile(&s, "plugins"));
    fr_aws_shared_wipe(&s);
}
END_TEST

START_TEST(test_no_files)
{
    fr_aws_shared s = parse(NULL, NULL);

    ck_assert_uint_eq(fr_json_count(s.profiles), 0);
    fr_aws_shared_wipe(&s);
    fr_aws_shared_wipe(&s);
    fr_aws_shared_wipe(NULL);
}
END_TEST

static const struct {
    const char *text, *cause;
} refused[] = {
    {"region = x\n", "Line 1: it stands before the first section."},
    {"[default]\nregion\n", "Line 2: it is neither a section nor NAME = VALUE."},
    {"[default]\n= x\n", "Line 2: it is neither a section nor NAME = VALUE."},
    {"[default]\na=1\n\nA: 2\n", "Line 4: the option comes a second time in this section."},
    {"[default]\n[x]\n[default]\n", "Line 3: the section comes a second time."},
    {"[default]\ns3 =\n  nothing\n", "Line 3: a line of the block above has no =."},
    {"[default]\nregion = \xff\n", "Line 0: the file is not UTF-8 text."},
    {"[]\n", "Line 1: it stands before the first section."},
};

START_TEST(test_refused)
{
    fr_json *out = NULL;
    fractary_error error = FR_ERROR_INIT;
    const char *text = refused[_i].text;

    ck_assert_int_eq(fr_aws_ini_parse("the file", text, strlen(text), &out, &error),
                     FRACTARY_E_INVALID);
    ck_assert_ptr_null(out);
    ck_assert_str_eq(error.message, "the file cannot be read");
    ck_assert_str_eq(error.cause, refused[_i].cause);
}
END_TEST

START_TEST(test_limits)
{
    fr_buf text = {0};
    fr_json *out = NULL;

    fr_buf_puts(&text, "[a]\n");
    for (unsigned i = 0; i <= FR_AWS_INI_OPTIONS; i++)
        fr_buf_printf(&text, "o%u=1\n", i);
    ck_assert_int_eq(fr_aws_ini_parse("f", text.data, text.length, &out, NULL), FRACTARY_E_LIMIT);
    fr_buf_clear(&text);
    for (unsigned i = 0; i <= FR_AWS_INI_SECTIONS; i++)
        fr_buf_printf(&text, "[s%u]\n", i);
    ck_assert_int_eq(fr_aws_ini_parse("f", text.data, text.length, &out, NULL), FRACTARY_E_LIMIT);
    fr_buf_clear(&text);
    while (text.length <= FR_AWS_INI_LIMIT)
        fr_buf_puts(&text, "# comment\n");
    ck_assert_int_eq(fr_aws_ini_parse("f", text.data, text.length, &out, NULL), FRACTARY_E_LIMIT);
    ck_assert_int_eq(fr_aws_ini_parse("f", "[a]\nb=\0c", 8, &out, NULL), FRACTARY_E_INVALID);
    fr_buf_finish(&text);
}
END_TEST

/* -------------------------------------------------------------------- words */

static const struct {
    const char *text;
    const char *words; /* separated by |; NULL: refused */
} lines[] = {
    {"a b  c", "a|b|c"},
    {" \t\n", ""},
    {"/bin/x --name 'a b' \"c 'd'\"", "/bin/x|--name|a b|c 'd'"},
    {"a\\ b c\\\\d", "a b|c\\d"},
    {"\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d"},
    {"x''y \"\"", "xy|"},
    {"'a\\b'", "a\\b"},
    {"'open", NULL},
    {"\"open", NULL},
    {"\"open\\", NULL},
    {"a\\", NULL},
};

START_TEST(test_words)
{
    fr_vec words = {0};
    fr_buf joined = {0};
    const int32_t status = fr_aws_words_split(lines[_i].text, &words);

    ck_assert_int_eq(status, lines[_i].words != NULL ? FRACTARY_OK : FRACTARY_E_INVALID);
    for (size_t i = 0; i < words.count; i++)
        fr_buf_printf(&joined, "%s%s", i > 0 ? "|" : "", (const char *)words.items[i]);
    if (status == FRACTARY_OK)
        ck_assert_str_eq(fr_buf_text(&joined), lines[_i].words);
    fr_buf_finish(&joined);
    fr_vec_finish(&words, free);
}
END_TEST

/* ------------------------------------------------------- for the comparison */

static void read_pair(const char *line, size_t length)
{
    fr_json *tree = fr_json_parse(line, length, NULL), *out = fr_json_object();
    const char *texts[2] = {fr_json_get_string(tree, "config"),
                            fr_json_get_string(tree, "credentials")};
    const fr_aws_shared_file files[2] = {
        {"config", texts[0], texts[0] != NULL ? strlen(texts[0]) : 0},
        {"credentials", texts[1], texts[1] != NULL ? strlen(texts[1]) : 0}};
    fr_aws_shared shared;
    fr_buf text = {0};

    if (fr_aws_shared_parse(&files[0], &files[1], &shared, NULL) == FRACTARY_OK) {
        fr_json_set(out, "profiles", fr_json_copy(shared.profiles));
        fr_json_set(out, "services", fr_json_copy(shared.services));
        fr_json_set(out, "sso_sessions", fr_json_copy(shared.sso_sessions));
        fr_aws_shared_wipe(&shared);
    }
    fr_json_print(out, &text);
    puts(fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(out);
    fr_json_free(tree);
}

static int read_pairs(void)
{
    char *line = NULL;
    size_t capacity = 0;

    for (ssize_t got; (got = getline(&line, &capacity, stdin)) > 0;)
        read_pair(line, (size_t)got);
    free(line);
    return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--read") == 0)
        return read_pairs();
    TCase *files = tcase_create("files"), *splitting = tcase_create("words");
    Suite *suite = suite_create("hosting-aws shared config");
    tcase_add_test(files, test_profiles_and_blocks);
    tcase_add_test(files, test_no_files);
    tcase_add_loop_test(files, test_refused, 0, (int)(sizeof refused / sizeof *refused));
    tcase_add_test(files, test_limits);
    tcase_add_loop_test(splitting, test_words, 0, (int)(sizeof lines / sizeof *lines));
    suite_add_tcase(suite, files);
    suite_add_tcase(suite, splitting);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
