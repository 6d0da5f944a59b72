#include "project/environment_state.h"

#include "base/path.h"
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

static choice choose(const fr_config *config, const char *environment)
{
    choice c = {NULL, NULL, "default"};

    if (!fr_str_equal(fr_config_handler(config, environment, "iac"), HANDLER))
        return c;
    c.section = fr_config_section(config, environment, HANDLER);
    if (c.section == NULL)
        return c;
    c.directory =
        fr_path_absolute(fr_config_root(config), text_or(c.section, "directory", "."));
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

const char *fr_environment_sharing_state(const fr_config *config, const char *environment)
{
    choice own = choose(config, environment);
    const char *found = NULL;
    const char *name;

    for (size_t i = 0;
         found == NULL && (name = fr_config_environment_name(config, i)) != NULL; i++) {
        if (fr_str_equal(name, environment))
            continue;
        choice other = choose(config, name);
        if (is_same(&own, &other))
            found = name;
        choice_finish(&other);
    }
    choice_finish(&own);
    return found;
}
