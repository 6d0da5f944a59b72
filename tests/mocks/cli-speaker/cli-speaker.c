/* Says what its options tell it to: records, text of its own, an end. */
#include "../agent.h"

#include <stdio.h>

static int32_t say_resources(const fractary_call *call, int64_t count)
{
    int32_t status = FRACTARY_OK;

    for (int64_t i = count; i > 0 && status == FRACTARY_OK; i--) {
        char address[64];
        snprintf(address, sizeof address, "mock_thing.number[%05lld]", (long long)i);
        fr_json *record = fr_record_new("resource", "%s is there", address);
        fr_json *facts = fr_json_object();
        fr_json_set_string(facts, "address", address);
        fr_json_set_string(facts, "type", "mock_thing");
        fr_json_set_string(facts, "name", "a thing");
        fr_json_set_string(facts, "status", i % 10 == 0 ? "missing" : "verified");
        fr_json_set(record, "resource", facts);
        status = fr_record_emit(&call->sink, record);
    }
    return status;
}

static int32_t say_records(const fractary_call *call, const fr_json *list)
{
    int32_t status = FRACTARY_OK;

    for (const fr_json *one = fr_json_first(list); one && status == FRACTARY_OK;
         one = fr_json_next(one)) {
        const char *text = fr_json_string(one);
        status = call->sink.emit(call->sink.context, text, strlen(text));
    }
    return status;
}

static void print_itself(void)
{
    printf("printed to output\n");
    fflush(stdout);
    fprintf(stderr, "printed to error\n");
}

static int32_t say(const fractary_call *call, const fr_json *options, fractary_error *error)
{
    const char *text = fr_json_get_string(options, "text");
    const char *message = fr_json_get_string(options, "error");
    int32_t status = text != NULL ? mock_say(call, text) : FRACTARY_OK;

    if (fr_json_is_true(options, "print"))
        print_itself();
    for (const fr_json *word = fr_json_first(fr_json_get(options, "word"));
         word != NULL && status == FRACTARY_OK; word = fr_json_next(word))
        status = mock_say(call, fr_json_string(word));
    if (status == FRACTARY_OK)
        status = say_records(call, fr_json_get(options, "record"));
    if (status == FRACTARY_OK)
        status = say_resources(call, fr_json_get_int(options, "resources", 0));
    if (status == FRACTARY_OK)
        status = (int32_t)fr_json_get_int(options, "status", 0);
    if (message != NULL)
        fr_error_set(error, status, "%s", message);
    return status;
}

static int32_t where(const fractary_call *call, const fr_json *options)
{
    char *text = fr_str_format("call says %s, option says %s", call->environment,
                               fr_json_get_string(options, "env"));
    const int32_t status = mock_say(call, text);

    free(text);
    return status;
}

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    fr_json *options = fr_json_parse(request->options, strlen(request->options), NULL);
    int32_t status;

    (void)instance;
    if (fr_str_equal(request->name, "where"))
        status = where(call, options);
    else
        status = say(call, options, error);
    fr_json_free(options);
    return status;
}

MOCK_AGENT("cli-speaker", run)
