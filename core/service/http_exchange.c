#include "service/http_exchange.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

#define MOST_ATTEMPTS     10
#define USUAL_ATTEMPTS    4
#define USUAL_TIMEOUT     (30 * FR_SECOND)
#define USUAL_BODY        (UINT64_C(16) << 20)
#define MOST_HEADERS      256
#define TOO_MANY_REQUESTS 429

/* ------------------------------------------------------------------ checking */

static int32_t check_header(const fractary_header *header, fractary_error *error)
{
    if (fr_http_is_token(header->name) && fr_http_is_value(header->value))
        return FRACTARY_OK;
    /* The value may be a secret: it is not shown. */
    return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" is no header, or its value is none",
                        header->name != NULL ? header->name : "");
}

static int is_near_proxy(const char *proxy)
{
    fr_http_url url;

    return proxy == NULL ||
           (fr_http_url_read(proxy, &url, NULL) == FRACTARY_OK && url.plain && url.near);
}

static int32_t check_way(const fr_exchange *exchange, const char *what, fractary_error *error)
{
    if (!exchange->url.plain || (exchange->url.near && is_near_proxy(exchange->request.proxy)))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_REFUSED, "%.*s gets no credentials", (int)exchange->url.origin,
                 exchange->request.url);
    fr_error_cause(error, "%s would travel in clear over plain http", what);
    fr_error_advice(error, "Use an https:// address; plain http carries credentials to this "
                           "machine and to metadata addresses only.");
    return FRACTARY_E_REFUSED;
}

/* Of all that would be sent; `exchange->headers` is filled. */
static int32_t check_credentials(const fr_exchange *exchange, fractary_error *error)
{
    for (size_t i = 0; i < exchange->headers.count; i++) {
        const fractary_header *header = exchange->headers.items[i];
        if (fr_http_is_credential(header->name))
            return check_way(exchange, header->name, error);
    }
    return fr_http_is_signed(exchange->request.url)
               ? check_way(exchange, "the signature in its address", error)
               : FRACTARY_OK;
}

static int32_t check_request(const fractary_http_request *request, fractary_error *error)
{
    if (!fr_http_is_token(request->method))
        return fr_error_set(error, FRACTARY_E_INVALID, "the method is no HTTP method");
    if (request->done == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "a request needs done()");
    if (request->max_attempts > MOST_ATTEMPTS || request->header_count > MOST_HEADERS)
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "a request has at most %d attempts and %d headers", MOST_ATTEMPTS,
                            MOST_HEADERS);
    if ((request->header_count > 0 && request->headers == NULL) ||
        (request->body_length > 0 && request->body == NULL))
        return fr_error_set(error, FRACTARY_E_INVALID, "headers or body are missing");
    int32_t status = FRACTARY_OK;
    for (uint64_t i = 0; i < request->header_count && status == FRACTARY_OK; i++)
        status = check_header(&request->headers[i], error);
    return status;
}

/* ------------------------------------------------------------------- copying */

static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

static size_t request_size(const fractary_http_request *request)
{
    size_t size =
        (size_t)request->header_count * sizeof(fractary_header) + (size_t)request->body_length + 1;

    size += text_size(request->method) + text_size(request->url) + text_size(request->ca_file) +
            text_size(request->proxy);
    for (uint64_t i = 0; i < request->header_count; i++)
        size += text_size(request->headers[i].name) + text_size(request->headers[i].value);
    return size;
}

static const char *put(char **free_memory, const char *data, size_t size)
{
    char *copy = *free_memory;

    if (data == NULL)
        return NULL;
    memcpy(copy, data, size);
    *free_memory += size;
    return copy;
}

static const char *put_text(char **free_memory, const char *text)
{
    return put(free_memory, text, text_size(text));
}

static void copy_headers(fr_exchange *exchange, const fractary_http_request *from,
                         char **free_memory)
{
    fractary_header *headers = (void *)*free_memory;

    *free_memory += (size_t)from->header_count * sizeof *headers;
    for (uint64_t i = 0; i < from->header_count; i++) {
        headers[i].name = put_text(free_memory, from->headers[i].name);
        headers[i].value = put_text(free_memory, from->headers[i].value);
    }
    exchange->request.headers = headers;
}

/* One block for all texts; the headers stand first, where it is aligned. */
static int32_t copy_request(fr_exchange *exchange, const fractary_http_request *from)
{
    exchange->memory = malloc(request_size(from));
    if (exchange->memory == NULL)
        return FRACTARY_E_NOMEM;
    char *free_memory = exchange->memory;
    exchange->request = *from;
    copy_headers(exchange, from, &free_memory);
    exchange->request.method = put_text(&free_memory, from->method);
    exchange->request.url = put_text(&free_memory, from->url);
    exchange->request.ca_file = put_text(&free_memory, from->ca_file);
    exchange->request.proxy = put_text(&free_memory, from->proxy);
    exchange->request.body =
        from->body_length > 0 ? put(&free_memory, from->body, (size_t)from->body_length) : NULL;
    return FRACTARY_OK;
}

static void fill_defaults(fractary_http_request *request)
{
    if (request->max_attempts == 0)
        request->max_attempts = USUAL_ATTEMPTS;
    if (request->timeout == 0)
        request->timeout = USUAL_TIMEOUT;
    if (request->max_body == 0)
        request->max_body = USUAL_BODY;
}

/* --------------------------------------------------------------------- life */

static int32_t list_headers(fr_exchange *exchange)
{
    int32_t status = FRACTARY_OK;

    exchange->headers.count = 0;
    for (uint64_t i = 0; i < exchange->request.header_count && status == FRACTARY_OK; i++)
        status = fr_vec_push(&exchange->headers, (void *)(uintptr_t)&exchange->request.headers[i]);
    for (size_t i = 0; i < exchange->added.count && status == FRACTARY_OK; i++)
        status = fr_vec_push(&exchange->headers, exchange->added.items[i]);
    return status;
}

int32_t fr_exchange_create(const fractary_http_request *request, fr_exchange **out,
                           fractary_error *error)
{
    fr_http_url url;
    int32_t status = fr_http_url_read(request->url, &url, error);

    if (status == FRACTARY_OK)
        status = check_request(request, error);
    if (status != FRACTARY_OK)
        return status;
    fr_exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return fr_error_nomem(error);
    exchange->url = url;
    if (copy_request(exchange, request) != FRACTARY_OK || list_headers(exchange) != FRACTARY_OK)
        status = fr_error_nomem(error);
    fill_defaults(&exchange->request);
    if (status == FRACTARY_OK)
        status = check_credentials(exchange, error);
    if (status != FRACTARY_OK) {
        fr_exchange_free(exchange);
        return status;
    }
    *out = exchange;
    return FRACTARY_OK;
}

void fr_exchange_free(fr_exchange *exchange)
{
    if (exchange == NULL)
        return;
    fr_vec_finish(&exchange->headers, NULL);
    fr_vec_finish(&exchange->added, free);
    free(exchange->memory);
    free(exchange);
}

/* ------------------------------------------------------------------- attempt */

static int32_t add_header(const fractary_http_attempt *attempt, const char *name, const char *value)
{
    fr_exchange *exchange = attempt->context;
    const fractary_header given = {name, value};
    fractary_header *header = NULL;
    int32_t status = check_header(&given, NULL);

    if (status == FRACTARY_OK && exchange->added.count == MOST_HEADERS)
        status = FRACTARY_E_LIMIT;
    if (status == FRACTARY_OK)
        header = malloc(sizeof *header + text_size(name) + text_size(value));
    if (status == FRACTARY_OK && header == NULL)
        status = FRACTARY_E_NOMEM;
    if (status == FRACTARY_OK) {
        char *free_memory = (char *)(header + 1);
        header->name = put_text(&free_memory, name);
        header->value = put_text(&free_memory, value);
        status = fr_vec_push(&exchange->added, header);
    }
    if (status != FRACTARY_OK) {
        free(header);
        exchange->added_failed = status;
    }
    return status;
}

static void forget_added(fr_exchange *exchange)
{
    for (size_t i = 0; i < exchange->added.count; i++)
        free(exchange->added.items[i]);
    exchange->added.count = 0;
    exchange->added_failed = 0;
}

int32_t fr_exchange_prepare(fr_exchange *exchange, int64_t server_time, fractary_error *error)
{
    const fractary_http_attempt attempt = {.size = sizeof attempt,
                                           .number = exchange->attempts,
                                           .server_time = server_time,
                                           .add_header = add_header,
                                           .context = exchange};
    int32_t status = FRACTARY_OK;

    forget_added(exchange);
    if (exchange->request.prepare != NULL)
        status = exchange->request.prepare(exchange->request.context, &attempt, error);
    if (status == FRACTARY_OK && exchange->added_failed != 0)
        status = fr_error_set(error, exchange->added_failed, "a header could not be added");
    if (status == FRACTARY_OK && list_headers(exchange) != FRACTARY_OK)
        status = fr_error_nomem(error);
    return status == FRACTARY_OK ? check_credentials(exchange, error) : status;
}

/* -------------------------------------------------------------------- answer */

int32_t fr_exchange_classify(const fr_exchange *exchange, const fractary_http_response *response,
                             int cut)
{
    if (exchange->request.classify != NULL)
        return exchange->request.classify(exchange->request.context, response);
    if (response->status == TOO_MANY_REQUESTS)
        return FRACTARY_HTTP_THROTTLED;
    return response->status == 0 || response->status >= 500 || cut ? FRACTARY_HTTP_RETRY
                                                                   : FRACTARY_HTTP_DONE;
}

const char *fr_exchange_header(const fractary_http_response *response, const char *name)
{
    for (uint64_t i = 0; i < response->header_count; i++)
        if (fr_str_equal(response->headers[i].name, name))
            return response->headers[i].value;
    return NULL;
}
