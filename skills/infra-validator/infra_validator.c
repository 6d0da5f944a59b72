/* infra-validator: checks the configuration and the code. See SKILL.md. */
#include <fractary-plugin/json.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/step.h>
#include <fractary-plugin/str.h>
#include <fractary/fractary.h>
#include <stdlib.h>
#include <string.h>

typedef struct validator {
    const fractary_handlers *handlers;
    const fractary_config *config;
    const fractary_clock *clock;
} validator;

/* One rule about the configuration of an environment: `broken` looks at
 * config/1.project() and appends what is wrong. */
typedef struct rule {
    const char *id, *severity;
    int (*broken)(const validator *self, const fr_json *project, fr_buf *what);
    const char *advice;
} rule;

static int is_class(const fr_json *project, const char *class)
{
    return fr_str_equal(fr_json_get_string(project, "class"), class);
}

static int account_missing(const validator *self, const fr_json *project, fr_buf *what)
{
    const char *account = fr_json_get_string(project, "account");
    (void)self;
    if (account && *account)
        return 0;
    fr_buf_printf(what,
                  "Environment %s names no account, so nothing can prove that the "
                  "credentials belong to it.",
                  fr_json_get_string(project, "environment"));
    return 1;
}

static int account_required(const validator *self, const fr_json *project, fr_buf *what)
{
    return !is_class(project, "test") && account_missing(self, project, what);
}

static int account_advised(const validator *self, const fr_json *project, fr_buf *what)
{
    return is_class(project, "test") && account_missing(self, project, what);
}

static int region_missing(const validator *self, const fr_json *project, fr_buf *what)
{
    const char *region = fr_json_get_string(project, "region");
    (void)self;
    if (region && *region)
        return 0;
    fr_buf_printf(what, "Environment %s names no region.",
                  fr_json_get_string(project, "environment"));
    return 1;
}

static int state_shared(const validator *self, const fr_json *project, fr_buf *what)
{
    const char *other = fr_json_get_string(project, "shares_state_with");
    (void)self;
    if (!other || !*other)
        return 0;
    fr_buf_printf(what, "Environment %s has the Terraform state of %s: same directory, workspace "
                        "and backend_config. Only one of them can be deployed.",
                  fr_json_get_string(project, "environment"), other);
    return 1;
}

static int pattern_broken(const validator *self, const fr_json *project, fr_buf *what)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf name = {0};
    const fractary_sink out = fr_buf_sink(&name);
    const char *pattern = fr_json_get_string(project, "pattern");
    int32_t status = pattern ? self->config->expand(self->config, pattern, "resource", &out, &error)
                             : FRACTARY_OK;
    fr_buf_finish(&name);
    if (status == FRACTARY_OK)
        return 0;
    fr_buf_printf(what, "%s", error.message);
    return 1;
}

static const rule rules[] = {
    {"naming-pattern", "error", pattern_broken, "Correct naming.pattern in the configuration."},
    {"account-required", "error", account_required,
     "Set environments.%s.account in the configuration."},
    {"account-advised", "info", account_advised,
     "Set environments.%s.account in the configuration."},
    {"state-shared", "warning", state_shared,
     "Set environments.%s.plugins.iac-terraform.workspace, or a backend_config, for "
     "each of them in the configuration."},
    {"region-missing", "info", region_missing,
     "Set environments.%s.region in the configuration."},
};

/* The advice with the environment in the place of its %s, if it has one. */
static char *with_environment(const char *advice, const char *environment)
{
    const char *place = strstr(advice, "%s");
    return place ? fr_str_format("%.*s%s%s", (int)(place - advice), advice, environment,
                                 place + strlen("%s"))
                 : fr_str_dup(advice);
}

static int32_t report(const fractary_call *call, const rule *r, const char *what)
{
    fr_json *record = fr_record_new("finding", "%s", what);
    fr_json_set_string(record, "rule", r->id);
    fr_json_set_string(record, "severity", r->severity);
    char *advice = with_environment(r->advice, call->environment);
    fr_json_set_string(record, "advice", advice);
    free(advice);
    return fr_record_emit(&call->sink, record);
}

/* What is only worth knowing is said when somebody asks for a validation, not
 * before each deployment. */
static int32_t apply_rules(validator *self, const fr_steps *steps, const fr_json *project,
                           int *errors)
{
    const fractary_call *call = steps->call;
    int whole = steps->total > 1;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        fr_buf what = {0};
        int32_t status = FRACTARY_OK;
        if (!whole && fr_str_equal(rules[i].severity, "info"))
            continue;
        if (rules[i].broken(self, project, &what)) {
            status = report(call, &rules[i], fr_buf_text(&what));
            *errors += fr_str_equal(rules[i].severity, "error");
        }
        fr_buf_finish(&what);
        if (status != FRACTARY_OK)
            return status;
    }
    return FRACTARY_OK;
}

/* A handler looks at its own settings when it is opened. */
static int32_t open_handlers(validator *self, const fractary_call *call, const fr_json *project,
                             fractary_error *error)
{
    static const char *const kinds[] = {"iac", "hosting"};
    int32_t status = FRACTARY_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == FRACTARY_OK; i++) {
        const char *id = fr_json_get_string(project, kinds[i]);
        fractary_handle *handle = NULL;
        if (id && *id)
            status = self->handlers->open(self->handlers, call, kinds[i], &handle, error);
    }
    return status;
}

static int32_t check_configuration(validator *self, fr_steps *steps, fractary_error *error)
{
    const char *text = self->config->project(self->config);
    fr_json *project = fr_json_parse(text, strlen(text), NULL);
    int errors = 0;
    int32_t status = fr_step_begin(steps, "configuration", "Check the configuration");
    if (status == FRACTARY_OK)
        status = apply_rules(self, steps, project, &errors);
    if (status == FRACTARY_OK && errors) {
        status = fr_error_set(error, FRACTARY_E_CONFIG, "%d rule%s of the configuration %s broken",
                              errors, errors == 1 ? "" : "s", errors == 1 ? "is" : "are");
        fr_error_advice(error, "See the findings above.");
    }
    if (status == FRACTARY_OK)
        status = open_handlers(self, steps->call, project, error);
    fr_json_free(project);
    return fr_step_end(steps, status, error, "Configuration %s",
                       status == FRACTARY_OK ? "in order" : "not in order");
}

/* Only a failure with a place in it says something of the code: everything else
 * kept the tool from looking at it. */
static const char *verdict_on_code(int32_t status, const fractary_error *error)
{
    if (status == FRACTARY_OK)
        return "valid";
    return status == FRACTARY_E_FAILED && *error->place ? "not valid" : "not checked";
}

static int32_t check_code(validator *self, fr_steps *steps, fractary_error *error)
{
    const fractary_iac_validate_request request = {.size = sizeof request};
    fractary_handle *iac = NULL;
    int32_t status = fr_step_begin(steps, "code", "Validate the code");
    if (status == FRACTARY_OK)
        status = self->handlers->open(self->handlers, steps->call, "iac", &iac, error);
    if (status == FRACTARY_OK)
        status = self->handlers->call(self->handlers, steps->call, iac, "validate", &request, NULL,
                                      error);
    return fr_step_end(steps, status, error, "Code %s", verdict_on_code(status, error));
}

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    validator *self = instance;
    int whole = fr_str_equal(request->name, "validate");
    fr_steps steps = {
        .call = call, .clock = self->clock, .skill = "infra-validator", .total = whole ? 2 : 1};
    int32_t status = check_configuration(self, &steps, error);
    if (status == FRACTARY_OK && whole)
        status = check_code(self, &steps, error);
    return status;
}

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    validator *self = calloc(1, sizeof *self);
    if (!self)
        return fr_error_nomem(error);
    self->handlers = host->service(host, FRACTARY_HANDLERS_1);
    self->config = host->service(host, FRACTARY_CONFIG_1);
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
    .id = "infra-validator",
    .version = "0.1.0",
    .create = create,
    .destroy = free,
    .get_interface = get_interface,
};
