#include "service_fixture.h"

#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "plugin/loader.h"
#include "plugin_fixture.h"

static void keep(void *context, const fr_json *record)
{
    service_fixture *f = context;

    ck_assert_int_eq(fr_vec_push(&f->records, fr_json_copy(record)), FRACTARY_OK);
}

static void open_journal(service_fixture *f)
{
    char *path = fr_str_format("%s/journal.jsonl", f->folder);

    ck_assert_int_eq(fr_journal_open(path, &f->context.journal, NULL), FRACTARY_OK);
    free(path);
}

void service_fixture_init(service_fixture *f)
{
    const fr_record_reader reader = {.context = f, .record = keep};

    memset(f, 0, sizeof *f);
    /* As in a shell's foreground: a background job has SIGINT ignored. */
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    f->folder = fixture_folder();
    f->context.version = "0.0";
    f->context.environment = "test";
    f->context.stack = "default";
    f->context.home = f->folder;
    f->context.broker.open_module = service_fixture_open_module;
    ck_assert_int_eq(fr_loop_create(&f->context.loop, NULL), FRACTARY_OK);
    ck_assert_int_eq(fr_run_create(f->folder, &f->context.run, NULL), FRACTARY_OK);
    ck_assert_int_eq(fr_gate_create(&f->context.gate), FRACTARY_OK);
    open_journal(f);
    ck_assert_int_eq(fr_records_create(&f->context, &reader, &f->context.records), FRACTARY_OK);
    f->guest = (fr_guest){.id = "tester", .kind = "hosting", .environment = "test"};
    service_fixture_call(f, 0);
}

static void free_record(void *record)
{
    fr_json_free(record);
}

void service_fixture_finish(service_fixture *f)
{
    fr_call_close(f->call);
    fr_records_destroy(f->context.records);
    fr_journal_close(f->context.journal);
    fr_gate_destroy(f->context.gate);
    fr_run_destroy(f->context.run);
    fr_loop_destroy(f->context.loop);
    fr_vec_finish(&f->records, free_record);
    fixture_remove(f->folder);
}

const fractary_call *service_fixture_call(service_fixture *f, uint64_t milliseconds)
{
    const fr_call_options options = {
        .source = "tester",
        .environment = "test",
        .stack = "default",
        .deadline = milliseconds != 0 ? fr_time_monotonic() + milliseconds * FR_MILLISECOND : 0};

    fr_call_close(f->call);
    ck_assert_int_eq(fr_call_open(f->context.records, &options, &f->call), FRACTARY_OK);
    return fr_call_table(f->call);
}

size_t service_fixture_count(const service_fixture *f, const char *type)
{
    size_t count = 0;

    for (size_t i = 0; i < f->records.count; i++)
        count += (size_t)fr_str_equal(fr_json_get_string(f->records.items[i], "type"), type);
    return count;
}

const fr_json *service_fixture_record(const service_fixture *f, const char *type, size_t nth)
{
    for (size_t i = 0; i < f->records.count; i++)
        if (fr_str_equal(fr_json_get_string(f->records.items[i], "type"), type) && nth-- == 0)
            return f->records.items[i];
    ck_abort_msg("no such record of type %s", type);
    return NULL;
}

char *service_fixture_journal(const service_fixture *f)
{
    char *path = fr_str_format("%s/journal.jsonl", f->folder);
    fr_buf text = {0};

    ck_assert_int_eq(fr_file_read(path, 1 << 20, &text, NULL), FRACTARY_OK);
    free(path);
    return fr_buf_steal(&text);
}

const void *service_fixture_open_module(void *context, const char *name, fractary_error *error)
{
    const char *build = getenv("FRACTARY_BUILD");
    char *path =
        fr_str_format("%s/lib/fractary/modules/%s.so", build != NULL ? build : "build", name);
    char *absolute = realpath(path, NULL);

    (void)context;
    ck_assert_msg(absolute != NULL, "%s is not built", path);
    const void *entry = fr_loader_open_module(absolute, error);
    free(absolute);
    free(path);
    return entry;
}

void service_fixture_signal_later(int number, unsigned milliseconds)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    usleep(milliseconds * 1000);
    kill(parent, number);
    _exit(0);
}

unsigned service_fixture_since(uint64_t start)
{
    return (unsigned)((fr_time_monotonic() - start) / FR_MILLISECOND);
}
