#include "changes.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define NAMED 3 /* addresses that are named before it is "and 5 more" */

void changes_finish(changes *self)
{
    fr_vec_finish(&self->running, free);
}

static void begin(changes *self, const char *address)
{
    char *copy = fr_str_dup(address);

    if (copy == NULL || fr_vec_push(&self->running, copy) != FRACTARY_OK)
        free(copy);
}

static size_t find(const changes *self, const char *address)
{
    size_t i = 0;

    while (i < self->running.count && !fr_str_equal(self->running.items[i], address))
        i++;
    return i;
}

static void follow(changes *self, const fr_json *record)
{
    const char *address = fr_json_get_string(record, "address");
    const char *status = fr_json_get_string(record, "status");
    const size_t at = find(self, address);
    const int done = fr_str_equal(status, "done");

    if (fr_str_equal(status, "started") && at == self->running.count) {
        begin(self, address);
    } else if (done || fr_str_equal(status, "failed")) {
        self->done += (size_t)done;
        self->failed += (size_t)!done;
        if (at < self->running.count)
            free(fr_vec_remove(&self->running, at));
    }
}

static int32_t on_record(void *context, const char *data, uint64_t length)
{
    fr_json *record = fr_json_parse(data, (size_t)length, NULL);

    if (fr_str_equal(fr_json_get_string(record, "type"), "change"))
        follow(context, record);
    fr_json_free(record);
    return FRACTARY_OK;
}

fractary_sink changes_listener(changes *self)
{
    return (fractary_sink){.context = self, .emit = on_record};
}

/* -------------------------------------------------------------- explaining */

static void put_addresses(const fr_vec *addresses, fr_buf *out)
{
    for (size_t i = 0; i < addresses->count && i < NAMED; i++)
        fr_buf_printf(out, "%s%s", i == 0 ? "" : ", ", (const char *)addresses->items[i]);
    if (addresses->count > NAMED)
        fr_buf_printf(out, " and %zu more", addresses->count - NAMED);
}

/* Addresses of what the state calls tainted; borrowed from the inventory. */
static void list_tainted(const inventory *resources, fr_vec *out)
{
    for (size_t i = 0; resources != NULL && i < resources->resources.count; i++) {
        const fr_json *one = resources->resources.items[i];
        const char *address = fr_json_get_string(one, "address");
        if (address != NULL && fr_str_equal(fr_json_get_string(one, "condition"), "tainted"))
            fr_vec_push(out, (void *)(uintptr_t)address);
    }
}

static void put_half_done(const changes *self, const changes_end *end, fr_buf *out)
{
    fr_vec tainted = {0};

    list_tainted(end->resources, &tainted);
    if (self->running.count != 0) {
        fr_buf_puts(out, " Begun and not ended, so perhaps half done in the cloud: ");
        put_addresses(&self->running, out);
        fr_buf_puts(out, ".");
    }
    if (tainted.count != 0) {
        fr_buf_puts(out, " Half made and marked as tainted: ");
        put_addresses(&tainted, out);
        fr_buf_puts(out, ".");
    }
    fr_vec_finish(&tainted, NULL);
}

static void put_registry(const changes_end *end, fr_buf *out)
{
    if (end->unwritten != NULL)
        fr_buf_printf(out, " The registry was not written: %s.", end->unwritten);
    else if (end->resources != NULL)
        fr_buf_printf(out, " The registry was written: it has what the state has, %zu resource%s.",
                      end->resources->resources.count,
                      end->resources->resources.count == 1 ? "" : "s");
}

void changes_explain(const changes *self, const changes_end *end, fractary_error *error)
{
    fr_buf cause = {0};

    fr_buf_printf(&cause, "%zu change%s ended well, %zu failed.", self->done,
                  self->done == 1 ? "" : "s", self->failed);
    put_half_done(self, end, &cause);
    put_registry(end, &cause);
    fr_error_cause(error, "%s", fr_buf_text(&cause));
    fr_error_advice(error,
                    "fractary status --env %s shows what is there; fractary %s --env %s does the "
                    "rest and makes anew what is tainted.",
                    end->environment, end->command, end->environment);
    fr_buf_finish(&cause);
}
