#include "project/registry.h"

#include "base/file.h"
#include "base/path.h"
#include "project/markdown.h"
#include "project/registry_view.h"
#include "unit/plugin_fixture.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLAN "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static char *folder;
static fr_registry_place place;
static fractary_error error;

static void enter(void)
{
    folder = fixture_folder();
    place = (fr_registry_place){folder, "test", "default", "orders"};
    error = (fractary_error)FR_ERROR_INIT;
}

/* No file may become larger: what a full disk does to a write. */
static void limit_files(rlim_t size)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void leave(void)
{
    limit_files(RLIM_INFINITY);
    fixture_remove(folder);
}

static const fr_registry_change first_change = {
    0, "deploy", "run-1", PLAN, "arn:aws:sts::1:assumed-role/deployer/x", "ada", 1769860800000};
static const fr_registry_change second_change = {
    0, "deploy", "run-2", PLAN, "arn:aws:sts::1:assumed-role/deployer/x", "ada", 1769947200000};

#define BUCKET                                                                                     \
    "{\"address\":\"aws_s3_bucket.data\",\"type\":\"aws_s3_bucket\",\"name\":\"orders-data\","     \
    "\"service\":\"S3\","                                                                          \
    "\"provider\":\"aws\",\"id\":\"orders-data\",\"arn\":\"arn:aws:s3:::orders-data\","            \
    "\"region\":\"eu-central-1\",\"account\":\"1\",\"console_url\":\"https://console/s3\","        \
    "\"status\":\"verified\",\"verified_at\":\"2026-01-31T12:00:00.000Z\","                        \
    "\"attributes\":{\"secret\":\"no\"}}"
#define QUEUE                                                                                      \
    "{\"address\":\"aws_sqs_queue.jobs\",\"type\":\"aws_sqs_queue\",\"id\":\"q\","                 \
    "\"status\":\"missing\",\"reason\":\"the API says 404\"}"

static int32_t commit(const fr_registry_change *change, const char *resources)
{
    fr_json *list = fixture_json(resources);
    const int32_t status = fr_registry_commit(&place, change, list, &error);

    fr_json_free(list);
    return status;
}

static fr_json *read_back(void)
{
    fr_json *registry = NULL;

    ck_assert_msg(fr_registry_read(&place, &registry, &error) == FRACTARY_OK, "%s: %s",
                  error.message, error.cause);
    return registry;
}

static const fr_json *resource(const fr_json *registry, const char *address)
{
    const fr_json *e = fr_json_first(fr_json_get(registry, "resources"));

    while (e != NULL && !fr_str_equal(fr_json_get_string(e, "address"), address))
        e = fr_json_next(e);
    ck_assert_msg(e != NULL, "there is no %s", address);
    return e;
}

static char *content(const char *name)
{
    char *path = fr_str_format("%s/deployments/test/%s", folder, name);
    fr_buf text = {0};

    ck_assert_msg(fr_file_read(path, 1 << 28, &text, &error) == FRACTARY_OK, "%s", error.message);
    free(path);
    return fr_buf_steal(&text);
}

static void expect_text(const fr_json *object, const char *key, const char *wanted)
{
    const char *text = fr_json_get_string(object, key);

    ck_assert_msg(fr_str_equal(text, wanted), "%s is %s, not %s", key, text != NULL ? text : "null",
                  wanted != NULL ? wanted : "null");
}

/* --------------------------------------------------------------------- content */

START_TEST(test_empty)
{
    fr_json *registry = read_back();

    ck_assert_int_eq(fr_json_kind_of(fr_json_get(registry, "resources")), FR_JSON_ARRAY);
    ck_assert_uint_eq(fr_json_count(fr_json_get(registry, "resources")), 0);
    ck_assert_int_eq((int)fr_json_get_int(registry, "version", 0), FR_REGISTRY_VERSION);
    fr_json_free(registry);
}
END_TEST

START_TEST(test_fields)
{
    static const char *const keys[] = {"address",     "type",   "service",     "name",
                                       "provider",    "id",     "arn",         "region",
                                       "console_url", "status", "verified_at", "account",
                                       "stack",       "run",    "created_at",  "updated_at"};

    ck_assert_int_eq(commit(&first_change, "[" QUEUE "," BUCKET "]"), FRACTARY_OK);
    fr_json *registry = read_back();
    const fr_json *bucket = resource(registry, "aws_s3_bucket.data");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_msg(fr_json_get_string(bucket, keys[i]) != NULL, "%s is missing", keys[i]);
    ck_assert_uint_eq(fr_json_count(bucket), sizeof keys / sizeof *keys);
    ck_assert_ptr_null(fr_json_get(bucket, "attributes"));
    expect_text(registry, "environment", "test");
    expect_text(registry, "updated_at", "2026-01-31T12:00:00.000Z");
    expect_text(bucket, "created_at", "2026-01-31T12:00:00.000Z");
    expect_text(bucket, "run", "run-1");
    expect_text(bucket, "stack", "default");
    const fr_json *queue = resource(registry, "aws_sqs_queue.jobs");
    expect_text(queue, "arn", NULL);
    expect_text(queue, "reason", "the API says 404");
    ck_assert_ptr_eq(fr_json_first(fr_json_get(registry, "resources")), bucket);
    fr_json_free(registry);
}
END_TEST

START_TEST(test_keeps_what_was)
{
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "," QUEUE "]"), FRACTARY_OK);
    ck_assert_int_eq(commit(&second_change,
                            "[" BUCKET ",{\"address\":\"aws_sqs_queue.jobs\",\"type\":"
                            "\"aws_sqs_queue\",\"id\":\"q\",\"status\":\"verified\"}]"),
                     FRACTARY_OK);
    fr_json *registry = read_back();
    const fr_json *bucket = resource(registry, "aws_s3_bucket.data");
    const fr_json *queue = resource(registry, "aws_sqs_queue.jobs");
    expect_text(bucket, "updated_at", "2026-01-31T12:00:00.000Z");
    expect_text(queue, "created_at", "2026-01-31T12:00:00.000Z");
    expect_text(queue, "updated_at", "2026-02-01T12:00:00.000Z");
    expect_text(queue, "run", "run-1");
    expect_text(queue, "status", "verified");
    expect_text(queue, "reason", NULL);
    fr_json_free(registry);
}
END_TEST

START_TEST(test_nothing_is_called_verified_or_dated_without_an_answer)
{
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_OK);
    ck_assert_int_eq(commit(&second_change, "[{\"address\":\"aws_s3_bucket.data\"},"
                                            "{\"address\":\"x.y\",\"status\":\"fine\"}]"),
                     FRACTARY_OK);
    fr_json *registry = read_back();
    const fr_json *bucket = resource(registry, "aws_s3_bucket.data");
    expect_text(bucket, "status", "unverifiable");
    expect_text(bucket, "reason", "the cloud was not asked");
    ck_assert_ptr_null(fr_json_get_string(bucket, "verified_at"));
    expect_text(resource(registry, "x.y"), "status", "unverifiable");
    fr_json_free(registry);
}
END_TEST

START_TEST(test_other_stacks_stay)
{
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_OK);
    place.stack = "network";
    ck_assert_int_eq(commit(&second_change, "[" QUEUE "]"), FRACTARY_OK);
    fr_json *registry = read_back();
    ck_assert_uint_eq(fr_json_count(fr_json_get(registry, "resources")), 1);
    fr_json_free(registry);
    ck_assert_int_eq(commit(&second_change, "[]"), FRACTARY_OK);
    place.stack = NULL;
    registry = read_back();
    ck_assert_uint_eq(fr_json_count(fr_json_get(registry, "resources")), 1);
    expect_text(resource(registry, "aws_s3_bucket.data"), "stack", "default");
    fr_json_free(registry);
}
END_TEST

START_TEST(test_history)
{
    static const fr_registry_change teardown = {1,    "teardown", "run-3",      NULL,
                                                NULL, NULL,       1770000000000};
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "," QUEUE "]"), FRACTARY_OK);
    ck_assert_int_eq(commit(&teardown, "[{\"address\":\"aws_sqs_queue.jobs\",\"id\":\"r\"},"
                                       "{\"address\":\"new.one\"}]"),
                     FRACTARY_OK);
    char *text = content("history.jsonl");
    char *second = strchr(text, '\n') + 1;
    second[-1] = '\0';
    ck_assert_str_eq(strchr(second, '\n'), "\n");
    fr_json *line = fixture_json(text);
    expect_text(line, "plan", PLAN);
    expect_text(line, "user", "ada");
    expect_text(line, "time", "2026-01-31T12:00:00.000Z");
    ck_assert(fr_json_is_true(line, "ok"));
    ck_assert_int_eq((int)fr_json_get_int(line, "added", -1), 2);
    ck_assert_int_eq((int)fr_json_get_int(line, "missing", -1), 1);
    fr_json_free(line);
    line = fixture_json(second);
    expect_text(line, "action", "teardown");
    expect_text(line, "plan", NULL);
    ck_assert(!fr_json_is_true(line, "ok"));
    ck_assert_int_eq((int)fr_json_get_int(line, "added", -1), 1);
    ck_assert_int_eq((int)fr_json_get_int(line, "removed", -1), 1);
    ck_assert_int_eq((int)fr_json_get_int(line, "changed", -1), 1);
    ck_assert_int_eq((int)fr_json_get_int(line, "resources", -1), 2);
    fr_json_free(line);
    free(text);
}
END_TEST

/* -------------------------------------------------------------------- document */

START_TEST(test_document)
{
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "," QUEUE "]"), FRACTARY_OK);
    char *text = content("DEPLOYED.md");
    assert_says(text, "# orders: test\n");
    assert_says(text, "| Deployed | 2026-01-31 12:00:00 UTC |");
    assert_says(text, "| By | `ada` |");
    assert_says(text, PLAN);
    assert_says(text, "**2 resources**, 1 verified, 1 missing.");
    assert_says(text, "| [orders-data](<https://console/s3>) | `aws_s3_bucket.data` |");
    assert_says(text, "\n## S3\n");
    assert_says(text, "\n## SQS\n");
    ck_assert(strstr(text, "## Not verified") < strstr(text, "## S3"));
    assert_says(text, "missing | the API says 404 |");
    free(text);
    char *path = fr_registry_document(&place);
    ck_assert(fr_file_exists(path));
    free(path);
}
END_TEST

START_TEST(test_document_after_teardown_and_refresh)
{
    static const fr_registry_change teardown = {0,    "teardown", "run-4",      PLAN,
                                                NULL, "ada",      1769947200000};
    static const fr_registry_change refresh = {0,    "refresh", "run-5",      NULL,
                                               NULL, "bob",     1770033600000};
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_OK);
    ck_assert_int_eq(commit(&refresh, "[" BUCKET "]"), FRACTARY_OK);
    char *text = content("DEPLOYED.md");
    assert_says(text, PLAN);
    assert_says(text, "`run-1`");
    assert_says(text, "| Checked | 2026-02-02 12:00:00 UTC |");
    ck_assert_ptr_null(strstr(text, "bob"));
    free(text);
    ck_assert_int_eq(commit(&teardown, "[]"), FRACTARY_OK);
    text = content("DEPLOYED.md");
    assert_says(text, "Nothing is deployed.");
    assert_says(text, "| Torn down | 2026-02-01 12:00:00 UTC |");
    assert_says(text, "| By | `ada` |");
    ck_assert_ptr_null(strstr(text, "aws_s3_bucket"));
    free(text);
    fr_json *registry = read_back();
    ck_assert_uint_eq(fr_json_count(fr_json_get(registry, "resources")), 0);
    fr_json_free(registry);
}
END_TEST

START_TEST(test_document_of_a_failure)
{
    fr_registry_change failed = first_change;

    failed.failed = 1;
    ck_assert_int_eq(commit(&failed, "[" BUCKET "]"), FRACTARY_OK);
    char *text = content("DEPLOYED.md");
    assert_says(text, "| Deployed in part |");
    assert_says(text, "did not end well");
    free(text);
}
END_TEST

START_TEST(test_hostile_names)
{
    ck_assert_int_eq(
        commit(
            &first_change,
            "[{\"address\":\"a.b[\\\"x|y`z\\\"]\",\"type\":\"aws_<b>_x\",\"name\":\"a|b](http://x)"
            "<script>\\n# h\",\"console_url\":\"javascript:alert(1)\",\"id\":\"``|\",\"status\":"
            "\"missing\",\"reason\":\"*x*\\r\\n| y\"}]"),
        FRACTARY_OK);
    char *text = content("DEPLOYED.md");
    ck_assert_ptr_null(strstr(text, "<script>"));
    ck_assert_ptr_null(strstr(text, "javascript"));
    ck_assert_ptr_null(strstr(text, "\n# h"));
    assert_says(text, "a\\|b\\]\\(http\\://x\\)\\<script\\> \\# h");
    assert_says(text, "``a.b[\"x\\|y`z\"]``");
    assert_says(text, "``` ``\\| ```");
    assert_says(text, "\\*x\\*  \\| y");
    assert_says(text, "## \\<B\\>");
    free(text);
}
END_TEST

START_TEST(test_services_are_called_by_their_names)
{
    ck_assert_int_eq(
        commit(&first_change,
               "[{\"address\":\"aws_dynamodb_table.b\",\"type\":\"aws_dynamodb_table\","
               "\"service\":\"DynamoDB\",\"status\":\"verified\",\"reason\":\"tainted: x\"},"
               "{\"address\":\"google_storage_bucket.a\",\"type\":\"google_storage_bucket\"},"
               "{\"address\":\"random_id.c\",\"type\":\"random_id\",\"status\":"
               "\"unverifiable\",\"reason\":\"seen at 12:30:00: a https://x :tada: 1\"}]"),
        FRACTARY_OK);
    char *text = content("DEPLOYED.md");
    assert_says(text, "\n## DynamoDB\n");
    assert_says(text, "\n## Random\n");
    assert_says(text, "\n## Storage\n");
    assert_says(text, "\xE2\x9C\x93 verified; tainted: x |");
    assert_says(text, "seen at 12:30:00: a https\\://x \\:tada: 1");
    free(text);
}
END_TEST

START_TEST(test_name_by_address)
{
    ck_assert_int_eq(
        commit(&first_change, "[{\"address\":\"module.a.aws_sqs_queue.jobs[\\\"a.b\\\"]\"}]"),
        FRACTARY_OK);
    char *text = content("DEPLOYED.md");
    assert_says(text, "| jobs\\[\"a.b\"\\] | `module.a.aws_sqs_queue.jobs[\"a.b\"]` |");
    free(text);
}
END_TEST

START_TEST(test_link)
{
    fr_buf out = {0};

    fr_markdown_link("a b", "https://x/?a=1&b=|<>\"\xC3\xA9 \\", &out);
    ck_assert_str_eq(fr_buf_text(&out), "[a b](<https://x/?a=1&b=%7C%3C%3E%22%C3%A9%20%5C>)");
    fr_buf_clear(&out);
    fr_markdown_link("x", NULL, &out);
    ck_assert_str_eq(fr_buf_text(&out), "x");
    fr_buf_finish(&out);
}
END_TEST

/* -------------------------------------------------------------------- bad input */

static const struct bad {
    const char *text;
    const char *says;
} bads[] = {
    {"{\"version\": 1,\n  \"resources\" []}", "line 2, column 15"},
    {"", "line 1"},
    {"[]", "no `version`"},
    {"{\"version\": 1}", "no list"},
    {"{\"version\": 1, \"resources\": {}}", "no list"},
    {"{\"version\": 1, \"resources\": [1]}", "no address"},
    {"{\"version\": 1, \"resources\": [{\"address\": 1}]}", "no address"},
    {"{\"version\": 2, \"resources\": []}", "version 2"},
    {"{\"version\": 1, \"resources\": [{\"address\": \"a\", \"x\": 1, \"x\": 2}]}",
     "\"x\" is there twice"},
    {"{\"version\": 1, \"resources\": [{\"address\": \"a\"}], \"resources\": []}",
     "is there twice"},
    {"{\"version\": 1, \"resources\": [{\"address\": \"a\"}, {\"x\": {\"y\": {\"z\": 1}}}]}",
     "no address"},
};

static int32_t count_view(void *context, fractary_string_view resource)
{
    (void)resource;
    ++*(int *)context;
    return FRACTARY_OK;
}

START_TEST(test_broken_registry)
{
    fr_json *registry = NULL;
    int seen = 0;

    fixture_write(folder, "deployments/test/registry.json", bads[_i].text);
    ck_assert_int_eq(fr_registry_read(&place, &registry, &error), FRACTARY_E_CONFIG);
    ck_assert_ptr_null(registry);
    assert_says(error.cause, bads[_i].says);
    assert_says(error.place, "registry.json");
    ck_assert_int_eq(fr_registry_each(&place, count_view, &seen, &error), FRACTARY_E_CONFIG);
    assert_says(error.cause, bads[_i].says);
    ck_assert_int_eq(seen, 0);
}
END_TEST

START_TEST(test_commit_over_a_broken_registry)
{
    fixture_write(folder, "deployments/test/registry.json", "{\"version\": 1,");
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_OK);
    char *aside = content("registry.json.broken");
    ck_assert_str_eq(aside, "{\"version\": 1,");
    free(aside);
    fr_json *registry = read_back();
    resource(registry, "aws_s3_bucket.data");
    fr_json_free(registry);
}
END_TEST

START_TEST(test_commit_over_a_newer_registry)
{
    static const char newer[] = "{\"version\": 2, \"resources\": []}";

    fixture_write(folder, "deployments/test/registry.json", newer);
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_E_CONFIG);
    assert_says(error.advice, "newer one");
    char *text = content("registry.json");
    ck_assert_str_eq(text, newer);
    free(text);
}
END_TEST

START_TEST(test_bad_commits)
{
    ck_assert_int_eq(commit(&first_change, "{}"), FRACTARY_E_INVALID);
    ck_assert_int_eq(commit(&first_change, "[{}]"), FRACTARY_E_INVALID);
    ck_assert_int_eq(commit(&first_change, "[1]"), FRACTARY_E_INVALID);
    place.environment = "../x";
    ck_assert_int_eq(commit(&first_change, "[]"), FRACTARY_E_INVALID);
    fr_json *registry = NULL;
    ck_assert_int_eq(fr_registry_read(&place, &registry, &error), FRACTARY_E_INVALID);
    ck_assert(!fr_file_exists("../x"));
}
END_TEST

/* A disk that is full for the registry: the limit is below its size. */
START_TEST(test_full_disk)
{
    fr_buf many = {0};

    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_OK);
    char *before = content("registry.json");
    char *document = content("DEPLOYED.md");
    char *history = content("history.jsonl");
    for (int i = 0; i < 50; i++)
        fr_buf_printf(&many, "%s{\"address\":\"a.b%d\"}", i > 0 ? "," : "[", i);
    fr_buf_puts(&many, "]");
    limit_files(2048);
    ck_assert_int_eq(commit(&second_change, fr_buf_text(&many)), FRACTARY_E_IO);
    assert_says(error.message, "registry.json");
    assert_says(error.advice, "fractary status --env test");
    char *after = content("registry.json");
    ck_assert_str_eq(after, before);
    free(after);
    after = content("DEPLOYED.md");
    ck_assert_str_eq(after, document);
    free(after);
    after = content("history.jsonl");
    ck_assert_str_eq(after, history);
    free(after);
    free(before);
    free(document);
    free(history);
    fr_buf_finish(&many);
}
END_TEST

START_TEST(test_document_that_cannot_be_written)
{
    ck_assert_int_eq(commit(&first_change, "[" BUCKET "]"), FRACTARY_OK);
    char *path = fr_registry_document(&place);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    ck_assert_int_eq(commit(&second_change, "[" BUCKET "," QUEUE "]"), FRACTARY_E_IO);
    assert_says(error.message, "DEPLOYED.md");
    fr_json *registry = read_back();
    resource(registry, "aws_sqs_queue.jobs");
    fr_json_free(registry);
    char *history = content("history.jsonl");
    assert_says(history, "run-2");
    free(history);
    free(path);
}
END_TEST

/* ------------------------------------------------------------------- quick view */

struct seen {
    fr_buf addresses;
    fr_json *tree; /* of the views' own texts */
    size_t stop_at;
};

static int32_t see(void *context, fractary_string_view resource)
{
    struct seen *seen = context;
    fr_json *tree = fr_json_parse(resource.data, resource.length, NULL);

    fr_buf_printf(&seen->addresses, "%s\n", fr_json_get_string(tree, "address"));
    ck_assert_int_eq(fr_json_add(seen->tree, tree), FRACTARY_OK);
    return fr_json_count(seen->tree) == seen->stop_at ? FRACTARY_E_CANCELLED : FRACTARY_OK;
}

START_TEST(test_each_agrees_with_read)
{
    static const char odd[] =
        "[{\"address\":\"a[\\\"x\\\\\\\\\\\"]\",\"name\":\"}]\\\",\\\\\",\"id\":\"\\u00e9\"},"
        "{\"address\":\"b\",\"name\":null},{\"address\":\"\\\\\\\"\",\"id\":\"\"}]";
    struct seen seen = {.tree = fr_json_array()};

    ck_assert_int_eq(commit(&first_change, odd), FRACTARY_OK);
    ck_assert_int_eq(fr_registry_each(&place, see, &seen, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&seen.addresses), "\\\"\na[\"x\\\\\"]\nb\n");
    fr_json *registry = read_back();
    ck_assert(fr_json_equal(fr_json_get(registry, "resources"), seen.tree));
    fr_json_free(registry);
    fr_json_free(seen.tree);
    fr_buf_finish(&seen.addresses);
}
END_TEST

START_TEST(test_each_reads_any_form)
{
    struct seen seen = {.tree = fr_json_array()};

    fixture_write(
        folder, "deployments/test/registry.json",
        "\n{ \"resources\" : [ {\"x\":[{\"address\":\"no\"}],\n\t\"address\" : \"a\" , "
        "\"n\":{} } ,{\"address\":\"b\",\"stack\":\"other\"},{\"\\u0061ddress\":\"c\","
        "\"stack\":\"default\"},{\"x\":{\"y\":{}},\"address\":\"d\",\"stack\":\"other\"} ] , "
        "\"version\":1,\"more\":[{\"address\":\"e\"}] }");
    ck_assert_int_eq(fr_registry_each(&place, see, &seen, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&seen.addresses), "a\nb\nc\nd\n");
    seen.stop_at = 6;
    ck_assert_int_eq(fr_registry_each(&place, see, &seen, &error), FRACTARY_E_CANCELLED);
    ck_assert_str_eq(fr_buf_text(&seen.addresses), "a\nb\nc\nd\na\nb\n");
    fr_json_free(seen.tree);
    fr_buf_finish(&seen.addresses);
    place.environment = "none";
    ck_assert_int_eq(fr_registry_each(&place, see, &seen, &error), FRACTARY_OK);
}
END_TEST

START_TEST(test_ten_thousand)
{
    fr_buf many = {0};
    int seen = 0;

    for (int i = 0; i < 10000; i++)
        fr_buf_printf(&many, "%s{\"address\":\"aws_s3_bucket.b[%d]\",\"type\":\"aws_s3_bucket\"}",
                      i > 0 ? "," : "[", i);
    fr_buf_puts(&many, "]");
    ck_assert_int_eq(commit(&first_change, fr_buf_text(&many)), FRACTARY_OK);
    ck_assert_int_eq(commit(&second_change, fr_buf_text(&many)), FRACTARY_OK);
    ck_assert_int_eq(fr_registry_each(&place, count_view, &seen, &error), FRACTARY_OK);
    ck_assert_int_eq(seen, 10000);
    fr_json *registry = read_back();
    ck_assert_uint_eq(fr_json_count(fr_json_get(registry, "resources")), 10000);
    expect_text(resource(registry, "aws_s3_bucket.b[9999]"), "run", "run-1");
    fr_json_free(registry);
    fr_buf_finish(&many);
}
END_TEST

int main(void)
{
    const TTest *const all[] = {test_empty,
                                test_fields,
                                test_keeps_what_was,
                                test_nothing_is_called_verified_or_dated_without_an_answer,
                                test_other_stacks_stay,
                                test_history,
                                test_document,
                                test_document_after_teardown_and_refresh,
                                test_document_of_a_failure,
                                test_services_are_called_by_their_names,
                                test_hostile_names,
                                test_name_by_address,
                                test_link,
                                test_commit_over_a_broken_registry,
                                test_commit_over_a_newer_registry,
                                test_bad_commits,
                                test_full_disk,
                                test_document_that_cannot_be_written,
                                test_each_agrees_with_read,
                                test_each_reads_any_form,
                                test_ten_thousand};
    Suite *suite = suite_create("registry");
    TCase *tests = tcase_create("registry");

    tcase_add_checked_fixture(tests, enter, leave);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        tcase_add_test(tests, all[i]);
    tcase_add_loop_test(tests, test_broken_registry, 0, (int)(sizeof bads / sizeof *bads));
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
