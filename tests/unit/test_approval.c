/* Approvals: who is asked what, by the class of the environment. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <fractary-plugin/str.h>

#include "trust/approval.h"

#define PLAN "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char text[] =
    "{\"version\":1,\"project\":{\"name\":\"orders\"},\"environments\":{"
    "\"test\":{\"class\":\"test\"},\"stage\":{\"class\":\"staging\"},"
    "\"prod\":{\"class\":\"production\"},\"live\":{}}}";

typedef struct person {
    int present, questions, warnings;
    const char *answer; /* NULL: Ctrl-C */
} person;

static int present(void *context)
{
    return ((person *)context)->present;
}

static int32_t ask(void *context, const char *question, fr_buf *answer, fractary_error *error)
{
    person *p = context;
    ck_assert_ptr_nonnull(strstr(question, "3 to add"));
    p->questions++;
    if (!p->answer)
        return fr_error_set(error, FRACTARY_E_CANCELLED, "interrupted");
    return fr_buf_puts(answer, p->answer);
}

static void warn(void *context, const char *warning)
{
    ck_assert_ptr_nonnull(strstr(warning, "PRODUCTION"));
    ((person *)context)->warnings++;
}

/* One situation and what must come of it. */
static const struct {
    const char *environment, *method;
    int ask, yes, present;
    const char *answer;
    int32_t status;
    int questions;
    const char *how;
} cases[] = {
    {"test", "apply", 0, 0, 0, NULL, FRACTARY_OK, 0, "class"},
    {"test", "apply", 1, 0, 0, NULL, FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"test", "apply", 1, 0, 1, "y", FRACTARY_OK, 1, "answered"},
    {"test", "apply", 1, 0, 1, "n", FRACTARY_E_REFUSED, 1, NULL},
    {"test", "apply", 1, 0, 1, "", FRACTARY_E_REFUSED, 1, NULL},
    {"test", "apply", 1, 0, 1, NULL, FRACTARY_E_CANCELLED, 1, NULL},
    {"test", "destroy", 0, 0, 0, NULL, FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"test", "destroy", 0, 1, 0, NULL, FRACTARY_OK, 0, "yes"},
    {"test", "destroy", 0, 0, 1, "YES", FRACTARY_OK, 1, "answered"},
    {"stage", "apply", 0, 0, 0, NULL, FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"stage", "apply", 0, 1, 0, NULL, FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"stage", "apply", 0, 0, 1, "y", FRACTARY_OK, 1, "answered"},
    {"prod", "apply", 0, 0, 0, NULL, FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"prod", "apply", 0, 1, 0, "prod", FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"prod", "apply", 0, 0, 1, "prod", FRACTARY_OK, 1, "typed"},
    {"prod", "apply", 0, 0, 1, "y", FRACTARY_E_REFUSED, 1, NULL},
    {"prod", "apply", 0, 0, 1, "Prod", FRACTARY_E_REFUSED, 1, NULL},
    {"prod", "apply", 0, 0, 1, "prod ", FRACTARY_E_REFUSED, 1, NULL},
    {"prod", "destroy", 0, 1, 1, "prod", FRACTARY_OK, 1, "typed"},
    {"live", "apply", 0, 0, 0, NULL, FRACTARY_E_UNCONFIRMED, 0, NULL},
    {"live", "apply", 0, 0, 1, "live", FRACTARY_OK, 1, "typed"},
};

START_TEST(asks_by_class)
{
    fractary_error error = FR_ERROR_INIT;
    fr_config *config = NULL;
    fr_gate *gate = NULL;
    const char *how = NULL;
    person somebody = {.present = cases[_i].present, .answer = cases[_i].answer};
    const fr_approval_terminal terminal = {&somebody, present, ask, warn};
    const fr_gate_subject subject = {"default", cases[_i].environment, "deploy", PLAN};
    const fr_gate_subject before = {"default", cases[_i].environment, "deploy", ""};
    const fr_approval_demand demand = {cases[_i].method, "3 to add", cases[_i].ask, cases[_i].yes};
    fr_json *tree = fr_json_parse(text, strlen(text), NULL);
    ck_assert_int_eq(fr_config_from_tree("/tmp", tree, &config, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_create(&gate), FRACTARY_OK);
    fr_gate_note_guard(gate, &before);
    fr_gate_note_guard(gate, &subject);
    int32_t status = fr_approval_get(&terminal, config, gate, &subject, &demand, &how, &error);
    ck_assert_int_eq(status, cases[_i].status);
    ck_assert_int_eq(somebody.questions, cases[_i].questions);
    ck_assert_int_eq(fr_gate_permit(gate, cases[_i].method, &subject, NULL) == FRACTARY_OK,
                     status == FRACTARY_OK);
    if (status == FRACTARY_OK)
        ck_assert_str_eq(how, cases[_i].how);
    else if (status != FRACTARY_E_CANCELLED)
        ck_assert_int_gt((int)strlen(error.advice), 0);
    int production = somebody.questions && (fr_str_equal(cases[_i].environment, "prod") ||
                                            fr_str_equal(cases[_i].environment, "live"));
    ck_assert_int_eq(somebody.warnings, production);
    fr_gate_destroy(gate);
    fr_config_free(config);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("approval");
    TCase *tests = tcase_create("approval");
    tcase_add_loop_test(tests, asks_by_class, 0, (int)(sizeof cases / sizeof *cases));
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
