/*
 * http/1 for the fake host. Without a network: a script of answers; with one:
 * plain sockets to 127.0.0.1, for tests against a local AWS. Retries follow at
 * once. Breaches of the ABI fail the test.
 *
 *     fr_fake_http *http = fr_fakehost_http(host);
 *     fr_fake_http_answer(http, "POST Action=GetRole", &(fr_fake_answer){.status = 200, …});
 */
#ifndef FRACTARY_TESTS_FAKEHOST_HTTP_H
#define FRACTARY_TESTS_FAKEHOST_HTTP_H

#include "fakehost.h"

typedef struct fr_fake_http fr_fake_http;

/* Gives the host its http/1; gone with the host. */
fr_fake_http *fr_fakehost_http(fr_fakehost *host);

typedef struct fr_fake_answer {
    int32_t status;      /* 0: no answer comes                             */
    const char *headers; /* "name: value\n" each, names in lower case; or NULL */
    const char *body;    /* or NULL                                        */
    int truncated;       /* the body ends too early                        */
    uint32_t times;      /* how often it is given; 0: as often as asked    */
} fr_fake_answer;

/* Adds an answer for requests whose text (method, URL, headers in lower case,
 * body) has all the words of `match`, which are separated by spaces. Those
 * added earlier come first. A request that has no answer fails the test. */
void fr_fake_http_answer(fr_fake_http *http, const char *match, const fr_fake_answer *answer);
void fr_fake_http_forget(fr_fake_http *http); /* answers and requests so far */
/* Sends to 127.0.0.1, whatever the URL's host, instead. */
void fr_fake_http_really(fr_fake_http *http);

/* Attempts that were made, in order: {"method","url","headers":{name:value},
 * "body","attempt","ca_file","answer":{"status","headers","body"}}, names in
 * lower case. */
size_t fr_fake_http_count(const fr_fake_http *http);
const fr_json *fr_fake_http_request(const fr_fake_http *http, size_t index);
/* The largest number of requests that waited or were under way at once. */
size_t fr_fake_http_most(const fr_fake_http *http);
/* Requests that were submitted and not yet answered. */
size_t fr_fake_http_open(const fr_fake_http *http);

#endif
