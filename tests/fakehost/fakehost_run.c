#include "fakehost_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct child {
    fr_fakehost *host;
    const fractary_process_request *request;
    pid_t pid;
    int pipes[2]; /* reading ends of stdout and stderr; -1 once closed */
    fr_buf lines[2];
    int32_t status; /* of line() */
    int interrupted, expired;
} child;

/* ------------------------------------------------------------------- start */

static int is_removed(const char *entry)
{
    static const char *const prefixes[] = {"AWS_", "TF_", NULL};
    for (size_t i = 0; prefixes[i] != NULL; i++)
        if (fr_str_starts(entry, prefixes[i]))
            return 1;
    return 0;
}

/* Our environment without what credentials or steers, and the request's own.
 * The array is the caller's, the texts are not. */
static char **child_environ(const fractary_process_request *request)
{
    size_t count = 1;
    for (char **e = environ; *e != NULL; e++)
        count++;
    for (size_t i = 0; request->environ != NULL && request->environ[i] != NULL; i++)
        count++;
    char **list = calloc(count, sizeof *list);
    ck_assert_ptr_nonnull(list);
    size_t used = 0;
    for (char **e = environ; *e != NULL; e++)
        if (!is_removed(*e))
            list[used++] = *e;
    for (size_t i = 0; request->environ != NULL && request->environ[i] != NULL; i++)
        list[used++] = (char *)(uintptr_t)request->environ[i];
    return list;
}

static void child_main(const fractary_process_request *request, char **variables,
                       const int *attachments, size_t count, const int writing[2])
{
    setpgid(0, 0);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(writing[0], 1) < 0 || dup2(writing[1], 2) < 0)
        _exit(126);
    /* Out of the way first: an attachment may itself be descriptor 3. */
    int moved[FR_FAKE_SEALS];
    for (size_t i = 0; i < count; i++)
        moved[i] = fcntl(attachments[i], F_DUPFD_CLOEXEC, 64);
    for (size_t i = 0; i < count; i++)
        if (moved[i] < 0 || dup2(moved[i], 3 + (int)i) < 0)
            _exit(126);
    if (chdir(request->directory) != 0)
        _exit(126);
    execve(request->argv[0], (char *const *)(uintptr_t)request->argv, variables);
    _exit(127);
}

static void start(child *c)
{
    int attachments[FR_FAKE_SEALS];
    size_t count = 0;
    for (; c->request->attachments != NULL && c->request->attachments[count] != NULL; count++)
        attachments[count] = fr_fakehost_sealed(c->host, c->request->attachments[count], NULL);
    int out[2];
    int err[2];
    ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(err, O_CLOEXEC), 0);
    char **variables = child_environ(c->request);
    c->pid = fork();
    ck_assert_int_ge(c->pid, 0);
    if (c->pid == 0)
        child_main(c->request, variables, attachments, count, (const int[2]){out[1], err[1]});
    setpgid(c->pid, c->pid);
    free(variables);
    close(out[1]);
    close(err[1]);
    c->pipes[0] = out[0];
    c->pipes[1] = err[0];
}

/* ------------------------------------------------------------------ output */

static void give_line(child *c, size_t which, const char *text, size_t length)
{
    uint32_t stream = which == 0 ? FRACTARY_STDOUT : FRACTARY_STDERR;
    if (c->request->line != NULL && c->status == FRACTARY_OK)
        c->status = c->request->line(c->request->context, stream, text, length);
    fr_fake_saw_line(c->host, text, length);
}

static void give_lines(child *c, size_t which, int all)
{
    fr_buf *buf = &c->lines[which];
    size_t from = 0;
    for (char *end; from < buf->length &&
                    (end = memchr(buf->data + from, '\n', buf->length - from)) != NULL;) {
        give_line(c, which, buf->data + from, (size_t)(end - buf->data) - from);
        from = (size_t)(end - buf->data) + 1;
    }
    if (all && from < buf->length) {
        give_line(c, which, buf->data + from, buf->length - from);
        from = buf->length;
    }
    fr_buf rest = {0};
    if (from < buf->length)
        fr_buf_append(&rest, buf->data + from, buf->length - from);
    fr_buf_finish(buf);
    *buf = rest;
}

static void take(child *c, size_t which)
{
    char piece[65536];
    ssize_t got = read(c->pipes[which], piece, sizeof piece);
    if (got < 0 && errno == EINTR)
        return;
    if (got > 0)
        ck_assert_int_eq(fr_buf_append(&c->lines[which], piece, (size_t)got), FRACTARY_OK);
    give_lines(c, which, got <= 0);
    if (got <= 0) {
        close(c->pipes[which]);
        c->pipes[which] = -1;
    }
}

static void press(child *c, const fractary_call *call)
{
    if (!c->interrupted && c->host->cancelled) {
        c->interrupted = 1;
        kill(-c->pid, SIGINT);
    }
    if (!c->expired && call->deadline != 0 && fr_fake_monotonic(c->host) >= call->deadline) {
        c->expired = 1;
        kill(-c->pid, SIGKILL);
    }
}

static void follow(child *c, const fractary_call *call)
{
    while (c->pipes[0] >= 0 || c->pipes[1] >= 0) {
        struct pollfd ready[2] = {{.fd = c->pipes[0], .events = POLLIN},
                                  {.fd = c->pipes[1], .events = POLLIN}};
        press(c, call);
        if (poll(ready, 2, 20) <= 0)
            continue;
        for (size_t i = 0; i < 2; i++)
            if (ready[i].revents != 0)
                take(c, i);
    }
}

int32_t fr_fake_run(fr_fakehost *host, const fractary_call *call,
                    const fractary_process_request *request, fractary_process_result *result,
                    fractary_error *error)
{
    child c = {.host = host, .request = request};
    uint64_t begun = fr_fake_monotonic(host);
    start(&c);
    follow(&c, call);
    int ended = 0;
    ck_assert_int_eq(waitpid(c.pid, &ended, 0), c.pid);
    result->exit_code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    result->signal = WIFSIGNALED(ended) ? WTERMSIG(ended) : 0;
    result->interrupted = c.interrupted;
    result->duration = fr_fake_monotonic(host) - begun;
    if (c.status != FRACTARY_OK)
        return c.status;
    if (c.interrupted)
        return fr_error_set(error, FRACTARY_E_CANCELLED, "%s was interrupted", request->label);
    if (c.expired)
        return fr_error_set(error, FRACTARY_E_DEADLINE, "%s took too long", request->label);
    return FRACTARY_OK;
}
