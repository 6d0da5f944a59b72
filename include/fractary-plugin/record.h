/* Records: the JSON objects that go up to the user (docs/reference/records.md). */
#ifndef FRACTARY_PLUGIN_RECORD_H
#define FRACTARY_PLUGIN_RECORD_H

#include <fractary-plugin/json.h>

/* A new object with `type` and the `message` that a person reads; add members
 * with fr_json_set_*(). NULL without memory, which fr_record_emit() reports. */
fr_json *fr_record_new(const char *type, const char *format, ...) FR_PRINTF(2, 3);

/* Prints the record into the sink and frees it. Returns the sink's status,
 * FRACTARY_E_NOMEM for NULL, FRACTARY_E_LIMIT when it is over
 * FRACTARY_RECORD_MAX. */
int32_t fr_record_emit(const fractary_sink *sink, fr_json *record);

#endif
