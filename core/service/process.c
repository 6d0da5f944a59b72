#include "service/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"

/* Descriptors that wait to become 1, 2, 3 … are moved up here first, so that
 * none is overwritten while another takes its place. */
#define HIGH             32
#define FIRST_ATTACHMENT 3
#define START_LIMIT      (10 * FR_SECOND)
#define CLOSE_LIMIT      65536 /* where close_range() is missing */

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1u << 2)
#endif

/* What the child could not do, written to the status pipe with its errno. */
enum step { STEP_SESSION, STEP_FOLDER, STEP_DESCRIPTORS, STEP_EXEC };

typedef struct failure {
    int step;
    int number;
} failure;

/* Everything that the child uses between fork and exec. */
typedef struct launch {
    const fr_child_plan *plan;
    int sources[FIRST_ATTACHMENT + FR_CHILD_ATTACHMENTS]; /* by target descriptor */
    int count;
    int status_pipe[2];
    int close_limit;
    pid_t parent;
} launch;

/* --------------------------------------------------- between fork and exec */

__attribute__((noreturn)) static void give_up(const launch *l, enum step step)
{
    const failure f = {.step = (int)step, .number = errno};

    if (write(l->status_pipe[1], &f, sizeof f) != (ssize_t)sizeof f)
        _exit(126);
    _exit(127);
}

static void reset_signals(void)
{
    struct sigaction action;
    sigset_t none;

    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &action, NULL); /* SIGKILL and the like refuse */
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A session of its own rather than a process group alone: a child that asks
 * the terminal for a password then fails at once instead of being stopped for
 * ever, and none can write over what is on the screen. */
static void detach(const launch *l)
{
    if (setsid() < 0)
        give_up(l, STEP_SESSION);
    if (l->plan->outlives_us)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    if (getppid() != l->parent)
        _exit(127);
}

/* Marks instead of closing: the status pipe must stay until exec. */
static void close_others(const launch *l)
{
    if (syscall(SYS_close_range, (unsigned)l->count, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
        return;
    for (int descriptor = l->count; descriptor < l->close_limit; descriptor++)
        (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

__attribute__((noreturn)) static void become(const launch *l)
{
    reset_signals();
    detach(l);
    if (chdir(l->plan->directory) != 0)
        give_up(l, STEP_FOLDER);
    for (int target = 0; target < l->count; target++)
        if (dup2(l->sources[target], target) < 0)
            give_up(l, STEP_DESCRIPTORS);
    close_others(l);
    /* execve() takes its texts as not const for reasons of history only. */
    execve(l->plan->argv[0], (char *const *)(uintptr_t)l->plan->argv,
           (char *const *)(uintptr_t)l->plan->environ);
    give_up(l, STEP_EXEC);
}

/* ------------------------------------------------------------------- before */

static void launch_finish(launch *l)
{
    for (int i = 0; i < l->count; i++)
        if (l->sources[i] >= 0)
            close(l->sources[i]);
    for (int i = 0; i < 2; i++)
        if (l->status_pipe[i] >= 0)
            close(l->status_pipe[i]);
}

static int32_t system_failure(const char *what, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_FAILED, "a child process cannot be started");
    fr_error_cause(error, "%s: %s", what, strerror(errno));
    return FRACTARY_E_FAILED;
}

static int move_up(int descriptor)
{
    return fcntl(descriptor, F_DUPFD_CLOEXEC, HIGH);
}

static int32_t launch_init(launch *l, const fr_child_plan *plan, fractary_error *error)
{
    const long limit = sysconf(_SC_OPEN_MAX);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    *l = (launch){.plan = plan, .status_pipe = {-1, -1}, .parent = getpid()};
    l->close_limit = limit > 0 && limit < CLOSE_LIMIT ? (int)limit : CLOSE_LIMIT;
    l->sources[l->count++] = null >= 0 ? move_up(null) : -1;
    if (null >= 0)
        close(null);
    l->sources[l->count++] = move_up(plan->out);
    l->sources[l->count++] = move_up(plan->err);
    for (size_t i = 0; i < plan->attachment_count && i < FR_CHILD_ATTACHMENTS; i++)
        l->sources[l->count++] = move_up(plan->attachments[i]);
    for (int i = 0; i < l->count; i++)
        if (l->sources[i] < 0)
            return system_failure("its descriptors", error);
    if (pipe2(l->status_pipe, O_CLOEXEC) != 0)
        return system_failure("its status pipe", error);
    /* Above every target, too: dup2() must not close it. */
    const int end = move_up(l->status_pipe[1]);
    if (end < 0)
        return system_failure("its status pipe", error);
    close(l->status_pipe[1]);
    l->status_pipe[1] = end;
    return FRACTARY_OK;
}

/* -------------------------------------------------------------------- after */

static int32_t step_failed(const fr_child_plan *plan, const failure *f, fractary_error *error)
{
    const char *reason = strerror(f->number);
    int32_t status = FRACTARY_E_FAILED;

    if (f->step == STEP_FOLDER) {
        status = f->number == ENOENT || f->number == ENOTDIR ? FRACTARY_E_NOTFOUND : status;
        fr_error_set(error, status, "%s cannot be started in %s", plan->argv[0], plan->directory);
        fr_error_cause(error, "the folder cannot be entered: %s", reason);
    } else if (f->step == STEP_EXEC) {
        status = f->number == ENOENT || f->number == ENOTDIR ? FRACTARY_E_MISSING : status;
        fr_error_set(error, status, "%s cannot be run", plan->argv[0]);
        fr_error_cause(error, "%s", reason);
        fr_error_advice(error, f->number == E2BIG ? "Shorten its arguments or the environment."
                                                  : "Install it anew, or name another one.");
    } else {
        fr_error_set(error, status, "%s cannot be started", plan->argv[0]);
        fr_error_cause(error, "%s", reason);
    }
    fr_error_place(error, "%s", f->step == STEP_FOLDER ? plan->directory : plan->argv[0]);
    return status;
}

/* Waits until exec has closed the pipe, or until the child says why not. A
 * folder on a file system that hangs could hold it for ever. */
static int32_t await_exec(const launch *l, fractary_error *error)
{
    const uint64_t deadline = fr_time_monotonic() + START_LIMIT;
    struct pollfd pipe_end = {.fd = l->status_pipe[0], .events = POLLIN};
    failure f = {0};

    while (poll(&pipe_end, 1, 100) <= 0)
        if (fr_time_monotonic() > deadline)
            return fr_error_set(error, FRACTARY_E_FAILED, "%s did not start within %d seconds",
                                l->plan->argv[0], (int)(START_LIMIT / FR_SECOND));
    const ssize_t got = read(l->status_pipe[0], &f, sizeof f);
    if (got == 0)
        return FRACTARY_OK;
    if (got != (ssize_t)sizeof f)
        return system_failure("its status cannot be read", error);
    return step_failed(l->plan, &f, error);
}

static void woken(void *context, uint32_t events)
{
    (void)events;
    fr_child_look(context);
}

/* A descriptor of the process wakes the loop at its end; where the system has
 * none, whoever waits looks from time to time. */
static void watch_end(fr_child *child, fr_loop *loop)
{
    child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
    if (child->pidfd < 0)
        return;
    child->watch = (fr_watch){
        .descriptor = child->pidfd, .events = FR_LOOP_READ, .context = child, .ready = woken};
    (void)fr_loop_watch(loop, &child->watch, NULL);
}

static pid_t fork_into(const launch *l)
{
    sigset_t all;
    sigset_t before;

    /* No handler of ours may run in the child. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = fork();
    if (pid == 0)
        become(l);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* It never became the program; one that hangs in the kernel is left behind. */
static void kill_unborn(fr_child *child)
{
    (void)kill(child->pid, SIGKILL);
    for (int i = 0; i < 100 && waitpid(child->pid, NULL, WNOHANG) == 0; i++)
        (void)poll(NULL, 0, 10);
    child->ended = 1;
}

int32_t fr_child_start(const fr_child_plan *plan, fr_loop *loop, fr_child *child,
                       fractary_error *error)
{
    launch l;
    int32_t status = launch_init(&l, plan, error);

    *child = (fr_child){.pidfd = -1, .exit_code = -1};
    if (status != FRACTARY_OK)
        goto out;
    child->pid = fork_into(&l);
    if (child->pid < 0) {
        status = system_failure("fork", error);
        goto out;
    }
    close(l.status_pipe[1]);
    l.status_pipe[1] = -1;
    status = await_exec(&l, error);
    if (status == FRACTARY_OK) {
        watch_end(child, loop);
    } else {
        kill_unborn(child);
    }
out:
    launch_finish(&l);
    return status;
}

void fr_child_look(fr_child *child)
{
    int state = 0;

    if (child->ended)
        return;
    const pid_t got = waitpid(child->pid, &state, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR))
        return;
    child->ended = 1;
    if (got == child->pid && WIFEXITED(state))
        child->exit_code = WEXITSTATUS(state);
    else if (got == child->pid && WIFSIGNALED(state))
        child->signal = WTERMSIG(state);
}

void fr_child_signal(const fr_child *child, int number)
{
    if (!child->ended)
        (void)kill(-child->pid, number);
}

void fr_child_finish(fr_child *child, fr_loop *loop)
{
    fr_loop_unwatch(loop, &child->watch);
    if (child->pidfd > 0)
        close(child->pidfd);
    child->pidfd = -1;
}
