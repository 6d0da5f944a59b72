/* process/1: checks what the plugin asks for, notes it, and has it played by
 * the script or run by fakehost_run.c. */
#include "fakehost_impl.h"
#include "fakehost_run.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ----------------------------------------------------------------- request */

static int is_one_of(const char *text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (fr_str_equal(text, *list))
            return 1;
    return 0;
}

/* What the core refuses to take from a plugin. */
static int is_credential(const char *entry)
{
    static const char *const prefixes[] = {"AWS_",      "GOOGLE_", "PULUMI_ACCESS",
                                           "TF_TOKEN_", "VAULT_",  NULL};
    for (size_t i = 0; prefixes[i] != NULL; i++)
        if (fr_str_starts(entry, prefixes[i]))
            return 1;
    return 0;
}

static void check_request(const fr_fakehost *host, const fractary_process_request *request)
{
    static const char *const purposes[] = {"read", "deploy", "grant", NULL};
    ck_assert_uint_eq(request->size, sizeof *request);
    ck_assert(request->argv != NULL && request->argv[0] != NULL);
    ck_assert_msg(request->argv[0][0] == '/', "argv[0] is not absolute: %s", request->argv[0]);
    ck_assert(request->purpose == NULL || is_one_of(request->purpose, purposes));
    struct stat info;
    ck_assert_msg(request->directory != NULL && *request->directory == '/' &&
                      stat(request->directory, &info) == 0 && S_ISDIR(info.st_mode),
                  "the working folder %s", request->directory);
    ck_assert_msg(request->label != NULL && *request->label != '\0' &&
                      strchr(request->label, '/') == NULL,
                  "a process without a label");
    for (size_t i = 0; request->environ != NULL && request->environ[i] != NULL; i++)
        ck_assert_msg(strchr(request->environ[i], '=') != NULL &&
                          !is_credential(request->environ[i]),
                      "environ: %s", request->environ[i]);
    for (size_t i = 0; request->attachments != NULL && request->attachments[i] != NULL; i++)
        ck_assert_msg(fr_fakehost_sealed(host, request->attachments[i], NULL) >= 0,
                      "%s was not sealed", request->attachments[i]);
}

static fr_json *texts(const char *const *list)
{
    fr_json *array = fr_json_array();
    for (; list != NULL && *list != NULL; list++)
        fr_json_add_string(array, *list);
    return array;
}

static fr_json *variables(const char *const *list)
{
    fr_json *object = fr_json_object();
    for (; list != NULL && *list != NULL; list++) {
        char *name = fr_str_ndup(*list, strcspn(*list, "="));
        fr_json_set_string(object, name, strchr(*list, '=') + 1);
        free(name);
    }
    return object;
}

static void note(fr_fakehost *host, const fractary_process_request *request)
{
    fr_json *process = fr_json_object();
    fr_json_set(process, "argv", texts(request->argv));
    fr_json_set(process, "environ", variables(request->environ));
    fr_json_set(process, "attachments", texts(request->attachments));
    fr_json_set_string(process, "purpose", request->purpose);
    fr_json_set_string(process, "directory", request->directory);
    fr_json_set_string(process, "label", request->label);
    fr_json_set_int(process, "flags", request->flags);
    ck_assert_int_eq(fr_vec_push(&host->processes, process), FRACTARY_OK);
}

/* ---------------------------------------------------------------- matching */

static int matches(const fr_json *argv, const char *match)
{
    const fr_json *word = fr_json_first(argv);
    while (*match != '\0') {
        size_t length = strcspn(match, " ");
        char *pattern = fr_str_ndup(match, length);
        while (word != NULL && !fr_str_glob(pattern, fr_json_string(word)))
            word = fr_json_next(word);
        free(pattern);
        if (word == NULL)
            return 0;
        word = fr_json_next(word);
        match += length + (match[length] == ' ');
    }
    return 1;
}

size_t fr_fakehost_process_count(const fr_fakehost *host)
{
    return host->processes.count;
}

const fr_json *fr_fakehost_process(const fr_fakehost *host, size_t index)
{
    return index < host->processes.count ? host->processes.items[index] : NULL;
}

size_t fr_fakehost_processes_like(const fr_fakehost *host, const char *match)
{
    size_t count = 0;
    for (size_t i = 0; i < host->processes.count; i++)
        count += (size_t)matches(fr_json_get(host->processes.items[i], "argv"), match);
    return count;
}

/* ------------------------------------------------------------------ script */

typedef struct owned_process {
    fr_fake_process process;
    char *match, *out, *err, *creates;
} owned_process;

static void free_process(void *item)
{
    owned_process *owned = item;
    free(owned->match);
    free(owned->out);
    free(owned->err);
    free(owned->creates);
    free(owned);
}

void fr_fakehost_expect(fr_fakehost *host, const fr_fake_process *process)
{
    owned_process *owned = calloc(1, sizeof *owned);
    ck_assert_ptr_nonnull(owned);
    owned->process = *process;
    owned->match = fr_str_dup(process->match);
    owned->out = process->out_file != NULL ? fr_fakehost_fixture(process->out_file, NULL)
                                           : fr_str_dup(process->out);
    owned->err = fr_str_dup(process->err);
    owned->creates = fr_str_dup(process->creates);
    ck_assert_int_eq(fr_vec_push(&host->script, owned), FRACTARY_OK);
}

static int32_t play_lines(fr_fakehost *host, const fractary_process_request *request,
                          uint32_t stream, const char *text)
{
    int32_t status = FRACTARY_OK;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        if (request->line != NULL && status == FRACTARY_OK)
            status = request->line(request->context, stream, text, length);
        fr_fake_saw_line(host, text, length);
        text += length + (text[length] == '\n');
    }
    return status;
}

static void create_out_file(const fractary_process_request *request, const char *content)
{
    for (size_t i = 0; content != NULL && request->argv[i] != NULL; i++) {
        if (!fr_str_starts(request->argv[i], "-out="))
            continue;
        FILE *file = fopen(request->argv[i] + 5, "w");
        ck_assert_ptr_nonnull(file);
        ck_assert_int_ge(fputs(content, file), 0);
        ck_assert_int_eq(fclose(file), 0);
    }
}

static int32_t play(fr_fakehost *host, const fractary_process_request *request,
                    fractary_process_result *result, fractary_error *error)
{
    const fr_json *argv = fr_json_get(host->processes.items[host->processes.count - 1], "argv");
    fr_buf words = {0};
    fr_json_print(argv, &words);
    ck_assert_msg(host->next < host->script.count, "an unexpected process: %s",
                  fr_buf_text(&words));
    const owned_process *step = host->script.items[host->next++];
    ck_assert_msg(matches(argv, step->match), "expected \"%s\", got %s", step->match,
                  fr_buf_text(&words));
    fr_buf_finish(&words);
    create_out_file(request, step->creates);
    int32_t status = play_lines(host, request, FRACTARY_STDOUT, step->out);
    if (status == FRACTARY_OK)
        status = play_lines(host, request, FRACTARY_STDERR, step->err);
    result->signal = step->process.signal;
    result->exit_code = step->process.signal != 0 ? -1 : step->process.exit_code;
    result->interrupted = step->process.status == FRACTARY_E_CANCELLED;
    result->duration = 1000000;
    if (status == FRACTARY_OK && step->process.status != FRACTARY_OK)
        status = fr_error_set(error, step->process.status, "the script says so");
    return status;
}

/* ------------------------------------------------------------------- table */

static int32_t process_run(const fractary_process *self, const fractary_call *call,
                           const fractary_process_request *request, fractary_process_result *result,
                           fractary_error *error)
{
    fr_fakehost *host = self->context;
    fr_fake_check_call(host, call);
    fr_fake_check_error(error);
    check_request(host, request);
    ck_assert_uint_eq(result->size, sizeof *result);
    note(host, request);
    return host->really ? fr_fake_run(host, call, request, result, error)
                        : play(host, request, result, error);
}

static char *search_path(const char *name)
{
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        char *full = fr_str_format("%.*s/%s", (int)length, path, name);
        if (full != NULL && access(full, X_OK) == 0)
            return full;
        free(full);
        path += length + (path[length] == ':');
    }
    return NULL;
}

static char *find(const fr_fakehost *host, const char *name)
{
    const fr_json *set = fr_json_get(host->tools, name);
    if (set != NULL)
        return fr_str_dup(fr_json_string(set));
    if (*name == '/')
        return access(name, X_OK) == 0 ? fr_str_dup(name) : NULL;
    return host->really ? search_path(name) : fr_str_format("/opt/fake/bin/%s", name);
}

static int32_t process_find(const fractary_process *self, const char *name,
                            const fractary_sink *out, fractary_error *error)
{
    const fr_fakehost *host = self->context;
    fr_fake_check_error(error);
    char *path = find(host, name);
    int32_t status = path != NULL
                         ? fr_fake_emit(out, path)
                         : fr_error_set(error, FRACTARY_E_MISSING, "%s is not installed", name);
    free(path);
    return status;
}

void fr_fakehost_tool(fr_fakehost *host, const char *name, const char *path)
{
    ck_assert_int_eq(fr_json_set_string(host->tools, name, path), FRACTARY_OK);
}

void fr_fakehost_run_really(fr_fakehost *host)
{
    host->really = 1;
}

void fr_fake_process_init(fr_fakehost *host)
{
    host->tools = fr_json_object();
    host->process = (fractary_process){sizeof(fractary_process), host, process_find, process_run};
}

void fr_fake_process_finish(fr_fakehost *host)
{
    size_t left = host->script.count - host->next;
    fr_vec_finish(&host->script, free_process);
    ck_assert_msg(left == 0, "%zu scripted processes were not run", left);
}
