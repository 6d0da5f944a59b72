#include "command.h"

#include "text.h"
#include "tool.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define CAPTURE_LIMIT (256u * 1024 * 1024)
#define ERROR_LIMIT   (256u * 1024)

/* --------------------------------------------------------------- arguments */

void fr_tf_arg(fr_tf_command *command, const char *format, ...)
{
    fr_buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    char *argument = fr_buf_steal(&text);
    if (argument == NULL || fr_vec_push(&command->arguments, argument) != FRACTARY_OK) {
        free(argument);
        command->failed = 1;
    }
}

void fr_tf_command_finish(fr_tf_command *command)
{
    fr_vec_finish(&command->arguments, free);
}

/* The tool's path, the arguments, NULL. The array is the caller's. */
static const char **argv_of(const fr_tf *tf, const fr_tf_command *command)
{
    const char **argv = calloc(command->arguments.count + 2, sizeof *argv);
    if (argv == NULL)
        return NULL;
    argv[0] = tf->tool.path;
    for (size_t i = 0; i < command->arguments.count; i++)
        argv[i + 1] = command->arguments.items[i];
    return argv;
}

/* ------------------------------------------------------------- environment */

/* Variables of every start. TF_WORKSPACE is only touched when the
 * configuration names a workspace: it would decide for a cloud block, too. */
static int32_t variables_of(const fr_tf *tf, const fr_tf_command *command, fr_vec *variables)
{
    static const char *const fixed[] = {"TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1"};
    const char *folder = command->data_dir != NULL ? command->data_dir : FR_TF_DATA_MAIN;
    char *texts[5] = {fr_str_format("TF_DATA_DIR=%s/%s", tf->data, folder)};
    size_t count = 1;
    for (size_t i = 0; i < 3; i++)
        texts[count++] = fr_str_dup(fixed[i]);
    if (tf->settings.workspace != NULL)
        texts[count++] =
            fr_str_format("TF_WORKSPACE=%s", command->in_workspace ? tf->settings.workspace : "");
    int32_t status = FRACTARY_OK;
    for (size_t i = 0; i < count; i++) {
        if (texts[i] == NULL || fr_vec_push(variables, texts[i]) != FRACTARY_OK) {
            free(texts[i]);
            status = FRACTARY_E_NOMEM;
        }
    }
    return status;
}

/* --------------------------------------------------------------------- end */

typedef struct ending {
    int number;
    const char *name, *cause;
} ending;

static const char crashed[] = "it crashed; its makers want to know";
static const char ended[] = "somebody ended it from outside";

static const ending endings[] = {
    {SIGKILL, " (SIGKILL)", "somebody killed it, or memory ran out on this machine"},
    {SIGTERM, " (SIGTERM)", ended},
    {SIGINT, " (SIGINT)", ended},
    {SIGHUP, " (SIGHUP)", ended},
    {SIGQUIT, " (SIGQUIT)", ended},
    {SIGSEGV, " (SIGSEGV)", crashed},
    {SIGABRT, " (SIGABRT)", crashed},
    {SIGBUS, " (SIGBUS)", crashed},
    {SIGILL, " (SIGILL)", "this processor cannot run it: is it built for another machine?"},
    {SIGXFSZ, " (SIGXFSZ)", "a file grew larger than this account may write"},
    {SIGXCPU, " (SIGXCPU)", "it used more processor time than this account may"},
    {SIGPIPE, " (SIGPIPE)", "what it wrote to went away"},
};

static ending ending_by(int32_t number)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (endings[i].number == number)
            return endings[i];
    return (ending){number, "", "it did not end by itself"};
}

/* Only what works on the state can leave its lock behind. */
static int takes_lock(const fr_tf_command *command)
{
    static const char *const labels[] = {"plan", "apply", "destroy"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (fr_str_equal(labels[i], command->label))
            return 1;
    return 0;
}

static int32_t was_killed(const fr_tf *tf, const fr_tf_command *command, int32_t number,
                          fractary_error *error)
{
    const ending how = ending_by(number);
    fr_error_set(error, FRACTARY_E_FAILED, "%s %s was ended by signal %d%s", fr_tf_tool_name(tf),
                 command->label, (int)number, how.name);
    fr_error_cause(error, "%s", how.cause);
    fr_error_advice(error, "run again%s",
                    takes_lock(command) ? "; if the state is still locked then, the error says how "
                                          "to remove the lock that was left behind"
                                        : "");
    return FRACTARY_E_FAILED;
}

/* --------------------------------------------------------------------- run */

int32_t fr_tf_command_run(const fr_tf *tf, const fractary_call *call, fr_tf_command *command,
                          int32_t (*line)(void *context, uint32_t stream, const char *text,
                                          uint64_t length),
                          void *context, int32_t *exit_code, fractary_error *error)
{
    fr_vec variables = {0};
    const char **argv = argv_of(tf, command);
    int32_t status =
        command->failed || argv == NULL ? FRACTARY_E_NOMEM : variables_of(tf, command, &variables);
    if (status == FRACTARY_OK && fr_vec_push(&variables, NULL) != FRACTARY_OK)
        status = FRACTARY_E_NOMEM;
    const char *attachments[] = {command->attachment, NULL};
    fractary_process_result result = {.size = sizeof result};
    fractary_process_request request = {
        .size = sizeof request,
        .flags = command->flags,
        .argv = argv,
        .purpose = command->purpose,
        .directory = tf->settings.directory,
        .environ = (const char *const *)variables.items,
        .attachments = command->attachment != NULL ? attachments : NULL,
        .label = command->label,
        .context = context,
        .line = line,
    };
    if (status == FRACTARY_OK)
        status = tf->process->run(tf->process, call, &request, &result, error);
    else
        fr_error_nomem(error);
    if (status != FRACTARY_OK && error != NULL && *error->message == '\0')
        fr_error_set(error, status, "the output of %s %s could not be handed on",
                     fr_tf_tool_name(tf), command->label);
    if (status == FRACTARY_OK && result.signal != 0)
        status = was_killed(tf, command, result.signal, error);
    *exit_code = result.exit_code;
    free(argv);
    fr_vec_finish(&variables, free);
    fr_tf_command_finish(command);
    return status;
}

/* ----------------------------------------------------------------- capture */

static int32_t capture_line(void *context, uint32_t stream, const char *text, uint64_t length)
{
    fr_tf_capture *capture = context;
    int out = stream == FRACTARY_STDOUT;
    fr_buf *buf = out ? &capture->out : &capture->err;
    if (buf->length + length >= (out ? CAPTURE_LIMIT : ERROR_LIMIT)) {
        capture->full |= out;
        return FRACTARY_OK;
    }
    fr_buf_append(buf, text, (size_t)length);
    return fr_buf_putc(buf, '\n');
}

int32_t fr_tf_command_capture(const fr_tf *tf, const fractary_call *call, fr_tf_command *command,
                              fr_tf_capture *capture, fractary_error *error)
{
    int32_t status =
        fr_tf_command_run(tf, call, command, capture_line, capture, &capture->exit_code, error);
    return status == FRACTARY_E_NOMEM ? fr_error_nomem(error) : status;
}

void fr_tf_capture_finish(fr_tf_capture *capture)
{
    fr_buf_wipe(&capture->out);
    fr_buf_finish(&capture->err);
}

int32_t fr_tf_not_json(const fr_tf *tf, const char *label, const char *shown, fractary_error *error)
{
    fr_buf clean = {0};
    shown += strspn(shown, " \t\r\n");
    size_t length = strcspn(shown, "\n");
    fr_tf_clean(&clean, shown, length, 120);
    if (clean.length > 0) {
        fr_error_set(error, FRACTARY_E_FAILED, "%s %s printed something that is not JSON",
                     fr_tf_tool_name(tf), label);
        fr_error_cause(error, "it began with: %s", fr_buf_text(&clean));
    } else {
        fr_error_set(error, FRACTARY_E_FAILED, "%s %s printed nothing", fr_tf_tool_name(tf), label);
        fr_error_cause(error, "JSON was due, and it ended without a word");
    }
    fr_error_advice(error,
                    "check that %s is the real program and no wrapper that prints for "
                    "itself",
                    tf->tool.path);
    fr_buf_finish(&clean);
    return FRACTARY_E_FAILED;
}

int32_t fr_tf_capture_json(const fr_tf *tf, const fr_tf_capture *capture, const char *label,
                           fr_json **out, fractary_error *error)
{
    if (capture->full) {
        fr_error_set(error, FRACTARY_E_LIMIT, "%s %s printed more than 256 MiB",
                     fr_tf_tool_name(tf), label);
        fr_error_advice(error, "split the root module: a state of that size is hard to work with");
        return FRACTARY_E_LIMIT;
    }
    const char *text = fr_buf_text(&capture->out);
    const char *begin = strchr(text, '{');
    size_t skipped = begin == NULL ? 0 : (size_t)(begin - text);
    *out = begin == NULL ? NULL : fr_json_parse(begin, capture->out.length - skipped, NULL);
    if (*out != NULL)
        return FRACTARY_OK;
    /* A broken state is still a secret: never shown. */
    const char *shown = begin != NULL   ? "text that looks like JSON and breaks off"
                        : *text != '\0' ? text
                                        : fr_buf_text(&capture->err);
    return fr_tf_not_json(tf, label, shown, error);
}
