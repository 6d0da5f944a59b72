"""One example of each resource type that hosting-aws knows: what Terraform's
state says of it, and the call of botocore that asks for the same."""

ACCOUNT = "123456789012"
REGION = "eu-central-1"


def arn(service, rest, region=REGION):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


BUCKET = {"Bucket": "orders-data"}
ROLE = {"role": "orders-role"}


def s3(operation, id_="orders-data", attributes=None, **more):
    return {"id": id_, "attributes": attributes or {"bucket": "orders-data"}}, "s3", operation, {**BUCKET, **more}


def ec2(operation, parameter, id_, attributes=None, ask=None):
    return {"id": id_, "attributes": attributes or {}}, "ec2", operation, {parameter: [ask or id_]}


EXAMPLES = {
    "aws_s3_bucket": s3("head_bucket"),
    "aws_s3_bucket_versioning": s3("get_bucket_versioning"),
    "aws_s3_bucket_server_side_encryption_configuration": s3("get_bucket_encryption"),
    "aws_s3_bucket_public_access_block": s3("get_public_access_block"),
    "aws_s3_bucket_ownership_controls": s3("get_bucket_ownership_controls"),
    "aws_s3_bucket_lifecycle_configuration": s3("get_bucket_lifecycle_configuration", "orders-data,123456789012"),
    "aws_s3_bucket_policy": s3("get_bucket_policy"),
    "aws_s3_object": s3("head_object", "in/ä b+c=1.txt", {"bucket": "orders-data", "key": "in/ä b+c=1.txt"}, Key="in/ä b+c=1.txt"),
    "aws_iam_role": ({"id": "orders-role", "attributes": {"name": "orders-role"}}, "iam", "get_role", {"RoleName": "orders-role"}),
    "aws_iam_role_policy": (
        {"id": "orders-role:inline", "attributes": {**ROLE, "name": "in+line"}},
        "iam",
        "get_role_policy",
        {"RoleName": "orders-role", "PolicyName": "in+line"},
    ),
    "aws_iam_role_policy_attachment": (
        {"id": "x", "attributes": {**ROLE, "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        "iam",
        "list_attached_role_policies",
        {"RoleName": "orders-role"},
    ),
    "aws_iam_policy": (
        {"id": f"arn:aws:iam::{ACCOUNT}:policy/a/b", "arn": f"arn:aws:iam::{ACCOUNT}:policy/a/b"},
        "iam",
        "get_policy",
        {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/a/b"},
    ),
    "aws_iam_user": ({"id": "eve@example.com", "attributes": {"name": "eve@example.com"}}, "iam", "get_user", {"UserName": "eve@example.com"}),
    "aws_iam_user_policy": (
        {"id": "eve:inline", "attributes": {"user": "eve", "name": "in+line"}},
        "iam",
        "get_user_policy",
        {"UserName": "eve", "PolicyName": "in+line"},
    ),
    "aws_iam_user_policy_attachment": (
        {"id": "x", "attributes": {"user": "eve", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        "iam",
        "list_attached_user_policies",
        {"UserName": "eve"},
    ),
    "aws_iam_group": ({"id": "people", "attributes": {"name": "people"}}, "iam", "get_group", {"GroupName": "people"}),
    "aws_iam_group_policy_attachment": (
        {"id": "x", "attributes": {"group": "people", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        "iam",
        "list_attached_group_policies",
        {"GroupName": "people"},
    ),
    "aws_iam_instance_profile": ({"id": "node", "name": "node"}, "iam", "get_instance_profile", {"InstanceProfileName": "node"}),
    "aws_dynamodb_table": ({"id": "orders", "attributes": {"name": "orders"}}, "dynamodb", "describe_table", {"TableName": "orders"}),
    "aws_lambda_function": (
        {"id": "orders-fn", "attributes": {"function_name": "orders-fn"}},
        "lambda",
        "get_function",
        {"FunctionName": "orders-fn"},
    ),
    "aws_lambda_alias": (
        {"id": arn("lambda", "function:orders-fn:live"), "attributes": {"function_name": arn("lambda", "function:orders-fn"), "name": "live"}},
        "lambda",
        "get_alias",
        {"FunctionName": arn("lambda", "function:orders-fn"), "Name": "live"},
    ),
    "aws_lambda_permission": (
        {"id": "sid", "attributes": {"function_name": "orders-fn", "statement_id": "sid", "qualifier": "live"}},
        "lambda",
        "get_policy",
        {"FunctionName": "orders-fn", "Qualifier": "live"},
    ),
    "aws_sqs_queue": (
        {"id": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders", "attributes": {}},
        "sqs",
        "get_queue_attributes",
        {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders", "AttributeNames": ["QueueArn"]},
    ),
    "aws_sns_topic": ({"id": arn("sns", "orders"), "arn": arn("sns", "orders")}, "sns", "get_topic_attributes", {"TopicArn": arn("sns", "orders")}),
    "aws_sns_topic_subscription": (
        {"id": arn("sns", "orders:1f2e"), "attributes": {"arn": arn("sns", "orders:1f2e")}},
        "sns",
        "get_subscription_attributes",
        {"SubscriptionArn": arn("sns", "orders:1f2e")},
    ),
    "aws_cloudwatch_log_group": (
        {"id": "/aws/lambda/orders-fn", "attributes": {"name": "/aws/lambda/orders-fn"}},
        "logs",
        "describe_log_groups",
        {"logGroupNamePrefix": "/aws/lambda/orders-fn"},
    ),
    "aws_ssm_parameter": (
        {"id": "/orders/\"url\"", "attributes": {"name": "/orders/\"url\""}},
        "ssm",
        "describe_parameters",
        {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": ["/orders/\"url\""]}]},
    ),
    "aws_kms_key": (
        {"id": "1234abcd-12ab-34cd-56ef-1234567890ab", "attributes": {"key_id": "1234abcd-12ab-34cd-56ef-1234567890ab"}},
        "kms",
        "describe_key",
        {"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
    ),
    "aws_kms_alias": (
        {"id": "alias/orders", "attributes": {"name": "alias/orders", "target_key_id": "1234abcd-12ab-34cd-56ef-1234567890ab"}},
        "kms",
        "describe_key",
        {"KeyId": "alias/orders"},
    ),
    "aws_secretsmanager_secret": (
        {"id": arn("secretsmanager", "secret:db-AbCdEf"), "arn": arn("secretsmanager", "secret:db-AbCdEf")},
        "secretsmanager",
        "describe_secret",
        {"SecretId": arn("secretsmanager", "secret:db-AbCdEf")},
    ),
    "aws_secretsmanager_secret_version": (
        {
            "id": arn("secretsmanager", "secret:db-AbCdEf") + "|1f2e",
            "attributes": {"secret_id": arn("secretsmanager", "secret:db-AbCdEf"), "version_id": "1f2e"},
        },
        "secretsmanager",
        "list_secret_version_ids",
        {"SecretId": arn("secretsmanager", "secret:db-AbCdEf"), "IncludeDeprecated": True},
    ),
    "aws_vpc": ec2("describe_vpcs", "VpcIds", "vpc-1"),
    "aws_subnet": ec2("describe_subnets", "SubnetIds", "subnet-1"),
    "aws_internet_gateway": ec2("describe_internet_gateways", "InternetGatewayIds", "igw-1"),
    "aws_nat_gateway": ec2("describe_nat_gateways", "NatGatewayIds", "nat-1"),
    "aws_eip": ec2("describe_addresses", "AllocationIds", "eipalloc-1"),
    "aws_vpc_endpoint": ec2("describe_vpc_endpoints", "VpcEndpointIds", "vpce-1"),
    "aws_route_table": ec2("describe_route_tables", "RouteTableIds", "rtb-1"),
    "aws_route_table_association": ec2("describe_route_tables", "RouteTableIds", "rtbassoc-1", {"route_table_id": "rtb-1"}, "rtb-1"),
    "aws_route": ec2(
        "describe_route_tables", "RouteTableIds", "r-rtb-11080289494", {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"}, "rtb-1"
    ),
    "aws_network_acl": ec2("describe_network_acls", "NetworkAclIds", "acl-1"),
    "aws_security_group": ec2("describe_security_groups", "GroupIds", "sg-1"),
    "aws_security_group_rule": ec2(
        "describe_security_group_rules", "SecurityGroupRuleIds", "sgrule-123", {"security_group_rule_id": "sgr-1"}, "sgr-1"
    ),
    "aws_vpc_security_group_ingress_rule": ec2("describe_security_group_rules", "SecurityGroupRuleIds", "sgr-1"),
    "aws_vpc_security_group_egress_rule": ec2("describe_security_group_rules", "SecurityGroupRuleIds", "sgr-1"),
    "aws_instance": ec2("describe_instances", "InstanceIds", "i-1"),
    "aws_ebs_volume": ec2("describe_volumes", "VolumeIds", "vol-1"),
    "aws_key_pair": ec2("describe_key_pairs", "KeyNames", "me & you"),
    "aws_launch_template": ec2("describe_launch_templates", "LaunchTemplateIds", "lt-1"),
}
