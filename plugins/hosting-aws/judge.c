#include "judge.h"

#include "condition.h"
#include "template.h"
#include <fractary-plugin/str.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set(fr_aws_verdict *verdict, fr_aws_status status, const char *format, ...)
    FR_PRINTF(3, 4);

static void set(fr_aws_verdict *verdict, fr_aws_status status, const char *format, ...)
{
    va_list arguments;

    verdict->status = status;
    verdict->obstacle = FR_AWS_FREE;
    va_start(arguments, format);
    vsnprintf(verdict->reason, sizeof verdict->reason, format, arguments);
    va_end(arguments);
}

static void obstruct(fr_aws_verdict *verdict, fr_aws_obstacle obstacle, const char *format, ...)
    FR_PRINTF(3, 4);

static void obstruct(fr_aws_verdict *verdict, fr_aws_obstacle obstacle, const char *format, ...)
{
    va_list arguments;

    verdict->status = FR_AWS_UNVERIFIABLE;
    verdict->obstacle = obstacle;
    va_start(arguments, format);
    vsnprintf(verdict->reason, sizeof verdict->reason, format, arguments);
    va_end(arguments);
}

void fr_aws_judge_no_row(const char *type, fr_aws_verdict *verdict)
{
    if (fr_aws_type_is_local(type))
        set(verdict, FR_AWS_UNVERIFIABLE, "lives only in the state");
    else
        set(verdict, FR_AWS_UNVERIFIABLE, "no check for this type yet");
}

/* ------------------------------------------------------------------- asking */

static void put_token(const fr_aws_type *type, const char *token, fr_buf *input)
{
    const fr_aws_facts none = {.resource = &(fractary_resource){.id = token}};
    const int form = type->service->protocol == FR_AWS_QUERY;
    char missing[FR_AWS_MISSING];

    if (form) {
        fr_buf_printf(input, "&%s=", type->next_in);
        fr_aws_template_put("<id>", 4, &none, FR_AWS_PERCENT, input, missing);
        return;
    }
    if (input->length == 0)
        return;
    input->data[--input->length] = '\0'; /* the closing brace */
    fr_buf_printf(input, ",\"%s\":\"", type->next_in);
    fr_aws_template_put("<id>", 4, &none, FR_AWS_JSON, input, missing);
    fr_buf_puts(input, "\"}");
}

/* Fills in the row's path or input. */
static int32_t put_texts(const fr_aws_type *type, const fr_aws_facts *facts, fr_buf *path,
                         fr_buf *input, char missing[FR_AWS_MISSING])
{
    const fr_aws_writing writing =
        type->service->protocol == FR_AWS_QUERY ? FR_AWS_PERCENT : FR_AWS_JSON;
    int32_t status = FRACTARY_OK;

    if (type->path != NULL)
        status = fr_aws_template_put(type->path, strlen(type->path), facts, FR_AWS_PERCENT, path,
                                     missing);
    if (status == FRACTARY_OK && type->input != NULL)
        status =
            fr_aws_template_put(type->input, strlen(type->input), facts, writing, input, missing);
    return status;
}

static int make(const fr_aws *aws, const fr_json *profile, const fr_aws_question *question,
                fr_aws_request *out, fr_aws_verdict *verdict)
{
    fractary_error error = FR_ERROR_INIT;

    if (fr_aws_request_make(aws, profile, question, out, &error) == FRACTARY_OK)
        return 1;
    obstruct(verdict, FR_AWS_UNREACHABLE, "cannot be asked: %.200s", error.message);
    fr_aws_request_finish(out);
    return 0;
}

int fr_aws_judge_request(const fr_aws *aws, const fr_json *profile, const fr_aws_type *type,
                         const fr_aws_facts *facts, const char *region, const char *token,
                         fr_aws_request *out, fr_aws_verdict *verdict)
{
    fr_buf path = {0}, input = {0};
    char missing[FR_AWS_MISSING];
    int made = 0;

    const int32_t status = put_texts(type, facts, &path, &input, missing);
    if (status == FRACTARY_OK) {
        if (token != NULL)
            put_token(type, token, &input);
        const fr_aws_question question = {.service = type->service,
                                          .operation = type->operation,
                                          .region = region != NULL ? region : facts->region,
                                          .method = type->method,
                                          .path = fr_buf_text(&path),
                                          .input = fr_buf_text(&input)};
        made = make(aws, profile, &question, out, verdict);
    } else if (status == FRACTARY_E_NOTFOUND) {
        set(verdict, FR_AWS_UNVERIFIABLE, "the state does not say its %s", missing);
    } else {
        set(verdict, FR_AWS_UNVERIFIABLE, "memory ran out");
    }
    fr_buf_finish(&path);
    fr_buf_finish(&input);
    return made;
}

/* ------------------------------------------------------------ bad answers */

/* Is `code` one of "A|B|C"? */
static int is_one_of(const char *list, const char *code)
{
    const size_t length = strlen(code);

    while (list != NULL && length > 0 && *list != '\0') {
        const size_t size = strcspn(list, "|");
        if (size == length && memcmp(list, code, length) == 0)
            return 1;
        list += size + (list[size] == '|');
    }
    return 0;
}

static int is_gone(const fr_aws_type *type, const fr_aws_reply *reply)
{
    char code[16];

    if (!reply->proven || reply->code < 400 || reply->code >= 500)
        return 0;
    snprintf(code, sizeof code, "%d", (int)reply->code);
    return is_one_of(type->gone, reply->fault.code[0] != '\0' ? reply->fault.code : code);
}

static void judge_fault(const fr_aws_type *type, const fr_aws_reply *reply, fr_aws_verdict *verdict)
{
    const fr_aws_fault *fault = &reply->fault;
    fr_buf permission = {0};

    switch (fault->kind) {
    case FR_AWS_FAULT_DENIED:
        fr_aws_type_permission(type, &permission);
        obstruct(verdict, FR_AWS_DENIED, "denied %s", fr_buf_text(&permission));
        break;
    case FR_AWS_FAULT_CREDENTIALS:
        obstruct(verdict, FR_AWS_REFUSED, "the credentials are refused: %s", fault->code);
        break;
    case FR_AWS_FAULT_THROTTLED:
        obstruct(verdict, FR_AWS_UNREACHABLE, "throttled by AWS");
        break;
    case FR_AWS_FAULT_UNREACHED:
        obstruct(verdict, FR_AWS_UNREACHABLE, "no answer: %.200s", fault->message);
        break;
    case FR_AWS_FAULT_SKEW:
    case FR_AWS_FAULT_SERVER:
        obstruct(verdict, FR_AWS_UNREACHABLE, "%s answered %d %s", type->operation,
                 (int)reply->code, fault->code);
        break;
    case FR_AWS_FAULT_NONE:
    case FR_AWS_FAULT_OTHER:
        set(verdict, FR_AWS_UNVERIFIABLE, "%s answered %d %s", type->operation, (int)reply->code,
            fault->code);
        break;
    }
    fr_buf_finish(&permission);
}

/* ------------------------------------------------------------ good answers */

/* The search for the resource among the things of an answer. */
typedef struct search {
    const fr_aws_type *type;
    const fr_aws_facts *facts;
    fr_aws_reply *reply;
    fr_aws_verdict *verdict;
    int found;
    int undecided; /* the facts do not say which one it is */
} search;

/* Found one: alive ends the search, a dead one goes on looking. */
static int judge_item(void *context, fr_aws_node node)
{
    search *s = context;
    fr_buf what = {0};
    const fr_aws_compare matches =
        fr_aws_condition_match(s->type->match, s->facts, &s->reply->answer, node);

    if (matches == FR_AWS_UNKNOWN)
        s->undecided = 1;
    if (matches != FR_AWS_EQUAL)
        return 0;
    s->found = 1;
    if (fr_aws_condition_dead(s->type->dead, &s->reply->answer, node, &what)) {
        set(s->verdict, FR_AWS_GONE, "%.240s", fr_buf_text(&what));
        fr_buf_finish(&what);
        return 0;
    }
    if (fr_aws_condition_differs(s->type->same, s->facts, &s->reply->answer, node, &what))
        set(s->verdict, FR_AWS_UNVERIFIABLE, "another one answers to its name: %.200s",
            fr_buf_text(&what));
    else
        *s->verdict = (fr_aws_verdict){.status = FR_AWS_VERIFIED};
    fr_buf_finish(&what);
    return 1;
}

/* Nothing was found: "fact=value" may say that this is right, and where that
 * fact is not known, so is the verdict. */
static void judge_absence(const fr_aws_type *type, const fr_aws_facts *facts,
                          fr_aws_verdict *verdict)
{
    const char *equals = type->unset != NULL ? strchr(type->unset, '=') : NULL;
    fr_buf value = {0};

    if (equals != NULL &&
        !fr_aws_facts_put(facts, type->unset, (size_t)(equals - type->unset), &value))
        set(verdict, FR_AWS_UNVERIFIABLE,
            "not in the answer to %s, and the state does not say whether it should be",
            type->operation);
    else if (equals != NULL && fr_str_equal(fr_buf_text(&value), equals + 1))
        *verdict = (fr_aws_verdict){.status = FR_AWS_VERIFIED};
    else
        set(verdict, FR_AWS_GONE, "not in the answer to %s", type->operation);
    fr_buf_finish(&value);
}

static void look(search *s)
{
    const fr_aws_node root = fr_aws_answer_root(&s->reply->answer);
    const char *item = s->type->item != NULL ? s->type->item : "";
    fr_buf path = {0};
    char missing[FR_AWS_MISSING];

    if (fr_aws_template_put(item, strlen(item), s->facts, FR_AWS_PLAIN, &path, missing) ==
        FRACTARY_OK)
        fr_aws_node_each(&s->reply->answer, root, fr_buf_text(&path), judge_item, s);
    else
        s->undecided = 1;
    fr_buf_finish(&path);
}

int fr_aws_judge_reply(const fr_aws_type *type, const fr_aws_facts *facts, fr_aws_reply *reply,
                       fr_aws_verdict *verdict)
{
    search s = {type, facts, reply, verdict, 0, 0};

    if (is_gone(type, reply)) {
        set(verdict, FR_AWS_GONE, "AWS says %s",
            reply->fault.code[0] != '\0' ? reply->fault.code : "not found");
        return 1;
    }
    if (reply->fault.kind != FR_AWS_FAULT_NONE) {
        judge_fault(type, reply, verdict);
        return 1;
    }
    if (!reply->readable) {
        obstruct(verdict, FR_AWS_UNREACHABLE, "the answer to %s cannot be read", type->operation);
        return 1;
    }
    if (type->form == FR_AWS_FORM_HEADERS) {
        *verdict = (fr_aws_verdict){.status = FR_AWS_VERIFIED};
        return 1;
    }
    look(&s);
    if (s.found)
        return 1;
    if (s.undecided)
        set(verdict, FR_AWS_UNVERIFIABLE, "the state does not say which one it is");
    else
        judge_absence(type, facts, verdict);
    return s.undecided;
}
