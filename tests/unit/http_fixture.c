#include "http_fixture.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

#define MOST_CONNECTIONS 256
#define REQUEST_MAX      65536
#define MOST_KEYS        64

typedef struct connection {
    int descriptor; /* -1: free */
    char in[REQUEST_MAX + 1];
    size_t length;
    uint64_t answer_at; /* 0: the request is not whole yet */
} connection;

/* How often something was played already, by path. */
typedef struct tally {
    char key[128];
    int count;
} tally;

typedef struct server {
    http_fixture *shared;
    int listener;
    connection connections[MOST_CONNECTIONS];
    tally tallies[MOST_KEYS];
} server_state;

/* ------------------------------------------------------------------ answers */

static void send_all(int descriptor, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t sent = send(descriptor, data, length, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
            (void)poll(&wait, 1, 1000);
            continue;
        }
        if (sent <= 0)
            return;
        data += sent;
        length -= (size_t)sent;
    }
}

static void format_date(long offset, char *out, size_t size)
{
    const time_t when = time(NULL) + offset;
    struct tm utc;
    gmtime_r(&when, &utc);
    strftime(out, size, "%a, %d %b %Y %H:%M:%S GMT", &utc);
}

static void answer(int descriptor, int status, const char *more, const char *body, size_t length)
{
    char head[512];
    char date[64];
    format_date(0, date, sizeof date);
    const int size =
        snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s%s%s%s\r\n", status,
                 length, strstr(more, "Date:") ? "" : "Date: ", strstr(more, "Date:") ? "" : date,
                 strstr(more, "Date:") ? "" : "\r\n", more);
    send_all(descriptor, head, (size_t)size);
    send_all(descriptor, body, length);
}

static void answer_text(int descriptor, int status, const char *text)
{
    answer(descriptor, status, "X-Server: Test\r\nx-empty:\r\n", text, strlen(text));
}

/* Non-zero while `path` was asked for at most `times` times, this one included. */
static int still(server_state *s, const char *path, int times)
{
    for (int i = 0; i < MOST_KEYS; i++) {
        tally *t = &s->tallies[i];
        if (t->key[0] == '\0')
            snprintf(t->key, sizeof t->key, "%s", path);
        if (strcmp(t->key, path) == 0)
            return ++t->count <= times;
    }
    return 0;
}

static void reset(connection *c)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(c->descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(c->descriptor);
    c->descriptor = -1;
}

static void answer_size(const connection *c, size_t size)
{
    char *body = malloc(size + 1);
    memset(body, 'x', size + 1);
    answer(c->descriptor, 200, "", body, size);
    free(body);
}

static void cut(connection *c)
{
    static const char part[] = "HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nonly this";
    send_all(c->descriptor, part, sizeof part - 1);
    close(c->descriptor);
    c->descriptor = -1;
}

static void play_date(const connection *c, long offset)
{
    char date[64];
    char line[128];
    format_date(offset, date, sizeof date);
    snprintf(line, sizeof line, "Date: %s\r\n", date);
    answer(c->descriptor, 200, line, "dated", 5);
}

/* What the test plays by a number of times: 0 when it is over. */
static int play_counted(server_state *s, connection *c, const char *path)
{
    int first = 0;
    int times = 0;
    char line[64];
    if (sscanf(path, "/fail/%d/%d/", &first, &times) == 2 && still(s, path, times))
        return answer_text(c->descriptor, first, "bad"), 1;
    if (sscanf(path, "/after/%d/%d/", &first, &times) == 2 && still(s, path, times)) {
        snprintf(line, sizeof line, "Retry-After: %d\r\n", first);
        return answer(c->descriptor, 429, line, "later", 5), 1;
    }
    if (sscanf(path, "/reset/%d/", &times) == 1 && still(s, path, times))
        return reset(c), 1;
    if (sscanf(path, "/cut/%d/", &times) == 1 && still(s, path, times))
        return cut(c), 1;
    return 0;
}

static void play(server_state *s, connection *c, const char *path)
{
    int number = 0;
    if (play_counted(s, c, path))
        return;
    if (sscanf(path, "/size/%d", &number) == 1)
        answer_size(c, (size_t)number);
    else if (sscanf(path, "/date/%d", &number) == 1)
        play_date(c, number);
    else if (strncmp(path, "/echo", 5) == 0)
        answer(c->descriptor, 200, "", c->in, c->length);
    else if (strcmp(path, "/location") == 0)
        answer(c->descriptor, 302, "Location: /ok\r\n", "", 0);
    else if (strcmp(path, "/ok") == 0 || strncmp(path, "/slow/", 6) == 0)
        answer_text(c->descriptor, 200, "hello");
    else if (strcmp(path, "/continue") == 0) {
        send_all(c->descriptor, "HTTP/1.1 100 Continue\r\nX-Early: yes\r\n\r\n", 39);
        answer_text(c->descriptor, 200, "hello");
    } else
        answer_text(c->descriptor, 200, "good");
}

/* ----------------------------------------------------------------- requests */

static void path_of(const connection *c, char path[256])
{
    path[0] = '\0';
    (void)sscanf(c->in, "%*s %255s", path);
}

/* Length of the whole request, 0 while something is missing. */
static size_t whole_request(const connection *c)
{
    const char *end = strstr(c->in, "\r\n\r\n");
    if (end == NULL)
        return 0;
    const char *length = strcasestr(c->in, "\r\nContent-Length:");
    const size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    const size_t whole = (size_t)(end - c->in) + 4 + body;
    return c->length >= whole ? whole : 0;
}

static uint64_t delay_of(const server_state *s, const connection *c)
{
    char path[256];
    int slow = 0;
    path_of(c, path);
    (void)sscanf(path, "/slow/%d", &slow);
    return (uint64_t)(s->shared->delay_ms + slow) * FR_MILLISECOND + 1;
}

static void take_in(server_state *s, connection *c)
{
    const ssize_t got = recv(c->descriptor, c->in + c->length, REQUEST_MAX - c->length, 0);
    if (got <= 0) {
        close(c->descriptor);
        c->descriptor = -1;
        return;
    }
    c->length += (size_t)got;
    c->in[c->length] = '\0';
    if (c->answer_at != 0 || whole_request(c) == 0)
        return;
    c->answer_at = fr_time_monotonic() + delay_of(s, c);
    int under_way = 0;
    for (int i = 0; i < MOST_CONNECTIONS; i++)
        under_way += s->connections[i].descriptor >= 0 && s->connections[i].answer_at != 0;
    if (under_way > atomic_load(&s->shared->at_once))
        atomic_store(&s->shared->at_once, under_way);
}

static void answer_now(server_state *s, connection *c)
{
    char path[256];
    path_of(c, path);
    atomic_fetch_add(&s->shared->requests, 1);
    c->answer_at = 0;
    play(s, c, path);
    c->length = 0;
    c->in[0] = '\0';
}

static void accept_one(server_state *s)
{
    const int descriptor = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    const int yes = 1;
    /* Head and body are sent apart: the second must not wait for an answer. */
    if (descriptor >= 0)
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    for (int i = 0; i < MOST_CONNECTIONS && descriptor >= 0; i++)
        if (s->connections[i].descriptor < 0) {
            s->connections[i] = (connection){.descriptor = descriptor};
            atomic_fetch_add(&s->shared->connections, 1);
            return;
        }
    if (descriptor >= 0)
        close(descriptor);
}

static int wait_ms(const server_state *s)
{
    const uint64_t now = fr_time_monotonic();
    uint64_t until = now + FR_SECOND;
    for (int i = 0; i < MOST_CONNECTIONS; i++)
        if (s->connections[i].descriptor >= 0 && s->connections[i].answer_at != 0 &&
            s->connections[i].answer_at < until)
            until = s->connections[i].answer_at;
    return until <= now ? 0 : (int)((until - now) / FR_MILLISECOND) + 1;
}

static void serve(server_state *s)
{
    struct pollfd polled[MOST_CONNECTIONS + 1];
    for (;;) {
        polled[0] = (struct pollfd){.fd = s->listener, .events = POLLIN};
        for (int i = 0; i < MOST_CONNECTIONS; i++)
            polled[i + 1] = (struct pollfd){.fd = s->connections[i].descriptor, .events = POLLIN};
        (void)poll(polled, MOST_CONNECTIONS + 1, wait_ms(s));
        if (polled[0].revents != 0)
            accept_one(s);
        const uint64_t now = fr_time_monotonic();
        for (int i = 0; i < MOST_CONNECTIONS; i++) {
            connection *c = &s->connections[i];
            if (c->descriptor >= 0 && polled[i + 1].fd == c->descriptor &&
                polled[i + 1].revents != 0)
                take_in(s, c);
            if (c->descriptor >= 0 && c->answer_at != 0 && c->answer_at <= now)
                answer_now(s, c);
        }
    }
}

/* --------------------------------------------------------------------- life */

static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(listener, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(listener, 256), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return listener;
}

http_fixture *http_fixture_start(void)
{
    http_fixture *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(shared, MAP_FAILED);
    const int listener = listen_somewhere(&shared->port);
    const pid_t test = getpid();
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid != 0) {
        shared->pid = pid;
        close(listener);
        return shared;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != test)
        _exit(0);
    server_state *s = calloc(1, sizeof *s);
    s->shared = shared;
    s->listener = listener;
    for (int i = 0; i < MOST_CONNECTIONS; i++)
        s->connections[i].descriptor = -1;
    serve(s);
    _exit(0);
}

void http_fixture_stop(http_fixture *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    munmap(server, sizeof *server);
}

void http_fixture_url(const http_fixture *server, const char *path, char *out, size_t size)
{
    snprintf(out, size, "http://127.0.0.1:%d%s", server->port, path);
}
