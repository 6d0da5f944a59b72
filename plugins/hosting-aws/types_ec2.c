/* Machines and what they are made of. */
#include "types.h"

#define PAGE(path) "https://<console>/ec2/home?region=<region>#" path

static const fr_aws_type rows[] = {
    {
        .type = "aws_instance",
        .service = &fr_aws_ec2,
        .operation = "DescribeInstances",
        .input = "InstanceId.1=<id>",
        .item = "reservationSet/item/instancesSet/item",
        .match = "instanceId=<id>",
        .dead = "instanceState/name=shutting-down|terminated",
        .gone = "InvalidInstanceID.NotFound",
        .console = PAGE("InstanceDetails:instanceId=<id>"),
    },
    {
        .type = "aws_ebs_volume",
        .service = &fr_aws_ec2,
        .operation = "DescribeVolumes",
        .input = "VolumeId.1=<id>",
        .item = "volumeSet/item",
        .match = "volumeId=<id>",
        .dead = "status=deleting|deleted",
        .gone = "InvalidVolume.NotFound",
        .console = PAGE("VolumeDetails:volumeId=<id>"),
    },
    {
        .type = "aws_key_pair",
        .service = &fr_aws_ec2,
        .operation = "DescribeKeyPairs",
        .input = "KeyName.1=<key_name|id>",
        .item = "keySet/item",
        .match = "keyName=<key_name|id>",
        .same = "keyPairId=<key_pair_id>",
        .gone = "InvalidKeyPair.NotFound",
        .console = PAGE("KeyPairs:keyName=<key_name|id>"),
    },
    {
        .type = "aws_launch_template",
        .service = &fr_aws_ec2,
        .operation = "DescribeLaunchTemplates",
        .input = "LaunchTemplateId.1=<id>",
        .item = "launchTemplates/item",
        .match = "launchTemplateId=<id>",
        .gone = "InvalidLaunchTemplateId.NotFound|InvalidLaunchTemplateId.VersionNotFound",
        .console = PAGE("LaunchTemplateDetails:launchTemplateId=<id>"),
    },
};

const fr_aws_types fr_aws_types_ec2 = {rows, sizeof rows / sizeof *rows};
