/* infra-previewer: plans a change and says what it would do. See SKILL.md. */
#include <fractary-plugin/json.h>
#include <fractary-plugin/step.h>
#include <fractary-plugin/str.h>
#include <fractary/fractary.h>
#include <stdlib.h>
#include <string.h>

typedef struct previewer {
    const fractary_handlers *handlers;
    const fractary_clock *clock;
} previewer;

static int32_t initialise(previewer *self, fr_steps *steps, fractary_handle *iac,
                          fractary_error *error)
{
    const fractary_iac_init_request request = {.size = sizeof request};
    int32_t status = fr_step_begin(steps, "init", "Prepare the working folder");
    if (status != FRACTARY_OK)
        return status;
    status = self->handlers->call(self->handlers, steps->call, iac, "init", &request, NULL, error);
    return fr_step_end(steps, status, error, "Working folder %s",
                       status == FRACTARY_OK ? "ready" : "not ready");
}

static int32_t plan(previewer *self, fr_steps *steps, fractary_handle *iac, int destroy,
                    fractary_error *error)
{
    const fractary_iac_plan_request request = {
        .size = sizeof request,
        .flags = destroy ? FRACTARY_IAC_DESTROY : 0,
        .name = "plan",
    };
    int32_t status = fr_step_begin(steps, "plan", destroy ? "Plan the removal of everything"
                                                          : "Plan the change");
    if (status != FRACTARY_OK)
        return status;
    status = self->handlers->call(self->handlers, steps->call, iac, "plan", &request, NULL, error);
    return fr_step_end(steps, status, error, "%s",
                       status == FRACTARY_OK ? "Plan made" : "No plan could be made");
}

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    previewer *self = instance;
    fr_steps steps = {
        .call = call, .clock = self->clock, .skill = "infra-previewer", .total = 2};
    fractary_handle *iac = NULL;
    fr_json *options = fr_json_parse(request->options, strlen(request->options), NULL);
    if (!options)
        return fr_error_set(error, FRACTARY_E_PROTOCOL, "the options are not JSON");
    int32_t status = self->handlers->open(self->handlers, call, "iac", &iac, error);
    if (status == FRACTARY_OK)
        status = initialise(self, &steps, iac, error);
    if (status == FRACTARY_OK)
        status = plan(self, &steps, iac, fr_json_is_true(options, "destroy"), error);
    fr_json_free(options);
    return status;
}

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    previewer *self = calloc(1, sizeof *self);
    if (!self)
        return fr_error_nomem(error);
    self->handlers = host->service(host, FRACTARY_HANDLERS_1);
    self->clock = host->service(host, FRACTARY_CLOCK_1);
    *instance = self;
    return FRACTARY_OK;
}

static const void *get_interface(void *instance, const char *id)
{
    static const fractary_skill skill = {.size = sizeof skill, .run = run};
    (void)instance;
    return fr_str_equal(id, FRACTARY_SKILL_1) ? &skill : NULL;
}

const fractary_plugin fractary_plugin_entry = {
    .size = sizeof(fractary_plugin),
    .abi = FRACTARY_ABI,
    .id = "infra-previewer",
    .version = "0.1.0",
    .create = create,
    .destroy = free,
    .get_interface = get_interface,
};
