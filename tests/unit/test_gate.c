/* The gate: each word that can be missing or about something else is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "trust/gate.h"

#define PLAN "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static fr_gate *gate;
static fractary_error error;

static void set_up(void)
{
    ck_assert_int_eq(fr_gate_create(&gate), FRACTARY_OK);
    memset(&error, 0, sizeof error);
    error.size = sizeof error;
}

static void tear_down(void)
{
    fr_gate_destroy(gate);
}

static const fr_gate_subject before = {"default", "test", "deploy", ""};
static const fr_gate_subject planned = {"default", "test", "deploy", PLAN};

static void give_all_words(void)
{
    ck_assert_int_eq(fr_gate_note_guard(gate, &before), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_note_guard(gate, &planned), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_note_approval(gate, &planned, "apply"), FRACTARY_OK);
}

START_TEST(permits_with_all_words)
{
    give_all_words();
    ck_assert_int_eq(fr_gate_permit(gate, "apply", &planned, &error), FRACTARY_OK);
}
END_TEST

START_TEST(refuses_without_guard_before_plan)
{
    fr_gate_note_guard(gate, &planned);
    fr_gate_note_approval(gate, &planned, "apply");
    ck_assert_int_eq(fr_gate_permit(gate, "apply", &planned, &error), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.cause, "before the plan"));
}
END_TEST

START_TEST(refuses_without_guard_of_plan)
{
    fr_gate_note_guard(gate, &before);
    fr_gate_note_approval(gate, &planned, "apply");
    ck_assert_int_eq(fr_gate_permit(gate, "apply", &planned, &error), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.cause, "this plan"));
}
END_TEST

START_TEST(refuses_without_approval)
{
    fr_gate_note_guard(gate, &before);
    fr_gate_note_guard(gate, &planned);
    ck_assert_int_eq(fr_gate_permit(gate, "apply", &planned, &error), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.cause, "approved"));
}
END_TEST

static const struct {
    const char *stack, *environment, *purpose, *plan, *method;
} strangers[] = {
    {"other", "test", "deploy", PLAN, "apply"},  {"default", "prod", "deploy", PLAN, "apply"},
    {"default", "test", "grant", PLAN, "apply"}, {"default", "test", "deploy", OTHER, "apply"},
    {"default", "test", "deploy", PLAN, "destroy"}, {"default", "test", "deploy", "", "apply"},
    {"default", "test", "deploy", PLAN, "delete"},
};

START_TEST(refuses_words_about_something_else)
{
    const fr_gate_subject subject = {strangers[_i].stack, strangers[_i].environment,
                                     strangers[_i].purpose, strangers[_i].plan};
    give_all_words();
    ck_assert_int_eq(fr_gate_permit(gate, strangers[_i].method, &subject, &error),
                     FRACTARY_E_REFUSED);
}
END_TEST

START_TEST(forgets_a_plan_that_was_sealed_anew)
{
    give_all_words();
    fr_gate_forget(gate, PLAN);
    ck_assert_int_eq(fr_gate_permit(gate, "apply", &planned, &error), FRACTARY_E_REFUSED);
    fr_gate_note_guard(gate, &planned);
    fr_gate_note_approval(gate, &planned, "apply");
    ck_assert_int_eq(fr_gate_permit(gate, "apply", &planned, &error), FRACTARY_OK);
}
END_TEST

START_TEST(guards_what_changes_the_world)
{
    static const char *const changing[] = {"apply", "destroy", "deploy", "delete", "grant",
                                           "remediate"};
    static const char *const reading[] = {"plan", "show", "verify", "init", "", "applyx"};
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++) {
        ck_assert(fr_gate_guards(changing[i]));
        ck_assert_int_eq(fr_gate_permit(gate, changing[i], &planned, &error), FRACTARY_E_REFUSED);
    }
    for (size_t i = 0; i < sizeof reading / sizeof *reading; i++) {
        ck_assert(!fr_gate_guards(reading[i]));
        ck_assert_int_eq(fr_gate_permit(gate, reading[i], &planned, &error), FRACTARY_OK);
    }
}
END_TEST

START_TEST(purposes_follow_the_method_that_runs)
{
    ck_assert_int_eq(fr_gate_purpose(gate, "read", &error), FRACTARY_E_REFUSED);
    fr_gate_enter(gate, "deploy");
    ck_assert_int_eq(fr_gate_purpose(gate, "deploy", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_purpose(gate, "read", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_purpose(gate, "grant", &error), FRACTARY_E_REFUSED);
    fr_gate_enter(gate, NULL);
    ck_assert_int_eq(fr_gate_purpose(gate, "read", &error), FRACTARY_E_REFUSED);
    fr_gate_leave(gate);
    fr_gate_leave(gate);
    fr_gate_enter(gate, "read");
    ck_assert_int_eq(fr_gate_purpose(gate, "deploy", &error), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.cause, "\"read\""));
}
END_TEST

START_TEST(purpose_table)
{
    ck_assert_str_eq(fr_gate_purpose_of("iac", "apply"), "deploy");
    ck_assert_str_eq(fr_gate_purpose_of("iac", "plan"), "read");
    ck_assert_ptr_null(fr_gate_purpose_of("iac", "validate"));
    ck_assert_ptr_null(fr_gate_purpose_of("hosting", "apply"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gate");
    TCase *tests = tcase_create("gate");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, permits_with_all_words);
    tcase_add_test(tests, refuses_without_guard_before_plan);
    tcase_add_test(tests, refuses_without_guard_of_plan);
    tcase_add_test(tests, refuses_without_approval);
    tcase_add_loop_test(tests, refuses_words_about_something_else, 0,
                        (int)(sizeof strangers / sizeof *strangers));
    tcase_add_test(tests, forgets_a_plan_that_was_sealed_anew);
    tcase_add_test(tests, guards_what_changes_the_world);
    tcase_add_test(tests, purposes_follow_the_method_that_runs);
    tcase_add_test(tests, purpose_table);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
