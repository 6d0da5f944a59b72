#include <fractary-plugin/hash.h>

#include <errno.h>
#include <fractary-plugin/str.h>
#include <fractary/abi.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 64 /* of SHA-256, in bytes */

void fr_hex(const uint8_t *data, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        *out++ = digits[data[i] >> 4];
        *out++ = digits[data[i] & 15];
    }
    *out = '\0';
}

int32_t fr_sha256(const void *data, size_t length, uint8_t out[FR_SHA256_SIZE])
{
    const int done = EVP_Digest(length > 0 ? data : "", length, out, NULL, EVP_sha256(), NULL);

    return done == 1 ? FRACTARY_OK : FRACTARY_E_FAILED;
}

int32_t fr_sha256_hex(const void *data, size_t length, char out[FR_SHA256_HEX])
{
    uint8_t digest[FR_SHA256_SIZE];
    const int32_t status = fr_sha256(data, length, digest);

    out[0] = '\0';
    if (status == FRACTARY_OK)
        fr_hex(digest, sizeof digest, out);
    return status;
}

/* Half of an HMAC: the hash of the padded key and of `data`. One context
 * serves both halves: `type` is NULL the second time, which keeps the
 * algorithm that the first time looked up by name, a third of the cost. */
static int hash_half(EVP_MD_CTX *context, const EVP_MD *type, const uint8_t key[BLOCK], uint8_t pad,
                     const void *data, size_t length, uint8_t out[FR_SHA256_SIZE])
{
    uint8_t block[BLOCK];

    for (size_t i = 0; i < BLOCK; i++)
        block[i] = key[i] ^ pad;
    const int done = EVP_DigestInit_ex(context, type, NULL) == 1 &&
                     EVP_DigestUpdate(context, block, sizeof block) == 1 &&
                     EVP_DigestUpdate(context, data, length) == 1 &&
                     EVP_DigestFinal_ex(context, out, NULL) == 1;
    fr_wipe(block, sizeof block);
    return done;
}

int32_t fr_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                       uint8_t out[FR_SHA256_SIZE])
{
    uint8_t block[BLOCK] = {0};
    uint8_t inner[FR_SHA256_SIZE];
    int32_t status = FRACTARY_OK;
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (key_length > BLOCK)
        status = fr_sha256(key, key_length, block);
    else if (key_length > 0)
        memcpy(block, key, key_length);
    if (context == NULL || status != FRACTARY_OK ||
        !hash_half(context, EVP_sha256(), block, 0x36, length > 0 ? data : "", length, inner) ||
        !hash_half(context, NULL, block, 0x5C, inner, sizeof inner, out))
        status = FRACTARY_E_FAILED;
    EVP_MD_CTX_free(context); /* wipes what it held */
    fr_wipe(block, sizeof block);
    fr_wipe(inner, sizeof inner);
    return status;
}

/* Hashes until the end of the descriptor. */
static int32_t hash_rest(EVP_MD_CTX *context, int descriptor)
{
    uint8_t piece[65536];

    for (;;) {
        const ssize_t got = read(descriptor, piece, sizeof piece);
        if (got == 0)
            return FRACTARY_OK;
        if (got < 0 && errno != EINTR)
            return FRACTARY_E_IO;
        if (got > 0 && EVP_DigestUpdate(context, piece, (size_t)got) != 1)
            return FRACTARY_E_FAILED;
    }
}

int32_t fr_sha256_descriptor(int descriptor, char out[FR_SHA256_HEX])
{
    uint8_t digest[FR_SHA256_SIZE];
    int32_t status = FRACTARY_E_FAILED;
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    out[0] = '\0';
    if (context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1)
        status = hash_rest(context, descriptor);
    if (status == FRACTARY_OK && EVP_DigestFinal_ex(context, digest, NULL) != 1)
        status = FRACTARY_E_FAILED;
    if (status == FRACTARY_OK)
        fr_hex(digest, sizeof digest, out);
    EVP_MD_CTX_free(context);
    return status;
}
