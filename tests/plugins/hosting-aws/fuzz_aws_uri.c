/* Addresses of any kind: no crash; what is split can be signed or is refused
 * with a reason; a normalized path and a canonical query stay as they are when
 * made again. */
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "sigv4.h"
#include "uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int condition)
{
    if (!condition)
        abort();
}

static void check_again(int32_t (*make)(const char *, size_t, fr_buf *), const char *text,
                        size_t length)
{
    fr_buf once = {0}, twice = {0};

    if (make(text, length, &once) == FRACTARY_OK) {
        demand(make(fr_buf_text(&once), once.length, &twice) == FRACTARY_OK);
        demand(fr_str_equal(fr_buf_text(&once), fr_buf_text(&twice)));
    }
    fr_buf_finish(&once);
    fr_buf_finish(&twice);
}

static void sign(const char *url)
{
    const fr_aws_signer signer = {.access_key = "A",
                                  .secret_key = "s",
                                  .region = "r",
                                  .service = "s",
                                  .flags = FR_AWS_SIGN_OTHERS};
    const fr_aws_message message = {.method = "GET", .url = url};
    fr_aws_signature signature = {.date = ""};
    const int32_t status = fr_aws_sign(&signer, &message, 0, &signature);

    demand(status == FRACTARY_OK || status == FRACTARY_E_INVALID || status == FRACTARY_E_LIMIT);
    demand(status != FRACTARY_OK || strlen(signature.signature) == 64);
    fr_aws_signature_finish(&signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fr_str_ndup(size > 0 ? (const char *)data : "", size);
    int64_t seconds;

    demand(text != NULL);
    const size_t length = strlen(text);
    check_again(fr_aws_uri_normalize, text, length);
    check_again(fr_aws_uri_canonical_query, text, length);
    sign(text);
    if (fr_aws_date_parse(text, &seconds) == FRACTARY_OK && seconds >= 0) {
        char iso[FR_AWS_DATE_ISO];
        int64_t again;
        fr_aws_date_iso(seconds, iso);
        demand(fr_aws_date_parse(iso, &again) == FRACTARY_OK && again == seconds);
    }
    free(text);
    return 0;
}
