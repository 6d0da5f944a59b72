#include "cli/stack_changed.h"

#include "base/path.h"
#include "project/stack_code.h"
#include "service/git.h"
#include "service/records.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>

/* Enough of a commit's name to know it by. */
#define SHORT 12

/* The question and its answer. */
typedef struct look {
    fr_app *app;
    const char *environment;
    fr_git_changes changes;
    int all;         /* the configuration itself has changed            */
    fr_vec changed;  /* names, borrowed, in the order of dependencies   */
    fr_vec affected; /* those that depend on them and have not changed  */
} look;

static void say(const look *l, const char *level, const fr_buf *sentence)
{
    fr_json *record = fr_record_new("log", "%s", fr_buf_text(sentence));

    fr_json_set_string(record, "level", level);
    fr_records_emit(l->app->context.records, record);
}

/* -------------------------------------------------------------------- changed */

static int config_changed(const look *l)
{
    char *path = fr_path_join(fr_config_root(l->app->config), FR_CONFIG_FILE);
    char *real = path != NULL ? realpath(path, NULL) : NULL;
    const int changed = real != NULL && fr_names_has(&l->changes.paths, real);

    free(real);
    free(path);
    return changed;
}

static void tell_troubles(const look *l, const fr_stack_code *code)
{
    const char *trouble = NULL;

    for (size_t i = 0; (trouble = fr_names_at(&code->troubles, i)) != NULL; i++) {
        fr_buf sentence = {0};
        fr_buf_printf(&sentence, "stack %s: %s", code->stack, trouble);
        say(l, "warning", &sentence);
        fr_buf_finish(&sentence);
    }
}

/* Code that cannot be read may call anything: such a stack counts as changed. */
static int32_t has_changed(const look *l, const char *name, int *changed, fractary_error *error)
{
    fr_stack_code *code = NULL;
    const char *path = NULL;
    const int32_t status = fr_stack_code_read(l->app->config, l->environment, name, &code, error);

    *changed = 0;
    if (status != FRACTARY_OK)
        return status;
    tell_troubles(l, code);
    *changed = fr_names_count(&code->troubles) > 0;
    for (size_t i = 0; !*changed && (path = fr_names_at(&l->changes.paths, i)) != NULL; i++)
        *changed = fr_stack_code_has(code, path);
    fr_stack_code_destroy(code);
    return FRACTARY_OK;
}

/* ------------------------------------------------------------------- affected */

static int depends_on_one(const look *l, const char *name, const fr_vec *others)
{
    fr_stack stack;

    if (fr_stack_find(l->app->config, name, &stack, NULL) != FRACTARY_OK)
        return 0;
    for (size_t i = 0; i < others->count; i++) {
        if (fr_stack_depends_on(&stack, others->items[i]))
            return 1;
    }
    return 0;
}

/* In the order of dependencies, so that one pass finds those of those as well. */
static int32_t sort_out(look *l, const fr_vec *names, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < names->count && status == FRACTARY_OK; i++) {
        const char *name = names->items[i];
        int changed = l->all;
        if (!changed)
            status = has_changed(l, name, &changed, error);
        if (status != FRACTARY_OK)
            return status;
        if (changed)
            status = fr_vec_push(&l->changed, names->items[i]);
        else if (depends_on_one(l, name, &l->changed) || depends_on_one(l, name, &l->affected))
            status = fr_vec_push(&l->affected, names->items[i]);
        if (status != FRACTARY_OK)
            fr_error_nomem(error);
    }
    return status;
}

/* -------------------------------------------------------------------- telling */

static void put_names(const fr_vec *names, fr_buf *out)
{
    for (size_t i = 0; i < names->count; i++)
        fr_buf_printf(out, "%s%s",
                      i == 0                  ? ""
                      : i + 1 == names->count ? " and "
                                              : ", ",
                      (const char *)names->items[i]);
}

static void put_since(const look *l, fr_buf *out)
{
    fr_buf_printf(out, "since %s (%.*s)", l->changes.since, SHORT, l->changes.commit);
}

static void tell_changed(const look *l)
{
    fr_buf sentence = {0};

    if (l->all) {
        fr_buf_puts(&sentence, FR_CONFIG_FILE " has changed ");
        put_since(l, &sentence);
        fr_buf_puts(&sentence, ", which counts for all stacks");
    } else {
        fr_buf_puts(&sentence, "changed ");
        put_since(l, &sentence);
        fr_buf_puts(&sentence, ": ");
        put_names(&l->changed, &sentence);
    }
    say(l, "info", &sentence);
    fr_buf_finish(&sentence);
}

static void tell_affected(const look *l)
{
    const int one = l->affected.count == 1;
    fr_buf sentence = {0};

    if (l->affected.count == 0)
        return;
    put_names(&l->affected, &sentence);
    fr_buf_printf(&sentence,
                  " depend%s on what has changed and %s not run: name %s with --stack to run %s, "
                  "too",
                  one ? "s" : "", one ? "is" : "are", one ? "it" : "them", one ? "it" : "them");
    say(l, "warning", &sentence);
    fr_buf_finish(&sentence);
}

static int32_t set_nothing(const look *l, fr_json *result)
{
    fr_buf message = {0};

    fr_buf_puts(&message, "no stack has changed ");
    put_since(l, &message);
    int32_t status = fr_json_set(result, "stacks", fr_json_array());
    status |= fr_json_set_string(result, "message", fr_buf_text(&message));
    fr_buf_finish(&message);
    return status;
}

/* The record names the commit whole. */
static int32_t set_since(const look *l, fr_json *result)
{
    fr_json *since = fr_json_object();
    int32_t status = fr_json_set_string(since, "name", l->changes.since);

    status |= fr_json_set_string(since, "commit", l->changes.commit);
    status |= fr_json_set(result, "since", since);
    return status;
}

static int32_t answer(const look *l, fr_json *result, fractary_error *error)
{
    int32_t status = set_since(l, result);

    if (l->changed.count == 0)
        status |= set_nothing(l, result);
    else
        tell_changed(l);
    tell_affected(l);
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

int32_t fr_stacks_keep_changed(fr_app *app, const char *environment, const char *since,
                               fr_vec *names, fr_json *result, fractary_error *error)
{
    look l = {.app = app, .environment = environment};
    int32_t status = fr_git_changes_find(fr_config_root(app->config), since, &l.changes, error);

    if (status == FRACTARY_OK) {
        l.all = config_changed(&l);
        status = sort_out(&l, names, error);
    }
    if (status == FRACTARY_OK)
        status = answer(&l, result, error);
    if (status == FRACTARY_OK) {
        fr_vec_finish(names, NULL);
        *names = l.changed;
        l.changed = (fr_vec){0};
    }
    fr_vec_finish(&l.changed, NULL);
    fr_vec_finish(&l.affected, NULL);
    fr_git_changes_finish(&l.changes);
    return status;
}
