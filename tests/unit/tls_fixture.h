/* A server that speaks TLS, with a certificate that it signed itself. */
#ifndef UNIT_TLS_FIXTURE_H
#define UNIT_TLS_FIXTURE_H

#include <sys/types.h>

typedef struct tls_fixture {
    pid_t pid;
    int port;
    char *certificate; /* PEM file; with the key behind it */
} tls_fixture;

/* Answers every request on 127.0.0.1 with "over TLS"; dies with the test. */
void tls_fixture_start(tls_fixture *server, const char *folder);
void tls_fixture_stop(tls_fixture *server);

#endif
