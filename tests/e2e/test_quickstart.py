"""The main job on real parts, and what it leaves behind compared with what the
cloud's API itself says. Real terraform, the real AWS provider, an AWS API over HTTP."""
import json
import pathlib
import shutil
import stat
import subprocess

import pytest
from project import FOLDER, Project, records

# How each type of the quickstart is asked for by boto3: an oracle that shares
# nothing with fractary's own way of asking.
ASK = {
    "aws_s3_bucket": lambda c, r: c("s3").head_bucket(Bucket=r["id"]),
    "aws_s3_bucket_versioning": lambda c, r: c("s3").get_bucket_versioning(Bucket=r["id"])["Status"],
    "aws_s3_bucket_server_side_encryption_configuration":
        lambda c, r: c("s3").get_bucket_encryption(Bucket=r["id"]),
    "aws_s3_bucket_public_access_block":
        lambda c, r: c("s3").get_public_access_block(Bucket=r["id"]),
    "aws_dynamodb_table": lambda c, r: c("dynamodb").describe_table(TableName=r["id"]),
    "aws_ssm_parameter": lambda c, r: c("ssm").get_parameter(Name=r["id"]),
    "aws_cloudwatch_log_group": lambda c, r: next(
        g for g in c("logs").describe_log_groups(logGroupNamePrefix=r["id"])["logGroups"]
        if g["logGroupName"] == r["id"]),
    "aws_iam_role": lambda c, r: c("iam").get_role(RoleName=r["id"]),
    "aws_iam_role_policy": lambda c, r: c("iam").get_role_policy(
        RoleName=r["id"].split(":")[0], PolicyName=r["id"].split(":")[1]),
    "aws_lambda_function": lambda c, r: c("lambda").get_function(FunctionName=r["id"]),
}


class Quickstart:
    def __init__(self, path, run, env):
        self.path, self.run, self.env = path, run, env

    def fractary(self, *args, timeout=280):
        return self.run(args, cwd=self.path, env=self.env, timeout=timeout)

    def deployments(self, name):
        return self.path / FOLDER / "deployments/test" / name

    def registry(self):
        return json.loads(self.deployments("registry.json").read_text())


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory, source, run_fractary, testcloud, terraform_env):
    path = tmp_path_factory.mktemp("quickstart") / "notes"
    shutil.copytree(source / "examples/quickstart", path)
    subprocess.run(["git", "init", "--quiet", str(path)], check=True)
    testcloud.reset()
    yield Quickstart(path, run_fractary, {**testcloud.env, **terraform_env})
    testcloud.reset()


@pytest.fixture(scope="module")
def deployed(quickstart):
    """Initialised, validated, previewed and deployed, each step looked at."""
    init = quickstart.fractary("init", "--yes")
    assert init.returncode == 0, init.stdout + init.stderr
    validate = quickstart.fractary("validate")
    assert validate.returncode == 0, validate.stdout + validate.stderr
    preview = quickstart.fractary("preview", "--env", "test", "--json")
    assert preview.returncode == 0, preview.stdout + preview.stderr
    quickstart.preview = records(preview.stdout)
    deploy = quickstart.fractary("deploy", "--env", "test", "--json")
    assert deploy.returncode == 0, deploy.stdout + deploy.stderr
    quickstart.deploy = records(deploy.stdout)
    return quickstart


@pytest.fixture(scope="module")
def state(deployed):
    """The state as terraform itself lists it."""
    text = (deployed.path / "infra/terraform.tfstate.d/test/terraform.tfstate").read_text()
    return [(f"{r['type']}.{r['name']}", r["instances"][0]["attributes"])
            for r in json.loads(text)["resources"] if r["mode"] == "managed"]


def test_preview_plans_every_resource(deployed, state):
    planned = {change["address"] for change in deployed.preview["change"]
               if change["action"] == "create" and change["status"] == "planned"}
    assert planned == {address for address, _ in state}
    assert deployed.preview["plan"][0]["add"] == len(state)


def test_registry_is_what_the_state_has(deployed, state):
    resources = {r["address"]: r for r in deployed.registry()["resources"]}
    assert set(resources) == {address for address, _ in state}
    for address, attributes in state:
        assert resources[address]["id"] == attributes["id"], address
        if attributes.get("arn"):
            assert resources[address]["arn"] == attributes["arn"], address


def test_registry_is_what_the_api_says(deployed, testcloud):
    for resource in deployed.registry()["resources"]:
        assert ASK[resource["type"]](testcloud.client, resource), resource["address"]
        assert resource["status"] == "verified", resource


def test_registry_has_every_field(deployed):
    registry = deployed.registry()
    assert registry["version"] == 1 and registry["environment"] == "test"
    for resource in registry["resources"]:
        for field in ("address", "type", "name", "provider", "id", "arn", "region", "console_url",
                      "status", "verified_at", "account", "stack", "run", "created_at",
                      "updated_at"):
            assert field in resource, (resource["address"], field)
        assert resource["account"] == "123456789012"
        assert resource["region"] in ("eu-central-1", "global"), resource
        assert resource["console_url"].startswith("https://"), resource


def test_iam_is_global(deployed):
    regions = {r["type"]: r["region"] for r in deployed.registry()["resources"]}
    assert regions["aws_iam_role"] == "global"
    assert regions["aws_dynamodb_table"] == "eu-central-1"


def test_document_names_every_address(deployed, state):
    text = deployed.deployments("DEPLOYED.md").read_text()
    for address, _ in state:
        assert address in text, address
    assert deployed.deploy["plan"][0]["sha256"] in text


def test_history_has_a_line(deployed):
    lines = deployed.deployments("history.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])
    assert last["action"] == "deploy" and last["plan"] == deployed.deploy["plan"][0]["sha256"]


def test_no_plan_and_no_secret_is_left(deployed):
    folder = deployed.path / FOLDER
    for path in folder.rglob("*"):
        if path.is_file() and "providers" not in path.parts:
            content = path.read_bytes()
            assert not content.startswith(b"PK\x03\x04"), f"{path} is a plan or archive"
    for path in (folder / "runs").rglob("*"):
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def test_git_ignores_what_is_not_to_be_committed(deployed):
    runs = next((deployed.path / FOLDER / "runs").iterdir())
    ignored = subprocess.run(["git", "-C", str(deployed.path), "check-ignore", str(runs)],
                             capture_output=True, check=False)
    kept = subprocess.run(["git", "-C", str(deployed.path), "check-ignore",
                           str(deployed.deployments("registry.json"))],
                          capture_output=True, check=False)
    assert ignored.returncode == 0 and kept.returncode == 1


def test_resources_lists_them(deployed, state):
    answer = deployed.fractary("resources", "--env", "test", "--json")
    listed = {r["resource"]["address"] for r in records(answer.stdout)["resource"]}
    assert answer.returncode == 0 and listed == {address for address, _ in state}
    text = deployed.fractary("resources", "--env", "test").stdout
    for address, _ in state:
        assert address.split(".")[0][:12] in text, address


def test_second_deploy_finds_nothing_to_do(deployed):
    before = deployed.deployments("registry.json").read_bytes()
    answer = deployed.fractary("deploy", "--env", "test", "--json")
    found = records(answer.stdout)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert found["plan"][0]["changes"] is False
    assert not [c for c in found.get("change", []) if c["status"] == "done"]
    assert deployed.deployments("registry.json").read_bytes() == before


def test_status_sees_what_went_behind_our_back(deployed, testcloud):
    good = deployed.fractary("status", "--env", "test", "--json")
    assert good.returncode == 0, good.stdout + good.stderr
    statuses = {r["resource"]["address"]: r["resource"]["status"]
                for r in records(good.stdout)["resource"] if "status" in r["resource"]}
    assert set(statuses.values()) == {"verified"}, statuses
    name = next(r["id"] for r in deployed.registry()["resources"]
                if r["type"] == "aws_ssm_parameter")
    testcloud.client("ssm").delete_parameter(Name=name)
    bad = deployed.fractary("status", "--env", "test", "--json")
    missing = [r["resource"]["address"] for r in records(bad.stdout)["resource"]
               if r["resource"].get("status") == "missing"]
    assert bad.returncode == 1 and missing == ["aws_ssm_parameter.note_size_limit"]


def test_a_lost_state_does_not_empty_the_registry(deployed, testcloud):
    state = deployed.path / "infra/terraform.tfstate.d/test/terraform.tfstate"
    kept = state.read_bytes()
    state.unlink()
    answer = deployed.fractary("teardown", "--env", "test", "--yes", "--json")
    state.write_bytes(kept)
    listed = {r["address"] for r in deployed.registry()["resources"]}
    assert answer.returncode == 1, answer.stdout
    assert "not in the state" in records(answer.stdout)["result"][0]["error"]["message"]
    assert "aws_s3_bucket.attachments" in listed and "aws_lambda_function.api" in listed
    assert len(testcloud.client("s3").list_buckets()["Buckets"]) == 1


def test_teardown_empties_everything(deployed, testcloud):
    refused = deployed.fractary("teardown", "--env", "test")
    assert refused.returncode == 4 and "--yes" in refused.stderr
    answer = deployed.fractary("teardown", "--env", "test", "--yes")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert deployed.registry()["resources"] == []
    assert "aws_s3_bucket." not in deployed.deployments("DEPLOYED.md").read_text()
    assert testcloud.client("s3").list_buckets()["Buckets"] == []
    assert testcloud.client("dynamodb").list_tables()["TableNames"] == []
    assert testcloud.client("lambda").list_functions()["Functions"] == []
