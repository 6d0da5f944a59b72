"""fractary stacks: the list, what is deployed, and the edges that the code shows."""
import json

import pytest
from project import Project, configuration, records

STATE = """data "terraform_remote_state" "net" {
  backend = "local"
  config  = { path = "%s" }
}
"""


@pytest.fixture
def project(tmp_path):
    """app reads net's state and says so; web reads it and does not."""
    config = configuration()
    config["plugins"] = {}
    config["stacks"] = {
        "web": {"directory": "web"},
        "app": {"directory": "live/{environment}/app", "depends_on": ["net"]},
        "net": {"directory": "net"},
        "dns": {"directory": "dns", "environments": ["prod"]},
    }
    made = Project(tmp_path, "", config)
    (tmp_path / "main.tf").unlink()
    for folder, code in (("web", STATE % "../net/terraform.tfstate"), ("net", ""), ("dns", ""),
                         ("live/test/app", STATE % "${path.module}/../../../net/terraform.tfstate")):
        (tmp_path / folder).mkdir(parents=True)
        made.write(f"{folder}/main.tf", code + 'resource "terraform_data" "one" { input = 1 }\n')
    return made


def write_registry(project, environment, stack, count, at):
    folder = project.folder / "deployments" / environment / stack
    folder.mkdir(parents=True, exist_ok=True)
    resources = [{"address": f"a.b{i}", "stack": stack or "default"} for i in range(count)]
    (folder / "registry.json").write_text(json.dumps(
        {"version": 1, "environment": environment, "updated_at": at, "resources": resources}))


def stacks(run_fractary, project, *more):
    answer = run_fractary(["stacks", "--json", *more], cwd=project.path)
    assert answer.returncode == 0, answer.stdout
    return records(answer.stdout)["result"][0]


def test_the_list(project, run_fractary):
    write_registry(project, "test", "net", 3, "2026-01-31T12:00:00.000Z")
    write_registry(project, "prod", "net", 12, "2026-02-01T08:30:00.000Z")
    result = stacks(run_fractary, project)
    listed = {s["stack"]: s for s in result["stacks"]}
    order = list(listed)
    assert sorted(order) == ["app", "dns", "net", "web"] and order.index("net") < order.index("app")
    assert listed["app"]["directory"] == "live/{environment}/app" and listed["app"]["depends_on"] == ["net"]
    assert listed["dns"]["environments"] == ["prod"]
    assert listed["net"]["deployed"] == [
        {"environment": "test", "resources": 3, "at": "2026-01-31T12:00:00.000Z"},
        {"environment": "prod", "resources": 12, "at": "2026-02-01T08:30:00.000Z"}]
    assert listed["web"]["deployed"][0] == {"environment": "test", "resources": 0, "at": None}
    assert "edges" not in result and result["warnings"] == []
    told = run_fractary(["stacks"], cwd=project.path)
    line = next(line for line in told.stdout.splitlines() if line.startswith("net"))
    assert "test 3, prod 12" in line and line.endswith("2026-02-01 08:30")
    assert "not yet" in next(line for line in told.stdout.splitlines() if line.startswith("web"))


def test_of_one_environment(project, run_fractary):
    write_registry(project, "test", "app", 1, "2026-01-31T12:00:00.000Z")
    result = stacks(run_fractary, project, "--env", "test")
    assert sorted(s["stack"] for s in result["stacks"]) == ["app", "net", "web"]
    app = next(s for s in result["stacks"] if s["stack"] == "app")
    assert app["directory"] == "live/test/app" and [d["environment"] for d in app["deployed"]] == ["test"]
    assert "1 resource " in run_fractary(["stacks", "--env", "test"], cwd=project.path).stdout
    assert run_fractary(["stacks", "--env", "tset"], cwd=project.path).returncode == 2


def test_a_broken_registry_is_said(project, run_fractary):
    write_registry(project, "test", "net", 3, "2026-01-31T12:00:00.000Z")
    (project.folder / "deployments/test/net/registry.json").write_text("{")
    result = stacks(run_fractary, project)
    assert len(result["warnings"]) == 1 and "deployments/test/net/registry.json" in result["warnings"][0]
    net = next(s for s in result["stacks"] if s["stack"] == "net")
    assert "cannot be read" in net["deployed"][0]["error"]


def test_edges(project, run_fractary):
    result = stacks(run_fractary, project, "--edges")
    edges = {(e["from"], e["to"], e["kind"]): e for e in result["edges"]}
    assert set(edges) == {("app", "net", "depends_on"), ("app", "net", "remote-state"),
                          ("web", "net", "remote-state")}
    app = edges["app", "net", "remote-state"]
    assert (app["file"], app["line"], app["declared"]) == ("live/test/app/main.tf", 1, True)
    assert app["what"] == "local path net/terraform.tfstate" and app["environments"] == ["test"]
    web = edges["web", "net", "remote-state"]
    assert not web["declared"] and web["environments"] == ["prod", "test"]
    said = "web reads the state of net (web/main.tf:1) and does not name it in depends_on"
    assert result["warnings"] == [said]
    assert said in run_fractary(["stacks", "--edges"], cwd=project.path).stdout


def test_the_doctor_says_it(project, run_fractary):
    answer = run_fractary(["doctor", "--json"], cwd=project.path)
    found = [c for c in records(answer.stdout)["result"][0]["checks"] if c["name"] == "stacks"]
    assert [c["status"] for c in found] == ["warning"]
    assert found[0]["detail"].startswith("web reads the state of net (web/main.tf:1)")
    assert 'add "net" to stacks.web.depends_on' in found[0]["advice"]
    config = json.loads((project.folder / "config.json").read_text())
    config["stacks"]["web"]["depends_on"] = ["net"]
    project.configure(config)
    answer = run_fractary(["doctor", "--json"], cwd=project.path)
    found = [c for c in records(answer.stdout)["result"][0]["checks"] if c["name"] == "stacks"]
    assert [c["status"] for c in found] == ["ok"]


def test_a_project_without_stacks(tmp_path, run_fractary):
    made = Project(tmp_path, "")
    write_registry(made, "test", "", 2, "2026-01-31T12:00:00.000Z")
    result = stacks(run_fractary, made)
    assert [s["stack"] for s in result["stacks"]] == ["default"]
    assert result["stacks"][0]["directory"] == "."
    assert result["stacks"][0]["deployed"][0]["resources"] == 2
