#include "project/environment_name.h"

#include "project/config_check.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SEPARATORS "-_."

/* `folder`: a folder of that name is an environment by itself. The others are
 * also names of things ("ci", "local"), so they need more than the name. */
static const struct word {
    const char *text;
    int folder;
} words[] = {
    {"test", 1},        {"testing", 1}, {"tst", 1},        {"dev", 1},     {"develop", 1},
    {"development", 1}, {"sandbox", 1}, {"sbx", 1},        {"qa", 1},      {"uat", 1},
    {"stage", 1},       {"staging", 1}, {"stg", 1},        {"preprod", 1}, {"preproduction", 1},
    {"nonprod", 1},     {"prod", 1},    {"production", 1}, {"prd", 1},     {"acceptance", 1},
    {"ci", 0},          {"local", 0},   {"playground", 0}, {"demo", 0},    {"int", 0},
    {"integration", 0}, {"acc", 0},     {"preview", 0},    {"perf", 0},    {"performance", 0},
    {"dr", 0},          {"beta", 0},    {"canary", 0},
};

/* Words that make another one of what follows: pre-prod is not prod. */
static const char *const qualifiers[] = {"pre", "non"};
static const char *const containers_known[] = {"environments", "environment", "envs", "env",
                                               "stages"};
static const char *const prefixes[] = {"env", "environment", "vars", "terraform", "tf", "infra"};
/* What is meant for every environment. */
static const char *const shared[] = {"common", "global", "globals", "shared",
                                     "all",    "base",   "default", "defaults"};
/* Names of things, which say nothing of an environment. */
static const char *const things[] = {"modules", "module",    "backend", "backends",
                                     "main",    "terraform", "vars",    "inputs",
                                     "config",  "variables", "secrets"};
/* What is copied and never used as it is. */
static const char *const examples[] = {"example",  "examples",  "sample", "samples",
                                       "template", "templates", "dist"};

static int is_one_of(const char *const *table, size_t count, const char *text, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(table[i]) == length && strncasecmp(table[i], text, length) == 0)
            return 1;
    }
    return 0;
}
#define IS_ONE_OF(table, text, length)                                                             \
    is_one_of(table, sizeof(table) / sizeof *(table), text, length)

static const struct word *find_word(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].text) == length && strncasecmp(words[i].text, text, length) == 0)
            return &words[i];
    }
    return NULL;
}

int fr_environment_is_word(const char *text, size_t length)
{
    return find_word(text, length) != NULL;
}

int fr_environment_is_container(const char *name, size_t length)
{
    return IS_ONE_OF(containers_known, name, length);
}

static int is_no_environment(const char *name, size_t length)
{
    return length == 0 || name[0] == '_' || name[0] == '.' || IS_ONE_OF(shared, name, length) ||
           IS_ONE_OF(things, name, length) || IS_ONE_OF(examples, name, length);
}

/* ---------------------------------------------------------------------- files */

/* Where the last part of [name, end) begins. */
static const char *last_part(const char *name, const char *end)
{
    while (end > name && strchr(SEPARATORS, end[-1]) == NULL)
        end--;
    return end;
}

/* Non-zero when [text, end) says where something is and not what it is: "eu",
 * "us-east-1", "blue". */
static int is_location(const char *text, const char *end)
{
    static const char *const places[] = {
        "east",      "west",      "north", "south",     "central",   "emea", "apac",
        "northeast", "northwest", "blue",  "southeast", "southwest", "green"};

    while (text < end) {
        size_t length = 0;
        int digits = 0;
        for (; text + length < end && strchr(SEPARATORS, text[length]) == NULL; length++)
            digits |= text[length] >= '0' && text[length] <= '9';
        if (length > 2 && !digits && !IS_ONE_OF(places, text, length))
            return 0;
        text += length;
        text += text < end;
    }
    return 1;
}

/* Non-zero for "prod-eu": a word, and behind it only where. */
static int is_located(const char *name, size_t length, int (*is_word)(const char *, size_t))
{
    size_t first = 0;

    while (first < length && strchr(SEPARATORS, name[first]) == NULL)
        first++;
    return first < length && is_word(name, first) && is_location(name + first + 1, name + length);
}

/* "env-prod" without its beginning. */
static const char *without_prefix(const char *stem)
{
    const size_t length = strcspn(stem, SEPARATORS);
    const int more = stem[length] != '\0' && stem[length + 1] != '\0';

    return more && IS_ONE_OF(prefixes, stem, length) ? stem + length + 1 : stem;
}

int fr_environment_is_shared(const char *stem)
{
    const char *name = without_prefix(stem + strspn(stem, "_"));

    return IS_ONE_OF(shared, name, strlen(name));
}

int fr_environment_is_example(const char *stem)
{
    while (*stem != '\0') {
        const size_t length = strcspn(stem, SEPARATORS);
        if (IS_ONE_OF(examples, stem, length))
            return 1;
        stem += length;
        stem += *stem != '\0';
    }
    return 0;
}

/* The environment at the end of a stem ("orders-prod"), with what qualifies
 * it; NULL when there is none. */
static const char *environment_at_end(const char *stem)
{
    const char *end = stem + strlen(stem);
    const char *part = last_part(stem, end);

    if (!fr_environment_is_word(part, (size_t)(end - part)))
        return NULL;
    if (part == stem)
        return part;
    const char *before = last_part(stem, part - 1);
    return IS_ONE_OF(qualifiers, before, (size_t)(part - 1 - before)) ? before : part;
}

int32_t fr_environment_of_stem(const char *stem, int contained, char **out)
{
    const char *found = without_prefix(stem);

    *out = NULL;
    if (is_no_environment(found, strlen(found)))
        return FRACTARY_OK;
    if (!contained) {
        const char *end = environment_at_end(found);
        if (end == NULL && !is_located(found, strlen(found), fr_environment_is_word))
            return FRACTARY_OK;
        found = end != NULL ? end : found;
    }
    if (!fr_config_is_environment_name(found))
        return FRACTARY_OK;
    *out = fr_str_dup(found);
    return *out != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
}

/* -------------------------------------------------------------------- folders */

/* One part of a path, and the folder that it stands in. */
struct part {
    const char *path;
    size_t start, length;
};

static int next_part(struct part *part)
{
    part->start += part->length;
    part->start += part->path[part->start] == '/';
    part->length = strcspn(part->path + part->start, "/");
    return part->length > 0;
}

static int is_in_container(const fr_names *containers, const struct part *part)
{
    size_t end = part->start;
    size_t start;

    if (end == 0)
        return 0;
    start = --end;
    while (start > 0 && part->path[start - 1] != '/')
        start--;
    if (fr_environment_is_container(part->path + start, end - start))
        return 1;
    for (size_t i = 0; i < fr_names_count(containers); i++) {
        const char *container = fr_names_at(containers, i);
        if (strlen(container) == end && memcmp(container, part->path, end) == 0)
            return 1;
    }
    return 0;
}

static int is_folder_word(const char *text, size_t length)
{
    const struct word *word = find_word(text, length);

    return word != NULL && word->folder;
}

/* "prod-eu", "acme-prod". */
static int is_folder_compound(const char *text, size_t length)
{
    size_t last = length;

    while (last > 0 && strchr(SEPARATORS, text[last - 1]) == NULL)
        last--;
    return is_located(text, length, is_folder_word) ||
           (last > 0 && is_folder_word(text + last, length - last));
}

/* How surely a part is an environment: 0 for not at all. */
static int rank(const fr_names *containers, const struct part *part)
{
    const char *text = part->path + part->start;
    const int contained =
        is_in_container(containers, part) && !is_no_environment(text, part->length);

    if (is_no_environment(text, part->length) || fr_environment_is_container(text, part->length))
        return 0;
    if (contained &&
        (is_folder_compound(text, part->length) || fr_environment_is_word(text, part->length)))
        return 4;
    if (is_folder_word(text, part->length))
        return 3;
    if (is_folder_compound(text, part->length))
        return 2;
    return contained;
}

/* Length of "terraform-" in "terraform-prod", where what follows is a word. */
static size_t prefix_of(const char *text, size_t length)
{
    size_t first = 0;

    while (first < length && strchr(SEPARATORS, text[first]) == NULL)
        first++;
    return first + 1 < length && IS_ONE_OF(prefixes, text, first) &&
                   is_folder_word(text + first + 1, length - first - 1)
               ? first + 1
               : 0;
}

int fr_environment_in_path(const fr_names *containers, const char *path, size_t *start,
                           size_t *length)
{
    struct part part = {path, 0, 0};
    int best = 0;

    while (next_part(&part)) {
        const int is = rank(containers, &part);
        if (is <= best)
            continue;
        const size_t prefix = prefix_of(path + part.start, part.length);
        best = is;
        *start = part.start + prefix;
        *length = part.length - prefix;
    }
    return best > 0;
}

int32_t fr_environment_of_path(const fr_names *containers, const char *path, char **out)
{
    size_t start;
    size_t length;

    *out = NULL;
    if (!fr_environment_in_path(containers, path, &start, &length))
        return FRACTARY_OK;
    *out = fr_str_ndup(path + start, length);
    if (*out == NULL)
        return FRACTARY_E_NOMEM;
    if (!fr_config_is_environment_name(*out)) {
        free(*out);
        *out = NULL;
    }
    return FRACTARY_OK;
}
