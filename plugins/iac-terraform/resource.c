/* `resource` records: what of a state may be seen. */
#include "state.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define STRING_LIMIT     256u
#define ATTRIBUTES_LIMIT 16384u
#define TEXT_LIMIT       2048u

/* Attributes that hold what the cloud shows as the resource's name, by
 * preference. */
static const char *const name_attributes[] = {
    "name",
    "bucket",
    "function_name",
    "table_name",
    "queue_name",
    "topic_name",
    "role_name",
    "user_name",
    "cluster_name",
    "service_name",
    "domain_name",
    "identifier",
    "cluster_identifier",
    "replication_group_id",
    "db_name",
    "family",
    "alias",
    "display_name",
    "key_name",
};

/* Attribute names that may hold a secret although nobody marked them, and
 * contents that are nobody's business. */
static const char *const hidden_names[] = {
    "*password*",
    "*passwd*",
    "*passphrase*",
    "*secret*",
    "*token*",
    "*credential*",
    "*private_key*",
    "*key_material*",
    "*access_key*",
    "*api_key*",
    "*apikey*",
    "*ssh_key*",
    "*encryption_key",
    "*plaintext*",
    "*ciphertext*",
    "*connection_string*",
    "*user_data*",
    "*certificate_body*",
    "*certificate_chain*",
    "*_pem",
    "auth*",
    "*value",
    "*content*",
    "*body",
    "definition",
    "input",
    "output",
    "triggers*",
    "*environment*",
    "*base64*",
    "policy",
    "*_policy",
};

/* What the patterns above hit although it only names something. */
static const char *const shown_names[] = {"*_arn",          "secret_id",          "content_type",
                                          "policy_arn",     "authorization_type", "*_policy_id",
                                          "token_validity*"};

static int is_like(const char *name, const char *const *patterns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fr_str_glob(patterns[i], name))
            return 1;
    return 0;
}

#define LIKE(name, table) is_like(name, table, sizeof table / sizeof *table)

/* True in an object, a nested mark or a name in an array: all mean that some
 * of the attribute is sensitive. An empty mark means that none is. */
static int is_marked(const fr_json *sensitive, const char *name)
{
    if (fr_json_kind_of(sensitive) == FR_JSON_OBJECT) {
        const fr_json *mark = fr_json_get(sensitive, name);
        return mark != NULL && (fr_json_bool(mark, 0) || fr_json_first(mark) != NULL);
    }
    for (const fr_json *e = fr_json_first(sensitive); e != NULL; e = fr_json_next(e))
        if (fr_str_equal(fr_json_string(e), name))
            return 1;
    return 0;
}

static int may_show(const fr_tf_object *object, const char *name)
{
    return name != NULL && !object->hide_all && !is_marked(object->sensitive, name) &&
           (!LIKE(name, hidden_names) || LIKE(name, shown_names));
}

/* The text of an attribute that may be shown, or NULL. */
static const char *text_of(const fr_tf_object *object, const char *name)
{
    const char *text = may_show(object, name) ? fr_json_get_string(object->attributes, name) : NULL;
    return text != NULL && *text != '\0' ? text : NULL;
}

/* ---------------------------------------------------------------- identity */

static const char *name_of(const fr_tf_object *object)
{
    for (size_t i = 0; i < sizeof name_attributes / sizeof *name_attributes; i++) {
        const char *text = text_of(object, name_attributes[i]);
        if (text != NULL)
            return text;
    }
    return NULL;
}

static const char *arn_of(const fr_tf_object *object)
{
    const char *arn = text_of(object, "arn");
    const char *id = text_of(object, "id");
    if (arn == NULL && id != NULL && fr_str_starts(id, "arn:"))
        return id;
    return arn;
}

/* Field `wanted` (from 0) of arn:partition:service:region:account:…; the
 * caller frees it. NULL when it is empty. */
static char *arn_field(const char *arn, int wanted)
{
    for (int i = 0; arn != NULL && i < wanted; i++) {
        arn = strchr(arn, ':');
        arn = arn == NULL ? NULL : arn + 1;
    }
    size_t length = arn == NULL ? 0 : strcspn(arn, ":");
    return length == 0 || arn[length] != ':' ? NULL : fr_str_ndup(arn, length);
}

static int32_t put_region(fr_json *resource, const fr_tf_object *object, const char *arn)
{
    char *region = fr_str_dup(text_of(object, "region"));
    if (region == NULL)
        region = arn_field(arn, 3);
    char *account = arn_field(arn, 4);
    int32_t failed = fr_tf_put(resource, "region", region, TEXT_LIMIT) |
                     fr_tf_put(resource, "account", account, TEXT_LIMIT);
    free(region);
    free(account);
    return failed;
}

/* -------------------------------------------------------------- attributes */

/* A scalar that is worth handing on, as a value of its own; NULL otherwise. */
static fr_json *shown_scalar(const fr_json *value)
{
    fr_json_kind kind = fr_json_kind_of(value);
    const char *text = fr_json_string(value);
    if (kind == FR_JSON_BOOL || kind == FR_JSON_NUMBER)
        return fr_json_copy(value);
    if (text == NULL || *text == '\0' || strlen(text) > STRING_LIMIT)
        return NULL;
    return fr_json_copy(value);
}

/* The scalars of a block that stands once, as in the state: [{"status": …}].
 * NULL where there are none. */
static fr_json *shown_block(const fr_tf_object *object, const fr_json *list)
{
    const fr_json *block = fr_json_count(list) == 1 ? fr_json_first(list) : NULL;
    fr_json *shown = fr_json_object();
    fr_json *out = NULL;
    int32_t failed = FRACTARY_OK;
    for (const fr_json *m = fr_json_first(block); m != NULL && failed == FRACTARY_OK;
         m = fr_json_next(m)) {
        fr_json *value = may_show(object, fr_json_key(m)) ? shown_scalar(m) : NULL;
        if (value != NULL)
            failed = fr_json_set(shown, fr_json_key(m), value);
    }
    if (failed == FRACTARY_OK && fr_json_first(shown) != NULL)
        out = fr_json_array();
    if (out == NULL) {
        fr_json_free(shown);
        return NULL;
    }
    if (fr_json_add(out, shown) == FRACTARY_OK)
        return out;
    fr_json_free(out);
    return NULL;
}

static fr_json *shown_value(const fr_tf_object *object, const fr_json *value)
{
    return fr_json_kind_of(value) == FR_JSON_ARRAY ? shown_block(object, value)
                                                   : shown_scalar(value);
}

/* About as long as it is when printed. */
static size_t size_of(const char *name, const fr_json *value)
{
    const char *text = fr_json_string(value);
    size_t size = (name != NULL ? strlen(name) : 0) + (text != NULL ? strlen(text) : 8) + 6;
    for (const fr_json *m = fr_json_first(fr_json_first(value)); m != NULL; m = fr_json_next(m))
        size += (text = fr_json_string(m)) != NULL ? strlen(fr_json_key(m)) + strlen(text) + 6
                                                   : strlen(fr_json_key(m)) + 14;
    return size;
}

static int32_t put_attributes(fr_json *resource, const fr_tf_object *object)
{
    fr_json *shown = fr_json_object();
    size_t size = 0;
    int32_t failed = shown == NULL ? FRACTARY_E_NOMEM : FRACTARY_OK;
    for (const fr_json *a = fr_json_first(object->attributes);
         a != NULL && size < ATTRIBUTES_LIMIT && failed == FRACTARY_OK; a = fr_json_next(a)) {
        const char *name = fr_json_key(a);
        fr_json *value = may_show(object, name) ? shown_value(object, a) : NULL;
        if (value == NULL)
            continue;
        size += size_of(name, value);
        if (size > ATTRIBUTES_LIMIT + TEXT_LIMIT) {
            fr_json_free(value); /* one block may be as large as all the rest */
            continue;
        }
        failed = fr_json_set(shown, name, value);
    }
    return failed | fr_json_set(resource, "attributes", shown);
}

/* ------------------------------------------------------------------ record */

static fr_json *resource_of(const fr_tf_object *object)
{
    const char *arn = arn_of(object);
    fr_json *resource = fr_json_object();
    char *provider =
        object->provider == NULL ? NULL : fr_str_ndup(object->provider, object->provider_length);
    int32_t failed = fr_tf_put(resource, "address", object->address, TEXT_LIMIT);
    failed |= fr_tf_put(resource, "type", object->type, TEXT_LIMIT);
    failed |= fr_tf_put(resource, "name", name_of(object), TEXT_LIMIT);
    failed |= fr_tf_put(resource, "provider", provider, TEXT_LIMIT);
    failed |= fr_tf_put(resource, "id", text_of(object, "id"), TEXT_LIMIT);
    failed |= fr_tf_put(resource, "arn", arn, TEXT_LIMIT);
    failed |= put_region(resource, object, arn);
    if (object->tainted || object->deposed != NULL)
        failed |= fr_json_set_string(resource, "condition",
                                     object->deposed != NULL ? "deposed" : "tainted");
    failed |= put_attributes(resource, object);
    free(provider);
    if (failed == FRACTARY_OK)
        return resource;
    fr_json_free(resource);
    return NULL;
}

fr_json *fr_tf_resource_record(const fr_tf_object *object)
{
    const char *note = object->deposed != NULL ? " (left over from a replacement)"
                       : object->tainted       ? " (tainted: will be replaced)"
                                               : "";
    fr_json *record = fr_record_new("resource", "%.2048s is in the state%s", object->address, note);
    if (fr_json_set(record, "resource", resource_of(object)) == FRACTARY_OK)
        return record;
    fr_json_free(record);
    return NULL;
}
