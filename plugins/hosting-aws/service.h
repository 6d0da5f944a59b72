/* The services of AWS that this handler talks to, and how each is spoken to.
 * [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_SERVICE_H
#define FRACTARY_HOSTING_AWS_SERVICE_H

#include <stddef.h>

typedef enum fr_aws_protocol {
    FR_AWS_REST_XML,
    FR_AWS_REST_JSON,
    FR_AWS_QUERY, /* a form out, XML back; EC2's kind of it, too */
    FR_AWS_JSON_1_0,
    FR_AWS_JSON_1_1
} fr_aws_protocol;

typedef struct fr_aws_service {
    const char *name; /* in hosts, signatures and permissions: "logs"             */
    const char *id;   /* in variables and sections: "cloudwatch_logs"             */
    fr_aws_protocol protocol;
    const char *version; /* QUERY: of the API; JSON: prefix of X-Amz-Target          */
    int global;          /* non-zero: one for the whole partition                    */
} fr_aws_service;

extern const fr_aws_service fr_aws_dynamodb, fr_aws_ec2, fr_aws_iam, fr_aws_kms, fr_aws_lambda,
    fr_aws_logs, fr_aws_s3, fr_aws_secretsmanager, fr_aws_sns, fr_aws_sqs, fr_aws_ssm,
    fr_aws_sts_service;

/* Ids, as above, of services for which a child process may have an address of
 * its own (AWS_ENDPOINT_URL_<ID>); NULL behind the last. More than we talk to:
 * a child talks to others. */
const char *fr_aws_service_id(size_t index);

#endif
