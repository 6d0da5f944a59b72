/*
 * What all mock plugins share: an entry, an instance that remembers its host,
 * and records. Each mock varies one behaviour and is the rest of a plugin as
 * it should be.
 */
#ifndef MOCK_H
#define MOCK_H

#include <fractary-plugin/error.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <fractary/fractary.h>
#include <stdlib.h>
#include <string.h>

typedef struct mock {
    const fractary_host *host;
    fractary_sink kept; /* for who writes too late */
} mock;

static inline int32_t mock_create(const fractary_host *host, void **instance, fractary_error *error)
{
    mock *made = calloc(1, sizeof *made);

    if (made == NULL)
        return fr_error_nomem(error);
    made->host = host;
    *instance = made;
    return FRACTARY_OK;
}

static inline void mock_destroy(void *instance)
{
    free(instance);
}

static inline const void *mock_service(const void *instance, const char *id)
{
    const mock *self = instance;

    return self->host->service(self->host, id);
}

/* A `log` record with that sentence. */
static inline int32_t mock_say(const fractary_call *call, const char *text)
{
    return fr_record_emit(&call->sink, fr_record_new("log", "%s", text));
}

/* The entry of a mock, whose members after the first may be set otherwise. */
#define MOCK_ENTRY(name, ...)                                                                      \
    const fractary_plugin fractary_plugin_entry = {.size = sizeof(fractary_plugin),                \
                                                   .abi = FRACTARY_ABI,                            \
                                                   .id = name,                                     \
                                                   .version = "1.0.0",                             \
                                                   __VA_ARGS__};

#define MOCK_FUNCTIONS .create = mock_create, .destroy = mock_destroy, .get_interface = mock_get

/* The table `table`, handed out as interface `interface_id`. */
#define MOCK_GET(interface_id, table)                                                              \
    static const void *mock_get(void *instance, const char *id)                                    \
    {                                                                                              \
        (void)instance;                                                                            \
        return strcmp(id, interface_id) == 0 ? (table) : NULL;                                     \
    }

/* A skill that has only run_function(). */
#define MOCK_SKILL(name, run_function)                                                             \
    static const fractary_skill mock_table = {sizeof mock_table, run_function};                    \
    MOCK_GET(FRACTARY_SKILL_1, &mock_table)                                                        \
    MOCK_ENTRY(name, MOCK_FUNCTIONS)

/* A skill's run() that does nothing, well. */
static inline int32_t mock_run(void *instance, const fractary_call *call,
                               const fractary_request *request, fractary_error *error)
{
    (void)instance;
    (void)request;
    (void)error;
    return mock_say(call, "ran");
}

#endif
