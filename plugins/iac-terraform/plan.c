#include "arguments.h"
#include "backend.h"
#include "init.h"
#include "settings_check.h"
#include "stream.h"
#include "tool.h"

#include <stdlib.h>

#define ATTEMPTS 9
#define CHANGES  2 /* exit code of -detailed-exitcode: there is something to apply */

static void add_arguments(const fr_tf *tf, const fractary_iac_plan_request *request,
                          const char *path, fr_tf_command *command)
{
    fr_tf_arg(command, "plan");
    fr_tf_arg(command, "-json");
    fr_tf_arg(command, "-input=false");
    fr_tf_arg(command, "-no-color");
    fr_tf_arg(command, "-detailed-exitcode");
    fr_tf_arg(command, "-out=%s", path);
    if (request->flags & FRACTARY_IAC_DESTROY)
        fr_tf_arg(command, "-destroy");
    if (request->flags & FRACTARY_IAC_REFRESH_OFF)
        fr_tf_arg(command, "-refresh=false");
    fr_tf_arg_pace(command, tf);
    fr_tf_arg_var_files(command, tf);
    for (size_t i = 0; request->targets != NULL && request->targets[i] != NULL; i++)
        fr_tf_arg(command, "-target=%s", request->targets[i]);
}

/* ------------------------------------------------------------------ record */

/* "3 to create, 1 to update": what there is none of is not said. */
static fr_json *plan_record(const fr_tf_counts *n, int changes)
{
    const struct {
        int64_t count;
        const char *word;
    } words[] = {{n->add, "create"},      {n->change, "update"}, {n->replace, "replace"},
                 {n->destroy, "delete"}, {n->import, "import"}, {n->move, "move"},
                 {n->forget, "forget"}};
    fr_buf text = {0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].count > 0)
            fr_buf_printf(&text, "%s%lld to %s", text.length > 0 ? ", " : "",
                          (long long)words[i].count, words[i].word);
    if (text.length == 0)
        fr_buf_puts(&text, changes ? "outputs to change" : "nothing to change");
    fr_json *record = text.failed ? NULL : fr_record_new("plan", "%s", fr_buf_text(&text));
    fr_buf_finish(&text);
    return record;
}

static int32_t emit_plan(const fr_tf_stream *stream, const fractary_iac_plan_request *request,
                         const char *sha256, int changes)
{
    const fr_tf_counts *n = &stream->planned;
    const struct {
        const char *key;
        int64_t value;
    } counts[] = {{"add", n->add},         {"change", n->change}, {"replace", n->replace},
                  {"destroy", n->destroy}, {"import", n->import}, {"move", n->move},
                  {"forget", n->forget}};
    fr_json *record = plan_record(n, changes);
    int32_t failed = fr_json_set_string(record, "name", request->name);
    failed |= fr_json_set_string(record, "sha256", sha256);
    failed |= fr_json_set_bool(record, "changes", changes);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        failed |= fr_json_set_int(record, counts[i].key, counts[i].value);
    failed |= fr_json_set_bool(record, "outputs", stream->outputs);
    failed |= fr_json_set_bool(record, "destroy_all", (request->flags & FRACTARY_IAC_DESTROY) != 0);
    failed |= fr_json_set_string(record, "tool", fr_tf_tool_name(stream->tf));
    failed |= fr_json_set_string(record, "tool_version", stream->tf->tool.version);
    if (failed == FRACTARY_OK)
        return fr_record_emit(&stream->call->sink, record);
    fr_json_free(record);
    return FRACTARY_E_NOMEM;
}

/* -------------------------------------------------------------------- steps */

static int32_t seal(fr_tf_stream *stream, const fractary_iac_plan_request *request,
                    const char *path, int changes, fractary_error *error)
{
    const fractary_run *run = stream->tf->run;
    char sha256[65] = "";
    int32_t status = run->seal(run, stream->call, request->name, path, sha256, error);
    if (status == FRACTARY_E_NOTFOUND) {
        fr_error_set(error, FRACTARY_E_FAILED, "%s plan ended well but wrote no plan",
                     fr_tf_tool_name(stream->tf));
        return FRACTARY_E_FAILED;
    }
    if (status == FRACTARY_OK && emit_plan(stream, request, sha256, changes) != FRACTARY_OK)
        status = fr_error_nomem(error);
    return status;
}

/* One attempt. `again` is set instead of complaining when init would help and
 * `may_repeat` says that it has not been tried. */
static int32_t attempt(fr_tf *tf, const fractary_call *call,
                       const fractary_iac_plan_request *request, const char *path, int may_repeat,
                       int *again, fractary_error *error)
{
    fr_tf_command command = {.label = "plan", .purpose = "read", .in_workspace = 1};
    add_arguments(tf, request, path, &command);
    fr_tf_stream stream;
    fr_tf_stream_init(&stream, tf, call, FR_TF_PLAN);
    int32_t exit_code = 0;
    int32_t status =
        fr_tf_command_run(tf, call, &command, fr_tf_stream_line, &stream, &exit_code, error);
    int done = status == FRACTARY_OK && (exit_code == 0 || exit_code == CHANGES);
    status = fr_tf_stream_end(&stream, "plan", status, done, error);
    *again = may_repeat && status != FRACTARY_OK && fr_tf_report_wants_init(&stream.report);
    int32_t emitted = *again ? FRACTARY_OK : fr_tf_stream_emit(&stream);
    if (status == FRACTARY_OK)
        status = emitted;
    if (status == FRACTARY_OK)
        status = seal(&stream, request, path, exit_code == CHANGES, error);
    fr_tf_stream_finish(&stream);
    return status;
}

static int32_t ask_scratch(const fr_tf *tf, const fractary_call *call, const char *file,
                           char **path, fractary_error *error)
{
    fr_buf text = {0};
    fractary_sink sink = fr_buf_sink(&text);
    int32_t status = tf->run->scratch(tf->run, call, file, &sink, error);
    *path = status == FRACTARY_OK ? fr_buf_steal(&text) : NULL;
    fr_buf_finish(&text);
    return status == FRACTARY_OK && *path == NULL ? fr_error_nomem(error) : status;
}

/* A plan that failed leaves its file behind, so the next of that name in the
 * same run takes another. */
static int32_t scratch_path(const fr_tf *tf, const fractary_call *call, const char *name,
                            char **path, fractary_error *error)
{
    int32_t status = FRACTARY_E_EXISTS;
    for (int i = 1; i <= ATTEMPTS && status == FRACTARY_E_EXISTS; i++) {
        char *file = fr_str_format("%s-%d.tfplan", name, i);
        status = file == NULL ? fr_error_nomem(error) : ask_scratch(tf, call, file, path, error);
        free(file);
    }
    return status;
}

int32_t fr_tf_plan(void *instance, const fractary_call *call,
                   const fractary_iac_plan_request *request, fractary_error *error)
{
    fr_tf *tf = instance;
    char *path = NULL;
    int again = 0;
    int32_t status = fr_tf_begin(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_settings_check_files(tf, error);
    if (status == FRACTARY_OK)
        status = fr_tf_backend_say_once(tf, call, error);
    if (status == FRACTARY_OK)
        status = scratch_path(tf, call, request->name, &path, error);
    if (status == FRACTARY_OK)
        status = attempt(tf, call, request, path, 1, &again, error);
    if (again)
        status = fr_tf_initialise(tf, call, 0, error);
    if (again && status == FRACTARY_OK)
        status = attempt(tf, call, request, path, 0, &again, error);
    free(path);
    return status;
}
