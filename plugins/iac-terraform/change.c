#include "change.h"

#include "text.h"

#include <stdlib.h>

typedef struct action {
    const char *tool; /* in the tool's output           */
    const char *name; /* in records                     */
    const char *past; /* "will be …", "… was …"          */
    const char *present;
} action;

static const action actions[] = {
    {"create", "create", "created", "creating"},
    {"update", "update", "changed", "changing"},
    {"replace", "replace", "replaced", "replacing"},
    {"delete", "delete", "destroyed", "destroying"},
    {"read", "read", "read", "reading"},
    {"import", "import", "imported", "importing"},
    {"move", "move", "moved", "moving"},
    {"remove", "forget", "forgotten, not destroyed", "forgetting"},
    {"noop", "no-op", "left as it is", "leaving"},
};

static const char *const statuses[] = {"planned", "started", "running", "done", "failed"};

/* A new action of a newer tool passes through under its own name. */
static action action_of(const fr_json *source)
{
    const char *named = fr_json_get_string(source, "action");
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (fr_str_equal(actions[i].tool, named))
            return actions[i];
    const char *name = named != NULL ? named : "change";
    return (action){name, name, name, name};
}

static char *sentence(const char *address, const action *act, enum fr_tf_status status,
                      int64_t seconds)
{
    switch (status) {
    case FR_TF_PLANNED:
        return fr_str_format("%s will be %s", address, act->past);
    case FR_TF_STARTED:
        return fr_str_format("%s %s", act->present, address);
    case FR_TF_RUNNING:
        return fr_str_format("still %s %s after %lld s", act->present, address, (long long)seconds);
    case FR_TF_DONE:
        return fr_str_format("%s was %s", address, act->past);
    case FR_TF_FAILED:
        return fr_str_format("%s %s failed", act->present, address);
    }
    return NULL;
}

#define TEXT_LIMIT 4096u

static int32_t fill(fr_json *record, const fr_json *source, const action *act,
                    enum fr_tf_status status)
{
    const fr_json *resource = fr_json_get(source, "resource");
    const char *module = fr_json_get_string(resource, "module");
    const char *previous =
        fr_json_string(fr_json_at(source, "previous_resource", "addr", (char *)NULL));
    int32_t failed = fr_tf_put(record, "address", fr_json_get_string(resource, "addr"), TEXT_LIMIT);
    failed |= fr_tf_put(record, "resource_type", fr_json_get_string(resource, "resource_type"),
                        TEXT_LIMIT);
    failed |= fr_tf_put(record, "name", fr_json_get_string(resource, "resource_name"), TEXT_LIMIT);
    failed |= fr_json_set_string(record, "module", module != NULL ? module : "");
    failed |= fr_json_set_string(record, "action", act->name);
    failed |= fr_json_set_string(record, "status", statuses[status]);
    failed |= fr_tf_put(record, "reason", fr_json_get_string(source, "reason"), TEXT_LIMIT);
    failed |= fr_tf_put(record, "previous_address", previous, TEXT_LIMIT);
    if (status == FR_TF_DONE)
        failed |= fr_tf_put(record, "id", fr_json_get_string(source, "id_value"), TEXT_LIMIT);
    if (fr_json_get(source, "elapsed_seconds") != NULL)
        failed |= fr_json_set_int(record, "elapsed_ms",
                                  1000 * fr_json_get_int(source, "elapsed_seconds", 0));
    return failed;
}

int32_t fr_tf_change_emit(const fractary_call *call, const fr_json *source,
                          enum fr_tf_status status)
{
    const char *address = fr_json_string(fr_json_at(source, "resource", "addr", (char *)NULL));
    if (address == NULL)
        return FRACTARY_OK;
    action act = action_of(source);
    char *message = sentence(address, &act, status, fr_json_get_int(source, "elapsed_seconds", 0));
    fr_json *record = message == NULL ? NULL : fr_record_new("change", "%s", message);
    free(message);
    if (record == NULL || fill(record, source, &act, status) != FRACTARY_OK) {
        fr_json_free(record);
        return FRACTARY_E_NOMEM;
    }
    return fr_record_emit(&call->sink, record);
}
