#include "partition.h"

#include <fractary-plugin/str.h>

static const fr_aws_partition partitions[] = {
    {"aws-cn", "cn-", "amazonaws.com.cn", "console.amazonaws.cn", "cn-north-1",
     "iam.cn-north-1.amazonaws.com.cn"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "console.amazonaws-us-gov.com", "us-gov-west-1",
     "iam.us-gov.amazonaws.com"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "console.amazonaws-eusc.eu", "eusc-de-east-1",
     "iam.eusc-de-east-1.amazonaws.eu"},
    {"aws", "", "amazonaws.com", "console.aws.amazon.com", "us-east-1", "iam.amazonaws.com"},
};

const fr_aws_partition *fr_aws_partition_of(const char *region)
{
    const fr_aws_partition *p = partitions;

    while (!fr_str_starts(region != NULL ? region : "", p->prefix))
        p++;
    return p;
}
