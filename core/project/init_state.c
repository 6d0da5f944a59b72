#include "project/init_draft.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>

/* Environments that run the same root module, and so may write one state. */
struct group {
    fr_init_draft *draft;
    const fr_json *root; /* of root_modules                          */
    const char *directory;
    fr_names sharing;    /* those whose state another one has, too    */
    fr_names incomplete; /* those that lack settings of the backend   */
    fr_names all;
    int workspaces; /* how many have one */
};

static const fr_json *own_setting(const fr_json *environment, const char *key)
{
    return fr_json_at(environment, "plugins", "iac-terraform", key, (char *)NULL);
}

const fr_json *fr_init_setting(const fr_init_draft *draft, const fr_json *environment,
                               const char *key)
{
    const fr_json *own = own_setting(environment, key);

    return own != NULL ? own : own_setting(draft->config, key);
}

const char *fr_init_directory(const fr_init_draft *draft, const fr_json *environment)
{
    return fr_json_string(fr_init_setting(draft, environment, "directory"));
}

static int runs_in(const struct group *group, const fr_json *environment)
{
    const char *directory = fr_init_directory(group->draft, environment);

    return fr_str_equal(directory != NULL ? directory : ".", group->directory);
}

static int equal_setting(const fr_init_draft *draft, const fr_json *a, const fr_json *b,
                         const char *key)
{
    const fr_json *of_a = fr_init_setting(draft, a, key);
    const fr_json *of_b = fr_init_setting(draft, b, key);

    return of_a == of_b || (of_a != NULL && of_b != NULL && fr_json_equal(of_a, of_b));
}

static int shares_state(const struct group *group, const fr_json *environment)
{
    const fr_json *environments = fr_json_get(group->draft->config, "environments");

    for (const fr_json *e = fr_json_first(environments); e != NULL; e = fr_json_next(e)) {
        if (e != environment && runs_in(group, e) &&
            equal_setting(group->draft, e, environment, "workspace") &&
            equal_setting(group->draft, e, environment, "backend_config"))
            return 1;
    }
    return 0;
}

static void look(struct group *group)
{
    const fr_json *environments = fr_json_get(group->draft->config, "environments");
    const int partial = fr_json_is_true(group->root, "partial");

    for (const fr_json *e = fr_json_first(environments); e != NULL; e = fr_json_next(e)) {
        if (!runs_in(group, e))
            continue;
        fr_names_add(&group->all, fr_json_key(e));
        group->workspaces += fr_init_setting(group->draft, e, "workspace") != NULL;
        if (shares_state(group, e))
            fr_names_add(&group->sharing, fr_json_key(e));
        if (partial && fr_json_count(fr_init_setting(group->draft, e, "backend_config")) == 0)
            fr_names_add(&group->incomplete, fr_json_key(e));
    }
}

/* --------------------------------------------------------------------- telling */

#define KEY "environments.<name>.plugins.iac-terraform."

static int is_local(const struct group *group)
{
    const char *backend = fr_json_get_string(group->root, "backend");

    return backend == NULL || fr_str_equal(backend, "local");
}

static void tell_incomplete(const struct group *group, const char *names)
{
    fr_init_note(group->draft, "warning",
                 "the backend %s of %s lacks settings, and no file with them was found for %s: "
                 "name one in " KEY "backend_config",
                 fr_json_get_string(group->root, "backend"), group->directory, names);
}

static void tell_shared(const struct group *group, const char *names)
{
    const char *state = fr_json_get_string(group->root, "state");

    if (is_local(group))
        fr_init_note(group->draft, "warning",
                     "%s share one state%s%s, which %s: nothing was guessed, and the second of "
                     "them to deploy will be refused; find out whose it is, and give each other "
                     "one a workspace of its own (" KEY "workspace)",
                     names, state != NULL ? ", " : "", state != NULL ? state : "",
                     state != NULL ? "holds resources already"
                                   : "the original tool may have filled");
    else
        fr_init_note(group->draft, "warning",
                     "%s share one state, in the backend %s of %s: nothing was guessed, and the "
                     "second of them to deploy will be refused; give each a workspace (" KEY
                     "workspace) or a place of its own (" KEY "backend_config)",
                     names, fr_json_get_string(group->root, "backend"), group->directory);
}

/* State that nobody will look at any more. */
static void tell_left_behind(const struct group *group)
{
    const char *state = fr_json_get_string(group->root, "state");
    const size_t count = fr_names_count(&group->all);

    if (is_local(group) && state != NULL && count > 0 && (size_t)group->workspaces == count)
        fr_init_note(group->draft, "warning",
                     "%s holds resources of the workspace \"default\", which no environment uses: "
                     "an environment without " KEY "workspace would",
                     state);
}

static void tell_separated(const struct group *group, const char *names)
{
    fr_init_note(group->draft, "info",
                 "%s run the same root module with local state: each has a workspace of its own "
                 "name, and so a state of its own (" KEY "workspace)",
                 names);
}

/* ------------------------------------------------------------------ separating */

static int is_added(const fr_init_draft *draft, const char *name)
{
    return draft->fresh || fr_json_get(draft->added, name) != NULL;
}

/* Gives each environment that is new a workspace; how many they were. */
static size_t separate(const struct group *group)
{
    fr_init_draft *draft = group->draft;
    fr_json *environments = fr_json_get(draft->config, "environments");
    size_t count = 0;

    for (size_t i = 0; i < fr_names_count(&group->sharing); i++) {
        const char *name = fr_names_at(&group->sharing, i);
        fr_json *environment = fr_json_get(environments, name);
        if (!is_added(draft, name) || fr_init_setting(draft, environment, "workspace") != NULL)
            continue;
        fr_json *plugins = fr_init_object_in(draft, environment, "plugins");
        fr_init_put_string(draft, fr_init_object_in(draft, plugins, "iac-terraform"), "workspace",
                           name);
        count++;
    }
    return count;
}

static void settle(struct group *group)
{
    const int free_state = is_local(group) && group->draft->original == NULL &&
                           fr_json_get_string(group->root, "state") == NULL;
    fr_buf sharing = {0};
    fr_buf incomplete = {0};

    look(group);
    fr_names_list(&group->sharing, &sharing);
    fr_names_list(&group->incomplete, &incomplete);
    tell_left_behind(group);
    if (fr_names_count(&group->incomplete) > 0)
        tell_incomplete(group, fr_buf_text(&incomplete));
    else if (fr_names_count(&group->sharing) > 1 && free_state && separate(group) > 0)
        tell_separated(group, fr_buf_text(&sharing));
    else if (fr_names_count(&group->sharing) > 1 && !free_state)
        tell_shared(group, fr_buf_text(&sharing));
    if (sharing.failed || incomplete.failed || group->sharing.failed || group->incomplete.failed ||
        group->all.failed)
        group->draft->status = FRACTARY_E_NOMEM;
    fr_buf_finish(&sharing);
    fr_buf_finish(&incomplete);
}

void fr_init_separate_states(fr_init_draft *draft)
{
    const fr_json *roots = fr_json_get(draft->discovered, "root_modules");

    for (const fr_json *r = fr_json_first(roots); r != NULL; r = fr_json_next(r)) {
        struct group group = {
            .draft = draft, .root = r, .directory = fr_json_get_string(r, "directory")};
        settle(&group);
        fr_names_finish(&group.sharing);
        fr_names_finish(&group.incomplete);
        fr_names_finish(&group.all);
    }
}
