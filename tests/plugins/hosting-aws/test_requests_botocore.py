"""The question that each resource type leads to is the one that botocore
sends: method, address, headers and body; for AWS itself, in three partitions,
and for a local API."""

import functools
import json
import os
import subprocess
import urllib.parse

import botocore.session
import botocore.utils
import pytest
from aws_resources import EXAMPLES, REGION
from botocore.awsrequest import AWSResponse
from botocore.config import Config

COMPARED_HEADERS = ("content-type", "x-amz-target", "x-amz-content-sha256")


@pytest.fixture(scope="module")
def run(source, build):
    """Runs test_verify and returns what it prints of JSON."""
    program = build / "tests/plugins/hosting-aws/test_verify"

    def call(argument, lines=""):
        environment = {**os.environ, "FRACTARY_SOURCE": str(source)}
        done = subprocess.run([program, argument], input=lines.encode(), capture_output=True, timeout=120, check=True, env=environment)
        return [json.loads(line) for line in done.stdout.decode().splitlines() if line[:1] in "{["]

    return call


def our_requests(run, region, endpoint=None):
    lines = []
    for name, (state, *_) in EXAMPLES.items():
        settings = {"endpoint_url": endpoint} if endpoint else {}
        lines.append(json.dumps({"address": name, "type": name, "region": region, **state, "settings": settings}))
    return dict(zip(EXAMPLES, run("--requests", "\n".join(lines) + "\n"), strict=True))


SESSION = botocore.session.Session()  # one: it keeps the models that it has read


@functools.cache
def client_for(service, region, endpoint):
    config = Config(
        s3={"addressing_style": "path" if endpoint else "virtual", "us_east_1_regional_endpoint": "regional"},
        retries={"total_max_attempts": 1},
        parameter_validation=False,
    )
    return SESSION.create_client(
        service, region_name=region, endpoint_url=endpoint, config=config, aws_access_key_id="A", aws_secret_access_key="B"
    )


def their_request(name, region, endpoint=None):
    _, service, operation, arguments = EXAMPLES[name]
    client = client_for(service, region, endpoint)
    sent = []

    def catch(request, **_):
        sent.append(request)
        return AWSResponse(request.url, 200, {}, None)

    client.meta.events.register("before-send", catch, "catch")
    try:
        getattr(client, operation)(**arguments)
    except Exception:  # noqa: BLE001 - the empty answer cannot be parsed, which does not matter
        pass
    client.meta.events.unregister("before-send", catch, "catch")
    assert len(sent) == 1, name
    return sent[0]


def parsed_body(content_type, body):
    if content_type and "json" in content_type:
        return json.loads(body)
    return urllib.parse.parse_qs(body, keep_blank_values=True)


def comparable(method, url, headers, body):
    parts = urllib.parse.urlsplit(url)
    headers = {k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in headers.items()}
    credential = headers["authorization"].split("Credential=")[1].split(",")[0].split("/")
    return {
        "method": method,
        "host": f"{parts.scheme}://{parts.netloc}",
        "path": parts.path or "/",
        "query": urllib.parse.parse_qs(parts.query, keep_blank_values=True),
        "headers": {k: headers[k] for k in COMPARED_HEADERS if k in headers},
        "body": parsed_body(headers.get("content-type"), body),
        "scope": credential[2:],
    }


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [(REGION, None), ("us-east-1", None), ("cn-north-1", None), ("us-gov-west-1", None), (REGION, "http://127.0.0.1:4566")],
)
def test_requests_are_botocores(run, region, endpoint):
    ours = our_requests(run, region, endpoint)
    for name in EXAMPLES:
        request = ours[name]
        assert "none" not in request, f"{name}: {request}"
        theirs = their_request(name, region, endpoint)
        body = theirs.body or b""
        mine = comparable(request["method"], request["url"], request["headers"], request["body"])
        his = comparable(theirs.method, theirs.url, dict(theirs.headers), body.decode() if isinstance(body, bytes) else body)
        if endpoint and name.startswith("aws_iam_"):
            his["scope"][0] = "us-east-1"  # IAM has one region, whatever the address
        assert mine == his, name


def test_there_is_an_example_of_every_type(run):
    assert run("--types") == [list(EXAMPLES)]


def test_services_have_the_names_that_variables_have(run):
    ids = run("--services")[0]
    overrides = botocore.utils.CLIENT_NAME_TO_HYPHENIZED_SERVICE_ID_OVERRIDES
    known = {overrides.get(name, name).replace("-", "_") for name in SESSION.get_available_services()}
    assert ids == sorted(ids) and set(ids) <= known, set(ids) - known
    assert {"s3", "sts", "iam", "cloudwatch_logs", "secrets_manager"} <= set(ids)
