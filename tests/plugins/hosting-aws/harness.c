#include "harness.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

void harness_open(harness *h)
{
    *h = (harness){.error = FR_ERROR_INIT};
    h->host = fr_fakehost_create("plugins/hosting-aws/plugin.json");
    h->http = fr_fakehost_http(h->host);
    fr_fakehost_identity(h->host, "read", "{\"source\":\"environment\"}", FRACTARY_OK);
    fr_fakehost_identity(h->host, "deploy", "{\"source\":\"environment\"}", FRACTARY_OK);
    fr_fakehost_setenv(h->host, "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    fr_fakehost_setenv(h->host, "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/secret");
}

void harness_start(harness *h)
{
    h->aws = fr_fakehost_start(h->host, &fractary_plugin_entry);
    h->hosting = fr_fakehost_interface(h->host, FRACTARY_HOSTING_1);
    h->call = fr_fakehost_begin(h->host, 0);
}

void harness_close(harness *h)
{
    ck_assert_uint_eq(fr_fake_http_open(h->http), 0);
    fr_fakehost_end(h->host);
    ck_assert_uint_eq(fr_fakehost_late(h->host), 0);
    fr_fakehost_destroy(h->host);
}

fractary_resource harness_resource(const fr_json *tree, char **attributes)
{
    fr_buf text = {0};

    if (fr_json_get(tree, "attributes") != NULL)
        ck_assert_int_eq(fr_json_print(fr_json_get(tree, "attributes"), &text), FRACTARY_OK);
    *attributes = text.length > 0 ? fr_buf_steal(&text) : NULL;
    return (fractary_resource){.size = sizeof(fractary_resource),
                               .address = fr_json_get_string(tree, "address"),
                               .type = fr_json_get_string(tree, "type"),
                               .name = fr_json_get_string(tree, "name"),
                               .id = fr_json_get_string(tree, "id"),
                               .arn = fr_json_get_string(tree, "arn"),
                               .region = fr_json_get_string(tree, "region"),
                               .account = fr_json_get_string(tree, "account"),
                               .attributes = *attributes};
}

int32_t harness_verify(harness *h, const char *resources)
{
    fr_json *tree = fr_json_parse(resources, strlen(resources), NULL);
    ck_assert_msg(fr_json_kind_of(tree) == FR_JSON_ARRAY, "no array: %s", resources);
    const size_t count = fr_json_count(tree);
    fractary_resource *items = calloc(count + 1, sizeof *items);
    const fractary_resource **list = calloc(count + 1, sizeof *list);
    char **attributes = calloc(count + 1, sizeof *attributes);
    ck_assert(items != NULL && list != NULL && attributes != NULL);

    size_t i = 0;
    for (const fr_json *e = fr_json_first(tree); e != NULL; e = fr_json_next(e), i++) {
        items[i] = harness_resource(e, &attributes[i]);
        list[i] = &items[i];
    }
    const fractary_verify_request request = {
        .size = sizeof request, .resources = list, .count = count};
    const int32_t status = h->hosting->verify(h->aws, h->call, &request, &h->error);
    for (i = 0; i < count; i++)
        free(attributes[i]);
    free(attributes);
    free(list);
    free(items);
    fr_json_free(tree);
    return status;
}

const fr_json *harness_record(const harness *h, const char *address)
{
    const fr_json *record = fr_fakehost_where(h->host, "resource", "resource.address", address, 0);

    ck_assert_msg(record != NULL, "no record of %s in:\n%s", address, fr_fakehost_dump(h->host));
    return fr_json_get(record, "resource");
}

void harness_answer(harness *h, const char *match, int32_t status, const char *headers,
                    const char *body, uint32_t times)
{
    const fr_fake_answer a = {.status = status, .headers = headers, .body = body, .times = times};
    fr_fake_http_answer(h->http, match, &a);
}

void harness_expect(const harness *h, const char *address, const char *status, const char *reason)
{
    const fr_json *record = harness_record(h, address);
    const char *said = fr_json_get_string(record, "reason");

    ck_assert_str_eq(fr_json_get_string(record, "status"), status);
    if (reason == NULL)
        ck_assert_msg(said == NULL, "%s: %s", address, said);
    else
        ck_assert_msg(said != NULL && strcmp(said, reason) == 0, "%s: %s", address, said);
}
