#include "fakehost_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folder_names[] = {"project", "data", "scratch", "home"};

/* ------------------------------------------------------------------ checks */

void fr_fake_check_call(const fr_fakehost *host, const fractary_call *call)
{
    ck_assert_msg(call != NULL, "a service was called without a call");
    for (size_t i = 0; i < host->calls.count; i++) {
        const fr_fake_call *known = host->calls.items[i];
        if (call->host == known) { /* a copy may have an earlier deadline */
            ck_assert_msg(known->open, "a service was called with a call that is over");
            ck_assert_uint_eq(call->size, sizeof *call);
            return;
        }
    }
    ck_abort_msg("a service was called with a call that is not the host's");
}

void fr_fake_check_error(const fractary_error *error)
{
    ck_assert_msg(error == NULL || error->size == sizeof *error, "error->size is not set");
}

void fr_fake_check_sink(const fractary_sink *sink)
{
    ck_assert_msg(sink != NULL && sink->emit != NULL, "a sink without emit()");
}

int32_t fr_fake_emit(const fractary_sink *sink, const char *text)
{
    fr_fake_check_sink(sink);
    return sink->emit(sink->context, text, strlen(text));
}

/* ----------------------------------------------------------------- records */

static int32_t record_emit(void *context, const char *json, uint64_t length)
{
    fr_fake_call *call = context;
    if (!call->open) {
        call->host->late++;
        return FRACTARY_E_PROTOCOL;
    }
    ck_assert_msg(length <= FRACTARY_RECORD_MAX, "a record of %llu bytes",
                  (unsigned long long)length);
    fr_json_fault fault = {0};
    fr_json *record = fr_json_parse(json, (size_t)length, &fault);
    ck_assert_msg(record != NULL, "a record is not JSON: %s: %.*s", fault.reason, (int)length,
                  json);
    ck_assert_int_eq(fr_json_kind_of(record), FR_JSON_OBJECT);
    const char *type = fr_json_get_string(record, "type");
    const char *message = fr_json_get_string(record, "message");
    ck_assert_msg(type != NULL && message != NULL && *message != '\0',
                  "a record without type or message: %.*s", (int)length, json);
    ck_assert_int_eq(fr_vec_push(&call->host->records, record), FRACTARY_OK);
    ck_assert_int_eq(fr_vec_push(&call->host->dumps, fr_str_ndup(json, (size_t)length)),
                     FRACTARY_OK);
    return FRACTARY_OK;
}

static int has_type(const fr_json *record, const char *type)
{
    return type == NULL || fr_str_equal(fr_json_get_string(record, "type"), type);
}

size_t fr_fakehost_count(const fr_fakehost *host, const char *type)
{
    size_t count = 0;
    for (size_t i = 0; i < host->records.count; i++)
        count += (size_t)has_type(host->records.items[i], type);
    return count;
}

const fr_json *fr_fakehost_find(const fr_fakehost *host, const char *type, size_t nth)
{
    for (size_t i = 0; i < host->records.count; i++)
        if (has_type(host->records.items[i], type) && nth-- == 0)
            return host->records.items[i];
    return NULL;
}

static const char *member_text(const fr_json *record, const char *key)
{
    const char *dot = strchr(key, '.');
    if (dot == NULL)
        return fr_json_get_string(record, key);
    char *outer = fr_str_ndup(key, (size_t)(dot - key));
    const char *text = fr_json_get_string(fr_json_get(record, outer), dot + 1);
    free(outer);
    return text;
}

const fr_json *fr_fakehost_where(const fr_fakehost *host, const char *type, const char *key,
                                 const char *value, size_t nth)
{
    for (size_t i = 0; i < host->records.count; i++) {
        const fr_json *record = host->records.items[i];
        const char *text = has_type(record, type) ? member_text(record, key) : NULL;
        if (text != NULL && fr_str_equal(text, value) && nth-- == 0)
            return record;
    }
    return NULL;
}

int fr_fakehost_mentions(const fr_fakehost *host, const char *text)
{
    for (size_t i = 0; i < host->dumps.count; i++)
        if (strstr(host->dumps.items[i], text) != NULL)
            return 1;
    return 0;
}

static void free_json(void *item)
{
    fr_json_free(item);
}

void fr_fakehost_forget(fr_fakehost *host)
{
    fr_vec_finish(&host->records, free_json);
    fr_vec_finish(&host->dumps, free);
    fr_vec_finish(&host->processes, free_json);
    host->progress_count = 0;
}

size_t fr_fakehost_progress(const fr_fakehost *host, uint64_t *done, uint64_t *total)
{
    if (done != NULL)
        *done = host->progress_done;
    if (total != NULL)
        *total = host->progress_total;
    return host->progress_count;
}

const char *fr_fakehost_dump(fr_fakehost *host)
{
    fr_buf_clear(&host->dump);
    for (size_t i = 0; i < host->dumps.count; i++)
        fr_buf_printf(&host->dump, "%s\n", (const char *)host->dumps.items[i]);
    return fr_buf_text(&host->dump);
}

/* ------------------------------------------------------------------- calls */

static int32_t is_cancelled(const fractary_call *call)
{
    return ((const fr_fake_call *)call->host)->host->cancelled;
}

void fr_fakehost_cancel(fr_fakehost *host)
{
    host->cancelled = 1;
}

void fr_fakehost_cancel_on(fr_fakehost *host, const char *text)
{
    free(host->cancel_text);
    host->cancel_text = fr_str_dup(text);
}

void fr_fakehost_resume(fr_fakehost *host)
{
    host->cancelled = 0;
    free(host->cancel_text);
    host->cancel_text = NULL;
}

void fr_fake_saw_line(fr_fakehost *host, const char *text, size_t length)
{
    if (host->cancel_text != NULL &&
        memmem(text, length, host->cancel_text, strlen(host->cancel_text)) != NULL)
        host->cancelled = 1;
}

void fr_fakehost_end(fr_fakehost *host)
{
    for (size_t i = 0; i < host->calls.count; i++)
        ((fr_fake_call *)host->calls.items[i])->open = 0;
}

size_t fr_fakehost_late(const fr_fakehost *host)
{
    return host->late;
}

const fractary_call *fr_fakehost_begin(fr_fakehost *host, uint64_t deadline)
{
    fr_fakehost_end(host);
    fr_fake_call *call = calloc(1, sizeof *call);
    ck_assert_ptr_nonnull(call);
    fractary_call table = {.size = sizeof table,
                           .deadline = deadline,
                           .run = "20260131T120000Z-4f2a9c",
                           .stack = "default",
                           .environment = "test",
                           .sink = {.context = call, .emit = record_emit},
                           .host = call,
                           .cancelled = is_cancelled};
    call->table = table;
    call->host = host;
    call->open = 1;
    ck_assert_int_eq(fr_vec_push(&host->calls, call), FRACTARY_OK);
    return &call->table;
}

/* ---------------------------------------------------------------- services */

static int needs(const fr_fakehost *host, const char *id)
{
    if (host->manifest == NULL)
        return 1;
    const fr_json *list = fr_json_get(host->manifest, "needs");
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e))
        if (fr_str_equal(fr_json_string(e), id))
            return 1;
    return 0;
}

static const void *service(const fractary_host *table, const char *id)
{
    fr_fakehost *host = table->context;
    ck_assert_ptr_nonnull(id);
    const struct {
        const char *id;
        const void *table;
    } services[] = {
        {FRACTARY_PROCESS_1, &host->process},
        {FRACTARY_FILES_1, &host->files},
        {FRACTARY_ENVIRON_1, &host->environ_table},
        {FRACTARY_CONFIG_1, &host->config},
        {FRACTARY_RUN_1, &host->run},
        {FRACTARY_IDENTITY_1, &host->identity},
        {FRACTARY_CLOCK_1, &host->clock},
        {FRACTARY_PROGRESS_1, &host->progress},
        {FRACTARY_HTTP_1, host->http},
    };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (fr_str_equal(services[i].id, id))
            return needs(host, id) ? services[i].table : NULL;
    return NULL;
}

void fr_fakehost_use_http(fr_fakehost *host, const fractary_http *table, void *context,
                          void (*finish)(void *context))
{
    host->http = table;
    host->http_context = context;
    host->http_finish = finish;
}

/* ----------------------------------------------------------------- folders */

const char *fr_fakehost_folder(const fr_fakehost *host, const char *which)
{
    for (size_t i = 0; i < 4; i++)
        if (fr_str_equal(folder_names[i], which))
            return host->folders[i];
    ck_abort_msg("the fake host has no folder %s", which);
    return NULL;
}

static void make_folders(const char *path, size_t from)
{
    for (size_t i = from; path[i] != '\0'; i++) {
        if (path[i] != '/')
            continue;
        char *folder = fr_str_ndup(path, i);
        ck_assert_msg(mkdir(folder, 0700) == 0 || errno == EEXIST, "mkdir %s", folder);
        free(folder);
    }
}

void fr_fakehost_write(fr_fakehost *host, const char *path, const char *text)
{
    char *full = fr_str_format("%s/%s", host->root, path);
    make_folders(full, strlen(host->root) + 1);
    FILE *file = fopen(full, "w");
    ck_assert_msg(file != NULL, "%s: %s", full, strerror(errno));
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
    free(full);
}

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    fr_buf text = {0};
    char piece[8192];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        ck_assert_int_eq(fr_buf_append(&text, piece, got), FRACTARY_OK);
    ck_assert_int_eq(ferror(file), 0);
    ck_assert_int_eq(fclose(file), 0);
    if (length != NULL)
        *length = text.length;
    return fr_buf_steal(&text);
}

char *fr_fakehost_read(fr_fakehost *host, const char *path)
{
    char *full = fr_str_format("%s/%s", host->root, path);
    char *text = read_whole(full, NULL);
    free(full);
    return text;
}

char *fr_fakehost_fixture(const char *path, size_t *length)
{
    const char *source = getenv("FRACTARY_SOURCE");
    char *full = fr_str_format("%s/%s", source != NULL ? source : ".", path);
    char *text = read_whole(full, length);
    ck_assert_msg(text != NULL, "%s: %s", full, strerror(errno));
    free(full);
    return text;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void fr_fakehost_remove(fr_fakehost *host, const char *path)
{
    char *full = fr_str_format("%s/%s", host->root, path);
    nftw(full, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(full);
}

static void create_folders(fr_fakehost *host)
{
    const char *parent = getenv("TMPDIR");
    char *root = fr_str_format("%s/fakehost-XXXXXX", parent != NULL && *parent ? parent : "/tmp");
    ck_assert_msg(root != NULL && mkdtemp(root) != NULL, "no temporary folder");
    host->root = realpath(root, NULL);
    ck_assert_ptr_nonnull(host->root);
    free(root);
    for (size_t i = 0; i < 4; i++) {
        host->folders[i] = fr_str_format("%s/%s", host->root, folder_names[i]);
        ck_assert_int_eq(mkdir(host->folders[i], 0700), 0);
    }
}

/* -------------------------------------------------------------------- life */

fr_fakehost *fr_fakehost_create(const char *manifest)
{
    fr_fakehost *host = calloc(1, sizeof *host);
    ck_assert_ptr_nonnull(host);
    create_folders(host);
    if (manifest != NULL) {
        size_t length = 0;
        char *text = fr_fakehost_fixture(manifest, &length);
        host->manifest = fr_json_parse(text, length, NULL);
        ck_assert_msg(host->manifest != NULL, "%s is not JSON", manifest);
        free(text);
    }
    fractary_host table = {.size = sizeof table,
                           .abi = FRACTARY_ABI,
                           .version = "0.0.0-fake",
                           .context = host,
                           .service = service};
    host->table = table;
    fr_fake_tables_init(host);
    fr_fake_files_init(host);
    fr_fake_run_init(host);
    fr_fake_process_init(host);
    return host;
}

const fractary_host *fr_fakehost_table(fr_fakehost *host)
{
    return &host->table;
}

static void check_entry(const fr_fakehost *host, const fractary_plugin *plugin)
{
    ck_assert_uint_eq(plugin->size, sizeof *plugin);
    ck_assert_uint_eq(plugin->abi >> 16, FRACTARY_ABI_MAJOR);
    ck_assert(plugin->create != NULL && plugin->destroy != NULL && plugin->get_interface != NULL);
    if (host->manifest != NULL) {
        ck_assert_str_eq(plugin->id, fr_json_get_string(host->manifest, "id"));
        ck_assert_str_eq(plugin->version, fr_json_get_string(host->manifest, "version"));
    }
}

int32_t fr_fakehost_try_start(fr_fakehost *host, const fractary_plugin *plugin, void **instance,
                              fractary_error *error)
{
    ck_assert_ptr_null(host->instance);
    check_entry(host, plugin);
    int32_t status = plugin->create(&host->table, instance, error);
    if (status == FRACTARY_OK) {
        ck_assert_ptr_nonnull(*instance);
        host->plugin = plugin;
        host->instance = *instance;
    }
    return status;
}

void *fr_fakehost_start(fr_fakehost *host, const fractary_plugin *plugin)
{
    fractary_error error = FR_ERROR_INIT;
    void *instance = NULL;
    int32_t status = fr_fakehost_try_start(host, plugin, &instance, &error);
    ck_assert_msg(status == FRACTARY_OK, "create(): %d %s", (int)status, error.message);
    return instance;
}

const void *fr_fakehost_interface(fr_fakehost *host, const char *id)
{
    const void *table = host->plugin->get_interface(host->instance, id);
    ck_assert_msg(table != NULL, "the plugin offers no %s", id);
    return table;
}

void fr_fakehost_stop(fr_fakehost *host)
{
    fr_fakehost_end(host);
    if (host->instance != NULL)
        host->plugin->destroy(host->instance);
    host->instance = NULL;
}

void fr_fakehost_destroy(fr_fakehost *host)
{
    if (host == NULL)
        return;
    fr_fakehost_stop(host);
    if (host->http_finish != NULL)
        host->http_finish(host->http_context);
    fr_fakehost_forget(host);
    fr_fake_run_finish(host);
    nftw(host->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    fr_vec_finish(&host->calls, free);
    fr_buf_finish(&host->dump);
    fr_json_free(host->manifest);
    fr_json_free(host->environ);
    fr_json_free(host->identities);
    fr_json_free(host->tools);
    for (size_t i = 0; i < 4; i++)
        free(host->folders[i]);
    free(host->root);
    free(host->section);
    free(host->project);
    free(host->cancel_text);
    fr_fake_process_finish(host);
    free(host);
}
