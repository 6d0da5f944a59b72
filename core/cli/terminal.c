#include "cli/terminal.h"

#include "base/time.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* A terminal that cannot say how wide it is. */
#define USUAL_WIDTH 80
#define NARROWEST   20
#define WIDEST      1000

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static size_t width_by_variable(void)
{
    uint64_t columns = 0;

    if (!fr_str_to_u64(variable("COLUMNS"), &columns) || columns == 0)
        return 0;
    return columns < NARROWEST ? NARROWEST : columns > WIDEST ? WIDEST : (size_t)columns;
}

static size_t width_of(int descriptor, int is_terminal)
{
    struct winsize size = {0};

    if (!is_terminal)
        return width_by_variable();
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col < NARROWEST ? NARROWEST : size.ws_col;
    return width_by_variable() != 0 ? width_by_variable() : USUAL_WIDTH;
}

static int understands_sequences(void)
{
    const char *kind = variable("TERM");
    return kind[0] != '\0' && strcmp(kind, "dumb") != 0;
}

/* The first of the three that is set decides, as for setlocale(). */
static int codeset_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = variable(names[i]);
        if (value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return 0;
}

void fr_terminal_resize(fr_terminal *terminal)
{
    terminal->out_style.width = width_of(terminal->out, terminal->out_terminal);
    terminal->err_style.width = width_of(terminal->err, terminal->err_terminal);
}

void fr_terminal_look(fr_terminal *terminal, int in, int out, int err, int plain)
{
    const int colour = !plain && variable("NO_COLOR")[0] == '\0' && understands_sequences();
    const int unicode = codeset_is_utf8();

    *terminal = (fr_terminal){.in = in, .out = out, .err = err};
    terminal->in_terminal = isatty(in);
    terminal->out_terminal = isatty(out);
    terminal->err_terminal = isatty(err);
    terminal->redraws = terminal->out_terminal && understands_sequences();
    terminal->out_style = (fr_style){colour && terminal->out_terminal, unicode, 0};
    terminal->err_style = (fr_style){colour && terminal->err_terminal, unicode, 0};
    fr_terminal_resize(terminal);
}

/* Why no answer came, and what to do: the causes come from below. */
static int32_t unanswered(int32_t status, const char *cause, fractary_error *error)
{
    fr_error_set(error, status, "the question was not answered%s",
                 status == FRACTARY_E_DEADLINE ? " in time" : "");
    fr_error_cause(error, "%s", cause);
    fr_error_advice(error, "run the command again to be asked again");
    return status;
}

static int32_t cannot_read(fractary_error *error)
{
    const int reason = errno;

    fr_error_set(error, FRACTARY_E_IO, "the answer cannot be read from the terminal");
    fr_error_cause(error, "%s", strerror(reason));
    fr_error_advice(error, "run the command at a terminal");
    return FRACTARY_E_IO;
}

/* Takes what has been typed; *ended is set at the end of the line. */
static int32_t take_bytes(int descriptor, fr_buf *answer, int *ended, fractary_error *error)
{
    char bytes[256];
    const ssize_t got = read(descriptor, bytes, sizeof bytes);

    if (got < 0)
        return errno == EINTR || errno == EAGAIN ? FRACTARY_OK : cannot_read(error);
    if (got == 0)
        return unanswered(FRACTARY_E_CANCELLED, "the input ended", error);
    const char *end = memchr(bytes, '\n', (size_t)got);
    const size_t taken = end != NULL ? (size_t)(end - bytes) : (size_t)got;
    if (fr_buf_append(answer, bytes, taken) != FRACTARY_OK)
        return fr_error_nomem(error);
    if (answer->length > FR_TERMINAL_ANSWER_MAX)
        return fr_error_set(error, FRACTARY_E_LIMIT, "the answer is too long");
    *ended = end != NULL;
    return FRACTARY_OK;
}

static int32_t wait_by_poll(int descriptor, uint64_t deadline, fractary_error *error)
{
    struct pollfd waiting = {.fd = descriptor, .events = POLLIN};

    for (;;) {
        const uint64_t now = fr_time_monotonic();
        if (now >= deadline)
            return FRACTARY_E_DEADLINE;
        const uint64_t left = (deadline - now) / FR_MILLISECOND + 1;
        const int ready = poll(&waiting, 1, left < INT_MAX ? (int)left : INT_MAX);
        if (ready > 0)
            return FRACTARY_OK;
        if (ready < 0 && errno != EINTR)
            return cannot_read(error);
    }
}

void fr_terminal_forget_input(const fr_terminal *terminal)
{
    if (terminal->in_terminal)
        tcflush(terminal->in, TCIFLUSH);
}

int32_t fr_terminal_read_line(const fr_terminal *terminal, uint64_t patience,
                              const fr_terminal_wait *wait, fr_buf *answer, fractary_error *error)
{
    const uint64_t deadline = fr_time_monotonic() + patience;
    int32_t status = FRACTARY_OK;
    int ended = 0;

    while (status == FRACTARY_OK && !ended) {
        status = wait != NULL ? wait->readable(wait->context, terminal->in, deadline, error)
                              : wait_by_poll(terminal->in, deadline, error);
        if (status == FRACTARY_E_CANCELLED)
            return unanswered(status, "it was interrupted", error);
        if (status == FRACTARY_E_DEADLINE)
            return unanswered(status, "nobody is waited for without end", error);
        if (status == FRACTARY_OK)
            status = take_bytes(terminal->in, answer, &ended, error);
    }
    return status;
}
