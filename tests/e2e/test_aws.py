"""The quickstart on a real account: make check-aws PROFILE=name.

Everything in it is free while it lies still or costs a fraction of a cent;
it is tagged Project=<the random name below>, and removed at the end whatever
happened before."""
import json
import secrets
import shutil

import pytest
from project import ACCOUNT, FOLDER, configuration, records

pytestmark = pytest.mark.aws


@pytest.fixture
def quickstart(tmp_path, source, aws_profile):
    import boto3

    account = boto3.session.Session(profile_name=aws_profile).client("sts").get_caller_identity()
    path = tmp_path / "quickstart"
    shutil.copytree(source / "examples/quickstart", path)
    config = configuration(account["Account"], test={
        "identities": {"deploy": {"profile": aws_profile}},
        "plugins": {"iac-terraform": {"directory": "infra", "var_files": ["test.tfvars"]}}})
    assert account["Account"] != ACCOUNT, "this is a stand-in, not AWS"
    (path / FOLDER).mkdir(parents=True)
    (path / FOLDER / "config.json").write_text(json.dumps(config))
    (path / "infra/run.auto.tfvars").write_text(f'project = "fractary-{secrets.token_hex(3)}"\n')
    return path


def test_quickstart_on_aws(quickstart, run_fractary):
    import os

    env = {name: os.environ.get(name) for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}

    def fractary(*args):
        return run_fractary(args, cwd=quickstart, env=env, timeout=900)

    try:
        deploy = fractary("deploy", "--env", "test", "--json")
        assert deploy.returncode == 0, deploy.stdout + deploy.stderr
        registry = json.loads((quickstart / FOLDER / "deployments/test/registry.json").read_text())
        assert len(registry["resources"]) == 10
        assert {r["status"] for r in registry["resources"]} == {"verified"}
        again = records(fractary("deploy", "--env", "test", "--json").stdout)
        assert again["plan"][0]["changes"] is False
        assert fractary("status", "--env", "test").returncode == 0
    finally:
        teardown = fractary("teardown", "--env", "test", "--yes")
    assert teardown.returncode == 0, teardown.stdout + teardown.stderr
