#include "fakehost_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakehost_impl.h"

#define HEADERS_MAX 64

/* A request from submit() to done(). */
typedef struct pending {
    fractary_http_request request; /* texts are copies */
    fractary_header headers[HEADERS_MAX];
    size_t added; /* headers of the request; those of the attempt come behind */
    size_t count;
    uint32_t attempts;
    const fractary_call *call;
} pending;

typedef struct rule {
    char *match;
    char *headers, *body;
    fr_fake_answer answer;
    uint32_t given;
} rule;

struct fr_fake_http {
    fractary_http table;
    fr_fakehost *host;
    int really, running;
    fr_vec rules;    /* of rule    */
    fr_vec queue;    /* of pending */
    fr_vec requests; /* of fr_json */
    size_t most;
};

/* An answer as it came, texts owned. */
typedef struct received {
    int32_t status;
    int truncated;
    char *text; /* headers, cut into pieces */
    fractary_header headers[HEADERS_MAX];
    size_t header_count;
    fr_buf body;
    char failure[128];
} received;

/* ------------------------------------------------------------------- pending */

static void add_header(pending *p, const char *name, const char *value)
{
    ck_assert_msg(name != NULL && value != NULL, "a header without name or value");
    ck_assert_uint_lt(p->count, HEADERS_MAX);
    p->headers[p->count++] = (fractary_header){fr_str_dup(name), fr_str_dup(value)};
}

static void drop_headers(pending *p, size_t from)
{
    while (p->count > from) {
        p->count--;
        free((void *)(uintptr_t)p->headers[p->count].name);
        free((void *)(uintptr_t)p->headers[p->count].value);
    }
}

static void free_pending(void *item)
{
    pending *p = item;

    drop_headers(p, 0);
    free((void *)(uintptr_t)p->request.method);
    free((void *)(uintptr_t)p->request.url);
    free((void *)(uintptr_t)p->request.body);
    free((void *)(uintptr_t)p->request.ca_file);
    free(p);
}

static int32_t submit(const fractary_http *self, const fractary_call *call,
                      const fractary_http_request *request, fractary_error *error)
{
    fr_fake_http *http = self->context;
    pending *p = calloc(1, sizeof *p);

    fr_fake_check_call(http->host, call);
    fr_fake_check_error(error);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(request->size, sizeof *request);
    ck_assert_msg(request->done != NULL, "a request without done()");
    ck_assert_uint_le(request->max_attempts, 10);
    p->request = *request;
    p->request.method = fr_str_dup(request->method);
    p->request.url = fr_str_dup(request->url);
    p->request.body =
        fr_str_ndup(request->body != NULL ? request->body : "", (size_t)request->body_length);
    p->request.ca_file = fr_str_dup(request->ca_file);
    for (uint64_t i = 0; i < request->header_count; i++)
        add_header(p, request->headers[i].name, request->headers[i].value);
    p->added = p->count;
    p->call = call;
    ck_assert_int_eq(fr_vec_push(&http->queue, p), FRACTARY_OK);
    if (http->queue.count > http->most)
        http->most = http->queue.count;
    return FRACTARY_OK;
}

/* -------------------------------------------------------------------- attempt */

static int32_t attempt_header(const fractary_http_attempt *attempt, const char *name,
                              const char *value)
{
    add_header(attempt->context, name, value);
    return FRACTARY_OK;
}

static int32_t prepare(const fr_fake_http *http, pending *p, fractary_error *error)
{
    const fractary_clock *clock = &http->host->clock;
    const fractary_http_attempt attempt = {.size = sizeof attempt,
                                           .number = ++p->attempts,
                                           .server_time = clock->now(clock) / 1000,
                                           .add_header = attempt_header,
                                           .context = p};

    drop_headers(p, p->added);
    return p->request.prepare != NULL ? p->request.prepare(p->request.context, &attempt, error)
                                      : FRACTARY_OK;
}

static void lower(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text + ('a' - 'A'));
}

static void remember(fr_fake_http *http, const pending *p)
{
    fr_json *entry = fr_json_object(), *headers = fr_json_object();

    for (size_t i = 0; i < p->count; i++) {
        char *name = fr_str_dup(p->headers[i].name);
        lower(name);
        ck_assert_int_eq(fr_json_set_string(headers, name, p->headers[i].value), FRACTARY_OK);
        free(name);
    }
    fr_json_set_string(entry, "method", p->request.method);
    fr_json_set_string(entry, "url", p->request.url);
    fr_json_set(entry, "headers", headers);
    fr_json_set_string(entry, "body", p->request.body);
    fr_json_set_int(entry, "attempt", p->attempts);
    fr_json_set_string(entry, "ca_file", p->request.ca_file);
    ck_assert_int_eq(fr_vec_push(&http->requests, entry), FRACTARY_OK);
}

/* --------------------------------------------------------------------- script */

static void put_text(const pending *p, fr_buf *out)
{
    fr_buf_printf(out, "%s %s\n", p->request.method, p->request.url);
    for (size_t i = 0; i < p->count; i++) {
        char *name = fr_str_dup(p->headers[i].name);
        lower(name);
        fr_buf_printf(out, "%s: %s\n", name, p->headers[i].value);
        free(name);
    }
    fr_buf_puts(out, p->request.body);
}

static int has_words(const char *text, const char *match)
{
    while (*match != '\0') {
        const size_t length = strcspn(match, " ");
        if (memmem(text, strlen(text), match, length) == NULL)
            return 0;
        match += length + (match[length] == ' ');
    }
    return 1;
}

/* Cuts "name: value\n…" into headers. */
static void take_headers(received *r, const char *lines)
{
    r->text = fr_str_dup(lines != NULL ? lines : "");
    for (char *at = r->text; *at != '\0';) {
        char *end = at + strcspn(at, "\r\n");
        char *next = end + strspn(end, "\r\n");
        char *colon = strchr(at, ':');
        *end = '\0';
        ck_assert_msg(colon != NULL, "not a header: %s", at);
        *colon = '\0';
        lower(at);
        ck_assert_uint_lt(r->header_count, HEADERS_MAX);
        r->headers[r->header_count++] = (fractary_header){at, colon + 1 + strspn(colon + 1, " ")};
        at = next;
    }
}

static void answer_by_script(const fr_fake_http *http, const pending *p, received *r)
{
    fr_buf text = {0};

    put_text(p, &text);
    for (size_t i = 0; i < http->rules.count; i++) {
        rule *known = http->rules.items[i];
        if ((known->answer.times != 0 && known->given >= known->answer.times) ||
            !has_words(fr_buf_text(&text), known->match))
            continue;
        known->given++;
        r->status = known->answer.status;
        r->truncated = known->answer.truncated;
        take_headers(r, known->headers);
        fr_buf_puts(&r->body, known->body);
        fr_buf_finish(&text);
        if (r->status == 0)
            snprintf(r->failure, sizeof r->failure, "connection refused");
        return;
    }
    ck_abort_msg("a request that has no answer:\n%s", fr_buf_text(&text));
}

/* -------------------------------------------------------------------- sockets */

static int dial(const char *url)
{
    const char *host = strstr(url, "://");
    ck_assert_msg(host != NULL && strncmp(url, "http://", 7) == 0, "not plain http: %s", url);
    const char *port = strchr(host + 3, ':');
    ck_assert_msg(port != NULL, "no port: %s", url);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(port + 1)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval limit = {.tv_sec = 30};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void put_request(const pending *p, fr_buf *out)
{
    const char *host = strstr(p->request.url, "://") + 3;
    const size_t length = strcspn(host, "/?");
    const char *path = host + length;

    fr_buf_printf(out, "%s %s%s HTTP/1.1\r\nHost: %.*s\r\nConnection: close\r\n", p->request.method,
                  *path == '/' ? "" : "/", path, (int)length, host);
    for (size_t i = 0; i < p->count; i++)
        fr_buf_printf(out, "%s: %s\r\n", p->headers[i].name, p->headers[i].value);
    fr_buf_printf(out, "Content-Length: %llu\r\n\r\n", (unsigned long long)p->request.body_length);
    fr_buf_append(out, p->request.body, (size_t)p->request.body_length);
}

static int converse(int fd, const fr_buf *out, fr_buf *in)
{
    char piece[16384];
    ssize_t got = 0;

    for (size_t at = 0; at < out->length; at += (size_t)got) {
        got = send(fd, out->data + at, out->length - at, MSG_NOSIGNAL);
        if (got <= 0)
            return 0;
    }
    while ((got = recv(fd, piece, sizeof piece, 0)) > 0)
        fr_buf_append(in, piece, (size_t)got);
    return got == 0;
}

/* Pieces with their lengths before them, put together. */
static void join_chunks(received *r, const char *at)
{
    for (;;) {
        char *end = NULL;
        const size_t length = strtoul(at, &end, 16);
        ck_assert_msg(end != at, "a chunk without a length");
        if (length == 0)
            return;
        at = strstr(end, "\r\n");
        ck_assert_ptr_nonnull(at);
        fr_buf_append(&r->body, at + 2, length);
        at += 2 + length + 2;
    }
}

static void take_answer(received *r, const char *text, size_t length)
{
    const char *line = strstr(text, "\r\n"), *end = strstr(text, "\r\n\r\n");
    ck_assert_msg(end != NULL && strncmp(text, "HTTP/1.", 7) == 0, "no HTTP answer: %s", text);
    r->status = atoi(text + 9);
    char *head = fr_str_ndup(line + 2, (size_t)(end + 2 - line - 2));
    take_headers(r, head);
    free(head);
    for (size_t i = 0; i < r->header_count; i++)
        if (strcmp(r->headers[i].name, "transfer-encoding") == 0) {
            join_chunks(r, end + 4);
            return;
        }
    fr_buf_append(&r->body, end + 4, length - (size_t)(end + 4 - text));
}

static void answer_really(const pending *p, received *r)
{
    fr_buf out = {0}, in = {0};
    const int fd = dial(p->request.url);

    put_request(p, &out);
    if (fd < 0 || !converse(fd, &out, &in) || in.length == 0)
        snprintf(r->failure, sizeof r->failure, "connection failed");
    else
        take_answer(r, fr_buf_text(&in), in.length);
    if (fd >= 0)
        close(fd);
    fr_buf_finish(&out);
    fr_buf_finish(&in);
}

/* ------------------------------------------------------------------------ run */

static fractary_http_response response_of(const fr_fake_http *http, const pending *p,
                                          const received *r)
{
    const fractary_clock *clock = &http->host->clock;

    return (fractary_http_response){.size = sizeof(fractary_http_response),
                                    .status = r->status,
                                    .attempts = p->attempts,
                                    .truncated = (uint32_t)r->truncated,
                                    .headers = r->headers,
                                    .header_count = r->header_count,
                                    .body = fr_buf_text(&r->body),
                                    .length = r->body.length,
                                    .failure = r->failure,
                                    .server_time = clock->now(clock) / 1000};
}

static void finish(fr_fake_http *http, pending *p, int32_t status, const received *r)
{
    const fractary_http_response response = response_of(http, p, r);

    p->request.done(p->request.context, status, &response);
    free_pending(p);
}

/* Adds to what is remembered of the attempt. */
static void remember_answer(fr_fake_http *http, const received *r)
{
    fr_json *entry = http->requests.items[http->requests.count - 1];
    fr_json *answer = fr_json_object(), *headers = fr_json_object();

    for (size_t i = 0; i < r->header_count; i++)
        fr_json_set_string(headers, r->headers[i].name, r->headers[i].value);
    fr_json_set_int(answer, "status", r->status);
    fr_json_set(answer, "headers", headers);
    fr_json_set_string(answer, "body", fr_buf_text(&r->body));
    ck_assert_int_eq(fr_json_set(entry, "answer", answer), FRACTARY_OK);
}

/* Non-zero when another attempt follows. */
static int attempt(fr_fake_http *http, pending *p, received *r)
{
    fractary_error error = FR_ERROR_INIT;
    const uint32_t most = p->request.max_attempts != 0 ? p->request.max_attempts : 4;

    const int32_t prepared = prepare(http, p, &error);
    ck_assert_msg(prepared == FRACTARY_OK, "prepare(): %s", error.message);
    remember(http, p);
    if (http->really)
        answer_really(p, r);
    else
        answer_by_script(http, p, r);
    remember_answer(http, r);
    const fractary_http_response response = response_of(http, p, r);
    const int32_t verdict = p->request.classify != NULL
                                ? p->request.classify(p->request.context, &response)
                                : FRACTARY_HTTP_DONE;
    ck_assert_msg(verdict >= FRACTARY_HTTP_DONE && verdict <= FRACTARY_HTTP_THROTTLED,
                  "classify() returned %d", (int)verdict);
    return verdict != FRACTARY_HTTP_DONE && p->attempts < most;
}

static void free_received(received *r)
{
    free(r->text);
    fr_buf_finish(&r->body);
    *r = (received){.status = 0};
}

static void drive(fr_fake_http *http, pending *p)
{
    received r = {.status = 0};

    while (attempt(http, p, &r))
        free_received(&r);
    finish(http, p, r.status == 0 || r.truncated ? FRACTARY_E_UNAVAILABLE : FRACTARY_OK, &r);
    free_received(&r);
}

static int32_t stopped(const fr_fake_http *http, const fractary_call *call)
{
    if (call->cancelled(call))
        return FRACTARY_E_CANCELLED;
    return call->deadline != 0 && fr_fake_monotonic(http->host) >= call->deadline
               ? FRACTARY_E_DEADLINE
               : FRACTARY_OK;
}

static int32_t run(const fractary_http *self, const fractary_call *call, fractary_error *error)
{
    fr_fake_http *http = self->context;
    int32_t status = FRACTARY_OK;

    fr_fake_check_call(http->host, call);
    fr_fake_check_error(error);
    ck_assert_msg(!http->running, "run() within run()");
    http->running = 1;
    while (http->queue.count > 0) {
        pending *p = fr_vec_remove(&http->queue, 0);
        if (status == FRACTARY_OK)
            status = stopped(http, call);
        if (status == FRACTARY_OK)
            drive(http, p);
        else
            finish(http, p, status, &(received){.failure = "the call is over"});
    }
    http->running = 0;
    return status == FRACTARY_OK ? status : fr_error_set(error, status, "the call is over");
}

/* ----------------------------------------------------------------------- life */

static void free_rule(void *item)
{
    rule *r = item;

    free(r->match);
    free(r->headers);
    free(r->body);
    free(r);
}

static void free_json(void *item)
{
    fr_json_free(item);
}

void fr_fake_http_forget(fr_fake_http *http)
{
    fr_vec_finish(&http->rules, free_rule);
    fr_vec_finish(&http->requests, free_json);
    http->most = 0;
}

static void destroy(void *context)
{
    fr_fake_http *http = context;

    fr_fake_http_forget(http);
    fr_vec_finish(&http->queue, free_pending);
    free(http);
}

fr_fake_http *fr_fakehost_http(fr_fakehost *host)
{
    fr_fake_http *http = calloc(1, sizeof *http);

    ck_assert_ptr_nonnull(http);
    http->table = (fractary_http){sizeof http->table, http, submit, run};
    http->host = host;
    fr_fakehost_use_http(host, &http->table, http, destroy);
    return http;
}

void fr_fake_http_answer(fr_fake_http *http, const char *match, const fr_fake_answer *answer)
{
    rule *r = calloc(1, sizeof *r);

    ck_assert_ptr_nonnull(r);
    r->match = fr_str_dup(match);
    r->headers = fr_str_dup(answer->headers);
    r->body = fr_str_dup(answer->body);
    r->answer = *answer;
    ck_assert_int_eq(fr_vec_push(&http->rules, r), FRACTARY_OK);
}

void fr_fake_http_really(fr_fake_http *http)
{
    http->really = 1;
}

size_t fr_fake_http_count(const fr_fake_http *http)
{
    return http->requests.count;
}

const fr_json *fr_fake_http_request(const fr_fake_http *http, size_t index)
{
    return index < http->requests.count ? http->requests.items[index] : NULL;
}

size_t fr_fake_http_most(const fr_fake_http *http)
{
    return http->most;
}

size_t fr_fake_http_open(const fr_fake_http *http)
{
    return http->queue.count;
}
