#include "project/init_draft.h"

#include "project/config_check.h"
#include "project/profile_match.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PATTERN      "{project}-{subsystem}-{environment}-{resource}"
#define FALLBACK_ENVIRONMENT "test"

/* ------------------------------------------------------------------------- tools */

void fr_init_put(fr_init_draft *draft, fr_json *object, const char *key, fr_json *value)
{
    if (fr_json_set(object, key, value) != FRACTARY_OK)
        draft->status = FRACTARY_E_NOMEM;
}

void fr_init_put_string(fr_init_draft *draft, fr_json *object, const char *key, const char *text)
{
    fr_init_put(draft, object, key, fr_json_new_string(text));
}

fr_json *fr_init_object_in(fr_init_draft *draft, fr_json *object, const char *key)
{
    if (fr_json_kind_of(fr_json_get(object, key)) != FR_JSON_OBJECT)
        fr_init_put(draft, object, key, fr_json_object());
    return fr_json_get(object, key);
}

/* Adds {first: a, second: text} to a list; frees the text. */
static void add_pair(fr_init_draft *draft, fr_json *list, const char *const keys[2], const char *a,
                     fr_buf *text)
{
    fr_json *entry = fr_json_object();

    fr_init_put_string(draft, entry, keys[0], a);
    fr_init_put_string(draft, entry, keys[1], fr_buf_text(text));
    if (text->failed || fr_json_add(list, entry) != FRACTARY_OK)
        draft->status = FRACTARY_E_NOMEM;
    fr_buf_finish(text);
}

void fr_init_note(fr_init_draft *draft, const char *level, const char *format, ...)
{
    static const char *const keys[] = {"level", "message"};
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    add_pair(draft, draft->notes, keys, level, &text);
}

void fr_init_leave_open(fr_init_draft *draft, const char *key, const char *format, ...)
{
    static const char *const keys[] = {"key", "reason"};
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    add_pair(draft, draft->open, keys, key, &text);
}

int fr_init_answered(const fr_init_draft *draft, const char *key)
{
    return fr_json_get_string(draft->answers, key) != NULL;
}

const char *fr_init_ask(fr_init_draft *draft, const char *key, const char *proposal,
                        fr_json *choices, const char *format, ...)
{
    const char *answer = fr_json_get_string(draft->answers, key);
    fr_json *question = fr_json_object();
    fr_buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    fr_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    fr_init_put_string(draft, question, "key", key);
    fr_init_put_string(draft, question, "text", fr_buf_text(&text));
    fr_init_put_string(draft, question, "proposal", proposal);
    fr_init_put(draft, question, "choices", choices != NULL ? choices : fr_json_new_null());
    if (text.failed || fr_json_add(draft->questions, question) != FRACTARY_OK)
        draft->status = FRACTARY_E_NOMEM;
    fr_buf_finish(&text);
    if (answer != NULL)
        return answer;
    const char *held = draft->status == FRACTARY_OK ? fr_json_get_string(question, "proposal") : "";
    return held != NULL ? held : "";
}

/* ----------------------------------------------------------------------- project */

/* What the original tool had, else what was found; NULL where neither has it. */
static const char *taken(const fr_init_draft *draft, const char *original, const char *found)
{
    const char *text = fr_json_get_string(draft->original, original);

    if (text == NULL || text[0] == '\0')
        text = fr_json_get_string(draft->discovered, found);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static void make_project(fr_init_draft *draft)
{
    fr_json *project = fr_init_object_in(draft, draft->config, "project");
    const char *name = taken(draft, "project", "project");
    const char *organization = taken(draft, "organization", "organization");
    const char *subsystem = taken(draft, "subsystem", "");
    const char *pattern = taken(draft, "pattern", "");

    fr_init_put_string(draft, project, "name", name != NULL ? name : "project");
    if (organization == NULL)
        organization = fr_init_ask(draft, "organization", "", NULL,
                                   "Which organization or team owns the project?");
    if (organization[0] != '\0')
        fr_init_put_string(draft, project, "organization", organization);
    else
        fr_init_leave_open(draft, "project.organization",
                           "git has no remote that names an owner; {organization} in patterns is "
                           "empty");
    if (subsystem != NULL)
        fr_init_put_string(draft, project, "subsystem", subsystem);
    fr_json *naming = fr_init_object_in(draft, draft->config, "naming");
    fr_init_put_string(draft, naming, "pattern", pattern != NULL ? pattern : DEFAULT_PATTERN);
}

/* ---------------------------------------------------------------------- handlers */

/* Providers of clouds, and the handler that there is for them. Providers that
 * are not listed stand for no cloud. */
static const struct cloud {
    const char *provider;
    const char *handler;
} clouds[] = {
    {"aws", "hosting-aws"}, {"awscc", "hosting-aws"}, {"google", NULL},   {"google-beta", NULL},
    {"azurerm", NULL},      {"azapi", NULL},          {"oci", NULL},      {"alicloud", NULL},
    {"digitalocean", NULL}, {"hcloud", NULL},         {"scaleway", NULL}, {"openstack", NULL},
};

static int has_text(const fr_json *list, const char *text)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_string(e), text))
            return 1;
    }
    return 0;
}

/* The handler of the first cloud in use; "hosting-aws" where none is. */
static const char *choose_hosting(fr_init_draft *draft)
{
    const fr_json *providers = fr_json_get(draft->discovered, "providers");
    const char *stranger = NULL;
    const char *original = fr_json_get_string(draft->original, "hosting");

    for (size_t i = 0; i < sizeof clouds / sizeof *clouds; i++) {
        if (!has_text(providers, clouds[i].provider))
            continue;
        if (clouds[i].handler != NULL)
            return clouds[i].handler;
        stranger = stranger != NULL ? stranger : clouds[i].provider;
    }
    if (stranger == NULL && original != NULL && !fr_str_equal(original, "aws"))
        stranger = original;
    if (stranger == NULL)
        return "hosting-aws";
    fr_init_leave_open(draft, "handlers.hosting", "there is no handler for %s yet", stranger);
    return NULL;
}

static const char *choose_iac(fr_init_draft *draft)
{
    const char *iac = fr_json_get_string(draft->discovered, "iac");

    if (iac == NULL) {
        fr_init_note(draft, "info",
                     "no Terraform code was found: iac-terraform is set for when "
                     "there is some");
        return "iac-terraform";
    }
    if (fr_str_equal(iac, "terraform") || fr_str_equal(iac, "opentofu"))
        return "iac-terraform";
    fr_init_leave_open(draft, "handlers.iac", "there is no handler for %s yet", iac);
    return NULL;
}

static void make_handlers(fr_init_draft *draft)
{
    fr_json *handlers = fr_init_object_in(draft, draft->config, "handlers");
    const char *hosting = choose_hosting(draft);
    const char *iac = choose_iac(draft);

    if (hosting != NULL)
        fr_init_put_string(draft, handlers, "hosting", hosting);
    if (iac != NULL)
        fr_init_put_string(draft, handlers, "iac", iac);
}

static void leave_directory_open(fr_init_draft *draft, const fr_json *roots)
{
    fr_names paths = {0};
    fr_buf list = {0};

    for (const fr_json *e = fr_json_first(roots); e != NULL; e = fr_json_next(e))
        fr_names_add(&paths, fr_json_string(e));
    fr_names_list(&paths, &list);
    fr_init_leave_open(draft, "plugins.iac-terraform.directory",
                       "nothing says which of the %zu root modules is meant, and an environment "
                       "has one in this version: set it, or that of each environment, to one of "
                       "%s",
                       fr_json_count(roots), fr_buf_text(&list));
    if (paths.failed || list.failed)
        draft->status = FRACTARY_E_NOMEM;
    fr_names_finish(&paths);
    fr_buf_finish(&list);
}

/* The root module that all environments share; asked for when there are
 * several and no environment has one of its own. */
static const char *common_directory(fr_init_draft *draft)
{
    const fr_json *roots = fr_json_get(draft->discovered, "terraform_dirs");
    const fr_json *each = fr_json_get(draft->discovered, "per_environment");
    const char *directory = fr_json_get_string(draft->original, "directory");
    const char *common = fr_json_get_string(fr_json_first(each), "directory");
    size_t undecided = 0;

    if (directory != NULL)
        return directory;
    for (const fr_json *e = fr_json_first(each); e != NULL; e = fr_json_next(e)) {
        undecided += fr_json_count(fr_json_get(e, "directories")) == 0;
        if (!fr_str_equal(fr_json_get_string(e, "directory"), common))
            common = NULL;
    }
    if (common != NULL || (each != NULL && fr_json_first(each) != NULL && undecided == 0))
        return common;
    if (fr_json_count(roots) == 1)
        return fr_json_string(fr_json_first(roots));
    if (fr_json_count(roots) == 0)
        return NULL;
    directory = fr_init_ask(draft, "directory", "", fr_json_copy(roots),
                            "Which root module does fractary deploy?");
    if (directory[0] == '\0')
        leave_directory_open(draft, roots);
    return directory[0] != '\0' ? directory : NULL;
}

static void make_plugins(fr_init_draft *draft)
{
    const int opentofu = fr_str_equal(fr_json_get_string(draft->discovered, "iac"), "opentofu");
    const char *directory = common_directory(draft);

    if (opentofu || directory != NULL) {
        fr_json *plugins = fr_init_object_in(draft, draft->config, "plugins");
        fr_json *terraform = fr_init_object_in(draft, plugins, "iac-terraform");
        if (opentofu)
            fr_init_put_string(draft, terraform, "tool", "tofu");
        if (directory != NULL)
            fr_init_put_string(draft, terraform, "directory", directory);
    }
}

/* ------------------------------------------------------------------- environments */

/* Splits "test, prod" and adds what can be the name of an environment. */
static void add_listed(const char *text, fr_names *names)
{
    while (*text != '\0') {
        text += strspn(text, ", ");
        const size_t length = strcspn(text, ", ");
        char *name = length > 0 ? fr_str_ndup(text, length) : NULL;
        names->failed |= length > 0 && name == NULL;
        if (name != NULL && fr_config_is_environment_name(name))
            fr_names_add(names, name);
        free(name);
        text += length;
    }
}

static void collect_environments(fr_init_draft *draft, fr_names *names)
{
    const fr_json *found = fr_json_get(draft->discovered, "environments");
    const fr_json *original = fr_json_get(draft->original, "environments");

    for (const fr_json *e = fr_json_first(found); e != NULL; e = fr_json_next(e))
        fr_names_add(names, fr_json_string(e));
    for (const fr_json *e = fr_json_first(original); e != NULL; e = fr_json_next(e))
        fr_names_add(names, fr_json_key(e));
    if (fr_names_count(names) > 0 || !draft->fresh)
        return;
    add_listed(fr_init_ask(draft, "environments", FALLBACK_ENVIRONMENT, NULL,
                           "Which environments are there (names with commas between)?"),
               names);
    if (!fr_init_answered(draft, "environments"))
        fr_init_note(draft, "info", "nothing names an environment, so there is one, \"%s\"",
                     FALLBACK_ENVIRONMENT);
}

/* The profiles are matched with the environments that the configuration has. */
static void match_profiles(fr_init_draft *draft, const fr_names *added)
{
    fr_names environments = {0};
    fr_names doubts = {0};

    fr_names_add_all(&environments, added);
    for (const fr_json *e = fr_json_first(fr_json_get(draft->config, "environments")); e != NULL;
         e = fr_json_next(e))
        fr_names_add(&environments, fr_json_key(e));
    draft->profiles = fr_json_copy(fr_json_get(draft->discovered, "profiles"));
    if (draft->profiles == NULL || environments.failed ||
        fr_profile_match(draft->profiles, &environments, &doubts) != FRACTARY_OK)
        draft->status = FRACTARY_E_NOMEM;
    for (size_t i = 0; draft->fresh && i < fr_names_count(&doubts); i++)
        fr_init_note(draft, "warning", "%s", fr_names_at(&doubts, i));
    fr_names_finish(&environments);
    fr_names_finish(&doubts);
}

/* Test environments first: they are what people begin with. */
static void make_environments(fr_init_draft *draft)
{
    fr_json *environments = fr_init_object_in(draft, draft->config, "environments");
    fr_names names = {0};

    collect_environments(draft, &names);
    match_profiles(draft, &names);
    for (int test = 1; test >= 0; test--) {
        for (size_t i = 0; i < fr_names_count(&names); i++) {
            const char *name = fr_names_at(&names, i);
            if ((fr_class_by_name(name) == FR_CLASS_TEST) != test ||
                fr_json_get(environments, name) != NULL)
                continue;
            fr_init_add_environment(draft, name);
            fr_init_put(draft, draft->added, name, fr_json_new_bool(1));
            if (!draft->fresh)
                fr_init_note(draft, "info", "the environment %s is new and was added", name);
        }
    }
    if (names.failed)
        draft->status = FRACTARY_E_NOMEM;
    fr_names_finish(&names);
}

/* "test", else the first environment of class test. */
static void make_default(fr_init_draft *draft)
{
    const fr_json *environments = fr_json_get(draft->config, "environments");
    const char *chosen = NULL;

    for (const fr_json *e = fr_json_first(environments); e != NULL; e = fr_json_next(e)) {
        const char *class = fr_json_get_string(e, "class");
        const int test = class != NULL ? fr_str_equal(class, "test")
                                       : fr_class_by_name(fr_json_key(e)) == FR_CLASS_TEST;
        if (test && (chosen == NULL || fr_str_equal(fr_json_key(e), FALLBACK_ENVIRONMENT)))
            chosen = fr_json_key(e);
    }
    if (chosen != NULL) {
        fr_init_put_string(draft, draft->config, "default_environment", chosen);
        return;
    }
    fr_json_free(fr_json_take(draft->config, "default_environment"));
    fr_init_leave_open(draft, "default_environment",
                       "no environment is of class test, so each command needs --env");
}

/* -------------------------------------------------------------------------- whole */

static void note_tools(fr_init_draft *draft)
{
    const fr_json *tools = fr_json_get(draft->discovered, "other_tools");
    const int units = fr_json_count(fr_json_get(draft->discovered, "terragrunt_units")) > 0;

    /* Of Terragrunt more is said with its units. */
    for (const fr_json *e = fr_json_first(tools); e != NULL; e = fr_json_next(e)) {
        if (!units || !fr_str_equal(fr_json_get_string(e, "name"), "terragrunt"))
            fr_init_note(draft, "info", "%s (%s): %s", fr_json_get_string(e, "name"),
                         fr_json_get_string(e, "file"), fr_json_get_string(e, "note"));
    }
}

static void note_original(fr_init_draft *draft)
{
    const fr_json *notes = fr_json_get(draft->original, "notes");

    for (const fr_json *e = fr_json_first(notes); e != NULL; e = fr_json_next(e))
        fr_init_note(draft, "info", "%s", fr_json_string(e));
}

static void note_unread(fr_init_draft *draft)
{
    const fr_json *unread = fr_json_get(draft->discovered, "unread");
    const fr_json *skipped = fr_json_get(draft->discovered, "skipped");
    const int64_t odd = fr_json_get_int(skipped, "names", 0);

    for (const fr_json *e = fr_json_first(unread); e != NULL; e = fr_json_next(e))
        fr_init_note(draft, "warning", "%s", fr_json_string(e));
    if (odd > 0)
        fr_init_note(
            draft, "warning",
            "%lld file%s or folder%s passed over, because the name is not plain UTF-8 text: "
            "line breaks and control characters are not taken",
            (long long)odd, odd > 1 ? "s" : "", odd > 1 ? "s were" : " was");
    if (fr_json_is_true(skipped, "more"))
        fr_init_note(draft, "warning",
                     "the project is larger than what is looked at: something may be missing");
}

static void make_fresh(fr_init_draft *draft)
{
    fr_init_put_string(draft, draft->config, "$schema", "./config.schema.json");
    fr_init_put(draft, draft->config, "version", fr_json_new_int(FR_CONFIG_VERSION));
    make_project(draft);
    /* Its place is here; what stands in it is known at the end. */
    fr_init_put_string(draft, draft->config, "default_environment", FALLBACK_ENVIRONMENT);
    make_handlers(draft);
    make_plugins(draft);
    make_environments(draft);
    make_default(draft);
}

static void complete(fr_init_draft *draft)
{
    if (fr_json_get(draft->config, "$schema") == NULL)
        fr_init_put_string(draft, draft->config, "$schema", "./config.schema.json");
    make_environments(draft);
}

int32_t fr_init_draft_make(fr_init_draft *draft, const fr_json *current, fractary_error *error)
{
    draft->status = FRACTARY_OK;
    draft->fresh = current == NULL;
    draft->config = current != NULL ? fr_json_copy(current) : fr_json_object();
    draft->notes = fr_json_array();
    draft->open = fr_json_array();
    draft->questions = fr_json_array();
    draft->added = fr_json_object();
    draft->deployable = fr_json_array();
    if (draft->fresh)
        make_fresh(draft);
    else
        complete(draft);
    fr_init_separate_states(draft);
    note_original(draft);
    note_tools(draft);
    note_unread(draft);
    fr_init_tell_outcome(draft);
    return draft->status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

void fr_init_draft_finish(fr_init_draft *draft)
{
    if (draft == NULL)
        return;
    fr_json_free(draft->config);
    fr_json_free(draft->profiles);
    fr_json_free(draft->notes);
    fr_json_free(draft->open);
    fr_json_free(draft->questions);
    fr_json_free(draft->added);
    fr_json_free(draft->deployable);
    free(draft->obstacle);
    *draft = (fr_init_draft){0};
}
