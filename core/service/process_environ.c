#include "service/process_environ.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "trust/identity.h"
#include "trust/pass.h"

#define NAME_MAX_LENGTH 256

static void wipe_entry(void *item)
{
    char *entry = item;

    if (entry != NULL)
        fr_wipe(entry, strlen(entry));
    free(entry);
}

void fr_environ_finish(fr_environ_block *block)
{
    fr_vec_finish(&block->entries, wipe_entry);
}

/* Length of the name in "NAME=value", 0 when there is none or it is too long. */
static size_t name_length(const char *entry)
{
    const char *equals = strchr(entry, '=');
    const size_t length = equals != NULL ? (size_t)(equals - entry) : 0;

    return length < NAME_MAX_LENGTH ? length : 0;
}

/* Takes `entry` over, also on failure. */
static int32_t put(fr_environ_block *block, char *entry, fractary_error *error)
{
    if (entry == NULL)
        return fr_error_nomem(error);
    const size_t named = name_length(entry) + 1;
    for (size_t i = 0; i < block->entries.count; i++) {
        if (strncmp(block->entries.items[i], entry, named) != 0)
            continue;
        wipe_entry(block->entries.items[i]);
        block->entries.items[i] = entry;
        return FRACTARY_OK;
    }
    if (fr_vec_push(&block->entries, entry) == FRACTARY_OK)
        return FRACTARY_OK;
    wipe_entry(entry);
    return fr_error_nomem(error);
}

static int is_inheritable(const char *entry, const fr_config *config, const char *environment)
{
    char name[NAME_MAX_LENGTH];
    const size_t length = name_length(entry);

    if (length == 0)
        return 0;
    memcpy(name, entry, length);
    name[length] = '\0';
    return !fr_pass_is_needed(name) || fr_pass_allows(config, environment, name);
}

int32_t fr_environ_inherit(fr_environ_block *block, const char *const *inherited,
                           const fr_config *config, const char *environment,
                           fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (; inherited != NULL && *inherited != NULL && status == FRACTARY_OK; inherited++)
        if (is_inheritable(*inherited, config, environment))
            status = put(block, fr_str_dup(*inherited), error);
    return status;
}

int32_t fr_environ_add_credentials(fr_environ_block *block, const fr_json *environ,
                                   fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    if (fr_json_kind_of(environ) != FR_JSON_OBJECT)
        return fr_error_set(error, FRACTARY_E_PROTOCOL,
                            "the credentials have no object \"environ\"");
    for (const fr_json *e = fr_json_first(environ); e != NULL && status == FRACTARY_OK;
         e = fr_json_next(e)) {
        const char *name = fr_json_key(e);
        const char *value = fr_json_string(e);
        if (value == NULL || *name == '\0' || strchr(name, '=') != NULL ||
            strlen(name) >= NAME_MAX_LENGTH)
            return fr_error_set(error, FRACTARY_E_PROTOCOL,
                                "the credentials hold \"%s\", which is no variable with a text",
                                name);
        status = put(block, fr_str_format("%s=%s", name, value), error);
    }
    return status;
}

int32_t fr_environ_add(fr_environ_block *block, const char *const *added, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (; added != NULL && *added != NULL && status == FRACTARY_OK; added++) {
        char name[NAME_MAX_LENGTH];
        const size_t length = name_length(*added);
        if (length == 0)
            return fr_error_set(error, FRACTARY_E_INVALID,
                                "a variable for the child has no form NAME=value");
        memcpy(name, *added, length);
        name[length] = '\0';
        if (fr_identity_is_credential_variable(name)) {
            fr_error_set(error, FRACTARY_E_REFUSED, "the variable %s is refused", name);
            fr_error_cause(error, "it carries or selects credentials, and those come from the "
                                  "identity of a purpose alone");
            return FRACTARY_E_REFUSED;
        }
        status = put(block, fr_str_dup(*added), error);
    }
    return status;
}

const char *const *fr_environ_texts(fr_environ_block *block)
{
    /* The NULL stands behind the last entry without being one. */
    if (fr_vec_push(&block->entries, NULL) != FRACTARY_OK)
        return NULL;
    block->entries.count--;
    return (const char *const *)block->entries.items;
}
