"""verify() against a local AWS: every type that is known, made with boto3,
comes out verified; deleted behind our back it comes out missing; without
permissions it is neither."""

import io
import json
import os
import subprocess
import uuid
import zipfile

import pytest

ACCOUNT = "123456789012"
REGION = "eu-central-1"
TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
)
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})


def function_archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return 1\n")
    return data.getvalue()


class World:
    """What was made: resources as Terraform's state describes them, and how
    each is deleted again."""

    def __init__(self, cloud):
        self.cloud, self.clients, self.resources, self.removals = cloud, {}, [], []

    def client(self, service):
        return self.clients.setdefault(service, self.cloud.client(service))

    def add(self, type_, id_, remove, arn=None, **attributes):
        address = f"{type_}.x"
        self.resources.append(
            {"address": address, "type": type_, "id": id_, "arn": arn, "attributes": {"id": id_, **({"arn": arn} if arn else {}), **attributes}}
        )
        self.removals.append(remove)


def make_buckets(w):
    s3 = w.client("s3")
    w.bucket = f"orders-{uuid.uuid4().hex[:8]}"
    name = {"Bucket": w.bucket}
    s3.create_bucket(**name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(**name, VersioningConfiguration={"Status": "Enabled"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(**name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_public_access_block(**name, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    s3.put_bucket_ownership_controls(**name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    days = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": [days]})
    s3.put_object(**name, Key="in/ä b+c.txt", Body=b"x")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{w.bucket}/*"}
    s3.put_bucket_policy(**name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    bucket = {"bucket": w.bucket}
    w.add("aws_s3_object", "in/ä b+c.txt", lambda: empty_bucket(w), **bucket, key="in/ä b+c.txt")
    w.add("aws_s3_bucket_policy", w.bucket, lambda: s3.delete_bucket_policy(**name), **bucket)
    w.add("aws_s3_bucket_lifecycle_configuration", w.bucket, lambda: s3.delete_bucket_lifecycle(**name), **bucket)
    w.add("aws_s3_bucket_ownership_controls", w.bucket, lambda: s3.delete_bucket_ownership_controls(**name), **bucket)
    w.add("aws_s3_bucket_public_access_block", w.bucket, lambda: s3.delete_public_access_block(**name), **bucket)
    w.add("aws_s3_bucket_server_side_encryption_configuration", w.bucket, lambda: s3.delete_bucket_encryption(**name), **bucket)
    w.add("aws_s3_bucket_versioning", w.bucket, lambda: None, **bucket)  # goes with the bucket
    w.add("aws_s3_bucket", w.bucket, lambda: s3.delete_bucket(**name), arn=f"arn:aws:s3:::{w.bucket}", **bucket, region=REGION)


def empty_bucket(w):
    s3 = w.client("s3")
    for version in s3.list_object_versions(Bucket=w.bucket).get("Versions", []):
        s3.delete_object(Bucket=w.bucket, Key=version["Key"], VersionId=version["VersionId"])


def make_identities(w):
    iam = w.client("iam")
    role = iam.create_role(RoleName="orders", AssumeRolePolicyDocument=TRUST)["Role"]
    iam.put_role_policy(RoleName="orders", PolicyName="in+line", PolicyDocument=ALLOW)
    policy = iam.create_policy(PolicyName="orders", PolicyDocument=ALLOW)["Policy"]
    iam.attach_role_policy(RoleName="orders", PolicyArn=policy["Arn"])
    user = iam.create_user(UserName="eve@example.com")["User"]
    profile = iam.create_instance_profile(InstanceProfileName="node")["InstanceProfile"]
    w.role = role["Arn"]
    w.add("aws_iam_role_policy", "orders:in+line", lambda: iam.delete_role_policy(RoleName="orders", PolicyName="in+line"), role="orders", name="in+line")
    w.add(
        "aws_iam_role_policy_attachment",
        "orders-1",
        lambda: iam.detach_role_policy(RoleName="orders", PolicyArn=policy["Arn"]),
        role="orders",
        policy_arn=policy["Arn"],
    )
    make_user_and_group(w, user, policy)
    w.add("aws_iam_policy", policy["Arn"], lambda: iam.delete_policy(PolicyArn=policy["Arn"]), arn=policy["Arn"], policy_id=policy["PolicyId"])
    w.add("aws_iam_role", "orders", lambda: iam.delete_role(RoleName="orders"), arn=role["Arn"], name="orders", unique_id=role["RoleId"])
    w.add(
        "aws_iam_user",
        "eve@example.com",
        lambda: iam.delete_user(UserName="eve@example.com"),
        arn=user["Arn"],
        name="eve@example.com",
        unique_id=user["UserId"],
    )
    w.add(
        "aws_iam_instance_profile",
        "node",
        lambda: iam.delete_instance_profile(InstanceProfileName="node"),
        arn=profile["Arn"],
        name="node",
        unique_id=profile["InstanceProfileId"],
    )


def make_user_and_group(w, user, policy):
    iam = w.client("iam")
    of_user, of_group, attached = {"UserName": user["UserName"]}, {"GroupName": "people"}, {"PolicyArn": policy["Arn"]}
    group = iam.create_group(**of_group)["Group"]
    iam.put_user_policy(**of_user, PolicyName="in+line", PolicyDocument=ALLOW)
    iam.attach_user_policy(**of_user, **attached)
    iam.attach_group_policy(**of_group, **attached)
    remove_inline = lambda: iam.delete_user_policy(**of_user, PolicyName="in+line")  # noqa: E731
    w.add("aws_iam_user_policy", "eve:in+line", remove_inline, user=user["UserName"], name="in+line")
    w.add("aws_iam_user_policy_attachment", "eve-1", lambda: iam.detach_user_policy(**of_user, **attached), user=user["UserName"], policy_arn=policy["Arn"])
    w.add("aws_iam_group_policy_attachment", "people-1", lambda: iam.detach_group_policy(**of_group, **attached), group="people", policy_arn=policy["Arn"])
    w.add("aws_iam_group", "people", lambda: iam.delete_group(**of_group), arn=group["Arn"], name="people", unique_id=group["GroupId"])


def make_functions(w):
    client = w.client("lambda")
    made = client.create_function(FunctionName="orders-fn", Runtime="python3.12", Role=w.role, Handler="index.handler", Code={"ZipFile": function_archive()})
    client.add_permission(FunctionName="orders-fn", StatementId="by-events", Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
    alias = client.create_alias(FunctionName="orders-fn", Name="live", FunctionVersion="$LATEST")
    name = {"function_name": "orders-fn"}
    w.add(
        "aws_lambda_permission", "by-events", lambda: client.remove_permission(FunctionName="orders-fn", StatementId="by-events"), **name, statement_id="by-events"
    )
    w.add("aws_lambda_alias", alias["AliasArn"], lambda: client.delete_alias(FunctionName="orders-fn", Name="live"), arn=alias["AliasArn"], **name, name="live")
    w.add("aws_lambda_function", "orders-fn", lambda: client.delete_function(FunctionName="orders-fn"), arn=made["FunctionArn"], **name)


def make_tables_and_queues(w):
    dynamodb, sqs, sns = w.client("dynamodb"), w.client("sqs"), w.client("sns")
    key = {"AttributeName": "id", "KeyType": "HASH"}
    table = dynamodb.create_table(
        TableName="orders", KeySchema=[key], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST"
    )["TableDescription"]
    w.add("aws_dynamodb_table", "orders", lambda: dynamodb.delete_table(TableName="orders"), arn=table["TableArn"], name="orders")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
    w.add("aws_sqs_queue", url, lambda: sqs.delete_queue(QueueUrl=url), arn=arn, url=url, name="orders")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)["SubscriptionArn"]
    w.add("aws_sns_topic_subscription", subscription, lambda: sns.unsubscribe(SubscriptionArn=subscription), arn=subscription)
    w.add("aws_sns_topic", topic, lambda: sns.delete_topic(TopicArn=topic), arn=topic, name="orders")


def make_settings(w):
    logs, ssm, kms, secrets = w.client("logs"), w.client("ssm"), w.client("kms"), w.client("secretsmanager")
    for name in ("/orders/app", "/orders/app-two"):  # the second begins as the first
        logs.create_log_group(logGroupName=name)
    w.add(
        "aws_cloudwatch_log_group",
        "/orders/app",
        lambda: logs.delete_log_group(logGroupName="/orders/app"),
        arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/orders/app",
        name="/orders/app",
    )
    ssm.put_parameter(Name="/orders/url", Value="secret-value-1", Type="SecureString")
    arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/orders/url"
    w.add("aws_ssm_parameter", "/orders/url", lambda: ssm.delete_parameter(Name="/orders/url"), arn=arn, name="/orders/url")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    w.add("aws_kms_alias", "alias/orders", lambda: kms.delete_alias(AliasName="alias/orders"), name="alias/orders", target_key_id=key["KeyId"])
    w.add("aws_kms_key", key["KeyId"], lambda: kms.schedule_key_deletion(KeyId=key["KeyId"]), arn=key["Arn"], key_id=key["KeyId"])
    secret, other = (secrets.create_secret(Name=n, SecretString="first") for n in ("orders/db", "orders/key"))
    w.add(
        "aws_secretsmanager_secret_version",
        f"{other['ARN']}|{other['VersionId']}",
        lambda: secrets.delete_secret(SecretId=other["ARN"], ForceDeleteWithoutRecovery=True),
        arn=other["ARN"],
        secret_id=other["ARN"],
        version_id=other["VersionId"],
    )
    w.add("aws_secretsmanager_secret", secret["ARN"], lambda: secrets.delete_secret(SecretId=secret["ARN"]), arn=secret["ARN"], name="orders/db")


def make_network(w):
    ec2 = w.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway")["VpcEndpoint"]["VpcEndpointId"]
    make_security_group(w, vpc)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    w.add("aws_network_acl", acl, lambda: ec2.delete_network_acl(NetworkAclId=acl), vpc_id=vpc)
    make_machine(w, subnet)
    table_id = {"route_table_id": table}
    w.add("aws_vpc_endpoint", endpoint, lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint]))
    w.add("aws_nat_gateway", nat, lambda: ec2.delete_nat_gateway(NatGatewayId=nat))
    w.add("aws_eip", address, lambda: ec2.release_address(AllocationId=address), allocation_id=address)
    remove_route = lambda: ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")  # noqa: E731
    w.add("aws_route", f"r-{table}1080289494", remove_route, **table_id, destination_cidr_block="0.0.0.0/0", destination_ipv6_cidr_block="")
    w.add("aws_route_table_association", association, lambda: ec2.disassociate_route_table(AssociationId=association), **table_id)
    w.add("aws_route_table", table, lambda: ec2.delete_route_table(RouteTableId=table))
    detach = lambda: (ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc), ec2.delete_internet_gateway(InternetGatewayId=gateway))  # noqa: E731
    w.add("aws_internet_gateway", gateway, detach)
    w.add("aws_subnet", subnet, lambda: ec2.delete_subnet(SubnetId=subnet), vpc_id=vpc)
    w.add("aws_vpc", vpc, lambda: ec2.delete_vpc(VpcId=vpc))


def make_security_group(w, vpc):
    ec2 = w.client("ec2")
    group = ec2.create_security_group(GroupName="orders", Description="x", VpcId=vpc)["GroupId"]

    def rule(port):
        ports = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
        return ports, ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ports)["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    old, new = rule(443), rule(80)
    everything = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    out = ec2.authorize_security_group_egress(GroupId=group, IpPermissions=everything)["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    revoke = lambda ports: ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=ports)  # noqa: E731
    id_ = {"security_group_id": group}
    w.add("aws_security_group_rule", "sgrule-1", lambda: revoke(old[0]), **id_, security_group_rule_id=old[1])
    w.add("aws_vpc_security_group_ingress_rule", new[1], lambda: revoke(new[0]), **id_, security_group_rule_id=new[1])
    revoke_out = lambda: ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)  # noqa: E731
    w.add("aws_vpc_security_group_egress_rule", out, revoke_out, **id_, security_group_rule_id=out)
    w.add("aws_security_group", group, lambda: ec2.delete_security_group(GroupId=group), vpc_id=vpc)


def make_machine(w, subnet):
    ec2 = w.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet)["Instances"][0]["InstanceId"]
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    pair = ec2.create_key_pair(KeyName="me & you")
    template = ec2.create_launch_template(LaunchTemplateName="orders", LaunchTemplateData={"ImageId": image})["LaunchTemplate"]["LaunchTemplateId"]
    w.add("aws_instance", instance, lambda: ec2.terminate_instances(InstanceIds=[instance]))
    w.add("aws_ebs_volume", volume, lambda: ec2.delete_volume(VolumeId=volume))
    w.add("aws_key_pair", "me & you", lambda: ec2.delete_key_pair(KeyName="me & you"), key_name="me & you", key_pair_id=pair["KeyPairId"])
    w.add("aws_launch_template", template, lambda: ec2.delete_launch_template(LaunchTemplateId=template))


MAKERS = (make_buckets, make_identities, make_functions, make_tables_and_queues, make_settings, make_network)


@pytest.fixture(scope="module")
def program(build):
    return build / "tests" / "plugins" / "hosting-aws" / "test_verify"


def verify(program, source, cloud, resources, **environment):
    env = {**os.environ, "FRACTARY_SOURCE": str(source), "MOTO_PORT": str(cloud.port), **environment}
    done = subprocess.run([program, "--moto"], input=json.dumps(resources), capture_output=True, timeout=300, text=True, env=env, check=False)
    records = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [r["type"] for r in records] == ["resource"] * len(resources)
    return {r["resource"]["address"]: r["resource"] for r in records}


@pytest.fixture
def world(testcloud):
    testcloud.reset()
    w = World(testcloud)
    for make in MAKERS:
        make(w)
    yield w
    testcloud.reset()


def known_types(program):
    done = subprocess.run([program, "--types"], capture_output=True, timeout=60, text=True, check=True)
    return json.loads(done.stdout.splitlines()[0])


def statuses(found):
    return {address: (r["status"], r.get("reason")) for address, r in found.items()}


def test_there_then_gone(program, source, testcloud, world):
    assert sorted(r["type"] for r in world.resources) == sorted(known_types(program))

    found = statuses(verify(program, source, testcloud, world.resources))
    assert {a: s for a, s in found.items() if s[0] != "verified"} == {}

    for resource, remove in zip(world.resources, world.removals, strict=True):
        remove()
        found = statuses(verify(program, source, testcloud, [resource])) if resource["type"] != "aws_s3_bucket_versioning" else {}
        assert {a: s for a, s in found.items() if s[0] != "missing"} == {}, resource["type"]

    found = statuses(verify(program, source, testcloud, world.resources))
    assert {a: s for a, s in found.items() if s[0] != "missing"} == {}


def test_without_permissions_nothing_is_missing(program, source, testcloud, world):
    iam = testcloud.client("iam")
    iam.create_user(UserName="nobody")
    keys = iam.create_access_key(UserName="nobody")["AccessKey"]
    testcloud.enforce()
    found = verify(program, source, testcloud, world.resources, TEST_ACCESS_KEY=keys["AccessKeyId"], TEST_SECRET_KEY=keys["SecretAccessKey"])
    testcloud.enforce(False)
    wrong = {a: s for a, s in statuses(found).items() if s[0] != "unverifiable" or not s[1].startswith("denied ")}
    assert wrong == {}


def test_same_name_made_anew_is_another_thing(program, source, testcloud, world):
    role = next(r for r in world.resources if r["type"] == "aws_iam_role")
    found = verify(program, source, testcloud, [{**role, "attributes": {**role["attributes"], "unique_id": "AROAOTHER"}}])
    assert found["aws_iam_role.x"]["status"] == "unverifiable"
    assert "another one answers to its name" in found["aws_iam_role.x"]["reason"]
