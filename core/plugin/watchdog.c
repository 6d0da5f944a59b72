#include "plugin/watchdog.h"

#include "base/time.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STACK_SIZE      65536
#define LINE_MAX_LENGTH 1024
#define PART_MAX        640
#define DEADLINE_SIGNAL SIGALRM

/* What ends the process, and what is then said about it. The first row is the
 * deadline's. */
static const struct {
    int number;
    const char *reason;
} reasons[] = {
    {DEADLINE_SIGNAL, "it computed on past its deadline"},
    {SIGSEGV, "it crashed (SIGSEGV, memory that is not its own)"},
    {SIGBUS, "it crashed (SIGBUS, memory that is not there)"},
    {SIGFPE, "it crashed (SIGFPE, a calculation without a result)"},
    {SIGILL, "it crashed (SIGILL, an instruction that does not exist)"},
    {SIGABRT, "it aborted (SIGABRT)"},
};

#define REASONS (sizeof reasons / sizeof *reasons)

/* A method that is running, with its last words around the reason. */
typedef struct frame {
    fr_watchdog_output output;
    uint64_t deadline;
    int overdue;       /* the timer has fired for it           */
    uint64_t consumed; /* processor time when it fired last    */
    char terminal_head[PART_MAX];
    char journal_head[PART_MAX];
} frame;

static const char terminal_tail[] =
    ". Run `fractary status` to see what exists, and report this to the plugin's maker.\n";
static const char journal_tail[] = "\"}\n";

struct fr_watchdog {
    uint64_t grace;
    frame frames[FR_WATCHDOG_DEPTH];
    volatile sig_atomic_t depth;
    clockid_t clock; /* processor time of the main thread */
    int has_timer;
    timer_t timer;
    void *stack;
    /* What was there before, to put back. */
    stack_t old_stack;
    sigset_t old_mask;
    struct sigaction old_actions[REASONS];
};

/* The one whose methods are running, for the handlers: a signal brings
 * nothing along by which it could be found otherwise. The only changing global
 * of the core. */
static fr_watchdog *volatile active;

/* -------------------------------------------------- inside a signal handler
 * Async-signal-safe calls only. */

static size_t add(char *line, size_t length, const char *text)
{
    const size_t more = strlen(text);
    const size_t room = LINE_MAX_LENGTH - length;
    const size_t taken = more < room ? more : room;

    memcpy(line + length, text, taken);
    return length + taken;
}

/* One write, so that the line stays whole in a journal that is appended to. */
static void say(int descriptor, const char *head, const char *reason, const char *tail)
{
    char line[LINE_MAX_LENGTH];
    size_t length = 0;

    length = add(line, length, head);
    length = add(line, length, reason);
    length = add(line, length, tail);
    while (descriptor >= 0 && write(descriptor, line, length) < 0 && errno == EINTR)
        continue;
}

static _Noreturn void end_process(const frame *f, int number)
{
    const char *reason = "";

    for (size_t i = 0; i < REASONS; i++) {
        if (reasons[i].number == number)
            reason = reasons[i].reason;
    }
    say(f->output.journal, f->journal_head, reason, journal_tail);
    if (f->output.journal >= 0)
        fsync(f->output.journal);
    say(f->output.descriptor, f->terminal_head, reason, terminal_tail);
    _exit(EXIT_FAILURE);
}

static void on_crash(int number)
{
    const fr_watchdog *watchdog = active;

    if (watchdog != NULL && watchdog->depth > 0)
        end_process(&watchdog->frames[watchdog->depth - 1], number);
}

static uint64_t processor_time(const fr_watchdog *watchdog)
{
    struct timespec now = {0};

    clock_gettime(watchdog->clock, &now);
    return (uint64_t)now.tv_sec * FR_SECOND + (uint64_t)now.tv_nsec;
}

/* Fires at the deadline and then once every grace. Who waits in a service of
 * the host uses no processor, and is let wait. */
static void on_deadline(int number)
{
    fr_watchdog *watchdog = active;

    if (watchdog == NULL || watchdog->depth == 0)
        return;
    frame *f = &watchdog->frames[watchdog->depth - 1];
    const uint64_t consumed = processor_time(watchdog);
    if (f->overdue && consumed - f->consumed >= watchdog->grace / 2)
        end_process(f, number);
    f->overdue = 1;
    f->consumed = consumed;
}

/* ------------------------------------------------------------------- handlers */

static void install_actions(fr_watchdog *watchdog)
{
    struct sigaction action = {.sa_flags = SA_ONSTACK | SA_RESTART};

    sigemptyset(&action.sa_mask);
    action.sa_handler = on_deadline;
    for (size_t i = 0; i < REASONS; i++) {
        sigaction(reasons[i].number, &action, &watchdog->old_actions[i]);
        /* A crash inside the handler takes the default way. */
        action.sa_handler = on_crash;
        action.sa_flags = SA_ONSTACK | (int)SA_RESETHAND;
    }
}

/* A stack of their own, because a plugin may have used up the other one. */
static void install(fr_watchdog *watchdog)
{
    const stack_t own = {.ss_sp = watchdog->stack, .ss_size = STACK_SIZE};
    sigset_t wanted;

    sigaltstack(&own, &watchdog->old_stack);
    install_actions(watchdog);
    sigemptyset(&wanted);
    for (size_t i = 0; i < REASONS; i++)
        sigaddset(&wanted, reasons[i].number);
    pthread_sigmask(SIG_UNBLOCK, &wanted, &watchdog->old_mask);
    active = watchdog;
}

static void uninstall(fr_watchdog *watchdog)
{
    active = NULL;
    pthread_sigmask(SIG_SETMASK, &watchdog->old_mask, NULL);
    for (size_t i = 0; i < REASONS; i++)
        sigaction(reasons[i].number, &watchdog->old_actions[i], NULL);
    sigaltstack(&watchdog->old_stack, NULL);
}

/* ---------------------------------------------------------------------- timer */

static int32_t make_timer(fr_watchdog *watchdog, fractary_error *error)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = DEADLINE_SIGNAL};

    if (watchdog->has_timer)
        return FRACTARY_OK;
    if (pthread_getcpuclockid(pthread_self(), &watchdog->clock) != 0 ||
        timer_create(CLOCK_MONOTONIC, &event, &watchdog->timer) != 0) {
        fr_error_set(error, FRACTARY_E_FAILED, "a timer for a deadline cannot be made");
        fr_error_cause(error, "%s", strerror(errno));
        return FRACTARY_E_FAILED;
    }
    watchdog->has_timer = 1;
    return FRACTARY_OK;
}

static struct timespec time_of(uint64_t nanoseconds)
{
    return (struct timespec){.tv_sec = (time_t)(nanoseconds / FR_SECOND),
                             .tv_nsec = (long)(nanoseconds % FR_SECOND)};
}

/* Sets the timer for the method that is running now, or stops it. */
static void arm(fr_watchdog *watchdog)
{
    const uint64_t deadline =
        watchdog->depth > 0 ? watchdog->frames[watchdog->depth - 1].deadline : 0;
    struct itimerspec setting = {{0, 0}, {0, 0}};

    if (!watchdog->has_timer)
        return;
    if (deadline > 0) {
        setting.it_value = time_of(deadline);
        setting.it_interval = time_of(watchdog->grace);
    }
    timer_settime(watchdog->timer, TIMER_ABSTIME, &setting, NULL);
}

/* ------------------------------------------------------------------ interface */

int32_t fr_watchdog_create(uint64_t grace, fr_watchdog **out, fractary_error *error)
{
    fr_watchdog *watchdog = calloc(1, sizeof *watchdog);

    *out = NULL;
    if (watchdog == NULL)
        return fr_error_nomem(error);
    watchdog->grace = grace;
    watchdog->stack = malloc(STACK_SIZE);
    if (watchdog->stack == NULL) {
        free(watchdog);
        return fr_error_nomem(error);
    }
    *out = watchdog;
    return FRACTARY_OK;
}

void fr_watchdog_destroy(fr_watchdog *watchdog)
{
    if (watchdog == NULL)
        return;
    if (watchdog->has_timer)
        timer_delete(watchdog->timer);
    free(watchdog->stack);
    free(watchdog);
}

/* The texts need no quoting: ids, methods and runs are of a-z, 0-9 and the
 * like. The journal's time is that of the method's beginning. */
static void prepare(frame *f, const fr_watchdog_method *method)
{
    char now[FR_TIME_TEXT];

    memset(f, 0, sizeof *f);
    f->output = method->output;
    f->deadline = method->deadline;
    fr_time_format(fr_time_now_ms(), now);
    snprintf(f->terminal_head, sizeof f->terminal_head,
             "\nfractary: the plugin %s ended the run in its method %s: ", method->plugin,
             method->name);
    snprintf(f->journal_head, sizeof f->journal_head,
             "{\"type\":\"diagnostic\",\"severity\":\"error\",\"category\":\"tool\","
             "\"time\":\"%s\",\"run\":\"%s\",\"source\":\"core\",\"plugin\":\"%s\","
             "\"method\":\"%s\",\"message\":\"the plugin %s ended the run in its method %s: ",
             now, method->run, method->plugin, method->name, method->plugin, method->name);
}

int32_t fr_watchdog_enter(fr_watchdog *watchdog, const fr_watchdog_method *method,
                          fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    if (watchdog->depth == FR_WATCHDOG_DEPTH)
        return fr_error_set(error, FRACTARY_E_LIMIT, "more than %d methods run inside one another",
                            FR_WATCHDOG_DEPTH);
    if (method->deadline > 0)
        status = make_timer(watchdog, error);
    if (status != FRACTARY_OK)
        return status;
    prepare(&watchdog->frames[watchdog->depth], method);
    atomic_signal_fence(memory_order_seq_cst);
    watchdog->depth++;
    if (watchdog->depth == 1)
        install(watchdog);
    arm(watchdog);
    return FRACTARY_OK;
}

void fr_watchdog_leave(fr_watchdog *watchdog)
{
    if (watchdog->depth == 0)
        return;
    watchdog->depth--;
    arm(watchdog);
    if (watchdog->depth == 0)
        uninstall(watchdog);
}
