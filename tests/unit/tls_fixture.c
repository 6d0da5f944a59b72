#include "tls_fixture.h"

#include <check.h>
#include <fractary-plugin/str.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void add_extension(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    ck_assert_ptr_nonnull(certificate);
    ck_assert_int_eq(X509_set_version(certificate, 2), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    ck_assert_int_eq(X509_set_pubkey(certificate, key), 1);
    X509_NAME *name = X509_get_subject_name(certificate);
    ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                                (const unsigned char *)"test", -1, -1, 0),
                     1);
    ck_assert_int_eq(X509_set_issuer_name(certificate, name), 1);
    add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1");
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    ck_assert_int_gt(X509_sign(certificate, key, EVP_sha256()), 0);
    return certificate;
}

static void write_certificate(const char *path)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(key);
    ck_assert_ptr_nonnull(file);
    X509 *certificate = make_certificate(key);
    ck_assert_int_eq(PEM_write_X509(file, certificate), 1);
    ck_assert_int_eq(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    ck_assert_int_eq(fclose(file), 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static const char program[] =
    "import http.server, ssl, sys\n"
    "class Answer(http.server.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        self.send_response(200)\n"
    "        self.send_header('Content-Length', '8')\n"
    "        self.end_headers()\n"
    "        self.wfile.write(b'over TLS')\n"
    "    def log_message(self, *rest):\n"
    "        pass\n"
    "class Server(http.server.HTTPServer):\n"
    "    def handle_error(self, *rest):\n"
    "        pass\n"
    "server = Server(('127.0.0.1', 0), Answer)\n"
    "context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
    "context.load_cert_chain(sys.argv[1])\n"
    "server.socket = context.wrap_socket(server.socket, server_side=True)\n"
    "print(server.server_port, flush=True)\n"
    "server.serve_forever()\n";

void tls_fixture_start(tls_fixture *server, const char *folder)
{
    int ends[2];
    char text[16] = "";
    server->certificate = fr_str_format("%s/server.pem", folder);
    write_certificate(server->certificate);
    ck_assert_int_eq(pipe(ends), 0);
    server->pid = fork();
    ck_assert_int_ge(server->pid, 0);
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], STDOUT_FILENO);
        execlp("python3", "python3", "-c", program, server->certificate, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ck_assert_msg(read(ends[0], text, sizeof text - 1) > 0, "python3 did not start");
    close(ends[0]);
    server->port = atoi(text);
}

void tls_fixture_stop(tls_fixture *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    free(server->certificate);
}
