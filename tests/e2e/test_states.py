"""Environments and the states they use: no two share one, and none changes its
own without somebody's word."""
import http.server
import json
import os
import shutil
import threading

import pytest
from project import Project, configuration, records

CODE = 'variable "size" { default = "one" }\nresource "terraform_data" "one" { input = var.size }\n'


def backend(path):
    return f'terraform {{\n  backend "local" {{ path = "{path}" }}\n}}\n'


def with_iac(environment, **section):
    return {environment: {"plugins": {"iac-terraform": section}}}


def var_files_only():
    """Both environments by var file, on one local state; prod of class test, so that
    nobody has to type its name."""
    config = configuration(**with_iac("test", var_files=["test.tfvars"]),
                           **with_iac("prod", var_files=["prod.tfvars"]))
    config["environments"]["prod"]["class"] = "test"
    return config


def in_workspaces():
    config = var_files_only()
    for name, environment in config["environments"].items():
        environment["plugins"]["iac-terraform"]["workspace"] = name
    return config


@pytest.fixture
def env(testcloud, terraform_env):
    return {**testcloud.env, **terraform_env}


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path, CODE, var_files_only())
    project.write("test.tfvars", 'size = "small"\n')
    project.write("prod.tfvars", 'size = "large"\n')
    return project


@pytest.fixture
def run(project, run_fractary, env):
    """run("deploy", "test") -> exit code, the result's error as one text, records."""

    def run(command, environment, *more, extra=None):
        args = [command, "--env", environment, "--json", *more]
        answer = run_fractary(args, cwd=project.path, env={**env, **(extra or {})})
        found = records(answer.stdout)
        error = found["result"][0].get("error", {})
        return answer.returncode, " ".join(str(value) for value in error.values()), found

    return run


def claim(project, environment="test"):
    path = project.folder / "deployments" / environment / "state.json"
    return json.loads(path.read_text()) if path.exists() else None


def state_inputs(path):
    state = json.loads(path.read_text())
    return [i["attributes"]["input"]["value"] if isinstance(i["attributes"]["input"], dict)
            else i["attributes"]["input"]
            for resource in state["resources"] for i in resource["instances"]]


# ------------------------------------------------------- by configuration alone


def test_what_the_configuration_shares_is_said_before(project, run, run_fractary):
    def warnings(command, *more):
        answer = run_fractary([command, "--json", *more], cwd=project.path)
        return answer.returncode, records(answer.stdout)

    code, found = warnings("validate", "--env", "test")
    shared = [f for f in found["finding"] if f["rule"] == "state-shared"]
    assert code == 0 and shared[0]["severity"] == "warning"
    assert "test" in shared[0]["message"] and "prod" in shared[0]["message"]
    assert "workspace" in shared[0]["advice"]
    checks = warnings("doctor")[1]["result"][0]["checks"]
    said = [c for c in checks if c["name"].endswith(": state")]
    assert len(said) == 1 and "environment test" in said[0]["detail"], checks
    project.configure(in_workspaces())
    code, found = warnings("validate", "--env", "test")
    assert not [f for f in found.get("finding", []) if f["rule"] == "state-shared"]
    checks = warnings("doctor")[1]["result"][0]["checks"]
    assert not [c for c in checks if c["name"].endswith(": state")]


# ------------------------------------------------------------- one state for two


def test_environments_that_differ_by_var_file_alone_are_not_mixed_up(project, run):
    code, said, found = run("deploy", "test")
    assert code == 0, said
    assert [r["address"] for r in found["state"]][0] == "terraform.tfstate"
    assert claim(project)["address"] == "terraform.tfstate"
    assert claim(project)["backend"] == "local" and claim(project)["workspace"] == "default"
    before = (project.path / "terraform.tfstate").read_bytes()
    for args in (("preview",), ("deploy",), ("teardown", "--yes"), ("status",)):
        code, said, found = run(args[0], "prod", *args[1:])
        assert code == 3, (args, said)
        assert "environment prod uses the state of environment test" in said
        assert "terraform.tfstate" in said and "workspace" in said
        assert "plan" not in found and "change" not in found
    assert (project.path / "terraform.tfstate").read_bytes() == before
    assert claim(project, "prod") is None
    assert run("status", "test")[0] in (0, 1) and run("preview", "test")[0] == 0


def test_with_workspaces_both_live_side_by_side(project, run):
    project.configure(in_workspaces())
    for name in ("test", "prod"):
        code, said, _ = run("deploy", name)
        assert code == 0, said
        assert claim(project, name)["workspace"] == name
        assert claim(project, name)["address"] == f"terraform.tfstate.d/{name}/terraform.tfstate"
        assert claim(project, name)["lineage"]
    states = project.path / "terraform.tfstate.d"
    assert state_inputs(states / "test/terraform.tfstate") == ["small"]
    assert state_inputs(states / "prod/terraform.tfstate") == ["large"]
    code, said, found = run("teardown", "test", "--yes")
    assert code == 0, said
    assert claim(project) is None
    assert state_inputs(states / "test/terraform.tfstate") == []
    assert state_inputs(states / "prod/terraform.tfstate") == ["large"]
    assert claim(project, "prod")


def test_a_state_that_was_torn_down_is_free(project, run):
    assert run("deploy", "test")[0] == 0
    assert run("teardown", "test", "--yes")[0] == 0
    assert claim(project) is None
    code, said, _ = run("deploy", "prod")
    assert code == 0, said
    assert claim(project, "prod")["environment"] == "prod"
    assert run("deploy", "test")[0] == 3


def test_an_environment_that_is_configured_no_more_still_has_its_state(project, run):
    assert run("deploy", "test")[0] == 0
    config = var_files_only()
    config["environments"]["prod"]["class"] = "test"
    del config["environments"]["test"]
    project.configure(config)
    code, said, _ = run("deploy", "prod")
    assert code == 3 and "environment test" in said
    (project.folder / "deployments/test/state.json").unlink()
    assert run("preview", "prod")[0] == 0


def test_a_link_to_a_folder_is_no_other_state(project, run):
    (project.path / "infra").mkdir()
    shutil.move(project.path / "main.tf", project.path / "infra")
    (project.path / "again").symlink_to("infra")
    config = configuration(**with_iac("test", directory="infra"),
                           **with_iac("prod", directory="again"))
    config["environments"]["prod"]["class"] = "test"
    project.configure(config)
    assert run("deploy", "test")[0] == 0
    code, said, _ = run("deploy", "prod")
    assert code == 3 and "infra" in said or "again" in said, said


# -------------------------------------------------------- a state that has changed


def test_a_backend_that_changed_is_refused_naming_both(project, run):
    project.write("backend.tf", backend("first.tfstate"))
    assert run("deploy", "test")[0] == 0
    assert claim(project)["address"] == "first.tfstate"
    project.write("backend.tf", backend("second.tfstate"))
    for command in ("preview", "deploy", "status"):
        code, said, found = run(command, "test")
        assert code == 3, (command, said)
        assert "first.tfstate" in said and "second.tfstate" in said and "plan" not in found
    # A fresh clone has no data folder that remembers.
    shutil.rmtree(project.folder / "data")
    code, said, found = run("deploy", "test")
    assert code == 3 and "plan" not in found
    assert "first.tfstate" in said and "second.tfstate" in said and "state.json" in said
    assert not (project.path / "second.tfstate").exists()
    project.write("backend.tf", backend("first.tfstate"))
    assert run("preview", "test")[0] == 0


def test_another_workspace_is_another_state(project, run):
    project.configure(in_workspaces())
    assert run("deploy", "test")[0] == 0
    config = in_workspaces()
    config["environments"]["test"]["plugins"]["iac-terraform"]["workspace"] = "test-two"
    project.configure(config)
    code, said, _ = run("deploy", "test")
    assert code == 3
    assert "d/test/terraform" in said and "d/test-two/terraform" in said


def test_a_state_that_was_replaced_in_its_place(project, run):
    assert run("deploy", "test")[0] == 0
    path = project.path / "terraform.tfstate"
    state = json.loads(path.read_text())
    recorded = claim(project)["lineage"]
    assert state["lineage"] == recorded
    state["lineage"] = "11111111-2222-3333-4444-555555555555"
    path.write_text(json.dumps(state))
    code, said, _ = run("status", "test")
    assert code == 3 and recorded in said and state["lineage"] in said
    assert claim(project)["lineage"] == recorded


def test_a_change_that_is_meant(project, run):
    project.write("backend.tf", backend("first.tfstate"))
    assert run("deploy", "test")[0] == 0
    project.write("backend.tf", backend("second.tfstate"))
    shutil.move(project.path / "first.tfstate", project.path / "second.tfstate")
    shutil.rmtree(project.folder / "data")
    (project.folder / "deployments/test/state.json").unlink()
    project.write("test.tfvars", 'size = "grown"\n')
    code, said, _ = run("deploy", "test")
    assert code == 0, said
    assert claim(project)["address"] == "second.tfstate"


@pytest.mark.parametrize("block", ['cloud {\n    organization = "acme"\n  }',
                                   'backend "remote" {\n    organization = "acme"\n  }'])
def test_what_runs_elsewhere_is_refused(project, run, block):
    project.write("backend.tf", f"terraform {{\n  {block}\n}}\n")
    for args in (("preview",), ("deploy",), ("teardown", "--yes"), ("status",)):
        code, said, _ = run(args[0], "test", *args[1:])
        assert code == 3 and "another machine" in said, (args, said)


# ---------------------------------------------------------------- what is recorded


def test_a_failed_first_apply_keeps_its_state(project, run):
    project.write("main.tf", CODE + """
resource "terraform_data" "broken" {
  depends_on = [terraform_data.one]
  provisioner "local-exec" { command = "false" }
}
""")
    assert run("deploy", "test")[0] == 1
    assert claim(project)["address"] == "terraform.tfstate"
    code, said, _ = run("deploy", "prod")
    assert code == 3 and "environment test" in said


def test_a_preview_records_nothing(project, run):
    assert run("preview", "test")[0] == 0
    assert run("status", "test")[0] == 0
    assert claim(project) is None
    assert run("preview", "prod")[0] == 0


def test_a_claim_that_cannot_be_read_is_no_claim_that_is_not_there(project, run):
    assert run("deploy", "test")[0] == 0
    (project.folder / "deployments/test/state.json").write_text("{")
    for environment in ("test", "prod"):
        code, said, found = run("deploy", environment)
        assert code == 2 and "deployments/test/state.json" in said and "plan" not in found


class StateServer(http.server.BaseHTTPRequestHandler):
    """The http backend's other end: one state, behind a password."""

    state = None

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200 if self.server.state else 404, self.server.state or b"")

    def do_POST(self):
        self.server.state = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.authorization = self.headers["Authorization"]
        self.answer(200)

    def log_message(self, *_):
        pass


@pytest.fixture
def state_server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StateServer)
    server.state = None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_secret_of_the_backend_is_not_recorded(project, run, state_server):
    address = f"http://127.0.0.1:{state_server.server_address[1]}/state"
    project.write("backend.tf", 'terraform {\n  backend "http" {}\n}\n')
    config = var_files_only()
    config["environments"]["test"]["plugins"]["iac-terraform"]["backend_config"] = [
        f"address={address}?token=hush", "username=deployer", "password=hush-hush"]
    project.configure(config)
    code, said, found = run("deploy", "test")
    assert code == 0, said
    assert state_server.authorization and state_server.state
    assert claim(project)["address"].startswith(f"{address}?sha256=")
    assert found["state"][0]["address"] == claim(project)["address"]
    for path, content in project.files().items():
        if "deployments" in path.parts or path.name == "journal.jsonl":
            assert b"hush" not in content, path


# ----------------------------------------------------------- a state in the cloud


def test_states_in_s3(project, run, testcloud):
    """The backend that most teams use: one bucket, a key for each environment."""
    bucket = "acme-states"
    testcloud.reset()
    testcloud.client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    project.write("backend.tf", 'terraform {\n  backend "s3" {}\n}\n')
    config = var_files_only()
    for name, key in (("test", "shop/one"), ("prod", "shop/one")):
        config["environments"][name]["plugins"]["iac-terraform"]["backend_config"] = [
            f"bucket={bucket}", f"key={key}", "region=eu-central-1", "use_path_style=true"]
    project.configure(config)
    code, said, _ = run("deploy", "test")
    assert code == 0, said
    assert claim(project)["address"] == f"s3://{bucket}/shop/one"
    objects = testcloud.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    assert [o["Key"] for o in objects] == ["shop/one"]
    code, said, _ = run("deploy", "prod")
    assert code == 3 and f"s3://{bucket}/shop/one" in said and "environment test" in said
    section = config["environments"]["prod"]["plugins"]["iac-terraform"]
    section["backend_config"][1] = "key=shop/two"
    project.configure(config)
    code, said, _ = run("deploy", "prod")
    assert code == 0, said
    section["workspace"] = "blue"
    project.configure(config)
    code, said, _ = run("preview", "prod")
    assert code == 3 and f"s3://{bucket}/env:/blue/shop/two" in said, said
    del section["workspace"]
    project.configure(config)
    for name in ("test", "prod"):
        code, said, _ = run("teardown", name, "--yes")
        assert code == 0, said
        assert claim(project, name) is None


# --------------------------------------------------- a registry that cannot be written


def initialised(project):
    return list(project.folder.glob("data/*/*/iac-terraform/*"))


def refused_before_the_plan(project, run, code, *texts):
    for args in (("deploy",), ("teardown", "--yes")):
        status, said, found = run(args[0], "test", *args[1:])
        assert status == code, (args, said)
        assert all(text in said for text in texts), said
        assert "plan" not in found and not initialised(project)


def test_a_registry_of_a_newer_version(project, run):
    folder = project.folder / "deployments/test"
    folder.mkdir(parents=True)
    text = '{"version":9,"environment":"test","resources":[]}'
    (folder / "registry.json").write_text(text)
    refused_before_the_plan(project, run, 2, "registry.json", "version 9")
    assert (folder / "registry.json").read_text() == text


def test_a_registry_of_another_environment(project, run):
    folder = project.folder / "deployments/test"
    folder.mkdir(parents=True)
    text = '{"version":1,"environment":"prod","resources":[]}'
    (folder / "registry.json").write_text(text)
    refused_before_the_plan(project, run, 2, "registry.json", "prod")
    assert (folder / "registry.json").read_text() == text
    assert run("resources", "test")[0] == 2


@pytest.mark.parametrize("place", ["deployments", "deployments/test"])
def test_a_file_in_place_of_the_folder(project, run, place):
    path = project.folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    refused_before_the_plan(project, run, 2, place, "no folder")
    code, said, _ = run("resources", "test")
    assert code == 2 and "no folder" in said


def test_a_folder_that_cannot_be_written(project, run):
    if os.geteuid() == 0:
        folder = project.folder / "deployments"
        folder.symlink_to("/proc/self")  # where not even root may write
    else:
        (project.folder / "deployments").mkdir(mode=0o500)
    status, said, found = run("deploy", "test")
    assert status == 1 and "deployments" in said and "plan" not in found
    assert not initialised(project)


def test_a_broken_registry_is_put_aside_and_said(project, run):
    assert run("deploy", "test")[0] == 0
    folder = project.folder / "deployments/test"
    (folder / "registry.json").write_text("{ first")
    code, said, found = run("deploy", "test")  # nothing to do but to mend it
    assert code == 0, said
    warnings = [r["message"] for r in found["log"] if r["level"] == "warning"]
    assert any("registry.json" in w and "registry.json.broken" in w for w in warnings), warnings
    assert (folder / "registry.json.broken").read_text() == "{ first"
    assert project.registry()["resources"][0]["address"] == "terraform_data.one"
    (folder / "registry.json").write_text("{ second")
    project.write("test.tfvars", 'size = "grown"\n')
    assert run("deploy", "test")[0] == 0
    assert (folder / "registry.json.broken").read_text() == "{ first"
    assert (folder / "registry.json.broken.2").read_text() == "{ second"
    (folder / "registry.json").write_text("{ third")
    code, said, found = run("teardown", "test", "--yes")
    assert code == 0, said
    assert any("registry.json" in r["message"] for r in found["log"] if r["level"] == "warning")
    assert project.registry()["resources"] == []
