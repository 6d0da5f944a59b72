#include "shared_config.h"

#include "ini.h"
#include "secret.h"
#include "words.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>

void fr_aws_shared_wipe(fr_aws_shared *shared)
{
    if (shared == NULL)
        return;
    fr_aws_json_wipe(shared->profiles);
    fr_aws_json_wipe(shared->config);
    fr_aws_json_wipe(shared->credentials);
    fr_aws_json_wipe(shared->services);
    fr_aws_json_wipe(shared->sso_sessions);
    *shared = (fr_aws_shared){0};
}

const fr_json *fr_aws_shared_profile(const fr_aws_shared *shared, const char *name)
{
    return fr_json_get(shared->profiles, name);
}

/* The NAME of a section "kind NAME", which may be quoted, for the caller to
 * free; NULL when it is not of that form. */
static char *second_word(const char *section)
{
    fr_vec words = {0};
    char *name = NULL;

    if (fr_aws_words_split(section, &words) == FRACTARY_OK && words.count == 2)
        name = fr_vec_remove(&words, 1);
    fr_vec_finish(&words, free);
    return name;
}

static int32_t put_named(fr_json *target, const char *section, const fr_json *options)
{
    char *name = second_word(section);
    const int32_t status =
        name != NULL ? fr_json_set(target, name, fr_json_copy(options)) : FRACTARY_OK;

    free(name);
    return status;
}

/* Where a section of the config file belongs. What begins with none of these
 * words is not ours. */
static int32_t put_section(fr_aws_shared *out, const char *section, const fr_json *options)
{
    const struct {
        const char *prefix;
        fr_json *target;
    } kinds[] = {
        {"profile", out->config},
        {"sso-session", out->sso_sessions},
        {"services", out->services},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fr_str_starts(section, kinds[i].prefix))
            return put_named(kinds[i].target, section, options);
    if (fr_str_equal(section, "default"))
        return fr_json_set(out->config, section, fr_json_copy(options));
    return FRACTARY_OK;
}

static int32_t sort_sections(const fr_json *sections, fr_aws_shared *out)
{
    int32_t status = FRACTARY_OK;

    for (const fr_json *s = fr_json_first(sections); status == FRACTARY_OK && s != NULL;
         s = fr_json_next(s))
        status = put_section(out, fr_json_key(s), s);
    return status;
}

static int32_t merge_options(fr_json *profile, const fr_json *options)
{
    int32_t status = FRACTARY_OK;

    for (const fr_json *o = fr_json_first(options); status == FRACTARY_OK && o != NULL;
         o = fr_json_next(o))
        status = fr_json_set(profile, fr_json_key(o), fr_json_copy(o));
    return status;
}

/* The credentials file's sections are profiles by their bare names. */
static int32_t merge_credentials(fr_aws_shared *out)
{
    int32_t status = FRACTARY_OK;

    for (const fr_json *s = fr_json_first(out->credentials); status == FRACTARY_OK && s != NULL;
         s = fr_json_next(s)) {
        fr_json *profile = fr_json_get(out->profiles, fr_json_key(s));
        status = profile != NULL ? merge_options(profile, s)
                                 : fr_json_set(out->profiles, fr_json_key(s), fr_json_copy(s));
    }
    return status;
}

static int32_t parse_file(const fr_aws_shared_file *file, fr_json **out, fractary_error *error)
{
    if (file->text != NULL)
        return fr_aws_ini_parse(file->name, file->text, file->length, out, error);
    *out = fr_json_object();
    return *out != NULL ? FRACTARY_OK : fr_error_nomem(error);
}

static int32_t build(const fr_json *sections, fr_aws_shared *out)
{
    out->config = fr_json_object();
    out->services = fr_json_object();
    out->sso_sessions = fr_json_object();
    int32_t status = sort_sections(sections, out);
    if (status == FRACTARY_OK)
        out->profiles = fr_json_copy(out->config);
    return status == FRACTARY_OK ? merge_credentials(out) : status;
}

int32_t fr_aws_shared_parse(const fr_aws_shared_file *config, const fr_aws_shared_file *credentials,
                            fr_aws_shared *out, fractary_error *error)
{
    fr_json *sections = NULL;

    *out = (fr_aws_shared){0};
    int32_t status = parse_file(config, &sections, error);
    if (status == FRACTARY_OK)
        status = parse_file(credentials, &out->credentials, error);
    if (status == FRACTARY_OK && build(sections, out) != FRACTARY_OK)
        status = fr_error_nomem(error);
    fr_aws_json_wipe(sections);
    if (status != FRACTARY_OK)
        fr_aws_shared_wipe(out);
    return status;
}
