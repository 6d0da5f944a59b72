#include "project/aws_profiles.h"

#include "base/file.h"
#include "project/members.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LARGEST        (1024u * 1024)
#define MOST_PROFILES  1000
#define ACCOUNT_DIGITS 12

/* A piece of a line. */
struct piece {
    const char *at;
    size_t length;
};

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct piece trim(struct piece piece)
{
    while (piece.length > 0 && is_blank(piece.at[0])) {
        piece.at++;
        piece.length--;
    }
    while (piece.length > 0 && is_blank(piece.at[piece.length - 1]))
        piece.length--;
    return piece;
}

static int is_text(struct piece piece, const char *text)
{
    return piece.length == strlen(text) && strncasecmp(piece.at, text, piece.length) == 0;
}

/* ------------------------------------------------------------------- settings */

/* Up to the first blank: what stands behind it is a comment. */
static int32_t set_word(fr_json *profile, const char *key, struct piece value)
{
    size_t length = 0;

    while (length < value.length && !is_blank(value.at[length]))
        length++;
    char *word = fr_str_ndup(value.at, length);
    const int32_t status = word != NULL ? fr_json_set_string(profile, key, word) : FRACTARY_E_NOMEM;
    free(word);
    return status;
}

static int32_t take_region(fr_json *profile, struct piece value)
{
    return value.length > 0 ? set_word(profile, "region", value) : FRACTARY_OK;
}

static int is_account(struct piece piece)
{
    size_t digits = 0;

    while (digits < piece.length && piece.at[digits] >= '0' && piece.at[digits] <= '9')
        digits++;
    return digits == ACCOUNT_DIGITS && piece.length == ACCOUNT_DIGITS;
}

static int32_t take_sso_account(fr_json *profile, struct piece value)
{
    if (fr_json_set_string(profile, "kind", "sso") != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    return is_account(value) ? set_word(profile, "account", value) : FRACTARY_OK;
}

/* arn:aws:iam::123456789012:role/name: the fifth part is the account. */
static int32_t take_role(fr_json *profile, struct piece value)
{
    const char *end = value.at + value.length;
    struct piece part = value;

    for (int colons = 0; colons < 4 && part.at != NULL; colons++) {
        part.at = memchr(part.at, ':', (size_t)(end - part.at));
        part.at = part.at != NULL ? part.at + 1 : NULL;
    }
    if (part.at != NULL) {
        const char *colon = memchr(part.at, ':', (size_t)(end - part.at));
        part.length = colon != NULL ? (size_t)(colon - part.at) : 0;
        if (is_account(part) && set_word(profile, "account", part) != FRACTARY_OK)
            return FRACTARY_E_NOMEM;
    }
    return fr_json_set_string(profile, "kind", "role");
}

static int32_t note_kind(fr_json *profile, const char *kind)
{
    /* A role with keys beside it is still a role. */
    return fr_json_get_string(profile, "kind") != NULL ? FRACTARY_OK
                                                       : fr_json_set_string(profile, "kind", kind);
}

static int32_t take_sso(fr_json *profile, struct piece value)
{
    (void)value;
    return note_kind(profile, "sso");
}

static int32_t take_process(fr_json *profile, struct piece value)
{
    (void)value;
    return note_kind(profile, "process");
}

static int32_t take_keys(fr_json *profile, struct piece value)
{
    (void)value;
    return note_kind(profile, "keys");
}

static const struct setting {
    const char *name;
    int32_t (*take)(fr_json *profile, struct piece value);
} settings[] = {
    {"region", take_region},
    {"role_arn", take_role},
    {"sso_account_id", take_sso_account},
    {"sso_session", take_sso},
    {"sso_start_url", take_sso},
    {"credential_process", take_process},
    {"aws_access_key_id", take_keys},
};

/* -------------------------------------------------------------------- sections */

static fr_json *find_profile(const fr_json *profiles, const char *name)
{
    fr_json *profile = fr_json_first(profiles);

    while (profile != NULL && !fr_str_equal(fr_json_get_string(profile, "name"), name))
        profile = fr_json_next(profile);
    return profile;
}

/* Where the reading of a file is. */
struct reading {
    fr_json *profiles;
    fr_json *profile; /* of the section, NULL in one that is none   */
    int credentials;
    int has_key;        /* a setting was read in this section         */
    size_t indentation; /* of that setting; deeper lines belong to it */
};

static int32_t open_profile(struct reading *reading, const char *name)
{
    reading->profile = find_profile(reading->profiles, name);
    if (reading->profile != NULL || fr_json_count(reading->profiles) >= MOST_PROFILES)
        return FRACTARY_OK;
    fr_members members = fr_members_begin();
    fr_members_string(&members, "name", name);
    fr_members_string(&members, "region", NULL);
    fr_members_string(&members, "account", NULL);
    fr_members_string(&members, "kind", NULL);
    fr_json *profile = fr_members_end(&members);
    const int32_t status = fr_json_add(reading->profiles, profile);
    reading->profile = status == FRACTARY_OK ? profile : NULL;
    return status;
}

static int is_quoted(struct piece piece)
{
    return piece.length >= 2 && (piece.at[0] == '"' || piece.at[0] == '\'') &&
           piece.at[piece.length - 1] == piece.at[0];
}

/* The profile that a section of the config file is about: [default],
 * [profile name], [profile "a name"]; nothing for [sso-session …] and others. */
static struct piece profile_of_section(struct piece section)
{
    static const char word[] = "profile";
    const size_t length = sizeof word - 1;

    if (is_text(section, "default"))
        return section;
    if (section.length <= length || memcmp(section.at, word, length) != 0 ||
        !is_blank(section.at[length]))
        return (struct piece){section.at, 0};
    struct piece name = trim((struct piece){section.at + length, section.length - length});
    if (is_quoted(name))
        return (struct piece){name.at + 1, name.length - 2};
    for (size_t i = 0; i < name.length; i++) {
        if (is_blank(name.at[i]))
            return (struct piece){name.at, 0};
    }
    return name;
}

static int is_printable(struct piece piece)
{
    for (size_t i = 0; i < piece.length; i++) {
        const unsigned char c = (unsigned char)piece.at[i];
        if (c < 0x20 || c == 0x7F)
            return 0;
    }
    return fr_str_is_utf8(piece.at, piece.length);
}

static int32_t take_section(struct reading *reading, struct piece line)
{
    const char *close = memchr(line.at, ']', line.length);

    reading->profile = NULL;
    reading->has_key = 0;
    if (close == NULL)
        return FRACTARY_OK;
    struct piece section = trim((struct piece){line.at + 1, (size_t)(close - line.at) - 1});
    if (!reading->credentials)
        section = profile_of_section(section);
    if (section.length == 0 || !is_printable(section))
        return FRACTARY_OK;
    char *name = fr_str_ndup(section.at, section.length);
    const int32_t status = name != NULL ? open_profile(reading, name) : FRACTARY_E_NOMEM;
    free(name);
    return status;
}

static int32_t take_setting(struct reading *reading, struct piece line, size_t indentation)
{
    const char *sign = memchr(line.at, '=', line.length);

    if (reading->profile == NULL || sign == NULL ||
        (reading->has_key && indentation > reading->indentation))
        return FRACTARY_OK;
    reading->has_key = 1;
    reading->indentation = indentation;
    const struct piece name = trim((struct piece){line.at, (size_t)(sign - line.at)});
    const struct piece value =
        trim((struct piece){sign + 1, line.length - (size_t)(sign - line.at) - 1});
    if (!is_printable(value))
        return FRACTARY_OK;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (is_text(name, settings[i].name))
            return settings[i].take(reading->profile, value);
    }
    return FRACTARY_OK;
}

static int32_t take_line(struct reading *reading, struct piece whole)
{
    const struct piece line = trim(whole);

    if (line.length == 0 || line.at[0] == '#' || line.at[0] == ';')
        return FRACTARY_OK;
    if (line.at[0] == '[' && line.at == whole.at)
        return take_section(reading, line);
    return take_setting(reading, line, (size_t)(line.at - whole.at));
}

int32_t fr_aws_profiles_scan(const char *text, size_t length, int credentials, fr_json *profiles)
{
    struct reading reading = {.profiles = profiles, .credentials = credentials};
    const char *end = text + length;
    int32_t status = FRACTARY_OK;

    while (text < end && status == FRACTARY_OK) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *stop = feed != NULL ? feed : end;
        status = take_line(&reading, (struct piece){text, (size_t)(stop - text)});
        text = feed != NULL ? feed + 1 : end;
    }
    return status;
}

/* ----------------------------------------------------------------------- files */

static int32_t read_file(const char *path, int credentials, fr_json *profiles, fr_names *troubles)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf text = {0};

    if (path == NULL)
        return FRACTARY_OK;
    /* At once as large as it may become, so that no copy of a secret stays
     * behind in memory that was given back. */
    int32_t status = fr_buf_reserve(&text, LARGEST);
    if (status == FRACTARY_OK)
        status = fr_file_read(path, LARGEST, &text, &error);
    if (status == FRACTARY_OK)
        status = fr_aws_profiles_scan(fr_buf_text(&text), text.length, credentials, profiles);
    fr_buf_wipe(&text);
    if (status != FRACTARY_OK && status != FRACTARY_E_NOTFOUND && status != FRACTARY_E_NOMEM) {
        fr_buf sentence = {0};
        fr_buf_printf(&sentence, "%s: %s", error.message, error.cause);
        fr_names_add(troubles, fr_buf_text(&sentence));
        fr_buf_finish(&sentence);
    }
    return status == FRACTARY_E_NOMEM ? status : FRACTARY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(fr_json_get_string(a, "name"), fr_json_get_string(b, "name"));
}

/* A copy of the array, sorted. */
static fr_json *sorted(const fr_json *profiles)
{
    fr_json *array = fr_json_array();
    fr_vec order = {0};
    int32_t status = FRACTARY_OK;

    for (fr_json *p = fr_json_first(profiles); p != NULL && status == FRACTARY_OK;
         p = fr_json_next(p))
        status = fr_vec_push(&order, p);
    fr_vec_sort(&order, by_name);
    for (size_t i = 0; i < order.count && status == FRACTARY_OK; i++)
        status = fr_json_add(array, fr_json_copy(order.items[i]));
    fr_vec_finish(&order, NULL);
    if (status != FRACTARY_OK) {
        fr_json_free(array);
        return NULL;
    }
    return array;
}

int32_t fr_aws_profiles_read(const char *config_file, const char *credentials_file, fr_json **out,
                             fr_names *troubles, fractary_error *error)
{
    fr_json *profiles = fr_json_array();
    int32_t status = profiles != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;

    *out = NULL;
    if (status == FRACTARY_OK)
        status = read_file(config_file, 0, profiles, troubles);
    if (status == FRACTARY_OK)
        status = read_file(credentials_file, 1, profiles, troubles);
    if (status == FRACTARY_OK)
        *out = sorted(profiles);
    fr_json_free(profiles);
    return *out != NULL ? FRACTARY_OK : fr_error_nomem(error);
}
