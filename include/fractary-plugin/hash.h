/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). The only user of
 * libcrypto. [any-thread] */
#ifndef FRACTARY_PLUGIN_HASH_H
#define FRACTARY_PLUGIN_HASH_H

#include <stddef.h>
#include <stdint.h>

#define FR_SHA256_SIZE 32
#define FR_SHA256_HEX  65 /* 64 lower-case digits and the NUL */

/* FRACTARY_OK or FRACTARY_E_FAILED (libcrypto refuses or has no memory). */
int32_t fr_sha256(const void *data, size_t length, uint8_t out[FR_SHA256_SIZE]);
int32_t fr_sha256_hex(const void *data, size_t length, char out[FR_SHA256_HEX]);
/* `out` may be the memory of `key`. */
int32_t fr_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                       uint8_t out[FR_SHA256_SIZE]);
/* Hashes what is left to read from `descriptor`; FRACTARY_E_IO when a read
 * fails. */
int32_t fr_sha256_descriptor(int descriptor, char out[FR_SHA256_HEX]);
/* Lower-case hexadecimal of `length` bytes with a NUL: 2 * length + 1 chars. */
void fr_hex(const uint8_t *data, size_t length, char *out);

#endif
