/* Questions to the Security Token Service, answered before the call returns. */
#ifndef FRACTARY_HOSTING_AWS_STS_H
#define FRACTARY_HOSTING_AWS_STS_H

#include "instance.h"
#include <fractary-plugin/xml.h>

typedef struct fr_aws_sts {
    fr_aws *aws;
    const fractary_call *call;
    const fr_json *profile; /* whose settings apply, or NULL */
    const fr_aws_credentials *credentials;
    fr_aws_keys *keys; /* may be NULL */
} fr_aws_sts;

/* Asks; `input` is the encoded form without Action and Version, NULL for none.
 * On success *out is the answer, for the caller to free. FRACTARY_E_AUTH for
 * wrong or expired keys, _E_DENIED, _E_UNAVAILABLE when no good answer came,
 * _E_FAILED otherwise; the error's cause has AWS's own words. */
int32_t fr_aws_sts_ask(const fr_aws_sts *sts, const char *operation, const char *input,
                       fr_xml_document **out, fractary_error *error);

#endif
