/* The host as a plugin sees it: which services it gets, and what the small ones
 * of them do. */
#include <check.h>
#include <fractary-plugin/hash.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "plugin_fixture.h"
#include "service_fixture.h"

static service_fixture f;
static fractary_error error;
static fr_buf text;
static fractary_sink sink;
static fr_json *needs;
static fr_host *host;
static fr_config *config;

static int32_t authenticate(void *context, const char *environment, const char *purpose,
                            fr_buf *account, fr_buf *principal, fractary_error *given)
{
    (void)context;
    (void)given;
    ck_assert_str_eq(environment, "test");
    ck_assert_str_eq(purpose, "deploy");
    fr_buf_puts(account, "123456789012");
    return fr_buf_puts(principal, "arn:aws:iam::123456789012:user/test-deployer");
}

static void set_up(void)
{
    service_fixture_init(&f);
    error = (fractary_error)FR_ERROR_INIT;
    sink = fr_buf_sink(&text);
    fr_json *tree = fixture_json(
        "{\"version\":1,\"project\":{\"name\":\"orders\",\"organization\":\"acme\"},"
        "\"naming\":{\"pattern\":\"{project}-{environment}-{resource}\"},"
        "\"handlers\":{\"hosting\":\"hosting-aws\",\"iac\":\"iac-terraform\"},"
        "\"environments\":{\"test\":{\"class\":\"test\",\"account\":\"123456789012\","
        "\"region\":\"eu-central-1\",\"identities\":{\"deploy\":{\"profile\":\"test-deploy\"}}},"
        "\"prod\":{\"class\":\"production\"}}}");
    ck_assert_int_eq(fr_config_from_tree(f.folder, tree, &config, &error), FRACTARY_OK);
    f.context.config = config;
    f.context.guard.authenticate = authenticate;
}

static void tear_down(void)
{
    fr_host_destroy(host);
    host = NULL;
    fr_json_free(needs);
    needs = NULL;
    fr_buf_finish(&text);
    fr_config_free(config);
    service_fixture_finish(&f);
}

static void open_host(const char *kind, const char *services)
{
    fr_host_destroy(host);
    fr_json_free(needs);
    needs = fixture_json(services);
    f.guest.kind = kind;
    f.guest.needs = needs;
    ck_assert_int_eq(fr_host_create(&f.context, &f.guest, &host, &error), FRACTARY_OK);
}

static const void *service(const char *id)
{
    const fractary_host *table = fr_host_table(host);
    return table->service(table, id);
}

static const fractary_call *call(void)
{
    return fr_call_table(f.call);
}

static const char *said(void)
{
    return fr_buf_text(&text);
}

/* ------------------------------------------------------------- handing out */

#define ALL_SERVICES                                                                               \
    "[\"fractary.process/1\",\"fractary.http/1\",\"fractary.files/1\",\"fractary.environ/1\","     \
    "\"fractary.config/1\",\"fractary.registry/1\",\"fractary.run/1\",\"fractary.identity/1\","    \
    "\"fractary.guard/1\",\"fractary.confirm/1\",\"fractary.clock/1\",\"fractary.progress/1\","    \
    "\"fractary.handlers/1\",\"fractary.skills/1\"]"

static const struct {
    const char *id, *kinds;
} services[] = {
    {"fractary.process/1", "hosting iac skill agent"},
    {"fractary.http/1", "hosting iac skill agent"},
    {"fractary.files/1", "hosting iac skill agent"},
    {"fractary.environ/1", "hosting"},
    {"fractary.config/1", "hosting iac skill agent"},
    {"fractary.registry/1", "hosting iac skill agent"},
    {"fractary.run/1", "hosting iac skill agent"},
    {"fractary.identity/1", "hosting"},
    {"fractary.guard/1", "agent"},
    {"fractary.confirm/1", "agent"},
    {"fractary.clock/1", "hosting iac skill agent"},
    {"fractary.progress/1", "hosting iac skill agent"},
    {"fractary.handlers/1", "skill"},
    {"fractary.skills/1", "agent"},
};

START_TEST(kinds_get_what_they_may_have)
{
    static const char *const kinds[] = {"hosting", "iac", "skill", "agent"};
    for (size_t k = 0; k < 4; k++) {
        open_host(kinds[k], ALL_SERVICES);
        for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
            const int may = strstr(services[i].kinds, kinds[k]) != NULL;
            const uint32_t *table = service(services[i].id);
            ck_assert_msg((table != NULL) == may, "%s for %s", services[i].id, kinds[k]);
            ck_assert_int_eq(fr_host_allows(kinds[k], services[i].id), may);
            if (table != NULL)
                ck_assert_uint_gt(*table, sizeof(uint32_t));
        }
    }
}
END_TEST

START_TEST(only_what_is_needed_is_given)
{
    open_host("hosting", "[\"fractary.clock/1\",\"fractary.clock/1\",\"org.example/1\",7]");
    ck_assert_ptr_nonnull(service("fractary.clock/1"));
    ck_assert_ptr_eq(service("fractary.clock/1"), service("fractary.clock/1"));
    ck_assert_ptr_null(service("fractary.files/1"));
    ck_assert_ptr_null(service("fractary.clock/2"));
    ck_assert_ptr_null(service("org.example/1"));
    ck_assert_ptr_null(service(NULL));
    ck_assert_int_eq(fr_host_knows("org.example/1"), 0);
    ck_assert_int_ne(fr_host_knows("fractary.guard/1"), 0);
    ck_assert_uint_eq(fr_host_table(host)->abi, FRACTARY_ABI);
    ck_assert_str_eq(fr_host_table(host)->version, "0.0");
}
END_TEST

START_TEST(each_instance_has_tables_of_its_own)
{
    fr_host *other = NULL;
    open_host("hosting", "[\"fractary.clock/1\"]");
    ck_assert_int_eq(fr_host_create(&f.context, &f.guest, &other, &error), FRACTARY_OK);
    const fractary_host *table = fr_host_table(other);
    ck_assert_ptr_ne(table->service(table, "fractary.clock/1"), service("fractary.clock/1"));
    fr_host_destroy(other);
    f.guest.needs = NULL;
    ck_assert_int_eq(fr_host_create(&f.context, &f.guest, &other, &error), FRACTARY_OK);
    fr_host_destroy(other);
}
END_TEST

/* ------------------------------------------------------------------- config */

START_TEST(config_tells_section_and_project)
{
    fr_json *section = fixture_json("{\"directory\":\"infra\",\"deep\":{\"a\":1}}");
    f.guest.section = section;
    open_host("iac", "[\"fractary.config/1\"]");
    const fractary_config *table = service("fractary.config/1");
    ck_assert_str_eq(table->section(table), "{\"directory\":\"infra\",\"deep\":{\"a\":1}}");
    fr_json *project = fixture_json(table->project(table));
    ck_assert_str_eq(fr_json_get_string(project, "root"), fr_config_root(config));
    ck_assert_str_eq(fr_json_get_string(project, "name"), "orders");
    ck_assert_str_eq(fr_json_get_string(project, "organization"), "acme");
    ck_assert_str_eq(fr_json_get_string(project, "subsystem"), "");
    ck_assert_str_eq(fr_json_get_string(project, "environment"), "test");
    ck_assert_str_eq(fr_json_get_string(project, "class"), "test");
    ck_assert_str_eq(fr_json_get_string(project, "stack"), "default");
    ck_assert_str_eq(fr_json_get_string(project, "account"), "123456789012");
    ck_assert_str_eq(fr_json_get_string(project, "region"), "eu-central-1");
    ck_assert_int_eq(
        table->expand(table, "{project}-{environment}-{resource}", "queue", &sink, &error),
        FRACTARY_OK);
    ck_assert_str_eq(said(), "orders-test-queue");
    ck_assert_int_eq(table->expand(table, "{projekt}", "queue", &sink, &error), FRACTARY_E_CONFIG);
    fr_json_free(project);
    fr_json_free(section);
}
END_TEST

START_TEST(config_outside_a_project_is_empty)
{
    f.context.config = NULL;
    f.guest.environment = "";
    open_host("agent", "[\"fractary.config/1\"]");
    const fractary_config *table = service("fractary.config/1");
    ck_assert_str_eq(table->section(table), "{}");
    ck_assert_str_eq(table->project(table), "{}");
    ck_assert_int_eq(table->expand(table, "x", "y", &sink, &error), FRACTARY_E_UNSUPPORTED);
}
END_TEST

/* ------------------------------------------------------------------ environ */

START_TEST(environ_gives_what_the_manifest_names)
{
    fr_json *names = fixture_json("[\"AWS_*\",\"HOME\"]");
    f.guest.environ = names;
    setenv("AWS_REGION", "eu-central-1", 1);
    setenv("AWS_EMPTY", "", 1);
    setenv("OTHER", "x", 1);
    open_host("hosting", "[\"fractary.environ/1\"]");
    const fractary_environ *table = service("fractary.environ/1");
    ck_assert_str_eq(table->get(table, "AWS_REGION"), "eu-central-1");
    ck_assert_ptr_null(table->get(table, "AWS_EMPTY"));
    ck_assert_ptr_null(table->get(table, "AWS_UNSET"));
    ck_assert_ptr_null(table->get(table, "OTHER"));
    ck_assert_ptr_null(table->get(table, NULL));
    fr_json_free(names);
}
END_TEST

/* ---------------------------------------------------------------------- run */

static void write_file(const char *path, const char *content)
{
    ck_assert_int_eq(fr_file_write(path, content, strlen(content), 0600, &error), FRACTARY_OK);
}

/* Seals `content` as "plan" and says its hash. */
static void seal_plan(const char *content, char sha256[65])
{
    const fractary_run *table = service("fractary.run/1");
    fr_buf_clear(&text);
    ck_assert_int_eq(table->scratch(table, call(), "plan.bin", &sink, &error), FRACTARY_OK);
    write_file(said(), content);
    ck_assert_int_eq(table->seal(table, call(), "plan", said(), sha256, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_file_exists(said()), 0);
}

START_TEST(run_has_scratch_files)
{
    open_host("iac", "[\"fractary.run/1\"]");
    const fractary_run *table = service("fractary.run/1");
    ck_assert_int_eq(table->scratch(table, call(), "a", &sink, &error), FRACTARY_OK);
    ck_assert_int_eq(*said(), '/');
    struct stat info;
    ck_assert_int_eq(stat(said(), &info), 0);
    ck_assert_int_eq(info.st_mode & 07777, 0600);
    ck_assert_int_eq(info.st_size, 0);
    ck_assert_int_eq(table->scratch(table, call(), "a", &sink, &error), FRACTARY_E_EXISTS);
    ck_assert_int_eq(table->scratch(table, call(), "../a", &sink, &error), FRACTARY_E_INVALID);
    ck_assert_int_eq(table->scratch(table, call(), NULL, &sink, &error), FRACTARY_E_INVALID);
}
END_TEST

START_TEST(run_seals_what_is_in_scratch)
{
    char sha256[65], expected[65];
    open_host("iac", "[\"fractary.run/1\"]");
    seal_plan("the plan", sha256);
    ck_assert_int_eq(fr_sha256_hex("the plan", 8, expected), FRACTARY_OK);
    ck_assert_str_eq(sha256, expected);
    const fractary_run *table = service("fractary.run/1");
    fixture_write(f.folder, "elsewhere", "x");
    char *path = fr_str_format("%s/elsewhere", f.folder);
    ck_assert_int_eq(table->seal(table, call(), "other", path, sha256, &error), FRACTARY_E_REFUSED);
    ck_assert_int_eq(table->seal(table, call(), NULL, path, sha256, &error), FRACTARY_E_INVALID);
    free(path);
}
END_TEST

START_TEST(run_keeps_a_data_folder)
{
    struct stat info;
    open_host("iac", "[\"fractary.run/1\"]");
    const fractary_run *table = service("fractary.run/1");
    ck_assert_int_eq(table->data(table, call(), &sink, &error), FRACTARY_OK);
    char *expected = fr_str_format("%s/data/test/default/tester", fr_config_folder(config));
    ck_assert_str_eq(said(), expected);
    ck_assert_int_eq(stat(expected, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0700);
    free(expected);
}
END_TEST

START_TEST(there_may_be_no_run)
{
    fr_run *run = f.context.run;
    f.context.run = NULL;
    open_host("iac", "[\"fractary.run/1\"]");
    const fractary_run *table = service("fractary.run/1");
    ck_assert_int_eq(table->scratch(table, call(), "a", &sink, &error), FRACTARY_E_UNSUPPORTED);
    f.context.run = run;
}
END_TEST

/* ----------------------------------------------------------------- identity */

START_TEST(identity_is_described)
{
    open_host("hosting", "[\"fractary.identity/1\"]");
    const fractary_identity *table = service("fractary.identity/1");
    ck_assert_int_eq(table->describe(table, call(), "read", &sink, &error), FRACTARY_OK);
    fr_json *identity = fixture_json(said());
    ck_assert_str_eq(fr_json_get_string(identity, "profile"), "test-deploy");
    ck_assert_str_eq(fr_json_get_string(identity, "fallback"), "deploy");
    fr_json_free(identity);
    ck_assert_int_eq(table->describe(table, call(), "grant", &sink, &error), FRACTARY_E_CONFIG);
    ck_assert_int_eq(table->describe(table, call(), NULL, &sink, &error), FRACTARY_E_INVALID);
}
END_TEST

/* ---------------------------------------------------------- guard, confirm */

#define AGENT_SERVICES "[\"fractary.run/1\",\"fractary.guard/1\",\"fractary.confirm/1\"]"

static int32_t permit(const char *plan)
{
    const fr_gate_subject subject = {"default", "test", "deploy", plan};
    return fr_gate_permit(f.context.gate, "apply", &subject, &error);
}

static int32_t check(const char *plan)
{
    const fractary_guard *table = service("fractary.guard/1");
    return table->check(table, call(), "deploy", plan, &error);
}

static int32_t approve(const char *plan)
{
    const fractary_confirm *table = service("fractary.confirm/1");
    const fractary_approval_request request = {.size = sizeof request,
                                               .plan = plan,
                                               .method = "apply",
                                               .purpose = "deploy",
                                               .summary = "apply it"};
    return table->approve(table, call(), &request, &error);
}

START_TEST(guard_and_approval_open_the_gate_for_one_plan)
{
    char first[65], second[65];
    open_host("agent", AGENT_SERVICES);
    ck_assert_int_eq(check(NULL), FRACTARY_OK);
    seal_plan("one", first);
    ck_assert_int_eq(check("plan"), FRACTARY_OK);
    ck_assert_int_eq(permit(first), FRACTARY_E_REFUSED);
    ck_assert_int_eq(approve("plan"), FRACTARY_OK);
    ck_assert_int_eq(permit(first), FRACTARY_OK);
    const fr_json *guard = service_fixture_record(&f, "guard", 1);
    ck_assert_str_eq(fr_json_get_string(guard, "plan"), first);
    ck_assert_str_eq(fr_json_get_string(guard, "source"), "core");
    ck_assert_int_ne(fr_json_is_true(guard, "ok"), 0);
    const fr_json *approval = service_fixture_record(&f, "approval", 0);
    ck_assert_str_eq(fr_json_get_string(approval, "plan"), first);
    ck_assert_str_eq(fr_json_get_string(approval, "method"), "apply");
    ck_assert_str_eq(fr_json_get_string(approval, "how"), "class");
    /* Sealed anew under the same name: what was said of the first is void. */
    seal_plan("two", second);
    ck_assert_int_eq(permit(first), FRACTARY_E_REFUSED);
    ck_assert_int_eq(permit(second), FRACTARY_E_REFUSED);
}
END_TEST

START_TEST(same_plan_sealed_anew_needs_a_new_word)
{
    char first[65], second[65];
    open_host("agent", AGENT_SERVICES);
    ck_assert_int_eq(check(NULL), FRACTARY_OK);
    seal_plan("one", first);
    ck_assert_int_eq(check("plan"), FRACTARY_OK);
    ck_assert_int_eq(approve("plan"), FRACTARY_OK);
    seal_plan("one", second);
    ck_assert_str_eq(first, second);
    ck_assert_int_eq(permit(second), FRACTARY_E_REFUSED);
}
END_TEST

START_TEST(guard_refuses_and_records)
{
    fr_json *tree = fixture_json(
        "{\"version\":1,\"project\":{\"name\":\"orders\"},"
        "\"handlers\":{\"hosting\":\"hosting-aws\",\"iac\":\"iac-terraform\"},"
        "\"environments\":{\"test\":{\"class\":\"test\",\"account\":\"999999999999\"}}}");
    fr_config_free(config);
    ck_assert_int_eq(fr_config_from_tree(f.folder, tree, &config, &error), FRACTARY_OK);
    f.context.config = config;
    open_host("agent", AGENT_SERVICES);
    ck_assert_int_eq(check(NULL), FRACTARY_E_REFUSED);
    assert_says(error.cause, "999999999999");
    ck_assert_int_eq(fr_json_is_true(service_fixture_record(&f, "guard", 0), "ok"), 0);
}
END_TEST

START_TEST(unknown_plans_and_missing_texts)
{
    open_host("agent", AGENT_SERVICES);
    ck_assert_int_eq(check("plan"), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(approve("plan"), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(approve(NULL), FRACTARY_E_INVALID);
    const fractary_guard *table = service("fractary.guard/1");
    ck_assert_int_eq(table->check(table, call(), NULL, NULL, &error), FRACTARY_E_INVALID);
    ck_assert_uint_eq(f.records.count, 0);
}
END_TEST

START_TEST(what_cannot_be_recorded_opens_nothing)
{
    char hash[65];
    open_host("agent", AGENT_SERVICES);
    ck_assert_int_eq(check(NULL), FRACTARY_OK);
    seal_plan("one", hash);
    ck_assert_int_eq(check("plan"), FRACTARY_OK);
    close(fr_journal_descriptor(f.context.journal));
    ck_assert_int_eq(approve("plan"), FRACTARY_E_IO);
    ck_assert_int_eq(permit(hash), FRACTARY_E_REFUSED);
    /* The descriptor is closed once more with the journal: give it one. */
    ck_assert_int_ge(dup2(STDERR_FILENO, fr_journal_descriptor(f.context.journal)), 0);
}
END_TEST

/* ----------------------------------------------------------------- registry */

START_TEST(registry_is_committed_and_read)
{
    static const char resources[] =
        "[{\"address\":\"aws_s3_bucket.a\",\"type\":\"aws_s3_bucket\",\"name\":\"a\","
        "\"provider\":\"aws\",\"id\":\"a\",\"status\":\"verified\"},"
        "{\"address\":\"aws_s3_bucket.b\",\"type\":\"aws_s3_bucket\",\"name\":\"b\","
        "\"provider\":\"aws\",\"id\":\"b\",\"status\":\"missing\"}]";
    const fractary_registry_update update = {.size = sizeof update,
                                             .action = "deploy",
                                             .resources = resources,
                                             .length = sizeof resources - 1};
    open_host("skill", "[\"fractary.registry/1\"]");
    const fractary_registry *table = service("fractary.registry/1");
    ck_assert_int_eq(table->read(table, call(), &sink, &error), FRACTARY_OK);
    ck_assert_str_eq(said(), "");
    ck_assert_int_eq(table->commit(table, call(), &update, &error), FRACTARY_OK);
    ck_assert_int_eq(table->read(table, call(), &sink, &error), FRACTARY_OK);
    assert_says(said(), "aws_s3_bucket.a");
    assert_says(said(), "aws_s3_bucket.b");
    const fr_json *record = service_fixture_record(&f, "registry", 0);
    ck_assert_int_eq(fr_json_get_int(record, "resources", 0), 2);
    ck_assert_int_eq(fr_json_get_int(record, "verified", 0), 1);
    ck_assert_int_eq(fr_json_get_int(record, "missing", 0), 1);
    ck_assert_int_eq(fr_json_get_int(record, "unverifiable", -1), 0);
    fr_buf_clear(&text);
    ck_assert_int_eq(table->document(table, call(), &sink, &error), FRACTARY_OK);
    ck_assert_str_eq(said(), FR_PROJECT_FOLDER "/deployments/test/DEPLOYED.md");
    ck_assert_str_eq(fr_json_get_string(record, "document"), said());
    char *document = fr_str_format("%s/%s", f.folder, said());
    ck_assert_int_ne(fr_file_exists(document), 0);
    free(document);
}
END_TEST

START_TEST(registry_refuses_what_is_no_list)
{
    const fractary_registry_update update = {
        .size = sizeof update, .action = "deploy", .resources = "{}", .length = 2};
    const fractary_registry_update broken = {
        .size = sizeof update, .action = "deploy", .resources = "[", .length = 1};
    const fractary_registry_update empty = {.size = sizeof update, .action = "deploy"};
    open_host("skill", "[\"fractary.registry/1\"]");
    const fractary_registry *table = service("fractary.registry/1");
    ck_assert_int_eq(table->commit(table, call(), &update, &error), FRACTARY_E_INVALID);
    ck_assert_int_eq(table->commit(table, call(), &broken, &error), FRACTARY_E_INVALID);
    ck_assert_int_eq(table->commit(table, call(), &empty, &error), FRACTARY_E_INVALID);
    ck_assert_uint_eq(f.records.count, 0);
}
END_TEST

/* --------------------------------------------------------- handlers, skills */

static const char *asked_by;

static int32_t open_handler(void *context, const char *guest, const fractary_call *from,
                            const char *kind, fractary_handle **handle, fractary_error *given)
{
    (void)from;
    (void)given;
    asked_by = guest;
    ck_assert_str_eq(kind, "iac");
    *handle = context;
    return FRACTARY_OK;
}

static int32_t call_handler(void *context, const char *guest, const fractary_call *from,
                            fractary_handle *handle, const char *method, const void *request,
                            const fractary_sink *listener, fractary_error *given)
{
    (void)guest;
    (void)from;
    (void)request;
    (void)listener;
    ck_assert_ptr_eq((void *)handle, context);
    return fr_error_set(given, FRACTARY_E_REFUSED, "%s is refused", method);
}

START_TEST(handlers_go_through_the_broker)
{
    int mark = 0;
    fractary_handle *handle = NULL;
    f.context.broker.context = &mark;
    f.context.broker.open_handler = open_handler;
    f.context.broker.call_handler = call_handler;
    open_host("skill", "[\"fractary.handlers/1\"]");
    const fractary_handlers *table = service("fractary.handlers/1");
    ck_assert_int_eq(table->open(table, call(), "iac", &handle, &error), FRACTARY_OK);
    ck_assert_str_eq(asked_by, "tester");
    ck_assert_int_eq(table->call(table, call(), handle, "apply", NULL, NULL, &error),
                     FRACTARY_E_REFUSED);
    assert_says(error.message, "apply");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *cases = tcase_create("host");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, kinds_get_what_they_may_have);
    tcase_add_test(cases, only_what_is_needed_is_given);
    tcase_add_test(cases, each_instance_has_tables_of_its_own);
    tcase_add_test(cases, config_tells_section_and_project);
    tcase_add_test(cases, config_outside_a_project_is_empty);
    tcase_add_test(cases, environ_gives_what_the_manifest_names);
    tcase_add_test(cases, run_has_scratch_files);
    tcase_add_test(cases, run_seals_what_is_in_scratch);
    tcase_add_test(cases, run_keeps_a_data_folder);
    tcase_add_test(cases, there_may_be_no_run);
    tcase_add_test(cases, identity_is_described);
    tcase_add_test(cases, guard_and_approval_open_the_gate_for_one_plan);
    tcase_add_test(cases, same_plan_sealed_anew_needs_a_new_word);
    tcase_add_test(cases, guard_refuses_and_records);
    tcase_add_test(cases, unknown_plans_and_missing_texts);
    tcase_add_test(cases, what_cannot_be_recorded_opens_nothing);
    tcase_add_test(cases, registry_is_committed_and_read);
    tcase_add_test(cases, registry_refuses_what_is_no_list);
    tcase_add_test(cases, handlers_go_through_the_broker);
    suite_add_tcase(suite, cases);
    return fixture_run(suite);
}
