/* The `process` record, with what might be a secret in an argument hidden. */
#ifndef FRACTARY_SERVICE_PROCESS_RECORD_H
#define FRACTARY_SERVICE_PROCESS_RECORD_H

#include <fractary-plugin/json.h>
#include <fractary/host.h>

/* NULL without memory. */
fr_json *fr_process_record(const fractary_process_request *request,
                           const fractary_process_result *result);

/* Appends one argument: what follows the '=' of a name that sounds like a
 * secret is hidden, and so is the password of a URL. */
int32_t fr_process_redact(const char *argument, fr_buf *out);
/* Non-zero when `argument` is a flag (--password) whose value comes next. */
int fr_process_announces_secret(const char *argument);

#endif
