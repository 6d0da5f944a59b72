"""Records what the local AWS answers for each resource type when it is there,
gone and denied: the fixture answers.json of test_answers.c.

    FRACTARY_RECORD=1 build/python/bin/python -m pytest tests/plugins/hosting-aws/record_answers.py
"""

import json
import os
import subprocess

import pytest
from test_verify_moto import program, world  # noqa: F401 - fixtures

KEPT_HEADERS = ("content-type", "x-amzn-errortype", "x-amz-bucket-region", "x-amzn-query-error", "etag", "x-amzn-requestid")


def exchange(program, source, cloud, resource, **environment):  # noqa: F811
    env = {**os.environ, "FRACTARY_SOURCE": str(source), "MOTO_PORT": str(cloud.port), "TEST_EXCHANGES": "1", **environment}
    done = subprocess.run([program, "--moto"], input=json.dumps([resource]), capture_output=True, timeout=60, text=True, env=env, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    answer = lines[1]["answer"]
    answer["headers"] = {k: v for k, v in answer["headers"].items() if k in KEPT_HEADERS}
    return answer


@pytest.mark.skipif("FRACTARY_RECORD" not in os.environ, reason="records, on request only")
def test_record(program, source, testcloud, world):  # noqa: F811
    iam = testcloud.client("iam")
    iam.create_user(UserName="nobody")
    keys = iam.create_access_key(UserName="nobody")["AccessKey"]
    nobody = {"TEST_ACCESS_KEY": keys["AccessKeyId"], "TEST_SECRET_KEY": keys["SecretAccessKey"]}
    recorded = {r["type"]: {"resource": r, "exists": exchange(program, source, testcloud, r)} for r in world.resources}
    testcloud.enforce()
    for resource in world.resources:
        recorded[resource["type"]]["denied"] = exchange(program, source, testcloud, resource, **nobody)
    testcloud.enforce(False)
    for resource, remove in zip(world.resources, world.removals, strict=True):
        remove()
        recorded[resource["type"]]["gone"] = exchange(program, source, testcloud, resource)
    versioning = recorded["aws_s3_bucket_versioning"]
    versioning["gone"] = exchange(program, source, testcloud, versioning["resource"])
    path = source / "tests/plugins/hosting-aws/answers.json"
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in sorted(recorded.items())) + "\n}\n")
