/* The tree of commands, and help, completion and reference made from it. */
#include "cli/help.h"

#include "cli/completion.h"
#include "cli/core_table.h"
#include "cli/reference.h"
#include "plugin/command.h"
#include "unit/cli_suite.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char manager[] =
    "{'group':{'name':'infra-manage','summary':'Manage infrastructure'},'commands':["
    "{'name':'preview-changes','top_level':'preview','summary':'Show what would change',"
    "'description':'Plans and shows the plan. Nothing is changed by it, whatever it says.',"
    "'examples':['fractary preview --env test'],'arguments':["
    "{'name':'target','help':'Addresses','repeat':true}],'options':["
    "{'name':'env','type':'environment','value':'NAME','help':'Environment to plan for'},"
    "{'name':'format','type':'string','values':['long','short'],'default':'long','help':'How'},"
    "{'name':'limit','type':'integer','default':10,'help':'Most'},"
    "{'name':'quick','type':'flag','default':false,'help':'Hurry; it\\u0027s less exact'},"
    "{'name':'inner','type':'flag','hidden':true,'help':'Not for people'}]},"
    "{'name':'deploy','top_level':'deploy','summary':'Deploy'},"
    "{'name':'audit-all','summary':'Without a short name'}]}";

static const char rival[] = "{'group':{'name':'rival','summary':'Rival'},'commands':["
                            "{'name':'ship','top_level':'deploy','summary':'Ship'},"
                            "{'name':'start','top_level':'init','summary':'Start'},"
                            "{'name':'groupless','top_level':'plugin','summary':'x'}]}";

static const char twin[] = "{'group':{'name':'rival','summary':'Twin'},'commands':["
                           "{'name':'other','top_level':'other','summary':'Other'}]}";

static const char groupless[] = "{'commands':[{'name':'hidden-task','summary':'Not offered'}]}";

/* Commands of the core and of the manifests that a test names. */
typedef struct tree {
    fr_json *core;
    fr_json *manifests[4];
    fr_commands commands;
} tree;

static void grow(tree *t, size_t count, const char *const *manifests)
{
    static const char *const ids[] = {"infra-manager", "rival-one", "rival-two", "third"};
    fr_command_source sources[FR_CORE_TABLES + 4];
    fractary_error error = FR_ERROR_INIT;
    size_t total = 0;

    memset(t, 0, sizeof *t);
    ck_assert_int_eq(fr_core_tables(&t->core, &error), FRACTARY_OK);
    for (const fr_json *one = fr_json_first(t->core); one != NULL; one = fr_json_next(one))
        sources[total++] = (fr_command_source){"", one};
    ck_assert_uint_eq(total, FR_CORE_TABLES);
    for (size_t i = 0; i < count; i++) {
        t->manifests[i] = cli_json(manifests[i]);
        sources[total++] = (fr_command_source){ids[i], t->manifests[i]};
    }
    ck_assert_int_eq(fr_commands_init(&t->commands, sources, total, &error), FRACTARY_OK);
}

static void fell(tree *t)
{
    fr_commands_finish(&t->commands);
    for (size_t i = 0; i < 4; i++)
        fr_json_free(t->manifests[i]);
    fr_json_free(t->core);
}

static int32_t find(const tree *t, const char *first, const char *second, fr_command_match *match,
                    fractary_error *error)
{
    char *words[] = {(char *)(uintptr_t)first, (char *)(uintptr_t)second};

    *error = (fractary_error)FR_ERROR_INIT;
    *match = (fr_command_match){0};
    return fr_commands_find(&t->commands, second != NULL ? 2 : 1, words, match, error);
}

/* ------------------------------------------------------------------ the tree */

START_TEST(commands_are_found)
{
    static const char *const manifests[] = {manager};
    fr_command_match match;
    fractary_error error;
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(find(&t, "preview", "--env", &match, &error), FRACTARY_OK);
    ck_assert_str_eq(match.command->name, "preview-changes");
    ck_assert_str_eq(match.command->plugin, "infra-manager");
    ck_assert_str_eq(fr_command_title(match.command), "preview");
    ck_assert_int_eq(match.words, 1);
    ck_assert_int_eq(find(&t, "infra-manage", "preview-changes", &match, &error), FRACTARY_OK);
    ck_assert_str_eq(match.command->name, "preview-changes");
    ck_assert_int_eq(match.words, 2);
    ck_assert_int_eq(find(&t, "infra-manage", "audit-all", &match, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_command_title(match.command), "infra-manage audit-all");
    ck_assert_int_eq(find(&t, "plugin", "list", &match, &error), FRACTARY_OK);
    ck_assert_str_eq(match.command->plugin, "");
    ck_assert_int_eq(find(&t, "infra-manage", NULL, &match, &error), FRACTARY_OK);
    ck_assert_ptr_null(match.command);
    ck_assert_str_eq(match.group->name, "infra-manage");
    ck_assert_int_eq(find(&t, "infra-manage", "--json", &match, &error), FRACTARY_OK);
    ck_assert_ptr_null(match.command);
    fell(&t);
}
END_TEST

START_TEST(unknown_commands_have_neighbours)
{
    static const char *const manifests[] = {manager};
    fr_command_match match;
    fractary_error error;
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(find(&t, "deplyo", NULL, &match, &error), FRACTARY_E_INVALID);
    ck_assert_str_eq(error.message, "there is no command \"deplyo\"");
    ck_assert(cli_has(error.advice, "did you mean deploy?"));
    ck_assert_int_eq(find(&t, "infra-manage", "audit-al", &match, &error), FRACTARY_E_INVALID);
    ck_assert(cli_has(error.advice, "did you mean audit-all?"));
    ck_assert_int_eq(find(&t, "audit-all", NULL, &match, &error), FRACTARY_E_INVALID);
    ck_assert_int_eq(find(&t, "qqqqqqqq", NULL, &match, &error), FRACTARY_E_INVALID);
    ck_assert_str_eq(error.advice, "all commands: fractary --help");
    ck_assert_int_eq(find(&t, "referenc", NULL, &match, &error), FRACTARY_E_INVALID);
    ck_assert_str_eq(error.advice, "all commands: fractary --help");
    ck_assert_int_eq(find(&t, "", NULL, &match, &error), FRACTARY_E_INVALID);
    fell(&t);
}
END_TEST

START_TEST(of_two_claimants_neither_gets_a_name)
{
    static const char *const manifests[] = {manager, rival};
    fr_command_match match;
    fractary_error error;
    tree t;

    grow(&t, 2, manifests);
    ck_assert_int_eq(find(&t, "deploy", NULL, &match, &error), FRACTARY_E_INVALID);
    ck_assert_str_eq(error.message, "\"deploy\" is not available");
    ck_assert(cli_has(error.cause, "infra-manager"));
    ck_assert(cli_has(error.cause, "rival-one"));
    ck_assert_int_eq(find(&t, "infra-manage", "deploy", &match, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_command_title(match.command), "infra-manage deploy");
    ck_assert_int_eq(find(&t, "rival", "ship", &match, &error), FRACTARY_OK);
    fell(&t);
}
END_TEST

START_TEST(the_core_keeps_its_names)
{
    static const char *const manifests[] = {rival};
    fr_command_match match;
    fractary_error error;
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(find(&t, "init", NULL, &match, &error), FRACTARY_OK);
    ck_assert_str_eq(match.command->plugin, "");
    ck_assert_int_eq(find(&t, "plugin", "list", &match, &error), FRACTARY_OK);
    ck_assert_str_eq(match.command->plugin, "");
    ck_assert_int_eq(find(&t, "infra-manager", "start", &match, &error), FRACTARY_E_INVALID);
    ck_assert_int_eq(find(&t, "rival", "start", &match, &error), FRACTARY_OK);
    fell(&t);
}
END_TEST

START_TEST(two_groups_of_one_name_are_disputed)
{
    static const char *const manifests[] = {manager, rival, twin};
    fr_command_match match;
    fractary_error error;
    tree t;

    grow(&t, 3, manifests);
    ck_assert_int_eq(find(&t, "rival", "ship", &match, &error), FRACTARY_E_INVALID);
    ck_assert(cli_has(error.cause, "rival-one"));
    ck_assert(cli_has(error.cause, "rival-two"));
    ck_assert_int_eq(find(&t, "other", NULL, &match, &error), FRACTARY_OK);
    fell(&t);
}
END_TEST

START_TEST(without_a_group_nothing_is_offered)
{
    static const char *const manifests[] = {groupless};
    fr_command_match match;
    fractary_error error;
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(find(&t, "hidden-task", NULL, &match, &error), FRACTARY_E_INVALID);
    ck_assert_uint_eq(t.commands.group_count, FR_CORE_TABLES);
    fell(&t);
}
END_TEST

/* The core's tables are held to what manifests are held to. */
START_TEST(core_tables_are_well_formed)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *tables = NULL;

    ck_assert_int_eq(fr_core_tables(&tables, &error), FRACTARY_OK);
    for (const fr_json *one = fr_json_first(tables); one != NULL; one = fr_json_next(one)) {
        const fr_json *command = fr_json_first(fr_json_get(one, "commands"));
        ck_assert_msg(fr_command_check(one, &error) == FRACTARY_OK, "%s (%s)", error.message,
                      error.place);
        for (; command != NULL; command = fr_json_next(command)) {
            ck_assert_ptr_nonnull(fr_json_first(fr_json_get(command, "examples")));
            ck_assert(fr_str_starts(fr_json_string(fr_json_first(fr_json_get(command, "examples"))),
                                    "fractary ") ||
                      fr_str_starts(fr_json_string(fr_json_first(fr_json_get(command, "examples"))),
                                    "source "));
        }
    }
    fr_json_free(tables);
}
END_TEST

/* ----------------------------------------------------------------------- help */

static size_t longest_line(const char *text)
{
    size_t longest = 0;

    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        const size_t width = fr_str_width(line);
        longest = width > longest ? width : longest;
        free(line);
        text += length + (text[length] == '\n');
    }
    return longest;
}

START_TEST(help_of_a_command)
{
    static const char *const manifests[] = {manager};
    const fr_style style = {0, 0, 80};
    fr_command_match match;
    fractary_error error;
    fr_buf out = {0};
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(find(&t, "preview", NULL, &match, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_help_command(match.command, &style, &out), FRACTARY_OK);
    const char *text = fr_buf_text(&out);
    ck_assert(cli_has(text, "Usage: fractary preview [--env NAME] [--format TEXT] [--limit N]"));
    ck_assert(cli_has(text, "   or: fractary infra-manage preview-changes ...\n"));
    ck_assert(cli_has(text, "\nShow what would change\n"));
    ck_assert(cli_has(text, "  --env NAME     Environment to plan for\n"));
    ck_assert(cli_has(text, "  --format TEXT  How; one of long, short; default: long\n"));
    ck_assert(cli_has(text, "  --limit N      Most; default: 10\n"));
    ck_assert(cli_has(text, "  --quick        Hurry; it's less exact\n"));
    ck_assert(cli_has(text, "  <target>       Addresses; may be repeated\n"));
    ck_assert(cli_has(text, "  --json "));
    ck_assert(cli_has(text, "\nExample\n  fractary preview --env test\n"));
    ck_assert_ptr_null(strstr(text, "inner"));
    ck_assert_uint_le(longest_line(text), 80);
    fr_buf_finish(&out);
    fell(&t);
}
END_TEST

START_TEST(help_of_everything)
{
    static const char *const manifests[] = {manager};
    const fr_style style = {0, 0, 80};
    fr_buf out = {0};
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(fr_help_top(&t.commands, &style, &out), FRACTARY_OK);
    const char *text = fr_buf_text(&out);
    ck_assert(cli_has(text, "fractary " FRACTARY_VERSION ": takes a project's"));
    ck_assert(cli_has(text, "\nManage infrastructure\n  preview "));
    ck_assert(cli_has(text, "\n  plugin list    List the plugins"));
    ck_assert(cli_has(text, "\n  infra-manage   All of them, and more"));
    ck_assert(strstr(text, "\n  init ") < strstr(text, "\n  preview "));
    ck_assert_ptr_null(strstr(text, "reference"));
    ck_assert_ptr_null(strstr(text, "audit-all"));
    fr_buf_finish(&out);
    fell(&t);
}
END_TEST

START_TEST(help_of_a_group)
{
    static const char *const manifests[] = {manager};
    const fr_style style = {0, 0, 80};
    fr_buf out = {0};
    tree t;

    grow(&t, 1, manifests);
    const fr_command_group *group = &t.commands.groups[FR_CORE_TABLES];
    ck_assert_int_eq(fr_help_group(&t.commands, group, &style, &out), FRACTARY_OK);
    ck_assert(cli_has(fr_buf_text(&out), "Usage: fractary infra-manage COMMAND [OPTIONS]\n"));
    ck_assert(cli_has(fr_buf_text(&out), "  audit-all        Without a short name\n"));
    fr_buf_finish(&out);
    fell(&t);
}
END_TEST

START_TEST(help_fits_every_width)
{
    static const char *const manifests[] = {manager, rival};
    tree t;

    grow(&t, 2, manifests);
    for (size_t width = 40; width <= 200; width++) {
        const fr_style style = {0, 1, width};
        for (size_t i = 0; i < t.commands.count; i++) {
            fr_buf out = {0};
            ck_assert_int_eq(fr_help_command(&t.commands.commands[i], &style, &out), FRACTARY_OK);
            /* Examples are for copying, so they are never broken. */
            char *examples = strstr(out.data, "\nExample");
            if (examples != NULL)
                *examples = '\0';
            ck_assert_msg(longest_line(out.data) <= width, "%zu:\n%s", width, out.data);
            fr_buf_finish(&out);
        }
        fr_buf out = {0};
        ck_assert_int_eq(fr_help_top(&t.commands, &style, &out), FRACTARY_OK);
        ck_assert_msg(longest_line(out.data) <= width, "%zu:\n%s", width, out.data);
        fr_buf_finish(&out);
    }
    fell(&t);
}
END_TEST

START_TEST(colours_only_when_wanted)
{
    static const char *const manifests[] = {manager};
    const fr_style plain = {0, 1, 80};
    const fr_style coloured = {1, 1, 80};
    fr_buf out = {0};
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(fr_help_top(&t.commands, &plain, &out), FRACTARY_OK);
    ck_assert_ptr_null(strchr(fr_buf_text(&out), '\x1b'));
    fr_buf_clear(&out);
    ck_assert_int_eq(fr_help_top(&t.commands, &coloured, &out), FRACTARY_OK);
    ck_assert_ptr_nonnull(strchr(fr_buf_text(&out), '\x1b'));
    fr_buf_finish(&out);
    fell(&t);
}
END_TEST

/* ------------------------------------------------------ completion, reference */

START_TEST(completion_names_commands_options_and_values)
{
    static const char *const manifests[] = {manager};
    static const char *const parts[][4] = {
        {"bash", "preview deploy", "--format) words='long short'",
         "'infra-manage preview-changes'"},
        {"zsh", "#compdef fractary", "--format) words='long short'", "'preview'"},
        {"fish", "-a preview -d 'Show what would change'", "-l format -x -a 'long short'",
         "it\\'s less exact"},
    };
    tree t;

    grow(&t, 1, manifests);
    for (size_t i = 0; i < 3; i++) {
        fr_buf out = {0};
        ck_assert_int_eq(fr_completion_script(&t.commands, parts[i][0], &out), FRACTARY_OK);
        for (size_t j = 1; j < 4; j++)
            ck_assert(cli_has(fr_buf_text(&out), parts[i][j]));
        ck_assert_ptr_null(strstr(fr_buf_text(&out), "inner"));
        fr_buf_finish(&out);
    }
    fr_buf out = {0};
    ck_assert_int_eq(fr_completion_script(&t.commands, "tcsh", &out), FRACTARY_E_INVALID);
    fell(&t);
}
END_TEST

START_TEST(reference_has_every_command)
{
    static const char *const manifests[] = {manager};
    fr_buf out = {0};
    tree t;

    grow(&t, 1, manifests);
    ck_assert_int_eq(fr_reference_markdown(&t.commands, &out), FRACTARY_OK);
    ck_assert(cli_has(fr_buf_text(&out), "\n### preview\n"));
    ck_assert(
        cli_has(fr_buf_text(&out), "| `--format TEXT` | How; one of long, short; default: long |"));
    ck_assert(cli_has(fr_buf_text(&out), "fractary infra-manage preview-changes [--env NAME]"));
    ck_assert_ptr_null(strstr(fr_buf_text(&out), "### reference"));
    fr_buf_clear(&out);
    ck_assert_int_eq(fr_reference_man(&t.commands, &out), FRACTARY_OK);
    ck_assert(cli_has(fr_buf_text(&out), ".SS fractary preview [\\-\\-env NAME]"));
    ck_assert(cli_has(fr_buf_text(&out), ".SH EXIT STATUS"));
    fr_buf_finish(&out);
    fell(&t);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {commands_are_found,
                                  unknown_commands_have_neighbours,
                                  of_two_claimants_neither_gets_a_name,
                                  the_core_keeps_its_names,
                                  two_groups_of_one_name_are_disputed,
                                  without_a_group_nothing_is_offered,
                                  core_tables_are_well_formed,
                                  help_of_a_command,
                                  help_of_everything,
                                  help_of_a_group,
                                  help_fits_every_width,
                                  colours_only_when_wanted,
                                  completion_names_commands_options_and_values,
                                  reference_has_every_command};
    return cli_suite_run("help", tests, sizeof tests / sizeof *tests);
}
