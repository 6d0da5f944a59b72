/* An iac handler whose plan is its target's address, and whose apply says that
 * it was done. */
#include "../mock.h"

#include <fractary-plugin/buf.h>
#include <stdio.h>

/* Writes the plan where the host wants it. */
static int32_t write_plan(const fractary_call *call, const fractary_run *run,
                          const fractary_iac_plan_request *request, fr_buf *path,
                          fractary_error *error)
{
    const fractary_sink out = fr_buf_sink(path);
    const char *text = request->targets != NULL ? request->targets[0] : "everything";
    int32_t status = run->scratch(run, call, request->name, &out, error);
    FILE *file;

    if (status != FRACTARY_OK)
        return status;
    file = fopen(fr_buf_text(path), "w");
    if (file == NULL)
        return fr_error_set(error, FRACTARY_E_IO, "cannot write %s", fr_buf_text(path));
    if (fputs(text, file) == EOF)
        status = FRACTARY_E_IO;
    return fclose(file) == 0 ? status : FRACTARY_E_IO;
}

/* Says which state it uses, where its configuration wants that, and goes on
 * whatever it is answered. */
static void say_state(const void *instance, const fractary_call *call, const char *method)
{
    const fractary_config *config = mock_service(instance, FRACTARY_CONFIG_1);
    const char *text = config->section(config);
    fr_json *section = fr_json_parse(text, strlen(text), NULL);
    const char *address = fr_json_get_string(fr_json_get(section, "states"), method);
    fr_json *record = address != NULL ? fr_record_new("state", "the state is %s", address) : NULL;

    if (record != NULL) {
        fr_json_set_string(record, "backend", "mock");
        fr_json_set_string(record, "address", address);
        (void)fr_record_emit(&call->sink, record);
    }
    fr_json_free(section);
}

static int32_t plan(void *instance, const fractary_call *call,
                    const fractary_iac_plan_request *request, fractary_error *error)
{
    const fractary_run *run = mock_service(instance, FRACTARY_RUN_1);
    fr_buf path = {0};
    char sha256[65] = "";
    int32_t status = write_plan(call, run, request, &path, error);
    fr_json *record;

    say_state(instance, call, "plan");
    if (status == FRACTARY_OK)
        status = run->seal(run, call, request->name, fr_buf_text(&path), sha256, error);
    fr_buf_finish(&path);
    if (status != FRACTARY_OK)
        return status;
    record = fr_record_new("plan", "1 to add");
    fr_json_set_string(record, "name", request->name);
    fr_json_set_string(record, "sha256", sha256);
    fr_json_set_bool(record, "changes", 1);
    return fr_record_emit(&call->sink, record);
}

static int32_t change(const fractary_call *call, const char *action)
{
    fr_json *record = fr_record_new("change", "%s done", action);

    fr_json_set_string(record, "address", "mock_thing.one");
    fr_json_set_string(record, "action", action);
    fr_json_set_string(record, "status", "done");
    return fr_record_emit(&call->sink, record);
}

static int32_t apply(void *instance, const fractary_call *call,
                     const fractary_iac_apply_request *request, fractary_error *error)
{
    (void)instance;
    (void)request;
    (void)error;
    return change(call, "create");
}

static int32_t destroy(void *instance, const fractary_call *call,
                       const fractary_iac_apply_request *request, fractary_error *error)
{
    (void)instance;
    (void)request;
    (void)error;
    return change(call, "delete");
}

/* Says until when it may run. */
static int32_t init(void *instance, const fractary_call *call,
                    const fractary_iac_init_request *request, fractary_error *error)
{
    char *text = fr_str_format("initialised until %llu", (unsigned long long)call->deadline);
    int32_t status = mock_say(call, text);

    say_state(instance, call, "init");
    (void)request;
    (void)error;
    free(text);
    return status;
}

static int32_t validate(void *instance, const fractary_call *call,
                        const fractary_iac_validate_request *request, fractary_error *error)
{
    (void)instance;
    (void)request;
    (void)error;
    return mock_say(call, "valid");
}

/* Says what its configuration is. */
static int32_t show(void *instance, const fractary_call *call,
                    const fractary_iac_show_request *request, fractary_error *error)
{
    const fractary_config *config = mock_service(instance, FRACTARY_CONFIG_1);

    (void)request;
    (void)error;
    return mock_say(call, config->section(config));
}

static int32_t parse_error(void *instance, const fractary_call *call,
                           const fractary_iac_parse_error_request *request, fractary_error *error)
{
    (void)instance;
    (void)request;
    (void)error;
    return mock_say(call, "parsed");
}

static const fractary_iac table = {.size = sizeof table,
                                   .init = init,
                                   .validate = validate,
                                   .plan = plan,
                                   .apply = apply,
                                   .destroy = destroy,
                                   .show = show,
                                   .parse_error = parse_error};
MOCK_GET(FRACTARY_IAC_1, &table)
MOCK_ENTRY("good-iac", MOCK_FUNCTIONS)
