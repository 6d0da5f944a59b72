/* The private module "http": one attempt of a request, by libcurl's multi
 * interface on the core's loop. The only user of libcurl. */
#include <curl/curl.h>
#include <fractary-plugin/buf.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "service/loop.h"
#include "service/transport.h"

#define CONNECT_MS         10000
#define CACHED_CONNECTIONS 256
#define IDLE_TRANSFERS     64
#define KEPT_BODY          (256u * 1024) /* room that an idle transfer keeps */
#define HEADERS_LIMIT      (256u * 1024) /* of one answer */
#define FEWEST_LINES       16

typedef struct transport {
    fr_transport_loop loop;
    CURLM *multi;
    fr_transfer *idle; /* with an easy handle each, to be used again */
    unsigned idle_count;
} transport;

struct fr_transfer {
    CURL *easy;
    int added;                /* to the multi handle */
    struct curl_slist *lines; /* lies in `nodes`; its texts lie in `sent` */
    fr_buf nodes, sent;
    fr_buf head, body;
    fractary_header *headers;
    size_t header_room;
    char failure[CURL_ERROR_SIZE];
    fr_transport_request request;
    fr_transport_answer answer;
    fr_transfer *next;
};

/* ------------------------------------------------------------ taking answers */

/* An answer that is not the last one (100, or a redirect of a proxy) begins
 * anew with each status line. */
static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    fr_transfer *transfer = context;
    const size_t length = size * count;

    if (length >= 5 && strncmp(data, "HTTP/", 5) == 0)
        fr_buf_clear(&transfer->head);
    if (transfer->head.length + length > HEADERS_LIMIT ||
        fr_buf_append(&transfer->head, data, length) != FRACTARY_OK)
        return 0;
    return length;
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    fr_transfer *transfer = context;
    const size_t length = size * count;
    const uint64_t room = transfer->request.max_body - transfer->body.length;

    if (length <= room)
        return fr_buf_append(&transfer->body, data, length) == FRACTARY_OK ? length : 0;
    (void)fr_buf_append(&transfer->body, data, (size_t)room);
    transfer->answer.too_large = 1;
    return 0;
}

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cuts "Name: value\r\n" in its place into two texts. */
static int cut_line(char *line, char *end, fractary_header *header)
{
    char *colon = memchr(line, ':', (size_t)(end - line));

    if (colon == NULL || colon == line)
        return 0;
    for (char *c = line; c < colon; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    *colon++ = '\0';
    while (colon < end && is_space(*colon))
        colon++;
    while (end > colon && is_space(end[-1]))
        end--;
    *end = '\0';
    header->name = line;
    header->value = colon;
    return 1;
}

static int make_room(fr_transfer *transfer, size_t count)
{
    if (count < transfer->header_room)
        return 1;
    const size_t room = count < FEWEST_LINES ? FEWEST_LINES : count * 2;
    fractary_header *headers = realloc(transfer->headers, room * sizeof *headers);
    if (headers == NULL)
        return 0;
    transfer->headers = headers;
    transfer->header_room = room;
    return 1;
}

static void parse_headers(fr_transfer *transfer)
{
    size_t count = 0;
    char *line = transfer->head.data;
    char *end = line != NULL ? memchr(line, '\n', transfer->head.length) : NULL;

    while (end != NULL && make_room(transfer, count)) {
        count += (size_t)cut_line(line, end, &transfer->headers[count]);
        line = end + 1;
        end = memchr(line, '\n', transfer->head.length - (size_t)(line - transfer->head.data));
    }
    transfer->answer.headers = transfer->headers;
    transfer->answer.header_count = count;
}

/* What would fail the same way again. */
static int is_permanent(CURLcode code)
{
    static const CURLcode codes[] = {CURLE_UNSUPPORTED_PROTOCOL,     CURLE_URL_MALFORMAT,
                                     CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
                                     CURLE_SSL_ISSUER_ERROR,         CURLE_BAD_FUNCTION_ARGUMENT,
                                     CURLE_SSL_CERTPROBLEM,          CURLE_SSL_ENGINE_NOTFOUND};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return 1;
    return 0;
}

static void fill_answer(fr_transfer *transfer, CURLcode code)
{
    fr_transport_answer *answer = &transfer->answer;
    long status = 0;

    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    answer->status = transfer->head.length > 0 ? (int32_t)status : 0;
    answer->cut = code != CURLE_OK && answer->status != 0 && !answer->too_large;
    answer->permanent = is_permanent(code);
    if (code == CURLE_OK)
        answer->failure = "";
    else if (answer->too_large)
        answer->failure = "the answer is larger than allowed";
    else
        answer->failure = *transfer->failure != '\0' ? transfer->failure : curl_easy_strerror(code);
    answer->body = fr_buf_text(&transfer->body);
    answer->length = transfer->body.length;
    parse_headers(transfer);
}

static void collect_ended(const transport *self)
{
    CURLMsg *message = NULL;
    int left = 0;

    while ((message = curl_multi_info_read(self->multi, &left)) != NULL) {
        char *owner = NULL;
        const CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner) != CURLE_OK)
            continue;
        fr_transfer *transfer = (void *)owner;
        (void)curl_multi_remove_handle(self->multi, transfer->easy);
        transfer->added = 0;
        fill_answer(transfer, code);
        transfer->request.done(transfer->request.context);
    }
}

/* ------------------------------------------------------------------ the loop */

static int on_socket(CURL *easy, curl_socket_t descriptor, int what, void *context, void *known)
{
    const transport *self = context;
    const uint32_t events = what == CURL_POLL_INOUT ? FR_LOOP_READ | FR_LOOP_WRITE
                            : what == CURL_POLL_IN  ? FR_LOOP_READ
                            : what == CURL_POLL_OUT ? FR_LOOP_WRITE
                                                    : 0;

    (void)easy;
    (void)curl_multi_assign(self->multi, descriptor,
                            self->loop.watch(self->loop.context, known, descriptor, events));
    return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context)
{
    const transport *self = context;

    (void)multi;
    self->loop.expire(self->loop.context, milliseconds);
    return 0;
}

static void act(transport *self, curl_socket_t descriptor, int events)
{
    int running = 0;

    (void)curl_multi_socket_action(self->multi, descriptor, events, &running);
    collect_ended(self);
}

static void ready(void *context, int descriptor, uint32_t events)
{
    act(context, descriptor,
        (events & FR_LOOP_READ ? CURL_CSELECT_IN : 0) |
            (events & FR_LOOP_WRITE ? CURL_CSELECT_OUT : 0));
}

static void expired(void *context)
{
    act(context, CURL_SOCKET_TIMEOUT, 0);
}

/* ------------------------------------------------------------------- starting */

static int has_header(const fr_transport_request *request, const char *name)
{
    for (uint64_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i]->name, name) == 0)
            return 1;
    return 0;
}

/* What libcurl would add by itself and nobody asked for. */
static const char *const unwanted[] = {"Expect", "Content-Type"};
#define UNWANTED (sizeof unwanted / sizeof *unwanted)

/* "Name: value"; for an empty value "Name;" and for a header to leave out
 * "Name:" is how libcurl wants it. */
static int32_t write_lines(fr_transfer *transfer, const fr_transport_request *request)
{
    fr_buf *out = &transfer->sent;

    fr_buf_clear(out);
    for (uint64_t i = 0; i < request->header_count; i++) {
        const fractary_header *header = request->headers[i];
        fr_buf_puts(out, header->name);
        fr_buf_puts(out, *header->value != '\0' ? ": " : ";");
        fr_buf_append(out, header->value, strlen(header->value) + 1);
    }
    for (size_t i = 0; i < UNWANTED; i++)
        if (!has_header(request, unwanted[i])) {
            fr_buf_puts(out, unwanted[i]);
            fr_buf_append(out, ":", 2);
        }
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* A list whose nodes lie in one block; libcurl only reads it. */
static int32_t make_lines(fr_transfer *transfer, const fr_transport_request *request)
{
    const size_t most = (size_t)request->header_count + UNWANTED;

    fr_buf_clear(&transfer->nodes);
    if (write_lines(transfer, request) != FRACTARY_OK ||
        fr_buf_reserve(&transfer->nodes, most * sizeof *transfer->lines) != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    struct curl_slist *lines = (void *)transfer->nodes.data;
    char *text = transfer->sent.data;
    const char *end = text + transfer->sent.length;
    for (size_t i = 0; i < most && text < end; i++, text += strlen(text) + 1) {
        lines[i] = (struct curl_slist){.data = text};
        if (i > 0)
            lines[i - 1].next = &lines[i];
    }
    transfer->lines = lines;
    return FRACTARY_OK;
}

#define SET(option, value) (failed |= (int)curl_easy_setopt(easy, (option), (value)))

static int set_protocol(CURL *easy)
{
    int failed = 0;

#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_PATH_AS_IS, 1L); /* what was signed must not be tidied up */
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(CURLOPT_QUICK_EXIT, 1L); /* who interrupts does not wait for a name server */
#endif
    return failed;
}

static int set_method(CURL *easy, const fr_transport_request *request)
{
    int failed = 0;
    const int sends = request->body_length > 0 || strcmp(request->method, "POST") == 0 ||
                      strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0;

    if (strcmp(request->method, "HEAD") == 0) {
        SET(CURLOPT_NOBODY, 1L);
    } else if (sends) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDS, request->body != NULL ? request->body : "");
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    }
    SET(CURLOPT_CUSTOMREQUEST, request->method);
    return failed;
}

static int set_request(fr_transfer *transfer, const fr_transport_request *request)
{
    CURL *easy = transfer->easy;
    const long timeout = request->timeout_ms < INT32_MAX ? (long)request->timeout_ms : INT32_MAX;
    int failed = 0;

    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_HTTPHEADER, transfer->lines);
    SET(CURLOPT_USERAGENT, request->user_agent);
    SET(CURLOPT_TIMEOUT_MS, timeout);
    SET(CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_MS ? timeout : CONNECT_MS);
    /* Empty rather than NULL: none, whatever the environment says. */
    SET(CURLOPT_PROXY, request->proxy != NULL ? request->proxy : "");
    SET(CURLOPT_NOPROXY, "");
    if (request->ca_file != NULL)
        SET(CURLOPT_CAINFO, request->ca_file);
    SET(CURLOPT_ERRORBUFFER, transfer->failure);
    SET(CURLOPT_PRIVATE, transfer);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, transfer);
    return failed;
}

#undef SET

static void transfer_free(fr_transfer *transfer)
{
    if (transfer->easy != NULL)
        curl_easy_cleanup(transfer->easy);
    free(transfer->headers);
    fr_buf_finish(&transfer->nodes);
    fr_buf_finish(&transfer->sent);
    fr_buf_finish(&transfer->head);
    fr_buf_finish(&transfer->body);
    free(transfer);
}

/* One that was used before, or a new one; NULL without memory. */
static fr_transfer *take_transfer(transport *self)
{
    fr_transfer *transfer = self->idle;

    if (transfer != NULL) {
        self->idle = transfer->next;
        self->idle_count--;
        curl_easy_reset(transfer->easy);
        return transfer;
    }
    transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL)
        return NULL;
    transfer->easy = curl_easy_init();
    if (transfer->easy != NULL)
        return transfer;
    free(transfer);
    return NULL;
}

static void release(void *context, fr_transfer *transfer)
{
    transport *self = context;

    if (transfer->added)
        (void)curl_multi_remove_handle(self->multi, transfer->easy);
    transfer->added = 0;
    if (self->idle_count >= IDLE_TRANSFERS) {
        transfer_free(transfer);
        return;
    }
    if (transfer->body.capacity > KEPT_BODY)
        fr_buf_finish(&transfer->body);
    transfer->next = self->idle;
    self->idle = transfer;
    self->idle_count++;
}

static void begin(fr_transfer *transfer, const fr_transport_request *request)
{
    transfer->request = *request;
    transfer->answer = (fr_transport_answer){.failure = "", .body = ""};
    transfer->failure[0] = '\0';
    fr_buf_clear(&transfer->head);
    fr_buf_clear(&transfer->body);
}

static int32_t start(void *context, const fr_transport_request *request, fr_transfer **out,
                     fractary_error *error)
{
    transport *self = context;
    fr_transfer *transfer = take_transfer(self);

    if (transfer == NULL)
        return fr_error_nomem(error);
    begin(transfer, request);
    if (make_lines(transfer, request) != FRACTARY_OK || set_protocol(transfer->easy) != 0 ||
        set_method(transfer->easy, request) != 0 || set_request(transfer, request) != 0) {
        release(self, transfer);
        return fr_error_nomem(error);
    }
    const CURLMcode code = curl_multi_add_handle(self->multi, transfer->easy);
    if (code != CURLM_OK) {
        release(self, transfer);
        fr_error_set(error, FRACTARY_E_FAILED, "the request cannot be sent");
        fr_error_cause(error, "%s", curl_multi_strerror(code));
        return FRACTARY_E_FAILED;
    }
    transfer->added = 1;
    *out = transfer;
    return FRACTARY_OK;
}

static const fr_transport_answer *answer_of(const fr_transfer *transfer)
{
    return &transfer->answer;
}

/* ---------------------------------------------------------------------- life */

static void destroy(void *context)
{
    transport *self = context;

    if (self == NULL)
        return;
    while (self->idle != NULL) {
        fr_transfer *next = self->idle->next;
        transfer_free(self->idle);
        self->idle = next;
    }
    if (self->multi != NULL)
        (void)curl_multi_cleanup(self->multi);
    free(self);
    curl_global_cleanup();
}

static int32_t create(const fr_transport_loop *loop, void **out, fractary_error *error)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fr_error_set(error, FRACTARY_E_FAILED, "libcurl cannot be set up");
    transport *self = calloc(1, sizeof *self);
    if (self == NULL) {
        curl_global_cleanup();
        return fr_error_nomem(error);
    }
    self->loop = *loop;
    self->multi = curl_multi_init();
    if (self->multi == NULL ||
        curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK ||
        curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self) != CURLM_OK ||
        curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK ||
        curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self) != CURLM_OK ||
        curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long)CACHED_CONNECTIONS) !=
            CURLM_OK) {
        destroy(self);
        return fr_error_nomem(error);
    }
    *out = self;
    return FRACTARY_OK;
}

__attribute__((visibility("default"))) extern const fr_transport fractary_module_entry;
const fr_transport fractary_module_entry = {
    .size = sizeof(fr_transport),
    .create = create,
    .destroy = destroy,
    .start = start,
    .answer = answer_of,
    .release = release,
    .ready = ready,
    .expired = expired,
};
