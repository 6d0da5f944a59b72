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
    fr_buf line; /* of the journal; kept for its memory */
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

/* What a plugin wrote under these names is replaced. */
static int32_t stamp(fr_records *records, const char *source, fr_json *record)
{
    char time[FR_TIME_TEXT];
    const fr_run *run = records->context->run;

    fr_time_format(fr_time_now_ms(), time);
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

static int32_t to_journal(fr_records *records, unsigned flags, const fr_json *record)
{
    fractary_error error = FR_ERROR_INIT;

    if (records->context->journal == NULL || (flags & FR_RECORD_UNWRITTEN))
        return FRACTARY_OK;
    fr_buf_clear(&records->line);
    int32_t status = fr_json_print(record, &records->line);
    if (status == FRACTARY_OK)
        status = fr_journal_append(records->context->journal, fr_buf_text(&records->line),
                                   records->line.length, (flags & FR_RECORD_SYNCED) != 0, &error);
    else
        fr_error_nomem(&error);
    if (status != FRACTARY_OK)
        say_journal_failed(records, &error);
    return status;
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

int32_t fr_records_take(fr_records *records, const char *source, const char *json, uint64_t length,
                        const char **why)
{
    fr_json *record = fr_record_check(json, length, why);
    int32_t journal = FRACTARY_OK;

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
