/* Texts of HTTP, and the rule of where credentials may travel. */
#ifndef FRACTARY_SERVICE_HTTP_RULES_H
#define FRACTARY_SERVICE_HTTP_RULES_H

#include <fractary-plugin/buf.h>

/* What of a URL matters here. */
typedef struct fr_http_url {
    int plain;     /* http, not https                                        */
    int near;      /* the host is loopback or a metadata address of a cloud   */
    size_t origin; /* length of "scheme://host:port"                          */
} fr_http_url;

/* FRACTARY_E_INVALID for anything but an absolute http or https URL in visible
 * ASCII without user or password. */
int32_t fr_http_url_read(const char *url, fr_http_url *out, fractary_error *error);

/* Non-zero for a header that carries credentials. */
int fr_http_is_credential(const char *name);
/* Non-zero when the URL itself is signed. */
int fr_http_is_signed(const char *url);

int fr_http_is_token(const char *text); /* a method or a header's name     */
int fr_http_is_value(const char *text); /* a header's value: no CR, LF, …  */

/* Reads an IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"); non-zero on success. */
int fr_http_date(const char *text, int64_t *unix_seconds);
/* Reads Retry-After, seconds or a date, against `now`; non-zero on success.
 * At most a year. */
int fr_http_retry_after(const char *text, int64_t now, uint64_t *seconds);

#endif
