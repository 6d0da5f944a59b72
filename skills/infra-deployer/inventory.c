#include "inventory.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static void release(void *item)
{
    fr_json_free(item);
}

void inventory_finish(inventory *self)
{
    fr_vec_finish(&self->resources, release);
}

static const char *address_of(const fr_json *resource)
{
    const char *address = fr_json_get_string(resource, "address");
    return address ? address : "";
}

static int by_address(const void *a, const void *b)
{
    return strcmp(address_of(a), address_of(b));
}

void inventory_sort(inventory *self)
{
    fr_vec_sort(&self->resources, by_address);
}

static fr_json *find(const inventory *self, const char *address)
{
    size_t low = 0, high = self->resources.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        fr_json *resource = self->resources.items[middle];
        int order = strcmp(address_of(resource), address);
        if (order == 0)
            return resource;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int32_t add(inventory *self, fr_json *resource)
{
    int32_t status = fr_vec_push(&self->resources, resource);
    if (status != FRACTARY_OK)
        fr_json_free(resource);
    return status;
}

/* What the cloud did not say must not erase what the state says. */
static int32_t merge(inventory *self, const fr_json *found)
{
    fr_json *known = find(self, address_of(found));
    int32_t status = FRACTARY_OK;
    if (!known)
        return FRACTARY_OK;
    for (const fr_json *e = fr_json_first(found); e && status == FRACTARY_OK; e = fr_json_next(e))
        if (fr_json_kind_of(e) != FR_JSON_NULL)
            status = fr_json_set(known, fr_json_key(e), fr_json_copy(e));
    return status;
}

static int32_t on_record(void *context, const char *data, uint64_t length)
{
    inventory *self = context;
    fr_json *record = fr_json_parse(data, (size_t)length, NULL);
    int32_t status = record ? FRACTARY_OK : FRACTARY_E_PROTOCOL;
    if (record && fr_str_equal(fr_json_get_string(record, "type"), "resource")) {
        if (self->merging)
            status = merge(self, fr_json_get(record, "resource"));
        else
            status = add(self, fr_json_take(record, "resource"));
    }
    fr_json_free(record);
    return status;
}

static int32_t on_object(void *context, const char *data, uint64_t length)
{
    fr_json *resource = fr_json_parse(data, (size_t)length, NULL);
    return resource ? add(context, resource) : FRACTARY_E_PROTOCOL;
}

fractary_sink inventory_listener(inventory *self)
{
    return (fractary_sink){.context = self, .emit = on_record};
}

fractary_sink inventory_reader(inventory *self)
{
    return (fractary_sink){.context = self, .emit = on_object};
}

/* Attributes are JSON text in the view: printed once, kept in `texts`. */
static const char *attributes_text(const fr_json *resource, fr_vec *texts)
{
    const fr_json *attributes = fr_json_get(resource, "attributes");
    fr_buf text = {0};
    if (!attributes || fr_json_print(attributes, &text) != FRACTARY_OK)
        return NULL;
    char *copy = fr_buf_steal(&text);
    if (copy && fr_vec_push(texts, copy) != FRACTARY_OK) {
        free(copy);
        return NULL;
    }
    return copy;
}

static fractary_resource view(const fr_json *resource, fr_vec *texts)
{
    return (fractary_resource){
        .size = sizeof(fractary_resource),
        .address = fr_json_get_string(resource, "address"),
        .type = fr_json_get_string(resource, "type"),
        .name = fr_json_get_string(resource, "name"),
        .id = fr_json_get_string(resource, "id"),
        .arn = fr_json_get_string(resource, "arn"),
        .region = fr_json_get_string(resource, "region"),
        .account = fr_json_get_string(resource, "account"),
        .attributes = attributes_text(resource, texts),
    };
}

int32_t inventory_views(const inventory *self, const fractary_resource *const **list,
                        fr_vec *texts)
{
    size_t count = self->resources.count;
    /* Pointers first, the structs behind them, in one block. */
    const fractary_resource **pointers =
        malloc((count + 1) * (sizeof *pointers + sizeof(fractary_resource)));
    if (!pointers)
        return FRACTARY_E_NOMEM;
    fractary_resource *views = (fractary_resource *)(void *)(pointers + count + 1);
    for (size_t i = 0; i < count; i++) {
        views[i] = view(self->resources.items[i], texts);
        pointers[i] = &views[i];
    }
    pointers[count] = NULL;
    *list = pointers;
    return FRACTARY_OK;
}

void inventory_mark_rest(inventory *self, const char *reason)
{
    for (size_t i = 0; i < self->resources.count; i++) {
        fr_json *resource = self->resources.items[i];
        if (fr_json_get_string(resource, "status"))
            continue;
        fr_json_set_string(resource, "status", "unverifiable");
        fr_json_set_string(resource, "reason", reason);
    }
}

void inventory_own(inventory *self, const char *account)
{
    for (size_t i = 0; *account && i < self->resources.count; i++) {
        fr_json *resource = self->resources.items[i];
        const char *known = fr_json_get_string(resource, "account");
        int asked = !fr_str_equal(fr_json_get_string(resource, "status"), "unverifiable");
        if (asked && (!known || !*known))
            fr_json_set_string(resource, "account", account);
    }
}

inventory_counts inventory_count(const inventory *self)
{
    inventory_counts counts = {0, 0, 0};
    for (size_t i = 0; i < self->resources.count; i++) {
        const char *status = fr_json_get_string(self->resources.items[i], "status");
        if (fr_str_equal(status, "verified"))
            counts.verified++;
        else if (fr_str_equal(status, "missing"))
            counts.missing++;
        else
            counts.unverifiable++;
    }
    return counts;
}

int32_t inventory_print(const inventory *self, fr_buf *out)
{
    fr_buf_putc(out, '[');
    for (size_t i = 0; i < self->resources.count; i++) {
        fr_json *resource = self->resources.items[i];
        fr_json *attributes = fr_json_take(resource, "attributes");
        if (i)
            fr_buf_putc(out, ',');
        fr_json_print(resource, out);
        if (attributes)
            fr_json_set(resource, "attributes", attributes);
    }
    return fr_buf_putc(out, ']');
}

int32_t inventory_adopt(inventory *self, inventory *other)
{
    size_t known = self->resources.count;
    int32_t status = FRACTARY_OK;
    inventory_sort(self);
    inventory_sort(other);
    for (size_t i = other->resources.count; i-- > 0 && status == FRACTARY_OK;) {
        const inventory sorted = {.resources = {self->resources.items, known, known}};
        if (!find(&sorted, address_of(other->resources.items[i])))
            status = add(self, fr_vec_remove(&other->resources, i));
    }
    inventory_sort(self);
    return status;
}

int32_t inventory_mark_drift(inventory *self, inventory *other, const char *drift)
{
    int32_t status = FRACTARY_OK;
    inventory_sort(self);
    inventory_sort(other);
    for (size_t i = 0; i < self->resources.count && status == FRACTARY_OK; i++) {
        fr_json *resource = self->resources.items[i];
        if (!find(other, address_of(resource)))
            status = fr_json_set_string(resource, "drift", drift);
    }
    return status;
}

static int is_gone(const fr_json *stray)
{
    const char *status = fr_json_get_string(stray, "status");
    const char *arn = fr_json_get_string(stray, "arn");
    return fr_str_equal(status, "missing") ||
           (fr_str_equal(status, "unverifiable") && (!arn || !*arn));
}

size_t inventory_settle_strays(inventory *self)
{
    size_t kept = 0;
    for (size_t i = self->resources.count; i-- > 0;) {
        fr_json *resource = self->resources.items[i];
        fr_json *drift = fr_json_take(resource, "drift");
        int stray = fr_str_equal(fr_json_string(drift), INVENTORY_UNMANAGED);
        if (stray && is_gone(resource))
            fr_json_free(fr_vec_remove(&self->resources, i));
        else
            kept += (size_t)stray;
        fr_json_free(drift);
    }
    return kept;
}

int inventory_same(inventory *a, inventory *b)
{
    inventory_sort(a);
    inventory_sort(b);
    if (a->resources.count != b->resources.count)
        return 0;
    for (size_t i = 0; i < a->resources.count; i++) {
        const fr_json *left = a->resources.items[i], *right = b->resources.items[i];
        if (strcmp(address_of(left), address_of(right)) != 0 ||
            !fr_str_equal(fr_json_get_string(left, "id"), fr_json_get_string(right, "id")))
            return 0;
    }
    return 1;
}
