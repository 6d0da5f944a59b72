/* Records as people read them: one by one, and gathered into plans, tables
 * and the sentence at the end. */
#include "unit/cli_desk.h"
#include "unit/cli_suite.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- single records */

static const struct view_row {
    const char *record, *out, *err;
} views[] = {
    {"{'type':'stream','records':1,'message':'x'}", "", ""},
    {"{'type':'process','message':'x'}", "", ""},
    {"{'type':'step','status':'started','message':'Plan'}", "", ""},
    {"{'type':'step','status':'done','message':'Plan the change','duration_ms':7012}",
     "✓ Plan the change (7.0 s)\n", ""},
    {"{'type':'step','status':'done','message':'Quick','duration_ms':3}", "✓ Quick\n", ""},
    {"{'type':'step','status':'failed','message':'Apply','duration_ms':100}", "✗ Apply (100 ms)\n",
     ""},
    {"{'type':'step','status':'skipped','message':'Verify'}", "○ Verify\n", ""},
    {"{'type':'change','status':'done','action':'create','address':'aws_sqs_queue.q',"
     "'elapsed_ms':25000,'id':'https://q','message':'x'}",
     "✓ create   aws_sqs_queue.q  (https://q) (25.0 s)\n", ""},
    {"{'type':'change','status':'failed','action':'delete','address':'a.b','reason':'in use',"
     "'message':'x'}",
     "✗ delete   a.b: in use\n", ""},
    {"{'type':'change','status':'running','action':'delete','address':'a.b','message':'x'}", "",
     ""},
    {"{'type':'log','level':'info','message':'note'}", "· note\n", ""},
    {"{'type':'log','level':'warning','message':'beware'}", "! beware\n", ""},
    {"{'type':'log','level':'debug','message':'inner'}", "", ""},
    {"{'type':'org.example.new','message':'something new'}", "· something new\n", ""},
    {"{'type':'identity','purpose':'deploy','principal':'arn:aws:iam::1:user/d',"
     "'source':'profile d','message':'x'}",
     "  identity: deploy acts as arn:aws:iam::1:user/d (profile d)\n", ""},
    {"{'type':'guard','ok':true,'plan':'','message':'x','signals':["
     "{'name':'account','value':'123456789012','verdict':'agrees'},"
     "{'name':'region','value':'eu-central-1','verdict':'agrees'},"
     "{'name':'workspace','value':'','verdict':'absent'}]}",
     "  guard: 2 signals agree (account 123456789012, region eu-central-1)\n", ""},
    {"{'type':'guard','ok':true,'plan':'0123456789abcdef0123','message':'x','signals':["
     "{'name':'other','value':'v','verdict':'agrees'}]}",
     "  guard: 1 signal agrees, plan 0123456789ab\n", ""},
    {"{'type':'guard','ok':false,'message':'environment test is refused','signals':["
     "{'name':'account','value':'2','expected':'1','source':'the cloud','verdict':'disagrees'},"
     "{'name':'region','value':'r','source':'config','verdict':'agrees'},"
     "{'name':'workspace','value':'','verdict':'absent'}]}",
     "",
     "guard: environment test is refused\n"
     "✗ account: 2, expected 1 (the cloud)\n"
     "✓ region: r (config)\n"
     "○ workspace: not known\n"},
    {"{'type':'approval','how':'class','message':'approved by class'}",
     "  approval: approved by class\n", ""},
    {"{'type':'registry','message':'7 resources are recorded','document':'d/DEPLOYED.md'}",
     "  registry: 7 resources are recorded → d/DEPLOYED.md\n", ""},
    {"{'type':'diagnostic','severity':'error','summary':'Unsupported argument',"
     "'detail':'An argument named \\u0022foo\\u0022 is not expected here.','file':'main.tf',"
     "'line':12,'snippet':'  foo = 1','context':'resource \\u0022a\\u0022 \\u0022b\\u0022',"
     "'advice':'Remove it.','message':'x'}",
     "",
     "error: Unsupported argument\n"
     "│ main.tf:12, in resource \"a\" \"b\"\n"
     "│   12:   foo = 1\n"
     "│ An argument named \"foo\" is not expected here.\n"
     "│ next: Remove it.\n"},
    {"{'type':'diagnostic','severity':'warning','summary':'Deprecated','detail':'Two\\nlines',"
     "'address':'a.b','message':'x'}",
     "warning: Deprecated\n│ a.b\n│ Two\n│ lines\n", ""},
    {"{'type':'finding','severity':'warning','rule':'r','file':'a.tf','line':3,"
     "'message':'Open to all','advice':'Close it'}",
     "warning: Open to all\n│ a.tf:3\n│ next: Close it\n", ""},
    {"{'type':'log','level':'info','message':'\\u001b[2Jgone\\u0007 \\u009b31m'}",
     "· \\x1b[2Jgone\\x07 \\x9b31m\n", ""},
};

START_TEST(records_as_text)
{
    desk d;

    desk_open(&d, &desk_plain);
    desk_say(&d, views[_i].record);
    desk_expect(d.terminal.out, views[_i].out);
    desk_expect(d.terminal.err, views[_i].err);
    desk_close(&d);
}
END_TEST

START_TEST(debugging_is_for_verbose)
{
    const fr_report_options verbose = {0, 0, 1};
    desk d;

    desk_open(&d, &verbose);
    desk_say(&d, "{'type':'log','level':'debug','message':'inner'}");
    desk_expect(d.terminal.out, "· inner\n");
    desk_close(&d);
}
END_TEST

START_TEST(ascii_where_the_terminal_is)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.out_style.unicode = 0;
    desk_say(&d, "{'type':'step','status':'done','message':'Done'}");
    desk_say(&d, "{'type':'step','status':'failed','message':'Failed'}");
    desk_expect(d.terminal.out, "+ Done\nx Failed\n");
    desk_close(&d);
}
END_TEST

START_TEST(durations_stand_at_the_right)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.out_style.width = 30;
    desk_say(&d, "{'type':'step','status':'done','message':'Plan','duration_ms':7012}");
    desk_say(&d, "{'type':'step','status':'done','message':'A sentence that needs two lines',"
                 "'duration_ms':65000}");
    desk_expect(d.terminal.out, "✓ Plan                   7.0 s\n"
                                "✓ A sentence that needs two\n"
                                "  lines             1 min 05 s\n");
    desk_close(&d);
}
END_TEST

START_TEST(details_are_wrapped_within_their_bar)
{
    desk d;

    desk_open(&d, &desk_plain);
    d.terminal.err_style.width = 24;
    desk_say(&d,
             "{'type':'diagnostic','severity':'error','summary':'Long','message':'x',"
             "'detail':'one two three four five six','snippet':'code that is never ever broken'}");
    desk_expect(d.terminal.err, "error: Long\n"
                                "│   code that is never ever broken\n"
                                "│ one two three four\n"
                                "│ five six\n");
    desk_close(&d);
}
END_TEST

/* ------------------------------------------------------------ what is gathered */

static void plan_changes(const desk *d, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *record =
            fr_str_format("{'type':'change','status':'planned','action':'%s','address':'%s.n%zu',"
                          "'resource_type':'%s','message':'x'}",
                          i % 3 == 0 ? "delete" : "create", i % 2 == 0 ? "aws_a" : "aws_b", i,
                          i % 2 == 0 ? "aws_a" : "aws_b");
        desk_say(d, record);
        free(record);
    }
}

START_TEST(plans_are_listed)
{
    desk d;

    desk_open(&d, &desk_plain);
    plan_changes(&d, 2);
    desk_say(&d, "{'type':'change','status':'planned','action':'replace','address':'aws_c.x',"
                 "'resource_type':'aws_c','reason':'tainted','message':'x'}");
    desk_say(&d, "{'type':'change','status':'planned','action':'no-op','address':'aws_c.y',"
                 "'resource_type':'aws_c','message':'x'}");
    desk_expect(d.terminal.out, "");
    desk_say(&d, "{'type':'plan','changes':true,'add':1,'replace':1,'destroy':1,"
                 "'sha256':'0123456789abcdef','message':'x'}");
    desk_expect(d.terminal.out, "  - delete   aws_a.n0\n"
                                "  + create   aws_b.n1\n"
                                "  ± replace  aws_c.x  (tainted)\n"
                                "  plan: 1 to create, 1 to replace, 1 to delete  (0123456789ab)\n");
    desk_close(&d);
}
END_TEST

START_TEST(long_plans_are_folded)
{
    desk d;

    desk_open(&d, &desk_plain);
    plan_changes(&d, 42);
    desk_say(&d, "{'type':'plan','changes':true,'add':28,'destroy':14,'message':'x'}");
    desk_expect(d.terminal.out, "  + create   14 aws_a, 14 aws_b\n"
                                "  - delete   7 aws_a, 7 aws_b\n"
                                "  plan: 28 to create, 14 to delete\n");
    desk_close(&d);
}
END_TEST

START_TEST(a_plan_that_never_came_is_shown_at_the_end)
{
    desk d;

    desk_open(&d, &desk_plain);
    plan_changes(&d, 1);
    desk_say(&d, "{'type':'result','ok':false,'exit':1,'message':'x','error':{'message':'no'}}");
    desk_expect(d.terminal.out, "  - delete   aws_a.n0\n");
    desk_expect(d.terminal.err, "error: no\n");
    desk_close(&d);
}
END_TEST

START_TEST(resources_become_one_table)
{
    desk d;

    desk_open(&d, &desk_plain);
    desk_say(&d, "{'type':'resource','message':'x','resource':{'address':'b.two','type':'b',"
                 "'name':'second','region':'r1'}}");
    desk_say(&d, "{'type':'resource','message':'x','resource':{'address':'a.one','type':'a',"
                 "'id':'id-1'}}");
    desk_say(&d, "{'type':'resource','message':'x','resource':{'address':'b.two',"
                 "'status':'missing','reason':'gone'}}");
    desk_expect(d.terminal.out, "");
    desk_say(&d, "{'type':'result','ok':true,'exit':0,'message':'2 resources: 1 missing'}");
    desk_expect(d.terminal.out, "ADDRESS  TYPE  STATUS   NAME    REGION  REASON\n"
                                "a.one    a              id-1\n"
                                "b.two    b     missing  second  r1      gone\n"
                                "✓ 2 resources: 1 missing\n");
    desk_close(&d);
}
END_TEST

START_TEST(after_a_change_only_what_is_missed_is_listed)
{
    desk d;

    desk_open(&d, &desk_plain);
    desk_say(&d, "{'type':'plan','changes':false,'message':'x'}");
    desk_say(&d, "{'type':'resource','message':'x','resource':{'address':'a.one','type':'a',"
                 "'status':'verified'}}");
    desk_say(&d, "{'type':'resource','message':'x','resource':{'address':'b.two','type':'b',"
                 "'status':'unverifiable','reason':'no way to ask'}}");
    desk_say(&d, "{'type':'result','ok':true,'exit':0,'message':'done'}");
    desk_expect(d.terminal.out, "  plan: nothing to change\n"
                                "ADDRESS  TYPE  STATUS        REASON\n"
                                "b.two    b     unverifiable  no way to ask\n"
                                "✓ done\n");
    desk_close(&d);
}
END_TEST

static const struct outcome_row {
    const char *records[4];
    const char *sentence;
} outcomes[] = {
    {{NULL}, ""},
    {{"{'type':'plan','changes':false}"}, "nothing to do: all is as the code says"},
    {{"{'type':'plan','changes':false,'destroy_all':true}"},
     "nothing to do: there is nothing left"},
    {{"{'type':'plan','changes':true,'add':2,'change':1,'import':1}"},
     "planned: 2 to create, 1 to update, 1 to import; nothing was changed"},
    {{"{'type':'plan','changes':true,'outputs':true}"},
     "planned: outputs to change; nothing was changed"},
    {{"{'type':'plan','changes':true,'add':2}",
      "{'type':'change','status':'done','action':'create'}",
      "{'type':'change','status':'failed','action':'create'}"},
     "1 created, 1 failed"},
    {{"{'type':'change','status':'done','action':'replace'}",
      "{'type':'registry','resources':3,'verified':2,'unverifiable':1}"},
     "1 replaced; 3 resources: 2 verified, 1 unverifiable"},
    {{"{'type':'change','status':'done','action':'delete'}", "{'type':'registry','resources':0}"},
     "1 deleted"},
    {{"{'type':'diagnostic','severity':'error'}", "{'type':'finding','severity':'warning'}",
      "{'type':'finding','severity':'warning'}"},
     "1 error, 2 warnings"},
    {{"{'type':'resource','resource':{'address':'a','status':'verified'}}",
      "{'type':'resource','resource':{'address':'b','status':'missing'}}",
      "{'type':'resource','resource':{'address':'a','status':'verified'}}"},
     "2 resources: 1 verified, 1 missing"},
};

START_TEST(the_outcome_is_counted)
{
    fr_buf sentence = {0};
    desk d;

    desk_open(&d, &desk_quiet);
    for (size_t i = 0; i < 4 && outcomes[_i].records[i] != NULL; i++)
        desk_say(&d, outcomes[_i].records[i]);
    fr_report_outcome(d.report, &sentence);
    ck_assert_str_eq(fr_buf_text(&sentence), outcomes[_i].sentence);
    fr_buf_finish(&sentence);
    desk_close(&d);
}
END_TEST

int main(void)
{
    const TTest *const single[] = {
        debugging_is_for_verbose,
        ascii_where_the_terminal_is,
        durations_stand_at_the_right,
        details_are_wrapped_within_their_bar,
        plans_are_listed,
        long_plans_are_folded,
        a_plan_that_never_came_is_shown_at_the_end,
        resources_become_one_table,
        after_a_change_only_what_is_missed_is_listed,
    };
    Suite *suite = suite_create("view");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_loop_test(all, records_as_text, 0, (int)(sizeof views / sizeof *views));
    tcase_add_loop_test(all, the_outcome_is_counted, 0, (int)(sizeof outcomes / sizeof *outcomes));
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        tcase_add_test(all, single[i]);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
