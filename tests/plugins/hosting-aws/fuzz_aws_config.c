/* Shared files of any kind, split at the first NUL into config and
 * credentials: no crash, no endless work; what is accepted is a tree of texts,
 * and a refusal always says why. */
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#include "shared_config.h"
#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int condition)
{
    if (!condition)
        abort();
}

static void check_options(const fr_json *options, int depth)
{
    demand(fr_json_kind_of(options) == FR_JSON_OBJECT);
    for (const fr_json *o = fr_json_first(options); o != NULL; o = fr_json_next(o)) {
        if (fr_json_kind_of(o) == FR_JSON_OBJECT && depth < 1)
            check_options(o, depth + 1);
        else
            demand(fr_json_string(o) != NULL);
    }
}

static void check_sections(const fr_json *sections)
{
    for (const fr_json *s = fr_json_first(sections); s != NULL; s = fr_json_next(s))
        check_options(s, 0);
}

static void split_words(const char *text, size_t length)
{
    fr_vec words = {0};
    char *line = fr_str_ndup(text, length);

    demand(line != NULL);
    const int32_t status = fr_aws_words_split(line, &words);
    demand(status == FRACTARY_OK || status == FRACTARY_E_INVALID);
    for (size_t i = 0; i < words.count; i++)
        demand(strlen(words.items[i]) <= strlen(line));
    fr_vec_finish(&words, free);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;
    const size_t first = nul != NULL ? (size_t)(nul - text) : size;
    const fr_aws_shared_file config = {"config", size > 0 ? text : "", first};
    const fr_aws_shared_file credentials = {"credentials", nul != NULL ? nul + 1 : NULL,
                                            nul != NULL ? size - first - 1 : 0};
    fr_aws_shared shared;
    fractary_error error = FR_ERROR_INIT;

    if (fr_aws_shared_parse(&config, &credentials, &shared, &error) == FRACTARY_OK) {
        check_sections(shared.profiles);
        check_sections(shared.services);
        check_sections(shared.sso_sessions);
        fr_aws_shared_wipe(&shared);
    } else {
        demand(error.message[0] != '\0' && error.cause[0] != '\0' && shared.profiles == NULL);
    }
    split_words(text, first);
    return 0;
}
