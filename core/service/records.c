#include "service/records.h"

#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>

#include "base/time.h"
#include "service/call.h"
#include "service/record_type.h"

struct fr_records {
    fr_context *context;
    fr_record_reader reader;
    int64_t sequence;
    int journal_failed; /* said once */
    fr_call *calls;
    fr_buf line;     /* of the journal; kept for its memory */
    int64_t stamped; /* Unix ms of `time`                   */
    char time[FR_TIME_TEXT];
    fr_buf stamp; /* of resource records: what is the same for many of them */
    fr_buf stamp_source;
    int64_t stamp_time;
};

int32_t fr_records_create(fr_context *context, const fr_record_reader *reader, fr_records **out)
{
    fr_records *records = calloc(1, sizeof *records);

    if (records == NULL)
        return FRACTARY_E_NOMEM;
    records->context = context;
    if (reader != NULL)
        records->reader = *reader;
    *out = records;
    return FRACTARY_OK;
}

void fr_records_destroy(fr_records *records)
{
    if (records == NULL)
        return;
    fr_call_free_all(records->calls);
    fr_buf_finish(&records->line);
    fr_buf_finish(&records->stamp);
    fr_buf_finish(&records->stamp_source);
    free(records);
}

fr_call **fr_records_calls(fr_records *records)
{
    return &records->calls;
}

const fr_context *fr_records_context(const fr_records *records)
{
    return records->context;
}

/* Many records come within a millisecond. */
static const char *time_now(fr_records *records)
{
    const int64_t now = fr_time_now_ms();

    if (now != records->stamped || records->time[0] == '\0')
        fr_time_format(now, records->time);
    records->stamped = now;
    return records->time;
}

/* What a plugin wrote under these names is replaced. */
static int32_t stamp(fr_records *records, const char *source, fr_json *record)
{
    const char *time = time_now(records);
    const fr_run *run = records->context->run;

    int32_t status = fr_json_set_int(record, "seq", ++records->sequence);
    if (status == FRACTARY_OK)
        status = fr_json_set_string(record, "time", time);
    if (status == FRACTARY_OK && run != NULL)
        status = fr_json_set_string(record, "run", fr_run_id(run));
    if (status == FRACTARY_OK)
        status = fr_json_set_string(record, "source", source);
    return status;
}

static void show(const fr_records *records, const fr_json *record)
{
    if (records->reader.record != NULL)
        records->reader.record(records->reader.context, record);
}

static void say_journal_failed(fr_records *records, const fractary_error *error)
{
    if (records->journal_failed)
        return;
    records->journal_failed = 1;
    fr_json *record = fr_record_new("log", "%s: %s. What happens from here on is not recorded.",
                                    error->message, error->cause);
    if (fr_json_set_string(record, "level", "warning") == FRACTARY_OK &&
        stamp(records, "core", record) == FRACTARY_OK)
        show(records, record);
    fr_json_free(record);
}

/* Appends what is in `line`. */
static int32_t line_to_journal(fr_records *records, int synced)
{
    fractary_error error = FR_ERROR_INIT;
    int32_t status = FRACTARY_OK;

    if (records->line.failed)
        status = fr_error_nomem(&error);
    else
        status = fr_journal_append(records->context->journal, fr_buf_text(&records->line),
                                   records->line.length, synced, &error);
    if (status != FRACTARY_OK)
        say_journal_failed(records, &error);
    return status;
}

static int32_t to_journal(fr_records *records, unsigned flags, const fr_json *record)
{
    if (records->context->journal == NULL || (flags & FR_RECORD_UNWRITTEN))
        return FRACTARY_OK;
    fr_buf_clear(&records->line);
    fr_json_print(record, &records->line);
    return line_to_journal(records, (flags & FR_RECORD_SYNCED) != 0);
}

/* Takes `record` over. The reader gets it in any case; *journal is how the
 * journal fared. */
static int32_t pass(fr_records *records, const char *source, fr_json *record, int32_t *journal)
{
    const unsigned flags = fr_record_flags(record);
    const int32_t status = record != NULL ? stamp(records, source, record) : FRACTARY_E_NOMEM;

    *journal = FRACTARY_OK;
    if (status == FRACTARY_OK) {
        *journal = to_journal(records, flags, record);
        if (!(flags & FR_RECORD_UNSEEN))
            show(records, record);
    }
    fr_json_free(record);
    return status;
}

/* -------------------------------------------------- resources, without a tree */

static void make_stamp(fr_records *records, const char *source, const char *time)
{
    const fr_run *run = records->context->run;
    fr_buf *stamp = &records->stamp;

    fr_buf_clear(stamp);
    fr_buf_puts(stamp, ",\"time\":");
    fr_json_quote(time, stamp);
    if (run != NULL) {
        fr_buf_puts(stamp, ",\"run\":");
        fr_json_quote(fr_run_id(run), stamp);
    }
    fr_buf_puts(stamp, ",\"source\":");
    fr_json_quote(source, stamp);
    fr_buf_putc(stamp, '}');
    fr_buf_clear(&records->stamp_source);
    fr_buf_puts(&records->stamp_source, source);
    records->stamp_time = records->stamped;
}

/* The end of a resource record, behind its number. */
static const fr_buf *stamp_of(fr_records *records, const char *source)
{
    const char *time = time_now(records);

    if (records->stamp.length == 0 || records->stamp_time != records->stamped ||
        !fr_str_equal(fr_buf_text(&records->stamp_source), source))
        make_stamp(records, source, time);
    return &records->stamp;
}

static void put_number(fr_buf *out, int64_t number)
{
    char digits[24];
    size_t start = sizeof digits;

    for (; number > 0; number /= 10)
        digits[--start] = (char)('0' + number % 10);
    fr_buf_append(out, digits + start, sizeof digits - start);
}

/* The record's text with the stamp before its closing brace, in `line`. */
static int32_t stamp_line(fr_records *records, const char *source, const char *json,
                          uint64_t length)
{
    const fr_buf *stamp = stamp_of(records, source);
    fr_buf *line = &records->line;

    fr_buf_clear(line);
    fr_buf_append(line, json, (size_t)length - 1);
    fr_buf_puts(line, ",\"seq\":");
    put_number(line, ++records->sequence);
    fr_buf_append(line, stamp->data, stamp->length);
    return line->failed || stamp->failed || records->stamp_source.failed ? FRACTARY_E_NOMEM
                                                                         : FRACTARY_OK;
}

static int32_t pass_resource(fr_records *records, const char *source, const char *json,
                             uint64_t length, const fr_json_outline *outline)
{
    fr_resource_record record = {.outline = outline};
    const int32_t status = stamp_line(records, source, json, length);

    if (status != FRACTARY_OK)
        return status;
    /* What is said of a failure comes before the record, and what fails is the
     * journal's affair alone. */
    if (records->context->journal != NULL)
        line_to_journal(records, 0);
    record.line =
        (fractary_string_view){fr_buf_text(&records->line), (uint64_t)records->line.length};
    record.resource = fr_json_outline_find(outline, NULL, "resource");
    records->reader.resource(records->reader.context, &record);
    return FRACTARY_OK;
}

int32_t fr_records_take(fr_records *records, const char *source, const char *json, uint64_t length,
                        const char **why)
{
    fr_json_outline outline;
    int32_t journal = FRACTARY_OK;

    *why = NULL;
    if (records->reader.resource != NULL && fr_record_check_resource(json, length, &outline))
        return pass_resource(records, source, json, length, &outline);
    fr_json *record = fr_record_check(json, length, why);
    if (record == NULL)
        return FRACTARY_E_PROTOCOL;
    /* A full disk must not make a handler lose track in the middle of a
     * change: it was said, and the handler goes on. */
    return pass(records, source, record, &journal);
}

int32_t fr_records_accept(fr_records *records, const char *source, const char *json,
                          uint64_t length)
{
    const char *why = NULL;

    return fr_records_take(records, source, json, length, &why);
}

int32_t fr_records_emit(fr_records *records, fr_json *record)
{
    int32_t journal = FRACTARY_OK;
    const int32_t status = pass(records, "core", record, &journal);

    return status != FRACTARY_OK ? status : journal;
}
