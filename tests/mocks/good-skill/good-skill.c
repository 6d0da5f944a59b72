/* A skill that reaches handlers as its options say. */
#include "../mock.h"

#include <fractary-plugin/buf.h>

/* What a command works with. */
typedef struct task {
    const fractary_handlers *handlers;
    const fractary_call *call;
    const fr_json *options;
    fractary_error *error;
} task;

static const char *text_of(const task *t, const char *option)
{
    return fr_json_get_string(t->options, option);
}

static int32_t call_method(const task *t, const char *kind, const char *method, const void *request,
                           const fractary_sink *listener)
{
    fractary_handle *handle = NULL;
    int32_t status = t->handlers->open(t->handlers, t->call, kind, &handle, t->error);

    if (status != FRACTARY_OK)
        return status;
    return t->handlers->call(t->handlers, t->call, handle, method, request, listener, t->error);
}

static int32_t preview(const task *t)
{
    const fractary_iac_init_request init = {sizeof init, 0};
    const char *const targets[] = {text_of(t, "target"), NULL};
    const fractary_iac_plan_request plan = {
        .size = sizeof plan, .name = text_of(t, "plan"), .targets = targets};
    int32_t status = call_method(t, "iac", "init", &init, NULL);

    return status == FRACTARY_OK ? call_method(t, "iac", "plan", &plan, NULL) : status;
}

static int32_t deploy(const task *t)
{
    const fractary_iac_apply_request request = {sizeof request, 0, text_of(t, "plan")};

    return call_method(t, "iac", text_of(t, "method"), &request, NULL);
}

/* One request that serves for every method: the rest of it is zero. */
typedef union any_request {
    uint32_t size;
    fractary_authenticate_request authenticate;
    fractary_verify_request verify;
    fractary_query_request query;
    fractary_deploy_request deploy;
    fractary_iac_show_request show;
    unsigned char room[128];
} any_request;

static int32_t call_any(const task *t)
{
    static const fractary_resource resource = {.size = sizeof resource,
                                               .address = "mock_thing.one"};
    static const fractary_resource *const resources[] = {&resource, &resource};
    const char *method = text_of(t, "method");
    any_request request = {.room = {0}};

    request.size = sizeof request;
    if (strcmp(method, "authenticate") == 0 || strcmp(method, "credentials") == 0) {
        request.authenticate.purpose = text_of(t, "purpose");
    } else if (strcmp(method, "verify") == 0) {
        request.verify.resources = resources;
        request.verify.count = (uint64_t)fr_json_get_int(t->options, "count", 1);
    } else if (strcmp(method, "query") == 0) {
        request.query.resource = &resource;
    }
    return call_method(t, text_of(t, "kind"), method, &request, NULL);
}

static int32_t console(const task *t)
{
    const fractary_resource resource = {.size = sizeof resource, .id = "one"};
    const fractary_query_request request = {sizeof request, &resource};
    fr_buf text = {0};
    const fractary_sink listener = fr_buf_sink(&text);
    int32_t status = call_method(t, "hosting", "console_url", &request, &listener);

    if (status == FRACTARY_OK)
        status = mock_say(t->call, fr_buf_text(&text));
    fr_buf_finish(&text);
    return status;
}

static int32_t hand_in_short(const task *t)
{
    const fractary_iac_init_request request = {4, 0};

    return call_method(t, "iac", "init", &request, NULL);
}

static int32_t hand_in_stray(const task *t)
{
    const fractary_iac_init_request request = {sizeof request, 0};
    fractary_handle *stray = (fractary_handle *)(uintptr_t)&request;

    return t->handlers->call(t->handlers, t->call, stray, "init", &request, NULL, t->error);
}

static int32_t say_deadline(const task *t)
{
    char *text = fr_str_format("deadline %llu in %s", (unsigned long long)t->call->deadline,
                               t->call->environment);
    int32_t status = mock_say(t->call, text);

    free(text);
    return status;
}

/* Hands on a call that says it has more time, and one that says it has all. */
static int32_t stretch(const task *t)
{
    const fractary_iac_init_request request = {sizeof request, 0};
    fractary_call stretched = *t->call;
    task longer = *t;
    int32_t status;

    longer.call = &stretched;
    stretched.deadline += 1000;
    status = call_method(&longer, "iac", "init", &request, NULL);
    stretched.deadline = 0;
    return status == FRACTARY_OK ? call_method(&longer, "iac", "init", &request, NULL) : status;
}

static const struct {
    const char *name;
    int32_t (*run)(const task *t);
} commands[] = {
    {"preview", preview},       {"deploy", deploy},       {"call", call_any},
    {"console", console},       {"short", hand_in_short}, {"stray", hand_in_stray},
    {"deadline", say_deadline}, {"stretch", stretch},
};

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    fr_json *options = fr_json_parse(request->options, strlen(request->options), NULL);
    const task t = {mock_service(instance, FRACTARY_HANDLERS_1), call, options, error};
    int32_t status = FRACTARY_E_INVALID;

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, request->name) == 0)
            status = commands[i].run(&t);
    }
    fr_json_free(options);
    return status;
}

MOCK_SKILL("good-skill", run)
