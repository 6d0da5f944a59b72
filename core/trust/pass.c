#include "trust/pass.h"

#include "trust/identity.h"
#include <fractary-plugin/str.h>
#include <string.h>

/* A trailing '*' stands for any rest. */
static const char *const never_passed[] = {
    "AWS_*",      "TF_CLI_ARGS*", "TF_WORKSPACE",    "TF_DATA_DIR", "TF_REATTACH_PROVIDERS",
    "LD_PRELOAD", "LD_AUDIT",     "LD_LIBRARY_PATH", "FRACTARY_*",
};

#define VARIABLES "TF_VAR_*"

int fr_pass_is_needed(const char *name)
{
    return fr_str_glob(VARIABLES, name) || fr_identity_is_credential_variable(name) ||
           fr_identity_is_steering_variable(name);
}

/* Of the configuration, and of an environment: the two lists. */
static const fr_json *list_of(const fr_config *config, const char *environment)
{
    const fr_json *tree = fr_config_tree(config);

    if (environment == NULL)
        return fr_json_at(tree, "environment", "pass", (char *)NULL);
    return fr_json_at(tree, "environments", environment, "environment", "pass", (char *)NULL);
}

static int lists(const fr_json *list, const char *name)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e)) {
        if (fr_json_string(e) != NULL && fr_str_glob(fr_json_string(e), name))
            return 1;
    }
    return 0;
}

static int is_never_passed(const char *name)
{
    for (size_t i = 0; i < sizeof never_passed / sizeof *never_passed; i++) {
        if (fr_str_glob(never_passed[i], name))
            return 1;
    }
    return 0;
}

int fr_pass_allows(const fr_config *config, const char *environment, const char *name)
{
    return config != NULL && !is_never_passed(name) &&
           (lists(list_of(config, NULL), name) || lists(list_of(config, environment), name));
}

/* --------------------------------------------------------------------- checking */

/* Letters, digits and '_', then perhaps one '*'. */
static int is_pattern(const char *text)
{
    const size_t named = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789_");

    return named > 0 && (text[named] == '\0' || strcmp(text + named, "*") == 0);
}

/* Can one name match both? Each is a text, or the beginning of one. */
static int overlaps(const char *a, const char *b)
{
    const size_t fixed_a = strcspn(a, "*");
    const size_t fixed_b = strcspn(b, "*");
    const size_t shorter = fixed_a < fixed_b ? fixed_a : fixed_b;

    if (strncmp(a, b, shorter) != 0)
        return 0;
    return (fixed_a <= fixed_b && a[fixed_a] == '*') || (fixed_b <= fixed_a && b[fixed_b] == '*') ||
           fixed_a == fixed_b;
}

static const char *find_never_passed(const char *pattern)
{
    for (size_t i = 0; i < sizeof never_passed / sizeof *never_passed; i++) {
        if (overlaps(pattern, never_passed[i]))
            return never_passed[i];
    }
    return NULL;
}

static int32_t check_pattern(const char *pattern, const char *key, fractary_error *error)
{
    const char *never = pattern != NULL && is_pattern(pattern) ? find_never_passed(pattern) : NULL;

    if (pattern != NULL && is_pattern(pattern) && never == NULL)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_CONFIG, "%s: \"%s\" cannot be passed", key,
                 pattern != NULL ? pattern : "");
    if (never != NULL)
        fr_error_cause(error,
                       "%s never reaches a child: credentials come from an identity, and "
                       "nothing steers a tool behind the plan's back",
                       never);
    else
        fr_error_cause(error, "it is no name of a variable");
    fr_error_advice(error, "name variables such as TF_VAR_size or GITHUB_TOKEN, or the beginning "
                           "of names: TF_VAR_*");
    fr_error_place(error, "%s: %s", FR_CONFIG_FILE, key);
    return FRACTARY_E_CONFIG;
}

static int32_t check_list(const fr_json *list, const char *key, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (const fr_json *e = fr_json_first(list); e != NULL && status == FRACTARY_OK;
         e = fr_json_next(e))
        status = check_pattern(fr_json_string(e), key, error);
    return status;
}

int32_t fr_pass_check(const fr_config *config, const char *environment, fractary_error *error)
{
    fr_buf key = {0};
    int32_t status = check_list(list_of(config, NULL), "environment.pass", error);

    fr_buf_printf(&key, "environments.%s.environment.pass", environment);
    if (status == FRACTARY_OK)
        status = check_list(list_of(config, environment), fr_buf_text(&key), error);
    fr_buf_finish(&key);
    return status;
}
