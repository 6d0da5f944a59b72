/* fractary.process/1 */
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/time.h"
#include "service/process_environ.h"
#include "service/process_job.h"
#include "service/process_record.h"
#include "service/program.h"
#include "service/records.h"
#include "service/service.h"

#define LABEL_MAX 64
/* Room for the credentials of one identity, made beforehand so that no copy of
 * them stays behind in memory that was too small. */
#define CREDENTIALS_LIMIT (256u * 1024)

typedef struct process_service {
    fractary_process table;
    fr_context *context;
    const fr_guest *guest;
    unsigned number; /* of the next output files */
} process_service;

/* What one run() holds. */
typedef struct process_run {
    process_service *service;
    const fractary_process_request *request;
    fr_environ_block environ;
    int attachments[FR_CHILD_ATTACHMENTS];
    size_t attachment_count;
    fr_job job;
} process_run;

/* --------------------------------------------------------------------- find */

static int32_t find(const fractary_process *self, const char *name, const fractary_sink *out,
                    fractary_error *error)
{
    (void)self;
    if (name == NULL || *name == '\0' || (*name != '/' && strchr(name, '/') != NULL))
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "\"%s\" is neither a program's name nor an absolute path",
                            name != NULL ? name : "");
    char *path = *name != '/'          ? fr_program_find(name)
                 : fr_program_is(name) ? fr_str_dup(name)
                                       : NULL;
    if (path == NULL) {
        fr_error_set(error, FRACTARY_E_MISSING, "%s was not found", name);
        fr_error_cause(error,
                       *name == '/' ? "there is no such program" : "no folder of PATH holds it");
        fr_error_advice(error, "Install %s, or name its absolute path in the configuration.",
                        fr_path_name(name));
        return FRACTARY_E_MISSING;
    }
    const int32_t status = fr_service_answer(out, path, error);
    free(path);
    return status;
}

/* ---------------------------------------------------------------- preparing */

static int32_t invalid(const char *what, fractary_error *error)
{
    return fr_error_set(error, FRACTARY_E_INVALID, "a child process needs %s", what);
}

static int32_t check_request(const fractary_process_request *request, fractary_error *error)
{
    if (request->argv == NULL || request->argv[0] == NULL || request->argv[0][0] != '/')
        return invalid("an absolute path as its first argument", error);
    if (request->directory == NULL || request->directory[0] != '/')
        return invalid("an absolute path as its working folder", error);
    if (request->label == NULL || strlen(request->label) > LABEL_MAX ||
        !fr_path_is_component(request->label))
        return invalid("a short label that can be part of a file's name", error);
    return FRACTARY_OK;
}

/* A text in a tree that is about to be freed. */
static void wipe_texts(const fr_json *value)
{
    const char *text = fr_json_string(value);

    if (text != NULL)
        fr_wipe((void *)(uintptr_t)text, strlen(text));
    for (const fr_json *e = fr_json_first(value); e != NULL; e = fr_json_next(e))
        wipe_texts(e);
}

static int32_t take_secret(void *context, const char *data, uint64_t length)
{
    fr_buf *secret = context;

    if (length > CREDENTIALS_LIMIT - secret->length)
        return FRACTARY_E_LIMIT;
    return fr_buf_append(secret, data, (size_t)length);
}

static int32_t fetch_credentials(const process_run *run, fr_buf *secret, fractary_error *error)
{
    const fr_broker_table *broker = &run->service->context->broker;
    const fractary_sink sink = {secret, take_secret};

    if (broker->credentials == NULL)
        return fr_error_set(error, FRACTARY_E_UNSUPPORTED, "nobody here hands out credentials");
    if (fr_buf_reserve(secret, CREDENTIALS_LIMIT) != FRACTARY_OK)
        return fr_error_nomem(error);
    return broker->credentials(broker->context, run->service->guest->environment,
                               run->request->purpose, &sink, error);
}

static int32_t add_credentials(process_run *run, fractary_error *error)
{
    fr_buf secret = {0};
    int32_t status = fr_gate_purpose(run->service->context->gate, run->request->purpose, error);

    if (status == FRACTARY_OK)
        status = fetch_credentials(run, &secret, error);
    if (status == FRACTARY_OK) {
        fr_json *tree = fr_json_parse(fr_buf_text(&secret), secret.length, NULL);
        status = fr_environ_add_credentials(&run->environ, fr_json_get(tree, "environ"), error);
        wipe_texts(tree);
        fr_json_free(tree);
    }
    fr_buf_wipe(&secret);
    return status;
}

static int32_t make_environ(process_run *run, fractary_error *error)
{
    const process_service *service = run->service;
    int32_t status =
        fr_environ_inherit(&run->environ, (const char *const *)environ, service->context->config,
                           service->guest->environment, error);

    if (status == FRACTARY_OK && run->request->purpose != NULL)
        status = add_credentials(run, error);
    if (status == FRACTARY_OK)
        status = fr_environ_add(&run->environ, run->request->environ, error);
    return status;
}

/* Opened anew, for reading: a descriptor that shares the position of ours
 * could be moved by two children at once. */
static int32_t attach(process_run *run, const char *name, fractary_error *error)
{
    fr_run *files = run->service->context->run;
    const int sealed = files != NULL ? fr_run_sealed(files, name, NULL) : -1;
    char path[64] = "/proc/self/fd/";

    if (sealed < 0)
        return fr_error_set(error, FRACTARY_E_NOTFOUND,
                            "no file was sealed in this run under the name \"%s\"", name);
    if (run->attachment_count == FR_CHILD_ATTACHMENTS)
        return fr_error_set(error, FRACTARY_E_LIMIT, "a child gets at most %d sealed files",
                            FR_CHILD_ATTACHMENTS);
    snprintf(path + strlen(path), sizeof path - strlen(path), "%d", sealed);
    const int opened = open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0)
        return fr_error_set(error, FRACTARY_E_IO, "the sealed file \"%s\" cannot be opened: %s",
                            name, strerror(errno));
    run->attachments[run->attachment_count++] = opened;
    return FRACTARY_OK;
}

static int32_t attach_all(process_run *run, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (const char *const *name = run->request->attachments;
         name != NULL && *name != NULL && status == FRACTARY_OK; name++)
        status = attach(run, *name, error);
    return status;
}

/* Where there is no run there is no folder either: memory, then. */
static int32_t open_output(process_run *run, fractary_error *error)
{
    fr_context *context = run->service->context;
    const char *folder = NULL;

    if (context->run != NULL && !(run->request->flags & FRACTARY_PROCESS_SECRET)) {
        folder = fr_run_folder(context->run, error);
        if (folder == NULL)
            return FRACTARY_E_IO;
    }
    return fr_output_open(&run->job.out, &run->job.err, folder, run->request->label,
                          &run->service->number, error);
}

/* ---------------------------------------------------------------------- run */

static int32_t check_loop(const process_run *run, fractary_error *error)
{
    return fr_loop_check(run->service->context->loop, run->job.deadline, "starting a child process",
                         error);
}

static int32_t start(process_run *run, fractary_error *error)
{
    fr_loop *loop = run->service->context->loop;
    const fr_child_plan plan = {.argv = run->request->argv,
                                .environ = fr_environ_texts(&run->environ),
                                .directory = run->request->directory,
                                .out = run->job.out.descriptor,
                                .err = run->job.err.descriptor,
                                .attachments = run->attachments,
                                .attachment_count = run->attachment_count,
                                .outlives_us = run->job.careful};

    if (plan.environ == NULL)
        return fr_error_nomem(error);
    /* Counted before the last look: what comes after it reaches the child. */
    run->job.before = fr_loop_interrupts(loop);
    const int32_t status = check_loop(run, error);
    return status == FRACTARY_OK ? fr_child_start(&plan, loop, &run->job.child, error) : status;
}

/* The journal has its own word when it fails; the child has run all the same. */
static void report(const process_run *run, const fractary_process_result *result)
{
    fr_json *record = fr_process_record(run->request, result);

    (void)fr_records_emit(run->service->context->records, record);
}

static int32_t follow(process_run *run, fractary_process_result *result, fractary_error *error)
{
    const uint64_t started = fr_time_monotonic();
    const int32_t status = fr_job_follow(&run->job, error);

    result->exit_code = run->job.child.exit_code;
    result->signal = run->job.child.signal;
    result->interrupted = run->job.passed_on > 0;
    result->duration = fr_time_monotonic() - started;
    fr_child_finish(&run->job.child, run->service->context->loop);
    report(run, result);
    return status;
}

static void process_run_finish(process_run *run)
{
    for (size_t i = 0; i < run->attachment_count; i++)
        close(run->attachments[i]);
    fr_environ_finish(&run->environ);
    fr_output_finish(&run->job.out);
    fr_output_finish(&run->job.err);
}

static int32_t run_request(process_service *service, const fractary_call *call,
                           const fractary_process_request *request, fractary_process_result *result,
                           fractary_error *error)
{
    process_run run = {.service = service, .request = request};
    run.job = (fr_job){.context = service->context,
                       .label = request->label,
                       .deadline = call->deadline,
                       .careful = (request->flags & FRACTARY_PROCESS_CAREFUL) != 0,
                       .out.descriptor = -1,
                       .err.descriptor = -1,
                       .reader = {.context = request->context, .line = request->line}};
    int32_t status = check_loop(&run, error);

    if (status == FRACTARY_OK)
        status = make_environ(&run, error);
    if (status == FRACTARY_OK)
        status = attach_all(&run, error);
    if (status == FRACTARY_OK)
        status = open_output(&run, error);
    if (status == FRACTARY_OK)
        status = start(&run, error);
    fr_environ_finish(&run.environ);
    if (status == FRACTARY_OK)
        status = follow(&run, result, error);
    process_run_finish(&run);
    return status;
}

static int32_t run(const fractary_process *self, const fractary_call *call,
                   const fractary_process_request *given, fractary_process_result *result,
                   fractary_error *error)
{
    process_service *service = self->context;
    fractary_process_request request;
    fractary_process_result all = {.size = sizeof all, .exit_code = -1};

    if (call == NULL || given == NULL || result == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "call, request or result is missing");
    fr_service_copy(&request, sizeof request, given);
    int32_t status = check_request(&request, error);
    if (status == FRACTARY_OK)
        status = run_request(service, call, &request, &all, error);
    all.size = result->size;
    memcpy(result, &all, result->size < sizeof all ? result->size : sizeof all);
    return status;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    process_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_process){sizeof service->table, service, find, run};
    service->context = context;
    service->guest = guest;
    service->number = 1;
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_process_service = {FRACTARY_PROCESS_1, NULL, create, free};
