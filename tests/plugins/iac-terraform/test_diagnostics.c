/* Errors become typed diagnostics: from boxes, plain text and JSON. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#include "categories.h"
#include "text.h"

/* ---------------------------------------------------------------- categories */

static const struct {
    const char *text; /* summary, and after a bar the detail */
    const char *category;
} examples[] = {
    {"Invalid expression|Expected the start of an expression", "syntax"},
    {"Missing newline after argument|An argument definition must end with a newline.", "syntax"},
    {"Unsupported argument|An argument named \"x\" is not expected here.", "syntax"},
    {"Missing required argument|The argument \"bucket\" is required", "syntax"},
    {"Reference to undeclared input variable|An input variable with the name", "reference"},
    {"Reference to undeclared resource|A managed resource", "reference"},
    {"Invalid resource type|The provider hashicorp/aws does not support resource type",
     "reference"},
    {"No value for required variable|The root module input variable \"v\" is not set",
     "missing-variable"},
    {"Failed to read variables file|Given variables file none.tfvars does not exist.",
     "missing-variable"},
    {"Invalid value for variable|must be one of", "invalid-value"},
    {"Invalid default value for variable|a number is required.", "invalid-value"},
    {"Failed to query available provider packages|could not connect to registry: dial tcp: no such "
     "host",
     "provider"},
    {"Failed to install provider|Error while installing", "provider"},
    {"Invalid provider registry host|The host", "provider"},
    {"Unreadable module directory|Unable to evaluate directory symlink: no such file", "module"},
    {"Error accessing remote module registry|Failed to retrieve: no such host", "module"},
    {"Unsupported Terraform Core version|This configuration does not support", "version"},
    {"Failed to query available provider packages|no available releases match the given "
     "constraints "
     "~> 99",
     "version"},
    {"Backend initialization required, please run \"terraform init\"|Reason: Initial",
     "not-initialized"},
    {"Inconsistent dependency lock file|The following dependency selections", "not-initialized"},
    {"Module not installed|This module's local cache directory could not be read",
     "not-initialized"},
    {"Required plugins are not installed|The installed provider plugins", "not-initialized"},
    {"Error acquiring the state lock|Error message: resource temporarily unavailable\nLock Info:\n"
     "  ID: x",
     "lock"},
    {"Error acquiring the state lock|Error message: context deadline exceeded\nLock Info:\n  ID: x",
     "lock"},
    {"Saved plan is stale|The given plan file can no longer be applied because", "stale-plan"},
    {"Backend configuration changed|A change in the backend configuration", "backend"},
    {"Missing Required Value|The attribute \"key\" is required by the backend.", "backend"},
    {"Error refreshing state: S3 bucket does not exist.|", "backend"},
    {"Failed to save state|Error saving state: timeout", "state"},
    {"No valid credential sources found|Please see", "credentials"},
    {"Retrieving AWS account details: ... api error ExpiredToken: The security token",
     "credentials"},
    {"validating provider credentials: api error InvalidClientTokenId: The security token included "
     "in the request is invalid|",
     "credentials"},
    {"failed to get shared config profile, nope|", "credentials"},
    {"creating S3 Bucket (b): operation error S3: CreateBucket, https response error StatusCode: "
     "403, api error AccessDenied: Access Denied|",
     "denied"},
    {"creating EC2 VPC: api error UnauthorizedOperation: You are not authorized|", "denied"},
    {"Cannot assume IAM Role|operation error STS: AssumeRole, api error AccessDenied: User: a is "
     "not "
     "authorized to perform: sts:AssumeRole",
     "denied"},
    {"Error acquiring the state lock|operation error DynamoDB: PutItem, api error "
     "AccessDeniedException: User: a is not authorized to perform: dynamodb:PutItem",
     "denied"},
    {"creating VPC: api error VpcLimitExceeded: The maximum number of VPCs has been reached|",
     "quota"},
    {"creating Lambda: ServiceQuotaExceededException: You have exceeded|", "quota"},
    {"creating S3 Bucket (b): BucketAlreadyExists: The requested bucket name|", "conflict"},
    {"creating IAM Role: EntityAlreadyExists: Role with name r already exists.|", "conflict"},
    {"deleting EC2 Subnet: DependencyViolation: The subnet has dependencies|", "conflict"},
    {"deleting S3 Bucket: BucketNotEmpty: The bucket you tried to delete|", "conflict"},
    {"reading X: ThrottlingException: Rate exceeded|", "throttled"},
    {"reading X: RequestLimitExceeded: Request limit exceeded.|", "throttled"},
    {"waiting for RDS (db) create: timeout while waiting for state to become 'available'|",
     "timeout"},
    {"reading S3 Bucket: request send failed, Head: dial tcp 127.0.0.1:5000: connect: connection "
     "refused|",
     "network"},
    {"reading SSM Parameter (/x): couldn't find resource|", "not-found"},
    {"Resource precondition failed|The bucket must be", "precondition"},
    {"Instance cannot be destroyed|Resource aws_x.y has lifecycle.prevent_destroy set",
     "precondition"},
    {"local-exec provisioner error|Error running command 'exit 3': exit status 3.", "provisioner"},
    {"flag provided but not defined: -json|", "tool"},
    {"Missing expression|Expected the start of an expression, but found the end of the file.",
     "syntax"},
    {"Missing value|The JSON data ends prematurely.", "syntax"},
    {"Missing false expression in conditional|The conditional operator requires a false", "syntax"},
    {"Missing close bracket on index|The index operator must end with a closing bracket", "syntax"},
    {"Missing argument separator|A comma is required to separate each function argument", "syntax"},
    {"Unbalanced parentheses|Expected a closing parenthesis", "syntax"},
    {"Unsupported operator|Bitwise operators are not supported.", "syntax"},
    {"Unexpected end of template|The if directive is missing its corresponding endif", "syntax"},
    {"Invalid template control keyword|not a valid template control keyword", "syntax"},
    {"Invalid 'for' expression|For expression requires the 'in' keyword", "syntax"},
    {"Invalid attribute name|An attribute name is required after a dot.", "syntax"},
    {"Root value must be object|The root value in a JSON-based configuration", "syntax"},
    {"Not enough function arguments|Function upper expects 1 argument(s).", "syntax"},
    {"Invalid version constraint|This string does not use correct version constraint syntax.",
     "syntax"},
    {"Incorrect condition type|The condition expression must be of type bool.", "invalid-value"},
    {"Attempt to get attribute from null value|This value is null", "invalid-value"},
    {"Reference to \"each\" in context without for_each|The each object", "reference"},
    {"Self-referencing local value|Local value local.a cannot use its own result", "reference"},
    {"Missing required provisioner plugin|This configuration requires provisioner plugin",
     "reference"},
    {"Configuration for import target does not exist|The configuration for", "reference"},
    {"Missing required provider|This configuration requires provider", "not-initialized"},
    {"execution halted|", "interrupted"},
    {"reading S3 Bucket: operation error S3: HeadBucket, request canceled, context canceled|",
     "interrupted"},
    {"Something that nobody has ever seen|", "unknown"},
};

START_TEST(categories)
{
    fr_buf summary = {0};
    fr_buf detail = {0};
    const char *bar = strchr(examples[_i].text, '|');
    char *first = bar == NULL ? fr_str_dup(examples[_i].text)
                              : fr_str_ndup(examples[_i].text, (size_t)(bar - examples[_i].text));
    fr_tf_squeeze(&summary, first);
    fr_tf_squeeze(&detail, bar == NULL ? "" : bar + 1);
    fr_tf_verdict verdict = fr_tf_classify(fr_buf_text(&summary), fr_buf_text(&detail));
    ck_assert_msg(fr_str_equal(verdict.category->name, examples[_i].category), "%s is %s, not %s",
                  examples[_i].text, verdict.category->name, examples[_i].category);
    ck_assert(*verdict.advice != '\0');
    free(first);
    fr_buf_finish(&summary);
    fr_buf_finish(&detail);
}
END_TEST

/* Every category of docs/reference/records.md has an example here. */
START_TEST(every_category_is_met)
{
    static const char *const all[] = {"syntax",
                                      "reference",
                                      "missing-variable",
                                      "invalid-value",
                                      "provider",
                                      "module",
                                      "version",
                                      "not-initialized",
                                      "lock",
                                      "stale-plan",
                                      "backend",
                                      "state",
                                      "credentials",
                                      "denied",
                                      "quota",
                                      "conflict",
                                      "throttled",
                                      "timeout",
                                      "network",
                                      "not-found",
                                      "precondition",
                                      "provisioner",
                                      "tool",
                                      "interrupted",
                                      "unknown"};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        int met = 0;
        for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
            met |= fr_str_equal(examples[i].category, all[c]);
        ck_assert_msg(met, "no example of %s", all[c]);
        ck_assert_str_eq(fr_tf_category_named(all[c])->name, all[c]);
    }
}
END_TEST

/* --------------------------------------------------------------------- text */

START_TEST(a_box)
{
    fr_stage stage;
    fr_stage_open(&stage, "{\"directory\":\"infra\"}", NULL);
    fr_stage_expect(
        &stage,
        fr_stage_parse_error(
            &stage,
            "\x1b[31m╷\x1b[0m\n"
            "\x1b[31m│\x1b[0m \x1b[1mError: \x1b[0mcreating SQS Queue (q): operation error SQS: "
            "CreateQueue, api error AccessDeniedException: User: arn:aws:iam::123456789012:user/d "
            "is "
            "not authorized to perform: sqs:CreateQueue because no identity-based policy allows "
            "it\n"
            "│ \n"
            "│   with module.app.aws_sqs_queue.q[\"a\"],\n"
            "│   on ../modules/app/main.tf line 3, in resource \"aws_sqs_queue\" \"q\":\n"
            "│    3: resource \"aws_sqs_queue\" \"q\" {\n"
            "│     ├────────────────\n"
            "│     │ var.name is \"q\"\n"
            "│ \n"
            "│ First line\n"
            "│ second line\n"
            "╵\n"),
        FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 1);
    const fr_json *d = fr_stage_diagnostic(&stage, "denied");
    ck_assert_str_eq(fr_json_get_string(d, "severity"), "error");
    ck_assert_str_eq(fr_json_get_string(d, "address"), "module.app.aws_sqs_queue.q[\"a\"]");
    ck_assert_str_eq(fr_json_get_string(d, "file"), "modules/app/main.tf");
    ck_assert_int_eq(fr_json_get_int(d, "line", 0), 3);
    ck_assert_str_eq(fr_json_get_string(d, "context"), "resource \"aws_sqs_queue\" \"q\"");
    ck_assert_str_eq(fr_json_get_string(d, "detail"), "First line\nsecond line");
    ck_assert_str_eq(fr_json_get_string(d, "permission"), "sqs:CreateQueue");
    ck_assert_ptr_nonnull(strstr(fr_json_get_string(d, "snippet"), "3: resource"));
    ck_assert_ptr_nonnull(strstr(fr_json_get_string(d, "snippet"), "var.name is"));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(plain_paragraphs)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_stage_expect(
        &stage,
        fr_stage_parse_error(
            &stage,
            "Initializing the backend...\n\nWarning: Something old\n\nUse the new thing.\n\n"
            "Error: Error acquiring the state lock\n\nError message: resource temporarily "
            "unavailable\n"
            "Lock Info:\n  ID:        bc11f120-ae8a\n  Path:      terraform.tfstate\n"
            "  Operation: OperationTypeApply\n  Who:       ci@builder\n  Version:   1.11.4\n"
            "  Created:   2026-01-31 17:30:14.75 +0000 UTC\n  Info:      \n\n\nTerraform acquires "
            "…\n"),
        FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 2);
    const fr_json *warning = fr_fakehost_find(stage.host, "diagnostic", 1);
    ck_assert_str_eq(fr_json_get_string(warning, "severity"), "warning");
    ck_assert_str_eq(fr_json_get_string(warning, "detail"), "Use the new thing.");
    const fr_json *lock = fr_json_get(fr_stage_diagnostic(&stage, "lock"), "lock");
    ck_assert_str_eq(fr_json_get_string(lock, "id"), "bc11f120-ae8a");
    ck_assert_str_eq(fr_json_get_string(lock, "who"), "ci@builder");
    ck_assert_str_eq(fr_json_get_string(lock, "operation"), "OperationTypeApply");
    ck_assert_str_eq(fr_json_get_string(lock, "path"), "terraform.tfstate");
    ck_assert_str_eq(fr_json_get_string(lock, "created"), "2026-01-31 17:30:14.75 +0000 UTC");
    /* The kernel's lock: force-unlock would only say that there is none. */
    ck_assert_str_eq(fr_json_get_string(fr_stage_diagnostic(&stage, "lock"), "advice"),
                     "wait until ci@builder is done, or end that process: the lock of a local "
                     "state goes with it");
    fr_stage_close(&stage);
}
END_TEST

#define HELD(who)                                                                                  \
    "{\"type\":\"diagnostic\",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"Error "         \
    "acquiring "                                                                                   \
    "the state lock\",\"detail\":\"Error message: operation error DynamoDB: PutItem, "             \
    "ConditionalCheckFailedException: The conditional request failed\\nLock Info:\\n  ID:        " \
    "bc11-ae8a\\n  Path:      b/k\\n  Operation: OperationTypeApply\\n  Who:       " who           \
    "\\n  Version:   1.11.4\\n  Created:   2026-01-31 17:30:14.75 +0000 UTC\\n  Info:      \\n"    \
    "\\n\\nTerraform acquires a state lock to protect the state\"}}\n"

/* The command finds our data folder and workspace from wherever it is pasted,
 * and the error says in one line who holds what since when. */
START_TEST(a_lock_that_can_be_taken_away)
{
    static const char held[] = FR_STAGE_VERSION HELD("ci@builder");
    fr_stage stage;
    fr_stage_open(&stage, "{\"directory\":\"in fra\",\"workspace\":\"blue\"}", NULL);
    fr_fakehost_write(stage.host, "project/in fra/main.tf",
                      "resource \"terraform_data\" \"a\" {}\n");
    const fr_fake_process plan = {.match = "plan", .out = held, .exit_code = 1};
    fr_fakehost_expect(stage.host, &plan);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_BUSY);
    char *wanted = fr_str_format("wait until ci@builder is done; when nothing of it runs any more: "
                                 "TF_DATA_DIR=%s/terraform TF_WORKSPACE=blue terraform "
                                 "-chdir='%s/in fra' force-unlock bc11-ae8a",
                                 fr_fakehost_folder(stage.host, "data"),
                                 fr_fakehost_folder(stage.host, "project"));
    ck_assert_str_eq(stage.error.advice, wanted);
    ck_assert_str_eq(stage.error.cause, "ci@builder holds it since 2026-01-31 17:30:14 UTC, for an "
                                        "apply (version 1.11.4)");
    const char *detail = fr_json_get_string(fr_stage_diagnostic(&stage, "lock"), "detail");
    ck_assert_ptr_nonnull(strstr(detail, "to protect the state"));
    free(wanted);
    fr_stage_close(&stage);
}
END_TEST

/* Causes stand before what they lead to, warnings last, and nothing twice; that
 * the tool was interrupted is no error of its own. */
START_TEST(order)
{
    static const char *const wanted[] = {"credentials", "syntax", "conflict", "unknown"};
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_stage_expect(&stage,
                    fr_stage_parse_error(&stage,
                                         "Warning: Deprecated\n\nno\n\nError: execution halted\n\n"
                                         "Error: EntityAlreadyExists: r\n\nError: execution "
                                         "halted\n\nError: Invalid expression\n\nError: "
                                         "ExpiredToken: x\n\n"),
                    FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 4);
    for (size_t i = 0; i < 4; i++) {
        const fr_json *record = fr_fakehost_find(stage.host, "diagnostic", i);
        ck_assert_str_eq(fr_json_get_string(record, "category"), wanted[i]);
    }
    fr_stage_close(&stage);
}
END_TEST

/* A sentence of the parser that no rule knows is still one on the code. */
START_TEST(unknown_words_on_a_line)
{
    static const char place[] = "\"range\":{\"filename\":\"main.tf\",\"start\":{\"line\":2,"
                                "\"column\":11}}";
    static const char *const whom[][2] = {{"null", "syntax"}, {"\"a.b\"", "unknown"}};
    for (size_t i = 0; i < 2; i++) {
        fr_stage stage;
        fr_stage_open(&stage, NULL, NULL);
        char *text =
            fr_str_format("{\"type\":\"diagnostic\",\"diagnostic\":{\"severity\":\"error\","
                          "\"summary\":\"Wobbly flurb\",\"address\":%s,%s}}\n",
                          whom[i][0], place);
        fr_stage_expect(&stage, fr_stage_parse_error(&stage, text), FRACTARY_OK);
        fr_stage_diagnostic(&stage, whom[i][1]);
        free(text);
        fr_stage_close(&stage);
    }
}
END_TEST

START_TEST(json_lines)
{
    fr_stage stage;
    fr_stage_open(&stage, "{\"directory\":\"infra\"}", NULL);
    fr_stage_expect(
        &stage,
        fr_stage_parse_error(
            &stage, FR_STAGE_VERSION
            "{\"type\":\"diagnostic\",\"@message\":\"Error: "
            "x\",\"diagnostic\":{\"severity\":\"error\","
            "\"summary\":\"Invalid expression\",\"detail\":\"Expected\",\"address\":null,\"range\":"
            "{\"filename\":\"main.tf\",\"start\":{\"line\":2,\"column\":11,\"byte\":42},\"end\":{}}"
            ","
            "\"snippet\":{\"context\":\"resource \\\"a\\\" \\\"b\\\"\",\"code\":\"  input = \\n}\","
            "\"start_line\":2,\"highlight_start_offset\":2,\"highlight_end_offset\":7,\"values\":"
            "[{\"traversal\":\"var.x\",\"statement\":\"is a string\"}]}}}\n"),
        FRACTARY_OK);
    const fr_json *d = fr_stage_diagnostic(&stage, "syntax");
    ck_assert_str_eq(fr_json_get_string(d, "file"), "infra/main.tf");
    ck_assert_int_eq(fr_json_get_int(d, "line", 0), 2);
    ck_assert_int_eq(fr_json_get_int(d, "column", 0), 11);
    ck_assert_str_eq(fr_json_get_string(d, "message"), "infra/main.tf:2: Invalid expression");
    ck_assert_str_eq(fr_json_get_string(d, "snippet"),
                     "   2:   input = \n        ^^^^^\n   3: }\n      var.x is a string");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(the_answer_of_validate)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_stage_expect(
        &stage,
        fr_stage_parse_error(
            &stage,
            "{\n \"valid\": false,\n \"diagnostics\": [\n  {\"severity\": \"error\", \"summary\": "
            "\"Unsupported argument\", \"detail\": \"x\"},\n  {\"severity\": \"warning\", "
            "\"summary\": "
            "\"Deprecated\"}\n ]\n}\n"),
        FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 2);
    fr_stage_diagnostic(&stage, "syntax");
    fr_stage_close(&stage);
}
END_TEST

/* S3 does not name the permission; the operation does. */
START_TEST(what_was_denied)
{
    static const char *const texts[][2] = {
        {"Error: creating S3 Bucket (b): operation error S3: CreateBucket, https response error "
         "StatusCode: 403, RequestID: 1, api error AccessDenied: Access Denied\n",
         "s3:CreateBucket"},
        {"Error: x: operation error CloudWatch Logs: CreateLogGroup, api error AccessDenied\n",
         NULL},
        {"Error: x: AccessDenied: User: arn:aws:iam::1:user/d is not authorized to perform: "
         "logs:CreateLogGroup on resource: y\n",
         "logs:CreateLogGroup"},
        {"Error: AccessDenied\n\nnot authorized to perform: s3:GetObject because\n",
         "s3:GetObject"},
        {"Error: AccessDenied: operation error S3", NULL},
        {"Error: AccessDenied\n\nnot authorized to perform: ", NULL},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fr_stage stage;
        fr_stage_open(&stage, NULL, NULL);
        fr_stage_expect(&stage, fr_stage_parse_error(&stage, texts[i][0]), FRACTARY_OK);
        const fr_json *record = fr_stage_diagnostic(&stage, "denied");
        const char *permission = fr_json_get_string(record, "permission");
        ck_assert_msg(fr_str_equal(permission, texts[i][1]), "%s: %s", texts[i][0], permission);
        fr_stage_close(&stage);
    }
}
END_TEST

START_TEST(text_without_a_form)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_stage_expect(&stage,
                    fr_stage_parse_error(&stage, "\n  boom: dial tcp 10.0.0.1: i/o timeout\n"
                                                 "more of it\n"),
                    FRACTARY_OK);
    const fr_json *d = fr_stage_diagnostic(&stage, "network");
    ck_assert_str_eq(fr_json_get_string(d, "summary"), "boom: dial tcp 10.0.0.1: i/o timeout");
    fr_stage_expect(&stage, fr_stage_parse_error(&stage, ""), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_parse_error(&stage, " \n\n"), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, NULL), 0);
    fr_stage_close(&stage);
}
END_TEST

/* Very long and broken texts are cut, and still make a record that is allowed. */
START_TEST(long_and_broken_texts)
{
    fr_stage stage;
    fr_stage_open(&stage, NULL, NULL);
    fr_buf text = {0};
    fr_buf_puts(&text, "Error: \"\\\xff\xfe\x01 ");
    for (int i = 0; i < 30000; i++)
        fr_buf_puts(&text, "\"\\\xff");
    fr_buf_puts(&text, "\n\n  on main.tf line 99999999999999999999:\n   1: x\n\n");
    for (int i = 0; i < 30000; i++)
        fr_buf_puts(&text, "\"\x01\xc3\n");
    fr_stage_expect(&stage, fr_stage_parse_error(&stage, fr_buf_text(&text)), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 1);
    fr_buf_finish(&text);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(cleaning)
{
    static const char given[] = "a\x1b[1;31mb\x1b]c\rd\te\nf\xffg\x7f";
    fr_buf out = {0};
    ck_assert_int_eq(fr_tf_clean(&out, given, sizeof given - 1, 100), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "ab]cd\te\nf\xef\xbf\xbdg");
    fr_buf_clear(&out);
    fr_tf_clean(&out, "ab\xc3\xa9", 4, 3);
    ck_assert_str_eq(fr_buf_text(&out), "ab\xc3\xa9"); /* never half a character */
    fr_buf_clear(&out);
    fr_tf_squeeze(&out, "  A\n\tb  C ");
    ck_assert_str_eq(fr_buf_text(&out), "a b c");
    fr_buf_finish(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diagnostics");
    TCase *tests = tcase_create("diagnostics");
    tcase_add_loop_test(tests, categories, 0, (int)(sizeof examples / sizeof *examples));
    tcase_add_test(tests, every_category_is_met);
    tcase_add_test(tests, a_box);
    tcase_add_test(tests, plain_paragraphs);
    tcase_add_test(tests, a_lock_that_can_be_taken_away);
    tcase_add_test(tests, order);
    tcase_add_test(tests, unknown_words_on_a_line);
    tcase_add_test(tests, json_lines);
    tcase_add_test(tests, the_answer_of_validate);
    tcase_add_test(tests, what_was_denied);
    tcase_add_test(tests, text_without_a_form);
    tcase_add_test(tests, long_and_broken_texts);
    tcase_add_test(tests, cleaning);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
