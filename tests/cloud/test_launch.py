"""The test cloud: what it enforces, how it denies, what it logs, how it ends."""
import json
import os
import signal
import subprocess
import sys
import time
import uuid
import zipfile

import botocore.exceptions
import pytest

REGION = "eu-central-1"


@pytest.fixture(autouse=True)
def clean(testcloud):
    testcloud.reset()
    yield
    testcloud.reset()


def make_user(cloud, statements, name="deployer"):
    """A user with an inline policy; returns its key. Enforcement must be off."""
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


def allow(*actions, resource="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def deny(*actions, resource="*", **more):
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **more}


def error_of(call, **arguments):
    """Code, HTTP status and message of a call that must fail."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def decisions(cloud, mark=0):
    return [json.loads(line) for line in cloud.log.read_text().splitlines()[mark:]]


def log_length(cloud):
    return len(cloud.log.read_text().splitlines()) if cloud.log.exists() else 0


# ----------------------------------------------------------------- enforcement


def test_without_enforcement_any_key_may_do_anything(testcloud):
    testcloud.client("s3").create_bucket(
        Bucket="open", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert [b["Name"] for b in testcloud.client("s3").list_buckets()["Buckets"]] == ["open"]


def test_enforcement_allows_what_the_policy_allows_and_nothing_else(testcloud):
    user = make_user(testcloud, [allow("sqs:CreateQueue", "sqs:ListQueues")])
    testcloud.enforce()
    sqs = testcloud.client("sqs", **user)
    sqs.create_queue(QueueName="one")
    assert len(sqs.list_queues()["QueueUrls"]) == 1
    code, _, _ = error_of(sqs.delete_queue, QueueUrl=f"{testcloud.endpoint}/123456789012/one")
    assert code == "AccessDeniedException"
    testcloud.enforce(False)
    testcloud.client("sqs").delete_queue(QueueUrl=f"{testcloud.endpoint}/123456789012/one")


def test_explicit_deny_wins(testcloud):
    user = make_user(testcloud, [allow("ssm:*"), deny("ssm:PutParameter")])
    testcloud.enforce()
    ssm = testcloud.client("ssm", **user)
    assert ssm.describe_parameters()["Parameters"] == []
    assert error_of(ssm.put_parameter, Name="a", Value="b", Type="String")[0] == "AccessDeniedException"


@pytest.mark.parametrize("action, allowed", [("ssm:describeparameters", True), ("ssm:Describe*", True),
                                             ("ssm:DescribeParameter?", True), ("ssm:Describe.arameters", False)])
def test_actions_match_as_iam_matches_them(testcloud, action, allowed):
    user = make_user(testcloud, [allow(action)])
    testcloud.enforce()
    ssm = testcloud.client("ssm", **user)
    if allowed:
        ssm.describe_parameters()
    else:
        assert error_of(ssm.describe_parameters)[0] == "AccessDeniedException"


def test_statement_whose_condition_does_not_hold_does_not_apply(testcloud):
    elsewhere = {"StringEquals": {"aws:RequestedRegion": "us-west-2"}}
    user = make_user(testcloud, [allow("ssm:*"), deny("ssm:*", Condition=elsewhere)])
    testcloud.enforce()
    assert testcloud.client("ssm", **user).describe_parameters()["Parameters"] == []
    assert error_of(testcloud.client("ssm", region="us-west-2", **user).describe_parameters)[0] \
        == "AccessDeniedException"


def trust(principal, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}]})


def test_assumed_role_has_the_role_s_permissions(testcloud):
    user = make_user(testcloud, [allow("sts:AssumeRole")])
    iam = testcloud.client("iam")
    external = {"StringEquals": {"sts:ExternalId": "agreed"}}
    role = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=trust(
        {"AWS": "arn:aws:iam::123456789012:root"}, Condition=external))["Role"]["Arn"]
    iam.put_role_policy(RoleName="deploy", PolicyName="p", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [allow("ssm:DescribeParameters")]}))
    testcloud.enforce()
    sts = testcloud.client("sts", **user)
    assert error_of(sts.assume_role, RoleArn=role, RoleSessionName="run")[0] == "AccessDenied"
    got = sts.assume_role(RoleArn=role, RoleSessionName="run", ExternalId="agreed")["Credentials"]
    ssm = testcloud.client("ssm", key=got["AccessKeyId"], secret=got["SecretAccessKey"],
                           token=got["SessionToken"])
    assert ssm.describe_parameters()["Parameters"] == []
    assert error_of(ssm.get_parameter, Name="x")[0] == "AccessDeniedException"


def test_role_is_not_assumed_by_a_principal_that_it_does_not_trust(testcloud):
    user = make_user(testcloud, [allow("sts:AssumeRole")])
    role = testcloud.client("iam").create_role(
        RoleName="other", AssumeRolePolicyDocument=trust({"AWS": "arn:aws:iam::123456789012:user/else"}))
    testcloud.enforce()
    assert error_of(testcloud.client("sts", **user).assume_role, RoleArn=role["Role"]["Arn"],
                    RoleSessionName="run")[0] == "AccessDenied"


# ------------------------------------------------------------------ signatures


def test_wrong_secret_is_refused(testcloud):
    user = make_user(testcloud, [allow("*")])
    testcloud.enforce()
    sts = testcloud.client("sts", key=user["key"], secret="wrong")
    assert error_of(sts.get_caller_identity)[:2] == ("SignatureDoesNotMatch", 403)
    ssm = testcloud.client("ssm", key=user["key"], secret="wrong")
    assert error_of(ssm.describe_parameters)[:2] == ("InvalidSignatureException", 400)
    s3 = testcloud.client("s3", key=user["key"], secret="wrong")
    assert error_of(s3.list_buckets)[:2] == ("SignatureDoesNotMatch", 403)


def test_unknown_key_is_refused(testcloud):
    testcloud.enforce()
    assert error_of(testcloud.client("sts").get_caller_identity)[:2] == ("InvalidClientTokenId", 403)


@pytest.mark.parametrize("service, call, arguments", [
    ("lambda", "list_functions", {}),
    ("lambda", "list_tags", {"Resource": "arn:aws:lambda:eu-central-1:123456789012:function:f"}),
    ("route53", "list_hosted_zones", {}),
    ("cloudfront", "list_distributions", {}),
    ("apigateway", "get_rest_apis", {}),
    ("apigatewayv2", "get_apis", {}),
    ("s3", "list_buckets", {}),
])
def test_requests_without_a_body_pass(testcloud, service, call, arguments):
    user = make_user(testcloud, [allow("*")])
    testcloud.enforce()
    try:
        getattr(testcloud.client(service, **user), call)(**arguments)
    except botocore.exceptions.ClientError as error:  # there is no such function: signed well
        assert error.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.parametrize("prefix", ["env:/", "a*b", "grüße/ja", "a b+c", "x=y&z", "50%"])
def test_encoded_query_and_path_pass(testcloud, prefix):
    user = make_user(testcloud, [allow("*")])
    testcloud.client("s3").create_bucket(
        Bucket="names", CreateBucketConfiguration={"LocationConstraint": REGION})
    testcloud.enforce()
    s3 = testcloud.client("s3", **user)
    s3.put_object(Bucket="names", Key=prefix + "state", Body=b"x")
    found = s3.list_objects_v2(Bucket="names", Prefix=prefix)
    assert [entry["Key"] for entry in found["Contents"]] == [prefix + "state"]
    assert s3.get_object(Bucket="names", Key=prefix + "state")["Body"].read() == b"x"
    s3.delete_object(Bucket="names", Key=prefix + "state")
    s3.delete_bucket(Bucket="names")


def test_body_that_is_not_the_signed_one_is_refused(testcloud):
    import http.client

    import botocore.auth
    import botocore.awsrequest
    import botocore.credentials

    user = make_user(testcloud, [allow("*")])
    testcloud.enforce()
    request = botocore.awsrequest.AWSRequest(
        "POST", testcloud.endpoint + "/", {"Content-Type": "application/x-www-form-urlencoded"},
        "Action=GetCallerIdentity&Version=2011-06-15")
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(user["key"], user["secret"]),
                            "sts", REGION).add_auth(request)
    statuses = []
    for body in ("Action=GetCallerIdentity&Version=2011-06-15", "Action=GetSessionToken&Version=2011-06-15"):
        connection = http.client.HTTPConnection("127.0.0.1", testcloud.port, timeout=10)
        connection.request("POST", "/", body, dict(request.headers.items()))
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [200, 403]


def test_unsigned_request_is_refused(testcloud):
    testcloud.enforce()
    answer = testcloud.post("/", b"Action=GetCallerIdentity&Version=2011-06-15")
    assert "<Code>MissingAuthenticationToken</Code>" in answer


# ---------------------------------------------------------------- wire shapes


DENIED = [
    ("s3", "create_bucket", {"Bucket": "b"}, "AccessDenied", 403),
    ("sqs", "create_queue", {"QueueName": "q"}, "AccessDeniedException", 400),
    ("sns", "create_topic", {"Name": "t"}, "AccessDenied", 403),
    ("dynamodb", "list_tables", {}, "AccessDeniedException", 400),
    ("ssm", "describe_parameters", {}, "AccessDeniedException", 400),
    ("kms", "list_keys", {}, "AccessDeniedException", 400),
    ("secretsmanager", "list_secrets", {}, "AccessDeniedException", 400),
    ("logs", "describe_log_groups", {}, "AccessDeniedException", 400),
    ("lambda", "list_functions", {}, "AccessDeniedException", 403),
    ("apigateway", "get_rest_apis", {}, "AccessDeniedException", 403),
    ("iam", "list_roles", {}, "AccessDenied", 403),
    ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", 403),
    ("route53", "list_hosted_zones", {}, "AccessDenied", 403),
    ("cloudwatch", "list_metrics", {}, "AccessDeniedException", 400),
]


@pytest.mark.parametrize("service, call, arguments, code, status", DENIED)
def test_denial_in_the_shape_of_the_service(testcloud, service, call, arguments, code, status):
    user = make_user(testcloud, [allow("sts:GetCallerIdentity")])
    testcloud.enforce()
    got = error_of(getattr(testcloud.client(service, **user), call), **arguments)
    assert got[:2] == (code, status)
    if service != "s3":
        assert "arn:aws:iam::123456789012:user/deployer is not authorized to perform: " in got[2]


def test_aws_command_line_shows_the_denial(testcloud, tmp_path):
    user = make_user(testcloud, [allow("sts:GetCallerIdentity")])
    testcloud.enforce()
    environment = {**testcloud.env, "AWS_ACCESS_KEY_ID": user["key"], "HOME": str(tmp_path),
                   "AWS_SECRET_ACCESS_KEY": user["secret"], "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "awscli"]
    got = subprocess.run([*command, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
                         env=environment, capture_output=True, text=True, timeout=60)
    assert got.stdout.strip() == "arn:aws:iam::123456789012:user/deployer", got.stderr
    got = subprocess.run([*command, "dynamodb", "list-tables"], env=environment,
                         capture_output=True, text=True, timeout=60)
    assert got.returncode != 0
    assert "AccessDeniedException" in got.stderr and "dynamodb:ListTables" in got.stderr


def test_call_that_is_lacking_is_said_at_once(testcloud):
    start = time.monotonic()
    _, status, message = error_of(
        testcloud.client("iam").simulate_principal_policy,
        PolicySourceArn="arn:aws:iam::123456789012:user/u", ActionNames=["s3:GetObject"])
    assert status == 501 and "lacks this call" in message
    assert time.monotonic() - start < 5


# ----------------------------------------------------------------------- policy


def test_bucket_policy_that_asks_for_transport_security_lets_us_in(testcloud):
    s3 = testcloud.client("s3")
    s3.create_bucket(Bucket="safe", CreateBucketConfiguration={"LocationConstraint": REGION})
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {**deny("s3:*", resource=["arn:aws:s3:::safe", "arn:aws:s3:::safe/*"], Condition=insecure),
                 "Principal": "*"}
    s3.put_bucket_policy(Bucket="safe", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="safe", Key="k", Body=b"v")
    assert s3.get_object(Bucket="safe", Key="k")["Body"].read() == b"v"
    statement["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    s3.put_bucket_policy(Bucket="safe", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert error_of(s3.get_object, Bucket="safe", Key="k")[1] == 403
    s3.delete_bucket_policy(Bucket="safe")
    s3.delete_object(Bucket="safe", Key="k")
    s3.delete_bucket(Bucket="safe")


# -------------------------------------------------------------------------- log


def test_every_decision_is_a_line(testcloud):
    user = make_user(testcloud, [allow("ssm:DescribeParameters")])
    testcloud.enforce()
    mark = log_length(testcloud)
    ssm = testcloud.client("ssm", **user)
    ssm.describe_parameters()
    error_of(ssm.get_parameter, Name="x")
    principal = "arn:aws:iam::123456789012:user/deployer"
    assert decisions(testcloud, mark) == [
        {"principal": principal, "action": "ssm:DescribeParameters", "resource": "*", "allowed": True},
        {"principal": principal, "action": "ssm:GetParameter", "resource": "*", "allowed": False},
    ]


S3_NAMES = [
    ("head_bucket", {}, "s3:ListBucket"),
    ("list_objects_v2", {}, "s3:ListBucket"),
    ("get_bucket_encryption", {}, "s3:GetEncryptionConfiguration"),
    ("get_public_access_block", {}, "s3:GetBucketPublicAccessBlock"),
    ("delete_public_access_block", {}, "s3:PutBucketPublicAccessBlock"),
    ("delete_bucket_encryption", {}, "s3:PutEncryptionConfiguration"),
    ("get_bucket_versioning", {}, "s3:GetBucketVersioning"),
    ("get_bucket_policy", {}, "s3:GetBucketPolicy"),
    ("delete_bucket_policy", {}, "s3:DeleteBucketPolicy"),
    ("create_bucket", {}, "s3:CreateBucket"),
    ("delete_bucket", {}, "s3:DeleteBucket"),
    ("get_object", {"Key": "k"}, "s3:GetObject"),
    ("put_object", {"Key": "k", "Body": b""}, "s3:PutObject"),
]


@pytest.mark.parametrize("call, arguments, action", S3_NAMES)
def test_s3_actions_have_iam_s_names(testcloud, call, arguments, action):
    user = make_user(testcloud, [allow("s3:Nothing")])
    testcloud.client("s3").create_bucket(
        Bucket="named", CreateBucketConfiguration={"LocationConstraint": REGION})
    testcloud.enforce()
    mark = log_length(testcloud)
    error_of(getattr(testcloud.client("s3", **user), call), Bucket="named", **arguments)
    assert [line["action"] for line in decisions(testcloud, mark)] == [action]
    testcloud.enforce(False)
    testcloud.client("s3").delete_bucket(Bucket="named")


# ------------------------------------------------------------------------- life


def test_lambda_runs_without_docker(testcloud, tmp_path):
    archive = tmp_path / "f.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("index.py", "def handler(event, context):\n    return 1\n")
    role = testcloud.client("iam").create_role(
        RoleName="l", AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com"}))["Role"]["Arn"]
    client = testcloud.client("lambda")
    client.create_function(FunctionName="f", Runtime="python3.12", Role=role, Handler="index.handler",
                           Code={"ZipFile": archive.read_bytes()})
    assert client.invoke(FunctionName="f", Payload=b"{}")["StatusCode"] == 200


def start_launcher(source, environment, arguments, **more):
    return subprocess.Popen([str(source / "tests/cloud/launch"), *arguments], env=environment,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **more)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_ends_on_sigterm(source):
    process = start_launcher(source, dict(os.environ), ["0"])
    try:
        assert process.stdout.readline().startswith("listening on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


def test_ends_with_its_parent(source, tmp_path):
    note = tmp_path / str(uuid.uuid4())
    script = f'"{source}/tests/cloud/launch" --with-parent 0 >"{note}" & echo $!; sleep 60'
    parent = subprocess.Popen(["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True)
    cloud = int(parent.stdout.readline())
    wait_for(lambda: note.exists() and "listening" in note.read_text())
    assert is_alive(cloud)
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_alive(cloud))


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
