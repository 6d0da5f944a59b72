/* infra-manager: routes commands to skills, and leads a change through proof,
 * plan, approval and apply. It does no work itself. See SKILL.md. */
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <fractary/fractary.h>
#include <stdlib.h>
#include <string.h>

typedef struct manager {
    const fractary_skills *skills;
    const fractary_guard *guard;
    const fractary_confirm *confirm;
} manager;

/* One command while it runs. */
typedef struct work {
    manager *self;
    const fractary_call *call;
    fr_json *options;
    fr_json *plan; /* the `plan` record, once there is one */
} work;

static int32_t run_skill(work *w, const char *id, const char *name, const fr_json *options,
                         const fractary_sink *listener, fractary_error *error)
{
    const fractary_skills *skills = w->self->skills;
    fractary_handle *handle = NULL;
    fr_buf text = {0};
    int32_t status = skills->open(skills, w->call, id, &handle, error);
    if (status == FRACTARY_OK && options && fr_json_print(options, &text) != FRACTARY_OK)
        status = fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = skills->call(skills, w->call, handle, name, options ? fr_buf_text(&text) : NULL,
                              listener, error);
    fr_buf_finish(&text);
    return status;
}

/* -------------------------------------------------------------- the change */

/* What leads a deployment and a teardown apart. */
typedef struct change {
    const char *method;  /* of the iac handler that the approval is for */
    const char *command; /* of infra-deployer                           */
    int destroy;
} change;

static int32_t keep_plan(void *context, const char *data, uint64_t length)
{
    work *w = context;
    fr_json *record = fr_json_parse(data, (size_t)length, NULL);
    if (!fr_str_equal(fr_json_get_string(record, "type"), "plan")) {
        fr_json_free(record);
        return FRACTARY_OK;
    }
    fr_json_free(w->plan);
    w->plan = record;
    return FRACTARY_OK;
}

static int32_t make_plan(work *w, int destroy, fractary_error *error)
{
    const fractary_sink listener = {w, keep_plan};
    fr_json *options = fr_json_object();
    fr_json_set_bool(options, "destroy", destroy);
    int32_t status = run_skill(w, "infra-previewer", "preview", options, &listener, error);
    fr_json_free(options);
    if (status == FRACTARY_OK && !w->plan)
        return fr_error_set(error, FRACTARY_E_PROTOCOL, "the iac handler made no plan");
    return status;
}

static int32_t guard(work *w, const char *plan, fractary_error *error)
{
    return w->self->guard->check(w->self->guard, w->call, "deploy", plan, error);
}

static int32_t approve(work *w, const change *c, fractary_error *error)
{
    const char *summary = fr_json_get_string(w->plan, "message");
    const fractary_approval_request request = {
        .size = sizeof request,
        .flags = (fr_json_is_true(w->options, "ask") ? FRACTARY_CONFIRM_ASK : 0) |
                 (fr_json_is_true(w->options, "yes") ? FRACTARY_CONFIRM_YES : 0),
        .plan = "plan",
        .method = c->method,
        .purpose = "deploy",
        .summary = summary ? summary : "",
    };
    return w->self->confirm->approve(w->self->confirm, w->call, &request, error);
}

static int32_t execute(work *w, const change *c, fractary_error *error)
{
    fr_json *options = fr_json_object();
    fr_json_set_string(options, "plan", fr_json_get_string(w->plan, "sha256"));
    int32_t status = run_skill(w, "infra-deployer", c->command, options, NULL, error);
    fr_json_free(options);
    return status;
}

static int32_t nothing_to_do(const work *w, fractary_error *error)
{
    if (!fr_json_is_true(w->options, "detailed-exitcode"))
        return FRACTARY_OK;
    return fr_error_set(error, FRACTARY_E_NOTHING, "there is nothing to do");
}

static int32_t lead(work *w, const change *c, fractary_error *error)
{
    int32_t status = guard(w, NULL, error);
    if (status == FRACTARY_OK)
        status = run_skill(w, "infra-validator", "check", NULL, NULL, error);
    if (status == FRACTARY_OK)
        status = make_plan(w, c->destroy, error);
    if (status != FRACTARY_OK)
        return status;
    if (!fr_json_is_true(w->plan, "changes")) {
        status = run_skill(w, "infra-deployer", "refresh", NULL, NULL, error);
        return status == FRACTARY_OK ? nothing_to_do(w, error) : status;
    }
    status = guard(w, "plan", error);
    if (status == FRACTARY_OK)
        status = approve(w, c, error);
    return status == FRACTARY_OK ? execute(w, c, error) : status;
}

/* ---------------------------------------------------------------- commands */

static int32_t validate(work *w, fractary_error *error)
{
    return run_skill(w, "infra-validator", "validate", NULL, NULL, error);
}

static int32_t preview(work *w, fractary_error *error)
{
    int32_t status = make_plan(w, fr_json_is_true(w->options, "destroy"), error);
    if (status == FRACTARY_OK && !fr_json_is_true(w->plan, "changes"))
        return nothing_to_do(w, error);
    return status;
}

static int32_t deploy(work *w, fractary_error *error)
{
    static const change c = {.method = "apply", .command = "deploy", .destroy = 0};
    return lead(w, &c, error);
}

static int32_t teardown(work *w, fractary_error *error)
{
    static const change c = {.method = "destroy", .command = "teardown", .destroy = 1};
    return lead(w, &c, error);
}

static int32_t resources(work *w, fractary_error *error)
{
    return run_skill(w, "infra-deployer", "resources", NULL, NULL, error);
}

static int32_t check_status(work *w, fractary_error *error)
{
    return run_skill(w, "infra-deployer", "status", NULL, NULL, error);
}

static const struct {
    const char *name;
    int32_t (*run)(work *w, fractary_error *error);
} commands[] = {
    {"validate-config", validate}, {"preview-changes", preview},   {"deploy", deploy},
    {"show-resources", resources}, {"check-status", check_status}, {"teardown", teardown},
};

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    work w = {.self = instance, .call = call};
    w.options = fr_json_parse(request->options, strlen(request->options), NULL);
    if (!w.options)
        return fr_error_set(error, FRACTARY_E_PROTOCOL, "the options are not JSON");
    int32_t status = fr_error_set(error, FRACTARY_E_INVALID, "infra-manager has no command %s",
                                  request->name);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (fr_str_equal(commands[i].name, request->name))
            status = commands[i].run(&w, error);
    fr_json_free(w.options);
    fr_json_free(w.plan);
    return status;
}

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    manager *self = calloc(1, sizeof *self);
    if (!self)
        return fr_error_nomem(error);
    self->skills = host->service(host, FRACTARY_SKILLS_1);
    self->guard = host->service(host, FRACTARY_GUARD_1);
    self->confirm = host->service(host, FRACTARY_CONFIRM_1);
    *instance = self;
    return FRACTARY_OK;
}

static const void *get_interface(void *instance, const char *id)
{
    static const fractary_agent agent = {.size = sizeof agent, .run = run};
    (void)instance;
    return fr_str_equal(id, FRACTARY_AGENT_1) ? &agent : NULL;
}

const fractary_plugin fractary_plugin_entry = {
    .size = sizeof(fractary_plugin),
    .abi = FRACTARY_ABI,
    .id = "infra-manager",
    .version = "0.1.0",
    .create = create,
    .destroy = free,
    .get_interface = get_interface,
};
