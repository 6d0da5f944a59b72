#include "trust/unfinished.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/json.h>
#include <fractary-plugin/str.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"

#define MARK_LIMIT 65536u
#define RUNS_LIMIT 1000000u
#define HOST_SIZE  (HOST_NAME_MAX + 1)

/* ------------------------------------------------------------------- making */

static int32_t print_mark(const fr_unfinished *mark, fr_buf *out)
{
    fr_json *tree = fr_json_object();
    char host[HOST_SIZE] = "";
    char at[FR_TIME_TEXT];
    int32_t failed = FRACTARY_OK;

    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    fr_time_format(mark->at != 0 ? mark->at : fr_time_now_ms(), at);
    failed |= fr_json_set_string(tree, "time", at);
    failed |= fr_json_set_string(tree, "environment", mark->environment);
    failed |= fr_json_set_string(tree, "stack", mark->stack);
    failed |= fr_json_set_string(tree, "method", mark->method);
    failed |= fr_json_set_string(tree, "plan", mark->plan);
    failed |= fr_json_set_string(tree, "host", mark->host != NULL ? mark->host : host);
    failed |= fr_json_set_int(tree, "pid", mark->pid != 0 ? mark->pid : getpid());
    if (failed == FRACTARY_OK)
        failed = fr_json_print(tree, out) | fr_buf_putc(out, '\n');
    fr_json_free(tree);
    return failed == FRACTARY_OK ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

static int32_t cannot_mark(const char *path, int number, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_IO, "it cannot be noted that a change begins: %s", path);
    fr_error_cause(error, "%s", strerror(number));
    fr_error_advice(error, "Make room for that file, or mend the rights of its folder; nothing "
                           "was changed.");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_IO;
}

/* In place: a rename would leave the lock on what is gone. */
static int32_t write_mark(const char *path, const fr_buf *text, int *descriptor,
                          fractary_error *error)
{
    const int opened = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (opened >= 0 && flock(opened, LOCK_EX | LOCK_NB) == 0 &&
        fr_file_write_all(opened, text->data, text->length) == FRACTARY_OK &&
        fdatasync(opened) == 0) {
        *descriptor = opened;
        return FRACTARY_OK;
    }
    const int number = errno;
    if (opened >= 0) {
        unlink(path);
        close(opened);
    }
    return cannot_mark(path, number, error);
}

int32_t fr_unfinished_begin(const char *run_folder, const fr_unfinished *mark, int *descriptor,
                            fractary_error *error)
{
    char *path = fr_str_format("%s/" FR_UNFINISHED_FILE, run_folder);
    fr_buf text = {0};
    int32_t status = path != NULL ? print_mark(mark, &text) : FRACTARY_E_NOMEM;

    status =
        status == FRACTARY_OK ? write_mark(path, &text, descriptor, error) : fr_error_nomem(error);
    fr_buf_finish(&text);
    free(path);
    return status;
}

/* ------------------------------------------------------------------- finding */

typedef struct search {
    const char *runs;
    const fr_unfinished_visitor *visitor;
} search;

static const char *text_of(const fr_json *tree, const char *key)
{
    const char *text = fr_json_get_string(tree, key);
    return text != NULL ? text : "";
}

static int is_wanted(const search *s, const fr_json *tree)
{
    return fr_str_equal(text_of(tree, "environment"), s->visitor->environment) &&
           fr_str_equal(text_of(tree, "stack"), s->visitor->stack);
}

/* A mark of which the lock is free was left by somebody who is gone. */
static int32_t show(const search *s, const char *run, const char *path, const fr_json *tree,
                    int descriptor)
{
    fr_unfinished mark = {.run = run,
                          .environment = text_of(tree, "environment"),
                          .stack = text_of(tree, "stack"),
                          .method = text_of(tree, "method"),
                          .plan = text_of(tree, "plan"),
                          .host = text_of(tree, "host"),
                          .pid = fr_json_get_int(tree, "pid", 0)};
    const int alive = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;

    if (!fr_time_parse(text_of(tree, "time"), &mark.at))
        mark.at = 0;
    const int32_t status = s->visitor->visit(s->visitor->context, &mark, alive);
    if (status == FRACTARY_OK && !alive)
        unlink(path);
    return status;
}

static int32_t look_at_run(void *context, const char *name, unsigned char kind)
{
    const search *s = context;
    fr_buf text = {0};
    int32_t status = FRACTARY_OK;

    if (kind != DT_DIR || fr_str_equal(name, s->visitor->own))
        return FRACTARY_OK;
    char *path = fr_str_format("%s/%s/" FR_UNFINISHED_FILE, s->runs, name);
    if (path == NULL)
        return FRACTARY_E_NOMEM;
    const int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor >= 0 && fr_file_read(path, MARK_LIMIT, &text, NULL) == FRACTARY_OK) {
        fr_json *tree = fr_json_parse(fr_buf_text(&text), text.length, NULL);
        if (is_wanted(s, tree))
            status = show(s, name, path, tree, descriptor);
        fr_json_free(tree);
    }
    if (descriptor >= 0)
        close(descriptor);
    fr_buf_finish(&text);
    free(path);
    return status;
}

int32_t fr_unfinished_each(const char *folder, const fr_unfinished_visitor *visitor,
                           fractary_error *error)
{
    char *runs = fr_str_format("%s/runs", folder);
    search s = {.runs = runs, .visitor = visitor};

    if (runs == NULL)
        return fr_error_nomem(error);
    const int32_t status = fr_file_list(runs, RUNS_LIMIT, look_at_run, &s, error);
    free(runs);
    return status == FRACTARY_E_NOTFOUND ? FRACTARY_OK : status;
}
