/* The types of records and how the core treats each (docs/reference/records.md). */
#ifndef FRACTARY_SERVICE_RECORD_TYPE_H
#define FRACTARY_SERVICE_RECORD_TYPE_H

#include <fractary-plugin/json.h>

typedef struct fr_record_type {
    const char *name;
    int core;      /* from the core alone                              */
    int journaled; /* a line in the journal of the run                 */
    int shown;     /* goes to the reader                               */
    int synced;    /* the journal waits for the disk                   */
} fr_record_type;

/* Types that are not in the table (of a plugin's own) are journaled and shown.
 * Never NULL. */
const fr_record_type *fr_record_type_of(const char *name);

/* Parses a plugin's text and checks it as fr_records_accept() says. NULL when
 * it is refused; *why then says why, in a text that lives for ever. The caller
 * frees the tree. */
fr_json *fr_record_check(const char *json, uint64_t length, const char **why);

#endif
