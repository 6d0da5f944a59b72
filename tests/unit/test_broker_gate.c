/* The gate, through a real broker: agents and skills that are shared objects,
 * and each step of a deployment left out in turn. */
#include "unit/broker_fixture.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>

static broker_fixture f;

static void set_up(void)
{
    broker_fixture_init(&f, NULL);
}

static void tear_down(void)
{
    broker_fixture_finish(&f);
}

/* ------------------------------------------------------------------- the gate */

START_TEST(a_good_agent_deploys)
{
    const fr_json *change;

    assert_status(broker_fixture_run(&f, "good-agent", "deploy", NULL), FRACTARY_OK);
    change = broker_fixture_record(&f, "change");
    ck_assert_str_eq(fr_json_get_string(change, "action"), "create");
    ck_assert_str_eq(fr_json_get_string(change, "source"), "good-iac");
    ck_assert_uint_eq(broker_fixture_count(&f, "guard"), 2);
    ck_assert_uint_eq(broker_fixture_count(&f, "approval"), 1);
}
END_TEST

/* Agents that leave out a step, and what the gate says is missing. */
static const struct {
    const char *agent, *says;
} deviants[] = {
    {"agent-no-guard", "The guard did not check the environment before the plan was made."},
    {"agent-no-plan-guard", "The guard did not check this plan."},
    {"agent-no-approval", "Nobody approved this plan for this."},
    {"agent-other-method", "Nobody approved this plan for this."},
    {"agent-other-plan", "The guard did not check this plan."},
    {"agent-stale-approval", "The guard did not check this plan."},
    {"agent-other-environment", "The guard did not check the environment"},
};

START_TEST(an_agent_that_leaves_out_a_step_is_refused)
{
    assert_status(broker_fixture_run(&f, deviants[_i].agent, "deploy", NULL), FRACTARY_E_REFUSED);
    assert_says(f.error.message, "apply of stack default in environment test is refused");
    assert_says(f.error.cause, deviants[_i].says);
    ck_assert_uint_eq(broker_fixture_count(&f, "change"), 0);
    ck_assert_uint_ge(broker_fixture_count(&f, "plan"), 1);
}
END_TEST

START_TEST(words_for_another_environment_or_stack_do_not_count)
{
    static const struct {
        const char *stack, *environment, *purpose;
        int32_t status;
    } words[] = {
        {"default", "test", "deploy", FRACTARY_OK},
        {"default", "dev", "deploy", FRACTARY_E_REFUSED},
        {"other", "test", "deploy", FRACTARY_E_REFUSED},
        {"default", "test", "read", FRACTARY_E_REFUSED},
    };
    const char *hash = "";
    fr_gate_subject subject;

    assert_status(broker_fixture_ask(&f, "preview", NULL), FRACTARY_OK);
    ck_assert_int_ge(fr_run_sealed(f.context.run, "plan", &hash), 0);
    subject = (fr_gate_subject){words[_i].stack, words[_i].environment, words[_i].purpose, ""};
    ck_assert_int_eq(fr_gate_note_guard(f.context.gate, &subject), FRACTARY_OK);
    subject.plan = hash;
    ck_assert_int_eq(fr_gate_note_guard(f.context.gate, &subject), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_note_approval(f.context.gate, &subject, "apply"), FRACTARY_OK);
    assert_status(broker_fixture_ask(&f, "deploy", NULL), words[_i].status);
    ck_assert_uint_eq(broker_fixture_count(&f, "change"), words[_i].status == FRACTARY_OK);
    assert_status(broker_fixture_ask(&f, "deploy", "{\"method\":\"destroy\"}"), FRACTARY_E_REFUSED);
}
END_TEST

/* ----------------------------------------------------------------- the state */

#define STATE "{\"plugins\":{\"good-iac\":{\"states\":{\"plan\":\"mock://one\"}}}}"

static void begin_with(const char *patch)
{
    broker_fixture_finish(&f);
    broker_fixture_init(&f, patch);
}

static void claim_for(const char *environment, char *address)
{
    const fr_state_owner owner = {f.config, environment, "default"};
    char backend[] = "mock";
    char workspace[] = "default";
    const fr_state state = {backend, address, workspace, NULL};

    ck_assert_int_eq(fr_state_claim_write(&owner, &state, "run", &f.error), FRACTARY_OK);
}

static char *claimed_by(const char *environment)
{
    const fr_state_owner owner = {f.config, environment, "default"};
    fr_state state;

    ck_assert_int_eq(fr_state_claim_read(&owner, &state, &f.error), FRACTARY_OK);
    char *address = fr_str_dup(state.address);
    fr_state_finish(&state);
    return address;
}

START_TEST(a_change_claims_its_state)
{
    begin_with(STATE);
    assert_status(broker_fixture_run(&f, "good-agent", "deploy", NULL), FRACTARY_OK);
    char *address = claimed_by("test");
    ck_assert_str_eq(address, "mock://one");
    free(address);
}
END_TEST

START_TEST(the_state_of_another_environment_is_refused)
{
    char address[] = "mock://one";

    begin_with(STATE);
    claim_for("dev", address);
    assert_status(broker_fixture_run(&f, "good-agent", "deploy", NULL), FRACTARY_E_REFUSED);
    assert_says(f.error.message, "environment test uses the state of environment dev");
    assert_says(f.error.cause, "mock://one");
    ck_assert_uint_eq(broker_fixture_count(&f, "change"), 0);
    ck_assert_ptr_null(claimed_by("test"));
}
END_TEST

START_TEST(another_state_than_the_recorded_one_is_refused)
{
    char address[] = "mock://before";

    begin_with(STATE);
    claim_for("test", address);
    assert_status(broker_fixture_run(&f, "good-agent", "deploy", NULL), FRACTARY_E_REFUSED);
    assert_says(f.error.cause, "mock://before");
    assert_says(f.error.cause, "mock://one");
    ck_assert_uint_eq(broker_fixture_count(&f, "change"), 0);
}
END_TEST

/* The words of guard and approval are there, and whoever asks for the apply has
 * left out what would have told the state. */
START_TEST(an_apply_without_a_state_is_refused_where_one_is_recorded)
{
    char address[] = "mock://one";

    claim_for("test", address);
    assert_status(broker_fixture_run(&f, "good-agent", "deploy", NULL), FRACTARY_E_REFUSED);
    assert_says(f.error.cause, "has not said which state it uses");
    ck_assert_uint_eq(broker_fixture_count(&f, "change"), 0);
}
END_TEST

START_TEST(a_claim_that_came_between_plan_and_apply_is_refused)
{
    const fr_gate_subject before = {"default", "test", "deploy", ""};
    const char *hash = "";
    char address[] = "mock://one";

    begin_with(STATE);
    assert_status(broker_fixture_ask(&f, "preview", NULL), FRACTARY_OK);
    ck_assert_int_ge(fr_run_sealed(f.context.run, "plan", &hash), 0);
    const fr_gate_subject planned = {"default", "test", "deploy", hash};
    ck_assert_int_eq(fr_gate_note_guard(f.context.gate, &before), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_note_guard(f.context.gate, &planned), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_note_approval(f.context.gate, &planned, "apply"), FRACTARY_OK);
    claim_for("dev", address);
    assert_status(broker_fixture_ask(&f, "deploy", NULL), FRACTARY_E_REFUSED);
    assert_says(f.error.message, "environment dev");
    ck_assert_uint_eq(broker_fixture_count(&f, "change"), 0);
}
END_TEST

START_TEST(a_plan_that_was_never_sealed_is_refused)
{
    assert_status(broker_fixture_ask(&f, "deploy", "{\"plan\":\"none\"}"), FRACTARY_E_REFUSED);
    assert_says(f.error.cause, "No plan was sealed in this run under that name");
}
END_TEST

/* Which purposes could be used while a record of that type came by. */
static void assert_allowed(const char *type, const char *expected)
{
    fr_json *allowed = fixture_json(expected);
    const fr_json *found = fr_json_get(broker_fixture_record(&f, type), "allowed");
    fr_buf text = {0};

    fr_json_print(found, &text);
    ck_assert_msg(fr_json_equal(found, allowed), "%s: %s", type, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(allowed);
}

START_TEST(each_method_has_its_purpose)
{
    assert_status(broker_fixture_run(&f, "good-agent", "deploy", NULL), FRACTARY_OK);
    assert_allowed("plan", "[\"read\"]");
    assert_allowed("change", "[\"read\",\"deploy\"]");
    assert_allowed("approval", "[]");
}
END_TEST

START_TEST(authenticate_has_the_purpose_that_is_asked_for)
{
    assert_status(broker_fixture_ask(&f, "call",
                                     "{\"kind\":\"hosting\",\"method\":\"authenticate\","
                                     "\"purpose\":\"grant\"}"),
                  FRACTARY_OK);
    assert_allowed("identity", "[\"grant\"]");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("broker_gate");
    TCase *tests = tcase_create("broker_gate");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_good_agent_deploys);
    tcase_add_loop_test(tests, an_agent_that_leaves_out_a_step_is_refused, 0,
                        sizeof deviants / sizeof *deviants);
    tcase_add_loop_test(tests, words_for_another_environment_or_stack_do_not_count, 0, 4);
    tcase_add_test(tests, a_change_claims_its_state);
    tcase_add_test(tests, the_state_of_another_environment_is_refused);
    tcase_add_test(tests, another_state_than_the_recorded_one_is_refused);
    tcase_add_test(tests, an_apply_without_a_state_is_refused_where_one_is_recorded);
    tcase_add_test(tests, a_claim_that_came_between_plan_and_apply_is_refused);
    tcase_add_test(tests, a_plan_that_was_never_sealed_is_refused);
    tcase_add_test(tests, each_method_has_its_purpose);
    tcase_add_test(tests, authenticate_has_the_purpose_that_is_asked_for);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
