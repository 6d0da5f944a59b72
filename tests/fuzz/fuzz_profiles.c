/* The two INI forms that discovery reads, AWS's and git's, and the address in
 * the latter: no crash, and no key and no password gets out. */
#include "project/aws_profiles.h"
#include "project/git_remote.h"
#include "project/profile_match.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_profiles(const char *text, size_t size, int credentials)
{
    fr_json *profiles = fr_json_array();
    fr_names environments = {0};
    fr_names doubts = {0};

    fr_names_add(&environments, "test");
    fr_names_add(&environments, "prod");
    fr_names_add(&environments, "prod-eu");
    if (fr_aws_profiles_scan(text, size, credentials, profiles) != FRACTARY_OK)
        abort();
    if (fr_profile_match(profiles, &environments, &doubts) != FRACTARY_OK)
        abort();
    for (const fr_json *p = fr_json_first(profiles); p != NULL; p = fr_json_next(p)) {
        if (fr_json_get_string(p, "name") == NULL || fr_json_count(p) != 5)
            abort();
    }
    fr_names_finish(&environments);
    fr_names_finish(&doubts);
    fr_json_free(profiles);
}

static void check_address(const char *address)
{
    fr_buf owner = {0};
    fr_buf name = {0};

    if (fr_git_split_url(address, &owner, &name) != (name.length > 0))
        abort();
    if (strpbrk(fr_buf_text(&owner), "@: ") != NULL || strpbrk(fr_buf_text(&name), "@: ") != NULL)
        abort();
    fr_buf_finish(&owner);
    fr_buf_finish(&name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    check_profiles(text, size, 0);
    check_profiles(text, size, 1);
    check_address(text);
    free(text);
    return 0;
}
