/* The resource types that we know, one row each: how to ask AWS whether such a
 * thing is there, how to read the answer, and where its page is. To add a type
 * is to add a row to one of the types_*.c.
 *
 * Texts with places like <name|id> are templates (template.h). */
#ifndef FRACTARY_HOSTING_AWS_TYPES_H
#define FRACTARY_HOSTING_AWS_TYPES_H

#include "answer.h"
#include "service.h"

typedef struct fr_aws_type {
    const char *type; /* Terraform's name of it                         */
    const fr_aws_service *service;
    const char *operation;  /* that is asked                                  */
    const char *permission; /* NULL: service:operation                        */
    const char *method;     /* REST services: "GET", and                      */
    const char *path;       /* the path with its query; for S3 the bucket first */
    const char *input;      /* others: the body                               */
    fr_aws_form form;       /* of a good answer                               */
    /* What shows that an answer comes from the service and not from something
     * in between: the root element of XML (besides the operation's name with
     * "Response"), a member of the JSON object, how a header's name begins. */
    const char *proof;
    /* Where the thing, or the list it is in, stands in the answer; NULL: the
     * answer is the thing. */
    const char *item;
    /* "path=template & …": which of several things it is. Templates with an
     * unknown fact do not count, but one must. NULL: the first. */
    const char *match;
    /* The same, for what must be equal where both sides are known: else
     * something else has its name. */
    const char *same;
    /* "path & path=value|value": the thing is there, and dead. */
    const char *dead;
    const char *gone; /* "Code|Code": error codes for: there is none    */
    /* A fact and its value with which an answer that lacks the thing is right:
     * "versioning_configuration.0.status=Disabled". Without that fact such an
     * answer says nothing. */
    const char *unset;
    /* Where the token of the next page stands, and the parameter it goes into;
     * NULL: one page has it. */
    const char *next_out, *next_in;
    const char *console; /* page in the console, or NULL                   */
} fr_aws_type;

/* Rows of one family; `count` of them. */
typedef struct fr_aws_types {
    const fr_aws_type *rows;
    size_t count;
} fr_aws_types;

extern const fr_aws_types fr_aws_types_s3, fr_aws_types_iam, fr_aws_types_app, fr_aws_types_vpc,
    fr_aws_types_ec2;

/* The row of a type, or NULL. */
const fr_aws_type *fr_aws_type_find(const char *type);
/* The rows in order; NULL behind the last. */
const fr_aws_type *fr_aws_type_at(size_t index);
/* Non-zero for types that are nowhere but in the state: random_id, tls_*, … */
int fr_aws_type_is_local(const char *type);
/* Appends the permission that asking needs: "s3:ListBucket". */
void fr_aws_type_permission(const fr_aws_type *type, fr_buf *out);

#endif
