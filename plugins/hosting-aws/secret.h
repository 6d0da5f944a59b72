/* Credentials in memory: who owns them, and how they leave it. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_SECRET_H
#define FRACTARY_HOSTING_AWS_SECRET_H

#include <fractary-plugin/json.h>
#include <stdint.h>

/* One pair of keys. Zeroed memory is valid and empty. */
typedef struct fr_aws_credentials {
    char *access_key;
    char *secret_key;
    char *session_token; /* NULL: none                                     */
    int64_t expires;     /* Unix seconds, 0: never                         */
    char *source;        /* where they came from, for people: "profile x"  */
} fr_aws_credentials;

/* Overwrites and frees what they hold, and leaves them empty. Accepts NULL. */
void fr_aws_credentials_wipe(fr_aws_credentials *credentials);
/* Copies into `out`, which is empty. FRACTARY_OK or FRACTARY_E_NOMEM, and
 * `out` is empty then. An empty token is none. */
int32_t fr_aws_credentials_set(fr_aws_credentials *out, const char *access_key,
                               const char *secret_key, const char *session_token, int64_t expires);
/* Replaces `source`. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t fr_aws_credentials_from(fr_aws_credentials *credentials, const char *format, ...)
    FR_PRINTF(2, 3);

/* Overwrites every text of the tree, then frees it. Accepts NULL. */
void fr_aws_json_wipe(fr_json *root);

#endif
