/* The handler as its host sees it: fractary.hosting/1 of Amazon Web Services. */
#include "actor.h"
#include "authenticate.h"
#include "console.h"
#include "credentials.h"
#include "settings.h"
#include "verify.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define ID      "hosting-aws"
#define VERSION "0.1.0" /* as in plugin.json */

/* ------------------------------------------------------------------- methods */

static int32_t credentials(void *instance, const fractary_call *call,
                           const fractary_credentials_request *request, const fractary_sink *secret,
                           fractary_error *error)
{
    return fr_aws_credentials_emit(instance, call, request->purpose, secret, error);
}

static int32_t authenticate(void *instance, const fractary_call *call,
                            const fractary_authenticate_request *request, fractary_error *error)
{
    return fr_aws_authenticate(instance, call, request->purpose, error);
}

static int32_t verify(void *instance, const fractary_call *call,
                      const fractary_verify_request *request, fractary_error *error)
{
    return fr_aws_verify(instance, call, request, error);
}

static int32_t query(void *instance, const fractary_call *call,
                     const fractary_query_request *request, fractary_error *error)
{
    const fractary_verify_request one = {
        .size = sizeof one, .resources = &request->resource, .count = 1};

    return fr_aws_verify(instance, call, &one, error);
}

static int32_t console_url(void *instance, const fractary_call *call,
                           const fractary_query_request *request, const fractary_sink *out,
                           fractary_error *error)
{
    const fractary_resource *resource = request->resource;
    fr_aws_facts facts;
    fr_buf page = {0};

    (void)call;
    fr_aws_facts_init(&facts, resource, fr_aws_settings_region(instance, NULL));
    int32_t status = fr_aws_console_put(fr_aws_type_find(resource->type), &facts, &page);
    if (status == FRACTARY_OK)
        status = out->emit(out->context, page.data, page.length);
    else if (status == FRACTARY_E_UNSUPPORTED)
        fr_error_set(error, status, "%s has no page in the AWS console that is known here",
                     resource->type != NULL ? resource->type : "The resource");
    else
        fr_error_nomem(error);
    fr_aws_facts_finish(&facts);
    fr_buf_finish(&page);
    return status;
}

static const fractary_hosting hosting = {
    .size = sizeof hosting,
    .credentials = credentials,
    .authenticate = authenticate,
    .verify = verify,
    .query = query,
    .console_url = console_url,
};

/* ---------------------------------------------------------------------- life */

static void destroy(void *instance)
{
    fr_aws *aws = instance;

    if (aws == NULL)
        return;
    for (size_t i = 0; i < aws->actor_count; i++)
        fr_aws_actor_wipe(&aws->actors[i]);
    fr_aws_shared_wipe(&aws->shared);
    fr_json_free(aws->section);
    fr_json_free(aws->project);
    free(aws);
}

/* Returns NULL, or the id of a service that is not there. */
static const char *take_services(const fractary_host *host, fr_aws *aws)
{
    aws->process = host->service(host, FRACTARY_PROCESS_1);
    aws->http = host->service(host, FRACTARY_HTTP_1);
    aws->files = host->service(host, FRACTARY_FILES_1);
    aws->environ = host->service(host, FRACTARY_ENVIRON_1);
    aws->config = host->service(host, FRACTARY_CONFIG_1);
    aws->identity = host->service(host, FRACTARY_IDENTITY_1);
    aws->clock = host->service(host, FRACTARY_CLOCK_1);
    aws->progress = host->service(host, FRACTARY_PROGRESS_1);
    const struct {
        const char *id;
        const void *table;
    } needs[] = {
        {FRACTARY_PROCESS_1, aws->process}, {FRACTARY_HTTP_1, aws->http},
        {FRACTARY_FILES_1, aws->files},     {FRACTARY_ENVIRON_1, aws->environ},
        {FRACTARY_CONFIG_1, aws->config},   {FRACTARY_IDENTITY_1, aws->identity},
        {FRACTARY_CLOCK_1, aws->clock},     {FRACTARY_PROGRESS_1, aws->progress},
    };

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (needs[i].table == NULL)
            return needs[i].id;
    return NULL;
}

/* Compared with what STS answers, so one that no account has would only say
 * that the credentials are wrong. */
static int32_t check_account(const fr_aws *aws, fractary_error *error)
{
    const char *account = fr_aws_project_text(aws, "account");
    const size_t digits = strspn(account, "0123456789");

    if (*account == '\0' || (digits == 12 && account[digits] == '\0'))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_CONFIG, "account: \"%.80s\" is no AWS account", account);
    fr_error_cause(error, "the number of an AWS account has 12 digits");
    fr_error_advice(error, "mend it; `aws sts get-caller-identity` shows the account of a profile");
    fr_error_place(error, ".fractary/plugins/devops/config.json: environments.%s.account",
                   fr_aws_project_text(aws, "environment"));
    return FRACTARY_E_CONFIG;
}

/* "eu-central-1", "us-gov-west-1": becomes part of the API's host name. */
static int is_region(const char *text)
{
    const size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    const char *last = strrchr(text, '-');

    return letters > 0 && text[letters] == '-' && last > text + letters &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz-0123456789")] == '\0' && last[1] != '\0' &&
           last[1 + strspn(last + 1, "0123456789")] == '\0';
}

static int32_t check_region(const fr_aws *aws, fractary_error *error)
{
    const char *region = fr_aws_project_text(aws, "region");

    if (*region == '\0' || is_region(region))
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_CONFIG, "region: \"%.80s\" is no AWS region", region);
    fr_error_cause(error, "a region has the form eu-central-1");
    fr_error_advice(error, "mend it; AWS lists its regions in the console");
    fr_error_place(error, ".fractary/plugins/devops/config.json: environments.%s.region",
                   fr_aws_project_text(aws, "environment"));
    return FRACTARY_E_CONFIG;
}

static int32_t check_environment(const fr_aws *aws, fractary_error *error)
{
    const int32_t status = check_account(aws, error);

    return status == FRACTARY_OK ? check_region(aws, error) : status;
}

static int32_t read_config(fr_aws *aws, fractary_error *error)
{
    const char *section = aws->config->section(aws->config);
    const char *project = aws->config->project(aws->config);

    aws->section = fr_json_parse(section, strlen(section), NULL);
    aws->project = fr_json_parse(project, strlen(project), NULL);
    if (aws->section != NULL && aws->project != NULL)
        return check_environment(aws, error);
    return fr_error_set(error, FRACTARY_E_CONFIG, "The configuration of " ID " cannot be read");
}

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    fr_aws *aws = calloc(1, sizeof *aws);

    if (aws == NULL)
        return fr_error_nomem(error);
    const char *missing = take_services(host, aws);
    const int32_t status = missing != NULL ? fr_error_set(error, FRACTARY_E_UNSUPPORTED,
                                                          "This host does not offer %s", missing)
                                           : read_config(aws, error);
    if (status == FRACTARY_OK)
        *instance = aws;
    else
        destroy(aws);
    return status;
}

static const void *get_interface(void *instance, const char *id)
{
    (void)instance;
    return fr_str_equal(id, FRACTARY_HOSTING_1) ? &hosting : NULL;
}

const fractary_plugin fractary_plugin_entry = {
    .size = sizeof(fractary_plugin),
    .abi = FRACTARY_ABI,
    .id = ID,
    .version = VERSION,
    .create = create,
    .destroy = destroy,
    .get_interface = get_interface,
};
