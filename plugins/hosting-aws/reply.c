#include "reply.h"

#include <fractary-plugin/str.h>
#include <stdio.h>

static int has_header(const fractary_http_response *response, const char *prefix)
{
    for (uint64_t i = 0; i < response->header_count; i++)
        if (fr_str_starts(response->headers[i].name, prefix))
            return 1;
    return 0;
}

static int is_proven(const fr_aws_type *type, const fractary_http_response *response,
                     const fr_aws_reply *reply)
{
    char usual[128];

    if (type->form == FR_AWS_FORM_HEADERS)
        return has_header(response, type->proof);
    if (type->form == FR_AWS_FORM_JSON)
        return fr_json_get(reply->answer.json, type->proof) != NULL;
    const char *root = fr_xml_name(fr_xml_root(reply->answer.xml));
    snprintf(usual, sizeof usual, "%sResponse", type->operation);
    return fr_str_equal(root, usual) || (type->proof != NULL && fr_str_equal(root, type->proof));
}

void fr_aws_reply_init(fr_aws_reply *reply, const fr_aws_type *type,
                       const fractary_http_response *response)
{
    *reply = (fr_aws_reply){.code = 0};
    if (response == NULL) {
        reply->fault.kind = FR_AWS_FAULT_UNREACHED;
        return;
    }
    reply->code = response->status;
    fr_aws_fault_read(response, &reply->fault);
    if (reply->fault.kind != FR_AWS_FAULT_NONE) {
        reply->proven = reply->fault.code[0] != '\0' ||
                        (type->form == FR_AWS_FORM_HEADERS && is_proven(type, response, reply));
        return;
    }
    if (response->truncated ||
        fr_aws_answer_parse(type->form, response->body, (size_t)response->length, &reply->answer) !=
            FRACTARY_OK)
        return;
    reply->proven = is_proven(type, response, reply);
    reply->readable = reply->proven;
}

void fr_aws_reply_finish(fr_aws_reply *reply)
{
    fr_aws_answer_finish(&reply->answer);
}

int fr_aws_reply_next(fr_aws_reply *reply, const fr_aws_type *type, fr_buf *out)
{
    if (!reply->readable || type->next_out == NULL)
        return 0;
    return fr_aws_node_text(&reply->answer, fr_aws_answer_root(&reply->answer), type->next_out,
                            out) &&
           out->length > 0;
}
