#include "request.h"

#include "partition.h"
#include "settings.h"
#include "uri.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

/* --------------------------------------------------------------- addresses */

/* Can the bucket be part of a host's name that a certificate for *.s3 covers? */
static int is_host_label(const char *text, size_t length)
{
    if (length < 3 || length > 63)
        return 0;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            !(c == '-' && i > 0 && i + 1 < length))
            return 0;
    }
    return 1;
}

/* "/bucket/key?x" to "https://bucket.s3.region.suffix/key?x" where possible. */
static void put_bucket_url(const char *region, const char *suffix, const char *path, fr_buf *out)
{
    const size_t bucket = strcspn(path + 1, "/?");
    const char *rest = path + 1 + bucket;

    if (is_host_label(path + 1, bucket))
        fr_buf_printf(out, "https://%.*s.s3.%s.%s%s%s", (int)bucket, path + 1, region, suffix,
                      *rest == '/' ? "" : "/", rest);
    else
        fr_buf_printf(out, "https://s3.%s.%s%s", region, suffix, path);
}

static void put_custom_url(const char *base, const char *path, fr_buf *out)
{
    size_t length = strlen(base);

    while (length > 0 && base[length - 1] == '/')
        length--;
    fr_buf_append(out, base, length);
    fr_buf_puts(out, path);
}

/* The host of a global service is the partition's; IAM is the only one. */
static void put_url(const fr_aws_service *service, const char *region, const char *path,
                    fr_buf *out)
{
    const fr_aws_partition *partition = fr_aws_partition_of(region);

    if (service->global)
        fr_buf_printf(out, "https://%s%s", partition->iam, path);
    else if (service == &fr_aws_s3)
        put_bucket_url(region, partition->suffix, path, out);
    else
        fr_buf_printf(out, "https://%s.%s.%s%s", service->name, region, partition->suffix, path);
}

/* ------------------------------------------------------------------ content */

static void put_form(const fr_aws_question *q, fr_aws_request *out)
{
    const char *input = q->input != NULL ? q->input : "";

    out->method = "POST";
    out->content_type = "application/x-www-form-urlencoded; charset=utf-8";
    fr_buf_printf(&out->body, "Action=%s&Version=%s%s%s", q->operation, q->service->version,
                  *input != '\0' ? "&" : "", input);
}

static void put_json(const fr_aws_question *q, fr_aws_request *out)
{
    out->method = "POST";
    out->content_type = q->service->protocol == FR_AWS_JSON_1_0 ? "application/x-amz-json-1.0"
                                                                : "application/x-amz-json-1.1";
    fr_buf_printf(&out->target, "%s.%s", q->service->version, q->operation);
    fr_buf_puts(&out->body, q->input != NULL ? q->input : "{}");
}

/* Returns the path that goes with it. */
static const char *put_content(const fr_aws_question *q, fr_aws_request *out)
{
    switch (q->service->protocol) {
    case FR_AWS_QUERY:
        put_form(q, out);
        return "/";
    case FR_AWS_JSON_1_0:
    case FR_AWS_JSON_1_1:
        put_json(q, out);
        return "/";
    case FR_AWS_REST_XML:
    case FR_AWS_REST_JSON:
        break;
    }
    out->method = q->method;
    return q->path;
}

static int32_t no_region(const fr_aws *aws, const fr_aws_question *q, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "No region is known for %s", q->operation);
    fr_error_cause(error, "Neither the environment nor hosting-aws names a region in the "
                          "configuration, nor do AWS_REGION, AWS_DEFAULT_REGION and the profile.");
    fr_error_advice(error, "Set environments.%s.region in the configuration.",
                    fr_aws_project_text(aws, "environment"));
    return FRACTARY_E_CONFIG;
}

static int32_t check_endpoint(const fr_aws *aws, const fr_json *profile, const char *id,
                              const char *url, fractary_error *error)
{
    char origin[FR_AWS_ORIGIN];
    fr_aws_uri ignored;

    if (url == NULL || fr_aws_uri_split(url, &ignored) == FRACTARY_OK)
        return FRACTARY_OK;
    fr_aws_settings_endpoint_origin(aws, profile, id, origin);
    fr_error_set(error, FRACTARY_E_CONFIG, "%s is no address: \"%.200s\"", origin, url);
    fr_error_cause(error, "It has to begin with https:// or http:// and a host, without a user "
                          "name and a fragment.");
    fr_error_advice(error, "Correct %s, or take it away to ask AWS itself.", origin);
    fr_error_place(error, "%s", origin);
    return FRACTARY_E_CONFIG;
}

/* It becomes part of a host's name, and may come from a file of the project. */
static int is_region(const char *region)
{
    return strlen(region) < FR_AWS_REGION &&
           region[strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

int32_t fr_aws_request_make(const fr_aws *aws, const fr_json *profile,
                            const fr_aws_question *question, fr_aws_request *out,
                            fractary_error *error)
{
    const fr_aws_service *service = question->service;
    const char *region = question->region;
    const char *custom = fr_aws_settings_endpoint(aws, profile, service->id);

    if (service->global)
        region = fr_aws_partition_of(region)->global;
    if (region == NULL || *region == '\0')
        return no_region(aws, question, error);
    if (!is_region(region))
        return fr_error_set(error, FRACTARY_E_INVALID, "\"%.64s\" is not a region", region);
    const int32_t status = check_endpoint(aws, profile, service->id, custom, error);
    if (status != FRACTARY_OK)
        return status;
    out->service = service;
    snprintf(out->region, sizeof out->region, "%s", region);
    const char *path = put_content(question, out);
    if (custom != NULL)
        put_custom_url(custom, path, &out->url);
    else
        put_url(service, region, path, &out->url);
    if (out->url.failed || out->body.failed || out->target.failed)
        return fr_error_nomem(error);
    return FRACTARY_OK;
}

void fr_aws_request_finish(fr_aws_request *request)
{
    if (request == NULL)
        return;
    fr_buf_finish(&request->url);
    fr_buf_finish(&request->body);
    fr_buf_finish(&request->target);
}
