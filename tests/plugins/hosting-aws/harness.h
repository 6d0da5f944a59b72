/* What the tests of hosting-aws share: a host with keys in its environment,
 * and resources made of JSON. */
#ifndef FRACTARY_TESTS_AWS_HARNESS_H
#define FRACTARY_TESTS_AWS_HARNESS_H

#include <check.h>
#include <fakehost.h>
#include <fakehost_http.h>

typedef struct harness {
    fr_fakehost *host;
    fr_fake_http *http;
    void *aws;
    const fractary_hosting *hosting;
    const fractary_call *call;
    fractary_error error;
} harness;

/* A host with the manifest of hosting-aws, keys in the environment for `read`
 * and `deploy`, no shared files. Nothing is started yet. */
void harness_open(harness *h);
/* Starts the plugin and begins a call. */
void harness_start(harness *h);
void harness_close(harness *h);

/* A resource out of a JSON object with the members of fractary_resource;
 * `attributes` is an object. Texts point into `tree`, but for the attributes,
 * which the caller frees. */
fractary_resource harness_resource(const fr_json *tree, char **attributes);
/* verify() for the objects of a JSON array. */
int32_t harness_verify(harness *h, const char *resources);
/* fr_fake_http_answer() without the ceremony; `times` 0: always. */
void harness_answer(harness *h, const char *match, int32_t status, const char *headers,
                    const char *body, uint32_t times);
/* The record of that address has that status and that reason (NULL: none). */
void harness_expect(const harness *h, const char *address, const char *status, const char *reason);
/* The `resource` of the record of that address; fails when there is none. */
const fr_json *harness_record(const harness *h, const char *address);

#endif
