/* infra-deployer: applies an approved plan, verifies what came of it and
 * documents it. See SKILL.md. */
#include <fractary-plugin/record.h>
#include <fractary-plugin/step.h>
#include <fractary-plugin/str.h>
#include <fractary/fractary.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "inventory.h"
#include "verdict.h"

typedef struct deployer {
    const fractary_handlers *handlers;
    const fractary_registry *registry;
    const fractary_clock *clock;
} deployer;

/* One command while it runs. */
typedef struct work {
    deployer *self;
    fr_steps steps;
    fractary_handle *iac, *hosting;
    inventory resources;
    changes changes;  /* that were made            */
    fr_buf principal; /* who acted, as the cloud names it */
    fr_buf account;   /* and in which account             */
    fr_json *options; /* of the request                   */
} work;

static void work_finish(work *w)
{
    inventory_finish(&w->resources);
    changes_finish(&w->changes);
    fr_buf_finish(&w->principal);
    fr_buf_finish(&w->account);
    fr_json_free(w->options);
}

static int32_t open_handlers(work *w, fractary_error *error)
{
    const fractary_handlers *handlers = w->self->handlers;
    int32_t status = handlers->open(handlers, w->steps.call, "iac", &w->iac, error);
    if (status == FRACTARY_OK)
        status = handlers->open(handlers, w->steps.call, "hosting", &w->hosting, error);
    return status;
}

static int32_t call_handler(work *w, fractary_handle *handle, const char *method,
                            const void *request, const fractary_sink *listener,
                            fractary_error *error)
{
    const fractary_handlers *handlers = w->self->handlers;
    return handlers->call(handlers, w->steps.call, handle, method, request, listener, error);
}

/* ------------------------------------------------------------------- steps */

static void keep(fr_buf *where, const char *text)
{
    fr_buf_clear(where);
    fr_buf_puts(where, text ? text : "");
}

static int32_t keep_identity(void *context, const char *data, uint64_t length)
{
    work *w = context;
    fr_json *record = fr_json_parse(data, (size_t)length, NULL);
    if (fr_str_equal(fr_json_get_string(record, "type"), "identity")) {
        keep(&w->principal, fr_json_get_string(record, "principal"));
        keep(&w->account, fr_json_get_string(record, "account"));
    }
    fr_json_free(record);
    return FRACTARY_OK;
}

static int32_t sign_in(work *w, fractary_error *error)
{
    const fractary_authenticate_request request = {.size = sizeof request, .purpose = "deploy"};
    const fractary_sink listener = {w, keep_identity};
    int32_t status = fr_step_begin(&w->steps, "identity", "Ask the cloud who acts");
    if (status == FRACTARY_OK)
        status = call_handler(w, w->hosting, "authenticate", &request, &listener, error);
    return fr_step_end(&w->steps, status, error, "Identity %s",
                       status == FRACTARY_OK ? "confirmed" : "not known");
}

static int32_t apply(work *w, const char *method, fractary_error *error)
{
    const fractary_iac_apply_request request = {.size = sizeof request, .name = "plan"};
    const fractary_sink listener = changes_listener(&w->changes);
    int destroy = fr_str_equal(method, "destroy");
    int32_t status =
        fr_step_begin(&w->steps, method, destroy ? "Remove everything" : "Apply the plan");
    if (status == FRACTARY_OK)
        status = call_handler(w, w->iac, method, &request, &listener, error);
    return fr_step_end(&w->steps, status, error, "Plan %s",
                       status == FRACTARY_OK ? "applied" : "not applied as a whole");
}

static int32_t read_state(work *w, fractary_error *error)
{
    const fractary_iac_show_request request = {.size = sizeof request};
    const fractary_sink listener = inventory_listener(&w->resources);
    int32_t status = fr_step_begin(&w->steps, "state", "Read what exists");
    if (status == FRACTARY_OK)
        status = call_handler(w, w->iac, "show", &request, &listener, error);
    inventory_sort(&w->resources);
    size_t count = w->resources.resources.count;
    return fr_step_end(&w->steps, status, error, "State read: %zu resource%s", count,
                       count == 1 ? "" : "s");
}

static int32_t ask_cloud(work *w, fractary_error *error)
{
    const fractary_resource *const *list = NULL;
    fr_vec texts = {0};
    int32_t status = inventory_views(&w->resources, &list, &texts);
    if (status != FRACTARY_OK)
        return fr_error_nomem(error);
    const fractary_verify_request request = {
        .size = sizeof request, .resources = list, .count = w->resources.resources.count};
    const fractary_sink listener = inventory_listener(&w->resources);
    w->resources.merging = 1;
    status = call_handler(w, w->hosting, "verify", &request, &listener, error);
    w->resources.merging = 0;
    free((void *)list);
    fr_vec_finish(&texts, free);
    return status;
}

/* With `judging` what was found decides how the step ends. */
static int32_t verify(work *w, int judging, fractary_error *error)
{
    int32_t status = fr_step_begin(&w->steps, "verify", "Ask the cloud for each resource");
    if (status == FRACTARY_OK && w->resources.resources.count)
        status = ask_cloud(w, error);
    inventory_mark_rest(&w->resources, "the cloud was not asked to the end");
    inventory_own(&w->resources, fr_buf_text(&w->account));
    int32_t explained = verdict_explain(&w->resources, &w->steps.call->sink);
    if (status == FRACTARY_OK)
        status = explained == FRACTARY_E_NOMEM ? fr_error_nomem(error) : explained;
    if (status == FRACTARY_OK && judging)
        status = verdict_judge(&w->resources, w->steps.call->environment, error);
    inventory_counts counts = inventory_count(&w->resources);
    return fr_step_end(&w->steps, status, error, "%zu verified, %zu missing, %zu unverifiable",
                       counts.verified, counts.missing, counts.unverifiable);
}

static int32_t document(work *w, const char *action, int failed, fractary_error *error)
{
    fr_buf text = {0};
    int32_t status = fr_step_begin(&w->steps, "document", "Write registry and DEPLOYED.md");
    if (status == FRACTARY_OK)
        status = inventory_print(&w->resources, &text);
    if (status == FRACTARY_OK) {
        const fractary_registry_update update = {
            .size = sizeof update,
            .failed = failed != 0,
            .action = action,
            .plan = fr_json_get_string(w->options, "plan"),
            .principal = w->principal.length ? fr_buf_text(&w->principal) : NULL,
            .resources = fr_buf_text(&text),
            .length = text.length,
        };
        status = w->self->registry->commit(w->self->registry, w->steps.call, &update, error);
    }
    fr_buf_finish(&text);
    return fr_step_end(&w->steps, status, error, "Registry %s",
                       status == FRACTARY_OK ? "written" : "not written");
}

static int32_t demand_nothing_missing(work *w, fractary_error *error)
{
    inventory_counts counts = inventory_count(&w->resources);
    if (!counts.missing)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_FAILED, "%zu of %zu resources %s missing", counts.missing,
                 w->resources.resources.count, counts.missing == 1 ? "is" : "are");
    fr_error_cause(error, "The state has them, and the cloud says that they do not exist.");
    fr_error_advice(error, "Preview the environment: a deployment would make them anew.");
    return FRACTARY_E_FAILED;
}

/* ---------------------------------------------------------------- commands */

/* What exists is read, verified and written down. `applied` is how the apply
 * ended. */
static int32_t take_stock(work *w, const char *action, int32_t applied, fractary_error *error)
{
    fractary_error later = FR_ERROR_INIT;
    int32_t status = read_state(w, error);
    if (status != FRACTARY_OK)
        return status;
    int32_t verified = verify(w, 0, error);
    int32_t written = document(w, action, applied != FRACTARY_OK,
                               verified == FRACTARY_OK ? error : &later);
    return verified != FRACTARY_OK ? verified : written;
}

/* After an apply, a failed one too, comes the stocktaking; the first failure is
 * what the command ends with. */
static int32_t change(work *w, const char *method, const char *action, fractary_error *error)
{
    fractary_error later = FR_ERROR_INIT;
    w->steps.total = 5;
    int32_t status = open_handlers(w, error);
    if (status == FRACTARY_OK)
        status = sign_in(w, error);
    if (status != FRACTARY_OK)
        return status;
    int32_t applied = apply(w, method, error);
    if (applied == FRACTARY_E_REFUSED)
        return applied;
    status = take_stock(w, action, applied, applied == FRACTARY_OK ? error : &later);
    if (applied == FRACTARY_E_CANCELLED) {
        const changes_end end = {.environment = w->steps.call->environment,
                                 .command = action,
                                 .resources = &w->resources,
                                 .unwritten = status == FRACTARY_OK ? NULL : later.message};
        changes_explain(&w->changes, &end, error);
    }
    if (applied != FRACTARY_OK || status != FRACTARY_OK)
        return applied != FRACTARY_OK ? applied : status;
    return demand_nothing_missing(w, error);
}

static int32_t deploy(work *w, fractary_error *error)
{
    return change(w, "apply", "deploy", error);
}

static int32_t teardown(work *w, fractary_error *error)
{
    return change(w, "destroy", "teardown", error);
}

static int32_t read_registry(work *w, inventory *into, fractary_error *error)
{
    const fractary_sink out = inventory_reader(into);
    return w->self->registry->read(w->self->registry, w->steps.call, &out, error);
}

/* What the registry said earlier is no verdict of today. */
static void forget_verdicts(inventory *resources)
{
    for (size_t i = 0; i < resources->resources.count; i++) {
        fr_json_free(fr_json_take(resources->resources.items[i], "status"));
        fr_json_free(fr_json_take(resources->resources.items[i], "reason"));
        fr_json_free(fr_json_take(resources->resources.items[i], "verified_at"));
    }
}

static int32_t demand_no_strays(size_t strays, fractary_error *error)
{
    if (!strays)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_FAILED, "%zu resource%s the registry lists %s not in the state",
                 strays, strays == 1 ? " that" : "s that", strays == 1 ? "is" : "are");
    fr_error_cause(error, "The cloud does not say that they are gone: the state was lost, or "
                          "another one was read.");
    fr_error_advice(error, "Bring the state back or import them; the registry keeps them.");
    return FRACTARY_E_FAILED;
}

/* The registry is brought up to the state, but for what only the registry
 * knows: that leaves it when the cloud says that it is gone. */
static int32_t renew(work *w, inventory *known, fractary_error *error)
{
    size_t strays = 0;
    int32_t status = inventory_mark_drift(known, &w->resources, INVENTORY_UNMANAGED);
    if (status == FRACTARY_OK)
        status = inventory_adopt(&w->resources, known);
    if (status != FRACTARY_OK)
        return fr_error_nomem(error);
    forget_verdicts(&w->resources);
    status = sign_in(w, error);
    if (status == FRACTARY_OK)
        status = verify(w, 0, error);
    if (status == FRACTARY_OK)
        strays = inventory_settle_strays(&w->resources);
    if (status == FRACTARY_OK)
        status = document(w, "refresh", strays > 0, error);
    return status == FRACTARY_OK ? demand_no_strays(strays, error) : status;
}

/* A run that was killed between apply and registry leaves the registry
 * behind; nothing to do for the plan is the moment to see it. */
static int32_t refresh(work *w, fractary_error *error)
{
    inventory known = {0};
    w->steps.total = 4;
    int32_t status = open_handlers(w, error);
    if (status == FRACTARY_OK)
        status = read_registry(w, &known, error);
    if (status == FRACTARY_OK)
        status = read_state(w, error);
    if (status == FRACTARY_OK && !inventory_same(&known, &w->resources))
        status = renew(w, &known, error);
    inventory_finish(&known);
    return status;
}

/* What turns the registry's objects into records. */
typedef struct registry_listing {
    const fractary_sink *out;
    fr_buf record; /* kept for its memory */
    size_t count;
} registry_listing;

/* Wraps an object as it stands: there may be ten thousand of them. */
static int32_t list_object(void *context, const char *data, uint64_t length)
{
    registry_listing *listing = context;
    fr_buf *record = &listing->record;
    size_t address_length;
    const char *address = fr_json_member_text(data, (size_t)length, "address", &address_length);
    if (!address)
        return FRACTARY_E_PROTOCOL;
    fr_buf_clear(record);
    fr_buf_puts(record, "{\"type\":\"resource\",\"message\":");
    fr_buf_append(record, address, address_length);
    fr_buf_puts(record, ",\"resource\":");
    fr_buf_append(record, data, (size_t)length);
    if (fr_buf_putc(record, '}') != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    if (record->length > FRACTARY_RECORD_MAX)
        return FRACTARY_E_LIMIT;
    listing->count++;
    return listing->out->emit(listing->out->context, record->data, record->length);
}

/* An empty table would leave open whether anybody looked. */
static int32_t say_nothing_is_there(const work *w)
{
    fr_json *record =
        fr_record_new("log", "nothing is deployed in %s", w->steps.call->environment);
    fr_json_set_string(record, "level", "info");
    return fr_record_emit(&w->steps.call->sink, record);
}

static int32_t resources(work *w, fractary_error *error)
{
    registry_listing listing = {.out = &w->steps.call->sink};
    const fractary_sink sink = {.context = &listing, .emit = list_object};
    int32_t status = w->self->registry->read(w->self->registry, w->steps.call, &sink, error);
    fr_buf_finish(&listing.record);
    return status == FRACTARY_OK && !listing.count ? say_nothing_is_there(w) : status;
}

static int32_t initialise(work *w, fractary_error *error)
{
    const fractary_iac_init_request request = {.size = sizeof request};
    int32_t status = fr_step_begin(&w->steps, "init", "Prepare the working folder");
    if (status == FRACTARY_OK)
        status = call_handler(w, w->iac, "init", &request, NULL, error);
    return fr_step_end(&w->steps, status, error, "Working folder %s",
                       status == FRACTARY_OK ? "ready" : "not ready");
}

/* What the registry lists and the state does not is asked for as well: it may
 * have been taken out of the state by hand and live on. */
static int32_t gather(work *w, fractary_error *error)
{
    inventory registered = {0};
    int32_t status = read_registry(w, &registered, error);
    if (status == FRACTARY_OK)
        status = initialise(w, error);
    if (status == FRACTARY_OK)
        status = read_state(w, error);
    if (status == FRACTARY_OK)
        status = inventory_mark_drift(&w->resources, &registered, INVENTORY_UNREGISTERED);
    if (status == FRACTARY_OK)
        status = inventory_mark_drift(&registered, &w->resources, INVENTORY_UNMANAGED);
    if (status == FRACTARY_OK)
        status = inventory_adopt(&w->resources, &registered);
    inventory_finish(&registered);
    return status == FRACTARY_E_NOMEM ? fr_error_nomem(error) : status;
}

static int32_t status_of(work *w, fractary_error *error)
{
    w->steps.total = 3;
    int32_t status = open_handlers(w, error);
    if (status == FRACTARY_OK)
        status = gather(w, error);
    if (status != FRACTARY_OK)
        return status;
    if (!w->resources.resources.count)
        return say_nothing_is_there(w);
    forget_verdicts(&w->resources);
    return verify(w, 1, error);
}

static const struct {
    const char *name;
    int32_t (*run)(work *w, fractary_error *error);
} commands[] = {
    {"deploy", deploy},       {"teardown", teardown}, {"refresh", refresh},
    {"resources", resources}, {"status", status_of},
};

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    deployer *self = instance;
    work w = {.self = self,
              .steps = {.call = call, .clock = self->clock, .skill = "infra-deployer"}};
    int32_t status = FRACTARY_E_INVALID;
    w.options = fr_json_parse(request->options, strlen(request->options), NULL);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (fr_str_equal(commands[i].name, request->name))
            status = commands[i].run(&w, error);
    work_finish(&w);
    return status;
}

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    deployer *self = calloc(1, sizeof *self);
    if (!self)
        return fr_error_nomem(error);
    self->handlers = host->service(host, FRACTARY_HANDLERS_1);
    self->registry = host->service(host, FRACTARY_REGISTRY_1);
    self->clock = host->service(host, FRACTARY_CLOCK_1);
    *instance = self;
    return FRACTARY_OK;
}

static const void *get_interface(void *instance, const char *id)
{
    static const fractary_skill skill = {.size = sizeof skill, .run = run};
    (void)instance;
    return fr_str_equal(id, FRACTARY_SKILL_1) ? &skill : NULL;
}

const fractary_plugin fractary_plugin_entry = {
    .size = sizeof(fractary_plugin),
    .abi = FRACTARY_ABI,
    .id = "infra-deployer",
    .version = "0.1.0",
    .create = create,
    .destroy = free,
    .get_interface = get_interface,
};
