#include "project/config_check.h"

#include "base/json_scan.h"
#include "base/schema.h"
#include "base/schema_parts.h"
#include "project/config_schema.h"
#include "project/config_slips.h"
#include "project/pattern.h"
#include "project/stack.h"
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <stdio.h>
#include <string.h>

#define LONGEST_NAME 64

static const char *const class_names[] = {
    [FR_CLASS_TEST] = "test",
    [FR_CLASS_STAGING] = "staging",
    [FR_CLASS_PRODUCTION] = "production",
};

/* Names that nobody gives to something precious. Every other name is
 * production until the configuration classifies it. */
static const char *const test_names[] = {"test",        "testing",    "dev", "develop",
                                         "development", "sandbox",    "sbx", "ci",
                                         "local",       "playground", "demo"};

const char *fr_class_name(fr_class class)
{
    return class_names[class];
}

fr_class fr_config_class_named(const char *name)
{
    for (size_t i = 0; i < sizeof class_names / sizeof *class_names; i++) {
        if (fr_str_equal(class_names[i], name))
            return (fr_class)i;
    }
    return FR_CLASS_PRODUCTION;
}

fr_class fr_class_by_name(const char *environment)
{
    for (size_t i = 0; i < sizeof test_names / sizeof *test_names; i++) {
        if (fr_str_equal_nocase(test_names[i], environment))
            return FR_CLASS_TEST;
    }
    return FR_CLASS_PRODUCTION;
}

static int is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int fr_config_is_environment_name(const char *name)
{
    size_t length = 0;

    for (; name[length] != '\0'; length++) {
        const int inner = length > 0 && strchr("._-", name[length]) != NULL;
        if (!is_name_byte(name[length]) && !inner)
            return 0;
    }
    return length > 0 && length <= LONGEST_NAME;
}

/* ------------------------------------------------------------- where in the file */

/* Looks for the member at `wanted` and counts the keys that stand before it. */
struct search {
    const char *wanted;
    size_t keys;
    int found;
};

static void search_value(struct search *search, const fr_json *value,
                         const struct fr_schema_place *at)
{
    struct fr_schema_place inner = {.up = at};
    fr_buf place = {0};

    fr_schema_print_place(at, &place);
    search->found = fr_str_equal(fr_buf_text(&place), search->wanted);
    fr_buf_finish(&place);
    for (const fr_json *e = fr_json_first(value); e != NULL && !search->found;
         e = fr_json_next(e), inner.index++) {
        inner.key = fr_json_key(e);
        search->keys += inner.key != NULL;
        search_value(search, e, &inner);
    }
}

/* The line of the key at `place`; 1 for what cannot be located. */
static size_t line_of(const char *place, const char *text, size_t length, const fr_json *tree)
{
    struct search search = {.wanted = place};
    fr_json_fault fault = {.line = 1};

    search_value(&search, tree, NULL);
    if (search.found && search.keys > 0)
        fr_json_locate_key(text, length, search.keys - 1, &fault);
    return fault.line > 0 ? fault.line : 1;
}

/* What the checks share. */
struct check {
    const char *path;
    const char *text;
    size_t length;
    const fr_json *tree;
    fractary_error *error;
};

/* Puts file and line to an error whose `place` is one in the document. */
static int32_t locate(const struct check *check)
{
    char place[FRACTARY_ERROR_PLACE];
    fractary_error *error = check->error;

    if (error == NULL)
        return FRACTARY_E_CONFIG;
    snprintf(place, sizeof place, "%s", error->place);
    const size_t line = line_of(place, check->text, check->length, check->tree);
    if (error->cause[0] == '\0')
        fr_error_cause(error, "%s, line %zu, does not have the form of a configuration",
                       check->path, line);
    if (error->advice[0] == '\0')
        fr_error_advice(error, "mend that line; config.schema.json beside it says what is allowed");
    fr_error_place(error, "%s:%zu", check->path, line);
    return FRACTARY_E_CONFIG;
}

static int32_t refuse(const struct check *check, const char *place, const char *what)
{
    fr_error_set(check->error, FRACTARY_E_CONFIG, "%s: %s", place, what);
    fr_error_place(check->error, "%s", place);
    return FRACTARY_E_CONFIG;
}

/* --------------------------------------------------------------------- checks */

static int32_t check_version(const struct check *check)
{
    const int64_t version = fr_json_get_int(check->tree, "version", 0);

    if (version <= FR_CONFIG_VERSION)
        return FRACTARY_OK;
    refuse(check, "version", "the file is of a newer fractary");
    fr_error_cause(check->error, "%s is of version %lld, this fractary reads version %d",
                   check->path, (long long)version, FR_CONFIG_VERSION);
    fr_error_advice(check->error, "install the fractary that wrote it, or a newer one");
    return locate(check);
}

static int32_t check_schema(const struct check *check)
{
    fr_json *schema = fr_json_parse(fr_config_schema_text(), fr_config_schema_length(), NULL);

    if (schema == NULL)
        return fr_error_nomem(check->error);
    int32_t status = fr_schema_check(schema, check->tree, check->error);
    if (status == FRACTARY_OK)
        status = fr_config_check_slips(schema, check->tree, check->error);
    fr_json_free(schema);
    return status == FRACTARY_E_CONFIG ? locate(check) : status;
}

void fr_config_advise_environment(const fr_json *environments, const char *name,
                                  fractary_error *error)
{
    fr_buf list = {0};
    fr_vec names = {0};

    for (const fr_json *e = fr_json_first(environments); e != NULL; e = fr_json_next(e)) {
        fr_buf_printf(&list, "%s%s", list.length > 0 ? ", " : "", fr_json_key(e));
        if (fr_vec_push(&names, (void *)(uintptr_t)fr_json_key(e)) != FRACTARY_OK)
            break;
    }
    const char *nearest =
        fr_str_nearest(name, (const char *const *)(void *)names.items, names.count);
    if (list.length > 0)
        fr_error_cause(error, "the environments are: %s", fr_buf_text(&list));
    else
        fr_error_cause(error, "the configuration has no environment at all");
    if (nearest != NULL)
        fr_error_advice(error, "did you mean \"%s\"?", nearest);
    else if (list.length > 0)
        fr_error_advice(error, "name one of these, or add it to config.json");
    else
        fr_error_advice(error,
                        "add \"%.80s\" under \"environments\", or let `fractary init` find "
                        "the project's environments",
                        name);
    fr_vec_finish(&names, NULL);
    fr_buf_finish(&list);
}

static int32_t check_default(const struct check *check)
{
    const char *name = fr_json_get_string(check->tree, "default_environment");
    const fr_json *environments = fr_json_get(check->tree, "environments");
    const fr_json *environment = name != NULL ? fr_json_get(environments, name) : NULL;

    if (name == NULL)
        return FRACTARY_OK;
    if (environment == NULL) {
        refuse(check, "default_environment", "there is no such environment");
        fr_config_advise_environment(environments, name, check->error);
        return locate(check);
    }
    const char *class = fr_json_get_string(environment, "class");
    const fr_class is = class != NULL ? fr_config_class_named(class) : fr_class_by_name(name);
    if (is != FR_CLASS_PRODUCTION)
        return FRACTARY_OK;
    refuse(check, "default_environment", "an environment of class production is never the default");
    fr_error_cause(check->error, "%s is of class production%s: it runs only when it is named", name,
                   class == NULL ? ", as every name that is not classified" : "");
    fr_error_advice(check->error, "name another one, or classify it: environments.%s.class", name);
    return locate(check);
}

static int32_t check_pattern(const struct check *check)
{
    static const fr_pattern_values values = {"p", "s", "e", "r", "o"};
    const char *pattern =
        fr_json_string(fr_json_at(check->tree, "naming", "pattern", (char *)NULL));
    fr_buf out = {0};

    if (pattern == NULL)
        return FRACTARY_OK;
    const int32_t status = fr_pattern_expand(pattern, &values, &out, check->error);
    fr_buf_finish(&out);
    if (status != FRACTARY_E_CONFIG)
        return status;
    fr_error_place(check->error, "naming.pattern");
    return locate(check);
}

static int32_t check_stacks(const struct check *check)
{
    const int32_t status = fr_stack_check(check->tree, check->error);

    return status == FRACTARY_E_CONFIG ? locate(check) : status;
}

static int32_t check_identity(const struct check *check, const char *environment,
                              const fr_json *identity)
{
    static const char *const ways[] = {"profile", "role_arn", "source"};
    char place[FRACTARY_ERROR_PLACE];
    const char *meant = NULL;

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (fr_json_get(identity, ways[i]) != NULL)
            return FRACTARY_OK;
    }
    for (const fr_json *m = fr_json_first(identity); m != NULL && meant == NULL;
         m = fr_json_next(m))
        meant = fr_str_nearest(fr_json_key(m), ways, sizeof ways / sizeof *ways);
    snprintf(place, sizeof place, "environments.%s.identities.%s", environment,
             fr_json_key(identity));
    refuse(check, place, "the identity names nobody");
    fr_error_advice(check->error, "give it a \"profile\", a \"role_arn\" or a \"source\"");
    if (meant != NULL)
        fr_error_advice(check->error, "did you mean \"%s\"?", meant);
    return locate(check);
}

static int32_t check_environment(const struct check *check, const fr_json *environment)
{
    const char *name = fr_json_key(environment);
    const fr_json *identity = fr_json_first(fr_json_get(environment, "identities"));
    int32_t status = FRACTARY_OK;

    if (!fr_config_is_environment_name(name)) {
        refuse(check, "environments", "an environment cannot have this name");
        fr_error_cause(check->error, "\"%s\" cannot be the name of a folder everywhere", name);
        fr_error_advice(check->error, "use letters, digits, '.', '_' and '-', at most %d of them",
                        LONGEST_NAME);
        return locate(check);
    }
    for (; identity != NULL && status == FRACTARY_OK; identity = fr_json_next(identity))
        status = check_identity(check, name, identity);
    return status;
}

int32_t fr_config_check(const char *path, const char *text, size_t length, const fr_json *tree,
                        fractary_error *error)
{
    static int32_t (*const checks[])(const struct check *) = {check_version, check_schema,
                                                              check_default, check_pattern, check_stacks};
    const struct check check = {path, text, length, tree, error};
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == FRACTARY_OK; i++)
        status = checks[i](&check);
    for (const fr_json *e = fr_json_first(fr_json_get(tree, "environments"));
         e != NULL && status == FRACTARY_OK; e = fr_json_next(e))
        status = check_environment(&check, e);
    return status;
}

/* -------------------------------------------------------------------- parsing */

static int32_t refuse_syntax(const char *path, const char *text, const fr_json_fault *fault,
                             fractary_error *error)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";

    if (fault->line == 0)
        return fr_error_nomem(error);
    fr_error_set(error, FRACTARY_E_CONFIG, "%s is not JSON: line %zu, column %zu", path,
                 fault->line, fault->column);
    fr_error_cause(error, "%s", fault->reason);
    fr_error_advice(error, "mend that line; nothing was changed");
    if (fr_str_starts(text, byte_order_mark)) {
        fr_error_cause(error, "the file begins with a byte order mark, which JSON does not allow");
        fr_error_advice(error, "save it as UTF-8 without byte order mark");
    }
    fr_error_place(error, "%s:%zu:%zu", path, fault->line, fault->column);
    return FRACTARY_E_CONFIG;
}

int32_t fr_config_parse(const char *path, const char *text, size_t length, fr_json **tree,
                        fractary_error *error)
{
    fr_json_fault fault;

    *tree = fr_json_parse(text, length, &fault);
    if (*tree == NULL)
        return refuse_syntax(path, text, &fault, error);
    const int32_t status = fr_config_check(path, text, length, *tree, error);
    if (status != FRACTARY_OK) {
        fr_json_free(*tree);
        *tree = NULL;
    }
    return status;
}
