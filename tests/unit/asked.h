/* http/1 as a plugin meets it: the service on the real module, the server of
 * http_fixture.h, and requests that remember what became of them. */
#ifndef UNIT_ASKED_H
#define UNIT_ASKED_H

#include <check.h>

#include "http_fixture.h"
#include "plugin_fixture.h"
#include "service_fixture.h"

/* What every test here has. */
typedef struct asked_world {
    service_fixture f;
    http_fixture *server;
    const fractary_http *http;
    fractary_error error;
} asked_world;

extern asked_world world;
void asked_set_up(void);
void asked_tear_down(void);

/* One request and what became of it. */
typedef struct asked {
    char url[256];
    fractary_http_request request;
    int prepared, finished;
    int64_t server_times[10];
    const char *header; /* added by prepare(), or NULL */
    int32_t refuse;     /* what prepare() returns      */
    int32_t status;
    fractary_http_response response; /* without headers and texts */
    char *body, *failure;
    struct asked *then; /* submitted by done() */
} asked;

/* A GET of `path` from the server, or of a whole URL. */
void asked_init(asked *a, const char *path);
void asked_finish(asked *a);
int32_t asked_submit(asked *a);
int32_t asked_run(void);
/* Submits and runs; done() must have been called once. */
void asked_get(asked *a);

/* The request's callbacks, for tests that wrap them. */
int32_t asked_prepare(void *context, const fractary_http_attempt *attempt, fractary_error *given);
void asked_done(void *context, int32_t status, const fractary_http_response *response);

#endif
