/* What records.c and call.c know of each other. */
#ifndef FRACTARY_SERVICE_CALL_H
#define FRACTARY_SERVICE_CALL_H

#include "service/records.h"

/* As fr_records_accept(); *why says why a record was refused, in a text that
 * lives for ever, and is NULL otherwise. */
int32_t fr_records_take(fr_records *records, const char *source, const char *json, uint64_t length,
                        const char **why);
/* The list of all calls that were opened, which the records own. */
fr_call **fr_records_calls(fr_records *records);
const fr_context *fr_records_context(const fr_records *records);
void fr_call_free_all(fr_call *first);

#endif
