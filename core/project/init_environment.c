#include "project/init_draft.h"

#include "project/config_check.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* One environment that is added. */
struct adding {
    fr_init_draft *draft;
    const char *name;
    fr_json *object;         /* its place in the configuration              */
    const fr_json *found;    /* its part of per_environment, or what all have */
    const fr_json *original; /* its part of the original configuration, or NULL */
};

/* "environments.<name>.<what>", for the caller to free(). */
static char *key_of(const struct adding *adding, const char *what)
{
    char *key = fr_str_format("environments.%s.%s", adding->name, what);

    if (key == NULL)
        adding->draft->status = FRACTARY_E_NOMEM;
    return key;
}

static fr_json *class_names(fr_init_draft *draft)
{
    fr_json *names = fr_json_array();

    for (int class = FR_CLASS_TEST; class <= FR_CLASS_PRODUCTION; class ++) {
        if (fr_json_add_string(names, fr_class_name((fr_class) class)) != FRACTARY_OK)
            draft->status = FRACTARY_E_NOMEM;
    }
    return names;
}

static const char *const known_production[] = {"prod", "production", "prd", "live"};

/* Names that say test are classified; the others are production until somebody
 * says otherwise, and only where there can be a doubt is it asked. */
static void add_class(const struct adding *adding)
{
    fr_init_draft *draft = adding->draft;
    fr_json *choices = NULL;

    if (fr_class_by_name(adding->name) == FR_CLASS_TEST) {
        fr_init_put_string(draft, adding->object, "class", "test");
        return;
    }
    for (size_t i = 0; i < sizeof known_production / sizeof *known_production; i++) {
        if (fr_str_equal_nocase(known_production[i], adding->name))
            return;
    }
    char *key = key_of(adding, "class");
    choices = class_names(draft);
    const char *class = fr_init_ask(draft, key != NULL ? key : "", "production", choices,
                                    "Of which class is the environment %s?", adding->name);
    if (key != NULL && fr_init_answered(draft, key))
        fr_init_put_string(draft, adding->object, "class", class);
    else if (key != NULL)
        fr_init_leave_open(draft, key, "%s counts as production until it is classified",
                           adding->name);
    free(key);
}

/* --------------------------------------------------------------------- identities */

static const fr_json *profile_for(const struct adding *adding, const char *purpose)
{
    for (const fr_json *p = fr_json_first(adding->draft->profiles); p != NULL;
         p = fr_json_next(p)) {
        const fr_json *use = fr_json_get(p, "use");
        if (fr_str_equal(fr_json_get_string(use, "environment"), adding->name) &&
            fr_str_equal(fr_json_get_string(use, "purpose"), purpose))
            return p;
    }
    return NULL;
}

static const fr_json *profile_named(const fr_init_draft *draft, const char *name)
{
    const fr_json *profile = fr_json_first(draft->profiles);

    while (profile != NULL && !fr_str_equal(fr_json_get_string(profile, "name"), name))
        profile = fr_json_next(profile);
    return profile;
}

static fr_json *profile_names(fr_init_draft *draft)
{
    fr_json *names = fr_json_array();

    for (const fr_json *p = fr_json_first(draft->profiles); p != NULL; p = fr_json_next(p)) {
        if (fr_json_add_string(names, fr_json_get_string(p, "name")) != FRACTARY_OK)
            draft->status = FRACTARY_E_NOMEM;
    }
    return names;
}

/* The profile's name, or "" where none can be told. */
static const char *choose_profile(const struct adding *adding, const char *purpose)
{
    const char *name =
        fr_json_string(fr_json_at(adding->original, "profiles", purpose, (char *)NULL));
    const fr_json *matched = profile_for(adding, purpose);
    char *key;

    if (name != NULL)
        return name;
    if (matched != NULL)
        return fr_json_get_string(matched, "name");
    if (!fr_str_equal(purpose, "deploy") || fr_json_count(adding->draft->profiles) == 0)
        return "";
    key = key_of(adding, "identities.deploy.profile");
    name = fr_init_ask(adding->draft, key != NULL ? key : "", "", profile_names(adding->draft),
                       "Which AWS profile deploys %s?", adding->name);
    free(key);
    return name;
}

/* Non-zero when there is a profile to write. */
static int add_identity(const struct adding *adding, const char *purpose)
{
    fr_init_draft *draft = adding->draft;
    const char *name = choose_profile(adding, purpose);

    if (name[0] == '\0')
        return 0;
    fr_json *identities = fr_init_object_in(draft, adding->object, "identities");
    fr_init_put_string(draft, fr_init_object_in(draft, identities, purpose), "profile", name);
    return 1;
}

/* As the configuration has it by now, else by the name alone. */
static int is_test(const struct adding *adding)
{
    const char *class = fr_json_get_string(adding->object, "class");

    return class != NULL ? fr_str_equal(class, "test")
                         : fr_class_by_name(adding->name) == FR_CLASS_TEST;
}

/* Only a deploy profile is missed: without one for read, that one reads, and
 * without one for grant nothing is granted. */
static void add_identities(const struct adding *adding)
{
    add_identity(adding, "read");
    const int deploys = add_identity(adding, "deploy");
    add_identity(adding, "grant");
    char *key = deploys ? NULL : key_of(adding, "identities.deploy");
    if (key != NULL)
        fr_init_leave_open(
            adding->draft, key,
            fr_json_count(adding->draft->profiles) > 0 ? "no profile can be told by its name"
            : is_test(adding) ? "there are no profiles; the credentials in the environment are used"
                              : "there are no profiles; nothing is deployed there without one");
    free(key);
}

static const char *deploy_profile(const struct adding *adding)
{
    return fr_json_string(
        fr_json_at(adding->object, "identities", "deploy", "profile", (char *)NULL));
}

/* The account that the deploy profile leads to must be the one that answers. */
static void add_account(const struct adding *adding)
{
    const fr_json *profile = profile_named(adding->draft, deploy_profile(adding));
    const char *account = fr_json_get_string(adding->original, "account");

    if (account == NULL)
        account = fr_json_get_string(profile, "account");
    if (account != NULL) {
        fr_init_put_string(adding->draft, adding->object, "account", account);
        return;
    }
    char *key = key_of(adding, "account");
    if (key != NULL)
        fr_init_leave_open(
            adding->draft, key,
            is_test(adding) ? "the profiles do not name it; without it any account is taken"
                            : "the profiles do not name it; nothing is deployed there without it");
    free(key);
}

/* ------------------------------------------------------------------------ regions */

/* What the environment's files and its code say, for that is what the provider
 * takes; else the region of its own deploy profile; NULL when neither says
 * one. What belongs to another environment says nothing about this one. */
static const char *find_region(const struct adding *adding)
{
    const fr_json *profile = profile_named(adding->draft, deploy_profile(adding));
    const char *region = fr_json_get_string(adding->original, "region");
    const char *of_profile = fr_json_get_string(profile, "region");
    const char *of_code = fr_json_get_string(adding->found, "region");

    if (region != NULL)
        return region;
    if (of_profile != NULL && of_code != NULL && !fr_str_equal(of_profile, of_code))
        fr_init_note(adding->draft, "warning",
                     "%s: the Terraform code says %s, profile %s says %s; the region is set to "
                     "the code's, check environments.%s.region",
                     adding->name, of_code, deploy_profile(adding), of_profile, adding->name);
    return of_code != NULL ? of_code : of_profile;
}

static void add_region(const struct adding *adding)
{
    const fr_json *regions = fr_json_get(adding->draft->discovered, "regions");
    const char *region = find_region(adding);
    char *key = key_of(adding, "region");

    if (region == NULL && key != NULL)
        region = fr_init_ask(adding->draft, key, "",
                             fr_json_count(regions) > 0 ? fr_json_copy(regions) : NULL,
                             "In which region is %s?", adding->name);
    if (region != NULL && region[0] != '\0')
        fr_init_put_string(adding->draft, adding->object, "region", region);
    else if (key != NULL)
        fr_init_leave_open(adding->draft, key,
                           fr_json_count(regions) > 0
                               ? "regions occur in the project, but none can be told to be its own"
                               : "no file of the project and no profile names a region");
    free(key);
}

/* ---------------------------------------------------------------------- terraform */

/* "a, b and c", for the caller to free(). */
static char *list_of(const struct adding *adding, const fr_json *texts)
{
    fr_names names = {0};
    fr_buf list = {0};

    for (const fr_json *e = fr_json_first(texts); e != NULL; e = fr_json_next(e))
        fr_names_add(&names, fr_json_string(e));
    fr_names_list(&names, &list);
    const int failed = names.failed;
    fr_names_finish(&names);
    char *text = fr_buf_steal(&list);
    if (failed || text == NULL)
        adding->draft->status = FRACTARY_E_NOMEM;
    return text;
}

static void leave_directory_open(const struct adding *adding, const fr_json *several)
{
    char *key = key_of(adding, "plugins.iac-terraform.directory");
    char *list = list_of(adding, several);

    if (key != NULL && list != NULL)
        fr_init_leave_open(adding->draft, key,
                           "%zu root modules belong to %s, and an environment has one in this "
                           "version: set it to one of %s",
                           fr_json_count(several), adding->name, list);
    free(list);
    free(key);
}

/* Files of one name in several folders: only one of them can be meant. */
static void leave_rivals_open(const struct adding *adding, const fr_json *rivals)
{
    char *key = key_of(adding, "plugins.iac-terraform.var_files");
    char *list = fr_json_count(rivals) > 0 ? list_of(adding, rivals) : NULL;

    if (key != NULL && list != NULL)
        fr_init_leave_open(adding->draft, key,
                           "%s have one name, and nothing says which of them is meant: name it in "
                           "var_files or backend_config",
                           list);
    free(list);
    free(key);
}

/* The environment's own root module where it differs from the common one. */
static const char *find_directory(const struct adding *adding)
{
    const fr_json *several = fr_json_get(adding->found, "directories");
    const char *common = fr_json_string(
        fr_json_at(adding->draft->config, "plugins", "iac-terraform", "directory", (char *)NULL));
    const char *directory = fr_json_get_string(adding->original, "directory");

    if (directory == NULL)
        directory = fr_json_get_string(adding->found, "directory");
    if (directory == NULL && common == NULL && fr_json_count(several) > 1) {
        char *key = key_of(adding, "directory");
        directory = fr_init_ask(adding->draft, key != NULL ? key : "", "", fr_json_copy(several),
                                "Which root module is %s?", adding->name);
        if (directory[0] == '\0')
            leave_directory_open(adding, several);
        free(key);
    }
    if (directory == NULL || directory[0] == '\0' || fr_str_equal(directory, common))
        return NULL;
    return directory;
}

static void add_list(const struct adding *adding, fr_json *section, const char *key,
                     const fr_json *list)
{
    if (fr_json_count(list) > 0)
        fr_init_put(adding->draft, section, key, fr_json_copy(list));
}

/* What was found for the directory that was chosen among several. */
static const fr_json *found_in(const struct adding *adding, const char *directory)
{
    const char *common = fr_json_string(
        fr_json_at(adding->draft->config, "plugins", "iac-terraform", "directory", (char *)NULL));
    const char *chosen = directory != NULL ? directory : common;
    const fr_json *there =
        chosen != NULL ? fr_json_at(adding->found, "by_directory", chosen, (char *)NULL) : NULL;

    return there != NULL ? there : adding->found;
}

static void add_terraform(const struct adding *adding)
{
    fr_init_draft *draft = adding->draft;
    const fr_json *var_files = fr_json_get(adding->original, "var_files");
    const char *directory = find_directory(adding);
    const fr_json *found = found_in(adding, directory);
    const char *workspace = fr_json_get_string(found, "workspace");
    fr_json *section = fr_json_object();

    if (directory != NULL)
        fr_init_put_string(draft, section, "directory", directory);
    add_list(adding, section, "var_files",
             var_files != NULL ? var_files : fr_json_get(found, "var_files"));
    if (workspace != NULL)
        fr_init_put_string(draft, section, "workspace", workspace);
    add_list(adding, section, "backend_config", fr_json_get(found, "backend_config"));
    leave_rivals_open(adding, fr_json_get(found, "rivals"));
    if (fr_json_count(section) == 0) {
        fr_json_free(section);
        return;
    }
    fr_init_put(draft, fr_init_object_in(draft, adding->object, "plugins"), "iac-terraform",
                section);
}

/* -------------------------------------------------------------------------- whole */

void fr_init_add_environment(fr_init_draft *draft, const char *name)
{
    fr_json *environments = fr_init_object_in(draft, draft->config, "environments");
    const fr_json *handlers = fr_json_get(draft->config, "handlers");
    const fr_json *own = fr_json_at(draft->discovered, "per_environment", name, (char *)NULL);
    const struct adding adding = {
        .draft = draft,
        .name = name,
        .object = fr_init_object_in(draft, environments, name),
        .found = own != NULL ? own : fr_json_get(draft->discovered, "no_environment"),
        .original = fr_json_at(draft->original, "environments", name, (char *)NULL),
    };

    add_class(&adding);
    if (fr_str_equal(fr_json_get_string(handlers, "hosting"), "hosting-aws")) {
        add_identities(&adding);
        add_account(&adding);
        add_region(&adding);
    }
    if (fr_str_equal(fr_json_get_string(handlers, "iac"), "iac-terraform"))
        add_terraform(&adding);
}
