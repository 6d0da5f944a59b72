/* Records: what is refused, what is stamped, where they go; calls that are over. */
#include <check.h>
#include <fcntl.h>
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/time.h"
#include "plugin_fixture.h"
#include "service_fixture.h"

static service_fixture f;

static void set_up(void)
{
    service_fixture_init(&f);
}

static void tear_down(void)
{
    service_fixture_finish(&f);
}

static int32_t emit(const char *json)
{
    const fractary_call *call = fr_call_table(f.call);
    return call->sink.emit(call->sink.context, json, strlen(json));
}

/* ------------------------------------------------------------------ stamping */

START_TEST(record_is_stamped_and_handed_on)
{
    ck_assert_int_eq(emit("{\"type\":\"log\",\"message\":\"hello\",\"level\":\"info\"}"),
                     FRACTARY_OK);
    ck_assert_int_eq(emit("{\"type\":\"log\",\"message\":\"again\"}"), FRACTARY_OK);
    const fr_json *record = service_fixture_record(&f, "log", 0);
    int64_t time = 0;
    ck_assert_str_eq(fr_json_get_string(record, "message"), "hello");
    ck_assert_str_eq(fr_json_get_string(record, "source"), "tester");
    ck_assert_str_eq(fr_json_get_string(record, "run"), fr_run_id(f.context.run));
    ck_assert_int_ne(fr_time_parse(fr_json_get_string(record, "time"), &time), 0);
    ck_assert_int_lt(llabs(time - fr_time_now_ms()), 10000);
    ck_assert_int_eq(fr_json_get_int(record, "seq", 0), 1);
    ck_assert_int_eq(fr_json_get_int(service_fixture_record(&f, "log", 1), "seq", 0), 2);
}
END_TEST

START_TEST(stamps_of_a_plugin_are_replaced)
{
    ck_assert_int_eq(emit("{\"type\":\"log\",\"message\":\"m\",\"seq\":99,\"source\":\"core\","
                          "\"run\":\"x\",\"time\":\"never\"}"),
                     FRACTARY_OK);
    const fr_json *record = service_fixture_record(&f, "log", 0);
    ck_assert_str_eq(fr_json_get_string(record, "source"), "tester");
    ck_assert_int_eq(fr_json_get_int(record, "seq", 0), 1);
    ck_assert_str_eq(fr_json_get_string(record, "run"), fr_run_id(f.context.run));
    ck_assert_uint_eq(fr_json_count(record), 6);
}
END_TEST

/* ----------------------------------------------------------------- refusals */

static const struct {
    const char *json, *why;
} bad[] = {
    {"", "JSON"},
    {"[]", "one JSON object"},
    {"\"text\"", "one JSON object"},
    {"{\"type\":\"log\",\"message\":\"m\"} {}", "JSON"},
    {"{\"type\":\"log\",\"message\":\"m\",\"type\":\"log\"}", "JSON"},
    {"{\"type\":\"log\",\"message\":\"\xff\"}", "JSON"},
    {"{\"message\":\"m\"}", "type"},
    {"{\"type\":\"\",\"message\":\"m\"}", "type"},
    {"{\"type\":7,\"message\":\"m\"}", "type"},
    {"{\"type\":\"log\"}", "message"},
    {"{\"type\":\"log\",\"message\":null}", "message"},
    {"{\"type\":\"stream\",\"message\":\"m\"}", "core"},
    {"{\"type\":\"result\",\"message\":\"m\"}", "core"},
    {"{\"type\":\"approval\",\"message\":\"m\"}", "core"},
    {"{\"type\":\"guard\",\"message\":\"m\"}", "core"},
    {"{\"type\":\"registry\",\"message\":\"m\"}", "core"},
    {"{\"type\":\"process\",\"message\":\"m\"}", "core"},
};

START_TEST(bad_records_break_the_call)
{
    const char *why = NULL;
    ck_assert_int_eq(fr_call_broken(f.call, &why), 0);
    ck_assert_int_eq(emit(bad[_i].json), FRACTARY_E_PROTOCOL);
    ck_assert_int_ne(fr_call_broken(f.call, &why), 0);
    assert_says(why, bad[_i].why);
    ck_assert_uint_eq(f.records.count, 0);
    /* The next one is taken all the same. */
    ck_assert_int_eq(emit("{\"type\":\"log\",\"message\":\"m\"}"), FRACTARY_OK);
}
END_TEST

static char *record_of_size(size_t size)
{
    char *json = malloc(size + 1);
    const char head[] = "{\"type\":\"log\",\"message\":\"";
    ck_assert_ptr_nonnull(json);
    memset(json, 'x', size);
    memcpy(json, head, sizeof head - 1);
    memcpy(json + size - 2, "\"}", 3);
    return json;
}

START_TEST(record_has_a_largest_size)
{
    char *fits = record_of_size(FRACTARY_RECORD_MAX);
    char *over = record_of_size(FRACTARY_RECORD_MAX + 1);
    ck_assert_int_eq(emit(fits), FRACTARY_OK);
    ck_assert_int_eq(emit(over), FRACTARY_E_PROTOCOL);
    free(fits);
    free(over);
}
END_TEST

START_TEST(types_of_others_are_taken)
{
    ck_assert_int_eq(emit("{\"type\":\"org.example.thing\",\"message\":\"m\"}"), FRACTARY_OK);
    ck_assert_uint_eq(service_fixture_count(&f, "org.example.thing"), 1);
    ck_assert_int_eq(
        fr_records_accept(f.context.records, "other", "{\"type\":\"log\",\"message\":\"m\"}", 28),
        FRACTARY_OK);
    ck_assert_str_eq(fr_json_get_string(service_fixture_record(&f, "log", 0), "source"), "other");
}
END_TEST

/* ------------------------------------------------------------------ journal */

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

START_TEST(journal_has_everything_but_progress)
{
    emit("{\"type\":\"log\",\"message\":\"m\"}");
    emit("{\"type\":\"progress\",\"message\":\"m\",\"done\":1,\"total\":2}");
    emit("{\"type\":\"change\",\"message\":\"m\"}");
    ck_assert_int_eq(fr_records_emit(f.context.records, fr_record_new("process", "p")),
                     FRACTARY_OK);
    char *journal = service_fixture_journal(&f);
    ck_assert_uint_eq(lines_of(journal), 3);
    ck_assert_ptr_null(strstr(journal, "progress"));
    assert_says(journal, "\"type\":\"process\"");
    assert_says(journal, "\"seq\":3");
    free(journal);
    ck_assert_uint_eq(service_fixture_count(&f, "progress"), 1);
    ck_assert_uint_eq(service_fixture_count(&f, "process"), 0);
    ck_assert_uint_eq(f.records.count, 3);
}
END_TEST

/* The journal's descriptor now leads to a disk that is always full. */
static void fill_the_disk(void)
{
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(full, 0);
    ck_assert_int_ge(dup2(full, fr_journal_descriptor(f.context.journal)), 0);
    close(full);
}

START_TEST(full_disk_is_said_once_and_stops_only_the_core)
{
    fill_the_disk();
    ck_assert_int_eq(emit("{\"type\":\"change\",\"message\":\"one\"}"), FRACTARY_OK);
    ck_assert_int_eq(emit("{\"type\":\"change\",\"message\":\"two\"}"), FRACTARY_OK);
    ck_assert_uint_eq(service_fixture_count(&f, "change"), 2);
    ck_assert_uint_eq(service_fixture_count(&f, "log"), 1);
    const fr_json *said = service_fixture_record(&f, "log", 0);
    ck_assert_str_eq(fr_json_get_string(said, "level"), "warning");
    assert_says(fr_json_get_string(said, "message"), "No space");
    ck_assert_int_eq(fr_records_emit(f.context.records, fr_record_new("approval", "a")),
                     FRACTARY_E_IO);
}
END_TEST

/* -------------------------------------------------------------------- calls */

START_TEST(core_emits_what_plugins_may_not)
{
    ck_assert_int_eq(fr_records_emit(f.context.records, fr_record_new("result", "done")),
                     FRACTARY_OK);
    ck_assert_str_eq(fr_json_get_string(service_fixture_record(&f, "result", 0), "source"), "core");
    ck_assert_int_eq(fr_records_emit(f.context.records, NULL), FRACTARY_E_NOMEM);
}
END_TEST

START_TEST(call_has_what_a_method_needs)
{
    const fractary_call *call = service_fixture_call(&f, 5000);
    ck_assert_uint_eq(call->size, sizeof *call);
    ck_assert_str_eq(call->run, fr_run_id(f.context.run));
    ck_assert_str_eq(call->stack, "default");
    ck_assert_str_eq(call->environment, "test");
    ck_assert_uint_gt(call->deadline, fr_time_monotonic());
    ck_assert_int_eq(call->cancelled(call), 0);
}
END_TEST

START_TEST(call_that_is_over_is_an_error_and_no_crash)
{
    const fractary_call *old = fr_call_table(f.call);
    const fractary_sink sink = old->sink;
    fr_call *closed = f.call;
    service_fixture_call(&f, 0);
    ck_assert_int_eq(sink.emit(sink.context, "{\"type\":\"log\",\"message\":\"m\"}", 28),
                     FRACTARY_E_PROTOCOL);
    ck_assert_int_eq(fr_call_broken(closed, NULL), 0);
    ck_assert_str_eq(old->environment, "test");
    ck_assert_uint_eq(f.records.count, 0);
}
END_TEST

static int32_t refuse_second(void *context, const char *data, uint64_t length)
{
    fr_buf *heard = context;
    if (heard->length > 0)
        return FRACTARY_E_LIMIT;
    return fr_buf_append(heard, data, (size_t)length);
}

START_TEST(listener_hears_what_was_accepted)
{
    fr_buf heard = {0};
    const fractary_sink listener = {&heard, refuse_second};
    const fr_call_options options = {
        .source = "tester", .environment = "", .stack = "default", .listener = &listener};
    fr_call *call = NULL;
    ck_assert_int_eq(fr_call_open(f.context.records, &options, &call), FRACTARY_OK);
    const fractary_sink sink = fr_call_table(call)->sink;
    ck_assert_int_eq(sink.emit(sink.context, "no record", 9), FRACTARY_E_PROTOCOL);
    ck_assert_str_eq(fr_buf_text(&heard), "");
    const char text[] = "{\"type\":\"log\",\"message\":\"m\"}";
    ck_assert_int_eq(sink.emit(sink.context, text, sizeof text - 1), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&heard), text);
    ck_assert_int_eq(sink.emit(sink.context, text, sizeof text - 1), FRACTARY_E_LIMIT);
    ck_assert_uint_eq(service_fixture_count(&f, "log"), 2);
    fr_call_close(call);
    fr_buf_finish(&heard);
}
END_TEST

START_TEST(progress_is_thinned_out)
{
    void *made = NULL;
    ck_assert_int_eq(fr_progress_service.create(&f.context, &f.guest, &made, NULL), FRACTARY_OK);
    const fractary_progress *progress = made;
    const uint64_t start = fr_time_monotonic();
    for (uint64_t i = 0; service_fixture_since(start) < 350; i++)
        progress->report(progress, fr_call_table(f.call), "working", i, 0);
    ck_assert_uint_ge(service_fixture_count(&f, "progress"), 3);
    ck_assert_uint_le(service_fixture_count(&f, "progress"), 5);
    fr_progress_service.destroy(made);
}
END_TEST

/* ------------------------------------------------------------ without a tree */

typedef struct heard_record {
    fr_buf lines; /* of those without a tree */
    size_t trees;
} heard_record;

static void hear_tree(void *context, const fr_json *record)
{
    (void)record;
    ((heard_record *)context)->trees++;
}

static void hear_line(void *context, const fr_resource_record *record)
{
    heard_record *heard = context;
    const fr_json_part *address =
        fr_json_outline_find(record->outline, record->resource, "address");

    ck_assert(address != NULL && fr_json_part_has_text(address));
    fr_buf_append(&heard->lines, record->line.data, record->line.length);
    fr_buf_putc(&heard->lines, '\n');
}

static const struct {
    const char *json;
    int status;
    size_t lines, trees;
} resource_records[] = {
#define WITH(more)                                                                                 \
    "{\"type\":\"resource\",\"message\":\"a\",\"resource\":{\"address\":\"a\"" more "}}"
    {WITH(""), FRACTARY_OK, 1, 0},
    {WITH(",\"id\":\"x\",\"n\":[1]"), FRACTARY_OK, 1, 0},
    {WITH("\n"), FRACTARY_OK, 0, 1},
    {WITH(",\"o\":{\"p\":1}"), FRACTARY_OK, 0, 1},
    {WITH("},\"seq\":7,\"x\":{"), FRACTARY_OK, 0, 1},
    {WITH("},\"source\":\"core\",\"x\":{"), FRACTARY_OK, 0, 1},
    {"{\"type\":\"resource\",\"message\":\"a\",\"resource\":7}", FRACTARY_OK, 0, 1},
    {WITH(",\"address\":\"b\""), FRACTARY_E_PROTOCOL, 0, 0},
    {WITH("},\"message\":\"b\",\"x\":{"), FRACTARY_E_PROTOCOL, 0, 0},
    {WITH(",\"id\":\"\xff\""), FRACTARY_E_PROTOCOL, 0, 0},
    {WITH("}"), FRACTARY_E_PROTOCOL, 0, 0},
    {"{\"type\":\"resource\",\"message\":\"\",\"resource\":{}}", FRACTARY_E_PROTOCOL, 0, 0},
#undef WITH
};

START_TEST(resources_need_no_tree)
{
    heard_record heard = {.trees = 0};
    const fr_record_reader reader = {&heard, hear_tree, hear_line};
    const char *json = resource_records[_i].json;
    fr_records *records = NULL;

    ck_assert_int_eq(fr_records_create(&f.context, &reader, &records), FRACTARY_OK);
    ck_assert_int_eq(fr_records_accept(records, "a\"b", json, strlen(json)),
                     resource_records[_i].status);
    ck_assert_uint_eq(heard.trees, resource_records[_i].trees);
    ck_assert_int_eq(heard.lines.length > 0, resource_records[_i].lines > 0);
    if (heard.lines.length > 0) {
        fr_json *record = fr_json_parse(heard.lines.data, heard.lines.length, NULL);
        int64_t time = 0;
        ck_assert_int_eq(fr_json_get_int(record, "seq", 0), 1);
        ck_assert_str_eq(fr_json_get_string(record, "source"), "a\"b");
        ck_assert_str_eq(fr_json_get_string(record, "run"), fr_run_id(f.context.run));
        ck_assert_int_ne(fr_time_parse(fr_json_get_string(record, "time"), &time), 0);
        char *journal = service_fixture_journal(&f);
        ck_assert_str_eq(journal, heard.lines.data);
        free(journal);
        fr_json_free(record);
    }
    fr_buf_finish(&heard.lines);
    fr_records_destroy(records);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("records");
    TCase *cases = tcase_create("records");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, record_is_stamped_and_handed_on);
    tcase_add_test(cases, stamps_of_a_plugin_are_replaced);
    tcase_add_loop_test(cases, bad_records_break_the_call, 0, (int)(sizeof bad / sizeof *bad));
    tcase_add_test(cases, record_has_a_largest_size);
    tcase_add_test(cases, types_of_others_are_taken);
    tcase_add_test(cases, journal_has_everything_but_progress);
    tcase_add_test(cases, full_disk_is_said_once_and_stops_only_the_core);
    tcase_add_test(cases, core_emits_what_plugins_may_not);
    tcase_add_test(cases, call_has_what_a_method_needs);
    tcase_add_test(cases, call_that_is_over_is_an_error_and_no_crash);
    tcase_add_test(cases, listener_hears_what_was_accepted);
    tcase_add_test(cases, progress_is_thinned_out);
    tcase_add_loop_test(cases, resources_need_no_tree, 0,
                        (int)(sizeof resource_records / sizeof *resource_records));
    suite_add_tcase(suite, cases);
    return fixture_run(suite);
}
