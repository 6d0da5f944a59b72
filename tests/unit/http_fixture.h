/* A small HTTP/1.1 server on 127.0.0.1 that plays what tests need; a process
 * of its own that dies with the test.
 *
 *   /ok              200 "hello"
 *   /echo            200 with the request's head and body as it came
 *   /size/N          200 with N bytes
 *   /slow/N          200 after N milliseconds
 *   /fail/S/N/key    status S the first N times of that key, then 200 "good"
 *   /after/A/N/key   429 with "Retry-After: A" the first N times, then 200
 *   /reset/N/key     connection reset the first N times, then 200
 *   /cut/N/key       ends in the middle of the body the first N times, then 200
 *   /date/SECONDS    200 with a Date that many seconds from now (may be
 *                    negative)
 *   /continue        100, then 200
 *   /location        302 to /ok
 */
#ifndef UNIT_HTTP_FIXTURE_H
#define UNIT_HTTP_FIXTURE_H

#include <stdatomic.h>
#include <sys/types.h>

/* What the server writes and the test reads, in shared memory. */
typedef struct http_fixture {
    pid_t pid;
    int port;
    atomic_int requests;
    atomic_int connections; /* accepted so far               */
    atomic_int at_once;     /* most requests under way       */
    int delay_ms;           /* before every answer; set by the test */
} http_fixture;

http_fixture *http_fixture_start(void);
void http_fixture_stop(http_fixture *server);

/* "http://127.0.0.1:PORT<path>". */
void http_fixture_url(const http_fixture *server, const char *path, char *out, size_t size);

#endif
