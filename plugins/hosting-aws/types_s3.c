/* S3: the bucket, its settings, its objects. */
#include "types.h"

#define BUCKET_PAGE(tab) "https://<console>/s3/buckets/<bucket|id>?region=<region>&tab=" tab

/* A setting of a bucket: asked below the bucket's address, answered with an
 * element of its own or with a code of its own. */
#define SETTING(name, asked, allowed, query, root, code, tab)                                      \
    .type = name, .service = &fr_aws_s3, .operation = asked, .permission = allowed,                \
    .method = "GET", .path = "/<bucket|id>?" query, .form = FR_AWS_FORM_XML, .proof = root,        \
    .gone = "NoSuchBucket|" code, .console = BUCKET_PAGE(tab)

static const fr_aws_type rows[] = {
    {
        .type = "aws_s3_bucket",
        .service = &fr_aws_s3,
        .operation = "HeadBucket",
        .permission = "s3:ListBucket",
        .method = "HEAD",
        .path = "/<bucket|id>",
        .form = FR_AWS_FORM_HEADERS,
        .proof = "x-amz",
        .gone = "404",
        .console = BUCKET_PAGE("objects"),
    },
    {
        SETTING("aws_s3_bucket_versioning", "GetBucketVersioning", NULL, "versioning",
                "VersioningConfiguration", "", "properties"),
        .item = "Status",
        .unset = "versioning_configuration.0.status=Disabled",
    },
    {
        SETTING("aws_s3_bucket_server_side_encryption_configuration", "GetBucketEncryption",
                "s3:GetEncryptionConfiguration", "encryption", "ServerSideEncryptionConfiguration",
                "ServerSideEncryptionConfigurationNotFoundError", "properties"),
        .item = "Rule",
    },
    {
        SETTING("aws_s3_bucket_public_access_block", "GetPublicAccessBlock",
                "s3:GetBucketPublicAccessBlock", "publicAccessBlock",
                "PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration",
                "permissions"),
    },
    {
        SETTING("aws_s3_bucket_ownership_controls", "GetBucketOwnershipControls", NULL,
                "ownershipControls", "OwnershipControls", "OwnershipControlsNotFoundError",
                "permissions"),
        .item = "Rule",
    },
    {
        SETTING("aws_s3_bucket_lifecycle_configuration", "GetBucketLifecycleConfiguration",
                "s3:GetLifecycleConfiguration", "lifecycle", "LifecycleConfiguration",
                "NoSuchLifecycleConfiguration", "management"),
        .item = "Rule",
    },
    {
        .type = "aws_s3_bucket_policy",
        .service = &fr_aws_s3,
        .operation = "GetBucketPolicy",
        .method = "GET",
        .path = "/<bucket|id>?policy",
        .form = FR_AWS_FORM_JSON,
        .proof = "Statement",
        .gone = "NoSuchBucket|NoSuchBucketPolicy",
        .console = BUCKET_PAGE("permissions"),
    },
    {
        .type = "aws_s3_object",
        .service = &fr_aws_s3,
        .operation = "HeadObject",
        .permission = "s3:GetObject",
        .method = "HEAD",
        .path = "/<bucket>/<key|id!path>",
        .form = FR_AWS_FORM_HEADERS,
        .proof = "x-amz",
        .gone = "404",
        .console = "https://<console>/s3/object/<bucket>?region=<region>&prefix=<key|id>",
    },
};

const fr_aws_types fr_aws_types_s3 = {rows, sizeof rows / sizeof *rows};
