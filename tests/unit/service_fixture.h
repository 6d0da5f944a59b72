/* A context as cli/app.c makes it, on a temporary folder, with a reader that
 * keeps every record; and one call. For tests of services. */
#ifndef UNIT_SERVICE_FIXTURE_H
#define UNIT_SERVICE_FIXTURE_H

#include <check.h>
#include <fractary-plugin/vec.h>

#include "service/host.h"
#include "service/loop.h"
#include "service/records.h"
#include "service/service.h"

typedef struct service_fixture {
    char *folder; /* removed at the end */
    fr_context context;
    fr_guest guest;
    fr_call *call;
    fr_vec records; /* fr_json, as the reader got them */
} service_fixture;

/* The context has loop, run (in the folder), journal, gate and records; the
 * guest is "tester" of kind "hosting" in environment "test". */
void service_fixture_init(service_fixture *f);
void service_fixture_finish(service_fixture *f);
/* Makes the call anew with a deadline that many milliseconds from now; 0: none. */
const fractary_call *service_fixture_call(service_fixture *f, uint64_t milliseconds);

/* How many records of a type came; the nth of them, which must be there. */
size_t service_fixture_count(const service_fixture *f, const char *type);
const fr_json *service_fixture_record(const service_fixture *f, const char *type, size_t nth);
/* The journal, read anew; the caller frees it. */
char *service_fixture_journal(const service_fixture *f);

/* Opens the private module "http" of the build that is tested; for
 * context.broker.open_module. */
const void *service_fixture_open_module(void *context, const char *name, fractary_error *error);

/* Sends `number` to this process after that many milliseconds, from a process
 * of its own. */
void service_fixture_signal_later(int number, unsigned milliseconds);

/* Milliseconds since `start` (CLOCK_MONOTONIC ns). */
unsigned service_fixture_since(uint64_t start);

#endif
