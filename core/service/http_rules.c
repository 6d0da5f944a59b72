#include "service/http_rules.h"

#include <arpa/inet.h>
#include <fractary-plugin/str.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define HOST_MAX 256
#define YEAR     UINT64_C(31536000)

/* --------------------------------------------------------------------- hosts */

/* Where plain http may carry credentials: this machine, and the addresses at
 * which clouds hand credentials to their own machines and containers. */
static const char *const metadata_addresses[] = {"169.254.169.254", "169.254.170.2",
                                                 "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23"};

static int is_metadata4(const struct in_addr *address)
{
    struct in_addr known;

    for (size_t i = 0; i < sizeof metadata_addresses / sizeof *metadata_addresses; i++)
        if (inet_pton(AF_INET, metadata_addresses[i], &known) == 1 &&
            known.s_addr == address->s_addr)
            return 1;
    return 0;
}

static int is_near6(const char *text)
{
    struct in6_addr address;
    struct in6_addr known;

    if (inet_pton(AF_INET6, text, &address) != 1)
        return 0;
    if (IN6_IS_ADDR_LOOPBACK(&address))
        return 1;
    for (size_t i = 0; i < sizeof metadata_addresses / sizeof *metadata_addresses; i++)
        if (inet_pton(AF_INET6, metadata_addresses[i], &known) == 1 &&
            IN6_ARE_ADDR_EQUAL(&known, &address))
            return 1;
    return 0;
}

/* Only the plain dotted form counts: whatever else a resolver might take for
 * an address ("127.1", "0x7f.1") is not trusted. */
static int is_near(const char *host)
{
    struct in_addr address;

    if (*host == '[')
        return 0;
    if (fr_str_equal_nocase(host, "localhost"))
        return 1;
    if (inet_pton(AF_INET, host, &address) != 1)
        return 0;
    return (ntohl(address.s_addr) >> 24) == 127 || is_metadata4(&address);
}

/* ----------------------------------------------------------------------- URL */

static int is_visible(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~' || *text == '\\')
            return 0;
    return 1;
}

static int is_port(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return 0;
    return length <= 5;
}

/* Takes "host", "host:port", "[v6]" and "[v6]:port" apart. */
static int read_authority(const char *text, size_t length, int *near)
{
    const int v6 = *text == '[';
    const char *end = memchr(text, v6 ? ']' : ':', length);
    const size_t host = end != NULL ? (size_t)(end - text) + (size_t)v6 : length;
    char name[HOST_MAX];

    if (host == 0 || host >= sizeof name || (v6 && end == NULL))
        return 0;
    if (host < length && (text[host] != ':' || !is_port(text + host + 1, length - host - 1)))
        return 0;
    memcpy(name, text, host);
    name[host] = '\0';
    if (v6) {
        name[host - 1] = '\0';
        *near = is_near6(name + 1);
    } else {
        *near = is_near(name);
    }
    return 1;
}

int32_t fr_http_url_read(const char *url, fr_http_url *out, fractary_error *error)
{
    static const char *const schemes[] = {"https://", "http://"};
    size_t scheme = 0;

    *out = (fr_http_url){0};
    for (size_t i = 0; i < 2 && url != NULL; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0) {
            scheme = strlen(schemes[i]);
            out->plain = i == 1;
        }
    if (scheme == 0 || !is_visible(url))
        return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" is no absolute http(s) URL",
                            url != NULL ? url : "");
    const size_t authority = strcspn(url + scheme, "/?#");
    if (memchr(url + scheme, '@', authority) != NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "a URL must not name a user or password");
    if (!read_authority(url + scheme, authority, &out->near))
        return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" names no host", url);
    out->origin = scheme + authority;
    return FRACTARY_OK;
}

/* --------------------------------------------------------------- credentials */

int fr_http_is_credential(const char *name)
{
    static const char *const names[] = {"authorization", "proxy-authorization", "cookie",
                                        "x-amz-security-token", "x-aws-ec2-metadata-token"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fr_str_equal_nocase(names[i], name))
            return 1;
    return 0;
}

int fr_http_is_signed(const char *url)
{
    return strcasestr(url, "x-amz-signature=") != NULL ||
           strcasestr(url, "x-amz-security-token=") != NULL;
}

/* --------------------------------------------------------------------- texts */

int fr_http_is_token(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    if (text == NULL || *text == '\0')
        return 0;
    for (; *text != '\0'; text++) {
        const char c = *text;
        const int alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && strchr(others, c) == NULL)
            return 0;
    }
    return 1;
}

int fr_http_is_value(const char *text)
{
    if (text == NULL)
        return 0;
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7F)
            return 0;
    return 1;
}

/* ---------------------------------------------------------------------- time */

/* Value of `count` digits; -1 when one is none. */
static int digits(const char *text, int count)
{
    int value = 0;

    for (; count > 0; count--, text++) {
        if (*text < '0' || *text > '9')
            return -1;
        value = value * 10 + (*text - '0');
    }
    return value;
}

int fr_http_date(const char *text, int64_t *unix_seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = "";

    if (text == NULL || strlen(text) != strlen("Sun, 06 Nov 1994 08:49:37 GMT") ||
        strncmp(text + 3, ", ", 2) != 0 || strcmp(text + 25, " GMT") != 0 || text[19] != ':' ||
        text[22] != ':')
        return 0;
    memcpy(month, text + 8, 3);
    const char *found = strstr(months, month);
    struct tm when = {.tm_mday = digits(text + 5, 2),
                      .tm_year = digits(text + 12, 4) - 1900,
                      .tm_hour = digits(text + 17, 2),
                      .tm_min = digits(text + 20, 2),
                      .tm_sec = digits(text + 23, 2)};
    if (found == NULL || (found - months) % 3 != 0 || when.tm_mday < 1 || when.tm_year < 0 ||
        when.tm_hour < 0 || when.tm_min < 0 || when.tm_sec < 0)
        return 0;
    when.tm_mon = (int)(found - months) / 3;
    *unix_seconds = (int64_t)timegm(&when);
    return 1;
}

int fr_http_retry_after(const char *text, int64_t now, uint64_t *seconds)
{
    int64_t when = 0;

    if (text == NULL)
        return 0;
    if (!fr_str_to_u64(text, seconds)) {
        if (!fr_http_date(text, &when))
            return 0;
        *seconds = when > now ? (uint64_t)(when - now) : 0;
    }
    if (*seconds > YEAR)
        *seconds = YEAR;
    return 1;
}
