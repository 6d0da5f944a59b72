#include "service/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/time.h"

#define BATCH         64
#define TIMERS_A_STEP 4096 /* one that arms itself for now cannot hold the loop */
#define LONGEST_WAIT  FR_SECOND

static const int interrupting[] = {SIGINT, SIGTERM, SIGHUP};
#define INTERRUPTING (sizeof interrupting / sizeof *interrupting)

/* What one epoll_wait() gave. Steps nest, so there may be several; who is
 * unwatched is taken out of all of them. */
typedef struct batch {
    struct epoll_event events[BATCH];
    int count;
    struct batch *outer;
} batch;

struct fr_loop {
    int epoll;
    fr_timers timers;
    batch *batches;
    fr_watch signals;
    sigset_t mask_before;
    struct sigaction pipe_before, child_before;
    int masked, ignoring;
    atomic_uint interrupts;
    unsigned answered;
};

/* ------------------------------------------------------------------ signals */

static void drain_signals(fr_loop *loop)
{
    struct signalfd_siginfo info[8];
    ssize_t got;

    while ((got = read(loop->signals.descriptor, info, sizeof info)) > 0)
        atomic_fetch_add(&loop->interrupts, (unsigned)((size_t)got / sizeof info[0]));
}

static void signals_ready(void *context, uint32_t events)
{
    (void)events;
    drain_signals(context);
}

static int is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static int set_action(int number, void (*handler)(int), struct sigaction *before)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    return sigaction(number, &action, before);
}

static int32_t take_signals(fr_loop *loop, fractary_error *error)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < INTERRUPTING; i++)
        if (!is_ignored(interrupting[i]))
            sigaddset(&set, interrupting[i]);
    loop->masked = pthread_sigmask(SIG_BLOCK, &set, &loop->mask_before) == 0;
    if (loop->masked)
        loop->signals.descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signals.descriptor < 0)
        return fr_error_set(error, FRACTARY_E_FAILED, "signals cannot be taken over: %s",
                            strerror(errno));
    loop->ignoring = set_action(SIGPIPE, SIG_IGN, &loop->pipe_before) == 0 &&
                     set_action(SIGCHLD, SIG_DFL, &loop->child_before) == 0;
    loop->signals.events = FR_LOOP_READ;
    loop->signals.context = loop;
    loop->signals.ready = signals_ready;
    return fr_loop_watch(loop, &loop->signals, error);
}

/* What came in and was read must not kill us once the mask is gone. */
static void give_signals_back(fr_loop *loop)
{
    if (loop->signals.descriptor >= 0) {
        drain_signals(loop);
        close(loop->signals.descriptor);
    }
    if (loop->ignoring) {
        sigaction(SIGPIPE, &loop->pipe_before, NULL);
        sigaction(SIGCHLD, &loop->child_before, NULL);
    }
    if (loop->masked)
        pthread_sigmask(SIG_SETMASK, &loop->mask_before, NULL);
}

unsigned fr_loop_interrupts(fr_loop *loop)
{
    drain_signals(loop);
    return atomic_load(&loop->interrupts);
}

void fr_loop_acknowledge(fr_loop *loop)
{
    loop->answered = atomic_load(&loop->interrupts);
}

int32_t fr_loop_check(fr_loop *loop, uint64_t deadline, const char *what, fractary_error *error)
{
    if (fr_loop_interrupts(loop) != loop->answered) {
        fr_loop_acknowledge(loop);
        return fr_error_set(error, FRACTARY_E_CANCELLED, "interrupted while %s", what);
    }
    if (deadline != 0 && fr_time_monotonic() >= deadline) {
        fr_error_set(error, FRACTARY_E_DEADLINE, "the time was up while %s", what);
        fr_error_cause(error, "the deadline of the whole command or step has passed");
        return FRACTARY_E_DEADLINE;
    }
    return FRACTARY_OK;
}

/* --------------------------------------------------------------- life, watch */

int32_t fr_loop_create(fr_loop **out, fractary_error *error)
{
    fr_loop *loop = calloc(1, sizeof *loop);

    if (loop == NULL)
        return fr_error_nomem(error);
    loop->signals.descriptor = -1;
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    int32_t status = FRACTARY_OK;
    if (loop->epoll < 0)
        status = fr_error_set(error, FRACTARY_E_FAILED, "the event loop cannot be made: %s",
                              strerror(errno));
    if (status == FRACTARY_OK)
        status = take_signals(loop, error);
    if (status != FRACTARY_OK) {
        fr_loop_destroy(loop);
        return status;
    }
    *out = loop;
    return FRACTARY_OK;
}

void fr_loop_destroy(fr_loop *loop)
{
    if (loop == NULL)
        return;
    give_signals_back(loop);
    if (loop->epoll >= 0)
        close(loop->epoll);
    free(loop);
}

static uint32_t to_epoll(uint32_t events)
{
    return (events & FR_LOOP_READ ? (uint32_t)EPOLLIN : 0u) |
           (events & FR_LOOP_WRITE ? (uint32_t)EPOLLOUT : 0u);
}

static uint32_t from_epoll(uint32_t events)
{
    if (events & (uint32_t)(EPOLLERR | EPOLLHUP))
        return FR_LOOP_READ | FR_LOOP_WRITE;
    return (events & (uint32_t)EPOLLIN ? FR_LOOP_READ : 0u) |
           (events & (uint32_t)EPOLLOUT ? FR_LOOP_WRITE : 0u);
}

int32_t fr_loop_watch(fr_loop *loop, fr_watch *watch, fractary_error *error)
{
    struct epoll_event event = {.events = to_epoll(watch->events), .data = {.ptr = watch}};
    const int operation = watch->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (epoll_ctl(loop->epoll, operation, watch->descriptor, &event) != 0)
        return fr_error_set(error, errno == EPERM ? FRACTARY_E_UNSUPPORTED : FRACTARY_E_FAILED,
                            "descriptor %d cannot be watched: %s", watch->descriptor,
                            strerror(errno));
    watch->watched = 1;
    return FRACTARY_OK;
}

/* What was seen of a watch and not handled yet. */
static void forget_events(batch *b, const fr_watch *watch)
{
    for (; b != NULL; b = b->outer)
        for (int i = 0; i < b->count; i++)
            if (b->events[i].data.ptr == watch)
                b->events[i].data.ptr = NULL;
}

void fr_loop_unwatch(fr_loop *loop, fr_watch *watch)
{
    if (!watch->watched)
        return;
    /* EBADF: closed before, which has taken it out of epoll as well. */
    (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->descriptor, NULL);
    watch->watched = 0;
    forget_events(loop->batches, watch);
}

void fr_loop_arm(fr_loop *loop, fr_timer *timer, uint64_t at)
{
    fr_timers_arm(&loop->timers, timer, at);
}

void fr_loop_disarm(fr_loop *loop, fr_timer *timer)
{
    fr_timers_disarm(&loop->timers, timer);
}

/* --------------------------------------------------------------------- step */

/* Milliseconds until the next thing that is due, rounded up: a wait that ends
 * too early would only be repeated. */
static int wait_time(const fr_loop *loop, uint64_t deadline)
{
    const uint64_t now = fr_time_monotonic();
    uint64_t until = now + LONGEST_WAIT;

    if (deadline < until)
        until = deadline;
    if (loop->timers.top != NULL && loop->timers.top->at < until)
        until = loop->timers.top->at;
    return until <= now ? 0 : (int)((until - now + FR_MILLISECOND - 1) / FR_MILLISECOND);
}

/* An outer step must not call again for what an inner one has handled: there
 * may be nothing left to read. What is left shows up in the next step. */
static void dispatch(fr_loop *loop, batch *b)
{
    b->outer = loop->batches;
    loop->batches = b;
    for (int i = 0; i < b->count; i++) {
        fr_watch *watch = b->events[i].data.ptr;
        if (watch == NULL)
            continue;
        forget_events(b->outer, watch);
        watch->ready(watch->context, from_epoll(b->events[i].events));
    }
    loop->batches = b->outer;
}

static void fire_timers(fr_loop *loop)
{
    const uint64_t now = fr_time_monotonic();

    for (int i = 0; i < TIMERS_A_STEP; i++) {
        fr_timer *due = loop->timers.top;
        if (due == NULL || due->at > now)
            return;
        fr_timers_disarm(&loop->timers, due);
        due->fired(due->context);
    }
}

int32_t fr_loop_step(fr_loop *loop, uint64_t deadline, fractary_error *error)
{
    batch b = {.count = 0};

    b.count = epoll_wait(loop->epoll, b.events, BATCH, wait_time(loop, deadline));
    if (b.count < 0 && errno != EINTR)
        return fr_error_set(error, FRACTARY_E_FAILED, "the event loop failed: %s", strerror(errno));
    dispatch(loop, &b);
    fire_timers(loop);
    return FRACTARY_OK;
}

/* ----------------------------------------------------------------- readable */

static void note_ready(void *context, uint32_t events)
{
    *(uint32_t *)context |= events;
}

int32_t fr_loop_wait_readable(fr_loop *loop, int descriptor, uint64_t deadline, const char *what,
                              fractary_error *error)
{
    uint32_t seen = 0;
    fr_watch watch = {
        .descriptor = descriptor, .events = FR_LOOP_READ, .context = &seen, .ready = note_ready};
    int32_t status = fr_loop_watch(loop, &watch, error);

    if (status == FRACTARY_E_UNSUPPORTED)
        return FRACTARY_OK;
    while (status == FRACTARY_OK && seen == 0) {
        status = fr_loop_check(loop, deadline, what, error);
        if (status == FRACTARY_OK)
            status = fr_loop_step(loop, deadline != 0 ? deadline : UINT64_MAX, error);
    }
    fr_loop_unwatch(loop, &watch);
    return status;
}
