"""Every type that hosting-aws can check, made by Terraform itself: what the
state says of each is enough to find it, and what goes behind our back is said
to be missing, that and nothing else."""
import io
import json
import zipfile

import pytest
from project import Project, records

# Types that cannot be checked, and why.
UNVERIFIABLE = {
    "aws_cloudwatch_metric_alarm.errors": "no check for this type yet",
    "aws_security_group_rule.two": "the state does not say its security_group_rule_id",
    "terraform_data.note": "lives only in the state",
}


def function_archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return 1\n")
    return data.getvalue()


class Types:
    def __init__(self, project, run, env):
        self.project, self.run, self.env = project, run, env

    def fractary(self, *args, **more):
        return self.run([*args, "--env", "test", "--json"], cwd=self.project.path,
                        env={**self.env, **more}, timeout=280)

    def entry(self, address):
        return next(r for r in self.project.registry()["resources"] if r["address"] == address)

    def id(self, address):
        return self.entry(address)["id"]


@pytest.fixture(scope="module")
def types(tmp_path_factory, source, run_fractary, new_testcloud, terraform_env):
    cloud = new_testcloud()
    path = tmp_path_factory.mktemp("types")
    project = Project(path, (source / "tests/e2e/types/main.tf").read_text())
    (path / "function.zip").write_bytes(function_archive())
    made = Types(project, run_fractary, {**cloud.env, **terraform_env})
    made.client = cloud.client
    answer = made.fractary("deploy")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return made


def verdicts(answer):
    """What was said last of each address."""
    return {r["resource"]["address"]: r["resource"] for r in records(answer.stdout)["resource"]
            if "status" in r["resource"]}


def test_all_are_verified_but_those_on_the_list(types):
    unverified = {r["address"]: r["reason"] for r in types.project.registry()["resources"]
                  if r["status"] != "verified"}
    assert unverified == UNVERIFIABLE


def test_only_an_answer_has_a_time(types):
    for entry in types.project.registry()["resources"]:
        assert bool(entry["verified_at"]) == (entry["status"] == "verified"), entry


def test_what_is_in_no_cloud_is_nowhere(types):
    entry = types.entry("terraform_data.note")
    assert entry["region"] is None and entry["account"] is None
    assert types.entry("aws_iam_group.robots")["region"] == "global"
    assert types.entry("aws_vpc.main")["region"] == "eu-central-1"


def test_status_of_all_is_good(types):
    answer = types.fractary("status")
    assert answer.returncode == 0, answer.stdout
    assert {a: r["reason"] for a, r in verdicts(answer).items() if r["status"] != "verified"} == \
        UNVERIFIABLE


def test_an_unreachable_cloud_is_no_success(types):
    answer = types.fractary("status", AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
    error = records(answer.stdout)["result"][0]["error"]
    assert answer.returncode == 1 and error["status"] == "unavailable"
    assert "nothing could be checked" in error["message"]
    count = len(types.project.registry()["resources"])
    assert f"{count - len(UNVERIFIABLE)} of {count} " in error["message"], error
    assert "127.0.0.1" in error["cause"]


def test_a_service_that_is_unreachable_is_counted(types):
    answer = types.fractary("status", AWS_ENDPOINT_URL_SSM="http://127.0.0.1:9",
                            AWS_MAX_ATTEMPTS="1")
    error = records(answer.stdout)["result"][0]["error"]
    assert answer.returncode == 1 and error["status"] == "unavailable"
    assert error["message"].startswith("1 of "), error


@pytest.mark.parametrize("url, status, words", [
    ("garbage", "config", "AWS_ENDPOINT_URL is no address: \"garbage\""),
    ("http://192.0.2.1", "refused", "AWS_ENDPOINT_URL is refused: keys would travel in clear"),
])
def test_a_bad_address_is_named_by_its_variable(types, url, status, words):
    answer = types.fractary("deploy", AWS_ENDPOINT_URL=url)
    error = records(answer.stdout)["result"][0]["error"]
    assert error["status"] == status and error["message"] == words
    assert "AWS_ENDPOINT_URL" in error["advice"] and error["cause"]


def test_services_have_their_names(types):
    text = types.project.document()
    for name in ("CloudWatch Logs", "DynamoDB", "IAM", "SSM Parameter Store", "Secrets Manager",
                 "VPC", "EC2"):
        assert f"\n## {name}\n" in text, name


# Each is deleted by boto3, in this order; what goes with it stands behind it.
GONE = {
    "aws_s3_object.file": [],
    "aws_s3_bucket_policy.plain": [],
    "aws_iam_user_policy.robot": [],
    "aws_iam_user_policy_attachment.robot": [],
    "aws_iam_group_policy_attachment.robots": [],
    "aws_iam_group.robots": [],
    "aws_dynamodb_table.orders": [],
    "aws_lambda_permission.events": [],
    "aws_lambda_alias.live": [],
    "aws_sns_topic_subscription.orders": [],
    "aws_sqs_queue.orders": [],
    "aws_cloudwatch_log_group.app": [],
    "aws_ssm_parameter.size": [],
    "aws_kms_alias.data": [],
    "aws_secretsmanager_secret.token": ["aws_secretsmanager_secret_version.token"],
    "aws_route.out": [],
    "aws_network_acl.main": [],
    "aws_vpc_security_group_ingress_rule.app": [],
    "aws_vpc_endpoint.s3": [],
    "aws_ebs_volume.data": [],
    "aws_launch_template.node": [],
}


def removals(types):
    c, i = types.client, types.id
    table = i("aws_route_table.main")
    group, rule = i("aws_security_group.app"), i("aws_vpc_security_group_ingress_rule.app")
    read = i("aws_iam_policy.read")
    return {
        "aws_s3_object.file": lambda: c("s3").delete_object(Bucket="types-data", Key="in/a b+c.txt"),
        "aws_s3_bucket_policy.plain": lambda: c("s3").delete_bucket_policy(Bucket="types-plain"),
        "aws_iam_user_policy.robot":
            lambda: c("iam").delete_user_policy(UserName="types-robot", PolicyName="inline"),
        "aws_iam_user_policy_attachment.robot":
            lambda: c("iam").detach_user_policy(UserName="types-robot", PolicyArn=read),
        "aws_iam_group_policy_attachment.robots":
            lambda: c("iam").detach_group_policy(GroupName="types-robots", PolicyArn=read),
        "aws_iam_group.robots": lambda: c("iam").delete_group(GroupName="types-robots"),
        "aws_dynamodb_table.orders": lambda: c("dynamodb").delete_table(TableName="types-orders"),
        "aws_lambda_permission.events": lambda: c("lambda").remove_permission(
            FunctionName="types-app", StatementId="by-events"),
        "aws_lambda_alias.live":
            lambda: c("lambda").delete_alias(FunctionName="types-app", Name="live"),
        "aws_sns_topic_subscription.orders": lambda: c("sns").unsubscribe(
            SubscriptionArn=i("aws_sns_topic_subscription.orders")),
        "aws_sqs_queue.orders": lambda: c("sqs").delete_queue(QueueUrl=i("aws_sqs_queue.orders")),
        "aws_cloudwatch_log_group.app":
            lambda: c("logs").delete_log_group(logGroupName="/types/app"),
        "aws_ssm_parameter.size": lambda: c("ssm").delete_parameter(Name="/types/size"),
        "aws_kms_alias.data": lambda: c("kms").delete_alias(AliasName="alias/types-data"),
        "aws_secretsmanager_secret.token": lambda: c("secretsmanager").delete_secret(
            SecretId="types-token", ForceDeleteWithoutRecovery=True),
        "aws_route.out": lambda: c("ec2").delete_route(
            RouteTableId=table, DestinationCidrBlock="0.0.0.0/0"),
        "aws_network_acl.main":
            lambda: c("ec2").delete_network_acl(NetworkAclId=i("aws_network_acl.main")),
        "aws_vpc_security_group_ingress_rule.app": lambda: c("ec2").revoke_security_group_ingress(
            GroupId=group, SecurityGroupRuleIds=[rule]),
        "aws_vpc_endpoint.s3":
            lambda: c("ec2").delete_vpc_endpoints(VpcEndpointIds=[i("aws_vpc_endpoint.s3")]),
        "aws_ebs_volume.data": lambda: c("ec2").delete_volume(VolumeId=i("aws_ebs_volume.data")),
        "aws_launch_template.node": lambda: c("ec2").delete_launch_template(
            LaunchTemplateId=i("aws_launch_template.node")),
    }


def test_what_goes_behind_our_back_is_missing_and_nothing_else(types):
    expected = set()
    for address, remove in removals(types).items():
        remove()
        expected |= {address, *GONE[address]}
        answer = types.fractary("status")
        assert answer.returncode == 1, address
        found = {a for a, r in verdicts(answer).items() if r["status"] == "missing"}
        assert found == expected, address
    message = records(answer.stdout)["result"][0]["error"]["message"]
    assert message == f"{len(expected)} of {len(types.project.registry()['resources'])} resources are missing"
    assert removals(types).keys() == GONE.keys()


def test_what_left_the_state_is_said_and_what_the_registry_lacks(types):

    state = types.project.path / "terraform.tfstate"
    tree = json.loads(state.read_text())
    tree["resources"] = [r for r in tree["resources"]
                         if f"{r['type']}.{r['name']}" != "aws_vpc.main"]
    kept = state.read_bytes()
    state.write_text(json.dumps(tree))
    path = types.project.folder / "deployments/test/registry.json"
    registry, whole = types.project.registry(), path.read_bytes()
    registry["resources"] = [r for r in registry["resources"] if r["address"] != "aws_subnet.main"]
    path.write_text(json.dumps(registry))
    answer = types.fractary("status")
    state.write_bytes(kept)
    path.write_bytes(whole)
    said = verdicts(answer)
    assert answer.returncode == 1
    assert said["aws_vpc.main"]["status"] == "verified"
    assert said["aws_vpc.main"]["drift"] == "unmanaged"
    assert said["aws_vpc.main"]["reason"] == "not in the state any more; the cloud still has it"
    assert said["aws_subnet.main"]["drift"] == "unregistered"
    assert said["aws_subnet.main"]["reason"] == "not in the registry"
    message = records(answer.stdout)["result"][0]["error"]["message"]
    assert "1 is not in the state any more, 1 is not in the registry" in message
