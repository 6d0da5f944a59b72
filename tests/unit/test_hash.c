/* Expected values: FIPS 180-4 examples, RFC 4231 test cases. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/hash.h>
#include <fractary/abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char million[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

START_TEST(sha256_of_known_texts)
{
    char hex[FR_SHA256_HEX];
    char *many = malloc(1000000);

    ck_assert_int_eq(fr_sha256_hex("abc", 3, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, abc);
    ck_assert_int_eq(fr_sha256_hex("", 0, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, empty);
    ck_assert_int_eq(fr_sha256_hex(NULL, 0, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, empty);
    memset(many, 'a', 1000000);
    ck_assert_int_eq(fr_sha256_hex(many, 1000000, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, million);
    free(many);
}
END_TEST

static const struct {
    const char *key;
    size_t key_repeat; /* 0: the key is a text */
    const char *data;
    size_t data_repeat;
    const char *mac;
} macs[] = {
    {"\x0b", 20, "Hi There", 0, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"Jefe", 0, "what do ya want for nothing?", 0,
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"\xaa", 20, "\xdd", 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"\xaa", 131, "Test Using Larger Than Block-Size Key - Hash Key First", 0,
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
};

static size_t expand(const char *text, size_t repeat, char *out)
{
    if (repeat == 0) {
        strcpy(out, text);
        return strlen(text);
    }
    memset(out, text[0], repeat);
    return repeat;
}

START_TEST(hmac_of_rfc_4231)
{
    for (size_t i = 0; i < sizeof macs / sizeof *macs; i++) {
        char key[256];
        char data[256];
        uint8_t mac[FR_SHA256_SIZE];
        char hex[FR_SHA256_HEX];
        const size_t key_length = expand(macs[i].key, macs[i].key_repeat, key);
        const size_t data_length = expand(macs[i].data, macs[i].data_repeat, data);
        ck_assert_int_eq(fr_hmac_sha256(key, key_length, data, data_length, mac), FRACTARY_OK);
        fr_hex(mac, sizeof mac, hex);
        ck_assert_str_eq(hex, macs[i].mac);
    }
}
END_TEST

START_TEST(hmac_over_its_own_key)
{
    uint8_t key[FR_SHA256_SIZE] = "Jefe";
    char hex[FR_SHA256_HEX];

    ck_assert_int_eq(fr_hmac_sha256(key, 4, "what do ya want for nothing?", 28, key), FRACTARY_OK);
    fr_hex(key, sizeof key, hex);
    ck_assert_str_eq(hex, macs[1].mac);
}
END_TEST

START_TEST(hmac_of_nothing)
{
    uint8_t mac[FR_SHA256_SIZE];
    char hex[FR_SHA256_HEX];

    ck_assert_int_eq(fr_hmac_sha256(NULL, 0, NULL, 0, mac), FRACTARY_OK);
    fr_hex(mac, sizeof mac, hex);
    ck_assert_str_eq(hex, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}
END_TEST

START_TEST(descriptor_is_hashed_from_where_it_stands)
{
    char path[] = "/tmp/fractary-hash-XXXXXX";
    char hex[FR_SHA256_HEX];
    const int descriptor = mkstemp(path);

    ck_assert_int_ge(descriptor, 0);
    unlink(path);
    ck_assert_int_eq(write(descriptor, "xxabc", 5), 5);
    ck_assert_int_eq(lseek(descriptor, 2, SEEK_SET), 2);
    ck_assert_int_eq(fr_sha256_descriptor(descriptor, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, abc);
    ck_assert_int_eq(fr_sha256_descriptor(descriptor, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, empty);
    close(descriptor);
    ck_assert_int_eq(fr_sha256_descriptor(descriptor, hex), FRACTARY_E_IO);
    ck_assert_str_eq(hex, "");
}
END_TEST

START_TEST(large_descriptor)
{
    char path[] = "/tmp/fractary-hash-XXXXXX";
    char piece[1000];
    char hex[FR_SHA256_HEX];
    const int descriptor = mkstemp(path);

    unlink(path);
    memset(piece, 'a', sizeof piece);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(write(descriptor, piece, sizeof piece), sizeof piece);
    lseek(descriptor, 0, SEEK_SET);
    ck_assert_int_eq(fr_sha256_descriptor(descriptor, hex), FRACTARY_OK);
    ck_assert_str_eq(hex, million);
    close(descriptor);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_test(all, sha256_of_known_texts);
    tcase_add_test(all, hmac_of_rfc_4231);
    tcase_add_test(all, hmac_over_its_own_key);
    tcase_add_test(all, hmac_of_nothing);
    tcase_add_test(all, descriptor_is_hashed_from_where_it_stands);
    tcase_add_test(all, large_descriptor);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
