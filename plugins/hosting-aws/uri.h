/* Addresses: taking them apart, percent-encoding, and the canonical forms that
 * a signature is made of. RFC 3986. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_URI_H
#define FRACTARY_HOSTING_AWS_URI_H

#include <fractary-plugin/buf.h>

/* Parts of an absolute http or https address; they point into its text and are
 * not NUL-terminated. `query` is without the question mark. */
typedef struct fr_aws_uri {
    fractary_string_view scheme, host, path, query; /* host: with :port if any */
} fr_aws_uri;

/* FRACTARY_OK, or FRACTARY_E_INVALID for what is no such address or has a user
 * name or a fragment in it. */
int32_t fr_aws_uri_split(const char *text, fr_aws_uri *out);
/* Appends the value of the Host header: lower case, no port that is the
 * scheme's own. */
int32_t fr_aws_uri_host(const fr_aws_uri *uri, fr_buf *out);

/* Appends `text` percent-encoded: letters, digits, "-._~" and the characters
 * in `keep` stay. */
int32_t fr_aws_uri_encode(const char *text, size_t length, const char *keep, fr_buf *out);
/* Appends the path without dot segments and repeated slashes. */
int32_t fr_aws_uri_normalize(const char *path, size_t length, fr_buf *out);
/* Appends the query with its pairs encoded anew and sorted by name, then by
 * value; each has an equals sign. FRACTARY_E_LIMIT over 512 pairs. */
int32_t fr_aws_uri_canonical_query(const char *query, size_t length, fr_buf *out);

#endif
