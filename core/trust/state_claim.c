#include "trust/state_claim.h"

#include <dirent.h>
#include <errno.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/time.h"
#include "project/members.h"
#include "project/stack.h"

#define CLAIM_LIMIT       65536u
#define ENVIRONMENT_LIMIT 10000u

/* -------------------------------------------------------------------- states */

void fr_state_finish(fr_state *state)
{
    free(state->backend);
    free(state->address);
    free(state->workspace);
    free(state->lineage);
    memset(state, 0, sizeof *state);
}

int fr_state_is_known(const fr_state *state)
{
    return state->address != NULL;
}

int32_t fr_state_take(const fr_json *object, fr_state *out)
{
    const char *backend = fr_json_get_string(object, "backend");
    const char *address = fr_json_get_string(object, "address");
    const char *workspace = fr_json_get_string(object, "workspace");
    const char *lineage = fr_json_get_string(object, "lineage");

    memset(out, 0, sizeof *out);
    if (backend == NULL || *backend == '\0' || address == NULL || *address == '\0')
        return FRACTARY_E_PROTOCOL;
    out->backend = fr_str_dup(backend);
    out->address = fr_str_dup(address);
    out->workspace = fr_str_dup(workspace != NULL ? workspace : "default");
    out->lineage = fr_str_dup(lineage);
    if (out->backend != NULL && out->address != NULL && out->workspace != NULL &&
        (out->lineage != NULL || lineage == NULL))
        return FRACTARY_OK;
    fr_state_finish(out);
    return FRACTARY_E_NOMEM;
}

/* A folder that is a link to another one makes one file of two paths. */
static int same_file(const char *root, const char *a, const char *b)
{
    char *paths[] = {fr_path_join(root, a), fr_path_join(root, b)};
    char *real[] = {paths[0] != NULL ? realpath(paths[0], NULL) : NULL,
                    paths[1] != NULL ? realpath(paths[1], NULL) : NULL};
    const int same = real[0] != NULL && fr_str_equal(real[0], real[1]);

    for (size_t i = 0; i < 2; i++) {
        free(paths[i]);
        free(real[i]);
    }
    return same;
}

static int is_same(const char *root, const fr_state *a, const fr_state *b)
{
    if (!fr_str_equal(a->backend, b->backend))
        return 0;
    return fr_str_equal(a->address, b->address) ||
           (fr_str_equal(a->backend, "local") && same_file(root, a->address, b->address));
}

/* ------------------------------------------------------------------- reading */

static char *claim_path(const fr_state_owner *owner, const char *folder)
{
    if (fr_str_equal(owner->stack, FR_STACK_DEFAULT))
        return fr_str_format("%s/deployments/%s/state.json", folder, owner->environment);
    return fr_str_format("%s/deployments/%s/%s/state.json", folder, owner->environment,
                         owner->stack);
}

char *fr_state_claim_path(const fr_state_owner *owner)
{
    return claim_path(owner, FR_PROJECT_FOLDER);
}

static char *absolute_path(const fr_state_owner *owner)
{
    return claim_path(owner, fr_config_folder(owner->config));
}

static int32_t not_understood(const char *path, const char *why, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "which state an environment uses cannot be read");
    fr_error_cause(error, "%s: %s", path, why);
    fr_error_advice(error, "Take the file back from git; it says which state is whose.");
    fr_error_place(error, "%s", path);
    return FRACTARY_E_CONFIG;
}

static int32_t parse_claim(const char *path, const fr_buf *text, fr_state *out,
                           fractary_error *error)
{
    fr_json_fault fault = {0};
    fr_json *claim = fr_json_parse(fr_buf_text(text), text->length, &fault);
    int32_t status = FRACTARY_OK;

    if (claim == NULL)
        return fault.line == 0 ? fr_error_nomem(error) : not_understood(path, fault.reason, error);
    if (fr_json_get_int(claim, "version", 0) != FR_STATE_CLAIM_VERSION)
        status = not_understood(path, "it is not of version 1, which this fractary knows", error);
    else
        status = fr_state_take(claim, out);
    if (status == FRACTARY_E_PROTOCOL)
        status = not_understood(path, "it lacks `backend` or `address`", error);
    if (status == FRACTARY_E_NOMEM)
        fr_error_nomem(error);
    fr_json_free(claim);
    return status;
}

int32_t fr_state_claim_read(const fr_state_owner *owner, fr_state *out, fractary_error *error)
{
    memset(out, 0, sizeof *out);
    if (!fr_path_is_component(owner->environment) || !fr_path_is_component(owner->stack))
        return fr_error_set(error, FRACTARY_E_INVALID,
                            "an environment or a stack has no such name");
    char *path = absolute_path(owner);
    fr_buf text = {0};
    if (path == NULL)
        return fr_error_nomem(error);
    int32_t status = fr_file_read(path, CLAIM_LIMIT, &text, error);
    if (status == FRACTARY_OK)
        status = parse_claim(path, &text, out, error);
    else if (status == FRACTARY_E_NOTFOUND)
        status = FRACTARY_OK;
    fr_buf_finish(&text);
    free(path);
    return status;
}

/* ----------------------------------------------------------------- the rules */

static int32_t refuse_changed(const fr_state_owner *owner, const char *what, const char *recorded,
                              const char *found, fractary_error *error)
{
    char *path = fr_state_claim_path(owner);

    fr_error_set(error, FRACTARY_E_REFUSED,
                 "the %s of environment %s is not the one that was recorded", what,
                 owner->environment);
    fr_error_cause(error, "Recorded is %s, found is %s.", recorded, found);
    fr_error_advice(error,
                    "Put backend and workspace back. If the change is meant: move the state by "
                    "hand (terraform init -migrate-state), then remove %s.",
                    path != NULL ? path : "state.json");
    fr_error_place(error, "%s", path != NULL ? path : "state.json");
    free(path);
    return FRACTARY_E_REFUSED;
}

/* Another lineage at the same place is another state: the old one was lost, or
 * replaced. */
static int is_replaced(const fr_state *own, const fr_state *state)
{
    return own->lineage != NULL && state->lineage != NULL &&
           !fr_str_equal(own->lineage, state->lineage);
}

static int32_t check_own(const fr_state_owner *owner, const fr_state *state, int changed,
                         fractary_error *error)
{
    fr_state own;
    int32_t status = fr_state_claim_read(owner, &own, error);

    if (status != FRACTARY_OK || !fr_state_is_known(&own))
        return status;
    if (!is_same(fr_config_root(owner->config), &own, state))
        status = refuse_changed(owner, "state", own.address, state->address, error);
    else if (!changed && is_replaced(&own, state))
        status = refuse_changed(owner, "state's lineage", own.lineage, state->lineage, error);
    fr_state_finish(&own);
    return status;
}

/* "environment test", or "stack web of environment test". */
static void put_owner(const fr_state_owner *owner, fr_buf *out)
{
    if (!fr_str_equal(owner->stack, FR_STACK_DEFAULT))
        fr_buf_printf(out, "stack %s of ", owner->stack);
    fr_buf_printf(out, "environment %s", owner->environment);
}

static int32_t refuse_shared(const fr_state_owner *owner, const fr_state_owner *other,
                             const fr_state *state, fractary_error *error)
{
    const char *handler = fr_config_handler(owner->config, owner->environment, "iac");
    char *path = fr_state_claim_path(other);
    fr_buf ours = {0};
    fr_buf theirs = {0};

    put_owner(owner, &ours);
    put_owner(other, &theirs);
    fr_error_set(error, FRACTARY_E_REFUSED, "%s uses the state of %s", fr_buf_text(&ours),
                 fr_buf_text(&theirs));
    fr_error_cause(error,
                   "It is %s. A deployment of the one would replace what the other has deployed, "
                   "and a teardown would remove it.",
                   state->address);
    fr_error_advice(error,
                    "Give %s a workspace of its own (environments.%s.plugins.%s.workspace), or a "
                    "backend_config. If %s does not use that state any more, remove %s.",
                    owner->environment, owner->environment, handler != NULL ? handler : "<iac>",
                    fr_buf_text(&theirs), path != NULL ? path : "its state.json");
    fr_error_place(error, "%s", path != NULL ? path : "state.json");
    fr_buf_finish(&ours);
    fr_buf_finish(&theirs);
    free(path);
    return FRACTARY_E_REFUSED;
}

/* The environments and stacks that have recorded anything, one after another. */
typedef struct search {
    const fr_state_owner *owner;
    const fr_state *state;
    const char *environment; /* that is looked at */
    fractary_error *error;
} search;

static int is_owner(const search *s, const fr_state_owner *other)
{
    return fr_str_equal(other->environment, s->owner->environment) &&
           fr_str_equal(other->stack, s->owner->stack);
}

static int32_t check_stack(void *context, const char *name, unsigned char kind)
{
    const search *s = context;
    const fr_state_owner other = {s->owner->config, s->environment, name};
    fr_state theirs;

    if (kind == DT_REG || is_owner(s, &other))
        return FRACTARY_OK;
    int32_t status = fr_state_claim_read(&other, &theirs, s->error);
    if (status != FRACTARY_OK)
        return status;
    if (fr_state_is_known(&theirs) && is_same(fr_config_root(s->owner->config), &theirs, s->state))
        status = refuse_shared(s->owner, &other, s->state, s->error);
    fr_state_finish(&theirs);
    return status;
}

/* The default stack's claim lies in the environment's own folder, those of
 * others in folders below it. */
static int32_t check_environment(void *context, const char *name, unsigned char kind)
{
    search *s = context;

    if (kind == DT_REG)
        return FRACTARY_OK;
    s->environment = name;
    int32_t status = check_stack(s, FR_STACK_DEFAULT, DT_DIR);
    if (status != FRACTARY_OK)
        return status;
    char *folder = fr_str_format("%s/deployments/%s", fr_config_folder(s->owner->config), name);
    if (folder == NULL)
        return fr_error_nomem(s->error);
    status = fr_file_list(folder, ENVIRONMENT_LIMIT, check_stack, s, s->error);
    free(folder);
    return status == FRACTARY_E_NOTFOUND ? FRACTARY_OK : status;
}

/* Also those that the configuration does not have any more: what they deployed
 * may live on. */
static int32_t check_others(const fr_state_owner *owner, const fr_state *state,
                            fractary_error *error)
{
    search s = {owner, state, NULL, error};
    char *folder = fr_str_format("%s/deployments", fr_config_folder(owner->config));

    if (folder == NULL)
        return fr_error_nomem(error);
    const int32_t status = fr_file_list(folder, ENVIRONMENT_LIMIT, check_environment, &s, error);
    free(folder);
    return status == FRACTARY_E_NOTFOUND ? FRACTARY_OK : status;
}

int32_t fr_state_claim_check(const fr_state_owner *owner, const fr_state *state,
                             fractary_error *error)
{
    const int32_t status = check_others(owner, state, error);

    return status == FRACTARY_OK ? check_own(owner, state, 0, error) : status;
}

/* ------------------------------------------------------------------- writing */

static fr_json *claim_json(const fr_state_owner *owner, const fr_state *state, const char *run)
{
    fr_members claim = fr_members_begin();
    char now[FR_TIME_TEXT];

    fr_time_format(fr_time_now_ms(), now);
    fr_members_int(&claim, "version", FR_STATE_CLAIM_VERSION);
    fr_members_string(&claim, "environment", owner->environment);
    fr_members_string(&claim, "stack", owner->stack);
    fr_members_string(&claim, "backend", state->backend);
    fr_members_string(&claim, "address", state->address);
    fr_members_string(&claim, "workspace", state->workspace);
    if (state->lineage != NULL)
        fr_members_string(&claim, "lineage", state->lineage);
    fr_members_string(&claim, "recorded_at", now);
    fr_members_string(&claim, "run", run);
    return fr_members_end(&claim);
}

static int32_t write_claim(const fr_state_owner *owner, const fr_state *state, const char *run,
                           fractary_error *error)
{
    char *path = absolute_path(owner);
    fr_json *claim = claim_json(owner, state, run);
    fr_buf text = {0};
    int32_t status = fr_json_print_pretty(claim, &text);

    if (path == NULL || status != FRACTARY_OK)
        status = fr_error_nomem(error);
    else
        status = fr_file_write(path, fr_buf_text(&text), text.length, 0644, error);
    fr_buf_finish(&text);
    fr_json_free(claim);
    free(path);
    return status;
}

/* Nothing new to write? */
static int is_recorded(const fr_state *own, const fr_state *state)
{
    return fr_state_is_known(own) && fr_str_equal(own->address, state->address) &&
           (state->lineage == NULL || fr_str_equal(own->lineage, state->lineage));
}

int32_t fr_state_claim_write(const fr_state_owner *owner, const fr_state *state, const char *run,
                             fractary_error *error)
{
    fr_state own;
    int32_t status = check_others(owner, state, error);

    if (status == FRACTARY_OK)
        status = check_own(owner, state, 1, error);
    if (status == FRACTARY_OK)
        status = fr_state_claim_read(owner, &own, error);
    if (status != FRACTARY_OK)
        return status;
    const int fresh = !fr_state_is_known(&own);
    if (!is_recorded(&own, state))
        status = write_claim(owner, state, run, error);
    fr_state_finish(&own);
    if (status != FRACTARY_OK || !fresh)
        return status;
    status = check_others(owner, state, error);
    if (status != FRACTARY_OK)
        fr_state_claim_remove(owner, NULL);
    return status;
}

int32_t fr_state_claim_remove(const fr_state_owner *owner, fractary_error *error)
{
    char *path = absolute_path(owner);
    int32_t status = FRACTARY_OK;

    if (path == NULL)
        return fr_error_nomem(error);
    if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR) {
        status = fr_error_set(error, FRACTARY_E_IO, "%s cannot be removed", path);
        fr_error_cause(error, "%s", strerror(errno));
    }
    free(path);
    return status;
}
