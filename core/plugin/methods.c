#include "plugin/methods.h"

#include <fractary-plugin/error.h>
#include <fractary-plugin/str.h>
#include <string.h>

#define END_OF(type, member) ((uint32_t)(offsetof(type, member) + sizeof(((type *)0)->member)))

/* --------------------------------------------------------------------- kinds */

/* `minimum` ends with the last member of 1.0 and never changes. */
static const fr_kind kinds[] = {
    {"hosting", FRACTARY_HOSTING_1, END_OF(fractary_hosting, console_url), sizeof(fractary_hosting),
     0},
    {"iac", FRACTARY_IAC_1, END_OF(fractary_iac, parse_error), sizeof(fractary_iac), 0},
    {"skill", FRACTARY_SKILL_1, END_OF(fractary_skill, run), sizeof(fractary_skill), 1},
    {"agent", FRACTARY_AGENT_1, END_OF(fractary_agent, run), sizeof(fractary_agent), 1},
};

const fr_kind *fr_kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (fr_str_equal(kinds[i].name, name))
            return &kinds[i];
    }
    return NULL;
}

/* ------------------------------------------------------------------ requests */

static int names_purpose(const fr_method_request *request)
{
    return request->authenticate.purpose != NULL;
}

static int is_resource(const fractary_resource *resource)
{
    return resource != NULL && resource->size >= END_OF(fractary_resource, attributes) &&
           resource->size <= FR_TABLE_MAX;
}

static int names_resource(const fr_method_request *request)
{
    return is_resource(request->query.resource);
}

static int names_resources(const fr_method_request *request)
{
    if (request->verify.count > 0 && request->verify.resources == NULL)
        return 0;
    for (uint64_t i = 0; i < request->verify.count; i++) {
        if (!is_resource(request->verify.resources[i]))
            return 0;
    }
    return 1;
}

static int names_thing(const fr_method_request *request)
{
    return request->deploy.kind != NULL && request->deploy.name != NULL &&
           request->deploy.parameters != NULL;
}

static int names_new_plan(const fr_method_request *request)
{
    return request->plan.name != NULL;
}

static int names_plan(const fr_method_request *request)
{
    return request->apply.name != NULL;
}

static int names_state_change(const fr_method_request *request)
{
    return request->state.name != NULL && request->state.action != NULL &&
           request->state.arguments != NULL;
}

static int has_text(const fr_method_request *request)
{
    return request->parse_error.text != NULL || request->parse_error.length == 0;
}

static int names_command(const fr_method_request *request)
{
    return request->run.name != NULL && request->run.options != NULL;
}

/* ------------------------------------------------------------------- methods */

/* One function a slot, so that each is called by its own type. */
#define CALL(kind, method)                                                                         \
    static int32_t run_##kind##_##method(                                                          \
        const fr_interface *table, void *instance, const fractary_call *call,                      \
        const fr_method_request *request, const fractary_sink *out, fractary_error *error)         \
    {                                                                                              \
        (void)out;                                                                                 \
        return table->kind.method(instance, call, (const void *)request, error);                   \
    }
#define CALL_WITH_OUT(kind, method)                                                                \
    static int32_t run_##kind##_##method(                                                          \
        const fr_interface *table, void *instance, const fractary_call *call,                      \
        const fr_method_request *request, const fractary_sink *out, fractary_error *error)         \
    {                                                                                              \
        return table->kind.method(instance, call, (const void *)request, out, error);              \
    }

CALL_WITH_OUT(hosting, credentials)
CALL(hosting, authenticate)
CALL(hosting, verify)
CALL(hosting, query)
CALL(hosting, deploy)
CALL(hosting, remove)
CALL_WITH_OUT(hosting, console_url)
CALL(iac, init)
CALL(iac, validate)
CALL(iac, plan)
CALL(iac, apply)
CALL(iac, destroy)
CALL(iac, show)
CALL(iac, parse_error)
CALL(iac, output)
CALL(iac, prepare_state)
CALL(iac, change_state)
CALL(skill, run)
CALL(agent, run)

/* A row: kind, slot, name, flags, request and its last member in 1.0, what the
 * request must hold. */
#define ROW(kind, slot, name, flags, request, last, complete, needs)                               \
    {                                                                                              \
#kind, name, (uint32_t)offsetof(fractary_##kind, slot), flags, END_OF(request, last),      \
            sizeof(request), complete, needs, run_##kind##_##slot                                  \
    }

#define MUST FR_METHOD_MANDATORY

static const fr_method methods[] = {
    ROW(hosting, credentials, "credentials",
        MUST | FR_METHOD_CORE | FR_METHOD_OUT | FR_METHOD_PURPOSE, fractary_credentials_request,
        purpose, names_purpose, "a purpose"),
    ROW(hosting, authenticate, "authenticate", MUST | FR_METHOD_PURPOSE,
        fractary_authenticate_request, purpose, names_purpose, "a purpose"),
    ROW(hosting, verify, "verify", MUST, fractary_verify_request, count, names_resources,
        "resources with their sizes"),
    ROW(hosting, query, "query", 0, fractary_query_request, resource, names_resource,
        "a resource with its size"),
    ROW(hosting, deploy, "deploy", 0, fractary_deploy_request, parameters, names_thing,
        "kind, name and parameters"),
    ROW(hosting, remove, "delete", 0, fractary_deploy_request, parameters, names_thing,
        "kind, name and parameters"),
    ROW(hosting, console_url, "console_url", MUST | FR_METHOD_OUT, fractary_query_request, resource,
        names_resource, "a resource with its size"),
    ROW(iac, init, "init", MUST, fractary_iac_init_request, flags, NULL, ""),
    ROW(iac, validate, "validate", MUST, fractary_iac_validate_request, flags, NULL, ""),
    ROW(iac, plan, "plan", MUST, fractary_iac_plan_request, targets, names_new_plan,
        "a name for the plan"),
    ROW(iac, apply, "apply", MUST | FR_METHOD_PLAN, fractary_iac_apply_request, name, names_plan,
        "the name of a plan"),
    ROW(iac, destroy, "destroy", MUST | FR_METHOD_PLAN, fractary_iac_apply_request, name,
        names_plan, "the name of a plan"),
    ROW(iac, show, "show", MUST, fractary_iac_show_request, flags, NULL, ""),
    ROW(iac, parse_error, "parse_error", MUST, fractary_iac_parse_error_request, length, has_text,
        "a text"),
    ROW(iac, output, "output", 0, fractary_iac_output_request, name, NULL, ""),
    ROW(iac, prepare_state, "prepare_state", 0, fractary_iac_state_request, arguments,
        names_state_change, "a name, an action and its arguments"),
    ROW(iac, change_state, "change_state", FR_METHOD_PLAN, fractary_iac_apply_request, name,
        names_plan, "the name of a change"),
    ROW(skill, run, "run", MUST, fractary_request, options, names_command, "name and options"),
    ROW(agent, run, "run", MUST, fractary_request, options, names_command, "name and options"),
};

#define METHODS (sizeof methods / sizeof *methods)

const fr_method *fr_method_find(const char *kind, const char *name)
{
    for (size_t i = 0; i < METHODS; i++) {
        if (fr_str_equal(methods[i].kind, kind) && fr_str_equal(methods[i].name, name))
            return &methods[i];
    }
    return NULL;
}

const char *fr_method_nearest(const char *kind, const char *name)
{
    const char *names[METHODS];
    size_t count = 0;

    for (size_t i = 0; i < METHODS; i++) {
        if (fr_str_equal(methods[i].kind, kind))
            names[count++] = methods[i].name;
    }
    return fr_str_nearest(name, names, count);
}

int fr_method_offered(const fr_method *method, const fr_interface *table)
{
    void (*slot)(void);

    memcpy(&slot, (const char *)table + method->slot, sizeof slot);
    return slot != NULL;
}

/* -------------------------------------------------------------------- taking */

/* The size that stands at the head of a table or request of somebody else. */
static uint32_t size_of(const void *table)
{
    uint32_t size;

    memcpy(&size, table, sizeof size);
    return size;
}

static void copy_known(void *out, size_t room, const void *from, uint32_t known)
{
    const uint32_t size = size_of(from);

    memset(out, 0, room);
    memcpy(out, from, size < known ? size : known);
}

static int32_t check_slots(const fr_kind *kind, const fr_interface *table, fractary_error *error)
{
    for (size_t i = 0; i < METHODS; i++) {
        const fr_method *method = &methods[i];
        if (!fr_str_equal(method->kind, kind->name) || !(method->flags & FR_METHOD_MANDATORY))
            continue;
        if (!fr_method_offered(method, table))
            return fr_error_set(error, FRACTARY_E_PROTOCOL,
                                "its table of %s has no %s, which is mandatory", kind->interface_id,
                                method->name);
    }
    return FRACTARY_OK;
}

int32_t fr_interface_take(const fr_kind *kind, const void *table, fr_interface *out,
                          fractary_error *error)
{
    if (table == NULL)
        return fr_error_set(error, FRACTARY_E_PROTOCOL,
                            "it does not hand out %s, though its manifest provides it",
                            kind->interface_id);
    const uint32_t size = size_of(table);
    if (size < kind->minimum || size > FR_TABLE_MAX)
        return fr_error_set(error, FRACTARY_E_PROTOCOL,
                            "its table of %s says it has %u bytes, which is not between %u and %u",
                            kind->interface_id, size, kind->minimum, FR_TABLE_MAX);
    copy_known(out, sizeof *out, table, kind->size);
    return check_slots(kind, out, error);
}

int32_t fr_method_take_request(const fr_method *method, const void *request, fr_method_request *out,
                               fractary_error *error)
{
    if (request == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "%s was called without a request",
                            method->name);
    const uint32_t size = size_of(request);
    if (size < method->minimum || size > FR_TABLE_MAX)
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "the request for %s says it has %u bytes, which is not between %u "
                            "and %u",
                            method->name, size, method->minimum, FR_TABLE_MAX);
    copy_known(out, sizeof *out, request, method->size);
    if (method->complete != NULL && !method->complete(out))
        return fr_error_set(error, FRACTARY_E_INVALID, "the request for %s must hold %s",
                            method->name, method->needs);
    return FRACTARY_OK;
}
