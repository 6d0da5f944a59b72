/* The types of records and how the core treats each (docs/reference/records.md). */
#ifndef FRACTARY_SERVICE_RECORD_TYPE_H
#define FRACTARY_SERVICE_RECORD_TYPE_H

#include "base/json_outline.h"
#include <fractary-plugin/json.h>

#define FR_RECORD_CORE      1u /* from the core alone                          */
#define FR_RECORD_UNWRITTEN 2u /* not in the journal of the run                 */
#define FR_RECORD_UNSEEN    4u /* not for the reader                            */
#define FR_RECORD_SYNCED    8u /* the journal waits for the disk                */

/* FR_RECORD_* of a stamped or unstamped record by its type. Types that are not
 * in the table (of a plugin's own) have none. */
unsigned fr_record_flags(const fr_json *record);

/* Parses a plugin's text and checks it as fr_records_accept() says. NULL when
 * it is refused; *why then says why, in a text that lives for ever. The caller
 * frees the tree. */
fr_json *fr_record_check(const char *json, uint64_t length, const char **why);

/* Checks a plugin's text as fr_record_check() does, without a tree. Zero when it
 * is anything but a well-formed `resource` record on one line, with an object
 * `resource` that can be outlined and with none of the members that a stamp
 * has; fr_record_check() then says more. */
int fr_record_check_resource(const char *json, uint64_t length, fr_json_outline *outline);

#endif
