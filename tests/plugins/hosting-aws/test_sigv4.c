/* Signatures against the public vectors, and what a test program in Python
 * needs to compare them with botocore's: with the argument --sign it signs one
 * request for each JSON line of its standard input. */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fractary-plugin/json.h>
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "sigv4.h"
#include "uri.h"

#define HEADERS_MAX 40

/* ----------------------------------------------------------------- vectors */

static const char *vector_folder(void)
{
    static char folder[4096];
    const char *given = getenv("FRACTARY_SIGV4_VECTORS");
    const char *source = getenv("FRACTARY_SOURCE");

    if (given != NULL && *given != '\0')
        return given;
    snprintf(folder, sizeof folder, "%s/../shared/data/sigv4", source != NULL ? source : ".");
    return folder;
}

static char *read_file(const char *folder, const char *name, const char *file)
{
    char path[8192];
    fr_buf text = {0};
    char piece[4096];

    snprintf(path, sizeof path, "%s/%s/%s", folder, name, file);
    FILE *in = fopen(path, "rb");
    ck_assert_msg(in != NULL, "%s: %s", path, strerror(errno));
    for (size_t got; (got = fread(piece, 1, sizeof piece, in)) > 0;)
        ck_assert_int_eq(fr_buf_append(&text, piece, got), FRACTARY_OK);
    ck_assert_int_eq(fclose(in), 0);
    char *out = fr_buf_steal(&text);
    ck_assert_ptr_nonnull(out);
    return out;
}

/* The parts of a request as request.txt has it; points into the text, which is
 * cut into pieces. */
typedef struct request {
    char *text, *method, *path, *host;
    const char *body;
    fractary_header headers[HEADERS_MAX];
    size_t count;
    fr_buf url;
} request;

static void take_header(request *r, char *line)
{
    char *colon = strchr(line, ':');

    ck_assert_msg(colon != NULL && r->count < HEADERS_MAX, "not a header: %s", line);
    *colon = '\0';
    if (fr_str_equal_nocase(line, "host"))
        r->host = colon + 1;
    else
        r->headers[r->count++] = (fractary_header){line, colon + 1};
}

/* Cuts the head into headers; a line that begins with a space goes on with the
 * header before it. Returns what is behind the empty line. */
static char *take_headers(request *r, char *at)
{
    while (*at != '\0' && *at != '\n') {
        char *end = at + strcspn(at, "\n");
        while (end[0] == '\n' && (end[1] == ' ' || end[1] == '\t'))
            end += 1 + strcspn(end + 1, "\n");
        char *next = *end == '\n' ? end + 1 : end;
        *end = '\0';
        take_header(r, at);
        at = next;
    }
    return *at == '\n' ? at + 1 : at;
}

static void parse_request(request *r, char *text)
{
    *r = (request){.text = text, .method = text};
    char *line_end = strchr(text, '\n');
    ck_assert_ptr_nonnull(line_end);
    *line_end = '\0';
    char *space = strchr(text, ' '), *version = strstr(text, " HTTP/1.1");
    ck_assert(space != NULL && version != NULL && space < version);
    *space = *version = '\0';
    r->path = space + 1;
    r->body = take_headers(r, line_end + 1);
    ck_assert_ptr_nonnull(r->host);
    fr_buf_printf(&r->url, "https://%s%s", r->host, r->path);
}

static void check_vector(const char *folder, const char *name)
{
    char *context_text = read_file(folder, name, "context.json");
    fr_json *context = fr_json_parse(context_text, strlen(context_text), NULL);
    const fr_json *credentials = fr_json_get(context, "credentials");
    const int omit = fr_json_is_true(context, "omit_session_token");
    fr_aws_keys keys = {.next = 0};
    int64_t seconds = 0;
    request r;
    fr_aws_signature s = {.date = ""};

    ck_assert_ptr_nonnull(context);
    parse_request(&r, read_file(folder, name, "request.txt"));
    ck_assert_int_eq(fr_aws_date_parse(fr_json_get_string(context, "timestamp"), &seconds), 0);
    fr_aws_signer signer = {
        .access_key = fr_json_get_string(credentials, "access_key_id"),
        .secret_key = fr_json_get_string(credentials, "secret_access_key"),
        .session_token = omit ? NULL : fr_json_get_string(credentials, "token"),
        .region = fr_json_get_string(context, "region"),
        .service = fr_json_get_string(context, "service"),
        .flags = FR_AWS_SIGN_ENCODE |
                 (fr_json_is_true(context, "normalize") ? FR_AWS_SIGN_NORMALIZE : 0) |
                 (fr_json_is_true(context, "sign_body") ? FR_AWS_SIGN_CONTENT : 0),
        .keys = &keys,
    };
    fr_aws_message message = {.method = r.method,
                              .url = fr_buf_text(&r.url),
                              .headers = r.headers,
                              .header_count = r.count,
                              .body = r.body,
                              .body_length = strlen(r.body)};
    char *canonical = read_file(folder, name, "header-canonical-request.txt");
    char *to_sign = read_file(folder, name, "header-string-to-sign.txt");
    char *signature = read_file(folder, name, "header-signature.txt");
    char *whole = read_file(folder, name, "header-signed-request.txt");

    for (int round = 0; round < 2; round++) { /* the second with a key from the cache */
        ck_assert_int_eq(fr_aws_sign(&signer, &message, seconds, &s), FRACTARY_OK);
        ck_assert_msg(fr_str_equal(fr_buf_text(&s.canonical), canonical), "%s: %s", name,
                      fr_buf_text(&s.canonical));
        ck_assert_msg(fr_str_equal(fr_buf_text(&s.to_sign), to_sign), "%s", name);
        ck_assert_msg(fr_str_equal(s.signature, signature), "%s: %s", name, s.signature);
        ck_assert_msg(strstr(whole, fr_buf_text(&s.authorization)) != NULL, "%s: %s", name,
                      fr_buf_text(&s.authorization));
    }
    ck_assert_uint_eq(keys.next, 1);
    fr_aws_signature_finish(&s);
    fr_buf_finish(&r.url);
    fr_json_free(context);
    free(r.text);
    free(context_text);
    free(canonical);
    free(to_sign);
    free(signature);
    free(whole);
}

START_TEST(test_vectors)
{
    const char *folder = vector_folder();
    DIR *listing = opendir(folder);
    size_t count = 0;

    if (listing == NULL) {
        printf("SKIP: signature vectors: ../shared data absent (looked in %s, which "
               "FRACTARY_SIGV4_VECTORS sets)\n",
               folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        char path[8192];
        snprintf(path, sizeof path, "%s/%s/context.json", folder, entry->d_name);
        if (entry->d_name[0] == '.' || access(path, R_OK) != 0)
            continue;
        check_vector(folder, entry->d_name);
        count++;
    }
    closedir(listing);
    ck_assert_uint_eq(count, 38);
    printf("signature vectors: %zu of 38\n", count);
}
END_TEST

/* ------------------------------------------------------------------- edges */

static int32_t sign_url(const char *url, const char *region, size_t headers, fr_aws_signature *s)
{
    static const fractary_header many[60] = {{"a", "b"}};
    fractary_header list[60];
    const fr_aws_signer signer = {.access_key = "AKIDEXAMPLE",
                                  .secret_key = "secret",
                                  .region = region,
                                  .service = "iam",
                                  .flags = FR_AWS_SIGN_OTHERS};

    for (size_t i = 0; i < headers; i++)
        list[i] = many[0];
    const fr_aws_message message = {
        .method = "GET", .url = url, .headers = list, .header_count = headers};
    return fr_aws_sign(&signer, &message, 0, s);
}

START_TEST(test_what_cannot_be_signed)
{
    fr_aws_signature s = {.date = ""};
    char region[200];

    memset(region, 'x', sizeof region);
    region[sizeof region - 1] = '\0';
    ck_assert_int_eq(sign_url("ftp://example.com/", "us-east-1", 0, &s), FRACTARY_E_INVALID);
    ck_assert_int_eq(sign_url("https://", "us-east-1", 0, &s), FRACTARY_E_INVALID);
    ck_assert_int_eq(sign_url("https://me@example.com/", "us-east-1", 0, &s), FRACTARY_E_INVALID);
    ck_assert_int_eq(sign_url("https://example.com/#x", "us-east-1", 0, &s), FRACTARY_E_INVALID);
    ck_assert_int_eq(sign_url("https://example.com/", region, 0, &s), FRACTARY_E_LIMIT);
    ck_assert_int_eq(sign_url("https://example.com/", "us-east-1", 60, &s), FRACTARY_OK);
    ck_assert_ptr_nonnull(strstr(fr_buf_text(&s.canonical), "\na:b,b,b,b"));
    fr_aws_signature_finish(&s);
}
END_TEST

START_TEST(test_keys_of_other_days_and_services)
{
    fr_aws_keys keys = {.next = 0};
    fr_aws_signer signer = {.access_key = "A", .secret_key = "S", .region = "r", .keys = &keys};
    const fr_aws_message message = {.method = "GET", .url = "https://example.com"};
    fr_aws_signature with = {.date = ""}, without = {.date = ""};
    char service[8];

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 40; i++) {
            snprintf(service, sizeof service, "s%d", i % 20);
            signer.service = service;
            signer.keys = &keys;
            ck_assert_int_eq(fr_aws_sign(&signer, &message, i * 86400, &with), FRACTARY_OK);
            signer.keys = NULL;
            ck_assert_int_eq(fr_aws_sign(&signer, &message, i * 86400, &without), FRACTARY_OK);
            ck_assert_str_eq(with.signature, without.signature);
        }
    }
    fr_aws_keys_wipe(&keys);
    ck_assert_uint_eq(keys.next, 0);
    fr_aws_signature_finish(&with);
    fr_aws_signature_finish(&without);
}
END_TEST

/* -------------------------------------------------------------------- dates */

static const struct {
    const char *text;
    int64_t seconds; /* -1: refused */
} dates[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2015-08-30T12:36:00Z", 1440938160},
    {"20150830T123600Z", 1440938160},
    {"2000-02-29T23:59:59Z", 951868799},
    {"2015-08-30T14:36:00.123456+02:00", 1440938160},
    {"2015-08-30T12:36:00+00:00", 1440938160},
    {"2015-08-30 07:06:00-0530", 1440938160},
    {"2015-08-30T12:36:00", 1440938160},
    {"9999-12-31T23:59:59Z", INT64_C(253402300799)},
    {"", -1},
    {"tomorrow", -1},
    {"2015-13-30T12:36:00Z", -1},
    {"2015-08-30T12:36:00Zz", -1},
    {"2015-08-30T12:36", -1},
    {"1969-12-31T23:59:59Z", -1},
    {"2015-08-30T12:36:00+2", -1},
};

START_TEST(test_dates)
{
    int64_t seconds = -1;
    char iso[FR_AWS_DATE_ISO];
    const int32_t status = fr_aws_date_parse(dates[_i].text, &seconds);

    ck_assert_msg((status == FRACTARY_OK) == (dates[_i].seconds >= 0), "%s", dates[_i].text);
    ck_assert_int_eq(seconds, dates[_i].seconds);
    if (status != FRACTARY_OK)
        return;
    fr_aws_date_iso(seconds, iso);
    ck_assert_int_eq(fr_aws_date_parse(iso, &seconds), FRACTARY_OK);
    ck_assert_int_eq(seconds, dates[_i].seconds);
}
END_TEST

START_TEST(test_every_day_goes_and_comes_back)
{
    char text[FR_AWS_DATE_BASIC];
    int64_t back;

    for (int64_t day = 0; day < 60000; day++) {
        fr_aws_date_basic(day * 86400 + day % 86400, text);
        ck_assert_int_eq(fr_aws_date_parse(text, &back), FRACTARY_OK);
        ck_assert_int_eq(back, day * 86400 + day % 86400);
    }
    fr_aws_date_basic(-5, text);
    ck_assert_str_eq(text, "19700101T000000Z");
    fr_aws_date_basic(INT64_MAX, text);
    ck_assert_str_eq(text, "99991231T235959Z");
}
END_TEST

/* ------------------------------------------------------- for the comparison */

static void sign_line(const char *line, size_t length)
{
    fr_json *tree = fr_json_parse(line, length, NULL);
    fractary_header headers[HEADERS_MAX];
    size_t count = 0;
    fr_aws_signature s = {.date = ""};
    int64_t seconds = 0;

    const fr_json *list = fr_json_get(tree, "headers");
    for (const fr_json *h = fr_json_first(list); h != NULL && count < HEADERS_MAX;
         h = fr_json_next(h))
        headers[count++] = (fractary_header){fr_json_string(fr_json_first(h)),
                                             fr_json_string(fr_json_next(fr_json_first(h)))};
    const char *body = fr_json_get_string(tree, "body");
    const fr_aws_signer signer = {
        .access_key = fr_json_get_string(tree, "access_key"),
        .secret_key = fr_json_get_string(tree, "secret_key"),
        .session_token = fr_json_get_string(tree, "token"),
        .region = fr_json_get_string(tree, "region"),
        .service = fr_json_get_string(tree, "service"),
        .flags = fr_json_is_true(tree, "s3") ? FR_AWS_SIGN_S3 : FR_AWS_SIGN_OTHERS,
    };
    const fr_aws_message message = {.method = fr_json_get_string(tree, "method"),
                                    .url = fr_json_get_string(tree, "url"),
                                    .headers = headers,
                                    .header_count = count,
                                    .body = body,
                                    .body_length = body != NULL ? strlen(body) : 0};
    int32_t status = fr_aws_date_parse(fr_json_get_string(tree, "time"), &seconds);
    if (status == FRACTARY_OK)
        status = fr_aws_sign(&signer, &message, seconds, &s);
    if (status == FRACTARY_OK)
        printf("%s|%s|%s\n", s.date, s.content, fr_buf_text(&s.authorization));
    else
        printf("failed: %d\n", (int)status);
    fr_aws_signature_finish(&s);
    fr_json_free(tree);
}

static int sign_lines(void)
{
    char *line = NULL;
    size_t capacity = 0;

    for (ssize_t got; (got = getline(&line, &capacity, stdin)) > 0;)
        sign_line(line, (size_t)got);
    free(line);
    return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--sign") == 0)
        return sign_lines();
    TCase *signing = tcase_create("signing"), *moments = tcase_create("dates");
    Suite *suite = suite_create("hosting-aws sigv4");
    tcase_add_test(signing, test_vectors);
    tcase_add_test(signing, test_what_cannot_be_signed);
    tcase_add_test(signing, test_keys_of_other_days_and_services);
    tcase_add_loop_test(moments, test_dates, 0, (int)(sizeof dates / sizeof *dates));
    tcase_add_test(moments, test_every_day_goes_and_comes_back);
    suite_add_tcase(suite, signing);
    suite_add_tcase(suite, moments);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
