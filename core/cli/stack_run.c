#include "cli/stack_run.h"

#include "base/time.h"
#include "cli/exit.h"
#include "project/stack.h"
#include "service/records.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>

/* How it went for one stack. */
typedef struct outcome {
    const char *stack;
    const char *blocker; /* why it was skipped: a stack, or NULL */
    int32_t status;
    int skipped;
    uint64_t duration_ms;
    fractary_error error;
} outcome;

typedef struct journey {
    fr_app *app;
    const fr_command *command;
    const fr_vec *names;
    outcome *outcomes; /* one a stack */
} journey;

static int is_failure(const outcome *o)
{
    return o->skipped || (o->status != FRACTARY_OK && o->status != FRACTARY_E_NOTHING);
}

static const char *word_of(const outcome *o)
{
    return o->skipped ? "skipped" : is_failure(o) ? "failed" : "done";
}

/* ------------------------------------------------------------------ skipping */

/* What is removed waits for what depends on it, what is made for what it
 * depends on. */
static int waits_for(const journey *j, const char *name, const char *other)
{
    const int reversed = fr_json_is_true(j->command->tree, "dependents_first");
    const char *dependent = reversed ? other : name;
    fr_stack stack;

    return fr_stack_find(j->app->config, dependent, &stack, NULL) == FRACTARY_OK &&
           fr_stack_depends_on(&stack, reversed ? name : other);
}

static const char *find_blocker(const journey *j, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_failure(&j->outcomes[i]) && waits_for(j, j->names->items[index], j->names->items[i]))
            return j->names->items[i];
    }
    return NULL;
}

/* ------------------------------------------------------------------- records */

static fr_json *new_record(const journey *j, size_t index, const char *status, const char *message)
{
    fr_json *record = fr_record_new("stack", "%s", message);

    fr_json_set_string(record, "stack", j->names->items[index]);
    fr_json_set_string(record, "environment", j->app->context.environment);
    fr_json_set_string(record, "status", status);
    fr_json_set_int(record, "index", (int64_t)index + 1);
    fr_json_set_int(record, "total", (int64_t)j->names->count);
    return record;
}

/* A command without a run only looks, and its answer is one for all. */
static void emit(const journey *j, fr_json *record)
{
    if (fr_command_wants_run(j->command))
        fr_records_emit(j->app->context.records, record);
    else
        fr_json_free(record);
}

static void begin(const journey *j, size_t index)
{
    char *message = fr_str_format("%s (%zu of %zu)", (const char *)j->names->items[index],
                                  index + 1, j->names->count);

    emit(j, new_record(j, index, "running", message != NULL ? message : "a stack"));
    free(message);
}

static fr_json *error_object(const outcome *o)
{
    fr_json *object = fr_json_object();

    fr_json_set_string(object, "status", fr_exit_status_name(o->status));
    fr_json_set_string(object, "message", o->error.message);
    fr_json_set_string(object, "cause", o->error.cause);
    fr_json_set_string(object, "advice", o->error.advice);
    fr_json_set_string(object, "place", o->error.place);
    return object;
}

static void put_sentence(const journey *j, const outcome *o, fr_buf *out)
{
    fr_buf_printf(out, "%s: ", o->stack);
    const size_t named = out->length;

    if (o->skipped && o->blocker != NULL)
        fr_buf_printf(out, "skipped, for %s failed", o->blocker);
    else if (o->skipped)
        fr_buf_puts(out, "skipped, for the command was interrupted");
    else if (is_failure(o))
        fr_buf_puts(out, "failed");
    else
        fr_report_outcome(j->app->report, out);
    if (out->length == named)
        fr_buf_puts(out, "done");
}

static void end(const journey *j, size_t index)
{
    const outcome *o = &j->outcomes[index];
    fr_buf sentence = {0};

    put_sentence(j, o, &sentence);
    fr_json *record = new_record(j, index, word_of(o), fr_buf_text(&sentence));
    fr_json_set_int(record, "exit", o->skipped ? FR_EXIT_FAILED : fr_exit_code(o->status));
    fr_json_set_int(record, "duration_ms", (int64_t)o->duration_ms);
    if (!o->skipped && is_failure(o))
        fr_json_set(record, "error", error_object(o));
    emit(j, record);
    fr_buf_finish(&sentence);
}

/* ------------------------------------------------------------------- running */

/* What the work opened stays open for its last record, and at the very end for
 * the result's. */
static void run_one(journey *j, size_t index, const fr_stack_work *work)
{
    outcome *o = &j->outcomes[index];
    const uint64_t started = fr_time_monotonic();

    fr_app_close(j->app);
    j->app->context.stack = o->stack;
    begin(j, index);
    o->status = work->run(work->context, &o->error);
    o->duration_ms = (fr_time_monotonic() - started) / FR_MILLISECOND;
}

static void visit(journey *j, size_t index, const fr_stack_work *work)
{
    outcome *o = &j->outcomes[index];

    o->stack = j->names->items[index];
    o->error = (fractary_error)FR_ERROR_INIT;
    o->blocker = find_blocker(j, index);
    o->skipped = o->blocker != NULL || j->app->interrupts > 0;
    if (!o->skipped)
        run_one(j, index, work);
    end(j, index);
}

/* ------------------------------------------------------------------- the sum */

static const outcome *find_first_failure(const journey *j)
{
    for (size_t i = 0; i < j->names->count; i++) {
        if (is_failure(&j->outcomes[i]) && !j->outcomes[i].skipped)
            return &j->outcomes[i];
    }
    return NULL;
}

static size_t count_word(const journey *j, const char *word, fr_buf *list)
{
    size_t count = 0;

    for (size_t i = 0; i < j->names->count; i++) {
        if (!fr_str_equal(word_of(&j->outcomes[i]), word))
            continue;
        fr_buf_printf(list, "%s%s", count++ > 0 ? ", " : "", j->outcomes[i].stack);
    }
    return count;
}

static int32_t fail(const journey *j, const outcome *first, fractary_error *error)
{
    fr_buf failed = {0};
    fr_buf skipped = {0};
    const size_t count = count_word(j, "failed", &failed);
    const size_t left = count_word(j, "skipped", &skipped);

    fr_error_set(error, first->status, "%zu of %zu stacks failed: %s", count, j->names->count,
                 fr_buf_text(&failed));
    if (left > 0)
        fr_error_cause(error, "%s; skipped: %s", first->error.message, fr_buf_text(&skipped));
    else
        fr_error_cause(error, "%s", first->error.message);
    fr_error_advice(error, "%s",
                    first->error.advice[0] != '\0' ? first->error.advice
                                                   : "mend it, then run the command again");
    fr_error_place(error, "%s", first->error.place);
    fr_buf_finish(&failed);
    fr_buf_finish(&skipped);
    return first->status;
}

static int32_t add_list(const journey *j, fr_json *result)
{
    fr_json *list = fr_json_array();
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < j->names->count; i++) {
        const outcome *o = &j->outcomes[i];
        fr_json *row = fr_json_object();
        status |= fr_json_set_string(row, "stack", o->stack);
        status |= fr_json_set_string(row, "status", word_of(o));
        status |=
            fr_json_set_int(row, "exit", o->skipped ? FR_EXIT_FAILED : fr_exit_code(o->status));
        status |= fr_json_set_int(row, "duration_ms", (int64_t)o->duration_ms);
        status |= fr_json_add(list, row);
    }
    status |= fr_json_set(result, "stacks", list);
    return status;
}

static int32_t sum_up(const journey *j, fr_json *result, fractary_error *error)
{
    const outcome *first = find_first_failure(j);
    size_t nothing = 0;
    fr_buf message = {0};

    for (size_t i = 0; i < j->names->count; i++)
        nothing += j->outcomes[i].status == FRACTARY_E_NOTHING;
    int32_t status = add_list(j, result);
    fr_buf_printf(&message, "%zu stack%s: all done", j->names->count,
                  j->names->count == 1 ? "" : "s");
    if (fr_command_wants_run(j->command)) /* what only looks has said it */
        status |= fr_json_set_string(result, "message", fr_buf_text(&message));
    fr_buf_finish(&message);
    if (status != FRACTARY_OK)
        return fr_error_nomem(error);
    if (first != NULL)
        return fail(j, first, error);
    return nothing > 0 && nothing == j->names->count ? FRACTARY_E_NOTHING : FRACTARY_OK;
}

int32_t fr_stacks_run(fr_app *app, const fr_command *command, const fr_vec *names,
                      const fr_stack_work *work, fr_json *result, fractary_error *error)
{
    journey j = {app, command, names, calloc(names->count + 1, sizeof *j.outcomes)};

    if (j.outcomes == NULL)
        return fr_error_nomem(error);
    for (size_t i = 0; i < names->count; i++)
        visit(&j, i, work);
    const int32_t status = sum_up(&j, result, error);
    free(j.outcomes);
    return status;
}
