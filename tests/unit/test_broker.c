/* The broker: real shared objects behind it, the real gate and records below. */
#include "unit/broker_fixture.h"

#include "base/path.h"

#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <fractary/iac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static broker_fixture f;

static void set_up(void)
{
    broker_fixture_init(&f, NULL);
}

static void tear_down(void)
{
    broker_fixture_finish(&f);
}

/* -------------------------------------------------------------- calls of skills */

/* What good-skill is asked to call, and what comes of it. */
static const struct {
    const char *options;
    int32_t status;
    const char *says, *cause;
} calls[] = {
    {"{}", FRACTARY_OK, "", ""},
    {"{\"method\":\"show\"}", FRACTARY_OK, "", ""},
    {"{\"kind\":\"hosting\",\"method\":\"verify\",\"count\":2}", FRACTARY_OK, "", ""},
    {"{\"kind\":\"hosting\",\"method\":\"verify\",\"count\":0}", FRACTARY_OK, "", ""},
    {"{\"kind\":\"hosting\",\"method\":\"query\"}", FRACTARY_E_UNSUPPORTED,
     "the plugin good-hosting does not offer query", "its release 1.0.0 has no such method"},
    {"{\"kind\":\"hosting\",\"method\":\"delete\"}", FRACTARY_E_UNSUPPORTED,
     "does not offer delete", ""},
    {"{\"kind\":\"hosting\",\"method\":\"remove\"}", FRACTARY_E_UNSUPPORTED,
     "there is no method \"remove\" in fractary.hosting/1", ""},
    {"{\"kind\":\"hosting\",\"method\":\"credentials\"}", FRACTARY_E_REFUSED,
     "credentials cannot be called by a plugin", "for the core alone"},
    {"{\"kind\":\"hosting\",\"method\":\"console_url\"}", FRACTARY_E_INVALID,
     "console_url needs a sink to answer into", ""},
    {"{\"kind\":\"hosting\",\"method\":\"authenticate\",\"purpose\":\"root\"}", FRACTARY_E_INVALID,
     "\"root\" is no purpose; there are read, deploy and grant", ""},
    {"{\"method\":\"aply\"}", FRACTARY_E_UNSUPPORTED,
     "there is no method \"aply\" in fractary.iac/1", "there is one called \"apply\""},
    {"{\"method\":\"plan\"}", FRACTARY_E_INVALID,
     "the request for plan must hold a name for the plan", ""},
    {"{\"method\":\"apply\"}", FRACTARY_E_INVALID,
     "the request for apply must hold the name of a plan", ""},
    {"{\"method\":\"run\"}", FRACTARY_E_UNSUPPORTED, "there is no method \"run\"", ""},
    {"{\"kind\":\"skill\",\"method\":\"run\"}", FRACTARY_E_INVALID,
     "there are no handlers of kind \"skill\"", ""},
    {"{\"kind\":\"moon\"}", FRACTARY_E_INVALID,
     "there are no handlers of kind \"moon\"; there are hosting and iac", ""},
};

START_TEST(calls_of_handlers_are_checked)
{
    assert_status(broker_fixture_ask(&f, "call", calls[_i].options), calls[_i].status);
    if (calls[_i].status == FRACTARY_OK)
        return;
    assert_says(f.error.message, calls[_i].says);
    assert_says(f.error.cause, calls[_i].cause);
    ck_assert_int_eq(f.error.status, calls[_i].status);
}
END_TEST

START_TEST(all_resources_reach_the_handler)
{
    assert_status(
        broker_fixture_ask(&f, "call", "{\"kind\":\"hosting\",\"method\":\"verify\",\"count\":2}"),
        FRACTARY_OK);
    ck_assert_uint_eq(broker_fixture_count(&f, "resource"), 2);
}
END_TEST

START_TEST(a_request_that_is_too_small_is_refused)
{
    assert_status(broker_fixture_ask(&f, "short", NULL), FRACTARY_E_INVALID);
    assert_says(f.error.message, "the request for init says it has 4 bytes");
}
END_TEST

START_TEST(a_handle_that_was_never_given_is_refused)
{
    assert_status(broker_fixture_ask(&f, "stray", NULL), FRACTARY_E_INVALID);
    assert_says(f.error.message, "the plugin good-skill called something it has not opened");
    assert_status(broker_fixture_run(&f, "good-agent", "stray", NULL), FRACTARY_E_INVALID);
    assert_says(f.error.message, "the plugin good-agent called something it has not opened");
}
END_TEST

START_TEST(an_answer_beside_the_records_reaches_the_caller)
{
    assert_status(broker_fixture_ask(&f, "console", NULL), FRACTARY_OK);
    ck_assert(broker_fixture_said(&f, "log", "https://console.example/one"));
}
END_TEST

START_TEST(options_for_a_skill_are_checked_by_its_manifest)
{
    assert_status(broker_fixture_ask(&f, "preview", "{\"tarket\":\"x\"}"), FRACTARY_E_INVALID);
    assert_says(f.error.message, "there is no option --tarket");
    assert_status(broker_fixture_ask(&f, "deploy", "{\"method\":\"drop\"}"), FRACTARY_E_INVALID);
    assert_status(broker_fixture_ask(&f, "preview", "{\"target\":"), FRACTARY_E_INVALID);
    assert_says(f.error.message, "the options for a skill are not JSON");
    assert_status(broker_fixture_ask(&f, "preveiw", NULL), FRACTARY_E_INVALID);
    assert_says(f.error.advice, "did you mean preview?");
    ck_assert_uint_eq(broker_fixture_count(&f, "plan"), 0);
}
END_TEST

START_TEST(a_skill_that_is_none_is_refused)
{
    assert_status(broker_fixture_run(&f, "good-agent", "ask",
                                     "{\"skill\":\"good-iac\","
                                     "\"command\":\"run\"}"),
                  FRACTARY_E_CONFIG);
    assert_says(f.error.message, "the plugin good-iac cannot serve as skill");
    assert_status(broker_fixture_run(&f, "good-agent", "ask",
                                     "{\"skill\":\"good-skil\","
                                     "\"command\":\"run\"}"),
                  FRACTARY_E_MISSING);
    assert_says(f.error.advice, "install the package fractary-good-skil");
}
END_TEST

START_TEST(commands_are_those_of_the_manifest)
{
    assert_status(broker_fixture_run(&f, "good-agent", "depoly", NULL), FRACTARY_E_INVALID);
    assert_says(f.error.advice, "did you mean deploy?");
    assert_status(broker_fixture_run(&f, "good-iac", "init", NULL), FRACTARY_E_INVALID);
    assert_status(broker_fixture_run(&f, "nobody", "run", NULL), FRACTARY_E_MISSING);
}
END_TEST

/* ---------------------------------------------------------------------- time */

/* Has good-agent hand on a call with that deadline, in another environment. */
static int32_t hurry(unsigned long long deadline, const char *command)
{
    char *options = fr_str_format("{\"deadline\":%llu,\"command\":\"%s\"}", deadline, command);
    const int32_t status = broker_fixture_run(&f, "good-agent", "hurry", options);

    free(options);
    return status;
}

START_TEST(a_deadline_can_shrink)
{
    assert_status(hurry(9000000000000000, "deadline"), FRACTARY_OK);
    ck_assert(broker_fixture_said(&f, "log", "deadline 9000000000000000 in test"));
}
END_TEST

START_TEST(a_deadline_cannot_grow)
{
    assert_status(hurry(9000000000000000, "stretch"), FRACTARY_OK);
    ck_assert_uint_eq(broker_fixture_count(&f, "log"), 2);
    for (const fr_json *e = fr_json_first(f.records); e != NULL; e = fr_json_next(e))
        ck_assert_str_eq(fr_json_get_string(e, "message"), "initialised until 9000000000000000");
}
END_TEST

START_TEST(without_a_deadline_there_is_none)
{
    assert_status(hurry(0, "deadline"), FRACTARY_OK);
    ck_assert(broker_fixture_said(&f, "log", "deadline 0 in test"));
}
END_TEST

/* --------------------------------------------------------- plugins that misbehave */

static const struct {
    const char *id;
    int32_t status;
    const char *says, *cause;
} broken[] = {
    {"create-fails", FRACTARY_E_CONFIG,
     "the plugin create-fails cannot start: the moon is not configured", "there is no moon"},
    {"create-null", FRACTARY_E_PROTOCOL,
     "the plugin create-null cannot start: ", "it succeeded and made no instance"},
    {"interface-absent", FRACTARY_E_PROTOCOL,
     "the plugin interface-absent cannot start: it does not hand out fractary.skill/1", ""},
    {"interface-size-zero", FRACTARY_E_PROTOCOL,
     "its table of fractary.skill/1 says it has 0 bytes", ""},
    {"interface-slot-missing", FRACTARY_E_PROTOCOL,
     "its table of fractary.skill/1 has no run, which is mandatory", ""},
    {"wrong-major", FRACTARY_E_PROTOCOL, "is built for ABI 2.0", ""},
    {"unknown-status", FRACTARY_E_PROTOCOL,
     "the plugin unknown-status broke a rule in its method run",
     "it returned -99, which is no status"},
    {"broken-json", FRACTARY_E_PROTOCOL, "the plugin broken-json broke a rule in its method run",
     ""},
    {"silent-failure", FRACTARY_E_DENIED, "the plugin silent-failure failed in its method run",
     "it gave no reason"},
    {"unended-error", FRACTARY_E_FAILED, "xxxxxxxx", "xxxxxxxx"},
    {"reads-undeclared-service", FRACTARY_OK, "", ""},
    {"reentrant", FRACTARY_E_REENTRANT, "the plugin good-skill cannot be called again",
     "one of its methods is still running"},
};

START_TEST(each_misbehaviour_is_named)
{
    assert_status(broker_fixture_run(&f, broken[_i].id, "run", NULL), broken[_i].status);
    if (broken[_i].status == FRACTARY_OK)
        return;
    assert_says(f.error.message, broken[_i].says);
    assert_says(f.error.cause, broken[_i].cause);
    ck_assert_int_eq(f.error.status, broken[_i].status);
    ck_assert_uint_lt(strlen(f.error.place), sizeof f.error.place);
    /* It does not get better by trying again. */
    assert_status(broker_fixture_run(&f, broken[_i].id, "run", NULL), broken[_i].status);
}
END_TEST

START_TEST(a_record_after_its_call_is_refused)
{
    assert_status(broker_fixture_run(&f, "writes-after-call", "keep", NULL), FRACTARY_OK);
    assert_status(broker_fixture_run(&f, "writes-after-call", "write", NULL), FRACTARY_OK);
    ck_assert(broker_fixture_said(&f, "log", "refused"));
    ck_assert(!broker_fixture_said(&f, "log", "too late"));
}
END_TEST

static const struct {
    const char *command, *reason;
} crashes[] = {
    {"segfault", "SIGSEGV"},
    {"abort", "SIGABRT"},
    {"illegal", "SIGILL"},
    {"overflow", "SIGSEGV"},
};

/* What a child process left that ran the command of "crashes". */
static void run_crash(const char *command, int descriptor, const char *journal, int *status)
{
    const pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        if (fr_journal_open(journal, &f.context.journal, NULL) != FRACTARY_OK)
            _exit(99);
        fr_broker_set_output(f.broker, descriptor);
        broker_fixture_run(&f, "crashes", command, NULL);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, status, 0), pid);
}

static char *content_of(const char *path)
{
    char *text = calloc(1, 4096);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_ge(read(descriptor, text, 4095), 0);
    close(descriptor);
    return text;
}

START_TEST(a_crash_leaves_a_word_and_a_record)
{
    char *path = fr_path_join(f.folder, "terminal");
    char *journal = fr_path_join(f.folder, "journal.jsonl");
    const int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int status = 0;

    run_crash(crashes[_i].command, descriptor, journal, &status);
    char *said = content_of(path);
    char *written = content_of(journal);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    assert_says(said, "fractary: the plugin crashes ended the run in its method run: ");
    assert_says(said, crashes[_i].reason);
    assert_says(written, "\"plugin\":\"crashes\",\"method\":\"run\"");
    fr_json *record = fixture_json(written);
    ck_assert_str_eq(fr_json_get_string(record, "run"), fr_run_id(f.context.run));
    fr_json_free(record);
    free(written);
    free(said);
    close(descriptor);
    free(journal);
    free(path);
}
END_TEST

/* ------------------------------------------------------------------- handlers */

/* Configurations, and what opening the iac handler then says. */
static const struct {
    const char *patch;
    int32_t status;
    const char *says, *advice;
} handlers[] = {
    {"{\"handlers\":{\"iac\":\"iac-nowhere\"}}", FRACTARY_E_MISSING,
     "the plugin iac-nowhere is not installed", "install the package fractary-iac-nowhere"},
    {"{\"handlers\":{\"iac\":null}}", FRACTARY_E_CONFIG, "no handler of kind iac is configured",
     "handlers"},
    {"{\"handlers\":{\"iac\":\"good-hosting\"}}", FRACTARY_E_CONFIG,
     "the plugin good-hosting cannot serve as iac", ""},
    {"{\"plugins\":{\"good-iac\":{\"parallelism\":0}}}", FRACTARY_E_CONFIG, "parallelism", ""},
    {"{\"plugins\":{\"good-iac\":{\"directroy\":\"x\"}}}", FRACTARY_E_CONFIG, "directroy", ""},
};

START_TEST(a_handler_that_cannot_serve_is_named)
{
    broker_fixture_finish(&f);
    broker_fixture_init(&f, handlers[_i].patch);
    assert_status(broker_fixture_ask(&f, "call", "{\"method\":\"show\"}"), handlers[_i].status);
    assert_says(f.error.message, handlers[_i].says);
    assert_says(f.error.advice, handlers[_i].advice);
}
END_TEST

START_TEST(a_wrong_section_has_its_place)
{
    broker_fixture_finish(&f);
    broker_fixture_init(&f, "{\"plugins\":{\"good-iac\":{\"parallelism\":\"many\"}}}");
    assert_status(broker_fixture_ask(&f, "call", "{\"method\":\"show\"}"), FRACTARY_E_CONFIG);
    assert_says(f.error.place, "config.json: plugins.good-iac.parallelism");
}
END_TEST

START_TEST(a_section_is_merged_and_filled_in)
{
    broker_fixture_finish(&f);
    broker_fixture_init(&f, "{\"plugins\":{\"good-iac\":{\"parallelism\":4}},\"environments\":"
                            "{\"test\":{\"plugins\":{\"good-iac\":{\"parallelism\":8}}}}}");
    assert_status(broker_fixture_ask(&f, "call", "{\"method\":\"show\"}"), FRACTARY_OK);
    ck_assert(broker_fixture_said(&f, "log", "{\"parallelism\":8,\"directory\":\"infra\"}"));
}
END_TEST

/* --------------------------------------------------------- guests and the core */

START_TEST(guests_open_only_what_their_kind_may)
{
    fractary_handle *handle = NULL;

    assert_status(broker_fixture_ask(&f, "call", NULL), FRACTARY_OK);
    assert_status(f.table.open_handler(f.broker, "good-agent", NULL, "iac", &handle, &f.error),
                  FRACTARY_E_REFUSED);
    assert_says(f.error.message, "the plugin good-agent may not call others here");
    assert_status(f.table.open_handler(f.broker, "good-iac", NULL, "hosting", &handle, &f.error),
                  FRACTARY_E_REFUSED);
    assert_status(f.table.open_handler(f.broker, "nobody", NULL, "iac", &handle, &f.error),
                  FRACTARY_E_REFUSED);
    assert_status(
        f.table.open_skill(f.broker, "good-skill", NULL, "broken-json", &handle, &f.error),
        FRACTARY_E_REFUSED);
    assert_status(f.table.open_handler(f.broker, "good-skill", NULL, "iac", NULL, &f.error),
                  FRACTARY_E_INVALID);
    assert_status(f.table.open_handler(f.broker, "good-skill", NULL, NULL, &handle, &f.error),
                  FRACTARY_E_INVALID);
    ck_assert_ptr_null(handle);
}
END_TEST

START_TEST(a_handle_serves_its_own_guest_alone)
{
    const fractary_iac_init_request request = {sizeof request, 0};
    fractary_handle *handle = NULL;
    fractary_handle *again = NULL;

    assert_status(broker_fixture_ask(&f, "call", NULL), FRACTARY_OK);
    assert_status(broker_fixture_run(&f, "silent-failure", "run", NULL), FRACTARY_E_DENIED);
    assert_status(f.table.open_handler(f.broker, "good-skill", NULL, "iac", &handle, &f.error),
                  FRACTARY_OK);
    assert_status(f.table.open_handler(f.broker, "good-skill", NULL, "iac", &again, &f.error),
                  FRACTARY_OK);
    ck_assert_ptr_eq(handle, again);
    assert_status(f.table.call_handler(f.broker, "good-skill", NULL, handle, "init", &request, NULL,
                                       &f.error),
                  FRACTARY_OK);
    assert_status(f.table.call_handler(f.broker, "silent-failure", NULL, handle, "init", &request,
                                       NULL, &f.error),
                  FRACTARY_E_INVALID);
    assert_status(
        f.table.call_skill(f.broker, "good-skill", NULL, handle, "run", NULL, NULL, &f.error),
        FRACTARY_E_INVALID);
    assert_status(
        f.table.call_handler(f.broker, "good-skill", NULL, NULL, "init", &request, NULL, NULL),
        FRACTARY_E_INVALID);
    assert_status(
        f.table.call_handler(f.broker, "good-skill", NULL, handle, NULL, &request, NULL, NULL),
        FRACTARY_E_UNSUPPORTED);
    assert_status(
        f.table.call_handler(f.broker, "good-skill", NULL, handle, "init", NULL, NULL, NULL),
        FRACTARY_E_INVALID);
}
END_TEST

START_TEST(credentials_are_for_the_core)
{
    fr_buf text = {0};
    const fractary_sink secret = fr_buf_sink(&text);

    assert_status(f.table.credentials(f.broker, "test", "deploy", &secret, &f.error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text),
                     "{\"environ\":{\"MOCK_KEY\":\"key-of-deploy\"},\"expires\":null}");
    ck_assert_uint_eq(fr_json_count(f.records), 0);
    assert_status(f.table.credentials(f.broker, "test", "root", &secret, &f.error),
                  FRACTARY_E_INVALID);
    assert_status(f.table.credentials(f.broker, "", "deploy", &secret, &f.error),
                  FRACTARY_E_INVALID);
    fr_buf_finish(&text);
}
END_TEST

START_TEST(the_guard_learns_who_acts)
{
    fr_buf account = {0};
    fr_buf principal = {0};

    assert_status(fr_broker_authenticate(f.broker, "dev", "deploy", &account, &principal, &f.error),
                  FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&account), "123456789012");
    ck_assert_str_eq(fr_buf_text(&principal), "mock:deployer");
    ck_assert_uint_eq(broker_fixture_count(&f, "identity"), 1);
    fr_buf_finish(&account);
    fr_buf_finish(&principal);
}
END_TEST

START_TEST(modules_are_opened_by_name)
{
    ck_assert_ptr_null(f.table.open_module(f.broker, "http", &f.error));
    ck_assert_int_eq(f.error.status, FRACTARY_E_MISSING);
    assert_says(f.error.message, "http.so");
    ck_assert_ptr_null(f.table.open_module(f.broker, "../http", &f.error));
    ck_assert_int_eq(f.error.status, FRACTARY_E_INVALID);
}
END_TEST

START_TEST(nothing_to_destroy_is_fine)
{
    fr_broker_destroy(NULL);
}
END_TEST

static void add_call_tests(TCase *tests)
{
    tcase_add_loop_test(tests, calls_of_handlers_are_checked, 0, sizeof calls / sizeof *calls);
    tcase_add_test(tests, all_resources_reach_the_handler);
    tcase_add_test(tests, a_request_that_is_too_small_is_refused);
    tcase_add_test(tests, a_handle_that_was_never_given_is_refused);
    tcase_add_test(tests, an_answer_beside_the_records_reaches_the_caller);
    tcase_add_test(tests, options_for_a_skill_are_checked_by_its_manifest);
    tcase_add_test(tests, a_skill_that_is_none_is_refused);
    tcase_add_test(tests, commands_are_those_of_the_manifest);
    tcase_add_test(tests, a_deadline_can_shrink);
    tcase_add_test(tests, a_deadline_cannot_grow);
    tcase_add_test(tests, without_a_deadline_there_is_none);
}

static void add_other_tests(TCase *tests)
{
    tcase_add_loop_test(tests, each_misbehaviour_is_named, 0, sizeof broken / sizeof *broken);
    tcase_add_test(tests, a_record_after_its_call_is_refused);
    tcase_add_loop_test(tests, a_crash_leaves_a_word_and_a_record, 0,
                        sizeof crashes / sizeof *crashes);
    tcase_add_loop_test(tests, a_handler_that_cannot_serve_is_named, 0,
                        sizeof handlers / sizeof *handlers);
    tcase_add_test(tests, a_wrong_section_has_its_place);
    tcase_add_test(tests, a_section_is_merged_and_filled_in);
    tcase_add_test(tests, guests_open_only_what_their_kind_may);
    tcase_add_test(tests, a_handle_serves_its_own_guest_alone);
    tcase_add_test(tests, credentials_are_for_the_core);
    tcase_add_test(tests, the_guard_learns_who_acts);
    tcase_add_test(tests, modules_are_opened_by_name);
    tcase_add_test(tests, nothing_to_destroy_is_fine);
}

int main(void)
{
    Suite *suite = suite_create("broker");
    TCase *tests = tcase_create("broker");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    add_call_tests(tests);
    add_other_tests(tests);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
