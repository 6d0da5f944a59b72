#include "project/environment_state.h"

#include "base/path.h"
#include "project/stack.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

#define HANDLER "iac-terraform"

/* What of a section decides which state it is. */
typedef struct choice {
    fr_json *section;
    char *directory; /* absolute; NULL: another handler, or no memory */
    const char *workspace;
} choice;

static const char *text_or(const fr_json *section, const char *key, const char *otherwise)
{
    const char *text = fr_json_get_string(section, key);
    return text != NULL ? text : otherwise;
}

static choice choose(const fr_config *config, const fr_state_user *user)
{
    choice c = {NULL, NULL, "default"};

    if (!fr_str_equal(fr_config_handler(config, user->environment, "iac"), HANDLER))
        return c;
    c.section = fr_stack_section(config, user->environment, user->stack, HANDLER);
    if (c.section == NULL)
        return c;
    c.directory = fr_path_absolute(fr_config_root(config), text_or(c.section, "directory", "."));
    c.workspace = text_or(c.section, "workspace", "default");
    return c;
}

static void choice_finish(choice *c)
{
    fr_json_free(c->section);
    free(c->directory);
}

static int same_backend(const choice *a, const choice *b)
{
    const fr_json *ours = fr_json_get(a->section, "backend_config");
    const fr_json *theirs = fr_json_get(b->section, "backend_config");

    if (fr_json_count(ours) == 0 || fr_json_count(theirs) == 0)
        return fr_json_count(ours) == fr_json_count(theirs);
    return fr_json_equal(ours, theirs);
}

static int is_same(const choice *a, const choice *b)
{
    return a->directory != NULL && fr_str_equal(a->directory, b->directory) &&
           fr_str_equal(a->workspace, b->workspace) && same_backend(a, b);
}

/* The first stack of that environment, other than `own`, with the same choice. */
static int find_stack(const fr_config *config, const fr_state_user *own, const choice *chosen,
                      const char *environment, fr_state_user *other)
{
    fr_stack stack;
    int found = 0;

    for (size_t i = 0; !found && fr_stack_at(config, i, &stack); i++) {
        *other = (fr_state_user){environment, stack.name};
        if (!fr_stack_serves(&stack, environment) ||
            (fr_str_equal(environment, own->environment) && fr_str_equal(stack.name, own->stack)))
            continue;
        choice theirs = choose(config, other);
        found = is_same(chosen, &theirs);
        choice_finish(&theirs);
    }
    return found;
}

int fr_environment_sharing_state(const fr_config *config, const fr_state_user *own,
                                 fr_state_user *other)
{
    choice chosen = choose(config, own);
    const char *name;
    int found = 0;

    for (size_t i = 0; !found && (name = fr_config_environment_name(config, i)) != NULL; i++)
        found = find_stack(config, own, &chosen, name, other);
    choice_finish(&chosen);
    return found;
}
