/* Partitions of AWS: separate clouds with regions, accounts and names of
 * their own. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_PARTITION_H
#define FRACTARY_HOSTING_AWS_PARTITION_H

typedef struct fr_aws_partition {
    const char *name;    /* as in ARNs: "aws-cn"                               */
    const char *prefix;  /* of its regions: "cn-"; "" for the one that is left */
    const char *suffix;  /* of its hosts: "amazonaws.com.cn"                   */
    const char *console; /* host of its console                                */
    const char *global;  /* region in which global services are signed         */
    const char *iam;     /* host of IAM                                        */
} fr_aws_partition;

/* The partition of a region; that of the public cloud for NULL, "" and
 * unknown ones. Never NULL. */
const fr_aws_partition *fr_aws_partition_of(const char *region);

#endif
