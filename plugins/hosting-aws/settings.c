#include "settings.h"

#include "ini.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------ shared files */

const char *fr_aws_settings_config_file(const fr_aws *aws)
{
    const char *path = aws->environ->get(aws->environ, "AWS_CONFIG_FILE");
    return path != NULL ? path : "~/.aws/config";
}

const char *fr_aws_settings_credentials_file(const fr_aws *aws)
{
    const char *path = aws->environ->get(aws->environ, "AWS_SHARED_CREDENTIALS_FILE");
    return path != NULL ? path : "~/.aws/credentials";
}

/* /dev/null is how one says that there is no such file. */
static int32_t read_file(const fr_aws *aws, const char *path, fr_buf *text, int *there,
                         fractary_error *error)
{
    const fractary_sink sink = fr_buf_sink(text);
    int32_t status = FRACTARY_E_NOTFOUND;

    *there = 0;
    if (fr_buf_reserve(text, 65536) != FRACTARY_OK) /* secrets must not move */
        return fr_error_nomem(error);
    if (strcmp(path, "/dev/null") != 0)
        status = aws->files->read(aws->files, path, FR_AWS_INI_LIMIT, &sink, error);
    *there = status == FRACTARY_OK;
    return status == FRACTARY_E_NOTFOUND ? FRACTARY_OK : status;
}

static fr_aws_shared_file file_of(const char *path, const fr_buf *text, int there)
{
    return (fr_aws_shared_file){path, there ? fr_buf_text(text) : NULL, text->length};
}

static int32_t read_shared(fr_aws *aws, fr_buf *config, fr_buf *credentials, fractary_error *error)
{
    const char *config_path = fr_aws_settings_config_file(aws);
    const char *credentials_path = fr_aws_settings_credentials_file(aws);
    int config_there = 0, credentials_there = 0;
    int32_t status = read_file(aws, config_path, config, &config_there, error);

    if (status == FRACTARY_OK)
        status = read_file(aws, credentials_path, credentials, &credentials_there, error);
    if (status != FRACTARY_OK)
        return status;
    const fr_aws_shared_file first = file_of(config_path, config, config_there);
    const fr_aws_shared_file second = file_of(credentials_path, credentials, credentials_there);
    return fr_aws_shared_parse(&first, &second, &aws->shared, error);
}

int32_t fr_aws_settings_open(fr_aws *aws, fractary_error *error)
{
    fr_buf config = {0}, credentials = {0};

    if (aws->shared_read)
        return FRACTARY_OK;
    int32_t status = read_shared(aws, &config, &credentials, error);
    aws->shared_read = status == FRACTARY_OK;
    fr_buf_wipe(&config);
    fr_buf_wipe(&credentials);
    if (status == FRACTARY_OK || status == FRACTARY_E_NOMEM)
        return status;
    if (error != NULL)
        error->status = FRACTARY_E_AUTH;
    return FRACTARY_E_AUTH;
}

/* ---------------------------------------------------------------- settings */

const char *fr_aws_project_text(const fr_aws *aws, const char *key)
{
    const char *text = fr_json_get_string(aws->project, key);
    return text != NULL ? text : "";
}

static const char *not_empty(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

const char *fr_aws_settings_get(const fr_aws *aws, const fr_json *profile, const char *variable,
                                const char *option)
{
    const char *value = aws->environ->get(aws->environ, variable);
    return not_empty(value != NULL ? value : fr_json_get_string(profile, option));
}

const char *fr_aws_settings_region(const fr_aws *aws, const fr_json *profile)
{
    const char *region = not_empty(fr_aws_project_text(aws, "region"));

    if (region == NULL)
        region = not_empty(fr_json_get_string(aws->section, "region"));
    if (region == NULL)
        region = not_empty(aws->environ->get(aws->environ, "AWS_REGION"));
    return region != NULL ? region
                          : fr_aws_settings_get(aws, profile, "AWS_DEFAULT_REGION", "region");
}

const char *fr_aws_settings_ca_file(const fr_aws *aws, const fr_json *profile)
{
    return fr_aws_settings_get(aws, profile, "AWS_CA_BUNDLE", "ca_bundle");
}

uint32_t fr_aws_settings_attempts(const fr_aws *aws, const fr_json *profile)
{
    const char *text = fr_aws_settings_get(aws, profile, "AWS_MAX_ATTEMPTS", "max_attempts");
    uint64_t number = 0;

    if (text == NULL || !fr_str_to_u64(text, &number) || number == 0)
        return 0;
    return number < 10 ? (uint32_t)number : 10;
}

/* --------------------------------------------------------------- endpoints */

void fr_aws_settings_endpoint_variable(const char *id, char out[64])
{
    snprintf(out, 64, "AWS_ENDPOINT_URL_%s", id);
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - ('a' - 'A'));
}

static int ignores_configured(const fr_aws *aws, const fr_json *profile)
{
    const char *text = fr_aws_settings_get(aws, profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                           "ignore_configured_endpoint_urls");
    return text != NULL && fr_str_equal_nocase(text, "true");
}

/* What the profile's services section says of one service. */
static const char *section_endpoint(const fr_aws *aws, const fr_json *profile, const char *id)
{
    const char *name = fr_json_get_string(profile, "services");
    const fr_json *services = name != NULL ? fr_json_get(aws->shared.services, name) : NULL;

    return not_empty(fr_json_get_string(fr_json_get(services, id), "endpoint_url"));
}

const char *fr_aws_settings_common_endpoint(const fr_aws *aws, const fr_json *profile)
{
    const char *ours = not_empty(fr_json_get_string(aws->section, "endpoint_url"));

    if (ours != NULL || ignores_configured(aws, profile))
        return ours;
    return fr_aws_settings_get(aws, profile, "AWS_ENDPOINT_URL", "endpoint_url");
}

/* The address, and which setting it is. */
static const char *find_endpoint(const fr_aws *aws, const fr_json *profile, const char *id,
                                 char origin[FR_AWS_ORIGIN])
{
    char variable[64];
    const char *url = not_empty(fr_json_get_string(aws->section, "endpoint_url"));

    snprintf(origin, FR_AWS_ORIGIN, "plugins.hosting-aws.endpoint_url of the configuration");
    if (url != NULL || ignores_configured(aws, profile))
        return url;
    fr_aws_settings_endpoint_variable(id, variable);
    snprintf(origin, FR_AWS_ORIGIN, "%s", variable);
    url = aws->environ->get(aws->environ, variable);
    if (url == NULL) {
        snprintf(origin, FR_AWS_ORIGIN, "AWS_ENDPOINT_URL");
        url = aws->environ->get(aws->environ, "AWS_ENDPOINT_URL");
    }
    if (url != NULL)
        return url;
    snprintf(origin, FR_AWS_ORIGIN, "endpoint_url of the profile");
    url = section_endpoint(aws, profile, id);
    return url != NULL ? url : not_empty(fr_json_get_string(profile, "endpoint_url"));
}

const char *fr_aws_settings_endpoint(const fr_aws *aws, const fr_json *profile, const char *id)
{
    char origin[FR_AWS_ORIGIN];

    return find_endpoint(aws, profile, id, origin);
}

void fr_aws_settings_endpoint_origin(const fr_aws *aws, const fr_json *profile, const char *id,
                                     char out[FR_AWS_ORIGIN])
{
    if (find_endpoint(aws, profile, id, out) == NULL)
        out[0] = '\0';
}
