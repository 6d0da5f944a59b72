/* What the services handlers/1 and skills/1 ask of the broker on behalf of a
 * guest, and what the core asks of it by the same table. */
#include "plugin/broker_parts.h"

#include "base/path.h"
#include "plugin/command.h"
#include "plugin/loader.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------------- handles */

/* A guest may open only what its kind may, whatever tables it got hold of. */
static int32_t check_guest(const fr_broker *broker, const char *guest, const char *kind,
                           const fr_manifest **out, fractary_error *error)
{
    const fr_instance *instance = fr_broker_find(broker, guest, NULL);

    *out = NULL;
    if (instance == NULL || !fr_str_equal(instance->manifest->kind, kind)) {
        fr_error_set(error, FRACTARY_E_REFUSED, "the plugin %.80s may not call others here", guest);
        fr_error_cause(error, "agents call skills, and skills call handlers; no others do");
        fr_error_place(error, "%.80s", guest);
        return FRACTARY_E_REFUSED;
    }
    *out = instance->manifest;
    return FRACTARY_OK;
}

/* One handle for each guest and instance, however often it is opened. */
static int32_t make_handle(fr_broker *broker, const fr_manifest *guest, fr_instance *instance,
                           fractary_handle **out, fractary_error *error)
{
    fractary_handle *handle;

    for (size_t i = 0; i < broker->handles.count; i++) {
        handle = broker->handles.items[i];
        if (handle->instance == instance && fr_str_equal(handle->guest, guest->id)) {
            *out = handle;
            return FRACTARY_OK;
        }
    }
    handle = calloc(1, sizeof *handle);
    if (handle == NULL)
        return fr_error_nomem(error);
    handle->guest = guest->id;
    handle->instance = instance;
    if (fr_vec_push(&broker->handles, handle) != FRACTARY_OK) {
        free(handle);
        return fr_error_nomem(error);
    }
    *out = handle;
    return FRACTARY_OK;
}

/* Looks a handle up by its address, without touching what it points to: a
 * guest may hand in anything. */
static int32_t find_handle(const fr_broker *broker, const char *guest, const fractary_handle *given,
                           int is_skill, fr_instance **out, fractary_error *error)
{
    *out = NULL;
    for (size_t i = 0; i < broker->handles.count && *out == NULL; i++) {
        const fractary_handle *handle = broker->handles.items[i];
        if (handle == given && fr_str_equal(handle->guest, guest))
            *out = handle->instance;
    }
    if (*out != NULL && fr_str_equal((*out)->manifest->kind, "skill") == is_skill)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_INVALID, "the plugin %.80s called something it has not opened",
                 guest);
    fr_error_place(error, "%.80s", guest);
    return FRACTARY_E_INVALID;
}

/* ---------------------------------------------------------------------- calls */

/* A guest's call may shorten the time there is, and do nothing else. */
static uint64_t deadline_for(const fr_broker *broker, const fractary_call *call)
{
    const uint64_t needed = offsetof(fractary_call, deadline) + sizeof call->deadline;
    const uint64_t asked = call != NULL && call->size >= needed ? call->deadline : 0;

    if (asked == 0 || (broker->deadline != 0 && broker->deadline < asked))
        return broker->deadline;
    return asked;
}

static int32_t unknown_method(const fr_instance *instance, const char *name, fractary_error *error)
{
    const char *nearest = fr_method_nearest(instance->kind->name, name);

    fr_error_set(error, FRACTARY_E_UNSUPPORTED, "there is no method \"%.80s\" in %s", name,
                 instance->kind->interface_id);
    if (nearest != NULL)
        fr_error_cause(error, "there is one called \"%s\"", nearest);
    fr_error_place(error, "%s", instance->manifest->id);
    return FRACTARY_E_UNSUPPORTED;
}

/* Of a handler, for a guest. */
static int32_t find_method(const fr_instance *instance, const char *name, const fr_method **out,
                           fractary_error *error)
{
    *out = fr_method_find(instance->kind->name, name != NULL ? name : "");
    if (*out == NULL)
        return unknown_method(instance, name != NULL ? name : "", error);
    if (!((*out)->flags & FR_METHOD_CORE))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_REFUSED, "%s cannot be called by a plugin", (*out)->name);
    fr_error_cause(error, "what it hands out is for the core alone");
    fr_error_place(error, "%s", instance->manifest->id);
    return FRACTARY_E_REFUSED;
}

static int32_t parse_options(const char *text, fr_json **out, fractary_error *error)
{
    fr_json_fault fault = {0};

    *out = NULL;
    if (text == NULL)
        return FRACTARY_OK;
    *out = fr_json_parse(text, strlen(text), &fault);
    if (*out != NULL)
        return FRACTARY_OK;
    if (fault.line == 0)
        return fr_error_nomem(error);
    fr_error_set(error, FRACTARY_E_INVALID, "the options for a skill are not JSON");
    fr_error_cause(error, "%s at %zu:%zu", fault.reason, fault.line, fault.column);
    return FRACTARY_E_INVALID;
}

/* What an agent passes is checked against the skill's manifest. */
static int32_t run_skill(fr_broker *broker, fr_instance *instance, const char *name,
                         const char *given, const fractary_sink *listener, uint64_t deadline,
                         fractary_error *error)
{
    const fr_json *command = fr_command_find(instance->manifest, name);
    fr_json *values = NULL;
    fr_json *options = NULL;
    int32_t status;

    if (command == NULL)
        return fr_broker_no_command(instance->manifest, name, error);
    status = parse_options(given, &values, error);
    if (status == FRACTARY_OK)
        status = fr_command_options(command, values, &options, error);
    if (status == FRACTARY_OK)
        status = fr_broker_command(broker, instance, name, options, listener, deadline, error);
    fr_json_free(options);
    fr_json_free(values);
    return status;
}

/* ------------------------------------------------------- what services ask for */

/* A guest's error may be of another size, or none at all. */
static int32_t hand_over(int32_t status, const fractary_error *said, fractary_error *error)
{
    if (status == FRACTARY_OK)
        return FRACTARY_OK;
    fr_error_set(error, status, "%s", said->message);
    fr_error_cause(error, "%s", said->cause);
    fr_error_advice(error, "%s", said->advice);
    fr_error_place(error, "%s", said->place);
    return status;
}

/* Where the handle goes. */
static int32_t take_place(fractary_handle **handle, fractary_error *error)
{
    if (handle == NULL) {
        fr_error_set(error, FRACTARY_E_INVALID, "there is no place to put a handle");
        return FRACTARY_E_INVALID;
    }
    *handle = NULL;
    return FRACTARY_OK;
}

static int32_t open_handler(void *context, const char *guest, const fractary_call *call,
                            const char *kind, fractary_handle **handle, fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;
    fr_broker *broker = context;
    fr_instance *instance = NULL;
    const fr_manifest *opener;
    int32_t status;

    (void)call;
    status = take_place(handle, &said);
    if (status == FRACTARY_OK)
        status = check_guest(broker, guest, "skill", &opener, &said);
    if (status == FRACTARY_OK)
        status = fr_broker_use_handler(broker, broker->home.context->environment, kind, &instance,
                                       &said);
    if (status == FRACTARY_OK)
        status = make_handle(broker, opener, instance, handle, &said);
    return hand_over(status, &said, error);
}

static int32_t open_skill(void *context, const char *guest, const fractary_call *call,
                          const char *id, fractary_handle **handle, fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;
    fr_broker *broker = context;
    const fr_manifest *manifest = NULL;
    fr_instance *instance = NULL;
    const fr_manifest *opener;
    int32_t status;

    (void)call;
    status = take_place(handle, &said);
    if (status == FRACTARY_OK)
        status = check_guest(broker, guest, "agent", &opener, &said);
    if (status == FRACTARY_OK)
        status = fr_catalog_find(broker->catalog, id != NULL ? id : "", &manifest, &said);
    if (status == FRACTARY_OK)
        status = fr_broker_check_kind(manifest, "skill", &said);
    if (status == FRACTARY_OK)
        status =
            fr_broker_use(broker, manifest, broker->home.context->environment, &instance, &said);
    if (status == FRACTARY_OK)
        status = make_handle(broker, opener, instance, handle, &said);
    return hand_over(status, &said, error);
}

static int32_t call_handler(void *context, const char *guest, const fractary_call *call,
                            fractary_handle *handle, const char *method, const void *request,
                            const fractary_sink *listener, fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;
    fr_broker *broker = context;
    const fr_method *found = NULL;
    fr_instance *instance;
    int32_t status = find_handle(broker, guest, handle, 0, &instance, &said);

    if (status == FRACTARY_OK)
        status = find_method(instance, method, &found, &said);
    if (status == FRACTARY_OK)
        status = fr_broker_call(broker, instance, found, request, listener,
                                deadline_for(broker, call), &said);
    return hand_over(status, &said, error);
}

static int32_t call_skill(void *context, const char *guest, const fractary_call *call,
                          fractary_handle *handle, const char *name, const char *options,
                          const fractary_sink *listener, fractary_error *error)
{
    fractary_error said = FR_ERROR_INIT;
    fr_broker *broker = context;
    fr_instance *instance;
    int32_t status = find_handle(broker, guest, handle, 1, &instance, &said);

    if (status == FRACTARY_OK)
        status = run_skill(broker, instance, name != NULL ? name : "", options, listener,
                           deadline_for(broker, call), &said);
    return hand_over(status, &said, error);
}

/* -------------------------------------------------------------------- modules */

static const void *open_module(void *context, const char *name, fractary_error *error)
{
    const fr_broker *broker = context;
    const void *entry;
    char *file;

    if (!fr_path_is_component(name)) {
        fr_error_set(error, FRACTARY_E_INVALID, "\"%.80s\" cannot be the name of a module", name);
        return NULL;
    }
    file = fr_str_format("%s/%s.so", broker->modules, name);
    if (file == NULL) {
        fr_error_nomem(error);
        return NULL;
    }
    entry = fr_loader_open_module(file, error);
    free(file);
    return entry;
}

fr_broker_table fr_broker_services(fr_broker *broker)
{
    return (fr_broker_table){.context = broker,
                             .credentials = fr_broker_credentials,
                             .open_handler = open_handler,
                             .open_skill = open_skill,
                             .call_handler = call_handler,
                             .call_skill = call_skill,
                             .open_module = open_module};
}
