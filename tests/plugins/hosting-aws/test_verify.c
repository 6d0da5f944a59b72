/* verify(): what answers mean, and how many questions are asked for them. With
 * arguments it serves comparisons from outside:
 *   --requests    for each JSON resource on standard input, the request that it
 *                 leads to, as JSON
 *   --types       the types that are known, as a JSON array
 *   --moto        verifies an array of resources on standard input against the
 *                 API on 127.0.0.1:$MOTO_PORT and prints the records */
#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

/* ---------------------------------------------------------- for comparisons */

static char *read_input(void)
{
    fr_buf text = {0};
    char piece[65536];

    for (size_t got; (got = fread(piece, 1, sizeof piece, stdin)) > 0;)
        fr_buf_append(&text, piece, got);
    return fr_buf_steal(&text);
}

/* The plugin's own section of the configuration. */
static void put_settings(harness *h, const char *line)
{
    fr_json *tree = fr_json_parse(line, strlen(line), NULL);
    fr_buf text = {0};

    ck_assert_int_eq(fr_json_print(fr_json_get(tree, "settings"), &text), FRACTARY_OK);
    fr_fakehost_section(h->host, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(tree);
}

/* The fake host asserts, which only works within a test. */
START_TEST(print_requests)
{
    static const fr_fake_answer refused = {.status = 400, .body = "{\"__type\":\"Anything\"}"};
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, stdin) > 0) {
        harness h;
        fr_buf text = {0};
        harness_open(&h);
        fr_fake_http_answer(h.http, "", &refused);
        put_settings(&h, line);
        harness_start(&h);
        fr_buf_printf(&text, "[%s]", line);
        ck_assert_int_eq(harness_verify(&h, fr_buf_text(&text)), FRACTARY_OK);
        fr_buf_clear(&text);
        if (fr_fake_http_count(h.http) == 1)
            fr_json_print(fr_fake_http_request(h.http, 0), &text);
        else
            fr_buf_printf(&text, "{\"none\":%s}", fr_fakehost_dump(h.host));
        puts(fr_buf_text(&text));
        fr_buf_finish(&text);
        harness_close(&h);
    }
    free(line);
}
END_TEST

START_TEST(verify_really)
{
    harness h;
    char *resources = read_input();
    char *url = fr_str_format("http://127.0.0.1:%s", getenv("MOTO_PORT"));

    harness_open(&h);
    fr_fake_http_really(h.http);
    fr_fakehost_setenv(h.host, "AWS_ENDPOINT_URL", url);
    fr_fakehost_setenv(h.host, "AWS_MAX_ATTEMPTS", "1");
    if (getenv("TEST_ACCESS_KEY") != NULL) {
        fr_fakehost_setenv(h.host, "AWS_ACCESS_KEY_ID", getenv("TEST_ACCESS_KEY"));
        fr_fakehost_setenv(h.host, "AWS_SECRET_ACCESS_KEY", getenv("TEST_SECRET_KEY"));
    }
    harness_start(&h);
    const int32_t status = harness_verify(&h, resources);
    fputs(fr_fakehost_dump(h.host), stdout);
    if (status != FRACTARY_OK)
        printf("{\"type\":\"failed\",\"message\":\"%s\"}\n", h.error.message);
    fprintf(stderr, "%zu requests\n", fr_fake_http_count(h.http));
    harness_close(&h);
    free(url);
    free(resources);
    ck_assert_int_eq(status, FRACTARY_OK);
}
END_TEST

static int run_suite(Suite *suite, enum fork_status fork, enum print_output print)
{
    SRunner *runner = srunner_create(suite);

    srunner_set_fork_status(runner, fork);
    srunner_run_all(runner, print);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

static int run_alone(const TTest *test)
{
    Suite *suite = suite_create("comparison");
    TCase *one = tcase_create("one");

    tcase_add_test(one, test);
    suite_add_tcase(suite, one);
    return run_suite(suite, CK_NOFORK, CK_MINIMAL);
}

static int print_types(void)
{
    fr_json *list = fr_json_array();
    fr_buf text = {0};
    const fr_aws_type *row;

    for (size_t i = 0; (row = fr_aws_type_at(i)) != NULL; i++)
        fr_json_add_string(list, row->type);
    const int32_t status = fr_json_print(list, &text);
    puts(fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(list);
    return status == FRACTARY_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--requests") == 0)
        return run_alone(print_requests);
    if (argc == 2 && strcmp(argv[1], "--moto") == 0)
        return run_alone(verify_really);
    if (argc == 2 && strcmp(argv[1], "--types") == 0)
        return print_types();
    return 0;
}
