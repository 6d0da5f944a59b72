#include "project/init_draft.h"

#include "project/config_check.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

#define NEXT "write one and set plugins.iac-terraform.directory to its folder"

static int has_text(const fr_json *list, const char *text)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_string(e), text))
            return 1;
    }
    return 0;
}

static void list_texts(fr_init_draft *draft, const fr_json *list, fr_buf *out)
{
    fr_names names = {0};

    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e))
        fr_names_add(&names, fr_json_string(e));
    fr_names_list(&names, out);
    if (names.failed || out->failed)
        draft->status = FRACTARY_E_NOMEM;
    fr_names_finish(&names);
}

/* ----------------------------------------------------------------- what is left */

static int is_used(const fr_init_draft *draft, const char *root)
{
    const fr_json *environments = fr_json_get(draft->config, "environments");
    const fr_json *found = fr_json_get(draft->discovered, "per_environment");

    for (const fr_json *e = fr_json_first(environments); e != NULL; e = fr_json_next(e)) {
        const char *directory = fr_init_directory(draft, e);
        if (fr_str_equal(directory != NULL ? directory : ".", root))
            return 1;
    }
    /* Among which one is still to be chosen: they are told with the environment. */
    for (const fr_json *e = fr_json_first(found); e != NULL; e = fr_json_next(e)) {
        const fr_json *configured = fr_json_get(environments, fr_json_key(e));
        if (configured != NULL && fr_init_directory(draft, configured) == NULL &&
            has_text(fr_json_get(e, "directories"), root))
            return 1;
    }
    return 0;
}

/* Non-zero when some environment has a root module, or could have one; where
 * none has, the question of the directory names them all. */
static int is_any_told(const fr_init_draft *draft)
{
    const fr_json *found = fr_json_get(draft->discovered, "per_environment");

    for (const fr_json *e = fr_json_first(found); e != NULL; e = fr_json_next(e)) {
        if (fr_json_count(fr_json_get(e, "directories")) > 0)
            return 1;
    }
    return 0;
}

static int is_chosen(const fr_init_draft *draft)
{
    const fr_json *environments = fr_json_get(draft->config, "environments");

    for (const fr_json *e = fr_json_first(environments); e != NULL; e = fr_json_next(e)) {
        if (fr_init_directory(draft, e) != NULL)
            return 1;
    }
    return 0;
}

static void note_left_roots(fr_init_draft *draft)
{
    const fr_json *roots = fr_json_get(draft->discovered, "terraform_dirs");
    fr_json *left = fr_json_array();
    fr_buf list = {0};

    const int told = is_any_told(draft) || is_chosen(draft);

    for (const fr_json *r = fr_json_first(roots); r != NULL && told; r = fr_json_next(r)) {
        if (!is_used(draft, fr_json_string(r)) &&
            fr_json_add_string(left, fr_json_string(r)) != FRACTARY_OK)
            draft->status = FRACTARY_E_NOMEM;
    }
    list_texts(draft, left, &list);
    if (fr_json_count(left) > 0)
        fr_init_note(draft, "warning",
                     "no environment deploys %s: to have fractary do it, add an environment to "
                     "the configuration whose plugins.iac-terraform.directory is that folder",
                     fr_buf_text(&list));
    fr_buf_finish(&list);
    fr_json_free(left);
}

static void note_files(fr_init_draft *draft)
{
    const fr_json *ignored = fr_json_get(draft->discovered, "ignored_files");
    const fr_json *automatic = fr_json_get(draft->discovered, "automatic_files");
    fr_buf list = {0};

    list_texts(draft, ignored, &list);
    if (fr_json_count(ignored) > 0)
        fr_init_note(draft, "info",
                     "no environment was given %s: the name says example, or says none; add it to "
                     "environments.<name>.plugins.iac-terraform.var_files where it is meant",
                     fr_buf_text(&list));
    fr_buf_finish(&list);
    list_texts(draft, automatic, &list);
    if (fr_json_count(automatic) > 0)
        fr_init_note(draft, "info", "Terraform reads %s by itself, in each environment there",
                     fr_buf_text(&list));
    fr_buf_finish(&list);
}

static void note_units(fr_init_draft *draft)
{
    const fr_json *units = fr_json_get(draft->discovered, "terragrunt_units");
    fr_buf list = {0};

    list_texts(draft, units, &list);
    if (fr_json_count(units) > 0)
        fr_init_note(draft, "warning",
                     "Terragrunt's units are not supported, and no environment was made of %s: "
                     "go on running them with terragrunt; fractary deploys root modules that "
                     "Terraform can run by itself",
                     fr_buf_text(&list));
    fr_buf_finish(&list);
}

/* ------------------------------------------------------------- can it be used */

static int is_test(const fr_json *environment)
{
    const char *class = fr_json_get_string(environment, "class");

    return class != NULL ? fr_str_equal(class, "test")
                         : fr_class_by_name(fr_json_key(environment)) == FR_CLASS_TEST;
}

/* A folder that somebody has written down is believed. */
static int has_root(const fr_init_draft *draft, const fr_json *environment)
{
    const fr_json *roots = fr_json_get(draft->discovered, "terraform_dirs");
    const char *directory = fr_init_directory(draft, environment);

    return directory != NULL ? !draft->fresh || has_text(roots, directory) : has_text(roots, ".");
}

/* Non-zero when Terraform cannot be initialised: nothing says where the state
 * is to lie. */
static int lacks_backend(const fr_init_draft *draft, const fr_json *environment)
{
    const fr_json *roots = fr_json_get(draft->discovered, "root_modules");
    const char *directory = fr_init_directory(draft, environment);

    for (const fr_json *r = fr_json_first(roots); r != NULL; r = fr_json_next(r)) {
        if (fr_str_equal(fr_json_get_string(r, "directory"), directory != NULL ? directory : "."))
            return fr_json_is_true(r, "partial") &&
                   fr_json_count(fr_init_setting(draft, environment, "backend_config")) == 0;
    }
    return 0;
}

/* What keeps an environment from being deployed, for the caller to free();
 * NULL when nothing does. */
static char *obstacle_of(const fr_init_draft *draft, const fr_json *environment)
{
    const char *name = fr_json_key(environment);
    const fr_json *identities = fr_json_get(environment, "identities");
    const int deploys = fr_json_get(identities, "deploy") != NULL;

    if (!has_root(draft, environment))
        return fr_str_format("no root module is chosen for %s; set "
                             "environments.%s.plugins.iac-terraform.directory",
                             name, name);
    if (lacks_backend(draft, environment))
        return fr_str_format("the backend of %s lacks settings; set "
                             "environments.%s.plugins.iac-terraform.backend_config",
                             name, name);
    if (!deploys && (!is_test(environment) || fr_json_count(identities) > 0))
        return fr_str_format("%s has no profile to deploy with; set "
                             "environments.%s.identities.deploy.profile",
                             name, name);
    if (!is_test(environment) && fr_json_get_string(environment, "account") == NULL)
        return fr_str_format("%s counts as production and has no account; set "
                             "environments.%s.account",
                             name, name);
    return NULL;
}

/* The same for the project as a whole. */
static char *obstacle_of_all(const fr_init_draft *draft)
{
    const fr_json *roots = fr_json_get(draft->discovered, "terraform_dirs");
    const fr_json *handlers = fr_json_get(draft->config, "handlers");
    const fr_json *units = fr_json_get(draft->discovered, "terragrunt_units");
    const char *iac = fr_json_get_string(draft->discovered, "iac");

    if (fr_json_count(units) > 0 && fr_json_count(roots) == 0)
        return fr_str_format(
            "there is no root module that Terraform can run without Terragrunt; " NEXT);
    if (fr_json_get_string(handlers, "iac") == NULL)
        return fr_str_format("there is no handler for %s; set handlers.iac to iac-terraform once "
                             "there is Terraform code",
                             iac != NULL ? iac : "what describes the infrastructure");
    if (fr_json_count(roots) == 0)
        return fr_str_format(
            "there is no root module: no folder has Terraform code that is not a module of "
            "others; " NEXT);
    if (fr_json_get_string(handlers, "hosting") == NULL)
        return fr_str_format("there is no handler for this cloud yet (handlers.hosting)");
    return NULL;
}

/* Root modules that a configuration names count, also where none is found. */
static int is_configured(const fr_init_draft *draft)
{
    const fr_json *handlers = fr_json_get(draft->config, "handlers");

    return !draft->fresh && is_chosen(draft) && fr_json_get_string(handlers, "iac") != NULL &&
           fr_json_get_string(handlers, "hosting") != NULL;
}

static void judge(fr_init_draft *draft)
{
    const fr_json *environments = fr_json_get(draft->config, "environments");
    char *whole = is_configured(draft) ? NULL : obstacle_of_all(draft);
    char *first = NULL;

    for (const fr_json *e = fr_json_first(environments); e != NULL && whole == NULL;
         e = fr_json_next(e)) {
        char *obstacle = obstacle_of(draft, e);
        if (obstacle == NULL &&
            fr_json_add_string(draft->deployable, fr_json_key(e)) != FRACTARY_OK)
            draft->status = FRACTARY_E_NOMEM;
        if (first == NULL)
            first = obstacle;
        else
            free(obstacle);
    }
    free(draft->obstacle);
    draft->obstacle = whole;
    if (whole == NULL && fr_json_count(draft->deployable) == 0)
        draft->obstacle = first != NULL ? fr_str_dup(first) : fr_str_dup("there is no environment");
    free(first);
}

void fr_init_tell_outcome(fr_init_draft *draft)
{
    note_left_roots(draft);
    note_files(draft);
    note_units(draft);
    judge(draft);
}
