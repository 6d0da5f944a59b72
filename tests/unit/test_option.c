/* Reading a command line by tables. */
#include "cli/option.h"
#include "unit/cli_suite.h"

#include <stdlib.h>
#include <string.h>

static const char table[] =
    "{'name':'deploy','summary':'Deploys','arguments':["
    "{'name':'stack','help':'Which'},{'name':'more','help':'Others','repeat':true}],"
    "'options':[{'name':'env','type':'environment','value':'NAME','help':'Where'},"
    "{'name':'ask','type':'flag','help':'Ask'},"
    "{'name':'limit','type':'integer','help':'Most'},"
    "{'name':'var','type':'string','repeat':true,'help':'Variables'},"
    "{'name':'secret','type':'flag','hidden':true,'help':'Hidden'}]}";

#define WORDS_MOST 12

/* A command line, and the JSON of what was read, or the message. */
typedef struct line {
    const char *words[WORDS_MOST];
    const char *given;
    const char *message, *cause, *advice;
} line;

static int count_words(const line *l)
{
    int count = 0;

    while (count < WORDS_MOST && l->words[count] != NULL)
        count++;
    return count;
}

static const line good[] = {
    {.words = {NULL}, .given = "{}"},
    {.words = {"--env", "test"}, .given = "{'env':'test'}"},
    {.words = {"--env=test"}, .given = "{'env':'test'}"},
    {.words = {"--env="}, .given = "{'env':''}"},
    {.words = {"--env=a=b"}, .given = "{'env':'a=b'}"},
    {.words = {"--ask"}, .given = "{'ask':true}"},
    {.words = {"--ask", "--ask"}, .given = "{'ask':true}"},
    {.words = {"--secret"}, .given = "{'secret':true}"},
    {.words = {"--limit=-3"}, .given = "{'limit':'-3'}"},
    {.words = {"--env=--ask"}, .given = "{'env':'--ask'}"},
    {.words = {"--var", "a=1", "--var=b=2"}, .given = "{'var':['a=1','b=2']}"},
    {.words = {"one"}, .given = "{'stack':'one'}"},
    {.words = {"one", "two", "three"}, .given = "{'stack':'one','more':['two','three']}"},
    {.words = {"one", "--ask", "two"}, .given = "{'stack':'one','ask':true,'more':['two']}"},
    {.words = {"--", "--ask", "--"}, .given = "{'stack':'--ask','more':['--']}"},
    {.words = {"-"}, .given = "{'stack':'-'}"},
    {.words = {"--env", "-"}, .given = "{'env':'-'}"},
    {.words = {""}, .given = "{'stack':''}"},
    {.words = {"--env", ""}, .given = "{'env':''}"},
    {.words = {"--env", "\xC3\xBC"}, .given = "{'env':'\xC3\xBC'}"},
};

START_TEST(good_lines)
{
    const line *l = &good[_i];
    fractary_error error = FR_ERROR_INIT;
    fr_json *command = cli_json(table);
    fr_json *expected = cli_json(l->given);
    fr_json *given = NULL;
    const int32_t status = fr_option_parse(command, "deploy", count_words(l),
                                           (char *const *)(uintptr_t)l->words, &given, &error);

    ck_assert_msg(status == FRACTARY_OK, "line %d: %s", _i, error.message);
    ck_assert_msg(fr_json_equal(given, expected), "line %d", _i);
    fr_json_free(given);
    fr_json_free(expected);
    fr_json_free(command);
}
END_TEST

static const line bad[] = {
    {.words = {"--enf", "test"},
     .message = "fractary deploy has no option --enf",
     .advice = "did you mean --env? All options: fractary deploy --help"},
    {.words = {"--enf=test"}, .message = "fractary deploy has no option --enf"},
    {.words = {"--jsom"},
     .message = "fractary deploy has no option --jsom",
     .advice = "did you mean --json? All options: fractary deploy --help"},
    {.words = {"--zzzzzz"}, .advice = "all options: fractary deploy --help"},
    {.words = {"--secreT"}, .advice = "all options: fractary deploy --help"},
    {.words = {"--ENV", "x"}, .message = "fractary deploy has no option --ENV"},
    {.words = {"-e", "test"}, .message = "fractary deploy has no option -e"},
    {.words = {"-abc"}, .message = "fractary deploy has no option -abc"},
    {.words = {"---env"}, .message = "fractary deploy has no option ---env"},
    {.words = {"--=x"}, .message = "fractary deploy has no option --"},
    {.words = {"--env"}, .message = "--env needs a value", .advice = "write --env=NAME"},
    {.words = {"--env", "--ask"},
     .message = "--env needs a value",
     .cause = "what follows, \"--ask\", looks like an option",
     .advice = "write --env=--ask"},
    {.words = {"--env", "--"}, .message = "--env needs a value"},
    {.words = {"--limit", "-3"}, .advice = "write --limit=-3"},
    {.words = {"--ask=yes"}, .message = "--ask is a flag and takes no value"},
    {.words = {"--env", "a", "--env", "b"}, .message = "--env is given twice"},
    {.words = {"--env", "\xFF"}, .message = "--env has a value that is not UTF-8"},
    {.words = {"\xFF"}, .message = "stack has a value that is not UTF-8"},
};

START_TEST(bad_lines)
{
    const line *l = &bad[_i];
    fractary_error error = FR_ERROR_INIT;
    fr_json *command = cli_json(table);
    fr_json *given = NULL;

    ck_assert_int_eq(fr_option_parse(command, "deploy", count_words(l),
                                     (char *const *)(uintptr_t)l->words, &given, &error),
                     FRACTARY_E_INVALID);
    ck_assert_ptr_null(given);
    ck_assert_str_ne(error.advice, "");
    if (l->message != NULL)
        ck_assert_str_eq(error.message, l->message);
    if (l->cause != NULL)
        ck_assert_str_eq(error.cause, l->cause);
    if (l->advice != NULL)
        ck_assert_str_eq(error.advice, l->advice);
    fr_json_free(command);
}
END_TEST

START_TEST(a_command_without_arguments_takes_none)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *command = cli_json("{'name':'list','summary':'Lists'}");
    char *words[] = {(char *)(uintptr_t) "extra"};
    fr_json *given = NULL;

    ck_assert_int_eq(fr_option_parse(command, "plugin list", 1, words, &given, &error),
                     FRACTARY_E_INVALID);
    ck_assert_str_eq(error.message, "fractary plugin list does not take \"extra\"");
    ck_assert_str_eq(error.cause, "it has options only");
    fr_json_free(command);
}
END_TEST

/* ---------------------------------------------------------- global options */

static const struct global_line {
    const char *words[WORDS_MOST], *rest[WORDS_MOST];
    fr_globals globals;
    const char *message;
} global_lines[] = {
    {.words = {NULL}},
    {.words = {"deploy", "--json", "--env", "test", "--quiet"},
     .rest = {"deploy", "--env", "test"},
     .globals = {.json = 1, .quiet = 1}},
    {.words = {"--no-color", "--verbose", "-h", "plugin", "--version"},
     .rest = {"plugin"},
     .globals = {.no_color = 1, .verbose = 1, .help = 1, .version = 1}},
    {.words = {"--project", "/a", "deploy"}, .rest = {"deploy"}, .globals = {.project = "/a"}},
    {.words = {"deploy", "--project=/b"}, .rest = {"deploy"}, .globals = {.project = "/b"}},
    {.words = {"help", "--", "--json"}, .rest = {"help", "--", "--json"}},
    {.words = {"--jsonx", "--json=1"},
     .rest = {"--jsonx"},
     .globals = {.json = 1},
     .message = "--json takes no value"},
    {.words = {"deploy", "--project"}, .rest = {"deploy"}, .message = "--project needs a value"},
    {.words = {"--project", "--json"},
     .globals = {.json = 1},
     .message = "--project needs a value"},
    {.words = {"--project="}, .globals = {.project = ""}, .message = "--project is empty"},
};

static int same(const fr_globals *a, const fr_globals *b)
{
    return a->json == b->json && a->quiet == b->quiet && a->no_color == b->no_color &&
           a->verbose == b->verbose && a->help == b->help && a->version == b->version &&
           (a->project == NULL) == (b->project == NULL) &&
           (a->project == NULL || strcmp(a->project, b->project) == 0);
}

START_TEST(globals_stand_anywhere)
{
    const struct global_line *l = &global_lines[_i];
    const line words = {.words = {NULL}};
    line given = words;
    char *argv[WORDS_MOST] = {NULL};
    fractary_error error = FR_ERROR_INIT;
    fr_globals globals;

    memcpy(given.words, l->words, sizeof given.words);
    memcpy(argv, (const void *)l->words, sizeof argv);
    const int left = fr_option_take_globals(count_words(&given), argv, &globals, &error);
    ck_assert(same(&globals, &l->globals));
    for (int i = 0; i < left; i++)
        ck_assert_str_eq(argv[i], l->rest[i]);
    ck_assert_ptr_null(l->rest[left]);
    ck_assert_str_eq(error.message, l->message != NULL ? l->message : "");
    ck_assert_int_eq(error.status, l->message != NULL ? FRACTARY_E_INVALID : FRACTARY_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("option");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_loop_test(all, good_lines, 0, (int)(sizeof good / sizeof *good));
    tcase_add_loop_test(all, bad_lines, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(all, a_command_without_arguments_takes_none);
    tcase_add_loop_test(all, globals_stand_anywhere, 0,
                        (int)(sizeof global_lines / sizeof *global_lines));
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
