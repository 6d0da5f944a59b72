"""1,000 generated requests, signed by botocore and by us: the same header.

FRACTARY_SEED chooses another set; the seed is printed with a failure.
"""

import datetime
import json
import os
import random
import string
import subprocess
import urllib.parse

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REQUESTS = 1000

WORDS = ["a", "b c", "ümlaut", "日本", "x=y", "p&q", "100%", "a+b", "..", ".", "~tilde", "(1)", "k,v", "'q'", "*", ""]
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]
REGIONS = ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"]
SERVICES = ["iam", "dynamodb", "lambda", "ec2", "sts", "execute-api"]


def text(rng, low, high, alphabet=string.printable[:95] + "äé漢"):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def quoted(value):
    return urllib.parse.quote(value, safe="-_.~")


def make_path(rng):
    parts = [quoted(rng.choice(WORDS) + text(rng, 0, 5)) for _ in range(rng.randint(0, 4))]
    return "/" + "/".join(parts) + rng.choice(["", "/"])


def make_query(rng):
    pairs = [(rng.choice(WORDS[:8]) + text(rng, 1, 3), rng.choice(WORDS) + text(rng, 0, 4)) for _ in range(rng.randint(0, 5))]
    if pairs and rng.random() < 0.3:
        pairs.append((pairs[0][0], text(rng, 0, 4)))
    rng.shuffle(pairs)
    return "&".join(quoted(k) + ("=" + quoted(v) if v or rng.random() < 0.7 else "") for k, v in pairs)


def make_headers(rng):
    names = rng.sample(["Content-Type", "X-Amz-Target", "X-Amz-Meta-One", "Zeta", "My-Header", "Accept", "User-Agent", "x-amz-acl"], rng.randint(0, 5))
    value = lambda: "  " * rng.randint(0, 1) + text(rng, 1, 12, string.ascii_letters + "  ;/=\t,") + " " * rng.randint(0, 2)
    return [[n if rng.random() < 0.5 else n.lower(), value() or "x"] for n in names]


def make_host(rng):
    host = rng.choice(["service.us-east-1.amazonaws.com", "Example.amazonaws.com", "127.0.0.1:4566", "localhost:443", "localhost:80"])
    return rng.choice(["https", "http"]) + "://" + host


def make_request(rng):
    when = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=rng.randint(0, 2_500_000_000))
    query = make_query(rng)
    return {
        "method": rng.choice(METHODS),
        "url": make_host(rng) + make_path(rng) + ("?" + query if query else ""),
        "headers": make_headers(rng),
        "body": rng.choice([None, "", text(rng, 1, 200), '{"a":1}']),
        "access_key": "AKIA" + text(rng, 16, 16, string.ascii_uppercase + string.digits),
        "secret_key": text(rng, 40, 40, string.ascii_letters + string.digits + "+/"),
        "token": rng.choice([None, text(rng, 20, 400, string.ascii_letters + "+/=")]),
        "region": rng.choice(REGIONS),
        "service": rng.choice(SERVICES),
        "s3": rng.random() < 0.4,
        "time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def botocore_line(request):
    signer_class = botocore.auth.S3SigV4Auth if request["s3"] else botocore.auth.SigV4Auth
    credentials = Credentials(request["access_key"], request["secret_key"], request["token"])
    aws = AWSRequest(method=request["method"], url=request["url"], data=(request["body"] or "").encode())
    for name, value in request["headers"]:
        aws.headers[name] = value
    signer_class(credentials, request["service"], request["region"]).add_auth(aws)
    return aws.headers["Authorization"]


@pytest.fixture
def frozen(monkeypatch):
    moment = {}
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *a, **k: moment["now"])
    return moment


def test_signatures_are_botocores(build, frozen):
    program = build / "tests/plugins/hosting-aws/test_sigv4"
    seed = int(os.environ.get("FRACTARY_SEED", "20260131"))
    print(f"seed {seed}")
    rng = random.Random(seed)
    requests = [make_request(rng) for _ in range(REQUESTS)]
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in requests)
    run = subprocess.run([program, "--sign"], input=lines.encode(), capture_output=True, timeout=120, check=True)
    ours = run.stdout.decode().splitlines()
    assert len(ours) == REQUESTS
    for request, line in zip(requests, ours):
        frozen["now"] = datetime.datetime.strptime(request["time"], "%Y-%m-%dT%H:%M:%SZ")
        assert line.split("|")[-1] == botocore_line(request), f"seed {seed}: {json.dumps(request)}"
