#include "backend.h"
#include "command.h"
#include "init.h"
#include "report.h"
#include "state.h"
#include "tool.h"

#include <string.h>

typedef int32_t walk_tree(const fr_json *tree, fr_tf_take_object *take, void *context);

/* Objects go up as they are found. A deposed one has the address of the one
 * that has replaced it, so it waits: it is a resource of its own only when no
 * current object has its address. */
typedef struct showing {
    const fractary_call *call;
    fr_vec deposed; /* of fr_json: `resource` records that wait */
} showing;

static const char *address_in(const fr_json *record)
{
    return fr_json_string(fr_json_at(record, "resource", "address", (char *)NULL));
}

static int32_t take_object(void *context, const fr_tf_object *object)
{
    showing *s = context;
    fr_json *record = fr_tf_resource_record(object);
    if (object->deposed == NULL)
        return fr_record_emit(&s->call->sink, record);
    if (record != NULL && fr_vec_push(&s->deposed, record) == FRACTARY_OK)
        return FRACTARY_OK;
    fr_json_free(record);
    return FRACTARY_E_NOMEM;
}

/* Drops the deposed ones that stand beside `object`. */
static int32_t take_current(void *context, const fr_tf_object *object)
{
    showing *s = context;
    for (size_t i = s->deposed.count; i-- > 0 && object->deposed == NULL;)
        if (fr_str_equal(address_in(s->deposed.items[i]), object->address))
            fr_json_free(fr_vec_remove(&s->deposed, i));
    return FRACTARY_OK;
}

static int32_t emit_note(const showing *s)
{
    const char *first = address_in(s->deposed.items[0]);
    fr_json *record = fr_record_new("log",
                                    "%zu objects are left over from replacements, the "
                                    "first of %s; the next deployment removes them",
                                    s->deposed.count, first != NULL ? first : "an unknown one");
    if (fr_json_set_string(record, "level", "warning") != FRACTARY_OK) {
        fr_json_free(record);
        return FRACTARY_E_NOMEM;
    }
    return fr_record_emit(&s->call->sink, record);
}

static int32_t emit_deposed(showing *s, const fr_json *tree, walk_tree *walk)
{
    if (s->deposed.count == 0)
        return FRACTARY_OK;
    int32_t status = emit_note(s);
    if (status == FRACTARY_OK)
        status = walk(tree, take_current, s);
    for (size_t i = 0; i < s->deposed.count && status == FRACTARY_OK; i++) {
        fr_json *record = s->deposed.items[i];
        s->deposed.items[i] = NULL;
        status = fr_record_emit(&s->call->sink, record);
    }
    return status;
}

static void free_record(void *record)
{
    fr_json_free(record);
}

static int32_t emit_all(const fractary_call *call, const fr_json *tree, walk_tree *walk,
                        fractary_error *error)
{
    showing s = {.call = call};
    int32_t status = walk(tree, take_object, &s);
    if (status == FRACTARY_OK)
        status = emit_deposed(&s, tree, walk);
    fr_vec_finish(&s.deposed, free_record);
    if (status == FRACTARY_E_NOMEM)
        return fr_error_nomem(error);
    if (status != FRACTARY_OK)
        fr_error_set(error, status, "the resources could not be handed on");
    return status;
}

/* ---------------------------------------------------------------- commands */

/* Reads what a command prints; the state holds secrets, so it goes to memory
 * only. `again` says whether init may still be tried, and afterwards whether
 * it would help. */
static int32_t read_output(fr_tf *tf, const fractary_call *call, fr_tf_command *command,
                           fr_tf_capture *capture, int *again, fractary_error *error)
{
    const char *label = command->label;
    int may_repeat = *again;
    *again = 0;
    int32_t status = fr_tf_command_capture(tf, call, command, capture, error);
    if (status != FRACTARY_OK || capture->exit_code == 0)
        return status;
    fr_tf_report report = {.tf = tf};
    status = fr_tf_report_text(&report, fr_buf_text(&capture->err), capture->err.length) |
             fr_tf_report_parse(&report);
    if (status != FRACTARY_OK) {
        fr_error_nomem(error);
    } else {
        *again = may_repeat && fr_tf_report_wants_init(&report);
        status = fr_tf_report_fail(&report, label, error);
        if (!*again)
            (void)fr_tf_report_emit(&report, call);
    }
    fr_tf_report_finish(&report);
    return status;
}

static int32_t show_values(fr_tf *tf, const fractary_call *call, fractary_error *error)
{
    fr_tf_command command = {
        .label = "show", .purpose = "read", .flags = FRACTARY_PROCESS_SECRET, .in_workspace = 1};
    fr_tf_arg(&command, "show");
    fr_tf_arg(&command, "-json");
    fr_tf_arg(&command, "-no-color");
    fr_tf_capture capture = {0};
    fr_json *shown = NULL;
    int again = 0;
    int32_t status = read_output(tf, call, &command, &capture, &again, error);
    if (status == FRACTARY_OK)
        status = fr_tf_capture_json(tf, &capture, "show", &shown, error);
    if (status == FRACTARY_OK)
        status = emit_all(call, shown, fr_tf_values_walk, error);
    fr_json_free(shown);
    fr_tf_capture_finish(&capture);
    return status;
}

static int32_t show_state(fr_tf *tf, const fractary_call *call, const fr_tf_capture *capture,
                          fractary_error *error)
{
    const char *text = fr_buf_text(&capture->out);
    if (text[strspn(text, " \r\n\t")] == '\0') /* no state yet */
        return FRACTARY_OK;
    fr_json *state = NULL;
    int32_t status = fr_tf_capture_json(tf, capture, "state pull", &state, error);
    if (status != FRACTARY_OK)
        return status;
    status = fr_tf_backend_say_lineage(tf, call, fr_json_get_string(state, "lineage"), error);
    if (status != FRACTARY_OK) {
        fr_json_free(state);
        return status;
    }
    if (fr_json_get_int(state, "version", 0) == FR_TF_STATE_VERSION)
        status = emit_all(call, state, fr_tf_state_walk, error);
    else
        status = show_values(tf, call, error);
    fr_json_free(state);
    return status;
}

/* state pull starts no provider: a tenth of the time that show takes. */
static int32_t attempt(fr_tf *tf, const fractary_call *call, int *again, fractary_error *error)
{
    fr_tf_command command = {.label = "state-pull",
                             .purpose = "read",
                             .flags = FRACTARY_PROCESS_SECRET,
                             .in_workspace = 1};
    fr_tf_arg(&command, "state");
    fr_tf_arg(&command, "pull");
    fr_tf_arg(&command, "-no-color");
    fr_tf_capture capture = {0};
    int32_t status = read_output(tf, call, &command, &capture, again, error);
    if (status == FRACTARY_OK)
        status = show_state(tf, call, &capture, error);
    fr_tf_capture_finish(&capture);
    return status;
}

int32_t fr_tf_show(void *instance, const fractary_call *call,
                   const fractary_iac_show_request *request, fractary_error *error)
{
    (void)request;
    fr_tf *tf = instance;
    int again = 1;
    int32_t status = fr_tf_begin(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_backend_say_once(tf, call, error);
    if (status != FRACTARY_OK)
        return status;
    status = attempt(tf, call, &again, error);
    if (status == FRACTARY_OK || !again)
        return status;
    status = fr_tf_initialise(tf, call, 0, error);
    again = 0;
    return status == FRACTARY_OK ? attempt(tf, call, &again, error) : status;
}
