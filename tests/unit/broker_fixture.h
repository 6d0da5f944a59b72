/* A broker on the real core below it, with the mock plugins of the build. */
#ifndef UNIT_BROKER_FIXTURE_H
#define UNIT_BROKER_FIXTURE_H

#include "plugin/broker.h"
#include "service/records.h"
#include "unit/plugin_fixture.h"

typedef struct broker_fixture {
    fr_context context;
    fr_catalog *catalog;
    fr_broker *broker;
    fr_broker_table table;
    fr_config *config;
    fr_json *records;     /* all that reached the user */
    char *folder;         /* the project               */
    fractary_error error; /* of the last call          */
} broker_fixture;

/* With a configuration of two environments, "test" (the current one) and
 * "dev", and the good mocks as handlers; `patch` (RFC 7396, may be NULL) over
 * it. */
void broker_fixture_init(broker_fixture *f, const char *patch);
void broker_fixture_finish(broker_fixture *f);

/* Runs a command; `options` is JSON, NULL for none. */
int32_t broker_fixture_run(broker_fixture *f, const char *id, const char *command,
                           const char *options);
/* Has good-agent run a command of good-skill. */
int32_t broker_fixture_ask(broker_fixture *f, const char *command, const char *options);
/* The only record of that type; fails when there are others or none. */
const fr_json *broker_fixture_record(const broker_fixture *f, const char *type);
size_t broker_fixture_count(const broker_fixture *f, const char *type);
/* Non-zero when a record of that type has the message. */
int broker_fixture_said(const broker_fixture *f, const char *type, const char *message);

/* Of a call on the fixture `f` whose errors go to f.error. */
#define assert_status(call, expected)                                                              \
    do {                                                                                           \
        const int32_t found = (call);                                                              \
        ck_assert_msg(found == (expected), "%d instead of %d: %s (%s)", found, (expected),         \
                      f.error.message, f.error.cause);                                             \
    } while (0)

#endif
