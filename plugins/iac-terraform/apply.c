#include "arguments.h"
#include "stream.h"

#include <stdio.h>
#include <string.h>

/* The sealed plan is the first attachment of the child. */
#define PLAN_PATH "/proc/self/fd/3"

/* "…; 3 of 9 operations were done": what a failed apply left behind. */
static void say_how_far(const fr_tf_stream *stream, int32_t status, fractary_error *error)
{
    if (status == FRACTARY_OK || error == NULL || stream->total == 0)
        return;
    size_t used = strlen(error->message);
    (void)snprintf(
        error->message + used, sizeof error->message - used, "; %llu of %llu operations were done",
        (unsigned long long)(stream->done - stream->failed), (unsigned long long)stream->total);
}

static int32_t run_apply(fr_tf *tf, const fractary_call *call,
                         const fractary_iac_apply_request *request, const char *label,
                         fractary_error *error)
{
    fr_tf_command command = {.label = label,
                             .purpose = "deploy",
                             .flags = FRACTARY_PROCESS_CAREFUL,
                             .attachment = request->name,
                             .in_workspace = 1};
    fr_tf_arg(&command, "apply");
    fr_tf_arg(&command, "-json");
    fr_tf_arg(&command, "-input=false");
    fr_tf_arg(&command, "-no-color");
    fr_tf_arg_pace(&command, tf);
    fr_tf_arg(&command, PLAN_PATH);
    fr_tf_stream stream;
    fr_tf_stream_init(&stream, tf, call, FR_TF_APPLY);
    int32_t exit_code = 0;
    int32_t status =
        fr_tf_command_run(tf, call, &command, fr_tf_stream_line, &stream, &exit_code, error);
    status =
        fr_tf_stream_end(&stream, label, status, status == FRACTARY_OK && exit_code == 0, error);
    say_how_far(&stream, status, error);
    if (status == FRACTARY_E_CANCELLED)
        fr_tf_report_drop_halt(&stream.report);
    int32_t emitted = fr_tf_stream_emit(&stream);
    fr_tf_stream_finish(&stream);
    return status == FRACTARY_OK ? emitted : status;
}

static int32_t apply(fr_tf *tf, const fractary_call *call,
                     const fractary_iac_apply_request *request, const char *label,
                     fractary_error *error)
{
    int32_t status = fr_tf_begin(tf, call, error);
    return status == FRACTARY_OK ? run_apply(tf, call, request, label, error) : status;
}

int32_t fr_tf_apply(void *instance, const fractary_call *call,
                    const fractary_iac_apply_request *request, fractary_error *error)
{
    return apply(instance, call, request, "apply", error);
}

int32_t fr_tf_destroy(void *instance, const fractary_call *call,
                      const fractary_iac_apply_request *request, fractary_error *error)
{
    return apply(instance, call, request, "destroy", error);
}
